package org.amacrine.operators.arhmm;

import java.util.Arrays;
import org.amacrine.core.kernel.Kernels;

/**
 * Sequences as a model with L lags sees them: position s of a sequence is its frame {@code s + L}, with the L frames before
 * it as regressors. Immutable, shared by all threads.
 *
 * <p>A masked frame is skipped, whatever it holds; it still is a lag of later frames. A valid frame with a lag that is not
 * finite is treated as masked and counted.
 *
 * <p>Differs from the reference, which multiplies by the mask and so turns NaN in a masked frame into NaN everywhere.
 */
final class Observations {
    private final Sequences sequences;
    private final int dims;
    private final int lags;
    private final double[][] weights;
    private final int[] offsets;
    private final long framesWithoutLags;

    /**
     * Looks at every frame.
     *
     * @throws IllegalArgumentException when a sequence is too short, or a valid frame is not finite
     */
    Observations(Sequences sequences, int lags) {
        this.sequences = sequences;
        this.dims = sequences.dims();
        this.lags = lags;
        weights = new double[sequences.count()][];
        offsets = new int[sequences.count() + 1];
        long withoutLags = 0;
        for (int n = 0; n < weights.length; n++) {
            int frames = sequences.frames(n);
            if (frames <= lags) {
                throw new IllegalArgumentException("sequence " + n + " has " + frames + " frames, needs at least "
                        + (lags + 1) + ": " + lags + " lags and a frame to explain by them");
            }
            weights[n] = new double[frames - lags];
            withoutLags += weigh(n);
            offsets[n + 1] = Math.addExact(offsets[n], frames - lags);
        }
        framesWithoutLags = withoutLags;
    }

    /** Fills the weights of a sequence and returns how many valid frames had a lag that is not finite. */
    private int weigh(int n) {
        int withoutLags = 0;
        int lastHole = -1;
        for (int t = 0; t < sequences.frames(n); t++) {
            double weight = sequences.weight(n, t);
            boolean finite = isFinite(n, t);
            if (!finite && weight != 0) {
                throw new IllegalArgumentException("sequence " + n + " is not finite at frame " + t
                        + ", which its mask calls valid; mask it, or fill it in");
            }
            if (t >= lags) {
                boolean hole = lastHole >= t - lags;
                weights[n][t - lags] = hole ? 0 : weight;
                withoutLags += hole && weight != 0 ? 1 : 0;
            }
            if (!finite) {
                lastHole = t;
            }
        }
        return withoutLags;
    }

    private boolean isFinite(int n, int t) {
        double[] x = sequences.x(n);
        for (int d = 0; d < dims; d++) {
            if (!Double.isFinite(x[t * dims + d])) {
                return false;
            }
        }
        return true;
    }

    /** N. */
    int count() {
        return weights.length;
    }

    /** T - L of a sequence. */
    int length(int n) {
        return weights[n].length;
    }

    /** Positions of all sequences before this one. */
    int offset(int n) {
        return offsets[n];
    }

    /** Positions of all sequences together. */
    int total() {
        return offsets[weights.length];
    }

    /** D. */
    int dims() {
        return dims;
    }

    /** L. */
    int lags() {
        return lags;
    }

    /** p + D: values of the regressors {@code [h; x]}. */
    int regressors() {
        return dims * lags + 1 + dims;
    }

    /** Weight of a position; 0 where it is to be skipped. */
    double weight(int n, int s) {
        return weights[n][s];
    }

    /** Features of a sequence, [T][D]. */
    double[] x(int n) {
        return sequences.x(n);
    }

    /** Valid frames that are treated as masked because one of their lags is not finite. */
    long framesWithoutLags() {
        return framesWithoutLags;
    }

    /** What a position is called in messages. */
    String place(int n, int s) {
        return "frame " + (s + lags) + " of sequence " + n;
    }

    /** Regressors {@code [h; x]} of a position: lags in time order, 1, then x itself. */
    void regressors(int n, int s, double[] g, int gAt) {
        double[] x = sequences.x(n);
        int history = lags * dims;
        System.arraycopy(x, s * dims, g, gAt, history);
        g[gAt + history] = 1;
        System.arraycopy(x, s * dims + history, g, gAt + history + 1, dims);
    }

    /** Log likelihoods of a sequence in every state, weighted by the mask; for one thread. */
    FrameLikelihoods likelihoods(int n, WhitenedRegressors regressors, Kernels kernels) {
        int size = regressors();
        int lanes = regressors.lanes();
        double[] g = new double[FrameLikelihoods.TILE * size];
        return (from, frames, l) -> {
            for (int i = 0; i < frames; i++) {
                regressors(n, from + i, g, i * size);
            }
            regressors.logLikelihoods(kernels, g, 0, size, frames, l, 0);
            for (int i = 0; i < frames; i++) {
                double weight = weights[n][from + i];
                if (weight != 1) {
                    weighRow(weight, l, i * lanes, regressors.states(), lanes);
                }
            }
        };
    }

    /** Padding is minus infinity still, also where the frame is not a number. */
    private static void weighRow(double weight, double[] l, int at, int states, int lanes) {
        if (weight == 0) {
            Arrays.fill(l, at, at + states, 0);
            Arrays.fill(l, at + states, at + lanes, Double.NEGATIVE_INFINITY);
            return;
        }
        for (int k = at; k < at + states; k++) {
            l[k] *= weight;
        }
    }
}
