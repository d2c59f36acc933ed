package org.amacrine.core.chunk;

import java.util.ArrayList;
import java.util.List;

/**
 * A fixed number of chunks that are used again and again: the bound on memory in flight at one place of the pipeline.
 * No free chunk, no new chunk: whoever needs one waits, or asks to be called when one comes home.
 *
 * <p>Safe for use by any number of threads; taking and returning allocate nothing.
 */
public final class ChunkPool implements ChunkHome {
    private final String name;
    private final Shape shape;
    private final int framesPerChunk;
    private final Chunk[] free;
    private int freeCount;
    private Runnable onFree;

    /**
     * Allocates the chunks.
     *
     * @param name where the pool is, for messages
     * @param shape extent of a frame
     * @param framesPerChunk capacity of each chunk, the {@code dt} of the pipeline
     * @param count number of chunks, at least 1
     */
    public ChunkPool(String name, Shape shape, int framesPerChunk, int count) {
        if (framesPerChunk < 1 || count < 1) {
            throw new IllegalArgumentException(
                    "pool " + name + " needs chunks of at least 1 frame and at least 1 chunk but" + " was given "
                            + count + " of " + framesPerChunk + " frames");
        }
        this.name = name;
        this.shape = shape;
        this.framesPerChunk = framesPerChunk;
        this.free = new Chunk[count];
        for (int i = 0; i < count; i++) {
            free[i] = new Chunk(this, shape, framesPerChunk);
        }
        this.freeCount = count;
    }

    /** A free chunk, empty and held once, or null when none is free. */
    public Chunk tryTake() {
        Chunk chunk;
        synchronized (this) {
            if (freeCount == 0) {
                return null;
            }
            chunk = free[--freeCount];
            free[freeCount] = null;
        }
        chunk.taken();
        return chunk;
    }

    /** A free chunk, empty and held once; waits until there is one. */
    public Chunk take() throws InterruptedException {
        Chunk chunk;
        synchronized (this) {
            while (freeCount == 0) {
                wait();
            }
            chunk = free[--freeCount];
            free[freeCount] = null;
        }
        chunk.taken();
        return chunk;
    }

    /**
     * Calls {@code action} once when the next chunk comes home, or at once when one is free already; on the thread that
     * released it. A later call replaces an earlier one.
     */
    public void onFree(Runnable action) {
        boolean now;
        synchronized (this) {
            now = freeCount > 0;
            onFree = now ? null : action;
        }
        if (now) {
            action.run();
        }
    }

    @Override
    public void put(Chunk chunk) {
        Runnable action;
        synchronized (this) {
            if (freeCount == free.length) {
                throw new IllegalStateException("pool " + name + " is full already; a chunk came home twice");
            }
            free[freeCount++] = chunk;
            action = onFree;
            onFree = null;
            notifyAll();
        }
        if (action != null) {
            action.run();
        }
    }

    /** Where the pool is. */
    public String name() {
        return name;
    }

    /** Extent of a frame. */
    public Shape shape() {
        return shape;
    }

    /** Number of chunks, in use or free. */
    public int count() {
        return free.length;
    }

    /** Number of chunks that are in use now. */
    public synchronized int inUse() {
        return free.length - freeCount;
    }

    /** Memory held by the chunks, in bytes. */
    public long bytes() {
        return (long) free.length * framesPerChunk * (Float.BYTES * (long) shape.values() + Long.BYTES);
    }

    /** The names of those pools that are not full, for messages. */
    public static List<String> notFull(Iterable<ChunkPool> pools) {
        List<String> names = new ArrayList<>();
        for (ChunkPool pool : pools) {
            int inUse = pool.inUse();
            if (inUse > 0) {
                names.add(pool.name + " (" + inUse + " of " + pool.count() + ")");
            }
        }
        return names;
    }
}
