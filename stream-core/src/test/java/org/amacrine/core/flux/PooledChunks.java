package org.amacrine.core.flux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.ChunkPool;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.testing.Await;
import reactor.core.publisher.Flux;

/** Streams of chunks of a pool, which tell whether all of them came home. Each value is the number of its frame. */
final class PooledChunks {
    static final Shape PIXEL = Shape.image(1, 1);

    final ChunkPool pool;
    private final int dt;
    private long next;

    PooledChunks(int dt, int poolChunks) {
        this.dt = dt;
        pool = new ChunkPool("test", PIXEL, dt, poolChunks);
    }

    /** The next chunk; fails when none is free. */
    Chunk next() {
        Chunk chunk = pool.tryTake();
        if (chunk == null) {
            throw new IllegalStateException("all chunks of the test are in use");
        }
        chunk.begin(next, 0);
        chunk.frames(dt);
        for (int t = 0; t < dt; t++) {
            chunk.values()[chunk.start(t)] = next + t;
            chunk.captureNanos(t, 1 + next + t);
        }
        next += dt;
        return chunk;
    }

    /** That many chunks, made one by one as they are wanted. */
    Flux<Chunk> flux(int count) {
        return Flux.<Chunk, Integer>generate(() -> 0, (made, sink) -> {
            if (made == count) {
                sink.complete();
            } else {
                sink.next(next());
            }
            return made + 1;
        });
    }

    void assertHome() {
        assertEquals(List.of(), ChunkPool.notFull(List.of(pool)));
    }

    static void awaitHome(String what, List<ChunkPool> pools) {
        Await.until(
                "all chunks come home, " + what, () -> ChunkPool.notFull(pools).isEmpty());
    }

    /** A chunk in words, {@code output[first..end) values}; releases it. */
    static String used(Chunk chunk) {
        List<Integer> values = new ArrayList<>();
        for (float value : chunk.toArray()) {
            values.add((int) value);
        }
        String text = chunk.output() + "[" + chunk.firstFrame() + ".." + chunk.endFrame() + ") " + values;
        chunk.release();
        return text;
    }
}
