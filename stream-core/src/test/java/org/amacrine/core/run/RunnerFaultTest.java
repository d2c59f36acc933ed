package org.amacrine.core.run;

import static org.amacrine.core.run.Running.awaitFailure;
import static org.amacrine.core.run.Running.awaitStopped;
import static org.amacrine.core.run.Running.layer;
import static org.amacrine.core.run.Running.multiples;
import static org.amacrine.core.run.Running.pipeline;
import static org.amacrine.core.run.Running.runner;
import static org.amacrine.core.run.Running.sink;
import static org.amacrine.core.run.Running.source;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.BaseLayer;
import org.amacrine.core.layer.Graph;
import org.amacrine.core.layer.LayerException;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Gain;
import org.amacrine.core.testing.Task;
import org.amacrine.core.testing.TestSink;
import org.amacrine.core.testing.TestSource;
import org.amacrine.core.testing.Until;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong is said with stage and frame; what was computed before arrives; all is closed; and it can start again. */
@Timeout(60)
class RunnerFaultTest {
    private final TestSink sink = new TestSink();
    private final TestSink other = new TestSink();

    private Runner twoSinks(TestSource source, Gain gain) {
        return new Runner(pipeline()
                .source(source(source))
                .layer(layer("model", gain))
                .sink(sink("first", sink))
                .sink(sink("second", other))
                .build());
    }

    private static void assertStartFails(Runner runner, String message) {
        RuntimeException error = assertThrows(RuntimeException.class, runner::start);
        assertEquals(message, error.getMessage());
        assertSame(error, runner.failure());
        assertEquals(RunnerState.FAILED, runner.state());
    }

    // ------------------------------------------------------------------------------------------------ sources

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 7, 64})
    void shouldGiveOutWhatALayerDidBeforeItBroke(int dt) throws InterruptedException {
        TestSink alone = new TestSink();
        TestSink within = new TestSink();
        Graph graph = Graph.builder("graph")
                .node("twice", new Gain(), List.of("input"))
                .node("until", new Until(10), List.of("twice"))
                .node("again", new Gain(), List.of("until"))
                .output("again", "again")
                .output("same", "input")
                .build();
        for (TestSink sink : List.of(alone, within)) {
            Runner runner = new Runner(Running.pipeline()
                    .dt(dt)
                    .source(Running.source(TestSource.of(40)))
                    .layer(Running.layer("model", sink == alone ? new Until(10) : graph))
                    .layer(Running.layer("behind", new Gain()).from(sink == alone ? "model" : "source"))
                    .sink(Running.sink("sink", sink).from(sink == alone ? "behind" : "model"))
                    .sink(Running.sink("other", new TestSink()).from("behind"))
                    .build());
            runner.start();
            String expected = sink == alone
                    ? "layer model at frame 10: that is all"
                    : "layer model.until at frame 10: that is all";
            assertEquals(expected, Running.awaitFailure(runner).getMessage());
        }

        assertEquals(Running.multiples(10, 2), alone.values(0));
        assertEquals(Running.multiples(10, 4), within.values(0));
        assertEquals(Running.multiples(10, 1), within.values(1));
    }

    @Test
    void shouldSayWhyTheSourceCannotBeOpened() throws InterruptedException {
        AtomicBoolean broken = new AtomicBoolean(true);
        TestSource source = TestSource.of(3).onOpen(() -> {
            if (broken.get()) {
                throw new IOException("no such camera");
            }
        });
        Runner runner = runner(source, sink);

        assertStartFails(runner, "source source: no such camera");

        assertEquals(1, source.closed());
        assertEquals(0, sink.opened(), "sinks are opened when all else is ready");
        broken.set(false);
        runner.start();
        awaitStopped(runner);
        assertEquals(multiples(3, 1), sink.values());
    }

    @Test
    void shouldBreakOffASourceThatHangsWhileItIsOpened() throws InterruptedException {
        CountDownLatch hangs = new CountDownLatch(1);
        TestSource source = TestSource.of(3).onOpen(() -> {
            hangs.countDown();
            new CountDownLatch(1).await();
        });
        Runner runner = runner(source, sink);
        Task<Void> start = Task.start("start", () -> {
            runner.start();
            return null;
        });
        assertTrue(hangs.await(Await.LIMIT_SECONDS, TimeUnit.SECONDS));

        runner.stop(Duration.ofMillis(50));

        assertEquals(RunnerState.FAILED, runner.state());
        assertEquals(
                "interrupted while source source was being opened",
                start.error().getMessage());
    }

    @Test
    void shouldNotHangWhenTheSourceIsOpenedWithAnError() {
        Runner runner = runner(
                TestSource.of(3).onOpen(() -> {
                    throw new AssertionError("must not be");
                }),
                sink);

        assertStartFails(runner, "source source: must not be");
    }

    @Test
    void shouldDeliverWhatCameBeforeTheSourceBrokeOff() throws InterruptedException {
        TestSource source = TestSource.of(100).onRead((index, frame) -> {
            if (index == 30) {
                throw new IOException("cable pulled");
            }
        });
        Runner runner = twoSinks(source, new Gain());

        runner.start();

        assertEquals(
                "source source at frame 30: cable pulled", awaitFailure(runner).getMessage());
        assertEquals(multiples(30, 2), sink.values());
        assertEquals(multiples(30, 2), other.values());
        assertEquals(1, source.closed());
        assertEquals(1, sink.closed());
        assertEquals(1, other.closed());
    }

    @Test
    void shouldFailWithAnErrorOfTheSource() throws InterruptedException {
        Runner runner = runner(
                TestSource.of(100).onRead((index, frame) -> {
                    if (index == 5) {
                        throw new StackOverflowError("too deep");
                    }
                }),
                sink);

        runner.start();

        assertEquals("source source at frame 5: too deep", awaitFailure(runner).getMessage());
        assertEquals(multiples(5, 1), sink.values());
    }

    @Test
    void shouldNameStageAndFrameOfAValueThatIsNoNumber() throws InterruptedException {
        Runner runner = runner(
                TestSource.of(20).onRead((index, frame) -> {
                    if (index == 9) {
                        frame.values()[0] = Float.NaN;
                    }
                }),
                new Gain(),
                sink);

        runner.start();

        assertEquals(
                "layer model at frame 9: channel 0, row 0, column 0 is NaN; replace it before it reaches the layer",
                awaitFailure(runner).getMessage());
        assertEquals(multiples(8, 2), sink.values(), "the chunks before");
    }

    @Test
    void shouldDeliverWhatASourceGaveThatIgnoresInterrupts() throws InterruptedException {
        CountDownLatch letGo = new CountDownLatch(1);
        CountDownLatch away = new CountDownLatch(1);
        TestSource source = TestSource.of(100).onRead((index, frame) -> {
            if (index == 10) {
                away.countDown();
            }
            while (index == 10 && letGo.getCount() > 0) {
                LockSupport.parkNanos(1_000_000);
                Thread.interrupted();
            }
        });
        Runner runner = runner(source, sink);
        runner.start();
        Await.latch("ten frames are read", away);

        long start = System.nanoTime();
        runner.stop(Duration.ofMillis(200));
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);

        String why = runner.failure().getMessage();
        assertTrue(why.startsWith("pipeline test: did not end: thread source-source is at "), why);
        assertTrue(took < 10_000, took + " ms");
        assertEquals(multiples(10, 1), sink.values());
        assertEquals(1, sink.closed());
        letGo.countDown();
        Await.until("the source is closed in the end", () -> source.closed() == 1);
    }

    // ------------------------------------------------------------------------------------------------ layers

    @Test
    void shouldSayWhyALayerCannotBePreparedAndLeaveNothingBehind() {
        TestSource source = TestSource.of(3);
        BaseLayer picky = new BaseLayer("picky") {
            @Override
            protected List<Shape> allocate() {
                throw new IllegalArgumentException("frames need at least 2 rows");
            }

            @Override
            public void process(Chunk[] in, Chunk[] out) {}
        };
        Runner runner = runner(source, picky, sink);

        assertStartFails(runner, "layer model: frames need at least 2 rows");

        assertEquals(1, source.closed());
        assertEquals(0, source.read());
        assertEquals(0, sink.opened());
    }

    @Test
    void shouldDeliverWhatCameBeforeALayerFailed() throws InterruptedException {
        Gain gain = new Gain().onProcess(chunk -> {
            if (chunk.firstFrame() == 12) {
                throw new ArithmeticException("out of range");
            }
        });
        Runner runner = twoSinks(TestSource.of(100), gain);

        runner.start();

        LayerException error = assertInstanceOf(LayerException.class, awaitFailure(runner));
        assertEquals("layer model at frame 12: out of range", error.getMessage());
        assertEquals(multiples(12, 2), sink.values());
        assertEquals(multiples(12, 2), other.values());
        assertEquals(1, sink.closed());
    }

    // ------------------------------------------------------------------------------------------------ sinks

    @Test
    void shouldSayWhyASinkCannotBeOpened() {
        TestSource source = TestSource.of(3);
        other.onOpen(() -> {
            throw new IOException("disk full");
        });
        Runner runner = twoSinks(source, new Gain());

        assertStartFails(runner, "sink second: disk full");

        assertEquals(1, sink.closed(), "the one that was open");
        assertEquals(1, source.closed());
    }

    @Test
    void shouldNotHangWhenASinkIsOpenedWithAnError() {
        sink.onOpen(() -> {
            throw new AssertionError("must not be");
        });

        assertStartFails(runner(TestSource.of(3), sink), "sink sink: must not be");
    }

    @Test
    void shouldDeliverToTheOthersWhenASinkFails() throws InterruptedException {
        TestSource source = TestSource.endless();
        sink.onAccept((signal, chunk) -> {
            if (chunk.firstFrame() == 8) {
                throw new IOException("disk full");
            }
        });
        Runner runner = twoSinks(source, new Gain());

        runner.start();

        assertEquals("sink first at frame 8: disk full", awaitFailure(runner).getMessage());
        assertEquals(multiples(8, 2), sink.values());
        assertEquals(multiples((int) source.read(), 2), other.values());
        assertEquals(1, sink.closed());
        assertEquals(1, other.closed());
    }

    @Test
    void shouldFailWhenASinkCannotBeClosed() throws InterruptedException {
        sink.onClose(() -> {
            throw new IOException("disk full at the end");
        });
        Runner runner = twoSinks(TestSource.of(10), new Gain());

        runner.start();

        assertEquals(
                "sink first at frame 10: disk full at the end",
                awaitFailure(runner).getMessage());
        assertEquals(multiples(10, 2), other.values());
    }

    @Test
    void shouldKeepWhatAnotherSinkSaysAfterTheFirstFailure() throws InterruptedException {
        sink.onAccept((signal, chunk) -> {
            throw new IOException("disk full");
        });
        other.onClose(() -> {
            throw new IOException("this one too");
        });
        Runner runner = twoSinks(TestSource.endless(), new Gain());

        runner.start();

        Throwable why = awaitFailure(runner);
        assertEquals("sink first at frame 0: disk full", why.getMessage());
        assertEquals(1, why.getSuppressed().length);
        String second = why.getSuppressed()[0].getMessage();
        assertTrue(second.matches("sink second at frame \\d+: this one too"), second);
    }

    @Test
    void shouldBreakOffASinkThatHangsAndNameItsThread() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch hangs = new CountDownLatch(1);
        sink.onAccept((signal, chunk) -> {
            if (chunk.firstFrame() == 4) {
                hangs.countDown();
                never.await();
            }
        });
        Runner runner = twoSinks(TestSource.endless(), new Gain());
        runner.start();
        Await.latch("the sink hangs", hangs);

        long start = System.nanoTime();
        runner.stop(Duration.ofMillis(100));
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);

        assertTrue(took < 9_000, took + " ms");
        assertEquals(RunnerState.FAILED, runner.state());
        String why = runner.failure().getMessage();
        assertTrue(
                why.startsWith("pipeline test did not end within 100 ms and was broken off: thread sink-first is at "),
                why);
        assertFalse(why.contains("sink-second"), why);
        assertEquals(multiples(4, 2), sink.values());
        assertEquals(1, sink.closed(), "after the interrupt");
        assertEquals(1, other.closed());
        assertEquals(multiples(other.values().size(), 2), other.values());
        assertTrue(other.values().size() >= 4);
    }

    @Test
    void shouldNameASinkThatHangsAndIgnoresInterrupts() throws InterruptedException {
        CountDownLatch letGo = new CountDownLatch(1);
        CountDownLatch hangs = new CountDownLatch(1);
        sink.onAccept((signal, chunk) -> {
            hangs.countDown();
            while (letGo.getCount() > 0) {
                LockSupport.parkNanos(1_000_000);
                Thread.interrupted();
            }
        });
        Runner runner = twoSinks(TestSource.of(20), new Gain());
        runner.start();
        Await.latch("the sink hangs", hangs);

        runner.stop(Duration.ofMillis(50));

        assertEquals(RunnerState.FAILED, runner.state());
        assertTrue(runner.failure().getMessage().contains("thread sink-first is at "));
        String later = runner.failure().getSuppressed()[0].getMessage();
        assertTrue(later.startsWith("pipeline test: did not end: thread sink-first is at "), later);
        assertEquals(1, other.closed());
        letGo.countDown();
        Await.until("the sink is closed in the end", () -> sink.closed() == 1);
    }

    @Test
    void shouldCloseASinkUndisturbedByTheInterruptOfWhatHungBefore() throws InterruptedException {
        CountDownLatch hangs = new CountDownLatch(1);
        AtomicBoolean disturbed = new AtomicBoolean();
        sink.onAccept((signal, chunk) -> {
            hangs.countDown();
            while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
        });
        sink.onClose(() -> disturbed.set(Thread.currentThread().isInterrupted()));
        Runner runner = runner(TestSource.of(20), sink);
        runner.start();
        Await.latch("the sink hangs", hangs);

        runner.stop(Duration.ofMillis(50));

        assertEquals(1, sink.closed());
        assertFalse(disturbed.get());
    }

    // ------------------------------------------------------------------------------------------------ commands

    @Test
    void shouldAnswerEveryChangeAlsoWhenNobodyAppliesItAnyMore() throws InterruptedException {
        CountDownLatch letGo = new CountDownLatch(1);
        CountDownLatch hangs = new CountDownLatch(1);
        Gain gain = new Gain().onProcess(chunk -> {
            hangs.countDown();
            while (letGo.getCount() > 0) {
                LockSupport.parkNanos(1_000_000);
                Thread.interrupted();
            }
        });
        Runner runner = runner(TestSource.of(20), gain, sink);
        runner.start();
        Await.latch("the layer works", hangs);
        var change = runner.set("model.gain", 3);

        Task<Object> stop = Task.start("stopper", () -> {
            runner.stop(Duration.ofMillis(50));
            return null;
        });

        Throwable error = assertThrows(
                CompletionException.class,
                () -> change.orTimeout(Await.LIMIT_SECONDS, TimeUnit.SECONDS).join());
        assertEquals(
                "the command for gain was refused: the run has ended",
                error.getCause().getMessage());
        stop.result();
        assertEquals(2, runner.parameters("model").get("gain").number());
        assertTrue(runner.failure().getMessage().contains("thread op-model is at "));
        letGo.countDown();
    }
}
