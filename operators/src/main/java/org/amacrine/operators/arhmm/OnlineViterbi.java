package org.amacrine.operators.arhmm;

import java.util.Arrays;
import org.amacrine.core.kernel.Kernels;

/**
 * Most probable path of one stream with bounded memory: scores of the best path into each state, less their maximum, and a
 * ring of back pointers.
 *
 * <pre>
 *   d_t(j) = l_t(j) + max_i (d_{t-1}(i) + log pi_ij)        back pointer: the lowest i
 * </pre>
 *
 * <p>The label of a frame h frames back is final once all paths agree there (they coalesce); before that it is the best guess.
 *
 * <p>Owned by the thread that computes the frames. Allocates nothing after construction.
 */
final class OnlineViterbi {
    private final int states;
    private final int lanes;
    private final int slots;
    private final double[] start;
    private final double[] scores;
    private final double[] best;
    private final double[] from;
    private final boolean[] isReached;
    private final boolean[] isReachedBefore;
    private long count;

    /**
     * A decoder at the beginning of its stream.
     *
     * @param lag how many frames back labels can be asked for, at least 0
     * @param start probabilities of the states of the first frame, [K]
     */
    OnlineViterbi(int states, int lag, double[] start) {
        this.states = states;
        this.start = start.clone();
        slots = lag + 1;
        lanes = Kernels.stateLanes(states);
        scores = new double[lanes];
        best = new double[lanes];
        from = new double[slots * lanes];
        isReached = new boolean[states];
        isReachedBefore = new boolean[states];
    }

    /** Back to the beginning. */
    void clear() {
        count = 0;
        Arrays.fill(scores, 0);
        Arrays.fill(from, 0);
    }

    /**
     * Goes on by one frame.
     *
     * @param l log likelihoods, [lanes]; null for a frame that tells nothing
     * @param transitions what leads into the frame
     */
    void push(Kernels kernels, double[] l, TransitionLanes transitions) {
        if (count == 0) {
            Arrays.fill(best, Double.NEGATIVE_INFINITY);
            for (int k = 0; k < states; k++) {
                best[k] = Math.log(start[k]);
            }
        } else {
            kernels.maxPlus(transitions.log(), scores, 0, states, best, 0, from, slot(0, count + 1) * lanes, lanes);
        }
        double most = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < states; k++) {
            scores[k] = l == null ? best[k] : best[k] + l[k];
            most = Math.max(most, scores[k]);
        }
        if (most == Double.NEGATIVE_INFINITY) {
            System.arraycopy(best, 0, scores, 0, lanes);
            for (int k = 0; k < states; k++) {
                most = Math.max(most, scores[k]);
            }
        }
        for (int k = 0; k < states; k++) {
            scores[k] -= most;
        }
        count++;
    }

    private int slot(int framesBack, long of) {
        return (int) ((of - 1 - framesBack) % slots);
    }

    /** Score of the best path into each state, in nats below the best of all, [lanes]. */
    double[] scores() {
        return scores;
    }

    /** Number of frames, up to h + 1, that have a label. */
    int depth() {
        return (int) Math.min(count, slots);
    }

    /** State so many frames back on the path that is best now. */
    int label(int framesBack) {
        int state = 0;
        for (int k = 1; k < states; k++) {
            if (scores[k] > scores[state]) {
                state = k;
            }
        }
        for (int back = 0; back < framesBack; back++) {
            state = (int) from[slot(back, count) * lanes + state];
        }
        return state;
    }

    /** How many frames back all possible paths agree for the first time; -1 when they do not within the lag. */
    int coalescence() {
        for (int k = 0; k < states; k++) {
            isReached[k] = scores[k] > Double.NEGATIVE_INFINITY;
        }
        for (int back = 0; back < depth(); back++) {
            int reached = 0;
            for (int k = 0; k < states; k++) {
                reached += isReached[k] ? 1 : 0;
            }
            if (reached == 1) {
                return back;
            }
            Arrays.fill(isReachedBefore, false);
            for (int k = 0; back + 1 < depth() && k < states; k++) {
                if (isReached[k]) {
                    isReachedBefore[(int) from[slot(back, count) * lanes + k]] = true;
                }
            }
            System.arraycopy(isReachedBefore, 0, isReached, 0, states);
        }
        return -1;
    }

    // ------------------------------------------------------------------------------------------------ states

    /** Number of values of {@link #save}. */
    int savedSize() {
        return 1 + lanes + from.length;
    }

    /** What lives between frames: count, scores and back pointers. */
    double[] save() {
        double[] kept = new double[savedSize()];
        kept[0] = count;
        System.arraycopy(scores, 0, kept, 1, lanes);
        System.arraycopy(from, 0, kept, 1 + lanes, from.length);
        return kept;
    }

    /** Takes over what {@link #save} gave. */
    void restore(double[] kept) {
        count = (long) kept[0];
        System.arraycopy(kept, 1, scores, 0, lanes);
        System.arraycopy(kept, 1 + lanes, from, 0, from.length);
    }
}
