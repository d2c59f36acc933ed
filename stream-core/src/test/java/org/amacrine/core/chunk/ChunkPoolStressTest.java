package org.amacrine.core.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Four threads share three chunks: nobody holds a chunk that another one holds, and nobody waits in vain. */
@Timeout(60)
class ChunkPoolStressTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 20_000;
    private static final int CHUNKS = 3;

    private final ChunkPool pool = new ChunkPool("test", Shape.image(1, 1), 1, CHUNKS);

    /** Writes a mark, lets others run, and looks whether it stands. */
    private static int use(Chunk chunk, float mark) {
        chunk.frames(1);
        chunk.values()[0] = mark;
        chunk.retain();
        Thread.yield();
        chunk.release();
        int wrong = chunk.values()[0] == mark && chunk.frames() == 1 ? 0 : 1;
        chunk.release();
        return wrong;
    }

    @Test
    void shouldGiveEachChunkToOneThreadAtATime() throws InterruptedException {
        List<Task<Integer>> tasks = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            Random random = new Random(thread);
            float mark = thread + 1;
            tasks.add(Task.start("taker-" + thread, () -> {
                int wrong = 0;
                for (int i = 0; i < ROUNDS; i++) {
                    Chunk chunk = random.nextBoolean() ? pool.take() : pool.tryTake();
                    if (chunk != null) {
                        wrong += use(chunk, mark);
                    }
                }
                return wrong;
            }));
        }

        for (Task<Integer> task : tasks) {
            assertEquals(0, task.result());
        }
        assertEquals(0, pool.inUse());
    }

    @Test
    void shouldCallBackWhoeverFoundNoneFree() throws InterruptedException {
        AtomicInteger called = new AtomicInteger();
        Task<Integer> other = Task.start("taker", () -> {
            int wrong = 0;
            for (int i = 0; i < ROUNDS; i++) {
                wrong += use(pool.take(), 1);
            }
            return wrong;
        });
        Task<Integer> waiting = Task.start("waiting", () -> {
            int wrong = 0;
            for (int i = 0; i < ROUNDS; i++) {
                Chunk chunk = pool.tryTake();
                if (chunk == null) {
                    int before = called.get();
                    pool.onFree(called::getAndIncrement);
                    Await.until("a chunk comes home", () -> called.get() > before);
                } else {
                    wrong += use(chunk, 2);
                }
            }
            return wrong;
        });

        for (int i = 0; i < ROUNDS / 10; i++) {
            List<Chunk> all = new ArrayList<>();
            for (Chunk chunk = pool.tryTake(); chunk != null; chunk = pool.tryTake()) {
                all.add(chunk);
            }
            all.forEach(Chunk::release);
        }

        assertEquals(0, other.result());
        assertEquals(0, waiting.result());
        assertEquals(0, pool.inUse());
    }
}
