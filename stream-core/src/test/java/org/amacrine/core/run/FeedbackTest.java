package org.amacrine.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.layer.LayerException;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Gain;
import org.amacrine.core.testing.Late;
import org.amacrine.core.testing.Mix;
import org.amacrine.core.testing.Split;
import org.amacrine.core.testing.TestSink;
import org.amacrine.core.testing.TestSource;
import org.amacrine.core.testing.Until;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers with several inputs, and signals that go back to them. */
@Timeout(120)
class FeedbackTest {
    private static final Shape PIXEL = Shape.image(1, 1);

    private static FeedbackEdge edge(String signal, int delayFrames, float initial) {
        return new FeedbackEdge(signal, delayFrames, PIXEL, initial);
    }

    private static Stage mix(String name) {
        return Stage.of(Mix::new).named(name);
    }

    /** {@code left = source + right(t - delay) / 2, right = left + left(t - delay) / 2}, both kept. */
    private static Pipeline.Builder loop(FrameSource source, int delay, TestSink sink) {
        return Running.pipeline()
                .source(Running.source(source))
                .layer(mix("left").from("source").feedback("b", edge("right", delay, 3)))
                .layer(mix("right").input("a", "left").feedback("b", edge("left.output", delay, Float.NaN)))
                .sink(Running.sink("sink", sink).from("left", "right"));
    }

    /** The same by hand, for frames of those indices whose values are their places in the list: left, then right. */
    private static List<List<Float>> byHand(List<Integer> indices, int delay) {
        List<Float> left = new ArrayList<>();
        List<Float> right = new ArrayList<>();
        for (int i = 0; i < indices.size(); i++) {
            int then = indices.indexOf(indices.get(i) - delay);
            left.add(i + (then < 0 ? 3 : right.get(then)) / 2);
            right.add(left.get(i) + (then < 0 ? 1000 : left.get(then) / 2));
        }
        return List.of(left, right);
    }

    private static List<Integer> upTo(int frames) {
        return IntStream.range(0, frames).boxed().toList();
    }

    // ------------------------------------------------------------------------------------------------ several inputs

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 64})
    void shouldAlignSeveralSignalsOfTheSameSource(int dt) throws InterruptedException {
        TestSink sink = new TestSink();
        Runner runner = new Runner(Running.pipeline()
                .dt(dt)
                .source(Running.source(TestSource.of(50)))
                .layer(Running.layer("split", new Split()))
                .layer(Running.layer("slow", new Gain()).from("split.minus"))
                .layer(mix("list").from("split.plus", "slow"))
                .layer(mix("map").input("b", "split.plus").input("a", "slow"))
                .sink(Running.sink("sink", sink).from("list", "map"))
                .build());

        runner.start();
        Running.awaitStopped(runner);

        List<Float> list = new ArrayList<>();
        List<Float> map = new ArrayList<>();
        for (int x = 0; x < 50; x++) {
            list.add((x + 1) + 2f * (x - 1) / 2);
            map.add(2f * (x - 1) + (x + 1) / 2f);
        }
        assertEquals(list, sink.values(0));
        assertEquals(map, sink.values(1));
        Running.assertAccountsBalance(runner, 50);
    }

    @Test
    void shouldRefuseSignalsOfDifferentFramesTogether() throws InterruptedException {
        Runner runner = new Runner(Running.pipeline()
                .source(Running.source(TestSource.of(50)))
                .layer(Running.layer("late", new Late(3)))
                .layer(mix("mix").from("source", "late.late"))
                .sink(Running.sink("sink", new TestSink()).from("mix", "late.now"))
                .build());

        runner.start();

        String message = Running.awaitFailure(runner).getMessage();
        assertTrue(message.startsWith("layer mix at frame 0: its inputs must hold the same frames but were"), message);
    }

    @Test
    void shouldEndWhenTheStageOfAnotherInputFails() throws InterruptedException {
        TestSink sink = new TestSink();
        Gain breaking = new Gain().onProcess(chunk -> {
            if (chunk.firstFrame() == 8) {
                throw new IllegalStateException("broken");
            }
        });
        Runner runner = new Runner(Running.pipeline()
                .source(Running.source(TestSource.endless()))
                .layer(Running.layer("breaking", breaking))
                .layer(mix("mix").from("source", "breaking"))
                .sink(Running.sink("sink", sink).from("mix"))
                .build());

        runner.start();

        assertEquals(
                "layer breaking at frame 8: broken",
                Running.awaitFailure(runner).getMessage());
        assertEquals(8, sink.values().size(), "what was produced before is there");
        assertEquals(1, sink.closed());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSayWhichInputBrokeInTheMiddleOfAChunk(boolean inStep) throws InterruptedException {
        TestSink sink = new TestSink();
        Stage mixed = inStep ? mix("mix").from("until", "source") : mix("mix").from("source", "until");
        Runner runner = new Runner(Running.pipeline()
                .source(Running.source(TestSource.endless()))
                .layer(Running.layer("until", new Until(10)))
                .layer(mixed)
                .sink(Running.sink("sink", sink).from("mix"))
                .build());

        runner.start();

        assertEquals(
                "layer until at frame 10: that is all",
                Running.awaitFailure(runner).getMessage());
        assertEquals(10, sink.values().size(), "what both inputs have");
        assertEquals(9 + 9 / 2f, sink.values().get(9));
        assertEquals(1, sink.closed());
    }

    // ------------------------------------------------------------------------------------------------ loops

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 2", "4, 1", "7, 2"})
    void shouldGiveTheSameInALoopForAnyChunksAndThreads(int dt, int workers) throws InterruptedException {
        TestSink sink = new TestSink();
        Runner runner = new Runner(
                loop(TestSource.of(60), 7, sink).dt(dt).workers(workers).build());

        runner.start();
        Running.awaitStopped(runner);

        assertEquals(byHand(upTo(60), 7), List.of(sink.values(0), sink.values(1)));
        Running.assertAccountsBalance(runner, 60);
    }

    @Test
    void shouldBeginALoopAnewWithEachStart() throws InterruptedException {
        TestSink sink = new TestSink();
        Runner runner = new Runner(loop(TestSource.of(30), 5, sink).build());

        for (int start = 0; start < 3; start++) {
            runner.start();
            Running.awaitStopped(runner);
            assertEquals(byHand(upTo(30), 5), List.of(sink.values(0), sink.values(1)), "start " + start);
        }
    }

    @Test
    void shouldTakeLostFramesForWhatIsInitial() throws InterruptedException {
        TestSink sink = new TestSink();
        TestSource source = TestSource.of(40).live().onRead((index, frame) -> {
            frame.framesLostBefore(index == 9 ? 3 : index == 20 ? 100 : 0);
        });
        Runner runner = new Runner(loop(source, 6, sink).build());

        runner.start();
        Running.awaitStopped(runner);

        List<Integer> indices = new ArrayList<>();
        for (Chunk chunk : sink.chunks(0)) {
            for (int t = 0; t < chunk.frames(); t++) {
                indices.add((int) chunk.firstFrame() + t);
            }
        }
        assertEquals(List.of(8, 12, 13), indices.subList(8, 11));
        assertEquals(142, indices.get(39));
        assertEquals(byHand(indices, 6), List.of(sink.values(0), sink.values(1)));
        Running.assertAccountsBalance(runner, 40);
    }

    @Test
    void shouldFeedALayerBackToItself() throws InterruptedException {
        TestSink sink = new TestSink();
        Runner runner = new Runner(Running.pipeline()
                .source(Running.source(TestSource.of(20)))
                .layer(mix("mix").feedback("b", edge("mix", 4, 0)))
                .sink(Running.sink("sink", sink))
                .build());

        runner.start();
        Running.awaitStopped(runner);

        float[] y = new float[20];
        for (int t = 0; t < 20; t++) {
            y[t] = t + (t < 4 ? 0 : y[t - 4] / 2);
            assertEquals(y[t], sink.values().get(t), "frame " + t);
        }
    }

    @Test
    void shouldKeepStepWithASignalWhenAllIsFedBack() throws InterruptedException {
        TestSink sink = new TestSink();
        Runner runner = new Runner(Running.pipeline()
                .source(Running.source(TestSource.of(20)))
                .layer(mix("mix").feedback("a", edge("source", 5, 9)).feedback("b", edge("mix", 4, 2)))
                .sink(Running.sink("sink", sink))
                .build());

        runner.start();
        Running.awaitStopped(runner);

        float[] y = new float[20];
        for (int t = 0; t < 20; t++) {
            y[t] = (t < 5 ? 9 : t - 5) + (t < 4 ? 2 : y[t - 4]) / 2;
            assertEquals(y[t], sink.values().get(t), "frame " + t);
        }
    }

    @Test
    void shouldReadWhatASignalToldThatIsAheadOfItsReader() throws InterruptedException {
        CountDownLatch aheadHasStopped = new CountDownLatch(1);
        AtomicInteger ahead = new AtomicInteger();
        Gain fast = new Gain().onProcess(chunk -> ahead.set((int) chunk.endFrame()));
        // Slow for a while: as long as the other has not come to rest, it takes nothing.
        Gain slow = new Gain().onProcess(chunk -> {
            if (chunk.firstFrame() == 0) {
                awaitLatch(aheadHasStopped);
            }
        });
        TestSink sink = new TestSink();
        Runner runner = new Runner(Running.pipeline()
                .source(Running.source(TestSource.of(400)))
                .layer(Running.layer("fast", fast))
                .layer(Running.layer("slow", slow).from("source"))
                .layer(mix("mix").from("slow").feedback("b", edge("fast", 8, 0)))
                .sink(Running.sink("sink", sink))
                .build());

        runner.start();
        Await.until("the fast one goes ahead", () -> ahead.get() >= 8);
        aheadHasStopped.countDown();
        Running.awaitStopped(runner);

        assertEquals(400, sink.values().size());
        assertEquals(2f * 399 + 2f * 391 / 2, sink.values().get(399));
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            Await.latch("what the test waits for", latch);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldStopAnEndlessLoopWithEveryFrameDelivered() throws InterruptedException {
        TestSink sink = new TestSink();
        CountDownLatch running = new CountDownLatch(50);
        sink.onAccept((signal, chunk) -> running.countDown());
        Runner runner = new Runner(loop(TestSource.endless(), 4, sink).build());

        runner.start();
        Await.latch("chunks at the sink", running);
        runner.stop();
        Running.awaitStopped(runner);

        List<List<Float>> expected = byHand(upTo(sink.values(0).size()), 4);
        assertEquals(expected, List.of(sink.values(0), sink.values(1)));
    }

    @Test
    void shouldEndALoopWhoseLayerFails() throws InterruptedException {
        TestSink sink = new TestSink();
        Gain breaking = new Gain().onProcess(chunk -> {
            if (chunk.firstFrame() == 12) {
                throw new IllegalStateException("broken");
            }
        });
        Runner runner = new Runner(Running.pipeline()
                .source(Running.source(TestSource.endless()))
                .layer(mix("mix").feedback("b", edge("breaking", 4, 0)))
                .layer(Running.layer("breaking", breaking))
                .sink(Running.sink("sink", sink).from("mix"))
                .build());

        runner.start();
        Throwable failure = Running.awaitFailure(runner);

        assertEquals(LayerException.class, failure.getClass());
        assertEquals("layer breaking at frame 12: broken", failure.getMessage());
        assertEquals(16, sink.values().size(), "all that does not depend on the broken frame is there");
        assertEquals(1, sink.closed());
    }

    // ------------------------------------------------------------------------------------------------ what is refused

    private static String problem(Pipeline.Builder builder) {
        PipelineException error = assertThrows(PipelineException.class, builder::build);
        assertEquals(1, error.problems().size(), error::getMessage);
        return String.valueOf(error.problems().get(0));
    }

    private static Pipeline.Builder around(Stage mix) {
        return Running.pipeline()
                .source(Running.source(TestSource.of(1)))
                .layer(mix.named("mix"))
                .sink(Running.sink("sink", new TestSink()));
    }

    @Test
    void shouldRefuseInputsThatDoNotFit() {
        assertEquals(
                "layers[0].from: the layer takes 2 signals, for a, b, but was given [source.output]",
                problem(around(mix("mix"))));
        assertEquals(
                "layers[0].from: the layer takes one signal, for a, but was given [source.output, source.output]",
                problem(around(mix("mix").from("source", "source").feedback("b", edge("mix", 4, 0)))));
        assertEquals(
                "layers[0].from: every input of the layer is fed back, so it takes one signal to keep step with, but"
                        + " [source.output, source.output] were given",
                problem(around(mix("mix")
                        .from("source", "source")
                        .feedback("a", edge("mix", 4, 0))
                        .feedback("b", edge("mix", 4, 0)))));
        assertEquals(
                "layers[0].from: nothing goes to the input b; give it a signal",
                problem(around(mix("mix").input("a", "source"))));
        assertEquals(
                "layers[0].from.bb: stage mix has no input \"bb\"; did you mean \"b\"?; it has a, b",
                problem(around(
                        mix("mix").input("a", "source").input("b", "source").input("bb", "source"))));
        assertEquals(
                "layers[0].from.b: the input b is fed back already; leave one of them out",
                problem(around(
                        mix("mix").input("a", "source").input("b", "source").feedback("b", edge("mix", 4, 0)))));
        assertEquals(
                "layers[0].from.a: the input a is given two signals; leave one out",
                problem(around(
                        mix("mix").input("a", "source").input("b", "source").input("a", "source"))));
        assertEquals(
                "sinks[0].feedback: only layers have inputs that signals can go back to",
                problem(Running.pipeline()
                        .source(Running.source(TestSource.of(1)))
                        .sink(Running.sink("sink", new TestSink()).feedback("b", edge("source", 4, 0)))));
        assertEquals(
                "sinks[0].from: only layers have inputs with names; give the signals as a list",
                problem(Running.pipeline()
                        .source(Running.source(TestSource.of(1)))
                        .sink(Running.sink("sink", new TestSink()).input("b", "source"))));
    }

    @Test
    void shouldRefuseACycleThatIsNoFeedback() {
        assertEquals(
                "layers[0].from: stage \"right\" does not come before this one, and signals go one way; let it go back as"
                        + " feedback, such as feedback: {x1: {signal: right, delayFrames: 100, shape: 4x1x1, initial: 0}}",
                problem(Running.pipeline()
                        .source(Running.source(TestSource.of(1)))
                        .layer(mix("left").from("source", "right"))
                        .layer(mix("right").from("source", "left"))
                        .sink(Running.sink("sink", new TestSink()).from("left", "right"))));
    }

    @Test
    void shouldRefuseFeedbackThatDoesNotFit() {
        assertEquals(
                "layers[0].feedback.b.delayFrames: delayFrames must be at least the dt of the pipeline, 4, but was 3; feed"
                        + " back later, or use a smaller dt",
                problem(around(mix("mix").feedback("b", edge("mix", 3, 0)))));
        assertEquals(
                "layers[0].feedback.b.signal: no stage \"mis\"; did you mean \"mix\"?; there are source, mix",
                problem(around(mix("mix").feedback("b", edge("mis", 4, 0)))));
        assertEquals(
                "layers[0].feedback.a.initial: the input a of stage mix takes no missing values; give a number, for example"
                        + " 0",
                problem(around(mix("mix").feedback("a", edge("mix", 4, Float.NaN)))));
        assertEquals(
                "layers[0].feedback.c: stage mix has no input \"c\"; did you mean \"a\"?; it has a, b",
                problem(around(mix("mix").from("source", "source").feedback("c", edge("mix", 4, 0)))));
        assertEquals(
                "delayFrames must be within [1, 1048576] but was 0; give at least the dt of the pipeline",
                assertThrows(IllegalArgumentException.class, () -> edge("mix", 0, 0))
                        .getMessage());
        assertEquals(
                "initial must be a finite number, or NaN for missing values, but was Infinity",
                assertThrows(IllegalArgumentException.class, () -> edge("mix", 4, Float.POSITIVE_INFINITY))
                        .getMessage());
    }

    private static String failureOf(Pipeline pipeline) {
        return assertThrows(IllegalArgumentException.class, () -> new Runner(pipeline).start())
                .getMessage();
    }

    @Test
    void shouldRefuseFeedbackOfAnotherShape() {
        assertEquals(
                "feedback b of mix was said to be of the shape 2x1x1 but the signal mix.output is 1x1x1; set shape to"
                        + " 1x1x1",
                failureOf(around(mix("mix").feedback("b", new FeedbackEdge("mix", 4, Shape.vector(2), 0)))
                        .build()));
    }

    @Test
    void shouldRefuseFeedbackThatTellsOfEarlierFrames() {
        assertEquals(
                "feedback b of mix comes by way of late, which tells of earlier frames; feed back a signal before it",
                failureOf(Running.pipeline()
                        .source(Running.source(TestSource.of(9)))
                        .layer(mix("mix").feedback("b", edge("late.late", 8, 0)))
                        .layer(Running.layer("late", new Late(2)))
                        .sink(Running.sink("sink", new TestSink()).from("mix"))
                        .build()));
    }

    @Test
    void shouldShowFeedbackInTheGraphAndItsMemory() {
        Pipeline pipeline = loop(TestSource.of(1), 100, new TestSink()).build();

        PipelinePlan plan = PipelinePlan.of(pipeline, Catalog.load());

        String text = plan.toString();
        assertTrue(text.contains("b <~ right.output after 100 frames"), text);
        assertTrue(text.contains("b <~ left.output after 100 frames"), text);
        // Two edges: 100 + 2 * 4 frames of a float and an index, and a chunk of 4 floats.
        long without = PipelinePlan.of(
                        Running.pipeline()
                                .source(Running.source(TestSource.of(1)))
                                .layer(mix("left").from("source", "source"))
                                .layer(mix("right").from("source", "left"))
                                .sink(Running.sink("sink", new TestSink()))
                                .build(),
                        Catalog.load())
                .chunkBytes();
        assertEquals(2 * (108 * (4 + 8) + 4 * 4), plan.chunkBytes() - without);
    }
}
