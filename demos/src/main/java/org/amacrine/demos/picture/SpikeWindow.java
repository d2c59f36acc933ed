package org.amacrine.demos.picture;

import java.util.Arrays;

/** The spikes of the last steps of a signal, as a list of step and cell; of {@value #LIMIT} spikes at most, the latest. */
final class SpikeWindow {
    private static final int LIMIT = 1 << 22;

    private final int window;
    private long[] steps = new long[1 << 12];
    private int[] cells = new int[1 << 12];
    private int first;
    private int count;

    /**
     * An empty list.
     *
     * @param window number of steps after which a spike is forgotten
     */
    SpikeWindow(int window) {
        this.window = window;
    }

    /** Adds the spikes of a step, which are the values above one half, and returns their number. */
    int add(long step, float[] values, int at, int cellCount) {
        while (count > 0 && steps[first] <= step - window) {
            forgetFirst();
        }
        int spikes = 0;
        for (int cell = 0; cell < cellCount; cell++) {
            if (values[at + cell] > 0.5f) {
                add(step, cell);
                spikes++;
            }
        }
        return spikes;
    }

    private void add(long step, int cell) {
        if (count == LIMIT) {
            forgetFirst();
        } else if (count == steps.length) {
            grow();
        }
        int place = (first + count++) & (steps.length - 1);
        steps[place] = step;
        cells[place] = cell;
    }

    private void forgetFirst() {
        first = (first + 1) & (steps.length - 1);
        count--;
    }

    /** Twice the room, with the oldest spike in front. */
    private void grow() {
        int length = steps.length;
        long[] moreSteps = Arrays.copyOf(Arrays.copyOfRange(steps, first, first + length), 2 * length);
        int[] moreCells = Arrays.copyOf(Arrays.copyOfRange(cells, first, first + length), 2 * length);
        System.arraycopy(steps, 0, moreSteps, length - first, first);
        System.arraycopy(cells, 0, moreCells, length - first, first);
        steps = moreSteps;
        cells = moreCells;
        first = 0;
    }

    /** Number of spikes. */
    int count() {
        return count;
    }

    /** Step of a spike. */
    long step(int spike) {
        return steps[(first + spike) & (steps.length - 1)];
    }

    /** Cell of a spike: row times columns plus column. */
    int cell(int spike) {
        return cells[(first + spike) & (cells.length - 1)];
    }
}
