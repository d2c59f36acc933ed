package org.amacrine.core.flux;

import java.util.Arrays;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;

/**
 * A side input that takes a signal some frames later, so that it may come from the layer itself or from those behind it.
 * Frames wait as copies, by their indices, in memory of a fixed size:
 *
 * <pre>
 *   signal   ... t-3 │ t-2 │ t-1                 frames that the signal has told of, up to end
 *                 ▼ copied
 *   waiting      t-3   t-2   t-1                 at most delayFrames + 2 dt
 *                 ▼ delayFrames later
 *   input         t  │ t+1 │ ...                 the initial value where there is no such frame
 * </pre>
 *
 * <p>A chunk that ends before frame t needs those before t - delayFrames. Because the delay is at least {@code dt}, the
 * layer has given out all that they come from: a loop never waits for itself. Frames that were lost are lost for all stages
 * alike, so nothing is waited for that was lost.
 */
final class FeedbackInput extends SideInput {
    private final int delayFrames;
    private final float initial;
    private final int dt;
    private final int frameValues;
    private final int capacity;
    /** Guards what follows up to the blank line: frames that wait, a ring. */
    private final Object lock = new Object();

    private final float[] waiting;
    private final long[] indices;
    private int first;
    private int count;
    private boolean asked;
    private long signalEnd;

    /** Owned by the layer's thread. */
    private final Chunk chunk;

    private long lastEnd;

    /**
     * An input that has not begun.
     *
     * @param shape extent of a frame of the signal
     * @param delayFrames by how many frames later, at least {@code dt}
     * @param initial all values where there is no frame
     * @param dt the most frames in a chunk
     */
    FeedbackInput(Shape shape, int delayFrames, float initial, int dt) {
        this.delayFrames = delayFrames;
        this.initial = initial;
        this.dt = dt;
        frameValues = shape.values();
        capacity = delayFrames + 2 * dt;
        long values = (long) capacity * frameValues;
        if (values > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("feedback of " + shape + " frames after " + delayFrames
                    + " frames would hold " + values + " values, more than 2147483639; use a shorter delay");
        }
        waiting = new float[(int) values];
        indices = new long[capacity];
        chunk = Chunk.unpooled(shape, dt);
    }

    /** Memory of the frames that wait, and of a chunk of them, in bytes. */
    long bytes() {
        return Float.BYTES * ((long) waiting.length + (long) dt * frameValues) + Long.BYTES * (long) capacity;
    }

    @Override
    void begin() {
        askIfRoom();
    }

    private void askIfRoom() {
        boolean ask;
        synchronized (lock) {
            ask = !asked && capacity - count >= dt;
            asked |= ask;
        }
        if (ask) {
            request(1);
        }
    }

    @Override
    public void onNext(Chunk signal) {
        synchronized (lock) {
            for (int t = 0; t < signal.frames(); t++) {
                int slot = (first + count++) % capacity;
                indices[slot] = signal.firstFrame() + t;
                System.arraycopy(signal.values(), signal.start(t), waiting, slot * frameValues, frameValues);
            }
            signalEnd = signal.endFrame();
            asked = false;
        }
        signal.release();
        askIfRoom();
        changed();
    }

    @Override
    boolean isReady(Chunk with) {
        long needed = Math.min(with.endFrame() - delayFrames, lastEnd);
        synchronized (lock) {
            return signalEnd >= needed;
        }
    }

    @Override
    Chunk next(Chunk with) {
        chunk.headerFrom(with);
        synchronized (lock) {
            for (int t = 0; t < with.frames(); t++) {
                long index = with.firstFrame() + t - delayFrames;
                while (count > 0 && indices[first] < index) {
                    first = (first + 1) % capacity;
                    count--;
                }
                if (count > 0 && indices[first] == index) {
                    System.arraycopy(waiting, first * frameValues, chunk.values(), chunk.start(t), frameValues);
                } else {
                    Arrays.fill(chunk.values(), chunk.start(t), chunk.start(t) + frameValues, initial);
                }
            }
        }
        lastEnd = with.endFrame();
        return chunk;
    }

    @Override
    void giveBack(Chunk given) {
        askIfRoom();
    }

    @Override
    void clear() {
        synchronized (lock) {
            count = 0;
        }
    }
}
