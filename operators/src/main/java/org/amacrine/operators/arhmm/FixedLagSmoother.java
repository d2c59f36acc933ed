package org.amacrine.operators.arhmm;

import org.amacrine.core.kernel.Kernels;

/**
 * Smoothed probabilities at a fixed lag h, p(z_{t-h} | x_1..t): from the newest frame back, over a ring of the filtered and
 * predictive probabilities of the last frames,
 *
 * <pre>
 *   g_t = f_t       g_s = normalise( f_s o (pi_{s+1} (g_{s+1} / r_{s+1})) )       pi_s: what led into frame s
 * </pre>
 *
 * <p>Exact, and every g on the way is the smoothed probability at a smaller lag. Owned by the thread that computes the
 * frames. Allocates nothing after construction.
 */
final class FixedLagSmoother {
    private final int lag;
    private final int slots;
    private final int states;
    private final int lanes;
    private final double[] f;
    private final double[] r;
    private final TransitionLanes[] into;
    private final double[] g;
    private final double[] scratch;
    private long count;

    /**
     * A smoother at the beginning of its stream.
     *
     * @param lag h, in frames, at least 0
     */
    FixedLagSmoother(int states, int lag) {
        this.lag = lag;
        this.states = states;
        slots = lag + 2;
        lanes = Kernels.stateLanes(states);
        f = new double[slots * lanes];
        r = new double[slots * lanes];
        into = new TransitionLanes[slots];
        g = new double[(lag + 1) * lanes];
        scratch = new double[lanes];
    }

    /** Back to the beginning. */
    void clear() {
        count = 0;
    }

    /**
     * Takes the newest frame.
     *
     * @param transitions what led into it
     */
    void push(double[] filtered, double[] predictive, TransitionLanes transitions) {
        int slot = slot(0, count + 1);
        System.arraycopy(filtered, 0, f, slot * lanes, lanes);
        System.arraycopy(predictive, 0, r, slot * lanes, lanes);
        into[slot] = transitions;
        count++;
    }

    private int slot(int framesBack, long of) {
        return (int) ((of - 1 - framesBack) % slots);
    }

    /** Number of frames, up to h + 1, that are smoothed: lags 0 to one less. */
    int depth() {
        return (int) Math.min(count, lag + 1);
    }

    /** Smooths the frames of the lags 0 to h, as far as there are any. */
    void smooth(Kernels kernels) {
        if (count == 0) {
            return;
        }
        System.arraycopy(f, slot(0, count) * lanes, g, 0, lanes);
        for (int back = 1; back < depth(); back++) {
            int here = slot(back, count);
            int after = slot(back - 1, count);
            kernels.smoothStep(
                    f,
                    here * lanes,
                    r,
                    after * lanes,
                    into[after].transposed(),
                    states,
                    g,
                    (back - 1) * lanes,
                    g,
                    back * lanes,
                    lanes,
                    scratch);
        }
    }

    /** Result of {@link #smooth}: [lag 0..h][lanes]. */
    double[] smoothed() {
        return g;
    }

    /** Whether there is a frame right before the one so many frames back. */
    boolean hasFrameBefore(int back) {
        return count > back + 1;
    }

    /**
     * Probability of each transition into the frame at a lag given the frames up to now, after {@link #smooth}:
     * {@code f_{s-1}(i) pi_ij g_s(j) / r_s(j)}.
     *
     * @param back the lag, 0 to h
     */
    double pair(int back, int from, int to) {
        int here = slot(back, count);
        double likely = r[here * lanes + to];
        double ratio = likely == 0 ? 0 : g[back * lanes + to] / likely;
        return f[slot(back + 1, count) * lanes + from] * into[here].at(from, to) * ratio;
    }

    /** Probability that the state changed right before the frame at a lag of 0 to h, given the frames up to now. */
    double changeProbability(int back) {
        double stay = 0;
        for (int k = 0; k < states; k++) {
            stay += pair(back, k, k);
        }
        return 1 - stay;
    }

    // ------------------------------------------------------------------------------------------------ states

    /** Number of values of {@link #save}. */
    int savedSize() {
        return 1 + slots * (2 * lanes + states * states);
    }

    /** What lives between frames: count, and probabilities and transitions of each slot. */
    double[] save() {
        double[] kept = new double[savedSize()];
        kept[0] = count;
        int at = 1;
        for (int slot = 0; slot < slots; slot++) {
            if (slot < count) {
                System.arraycopy(f, slot * lanes, kept, at, lanes);
                System.arraycopy(r, slot * lanes, kept, at + lanes, lanes);
                for (int from = 0; from < states; from++) {
                    for (int to = 0; to < states; to++) {
                        kept[at + 2 * lanes + from * states + to] = into[slot].at(from, to);
                    }
                }
            }
            at += 2 * lanes + states * states;
        }
        return kept;
    }

    /** Takes over what {@link #save} gave. */
    void restore(double[] kept) {
        count = (long) kept[0];
        int at = 1;
        for (int slot = 0; slot < slots; slot++) {
            if (slot < count) {
                System.arraycopy(kept, at, f, slot * lanes, lanes);
                System.arraycopy(kept, at + lanes, r, slot * lanes, lanes);
                into[slot] = new TransitionLanes(states);
                into[slot].set(java.util.Arrays.copyOfRange(kept, at + 2 * lanes, at + 2 * lanes + states * states));
            }
            at += 2 * lanes + states * states;
        }
    }
}
