package org.amacrine.core.run;

import static org.amacrine.core.run.Running.awaitFailure;
import static org.amacrine.core.run.Running.awaitStopped;
import static org.amacrine.core.run.Running.layer;
import static org.amacrine.core.run.Running.pipeline;
import static org.amacrine.core.run.Running.sink;
import static org.amacrine.core.run.Running.source;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.job.Job;
import org.amacrine.core.metrics.RunnerMeters;
import org.amacrine.core.sink.Signal;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Gain;
import org.amacrine.core.testing.TestSink;
import org.amacrine.core.testing.TestSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Refits of the gain of a layer, whose values come of the frames of the window. */
@Timeout(60)
class RefitSinkTest {
    /** Held here, because what is set on a logger that nobody holds is forgotten. */
    private static final Logger LOG = Logger.getLogger(RefitSink.class.getName());

    private final List<float[]> windows = new CopyOnWriteArrayList<>();
    private final TestSink out = new TestSink();

    /** A line for each of hundreds of refits would bury what a test says. */
    @BeforeAll
    static void beQuiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void beLoudAgain() {
        LOG.setLevel(null);
    }

    /** What a job does; its values, when it ends. */
    @FunctionalInterface
    private interface Work {
        Map<String, NdArray> run() throws InterruptedException;
    }

    /** A job of one step, or of steps without end. */
    private static final class Steps implements Job<Map<String, NdArray>> {
        private final Work work;
        private final boolean endless;
        private Map<String, NdArray> result = Map.of();
        private long steps;

        private Steps(Work work, boolean endless) {
            this.work = work;
            this.endless = endless;
        }

        @Override
        public boolean done() {
            return !endless && steps > 0;
        }

        @Override
        public boolean step() {
            try {
                result = work.run();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            steps++;
            return !endless;
        }

        @Override
        public long iteration() {
            return steps;
        }

        @Override
        public long iterations() {
            return -1;
        }

        @Override
        public Map<String, Double> objectives() {
            return Map.of("gain", 0.5);
        }

        @Override
        public Map<String, NdArray> save() {
            return Map.of();
        }

        @Override
        public void restore(Map<String, NdArray> saved) {
            steps = 0;
        }

        @Override
        public Map<String, NdArray> result() {
            return result;
        }
    }

    private RefitSink refit(int window, long every, Work work) {
        return refit(window, every, work, false);
    }

    private RefitSink refit(int window, long every, Work work, boolean endless) {
        return new RefitSink("model", window, every, (frames, layer, number) -> {
            if (number > 0) {
                windows.add(frames.values());
            }
            return new Steps(work, endless);
        });
    }

    private static Map<String, NdArray> gain(double value) {
        return Map.of("gain", NdArray.of(value));
    }

    private Runner runner(TestSource source, RefitSink refit) {
        return new Runner(pipeline()
                .source(source(source))
                .layer(layer("model", new Gain()))
                .sink(sink("out", out).from("model"))
                .sink(sink("refit", refit).from("source"))
                .build());
    }

    /** Runs until a refit has come to its end. */
    private static void runToOutcome(Runner runner, RefitSink refit) {
        runner.start();
        Await.until("a refit ends", () -> !refit.entries().isEmpty());
        runner.stop();
    }

    /** Frames of which the one of that number comes only when a refit has come to its end. */
    private static TestSource waiting(long frames, long at, RefitSink refit) {
        return TestSource.of(frames).onRead((index, frame) -> {
            if (index == at) {
                Await.until("a refit ends", () -> !refit.entries().isEmpty());
            }
        });
    }

    @Test
    void shouldSetWhatTheJobFoundBetweenTwoChunks() {
        RefitSink refit = refit(8, 12, () -> gain(10));
        Runner runner = runner(TestSource.endless(), refit);
        runner.start();
        Await.until(
                "a refit ends, and frames behind it",
                () -> !refit.entries().isEmpty()
                        && out.values().size() > refit.entries().get(0).frame() + 1);
        runner.stop();

        RefitSink.Entry entry = refit.entries().get(0);
        assertEquals(RefitSink.Outcome.SET, entry.outcome());
        assertEquals("gain 0.5000", entry.detail());
        Runner.Change change = runner.journal().get(0);
        assertEquals("model gain " + entry.frame(), change.layer() + " " + change.parameter() + " " + change.frame());
        int frame = (int) entry.frame();
        // The layer may be some chunks behind the refit, which takes what the layer takes.
        assertEquals(0, frame % 4, entry::toString);
        for (int i = 0; i < frame; i++) {
            assertEquals(2f * i, out.values().get(i));
        }
        assertEquals(10f * (frame + 1), out.values().get(frame + 1));
    }

    @Test
    void shouldGiveTheLastFramesInTheirOrder() throws InterruptedException {
        RefitSink refit = refit(5, 12, Map::of);
        Runner runner = runner(waiting(20, 12, refit), refit);
        runner.start();
        awaitStopped(runner);

        assertArrayEquals(new float[] {7, 8, 9, 10, 11}, windows.get(0));
        assertEquals(RefitSink.Outcome.KEPT, refit.entries().get(0).outcome());
        assertEquals(List.of(), runner.journal());
        assertEquals(1, windows.size(), "8 more frames are less than 12");
    }

    @Test
    void shouldHaveLostFramesAsMissingOnes() throws InterruptedException {
        RefitSink refit = refit(6, 10, Map::of);
        Runner runner = new Runner(pipeline()
                .source(source(TestSource.of(14).onRead((index, frame) -> {
                    frame.framesLostBefore(index == 6 ? 2 : 0);
                    if (index == 10) {
                        Await.until("a refit ends", () -> !refit.entries().isEmpty());
                    }
                })))
                .layer(layer("model", new Gain()))
                .sink(sink("out", out).from("model"))
                .sink(sink("refit", refit).from("source"))
                .dt(1)
                .build());
        runner.start();
        awaitStopped(runner);

        // 0 to 5, two lost ones, 6 and 7: ten frames.
        assertArrayEquals(new float[] {4, 5, Float.NaN, Float.NaN, 6, 7}, windows.get(0));
    }

    @Test
    void shouldLeaveWhatSomebodyElseSetMeanwhile() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch set = new CountDownLatch(1);
        RefitSink refit = refit(4, 4, () -> {
            boolean isFirst = begun.getCount() > 0;
            begun.countDown();
            set.await();
            return isFirst ? gain(10) : Map.of();
        });
        Runner runner = runner(TestSource.endless(), refit);
        runner.start();
        Await.latch("a refit begins", begun);
        Await.result("the gain is set", runner.set("model.gain", 3));
        set.countDown();
        Await.until("a refit ends", () -> !refit.entries().isEmpty());
        runner.stop();

        assertEquals(RefitSink.Outcome.OVERTAKEN, refit.entries().get(0).outcome());
        assertEquals(3, runner.parameters("model").get("gain").number());
    }

    /** No chunk comes between the two commands, so that both are in force from the same one, in their order. */
    @Test
    void shouldLeaveWhatSomebodyElseSetBeforeTheSameChunk() throws InterruptedException {
        CountDownLatch set = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        BlockingQueue<Thread> jobs = new LinkedBlockingQueue<>();
        RefitSink refit = refit(4, 12, () -> {
            jobs.add(Thread.currentThread());
            set.await();
            return gain(10);
        });
        Runner runner = runner(
                TestSource.endless().onRead((index, frame) -> {
                    if (index == 12) {
                        Await.until("the source goes on", () -> go.getCount() == 0);
                    }
                }),
                refit);
        runner.start();
        Await.until("all chunks before it are through", () -> out.values().size() == 12);
        Thread job = jobs.take();
        CompletableFuture<Long> theirs = runner.set("model.gain", 3);
        set.countDown();
        Await.end(job);
        Await.until("the refit ends", () -> !refit.entries().isEmpty());
        go.countDown();
        Await.until("the chunk is through", () -> out.values().size() > 12);
        runner.stop();

        assertEquals(12, Await.result("the gain is set", theirs));
        assertEquals(RefitSink.Outcome.OVERTAKEN, refit.entries().get(0).outcome());
        assertEquals(
                "gain was set to something else meanwhile",
                refit.entries().get(0).detail());
        assertEquals(36f, out.values().get(12));
    }

    @Test
    void shouldCountWhatBecameOfThem() {
        RefitSink refit = new RefitSink("model", 4, 4, (frames, layer, number) -> {
            if (number == 2) {
                throw new IllegalArgumentException("these frames will not do");
            }
            return new Steps(() -> number == 3 ? gain(5) : Map.of(), false);
        });
        Runner runner = runner(TestSource.endless(), refit);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        new RunnerMeters(runner).bindTo(registry);
        runner.start();
        Await.until("there is a fourth refit", () -> refit.entries().size() > 3);
        runner.stop();

        assertEquals(1, counted(registry, "set"));
        assertEquals(1, counted(registry, "failed"));
        assertEquals(0, counted(registry, "overtaken"));
        assertEquals(refit.count(RefitSink.Outcome.KEPT), counted(registry, "kept"));
        assertTrue(counted(registry, "kept") >= 2, refit.entries()::toString);
    }

    @Test
    void shouldCountTwoSinksOfALayerTogether() {
        RefitSink first = new RefitSink("model", 4, 4, (frames, layer, number) -> new Steps(Map::of, false));
        RefitSink second = new RefitSink("model", 2, 2, (frames, layer, number) -> new Steps(Map::of, false));
        Runner runner = new Runner(pipeline()
                .source(source(TestSource.endless()))
                .layer(layer("model", new Gain()))
                .sink(sink("out", out).from("model"))
                .sink(sink("first", first).from("source"))
                .sink(sink("second", second).from("source"))
                .build());
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        new RunnerMeters(runner).bindTo(registry);
        runner.start();
        Await.until(
                "both have refits",
                () -> !first.entries().isEmpty() && !second.entries().isEmpty());
        runner.stop();

        assertEquals(
                first.count(RefitSink.Outcome.KEPT) + second.count(RefitSink.Outcome.KEPT), counted(registry, "kept"));
        assertTrue(first.count(RefitSink.Outcome.KEPT) > 0 && second.count(RefitSink.Outcome.KEPT) > 0);
    }

    private static double counted(SimpleMeterRegistry registry, String outcome) {
        return registry.get("amacrine.refits")
                .tags("layer", "model", "outcome", outcome)
                .functionCounter()
                .count();
    }

    @Test
    void shouldLetFramesPassWhileAJobWorks() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        RefitSink refit = refit(4, 4, () -> {
            go.await();
            return Map.of();
        });
        Runner runner = runner(TestSource.endless(), refit);
        runner.start();
        Await.until("far more frames pass than it takes", () -> out.values().size() > 400);
        assertEquals(1, windows.size(), "one refit at a time");
        go.countDown();
        runner.stop();
    }

    @Test
    void shouldGoOnWhenAJobFails() throws InterruptedException {
        RefitSink refit = refit(4, 4, () -> {
            throw new IllegalStateException("no good");
        });
        Runner runner = runner(waiting(16, 8, refit), refit);
        runner.start();
        awaitStopped(runner);

        assertEquals(16, out.values().size());
        assertEquals(RefitSink.Outcome.FAILED, refit.entries().get(0).outcome());
        assertEquals("no good", refit.entries().get(0).detail());
    }

    @Test
    void shouldGoOnWhenAJobCannotBeMade() {
        RefitSink refit = new RefitSink("model", 4, 4, (frames, layer, number) -> {
            if (number == 2) {
                throw new IllegalArgumentException("these frames will not do");
            }
            return new Steps(Map::of, false);
        });
        Runner runner = runner(TestSource.endless(), refit);
        runner.start();
        Await.until("there is a third refit", () -> refit.entries().size() > 2);
        runner.stop();

        assertEquals(
                List.of(RefitSink.Outcome.KEPT, RefitSink.Outcome.FAILED, RefitSink.Outcome.KEPT),
                refit.entries().stream().limit(3).map(RefitSink.Entry::outcome).toList());
        assertEquals("these frames will not do", refit.entries().get(1).detail());
    }

    @Test
    void shouldSayWhatTheLayerRefuses() {
        RefitSink refit = refit(4, 4, () -> gain(-1));
        Runner runner = runner(TestSource.endless(), refit);
        runToOutcome(runner, refit);

        assertEquals(RefitSink.Outcome.FAILED, refit.entries().get(0).outcome());
        assertTrue(refit.entries().get(0).detail().startsWith("gain must be"), refit.entries()::toString);
        assertEquals(2, runner.parameters("model").get("gain").number());
    }

    @Test
    void shouldCancelAJobWhoseRunEndsAndBeginAnewWithTheNext() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        RefitSink refit = refit(
                4,
                4,
                () -> {
                    begun.countDown();
                    return Map.of();
                },
                true);
        Runner runner = runner(TestSource.endless(), refit);
        runner.start();
        Await.latch("a refit begins", begun);
        runner.stop();

        assertEquals(RefitSink.Outcome.CANCELLED, refit.entries().get(0).outcome());
        assertArrayEquals(new float[] {0, 1, 2, 3}, windows.get(0));
        runner.start();
        Await.until("the next run has a refit", () -> windows.size() > 1);
        runner.stop();
        assertArrayEquals(new float[] {0, 1, 2, 3}, windows.get(1));
        assertEquals(2, refit.entries().get(1).number());
    }

    @Test
    void shouldRefuseALayerThatIsNotThere() {
        RefitSink refit = new RefitSink("modle", 4, 4, (frames, layer, number) -> new Steps(Map::of, false));
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> runner(TestSource.of(1), refit));
        assertTrue(error.getMessage().contains("did you mean \"model\"?"), error.getMessage());
    }

    @Test
    void shouldRefuseToWorkWithoutARunner() {
        RefitSink refit = refit(4, 4, Map::of);
        Signal signal = new Signal("x.output", Shape.vector(1), 100);
        assertThrows(IllegalStateException.class, () -> refit.open(List.of(signal)));
        assertThrows(IllegalArgumentException.class, () -> refit.open(List.of(signal, signal)));
        assertThrows(IllegalArgumentException.class, () -> refit(0, 4, Map::of));
        assertThrows(IllegalArgumentException.class, () -> refit(4, 0, Map::of));
    }

    @Test
    void shouldFailAtTheStartWhenTheFitterRefuses() throws InterruptedException {
        RefitSink refit = new RefitSink("model", 4, 4, (frames, layer, number) -> {
            throw new IllegalArgumentException("not such frames");
        });
        Runner runner = runner(TestSource.of(1), refit);
        RuntimeException error = assertThrows(RuntimeException.class, runner::start);
        assertTrue(error.getMessage().contains("not such frames"), error.getMessage());
        awaitFailure(runner);
    }
}
