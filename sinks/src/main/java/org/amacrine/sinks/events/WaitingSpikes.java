package org.amacrine.sinks.events;

import java.util.Arrays;

/**
 * The spikes of one signal that wait for other signals to reach their frame: a queue of (frame, position in the frame), in
 * order. It grows to what a round of chunks needs, and allocates nothing afterwards.
 */
final class WaitingSpikes {
    private long[] frames = new long[1 << 10];
    private int[] positions = new int[1 << 10];
    private int head;
    private int tail;

    /** Adds a spike behind all others. */
    void add(long frame, int position) {
        if (tail == frames.length) {
            makeRoom();
        }
        frames[tail] = frame;
        positions[tail++] = position;
    }

    private void makeRoom() {
        int count = count();
        if (count > frames.length / 2) {
            frames = Arrays.copyOf(frames, 2 * frames.length);
            positions = Arrays.copyOf(positions, 2 * positions.length);
        }
        System.arraycopy(frames, head, frames, 0, count);
        System.arraycopy(positions, head, positions, 0, count);
        head = 0;
        tail = count;
    }

    /** Number of spikes that wait. */
    int count() {
        return tail - head;
    }

    /** Frame of the first spike; {@link Long#MAX_VALUE} when none waits. */
    long frame() {
        return head == tail ? Long.MAX_VALUE : frames[head];
    }

    /** Takes the first spike out and returns its position. */
    int take() {
        return positions[head++];
    }
}
