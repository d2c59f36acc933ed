package org.amacrine.core.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class WorkerPoolTest {
    private static final long SEED = 5;

    /** Counts how often each index is worked on, and checks what a band may rely on. */
    private static final class Counter implements Bands.Band {
        final AtomicIntegerArray counts;
        final AtomicIntegerArray inside;
        final AtomicBoolean broken = new AtomicBoolean();
        final int grain;
        final int extent;

        Counter(int workers, int extent, int grain) {
            counts = new AtomicIntegerArray(extent);
            inside = new AtomicIntegerArray(workers);
            this.extent = extent;
            this.grain = grain;
        }

        @Override
        public void run(int worker, int from, int to) {
            boolean alone = inside.getAndIncrement(worker) == 0;
            if (!alone || from % grain != 0 || from >= to && extent > 0 || to > extent) {
                broken.set(true);
            }
            for (int i = from; i < to; i++) {
                counts.getAndIncrement(i);
            }
            inside.getAndDecrement(worker);
        }

        void assertOnce(String what) {
            assertTrue(!broken.get(), what + ": a range begins off the grain, or a worker had two at once");
            for (int i = 0; i < extent; i++) {
                assertEquals(1, counts.get(i), what + ": index " + i);
            }
        }
    }

    private static void runRandomly(WorkerPool pool, long seed, int runs) {
        Random random = new Random(seed);
        for (int i = 0; i < runs; i++) {
            int extent = random.nextInt(random.nextBoolean() ? 40 : 3000);
            int grain = 1 + random.nextInt(random.nextBoolean() ? 4 : 600);
            Counter counter = new Counter(pool.workers(), extent, grain);
            pool.run(counter, extent, grain);
            counter.assertOnce("seed " + seed + ", run " + i + ", extent " + extent + ", grain " + grain);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void shouldRunEveryRangeExactlyOnce(int workers) {
        try (WorkerPool pool = new WorkerPool(workers)) {
            assertEquals(workers, pool.workers());
            runRandomly(pool, SEED + workers, 20_000);
        }
    }

    @Test
    void shouldServeSeveralCallersAtOnce() {
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            ExecutorService callers = Executors.newFixedThreadPool(3);
            CyclicBarrier together = new CyclicBarrier(3);
            try (WorkerPool pool = new WorkerPool(3)) {
                List<Future<?>> results = new ArrayList<>();
                for (int caller = 0; caller < 3; caller++) {
                    long seed = SEED + 100 + caller;
                    results.add(callers.submit(() -> {
                        together.await();
                        runRandomly(pool, seed, 5_000);
                        return null;
                    }));
                }
                for (Future<?> result : results) {
                    result.get();
                }
            }
            callers.shutdown();
        });
    }

    /** One worker sits in a range until another has worked: so they do share. */
    @Test
    void shouldShareTheWork() {
        try (WorkerPool pool = new WorkerPool(2)) {
            CyclicBarrier both = new CyclicBarrier(2);
            AtomicInteger met = new AtomicInteger();
            AtomicIntegerArray first = new AtomicIntegerArray(2);
            pool.run(
                    (worker, from, to) -> {
                        if (first.getAndIncrement(worker) == 0) {
                            try {
                                both.await();
                                met.incrementAndGet();
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        }
                    },
                    8,
                    1);
            assertEquals(2, met.get());
        }
    }

    @Test
    void shouldSeeWhatAllWorkersWrote() {
        try (WorkerPool pool = new WorkerPool(4)) {
            int[] values = new int[1000];
            for (int round = 1; round <= 2000; round++) {
                int each = round;
                pool.run(
                        (worker, from, to) -> {
                            for (int i = from; i < to; i++) {
                                values[i] += each;
                            }
                        },
                        values.length,
                        10);
            }
            for (int i = 0; i < values.length; i++) {
                assertEquals(2_001_000, values[i], "index " + i);
            }
        }
    }

    @Test
    void shouldThrowAWorkersExceptionToTheCaller() {
        try (WorkerPool pool = new WorkerPool(3)) {
            for (int bad = 0; bad < 12; bad++) {
                int at = bad;
                RuntimeException thrown = new IllegalStateException("range " + bad);
                AtomicInteger worked = new AtomicInteger();

                RuntimeException caught = assertThrows(
                        RuntimeException.class,
                        () -> pool.run(
                                (worker, from, to) -> {
                                    worked.addAndGet(to - from);
                                    if (from <= at && at < to) {
                                        throw thrown;
                                    }
                                },
                                12,
                                1));

                assertSame(thrown, caught);
                assertEquals(12, worked.get(), "the other ranges are finished first");
            }
            runRandomly(pool, SEED + 200, 100);
        }
    }

    @Test
    void shouldThrowAWorkersErrorToTheCaller() {
        try (WorkerPool pool = new WorkerPool(3)) {
            Error thrown = new OutOfMemoryError("made up");

            assertSame(
                    thrown,
                    assertThrows(
                            OutOfMemoryError.class,
                            () -> pool.run(
                                    (worker, from, to) -> {
                                        throw thrown;
                                    },
                                    30,
                                    1)));
            runRandomly(pool, SEED + 300, 100);
        }
    }

    @Test
    void shouldRunABandWithinABand() {
        try (WorkerPool pool = new WorkerPool(3)) {
            Counter inner = new Counter(3, 7 * 100, 100);
            pool.run(
                    (worker, from, to) -> {
                        for (int i = from; i < to; i++) {
                            int part = i * 100;
                            pool.run((w, f, t) -> inner.counts.getAndAdd(part + f, t - f), 100, 1);
                        }
                    },
                    7,
                    1);
            int sum = 0;
            for (int i = 0; i < 700; i++) {
                sum += inner.counts.get(i);
            }
            assertEquals(700, sum);
        }
    }

    @Test
    void shouldEndItsThreadsWhenClosed() {
        List<Thread> before = workers();
        WorkerPool pool = new WorkerPool(4);
        assertEquals(3, workers().size() - before.size());
        runRandomly(pool, SEED + 400, 100);

        pool.close();

        assertEquals(before, workers());
    }

    private static List<Thread> workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("worker-"))
                .toList();
    }

    @Test
    void shouldStillRunOnTheCallerAfterItWasClosed() {
        WorkerPool pool = new WorkerPool(4);
        pool.close();
        pool.close();

        runRandomly(pool, SEED + 500, 100);
    }

    @Test
    void shouldFinishARunThatIsUnderWayWhenClosed() throws InterruptedException {
        WorkerPool pool = new WorkerPool(3);
        Counter counter = new Counter(3, 1000, 1);
        AtomicBoolean closing = new AtomicBoolean();
        Thread closer = new Thread(pool::close, "closer");

        pool.run(
                (worker, from, to) -> {
                    if (closing.compareAndSet(false, true)) {
                        closer.start();
                    }
                    counter.run(worker, from, to);
                },
                1000,
                1);
        closer.join();

        counter.assertOnce("closed while running");
    }

    @Test
    void shouldCloseThoughTheCallerIsInterrupted() {
        WorkerPool pool = new WorkerPool(3);
        Thread.currentThread().interrupt();

        pool.close();

        assertTrue(Thread.interrupted());
        runRandomly(pool, SEED + 600, 10);
    }

    @Test
    void shouldRejectAPoolWithoutWorkersOrWithAbsurdlyMany() {
        for (int workers : new int[] {-1, 0, 1025, 100_000}) {
            var e = assertThrows(IllegalArgumentException.class, () -> new WorkerPool(workers));

            assertEquals(
                    "a pool needs 1 to 1024 workers but was given " + workers
                            + "; take as many as there are processors",
                    e.getMessage());
        }
    }

    @Test
    void shouldRunAloneInOneRange() {
        Counter counter = new Counter(1, 10, 10);

        Bands.ALONE.run(counter, 10, 3);

        assertEquals(1, Bands.ALONE.workers());
        counter.assertOnce("alone");
    }
}
