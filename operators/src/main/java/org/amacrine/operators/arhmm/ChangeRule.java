package org.amacrine.operators.arhmm;

/**
 * Reports a change of state at the first frame where one other state was more probable than a threshold for so many frames in
 * a row. One frame is fastest; two or three keep single frames from flickering.
 *
 * <p>Owned by the thread that computes the frames.
 */
final class ChangeRule {
    private static final int NONE = -1;

    private int present;
    private int candidate;
    private int dwell;

    ChangeRule() {
        clear();
    }

    /** Back to the beginning: no state yet. */
    void clear() {
        present = NONE;
        candidate = NONE;
        dwell = 0;
    }

    /**
     * Takes a frame.
     *
     * @param state its most probable state
     * @param probability of that state
     * @param threshold above which it counts
     * @param dwellFrames frames in a row that are needed
     * @return whether a change is reported; the first state is none
     */
    boolean next(int state, double probability, double threshold, int dwellFrames) {
        if (probability <= threshold || state == present) {
            candidate = NONE;
            dwell = 0;
            return false;
        }
        dwell = state == candidate ? dwell + 1 : 1;
        candidate = state;
        if (dwell < dwellFrames) {
            return false;
        }
        boolean isChange = present != NONE;
        present = state;
        candidate = NONE;
        dwell = 0;
        return isChange;
    }

    /** What lives between frames. */
    double[] save() {
        return new double[] {present, candidate, dwell};
    }

    /** Takes over what {@link #save} gave. */
    void restore(double[] kept) {
        present = (int) kept[0];
        candidate = (int) kept[1];
        dwell = (int) kept[2];
    }
}
