package org.amacrine.core.flux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

@Timeout(120)
class HandOverTest {
    private final StageThread thread = new StageThread("op-test");
    private final PooledChunks input = new PooledChunks(1, 8);

    @AfterEach
    void allIsGivenBack() throws InterruptedException {
        thread.dispose();
        assertTrue(thread.join(Await.LIMIT_SECONDS * 1_000));
        input.assertHome();
    }

    private static TestSubscriber<Chunk> subscriber(long initialRequest) {
        return TestSubscriber.builder().initialRequest(initialRequest).build();
    }

    private static List<String> used(TestSubscriber<Chunk> subscriber) {
        return subscriber.getReceivedOnNext().stream().map(PooledChunks::used).toList();
    }

    /** Waits until the stage's thread has done all it had to do. */
    private void settle() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        thread.schedule(done::countDown);
        Await.latch("the thread of the stage", done);
    }

    @Test
    void shouldEndWithTheErrorOfASideInputThatNoFrameWaitedFor() throws InterruptedException {
        FeedbackInput side = new FeedbackInput(Shape.image(1, 1), 8, 0f, 1);
        side.take(Flux.error(new IllegalStateException("broken")));
        TestSubscriber<Chunk> subscriber = subscriber(10);

        new HandOver(input.flux(2), thread, 2, List.of(side)).subscribe(subscriber);
        subscriber.block(Duration.ofSeconds(Await.LIMIT_SECONDS));

        assertEquals(2, used(subscriber).size());
        assertEquals("broken", subscriber.expectTerminalError().getMessage());
    }

    private static Chunk chunk(int frames) {
        Chunk chunk = Chunk.unpooled(Shape.image(1, 1), 8);
        chunk.begin(0, 0);
        chunk.frames(frames);
        return chunk;
    }

    /** A stage that breaks in the middle of a chunk gives out what it has, and only then its error. */
    @Test
    void shouldPassOnWhatCameBeforeABreakWhenTheSideInputHasEndedAlready() throws InterruptedException {
        AlignedInput side = new AlignedInput(2);
        side.take(Flux.just(chunk(8)));
        TestPublisher<Chunk> upstream = TestPublisher.create();
        TestSubscriber<Chunk> subscriber = subscriber(10);
        IllegalStateException why = new IllegalStateException("frame 3 is not a number");
        new HandOver(upstream.flux(), thread, 2, List.of(side)).subscribe(subscriber);

        upstream.next(chunk(3));
        settle();
        assertFalse(subscriber.isTerminated(), "the error is still to come");
        upstream.error(why);
        settle();

        assertEquals(
                List.of(3),
                subscriber.getReceivedOnNext().stream().map(Chunk::frames).toList());
        assertSame(why, subscriber.expectTerminalError());
        side.clear();
    }

    @Test
    void shouldPassChunksOnInOrderOnTheThreadOfTheStage() throws InterruptedException {
        List<String> received = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch over = new CountDownLatch(1);

        new HandOver(input.flux(20), thread, 2)
                .doOnNext(chunk -> received.add(Thread.currentThread().getName() + " " + chunk.firstFrame()))
                .doOnNext(Chunk::release)
                .doOnComplete(over::countDown)
                .subscribe();

        Await.latch("the end", over);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            expected.add("op-test " + i);
        }
        assertEquals(expected, received);
    }

    @Test
    void shouldAskForAsManyChunksAsItCanHold() throws InterruptedException {
        AtomicLong asked = new AtomicLong();
        TestSubscriber<Chunk> subscriber = subscriber(0);
        new HandOver(input.flux(9).doOnRequest(asked::addAndGet), thread, 3).subscribe(subscriber);
        settle();
        assertEquals(3, asked.get());
        assertEquals(3, input.pool.inUse());

        subscriber.request(2);
        settle();

        assertEquals(5, asked.get(), "one more for each that was passed on");
        assertEquals(2, subscriber.getReceivedOnNext().size());
        subscriber.cancel();
        used(subscriber);
    }

    @Test
    void shouldCompleteBehindTheLastChunk() throws InterruptedException {
        TestSubscriber<Chunk> subscriber = subscriber(1);
        new HandOver(input.flux(2), thread, 3).subscribe(subscriber);
        settle();
        assertFalse(subscriber.isTerminated());

        subscriber.request(1);
        settle();

        assertTrue(subscriber.isTerminatedComplete(), "without further demand");
        assertEquals(2, used(subscriber).size());
    }

    @Test
    void shouldPassAnErrorOnBehindTheLastChunk() throws InterruptedException {
        TestPublisher<Chunk> upstream = TestPublisher.create();
        TestSubscriber<Chunk> subscriber = subscriber(0);
        IllegalStateException why = new IllegalStateException("cable pulled");
        new HandOver(upstream.flux(), thread, 2).subscribe(subscriber);
        upstream.next(input.next()).next(input.next()).error(why);
        settle();
        assertFalse(subscriber.isTerminated());

        subscriber.request(2);
        settle();

        assertSame(why, subscriber.expectTerminalError());
        assertEquals(2, used(subscriber).size());
    }

    @Test
    void shouldReleaseWhatWaitsWhenCancelled() throws InterruptedException {
        TestPublisher<Chunk> upstream = TestPublisher.create();
        TestSubscriber<Chunk> subscriber = subscriber(1);
        new HandOver(upstream.flux(), thread, 3).subscribe(subscriber);
        upstream.next(input.next()).next(input.next()).next(input.next());
        settle();

        subscriber.cancel();

        upstream.assertCancelled();
        assertEquals(List.of("output[0..1) [0]"), used(subscriber));
        input.assertHome();
    }

    @Test
    void shouldPassNothingOnAfterTheStageHasCancelled() throws InterruptedException {
        List<String> received = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch over = new CountDownLatch(1);
        new HandOver(input.flux(9), thread, 3).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(Chunk chunk) {
                received.add(PooledChunks.used(chunk));
                if (received.size() == 2) {
                    cancel();
                    over.countDown();
                }
            }
        });

        Await.latch("the cancellation", over);
        settle();

        assertEquals(List.of("output[0..1) [0]", "output[1..2) [1]"), received);
    }

    @Test
    void shouldReleaseChunksForAStageThatHasEnded() throws InterruptedException {
        TestPublisher<Chunk> upstream = TestPublisher.create();
        TestSubscriber<Chunk> subscriber = subscriber(9);
        new HandOver(upstream.flux(), thread, 3).subscribe(subscriber);
        settle();
        thread.dispose();
        thread.join(Await.LIMIT_SECONDS * 1_000);

        upstream.next(input.next());

        upstream.assertCancelled();
        assertEquals(List.of(), subscriber.getReceivedOnNext());
    }

    @Test
    void shouldRejectAChunkThatNobodyAskedFor() {
        TestPublisher<Chunk> upstream = TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
        TestSubscriber<Chunk> subscriber = subscriber(0);
        new HandOver(upstream.flux(), thread, 1).subscribe(subscriber);
        upstream.next(input.next());

        IllegalStateException error = assertThrows(IllegalStateException.class, () -> upstream.next(input.next()));

        assertEquals("a chunk came that nobody had asked for: chunk output[1..2) 1x1x1", error.getMessage());
        subscriber.cancel();
    }

    /** Gives one chunk after the other as fast as it can while they are wanted, as long as it is not cancelled. */
    private static final class Feed extends Flux<Chunk> implements Subscription {
        private final List<Chunk> given = new ArrayList<>();
        private final PooledChunks input;
        private final AtomicLong wanted = new AtomicLong();
        private volatile CoreSubscriber<? super Chunk> actual;
        private volatile boolean cancelled;

        private Feed(PooledChunks input) {
            this.input = input;
        }

        @Override
        public void subscribe(CoreSubscriber<? super Chunk> subscriber) {
            actual = subscriber;
            subscriber.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            wanted.getAndAdd(n);
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        private Void run() {
            while (!cancelled && given.size() < input.pool.count()) {
                if (wanted.get() > 0) {
                    wanted.getAndDecrement();
                    Chunk chunk = input.next();
                    given.add(chunk.retain());
                    actual.onNext(chunk);
                }
            }
            return null;
        }
    }

    @Test
    void shouldReleaseEachChunkOnceWhenACancellationMeetsAChunk() throws InterruptedException {
        for (int round = 0; round < 3_000; round++) {
            PooledChunks chunks = new PooledChunks(1, 64);
            Feed feed = new Feed(chunks);
            AtomicLong received = new AtomicLong();
            BaseSubscriber<Chunk> stage = new BaseSubscriber<>() {
                @Override
                protected void hookOnNext(Chunk chunk) {
                    received.getAndIncrement();
                    chunk.release();
                }
            };
            new HandOver(feed, thread, 2).subscribe(stage);
            Task<Void> feeding = Task.start("feed", feed::run);
            int target = new Random(round).nextInt(40);
            while (received.get() < target) {
                Thread.onSpinWait();
            }
            stage.cancel();
            feeding.result();
            settle();

            // The test still holds every chunk, so that none may be home yet; each has exactly one hold left.
            assertEquals(feed.given.size(), chunks.pool.inUse(), "round " + round);
            feed.given.forEach(Chunk::release);
            chunks.assertHome();
        }
    }
}
