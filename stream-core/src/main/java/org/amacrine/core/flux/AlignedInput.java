package org.amacrine.core.flux;

import java.util.Queue;
import org.amacrine.core.chunk.Chunk;
import reactor.util.concurrent.Queues;

/** A side input that takes a signal of the same frames, in chunks that are cut alike. */
final class AlignedInput extends SideInput {
    private final int capacity;
    private final Queue<Chunk> queue;

    /**
     * An input that has not begun.
     *
     * @param capacity chunks that can be with it: waiting, and one in work
     */
    AlignedInput(int capacity) {
        this.capacity = capacity;
        this.queue = Queues.<Chunk>get(capacity).get();
    }

    @Override
    void begin() {
        request(capacity);
    }

    @Override
    public void onNext(Chunk chunk) {
        if (!queue.offer(chunk)) {
            String what = chunk.toString();
            chunk.release();
            throw new IllegalStateException("a chunk came that nobody had asked for: " + what);
        }
        changed();
    }

    @Override
    boolean isReady(Chunk with) {
        Chunk head = queue.peek();
        return head != null && head.frames() == with.frames();
    }

    // A stage that breaks gives out a shorter chunk before its error.

    @Override
    boolean isAhead(Chunk with) {
        Chunk head = queue.peek();
        return head != null && head.frames() > with.frames();
    }

    @Override
    boolean isBehind(Chunk with) {
        Chunk head = queue.peek();
        return head != null && head.frames() < with.frames();
    }

    @Override
    Chunk next(Chunk with) {
        return queue.poll();
    }

    @Override
    void giveBack(Chunk chunk) {
        chunk.release();
        request(1);
    }

    @Override
    void clear() {
        for (Chunk chunk = queue.poll(); chunk != null; chunk = queue.poll()) {
            chunk.release();
        }
    }
}
