package org.amacrine.core.flux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.ChunkPool;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.BaseLayer;
import org.amacrine.core.layer.Graph;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.run.Command;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Gain;
import org.amacrine.core.testing.Split;
import org.amacrine.core.testing.Task;
import org.amacrine.core.testing.Total;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

@Timeout(60)
class LayerOperatorTest {
    private static final int DT = 2;
    private static final Duration LIMIT = Duration.ofSeconds(Await.LIMIT_SECONDS);

    private final PooledChunks input = new PooledChunks(DT, 8);
    private final List<LayerStage> stages = new ArrayList<>();

    private LayerOperator operator(Layer layer) {
        LayerOperator operator = LayerOperator.of("model", layer, ScalarKernels.INSTANCE, DT);
        stages.add(operator.stage());
        return operator;
    }

    private Flux<Chunk> through(Layer layer, int chunks) {
        return input.flux(chunks).transform(operator(layer));
    }

    @AfterEach
    void allChunksAreHome() {
        input.assertHome();
        for (LayerStage stage : stages) {
            assertEquals(List.of(), ChunkPool.notFull(stage.pools()));
        }
    }

    private static TestSubscriber<Chunk> subscriber(long initialRequest) {
        return TestSubscriber.builder().initialRequest(initialRequest).build();
    }

    private static List<String> used(TestSubscriber<Chunk> subscriber) {
        return subscriber.getReceivedOnNext().stream().map(PooledChunks::used).toList();
    }

    // ------------------------------------------------------------------------------------------------ outputs, demand

    @Test
    void shouldGiveOneChunkForEachThatComesIn() {
        StepVerifier.create(through(new Gain(), 3).map(PooledChunks::used))
                .expectNext("output[0..2) [0, 2]", "output[2..4) [4, 6]", "output[4..6) [8, 10]")
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldGiveOneChunkOfEachOutputInOrder() {
        StepVerifier.create(through(new Split(), 2).map(PooledChunks::used))
                .expectNext("plus[0..2) [1, 2]", "minus[0..2) [-1, 0]", "plus[2..4) [3, 4]", "minus[2..4) [1, 2]")
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldTakeOverLossesAndCaptureTimes() {
        Chunk chunk = input.next();
        chunk.begin(40, 7);
        chunk.frames(1);
        chunk.captureNanos(0, 123);

        StepVerifier.create(Flux.just(chunk).transform(operator(new Gain())))
                .assertNext(out -> {
                    assertEquals(40, out.firstFrame());
                    assertEquals(7, out.framesLostBefore());
                    assertEquals(1, out.frames());
                    assertEquals(123, out.captureNanos(0));
                    out.release();
                })
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldSendNoMoreThanIsWanted() {
        TestSubscriber<Chunk> subscriber = subscriber(0);
        through(new Split(), 3).subscribe(subscriber);

        for (int wanted = 1; wanted <= 6; wanted++) {
            assertEquals(wanted - 1, subscriber.getReceivedOnNext().size());
            assertFalse(subscriber.isTerminated());
            subscriber.request(1);
            assertEquals(wanted, subscriber.getReceivedOnNext().size());
        }
        subscriber.request(1);

        assertTrue(subscriber.isTerminatedComplete());
        assertEquals(6, used(subscriber).size());
    }

    @Test
    void shouldAskForAChunkOnlyWhenOutputIsWantedAndNonePending() {
        List<Long> asked = new ArrayList<>();
        TestSubscriber<Chunk> subscriber = subscriber(0);
        input.flux(9).doOnRequest(asked::add).transform(operator(new Split())).subscribe(subscriber);

        assertEquals(List.of(), asked, "nobody wants anything yet");
        subscriber.request(1);
        assertEquals(List.of(1L), asked);
        subscriber.request(1);
        assertEquals(List.of(1L), asked, "the second output was there already");
        subscriber.request(2);
        assertEquals(List.of(1L, 1L), asked);

        subscriber.cancel();
        used(subscriber);
    }

    @Test
    void shouldRunThroughWithoutLimit() {
        TestSubscriber<Chunk> subscriber = subscriber(0);
        through(new Total(), 1_000).doOnNext(Chunk::release).subscribe(subscriber);

        subscriber.request(Long.MAX_VALUE);

        assertTrue(subscriber.isTerminatedComplete());
        assertEquals(1_000, subscriber.getReceivedOnNext().size());
    }

    @Test
    void shouldRunSeveralLayersBehindEachOther() {
        Flux<Chunk> chunks =
                through(new Gain(), 3).transform(operator(new Total())).transform(operator(new Gain()));

        StepVerifier.create(chunks.map(PooledChunks::used))
                .expectNext("output[0..2) [0, 4]", "output[2..4) [12, 24]", "output[4..6) [40, 60]")
                .expectComplete()
                .verify(LIMIT);
    }

    // ------------------------------------------------------------------------------------------------ preparation

    @Test
    void shouldPrepareTheLayerByTheFirstChunk() {
        LayerOperator operator = operator(new Gain());
        TestSubscriber<Chunk> subscriber = subscriber(0);
        input.flux(1).transform(operator).subscribe(subscriber);
        assertFalse(operator.stage().isPrepared());

        subscriber.request(1);

        assertTrue(operator.stage().isPrepared());
        assertEquals(PooledChunks.PIXEL, operator.stage().pools().get(0).shape());
        used(subscriber);
    }

    @Test
    void shouldUseALayerThatIsPreparedAlready() {
        LayerOperator operator = operator(new Gain());
        operator.stage().prepare(List.of(PooledChunks.PIXEL));
        ChunkPool pool = operator.stage().pools().get(0);

        StepVerifier.create(input.flux(2).transform(operator).map(PooledChunks::used))
                .expectNextCount(2)
                .expectComplete()
                .verify(LIMIT);
        assertSame(pool, operator.stage().pools().get(0));
    }

    @Test
    void shouldEndWithWhatALayerSaysThatCannotBePrepared() {
        Layer picky = new BaseLayer("picky") {
            @Override
            protected List<Shape> allocate() {
                throw new IllegalArgumentException("frames need at least 2 rows");
            }

            @Override
            public void process(Chunk[] in, Chunk[] out) {}
        };

        StepVerifier.create(through(picky, 3))
                .expectErrorMatches(error -> error instanceof IllegalArgumentException
                        && error.getMessage().equals("layer model: frames need at least 2 rows"))
                .verify(LIMIT);
    }

    @Test
    void shouldRejectALayerWithInputsThatNothingGoesTo() {
        Graph two = Graph.builder("two")
                .input("a")
                .input("b")
                .node("gain", new Gain(), List.of("a"))
                .output("output", "gain")
                .build();

        LayerStage stage = operator(two).stage();
        List<Shape> shapes = List.of(PooledChunks.PIXEL, PooledChunks.PIXEL);

        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> stage.prepare(shapes));

        assertEquals(
                "layer model takes the inputs [a, b] but only one stream was given; connect the others",
                error.getMessage());
    }

    // ------------------------------------------------------------------------------------------------ memory in flight

    @Test
    void shouldStopWhenAllChunksAreHeldAndGoOnWhenOneIsReleased() {
        TestSubscriber<Chunk> subscriber = subscriber(Long.MAX_VALUE);
        List<Long> asked = new ArrayList<>();
        input.flux(9).doOnRequest(asked::add).transform(operator(new Gain())).subscribe(subscriber);

        int pool = LayerStage.POOL_CHUNKS;
        assertEquals(pool, subscriber.getReceivedOnNext().size());
        assertEquals(pool, asked.size(), "no chunk is asked for that there is no room for");
        for (int released = 0; released < 9; released++) {
            assertEquals(
                    Math.min(9, pool + released), subscriber.getReceivedOnNext().size());
            subscriber.getReceivedOnNext().get(released).release();
        }

        assertTrue(subscriber.isTerminatedComplete());
        assertEquals(9, subscriber.getReceivedOnNext().size());
    }

    @Test
    void shouldStopWhenOneOfTwoOutputsIsHeld() {
        TestSubscriber<Chunk> subscriber = subscriber(Long.MAX_VALUE);
        through(new Split(), 9)
                .doOnNext(chunk -> {
                    if (chunk.output().equals("minus")) {
                        chunk.release();
                    }
                })
                .subscribe(subscriber);

        assertEquals(8, subscriber.getReceivedOnNext().size(), "four of each");
        subscriber.getReceivedOnNext().get(0).release();
        assertEquals(10, subscriber.getReceivedOnNext().size());

        for (int i = 2; i < 18; i += 2) {
            subscriber.getReceivedOnNext().get(i).release();
        }
        assertTrue(subscriber.isTerminatedComplete());
    }

    @Test
    void shouldGoOnWhenAnotherThreadReleasesAChunk() throws InterruptedException {
        TestSubscriber<Chunk> subscriber = subscriber(Long.MAX_VALUE);
        through(new Gain(), 5).subscribe(subscriber);
        assertEquals(4, subscriber.getReceivedOnNext().size());

        Task.start("releaser", () -> {
                    subscriber.getReceivedOnNext().get(0).release();
                    return null;
                })
                .result();

        assertEquals(5, subscriber.getReceivedOnNext().size());
        subscriber.getReceivedOnNext().subList(1, 5).forEach(Chunk::release);
        assertTrue(subscriber.isTerminatedComplete());
    }

    @Test
    void shouldNotTouchAnythingWhenAChunkComesHomeAfterCancellation() {
        TestSubscriber<Chunk> subscriber = subscriber(Long.MAX_VALUE);
        through(new Gain(), 9).subscribe(subscriber);

        subscriber.cancel();
        subscriber.getReceivedOnNext().forEach(Chunk::release);

        assertEquals(4, subscriber.getReceivedOnNext().size());
    }

    // ------------------------------------------------------------------------------------------------ commands

    @Test
    void shouldApplyCommandsBetweenTwoChunks() {
        LayerOperator operator = operator(new Gain());
        List<String> journal = new ArrayList<>();
        operator.stage()
                .journal((command, frame) -> journal.add(command.values().get("gain") + "@" + frame));
        Command triple = Command.set("gain", 3);
        Command tenfold = Command.set("gain", 10);
        Command refused = Command.set("gain", -1);
        TestSubscriber<Chunk> subscriber = subscriber(1);
        input.flux(4).transform(operator).subscribe(subscriber);

        operator.stage().commands().submit(triple);
        assertFalse(triple.done().isDone(), "the layer's thread applies it, not this one");
        subscriber.request(1);
        operator.stage().commands().submit(refused);
        operator.stage().commands().submit(tenfold);
        subscriber.request(2);

        assertEquals(2, triple.done().join());
        assertEquals(4, tenfold.done().join());
        Throwable error =
                assertThrows(Exception.class, () -> refused.done().join()).getCause();
        assertEquals(
                "gain must be a finite number > 0 and <= 1000 but was -1; what frames are multiplied by, for example 2",
                error.getMessage());
        assertEquals(List.of("3@2", "10@4"), journal);
        assertEquals(
                List.of("output[0..2) [0, 2]", "output[2..4) [6, 9]", "output[4..6) [40, 50]", "output[6..8) [60, 70]"),
                used(subscriber));
    }

    @Test
    void shouldApplyCommandsWithoutChunksWhenAsked() {
        LayerOperator operator = operator(new Gain());
        TestSubscriber<Chunk> subscriber = subscriber(2);
        input.flux(2).transform(operator).subscribe(subscriber);
        Command command = Command.set("gain", 3);
        operator.stage().commands().submit(command);

        operator.stage().applyCommands();

        assertEquals(4, command.done().join(), "the frame that comes next");
        used(subscriber);
    }

    @Test
    void shouldCountWhatItDoes() {
        LayerOperator operator = operator(new Gain());

        StepVerifier.create(input.flux(3)
                        .doOnNext(chunk -> operator.stage().chunkQueued())
                        .transform(operator)
                        .map(PooledChunks::used))
                .expectNextCount(3)
                .expectComplete()
                .verify(LIMIT);

        var counted = operator.stage().metrics().snapshot();
        assertEquals("model", counted.stage());
        assertEquals(3, counted.chunks());
        assertEquals(6, counted.frames());
        assertEquals(3, counted.work().count());
        assertEquals(3, counted.age().count());
        assertEquals(0, counted.queueDepth());
    }
}
