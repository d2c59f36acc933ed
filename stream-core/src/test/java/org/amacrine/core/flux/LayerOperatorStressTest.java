package org.amacrine.core.flux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.ChunkPool;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Gain;
import org.amacrine.core.testing.Split;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/** Two layers on threads of their own, under demand and cancellation at random: order is kept and every chunk comes home. */
@Timeout(120)
class LayerOperatorStressTest {
    private static final int ROUNDS = 4_000;
    private static final int CHUNKS = 30;

    private final Scheduler source = Schedulers.newSingle("source-stress");
    private final List<StageThread> threads =
            List.of(new StageThread("op-stress-1"), new StageThread("op-stress-2"), new StageThread("op-stress-3"));
    private final Scheduler releasing = Schedulers.newParallel("releasing-stress", 2);

    @AfterEach
    void endThreads() throws InterruptedException {
        source.dispose();
        releasing.dispose();
        for (StageThread thread : threads) {
            thread.dispose();
            assertTrue(thread.join(Await.LIMIT_SECONDS * 1_000));
        }
    }

    /**
     * Without our hand-over there is no cancellation: Reactor's {@code publishOn} may throw a chunk away twice where one meets
     * it, and then a chunk that others read comes home.
     */
    @ParameterizedTest(name = "handOver {0}")
    @ValueSource(booleans = {true, false})
    void shouldKeepOrderAndGetAllChunksBackUnderRandomDemandAndCancellation(boolean handOver)
            throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(round);
            PooledChunks input = new PooledChunks(1, 8);
            LayerOperator first = LayerOperator.of("first", new Gain(), ScalarKernels.INSTANCE, 1);
            LayerOperator second = LayerOperator.of("second", new Split(), ScalarKernels.INSTANCE, 1);
            boolean whole = !handOver || random.nextInt(3) == 0;
            int target = whole ? Integer.MAX_VALUE : random.nextInt(2 * CHUNKS);
            Receiver receiver = new Receiver(target, random.nextBoolean());

            hop(
                            hop(
                                            hop(input.flux(CHUNKS).subscribeOn(source), handOver, random)
                                                    .transform(first),
                                            handOver,
                                            random)
                                    .transform(second),
                            handOver,
                            random)
                    .doOnDiscard(Chunk.class, Chunk::release)
                    .subscribe(receiver);
            receiver.drive(random);

            Await.latch("the end of round " + round, receiver.over);
            List<ChunkPool> pools = new ArrayList<>(first.stage().pools());
            pools.addAll(second.stage().pools());
            pools.add(input.pool);
            PooledChunks.awaitHome("round " + round, pools);
            receiver.check("round " + round);
        }
    }

    /** Perhaps a change of thread. */
    private Flux<Chunk> hop(Flux<Chunk> chunks, boolean handOver, Random random) {
        StageThread thread = threads.get(random.nextInt(threads.size()));
        int capacity = 1 + random.nextInt(3);
        if (random.nextInt(3) == 0) {
            return chunks;
        }
        return handOver ? chunks.transform(HandOver.to(thread, capacity)) : chunks.publishOn(thread, capacity);
    }

    /** Asks for chunks one by one or several at once, and releases them here or elsewhere. */
    private final class Receiver extends BaseSubscriber<Chunk> {
        private final int target;
        private final boolean elsewhere;
        private final CountDownLatch over = new CountDownLatch(1);
        private final AtomicInteger wanted = new AtomicInteger();
        private final AtomicInteger received = new AtomicInteger();
        private volatile String wrong = "";
        private volatile SignalType end;

        private Receiver(int target, boolean elsewhere) {
            this.target = target;
            this.elsewhere = elsewhere;
        }

        @Override
        public Context currentContext() {
            Consumer<Throwable> onErrorDropped = error -> wrong = "dropped " + error;
            return Context.of("reactor.onErrorDropped.local", onErrorDropped);
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // Chunks are asked for by drive().
        }

        private void drive(Random random) {
            while (over.getCount() > 0 && wanted.get() < target) {
                int more = 1 + random.nextInt(4);
                wanted.getAndAdd(more);
                request(more);
                if (random.nextBoolean()) {
                    Thread.yield();
                }
            }
            if (target < 2 * CHUNKS) {
                cancel();
            }
        }

        @Override
        protected void hookOnNext(Chunk chunk) {
            int count = received.getAndIncrement();
            int frame = count / 2;
            String output = count % 2 == 0 ? "plus" : "minus";
            float value = 2 * frame + (count % 2 == 0 ? 1 : -1);
            if (chunk.firstFrame() != frame || !chunk.output().equals(output) || chunk.values()[0] != value) {
                wrong = "chunk " + count + " is " + chunk + " of " + chunk.values()[0];
            }
            if (count >= wanted.get()) {
                wrong = "chunk " + count + " came though only " + wanted + " were wanted";
            }
            if (elsewhere && ThreadLocalRandom.current().nextBoolean()) {
                releasing.schedule(chunk::release);
            } else {
                chunk.release();
            }
        }

        @Override
        protected void hookFinally(SignalType type) {
            end = type;
            over.countDown();
        }

        private void check(String what) {
            assertEquals("", wrong, what);
            if (target == Integer.MAX_VALUE) {
                assertEquals(SignalType.ON_COMPLETE, end, what);
                assertEquals(2 * CHUNKS, received.get(), what);
            }
        }
    }
}
