package org.amacrine.core.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChunkPoolTest {
    private static final Shape SHAPE = Shape.image(2, 3);

    private static ChunkPool pool(int count) {
        return new ChunkPool("ring", SHAPE, 4, count);
    }

    @Test
    void shouldGiveEachChunkOnceUntilNoneIsFree() {
        ChunkPool pool = pool(2);

        Chunk first = pool.tryTake();
        Chunk second = pool.tryTake();

        assertNotSame(first, second);
        assertEquals(2, pool.inUse());
        assertNull(pool.tryTake());
    }

    @Test
    void shouldGiveChunksThatAreEmpty() {
        ChunkPool pool = pool(1);
        Chunk used = pool.tryTake();
        used.begin(50, 2);
        used.frames(3);
        used.release();

        Chunk again = pool.tryTake();

        assertSame(used, again);
        assertEquals(0, again.frames());
        assertEquals(0, again.firstFrame());
        assertEquals(0, again.framesLostBefore());
        assertEquals(4, again.capacity());
        assertEquals(SHAPE, again.shape());
    }

    @Test
    void shouldTakeAChunkBackWithTheLastRelease() {
        ChunkPool pool = pool(1);
        Chunk chunk = pool.tryTake();
        chunk.retain();
        chunk.retain();

        chunk.release();
        chunk.release();
        assertEquals(1, pool.inUse());
        chunk.release();

        assertEquals(0, pool.inUse());
    }

    @Test
    void shouldNotTakeAChunkBackTwice() {
        ChunkPool pool = pool(2);
        Chunk chunk = pool.tryTake();
        pool.tryTake();
        chunk.release();

        assertThrows(IllegalStateException.class, chunk::release);

        assertEquals(1, pool.inUse());
        assertSame(chunk, pool.tryTake());
        assertNull(pool.tryTake());
    }

    @Test
    void shouldSayHowMuchItHolds() {
        ChunkPool pool = pool(3);

        assertEquals("ring", pool.name());
        assertEquals(SHAPE, pool.shape());
        assertEquals(3, pool.count());
        assertEquals(3 * 4 * (6 * 4 + 8), pool.bytes());
    }

    @Test
    void shouldNameThePoolsThatAreNotFull() {
        ChunkPool full = pool(1);
        ChunkPool used = new ChunkPool("retina", SHAPE, 4, 3);
        used.tryTake();
        used.tryTake();

        assertEquals(List.of("retina (2 of 3)"), ChunkPool.notFull(List.of(full, used)));
    }

    @Test
    void shouldRejectAnEmptyPool() {
        var e = assertThrows(IllegalArgumentException.class, () -> new ChunkPool("ring", SHAPE, 4, 0));

        assertEquals(
                "pool ring needs chunks of at least 1 frame and at least 1 chunk but was given 0 of 4 frames",
                e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new ChunkPool("ring", SHAPE, 0, 2));
    }

    // ------------------------------------------------------------------------------------------------ onFree

    @Test
    void shouldCallAtOnceWhenAChunkIsFree() {
        AtomicInteger calls = new AtomicInteger();

        pool(1).onFree(calls::incrementAndGet);

        assertEquals(1, calls.get());
    }

    @Test
    void shouldCallOnceWhenTheNextChunkComesHome() {
        ChunkPool pool = pool(2);
        Chunk first = pool.tryTake();
        Chunk second = pool.tryTake();
        AtomicInteger calls = new AtomicInteger();
        pool.onFree(calls::incrementAndGet);
        assertEquals(0, calls.get());

        first.release();
        second.release();

        assertEquals(1, calls.get());
    }

    @Test
    void shouldCallOnlyTheLastAction() {
        ChunkPool pool = pool(1);
        Chunk chunk = pool.tryTake();
        List<String> calls = new ArrayList<>();
        pool.onFree(() -> calls.add("first"));
        pool.onFree(() -> calls.add("second"));

        chunk.release();

        assertEquals(List.of("second"), calls);
    }

    @Test
    void shouldLetTheActionTakeTheChunkThatCameHome() {
        ChunkPool pool = pool(1);
        Chunk chunk = pool.tryTake();
        List<Chunk> taken = new ArrayList<>();
        pool.onFree(() -> taken.add(pool.tryTake()));

        chunk.release();

        assertSame(chunk, taken.get(0));
        assertEquals(1, pool.inUse());
    }

    // ------------------------------------------------------------------------------------------------ threads

    @Test
    void shouldWaitForAChunkToComeHome() {
        ChunkPool pool = pool(1);
        Chunk chunk = pool.tryTake();
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            ExecutorService threads = Executors.newSingleThreadExecutor();
            CountDownLatch begun = new CountDownLatch(1);
            Future<Chunk> waiting = threads.submit(() -> {
                begun.countDown();
                return pool.take();
            });
            begun.await();
            chunk.release();
            assertSame(chunk, waiting.get());
            threads.shutdown();
        });
    }

    @Test
    void shouldEndTheWaitWithAnInterrupt() {
        ChunkPool pool = pool(1);
        pool.tryTake();
        Thread.currentThread().interrupt();

        assertThrows(InterruptedException.class, pool::take);

        assertEquals(1, pool.inUse());
    }

    /** Four threads take, mark, check and give back; a chunk that two hold at once would show the mark of the other. */
    @Test
    void shouldLoseNoChunkAndGiveNoneTwiceAmongThreads() {
        ChunkPool pool = pool(3);
        int takes = 20_000;
        CyclicBarrier together = new CyclicBarrier(4);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            ExecutorService threads = Executors.newFixedThreadPool(4);
            List<Future<Integer>> results = new ArrayList<>();
            for (int id = 1; id <= 4; id++) {
                results.add(threads.submit(marker(pool, together, id, takes)));
            }
            for (Future<Integer> result : results) {
                assertEquals(0, result.get(), "marks of other holders were seen");
            }
            threads.shutdown();
        });
        assertEquals(0, pool.inUse());
        Map<Chunk, Boolean> all = new IdentityHashMap<>();
        for (int i = 0; i < 3; i++) {
            Chunk chunk = pool.tryTake();
            assertNotNull(chunk);
            all.put(chunk, true);
        }
        assertEquals(3, all.size());
    }

    private static Callable<Integer> marker(ChunkPool pool, CyclicBarrier together, int id, int takes) {
        return () -> {
            together.await();
            int wrong = 0;
            for (int i = 0; i < takes; i++) {
                Chunk chunk = i % 2 == 0 ? pool.take() : pool.tryTake();
                if (chunk != null) {
                    float mark = id * 1_000_000f + i;
                    chunk.values()[0] = mark;
                    chunk.retain();
                    chunk.release();
                    Thread.onSpinWait();
                    wrong += chunk.values()[0] == mark ? 0 : 1;
                    chunk.release();
                }
            }
            return wrong;
        };
    }

    /** Two threads share each chunk and both release it: it must come home exactly once each time. */
    @Test
    void shouldComeHomeOnceWhenHoldersReleaseAtTheSameTime() {
        ChunkPool pool = pool(1);
        int rounds = 5_000;
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            ExecutorService threads = Executors.newFixedThreadPool(2);
            CyclicBarrier shared = new CyclicBarrier(2);
            Chunk[] handed = new Chunk[1];
            Callable<Boolean> owner = () -> {
                for (int i = 0; i < rounds; i++) {
                    handed[0] = pool.take().retain();
                    shared.await();
                    handed[0].release();
                    shared.await();
                }
                return true;
            };
            Callable<Boolean> other = () -> {
                for (int i = 0; i < rounds; i++) {
                    shared.await();
                    handed[0].release();
                    shared.await();
                }
                return true;
            };
            Future<Boolean> first = threads.submit(owner);
            Future<Boolean> second = threads.submit(other);
            assertTrue(first.get());
            assertTrue(second.get());
            threads.shutdown();
        });
        assertEquals(0, pool.inUse());
    }
}
