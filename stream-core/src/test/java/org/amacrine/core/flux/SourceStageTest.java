package org.amacrine.core.flux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.ring.Interpolation;
import org.amacrine.core.ring.Overflow;
import org.amacrine.core.run.Clock;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.ManualClock;
import org.amacrine.core.testing.TestSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

@Timeout(60)
class SourceStageTest {
    private static final Duration LIMIT = Duration.ofSeconds(Await.LIMIT_SECONDS);
    private static final long MILLI = 1_000_000;

    private final ManualClock clock = new ManualClock();
    private SourceStage stage;

    /** Chunks of 2 frames, 1000 steps a second. */
    private SourceStage open(TestSource source, boolean paced, Clock time) {
        stage = new SourceStage(
                source,
                new SourceStage.Settings(
                        "eye",
                        new Resolution(10, 1000, 1e-6),
                        ScalarKernels.INSTANCE,
                        0,
                        2,
                        8,
                        Overflow.BLOCK,
                        Interpolation.HOLD,
                        Long.MAX_VALUE,
                        paced,
                        time));
        stage.open();
        return stage;
    }

    @AfterEach
    void close() throws InterruptedException {
        if (stage != null) {
            stage.close();
            assertNull(stage.join(1));
            if (stage.pool() != null) {
                assertEquals(0, stage.pool().inUse());
            }
        }
    }

    private TestSubscriber<Chunk> subscriber(long wanted) {
        TestSubscriber<Chunk> subscriber =
                TestSubscriber.builder().initialRequest(wanted).build();
        stage.chunks().subscribe(subscriber);
        return subscriber;
    }

    private static void release(TestSubscriber<Chunk> subscriber) {
        subscriber.getReceivedOnNext().forEach(Chunk::release);
    }

    // ------------------------------------------------------------------------------------------------ chunks

    @Test
    void shouldSendTheFramesInChunks() {
        open(TestSource.of(5), false, Clock.SYSTEM);

        StepVerifier.create(stage.chunks().map(PooledChunks::used))
                .expectNext("output[0..2) [0, 1]", "output[2..4) [2, 3]", "output[4..5) [4]")
                .expectComplete()
                .verify(LIMIT);
        assertEquals(5, stage.ledger().counts().used());
        assertEquals(3, stage.metrics().snapshot().chunks());
        assertEquals(9 * Float.BYTES, stage.ringBytes());
    }

    @Test
    void shouldSendNoMoreThanIsWantedNorThanThereAreFreeChunks() {
        TestSource source = TestSource.endless();
        open(source, false, Clock.SYSTEM);
        TestSubscriber<Chunk> subscriber = subscriber(1);
        Await.until("the first chunk", () -> subscriber.getReceivedOnNext().size() == 1);
        assertTrue(source.read() <= 2 + 8 + 4, "chunk, ring and what is in hand: " + source.read());

        subscriber.request(Long.MAX_VALUE);

        int pool = SourceStage.POOL_CHUNKS;
        Await.until("all chunks", () -> subscriber.getReceivedOnNext().size() == pool);
        subscriber.getReceivedOnNext().get(0).release();
        Await.until("one more", () -> subscriber.getReceivedOnNext().size() == pool + 1);
        stage.close();
        subscriber.getReceivedOnNext().subList(1, pool + 1).forEach(Chunk::release);
    }

    @Test
    void shouldRefuseASecondSubscriber() {
        open(TestSource.of(5), false, Clock.SYSTEM);
        subscriber(0);

        StepVerifier.create(stage.chunks())
                .expectErrorMessage("source eye has a subscriber already; share its chunks")
                .verify(LIMIT);
    }

    @Test
    void shouldOpenAndCloseASourceWithEachSubscription() {
        TestSource source = TestSource.of(4);
        var chunks = SourceStage.flux(source, SourceStage.Settings.of("eye", ScalarKernels.INSTANCE, 4))
                .map(PooledChunks::used);

        for (int round = 1; round <= 2; round++) {
            StepVerifier.create(chunks)
                    .expectNext("output[0..4) [0, 1, 2, 3]")
                    .expectComplete()
                    .verify(LIMIT);
            int closed = round;
            Await.until("the source is closed", () -> source.closed() == closed);
        }
        assertEquals(2, source.opened());
    }

    // ------------------------------------------------------------------------------------------------ ends

    @Test
    void shouldSayWhyTheSourceCannotBeOpened() {
        TestSource source = TestSource.of(4).onOpen(() -> {
            throw new IOException("no such camera");
        });

        SourceException error = assertThrows(SourceException.class, () -> open(source, false, Clock.SYSTEM));

        assertEquals("source eye: no such camera", error.getMessage());
        Await.until("the source is closed", () -> source.closed() == 1);
    }

    @Test
    void shouldSendWhatCameBeforeTheSourceBrokeOff() {
        open(
                TestSource.of(9).onRead((index, frame) -> {
                    if (index == 3) {
                        throw new IOException("cable pulled");
                    }
                }),
                false,
                Clock.SYSTEM);

        StepVerifier.create(stage.chunks().map(PooledChunks::used))
                .expectNext("output[0..2) [0, 1]", "output[2..3) [2]")
                .expectErrorMessage("source eye at frame 3: cable pulled")
                .verify(LIMIT);
    }

    @Test
    void shouldSendWhatWasReadWhenStoppedWhileTheSourceWaits() throws InterruptedException {
        CountDownLatch waits = new CountDownLatch(1);
        TestSource source = TestSource.endless().onRead((index, frame) -> {
            if (index == 3) {
                waits.countDown();
                new CountDownLatch(1).await();
            }
        });
        open(source, false, Clock.SYSTEM);
        TestSubscriber<Chunk> subscriber = subscriber(9);
        Await.latch("the source waits", waits);

        stage.stop();

        Await.until("the end", subscriber::isTerminatedComplete);
        assertEquals(
                List.of("output[0..2) [0, 1]", "output[2..3) [2]"),
                subscriber.getReceivedOnNext().stream().map(PooledChunks::used).toList());
        assertEquals(1, source.closed());
    }

    @Test
    void shouldNotDisturbASourceThatIsBeingClosed() throws InterruptedException {
        CountDownLatch closing = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        AtomicBoolean disturbed = new AtomicBoolean();
        open(
                TestSource.of(2).onClose(() -> {
                    closing.countDown();
                    while (letGo.getCount() > 0) {
                        Thread.onSpinWait();
                    }
                    disturbed.set(Thread.currentThread().isInterrupted());
                }),
                false,
                Clock.SYSTEM);
        TestSubscriber<Chunk> subscriber = subscriber(9);
        Await.latch("the source is being closed", closing);

        stage.stop();
        letGo.countDown();

        Await.until("the end", subscriber::isTerminatedComplete);
        release(subscriber);
        assertFalse(disturbed.get());
    }

    @Test
    void shouldGoOnWithoutASourceThatDoesNotComeBack() throws InterruptedException {
        CountDownLatch letGo = new CountDownLatch(1);
        CountDownLatch away = new CountDownLatch(1);
        TestSource source = TestSource.endless().onRead((index, frame) -> {
            if (index == 3) {
                away.countDown();
            }
            while (index == 3 && letGo.getCount() > 0) {
                Thread.interrupted();
            }
        });
        open(source, false, Clock.SYSTEM);
        TestSubscriber<Chunk> subscriber = subscriber(9);
        Await.latch("three frames", away);
        stage.stop();

        stage.cutOff();

        Await.until("the end", subscriber::isTerminatedComplete);
        assertEquals(2, subscriber.getReceivedOnNext().size());
        release(subscriber);
        assertNotNull(stage.join(1), "the source's thread is alive");
        letGo.countDown();
        Await.end(stage.sourceThread());
        assertEquals(3, stage.ledger().counts().used());
    }

    @Test
    void shouldCloseWithoutASubscriber() throws InterruptedException {
        TestSource source = TestSource.of(3);
        open(source, false, Clock.SYSTEM);

        stage.close();

        Await.end(stage.sourceThread());
        assertEquals(1, source.closed());
        assertEquals(0, source.read());
    }

    @Test
    void shouldEndWhenCancelledFromWithin() throws InterruptedException {
        TestSource source = TestSource.endless();
        open(source, false, Clock.SYSTEM);

        StepVerifier.create(stage.chunks().map(PooledChunks::used).take(3))
                .expectNextCount(3)
                .expectComplete()
                .verify(LIMIT);

        assertNull(stage.join(Await.LIMIT_SECONDS * 1_000));
        assertEquals(1, source.closed());
    }

    // ------------------------------------------------------------------------------------------------ pace

    @Test
    void shouldLetFramesLeaveWhenTheyAreDueAndStampThem() throws InterruptedException {
        open(TestSource.of(3).rate(500), true, clock);
        TestSubscriber<Chunk> subscriber = subscriber(9);

        for (long due = 2; due <= 4; due += 2) {
            assertEquals(due * MILLI, clock.awaitSleeper());
            clock.advance(2 * MILLI);
        }

        Await.until("the end", subscriber::isTerminatedComplete);
        Chunk second = subscriber.getReceivedOnNext().get(1);
        assertEquals(ManualClock.START + 2 * MILLI, second.captureNanos(0), "500 frames a second, 1000 steps");
        assertEquals(0, stage.ledger().counts().late());
        release(subscriber);
    }

    @Test
    void shouldNotPaceALiveSource() {
        open(TestSource.of(4).live(), true, clock);

        StepVerifier.create(stage.chunks().map(PooledChunks::used))
                .expectNextCount(2)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldCountFramesThatComeMoreThanOneFramesTimeTooLate() throws InterruptedException {
        TestSource source = TestSource.of(4).onRead((index, frame) -> {
            if (index == 1) {
                clock.advance(3 * MILLI + 1);
            }
        });
        open(source, true, clock);
        TestSubscriber<Chunk> subscriber = subscriber(9);

        Await.until("the end", subscriber::isTerminatedComplete);

        // At 3 ms and a bit, those due at 1 ms and 2 ms are late by more than 1 ms; the one due at 3 ms is not.
        assertEquals(2, stage.ledger().counts().late());
        release(subscriber);
    }

    @Test
    void shouldNotCountAPauseAsLateness() throws InterruptedException {
        open(TestSource.of(3), true, clock);
        TestSubscriber<Chunk> subscriber = subscriber(9);
        assertEquals(MILLI, clock.awaitSleeper());

        stage.pause();
        clock.advance(MILLI);
        Await.waiting(stage.sourceThread());
        Await.until("the source is held back", () -> stage.ledger().counts().read() == 2);
        Await.waiting(stage.sourceThread());
        clock.advance(500 * MILLI);
        stage.resume();

        assertEquals(502 * MILLI, clock.awaitSleeper(), "the third frame is due later by the pause");
        clock.advance(MILLI);
        Await.until("the end", subscriber::isTerminatedComplete);
        assertEquals(0, stage.ledger().counts().late());
        release(subscriber);
    }
}
