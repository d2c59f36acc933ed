package org.amacrine.core.run;

import static org.amacrine.core.run.Running.LIMIT;
import static org.amacrine.core.run.Running.awaitStopped;
import static org.amacrine.core.run.Running.layer;
import static org.amacrine.core.run.Running.multiples;
import static org.amacrine.core.run.Running.pipeline;
import static org.amacrine.core.run.Running.runner;
import static org.amacrine.core.run.Running.sink;
import static org.amacrine.core.run.Running.source;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.ring.Ledger;
import org.amacrine.core.ring.Overflow;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Gain;
import org.amacrine.core.testing.Late;
import org.amacrine.core.testing.ManualClock;
import org.amacrine.core.testing.Split;
import org.amacrine.core.testing.TestSink;
import org.amacrine.core.testing.TestSource;
import org.amacrine.core.testing.Total;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.test.StepVerifier;

@Timeout(60)
class RunnerTest {
    private final TestSink sink = new TestSink();
    private final List<RunnerState> told = Collections.synchronizedList(new ArrayList<>());

    /** A sink that serves the runner beyond single runs. */
    private static final class Part implements ChunkSink, RunnerPart {
        private final AtomicInteger detached = new AtomicInteger();

        private int detachedCount() {
            return detached.get();
        }

        @Override
        public void attached(Runner runner) {}

        @Override
        public String notice() {
            return "part";
        }

        @Override
        public void detached() {
            detached.getAndIncrement();
        }

        @Override
        public void open(List<Signal> signals) {}

        @Override
        public void accept(int signal, Chunk chunk) {}

        @Override
        public void close() {}
    }

    private Runner listened(Runner runner) {
        runner.onState(told::add);
        return runner;
    }

    // ------------------------------------------------------------------------------------------------ states

    @Test
    void shouldGoThroughAllStatesInOrder() throws InterruptedException {
        Runner runner = listened(runner(TestSource.endless(), sink));
        assertEquals(RunnerState.NEW, runner.state());
        assertNull(runner.plan());

        runner.start();
        assertEquals(RunnerState.RUNNING, runner.state());
        runner.pause();
        assertEquals(RunnerState.PAUSED, runner.state());
        runner.resume();
        assertEquals(RunnerState.RUNNING, runner.state());
        runner.stop();

        assertEquals(RunnerState.STOPPED, runner.state());
        assertEquals(
                List.of(
                        RunnerState.STARTING,
                        RunnerState.RUNNING,
                        RunnerState.PAUSED,
                        RunnerState.RUNNING,
                        RunnerState.STOPPING,
                        RunnerState.STOPPED),
                told);
    }

    @Test
    void shouldStopByItselfAtTheEndOfTheStream() throws InterruptedException {
        TestSource source = TestSource.of(10);
        Runner runner = listened(runner(source, new Gain(), sink));

        runner.start();
        awaitStopped(runner);

        assertEquals(multiples(10, 2), sink.values());
        assertEquals(
                List.of(RunnerState.STARTING, RunnerState.RUNNING, RunnerState.STOPPING, RunnerState.STOPPED), told);
        assertNull(runner.failure());
        assertEquals(1, source.closed());
        assertEquals(1, sink.closed());
        assertEquals(Map.of("sink <- model.output", 10L), runner.progress().delivered());
    }

    @Test
    void shouldStopFromThePause() {
        Runner runner = listened(runner(TestSource.endless(), sink));
        runner.start();
        runner.pause();

        runner.stop();

        assertEquals(List.of(RunnerState.PAUSED, RunnerState.STOPPING, RunnerState.STOPPED), told.subList(2, 5));
    }

    @Test
    void shouldRefuseToStartTwice() {
        Runner runner = runner(TestSource.endless(), sink);
        runner.start();

        IllegalStateException error = assertThrows(IllegalStateException.class, runner::start);

        assertEquals("pipeline test is RUNNING; stop it before starting it again", error.getMessage());
        assertEquals(RunnerState.RUNNING, runner.state());
        runner.stop();
    }

    @Test
    void shouldDoNothingWhenNothingRuns() throws InterruptedException {
        Runner runner = listened(runner(TestSource.of(1), sink));

        runner.pause();
        runner.resume();
        runner.requestStop();
        runner.stop();
        runner.close();

        assertEquals(RunnerState.NEW, runner.awaitEnd(LIMIT));
        assertEquals(List.of(), told);
    }

    @Test
    void shouldGoOnTellingWhenAListenerFails() throws InterruptedException {
        Runner runner = runner(TestSource.of(1), sink);
        runner.onState(state -> {
            throw new IllegalStateException("deaf");
        });
        listened(runner);

        runner.start();
        awaitStopped(runner);

        Await.until("the listener hears of the end", () -> told.contains(RunnerState.STOPPED));
    }

    @ParameterizedTest
    @CsvSource({"STARTING", "RUNNING"})
    void shouldStopWhenAListenerAsks(RunnerState when) throws InterruptedException {
        Runner runner = listened(runner(TestSource.endless(), sink));
        runner.onState(state -> {
            if (state == when) {
                runner.requestStop();
            }
        });

        runner.start();

        awaitStopped(runner);
        assertEquals(1, sink.closed());
    }

    @Test
    void shouldStopWhenASinkAsks() throws InterruptedException {
        AtomicReference<Runner> runner = new AtomicReference<>();
        sink.onAccept((signal, chunk) -> {
            if (chunk.firstFrame() == 8) {
                runner.get().requestStop();
            }
        });
        runner.set(runner(TestSource.endless(), sink));

        runner.get().start();

        awaitStopped(runner.get());
        assertTrue(sink.values().size() >= 12);
        assertEquals(multiples(sink.values().size(), 1), sink.values());
    }

    @Test
    void shouldNotWaitForItselfWhenASinkStopsIt() throws InterruptedException {
        AtomicReference<Runner> runner = new AtomicReference<>();
        AtomicReference<RunnerState> after = new AtomicReference<>();
        sink.onAccept((signal, chunk) -> {
            if (chunk.firstFrame() == 8) {
                runner.get().stop();
                after.set(runner.get().state());
            }
        });
        runner.set(runner(TestSource.endless(), sink));

        runner.get().start();

        awaitStopped(runner.get());
        assertFalse(after.get().isOver(), "it came back while frames were still under way: " + after);
        assertNull(runner.get().failure());
        assertEquals(multiples(sink.values().size(), 1), sink.values());
    }

    @ParameterizedTest
    @CsvSource({"STARTING", "RUNNING", "STOPPING"})
    void shouldNotWaitForItselfWhenAListenerStopsIt(RunnerState when) throws InterruptedException {
        Runner runner = runner(TestSource.endless(), sink);
        runner.onState(state -> {
            if (state == when) {
                runner.stop();
            }
        });

        runner.start();
        runner.stop();

        awaitStopped(runner);
        assertNull(runner.failure());
    }

    @Test
    void shouldLetGoOfItsPartsAtTheEndWhenASinkClosesIt() throws InterruptedException {
        AtomicReference<Runner> runner = new AtomicReference<>();
        Part part = new Part();
        sink.onAccept((signal, chunk) -> {
            if (chunk.firstFrame() == 8) {
                runner.get().close();
                assertEquals(0, part.detachedCount());
            }
        });
        runner.set(new Runner(pipeline()
                .source(source(TestSource.endless()))
                .sink(sink("sink", sink))
                .sink(sink("part", part))
                .build()));

        runner.get().start();

        awaitStopped(runner.get());
        Await.until("the part is let go of", () -> part.detachedCount() == 1);
    }

    // ------------------------------------------------------------------------------------------------ again and again

    @Test
    void shouldGiveTheSameWhenStartedAgain() throws InterruptedException {
        TestSource source = TestSource.of(50).onRead((index, frame) -> frame.values()[0] = (float) Math.sin(index));
        Runner runner = runner(source, new Total(), sink);
        runner.start();
        awaitStopped(runner);
        List<Float> first = sink.values();

        runner.start();
        awaitStopped(runner);

        assertEquals(first, sink.values());
        float sum = 0;
        for (int i = 0; i < 50; i++) {
            sum += (float) Math.sin(i);
        }
        assertEquals(sum, first.get(49));
        assertEquals(2, source.opened());
        assertEquals(2, source.closed());
    }

    @Test
    void shouldKeepParametersAndForgetStates() throws InterruptedException {
        Runner runner = new Runner(pipeline()
                .source(source(TestSource.of(3)))
                .layer(layer("gain", new Gain()).parameter("gain", 3))
                .layer(layer("total", new Total()))
                .sink(sink("sink", sink))
                .build());
        runner.start();
        awaitStopped(runner);
        assertEquals(List.of(0f, 3f, 9f), sink.values());

        assertEquals(0, runner.set("gain.gain", 5).join());
        runner.start();
        awaitStopped(runner);

        assertEquals(List.of(0f, 5f, 15f), sink.values());
        assertEquals(5, runner.parameters("gain").get("gain").number());
    }

    // ------------------------------------------------------------------------------------------------ changes

    @Test
    void shouldApplyAChangeBetweenTwoChunks() throws InterruptedException {
        AtomicReference<Runner> runner = new AtomicReference<>();
        Gain gain = new Gain().onProcess(chunk -> {
            if (chunk.firstFrame() == 4) {
                runner.get().set("model.gain", 10);
            }
        });
        runner.set(runner(TestSource.of(12), gain, sink));

        runner.get().start();
        awaitStopped(runner.get());

        assertEquals(
                List.of(0f, 2f, 4f, 6f, 8f, 10f, 12f, 14f, 80f, 90f, 100f, 110f), sink.values(), "in force from 8 on");
        assertEquals(
                List.of(new Runner.Change(1, 1, "model", "gain", 10.0, 8)),
                runner.get().journal());
    }

    @Test
    void shouldApplyAChangeWhilePausedWithoutFrames() throws InterruptedException {
        CountDownLatch enough = new CountDownLatch(1);
        sink.onAccept((signal, chunk) -> enough.countDown());
        Runner runner = runner(TestSource.endless(), new Gain(), sink);
        runner.start();
        Await.latch("a chunk", enough);
        runner.pause();

        long frame = Await.result("the change", runner.set("model.gain", 7));

        assertEquals(7, runner.parameters("model").get("gain").number());
        assertEquals(List.of(new Runner.Change(1, 1, "model", "gain", 7.0, frame)), runner.journal());
        runner.resume();
        runner.stop();
        for (int i = 0; i < sink.values().size(); i++) {
            assertEquals((i < frame ? 2f : 7f) * i, sink.values().get(i), "frame " + i + " of a change at " + frame);
        }
    }

    @Test
    void shouldRefuseValuesThatAreNotAllowedAndKeepTheOldOne() throws InterruptedException {
        Runner runner = runner(TestSource.endless(), new Gain(), sink);
        String why =
                "gain must be a finite number > 0 and <= 1000 but was -1; what frames are multiplied by, for example 2";

        assertEquals(
                why,
                Await.error("the change at rest", runner.set("model.gain", -1)).getMessage());
        runner.start();
        assertEquals(
                why, Await.error("the change", runner.set("model.gain", -1)).getMessage());
        runner.stop();

        assertEquals(List.of(), runner.journal());
        assertEquals(2, runner.parameters("model").get("gain").number());
    }

    @Test
    void shouldNameLayersThatCouldBeMeant() {
        Runner runner = runner(TestSource.of(1), new Gain(), sink);

        assertEquals(
                "no layer \"modle\"; did you mean \"model\"?; there are [model]",
                assertThrows(IllegalArgumentException.class, () -> runner.set("modle.gain", 1))
                        .getMessage());
        assertEquals(
                "a parameter is named layer.parameter but was \"gain\"",
                assertThrows(IllegalArgumentException.class, () -> runner.set("gain", 1))
                        .getMessage());
    }

    @Test
    void shouldAnswerAChangeThatAListenerMakesAtTheEnd() throws InterruptedException {
        Runner runner = runner(TestSource.of(3), new Gain(), sink);
        List<Object> answers = Collections.synchronizedList(new ArrayList<>());
        runner.onState(state -> {
            if (state.isOver()) {
                runner.set("model.gain", 5).handle((frame, error) -> answers.add(error == null ? frame : error));
            }
        });

        runner.start();
        awaitStopped(runner);

        assertEquals(List.of(0L), answers);
        assertEquals(5, runner.parameters("model").get("gain").number());
    }

    // ------------------------------------------------------------------------------------------------ every frame

    @Test
    void shouldDeliverEverythingThatWasReadBeforeTheStop() throws InterruptedException {
        TestSink other = new TestSink();
        TestSource source = TestSource.endless();
        CountDownLatch some = new CountDownLatch(20);
        sink.onAccept((signal, chunk) -> some.countDown());
        Runner runner = new Runner(pipeline()
                .source(source(source))
                .layer(layer("split", new Split()))
                .layer(layer("gain", new Gain()).from("split.plus"))
                .sink(sink("sink", sink).from("gain", "split.minus"))
                .sink(sink("other", other).from("source", "gain"))
                .build());
        runner.start();
        Await.latch("20 chunks", some);

        runner.stop();

        int read = (int) source.read();
        assertEquals(
                read,
                Running.assertAccountsBalance(runner, sink.values(0).size()).used());
        assertEquals(multiples(read, 1), other.values(0));
        assertEquals(read, sink.values(0).size());
        assertEquals(sink.values(0), other.values(1));
        assertEquals(2f * read, sink.values(0).get(read - 1));
        assertEquals(read - 2f, sink.values(1).get(read - 1));
        assertEquals(
                Map.of(
                        "sink <- gain.output", (long) read,
                        "sink <- split.minus", (long) read,
                        "other <- source.output", (long) read,
                        "other <- gain.output", (long) read),
                runner.progress().delivered());
    }

    @ParameterizedTest
    @CsvSource({"0.01, 10", "0.012, 12", "0.0125, 13", "0.001, 1"})
    void shouldEndAfterTheDurationExactly(double seconds, int steps) throws InterruptedException {
        Runner runner = new Runner(pipeline()
                .durationSeconds(seconds)
                .source(source(TestSource.endless()))
                .sink(sink("sink", sink))
                .build());

        runner.start();
        awaitStopped(runner);

        assertEquals(multiples(steps, 1), sink.values());
        Ledger.Counts counts = Running.assertAccountsBalance(runner, steps);
        assertEquals(steps, counts.used());
        assertEquals(0, counts.dropped());
    }

    @ParameterizedTest
    @CsvSource({"drop-oldest", "drop-newest"})
    void shouldCountWhatASlowSinkCosts(String rule) throws InterruptedException {
        CountDownLatch allRead = new CountDownLatch(1);
        sink.onAccept((signal, chunk) -> Await.latch("the source is at its end", allRead));
        TestSource source = TestSource.of(500).onClose(allRead::countDown);
        Runner runner = new Runner(pipeline()
                .dt(1)
                .set("overflow", rule)
                .set("ringFrames", 8)
                .source(source(source))
                .sink(sink("sink", sink))
                .build());

        runner.start();
        awaitStopped(runner);

        int delivered = sink.values().size();
        Ledger.Counts counts = Running.assertAccountsBalance(runner, delivered);
        assertEquals(500, counts.read());
        assertEquals(delivered, counts.used());
        assertEquals(500 - delivered, counts.dropped());
        assertTrue(delivered >= 8 && delivered <= 8 + 8, "the ring, and what was under way: " + delivered);
        assertEquals(
                Overflow.valueOf(rule.toUpperCase(java.util.Locale.ROOT).replace('-', '_')) == Overflow.DROP_OLDEST,
                sink.values().contains(499f));
    }

    @Test
    void shouldFailWhenThereIsNoRoomAndTheRuleSaysSo() throws InterruptedException {
        CountDownLatch allRead = new CountDownLatch(1);
        sink.onAccept((signal, chunk) -> Await.latch("the source is at its end", allRead));
        Runner runner = new Runner(pipeline()
                .dt(1)
                .set("overflow", "fail")
                .set("ringFrames", 4)
                .source(source(TestSource.endless().onClose(allRead::countDown)))
                .sink(sink("sink", sink))
                .build());

        runner.start();
        Throwable why = Running.awaitFailure(runner);

        assertTrue(why.getMessage().contains("4 frames wait already"), why.getMessage());
        assertEquals(1, runner.progress().ledger().dropped());
        assertEquals(multiples(sink.values().size(), 1), sink.values(), "what waited was delivered");
        Running.assertAccountsBalance(runner, sink.values().size());
    }

    @Test
    void shouldLetFramesLeaveWhenTheyAreDue() throws InterruptedException {
        ManualClock clock = new ManualClock();
        Runner runner = new Runner(
                pipeline()
                        .dt(1)
                        .paced(true)
                        .source(source(TestSource.of(3)))
                        .sink(sink("sink", sink))
                        .build(),
                Catalog.load(),
                clock);
        runner.start();

        assertEquals(1_000_000, clock.awaitSleeper(), "the second frame");
        Await.until("the first one arrives", () -> sink.values().size() == 1);
        clock.advance(1_000_000);
        assertEquals(2_000_000, clock.awaitSleeper());
        Await.until("the second one arrives", () -> sink.values().size() == 2);
        clock.advance(1_000_000);

        awaitStopped(runner);
        assertEquals(List.of(0f, 1f, 2f), sink.values());
        assertEquals(0, runner.progress().ledger().late());
    }

    // ------------------------------------------------------------------------------------------------ what it tells

    @Test
    void shouldTellItsPlan() throws InterruptedException {
        Runner runner = runner(TestSource.of(5), new Gain(), sink);
        runner.start();
        awaitStopped(runner);

        String plan = runner.plan().toString();
        assertTrue(plan.startsWith("pipeline test: dt 4, 1000 steps/s, 10 pixels/deg, seed 0\n"), plan);
        assertTrue(plan.contains("-> model.output  1x1x1 at 1000/s"), plan);
        assertEquals(2 * 4 * 4 * (Float.BYTES + Long.BYTES), runner.plan().chunkBytes());
        assertEquals(65 * Float.BYTES, runner.plan().ringBytes());
    }

    @Test
    void shouldTellProgressEveryPeriodUntilTheEnd() {
        Runner runner = runner(TestSource.endless(), sink);
        runner.start();

        StepVerifier.withVirtualTime(() -> runner.progress(Duration.ofSeconds(1)))
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(1))
                .assertNext(progress -> assertEquals(RunnerState.RUNNING, progress.state()))
                .thenAwait(Duration.ofSeconds(1))
                .assertNext(progress -> {
                    assertEquals(RunnerState.RUNNING, progress.state());
                    assertEquals(2, progress.stages().size());
                })
                .then(runner::stop)
                .thenAwait(Duration.ofSeconds(1))
                .assertNext(progress -> assertEquals(RunnerState.STOPPED, progress.state()))
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldHoldTheSourceBackWhilePaused() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        TestSource source = TestSource.endless();
        sink.onAccept((signal, chunk) -> first.countDown());
        Runner runner = runner(source, sink);
        runner.start();
        Await.latch("a chunk", first);

        runner.pause();
        Await.until("nothing is under way", () -> runner.progress().ledger().waiting() <= 3 && isWaiting("source-"));
        long read = source.read();
        runner.requestStop();

        awaitStopped(runner);
        assertTrue(source.read() <= read + 1, "at most the frame in hand");
        assertFalse(isWaiting("source-"));
    }

    private static boolean isWaiting(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith(name) && thread.getState() == Thread.State.WAITING);
    }

    // ------------------------------------------------------------------------------------------------ late frames

    @ParameterizedTest
    @CsvSource({"1, 3", "4, 3", "4, 10", "64, 10"})
    void shouldGiveEverySinkEachFrameOnceWhateverTheLag(int dt, int lag) throws InterruptedException {
        int frames = 21;
        Runner runner = new Runner(pipeline()
                .dt(dt)
                .source(source(TestSource.of(frames)))
                .layer(layer("model", new Late(lag)))
                .sink(Running.sink("late", sink).from("model.late"))
                .build());

        runner.start();
        awaitStopped(runner);

        List<Float> values = new ArrayList<>();
        long next = 0;
        for (Chunk chunk : sink.chunks(0)) {
            assertEquals(next, chunk.firstFrame());
            next = chunk.endFrame();
            for (float value : chunk.toArray()) {
                values.add(value);
            }
        }
        assertEquals(multiples(frames, 1), values);
        assertEquals(frames, runner.progress().delivered().get("late <- model.late"));
        Running.assertAccountsBalance(runner, frames);
    }
}
