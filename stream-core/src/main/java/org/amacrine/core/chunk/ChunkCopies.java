package org.amacrine.core.chunk;

/**
 * Copies of the chunks of one signal, for whoever may keep them for good. A copy that is released is filled again by a later
 * one; a copy that is not is nobody's concern but the garbage collector's.
 *
 * <p>Copies are taken by one thread and may be released by any.
 */
public final class ChunkCopies implements ChunkHome {
    private final Chunk[] free;
    private int freeCount;

    /**
     * No copies yet.
     *
     * @param most released copies that wait to be filled again at most
     */
    public ChunkCopies(int most) {
        free = new Chunk[most];
    }

    /** A copy, held once. */
    public Chunk of(Chunk chunk) {
        Chunk copy = tryTake();
        if (copy == null || !copy.takesCopyOf(chunk)) {
            return chunk.copy(this);
        }
        copy.taken();
        copy.copyFrom(chunk);
        return copy;
    }

    private synchronized Chunk tryTake() {
        if (freeCount == 0) {
            return null;
        }
        Chunk copy = free[--freeCount];
        free[freeCount] = null;
        return copy;
    }

    @Override
    public synchronized void put(Chunk chunk) {
        if (freeCount < free.length) {
            free[freeCount++] = chunk;
        }
    }
}
