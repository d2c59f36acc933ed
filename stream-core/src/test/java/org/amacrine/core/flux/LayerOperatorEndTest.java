package org.amacrine.core.flux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.ChunkPool;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerException;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Gain;
import org.amacrine.core.testing.Late;
import org.amacrine.core.testing.Split;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** How a stream through a layer ends: by itself, by an error, by a cancellation; and all chunks come home. */
@Timeout(60)
class LayerOperatorEndTest {
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

    // ------------------------------------------------------------------------------------------------ cancellation

    @Test
    void shouldGiveEverythingBackWhenCancelledBeforeTheFirstChunk() {
        TestSubscriber<Chunk> subscriber = subscriber(0);
        LayerOperator operator = operator(new Gain());
        operator.stage().prepare(List.of(PooledChunks.PIXEL));
        TestPublisher<Chunk> upstream = TestPublisher.create();
        upstream.flux().transform(operator).subscribe(subscriber);
        subscriber.request(1); // an output chunk is reserved now

        subscriber.cancel();

        upstream.assertCancelled();
        assertEquals(List.of(), subscriber.getReceivedOnNext());
    }

    @Test
    void shouldGiveEverythingBackWhenCancelledInTheMiddle() {
        StepVerifier.create(through(new Gain(), 9).map(PooledChunks::used), 3)
                .expectNextCount(3)
                .thenCancel()
                .verify(LIMIT);
    }

    @Test
    void shouldGiveEverythingBackWhenCancelledWithOutputsPending() {
        TestSubscriber<Chunk> subscriber = subscriber(3);
        through(new Split(), 9).subscribe(subscriber);
        assertEquals(3, subscriber.getReceivedOnNext().size());

        subscriber.cancel();

        assertEquals(List.of("plus[0..2) [1, 2]", "minus[0..2) [-1, 0]", "plus[2..4) [3, 4]"), used(subscriber));
    }

    @Test
    void shouldSendNothingMoreWhenCancelledWhileTheLayerWorks() {
        AtomicReference<Subscription> subscription = new AtomicReference<>();
        List<Chunk> received = new ArrayList<>();
        Gain gain = new Gain().onProcess(chunk -> {
            if (chunk.firstFrame() == 2) {
                subscription.get().cancel();
            }
        });

        through(gain, 9).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription given) {
                subscription.set(given);
                given.request(9);
            }

            @Override
            protected void hookOnNext(Chunk chunk) {
                received.add(chunk);
            }
        });

        assertEquals(
                List.of("output[0..2) [0, 2]"),
                received.stream().map(PooledChunks::used).toList());
    }

    @Test
    void shouldSendNothingMoreWhenCancelledByTheReceiverOfAnOutput() {
        List<String> received = new ArrayList<>();
        through(new Split(), 9).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(Chunk chunk) {
                received.add(PooledChunks.used(chunk));
                if (received.size() == 3) {
                    cancel();
                }
            }
        });

        assertEquals(List.of("plus[0..2) [1, 2]", "minus[0..2) [-1, 0]", "plus[2..4) [3, 4]"), received);
    }

    @Test
    void shouldReleaseAChunkThatComesAfterCancellation() {
        TestPublisher<Chunk> upstream = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        TestSubscriber<Chunk> subscriber = subscriber(2);
        upstream.flux().transform(operator(new Gain())).subscribe(subscriber);
        upstream.next(input.next());
        subscriber.cancel();

        upstream.next(input.next());

        assertEquals(List.of("output[0..2) [0, 2]"), used(subscriber));
    }

    // ------------------------------------------------------------------------------------------------ ends and errors

    @Test
    void shouldCompleteBehindPendingOutputs() {
        TestSubscriber<Chunk> subscriber = subscriber(1);
        through(new Split(), 1).subscribe(subscriber);
        assertFalse(subscriber.isTerminated(), "one output is still to be sent");

        subscriber.request(1);
        subscriber.request(1);

        assertTrue(subscriber.isTerminatedComplete());
        assertEquals(List.of("plus[0..2) [1, 2]", "minus[0..2) [-1, 0]"), used(subscriber));
    }

    @Test
    void shouldCompleteWithoutDemandWhenNothingIsPending() {
        TestSubscriber<Chunk> subscriber = subscriber(0);
        TestPublisher<Chunk> upstream = TestPublisher.create();
        upstream.flux().transform(operator(new Gain())).subscribe(subscriber);

        upstream.complete();

        assertTrue(subscriber.isTerminatedComplete());
    }

    @Test
    void shouldPassAnErrorOnBehindPendingOutputs() {
        TestSubscriber<Chunk> subscriber = subscriber(1);
        TestPublisher<Chunk> upstream = TestPublisher.create();
        IllegalStateException cause = new IllegalStateException("cable pulled");
        upstream.flux().transform(operator(new Split())).subscribe(subscriber);
        upstream.next(input.next());
        upstream.error(cause);
        assertFalse(subscriber.isTerminated(), "one output is still to be sent");

        subscriber.request(1);

        assertSame(cause, subscriber.expectTerminalError());
        assertEquals(List.of("plus[0..2) [1, 2]", "minus[0..2) [-1, 0]"), used(subscriber));
    }

    @Test
    void shouldPassAnErrorOnBeforeTheFirstChunk() {
        StepVerifier.create(Flux.<Chunk>error(new IllegalStateException("no such camera"))
                        .transform(operator(new Gain())))
                .expectErrorMessage("no such camera")
                .verify(LIMIT);
    }

    @Test
    void shouldEndWithTheErrorOfTheLayerBehindEverythingBefore() {
        Gain gain = new Gain().onProcess(chunk -> {
            if (chunk.firstFrame() == 4) {
                throw new ArithmeticException("out of range");
            }
        });
        TestPublisher<Chunk> upstream = TestPublisher.create();
        TestSubscriber<Chunk> subscriber = subscriber(9);
        upstream.flux().transform(operator(gain)).subscribe(subscriber);

        upstream.next(input.next()).next(input.next()).next(input.next());

        LayerException error = assertInstanceOf(LayerException.class, subscriber.expectTerminalError());
        assertEquals("layer model at frame 4: out of range", error.getMessage());
        assertEquals("model", error.layer());
        assertEquals(4, error.frame());
        assertInstanceOf(ArithmeticException.class, error.getCause());
        upstream.assertCancelled();
        assertEquals(List.of("output[0..2) [0, 2]", "output[2..4) [4, 6]"), used(subscriber));
    }

    @Test
    void shouldPassOnAnErrorThatIsNoException() {
        Gain gain = new Gain().onProcess(chunk -> {
            throw new AssertionError("must not be");
        });

        StepVerifier.create(through(gain, 2))
                .expectErrorMatches(error -> error instanceof AssertionError)
                .verify(LIMIT);
    }

    @Test
    void shouldNameTheFrameOfAValueThatIsNoNumber() {
        Flux<Chunk> chunks = input.flux(3).doOnNext(chunk -> {
            if (chunk.firstFrame() == 2) {
                chunk.values()[chunk.start(1)] = Float.NaN;
            }
        });

        StepVerifier.create(chunks.transform(operator(new Gain())).map(PooledChunks::used))
                .expectNext("output[0..2) [0, 2]")
                .expectErrorMessage("layer model at frame 3: channel 0, row 0, column 0 is NaN;"
                        + " replace it before it reaches the layer")
                .verify(LIMIT);
    }

    @Test
    void shouldNameTheFrameOfAChunkOfAnotherExtent() {
        Chunk large = Chunk.unpooled(Shape.image(5, 5), 1);
        large.begin(2, 0);
        large.frames(1);

        StepVerifier.create(Flux.just(input.next(), large)
                        .transform(operator(new Gain()))
                        .map(PooledChunks::used))
                .expectNext("output[0..2) [0, 2]")
                .expectErrorMessage(
                        "layer model at frame 2: it was prepared for 1x1x1 frames but the chunk holds 1x5x5;"
                                + " resize the source or prepare again")
                .verify(LIMIT);
    }

    // ------------------------------------------------------------------------------------------------ thrown away

    private static void release(Chunk chunk) {
        chunk.release();
    }

    @Test
    void shouldGetChunksBackThatAFilterThrowsAway() {
        StepVerifier.create(through(new Gain(), 6)
                        .filter(chunk -> chunk.firstFrame() % 4 == 0)
                        .doOnDiscard(Chunk.class, LayerOperatorEndTest::release)
                        .map(PooledChunks::used))
                .expectNext("output[0..2) [0, 2]", "output[4..6) [8, 10]", "output[8..10) [16, 18]")
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldGetChunksBackThatAreSkippedOrBehindTheLastOneTaken() {
        StepVerifier.create(through(new Split(), 9)
                        .skip(3)
                        .take(2)
                        .doOnDiscard(Chunk.class, LayerOperatorEndTest::release)
                        .map(PooledChunks::used))
                .expectNext("minus[2..4) [1, 2]", "plus[4..6) [5, 6]")
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldGetChunksBackThatWaitOnTheirWayToAnotherThread() {
        StageThread thread = new StageThread("op-test");
        TestSubscriber<Chunk> subscriber = subscriber(2);
        through(new Gain(), 9)
                .transform(HandOver.to(thread, 2))
                .doOnDiscard(Chunk.class, LayerOperatorEndTest::release)
                .subscribe(subscriber);
        Await.until("two chunks arrive", () -> subscriber.getReceivedOnNext().size() == 2);

        subscriber.cancel();
        thread.dispose();

        assertEquals(List.of("output[0..2) [0, 2]", "output[2..4) [4, 6]"), used(subscriber));
        List<ChunkPool> pools = new ArrayList<>(stages.get(0).pools());
        pools.add(input.pool);
        PooledChunks.awaitHome("after the cancellation", pools);
    }

    @Test
    void shouldGetChunksBackThatOperatorsBeforeItThrowAway() {
        StepVerifier.create(input.flux(6)
                        .filter(chunk -> chunk.firstFrame() % 4 == 0)
                        .transform(operator(new Gain()))
                        .map(PooledChunks::used))
                .expectNext("output[0..2) [0, 2]", "output[4..6) [8, 10]", "output[8..10) [16, 18]")
                .expectComplete()
                .verify(LIMIT);
    }

    // ------------------------------------------------------------------------------------------------ held back

    @Test
    void shouldGiveOutWhatWasHeldBackBeforeItCompletes() {
        StepVerifier.create(through(new Late(3), 2).map(PooledChunks::used))
                .expectNext("late[-3..-1) [-1, -1]", "now[0..2) [0, 1]", "late[-1..1) [-1, 0]", "now[2..4) [2, 3]")
                .expectNext("late[1..3) [1, 2]", "late[3..4) [3]")
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldWaitWithWhatWasHeldBackUntilItIsWanted() {
        StepVerifier.create(through(new Late(3), 2).map(PooledChunks::used), 4)
                .expectNextCount(4)
                .thenRequest(1)
                .expectNext("late[1..3) [1, 2]")
                .thenRequest(1)
                .expectNext("late[3..4) [3]")
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldCompleteUnaskedWhenNothingIsHeldBack() {
        Flux<Chunk> twoChunks = input.flux(5).take(2);
        StepVerifier.create(twoChunks.transform(operator(new Gain())).map(PooledChunks::used), 2)
                .expectNextCount(2)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldGiveBackWhatWasHeldBackWhenCancelled() {
        TestSubscriber<Chunk> subscriber = subscriber(4);
        through(new Late(3), 2).subscribe(subscriber);

        subscriber.cancel();

        assertEquals(4, used(subscriber).size());
    }

    @Test
    void shouldNotGiveOutWhatWasHeldBackBehindAnError() {
        TestSubscriber<Chunk> subscriber = subscriber(Long.MAX_VALUE);
        input.flux(1)
                .concatWith(Flux.error(new IllegalStateException("unplugged")))
                .transform(operator(new Late(3)))
                .subscribe(subscriber);

        assertEquals("unplugged", subscriber.expectTerminalError().getMessage());
        assertEquals(List.of("late[-3..-1) [-1, -1]", "now[0..2) [0, 1]"), used(subscriber));
    }
}
