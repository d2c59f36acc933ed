package org.amacrine.operators.arhmm;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.amacrine.core.kernel.Kernels;

/**
 * The exact recursions of a hidden Markov model over one sequence: filter, then smoother or a draw of states backwards;
 * and the best path. Time goes in tiles. A sequence that is not too long keeps all its tiles; of a longer one only the
 * prediction at the beginning of each tile is kept and the tile is computed again on the way back, so that memory grows with
 * T K / 64.
 *
 * <pre>
 *   predictive r   r_0 ─┬▶ r_1 ─┬▶ r_2 ─ …        r_{s+1} = pi^T f_s
 *   filtered   f       f_0     f_1               f_s ∝ r_s exp l_s
 *   smoothed   g   g_0 ◀── g_1 ◀── g_2 ─ …        g_s ∝ f_s o pi (g_{s+1} / r_{s+1})
 * </pre>
 *
 * <p>Owned by one thread; used for one sequence after the other.
 */
final class ForwardBackward {
    /** Values of f, and as many of r, that are kept: 32 MB each. */
    private static final int KEPT_VALUES = 1 << 22;

    private static final int TILE = FrameLikelihoods.TILE;

    /** What is done with the frames of a filtered sequence, from the last to the first. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Takes a frame.
         *
         * @param s its position
         * @param r holds its predictive probabilities from {@code at}, and those of the frame after it from
         *     {@code at + lanes}
         * @param f holds its filtered probabilities from {@code at}
         */
        void frame(int s, double[] r, double[] f, int at);
    }

    /** What is done with smoothed probabilities, from the last frame to the first. */
    @FunctionalInterface
    interface SmoothedVisitor {
        /** Takes the smoothed probabilities g of a frame, [states] from index 0. */
        void frame(int s, double[] g);
    }

    /** What is done with pairs of neighbouring frames, from the last pair to the first. */
    @FunctionalInterface
    interface PairVisitor {
        /**
         * Takes the probabilities xi(i, j) that frame s is in state i and the one after it in state j.
         *
         * @param xi [states][states]
         */
        void pair(int s, double[] xi);
    }

    private final Kernels kernels;
    private final boolean referenceNumerics;
    private final int keptValues;
    private final int states;
    private final int lanes;
    private final double[] l;
    private final double[] g;
    private final double[] likely;
    private final double[] scratch;
    private double[] r = new double[0];
    private double[] f = new double[0];
    private double[] starts = new double[0];
    private double[] logEvidence = new double[0];

    private TransitionLanes transitions;
    private FrameLikelihoods likelihoods;
    private int frames;
    private boolean keepsAll;

    /** For chains of so many states. */
    ForwardBackward(Kernels kernels, int states, boolean referenceNumerics) {
        this(kernels, states, referenceNumerics, KEPT_VALUES);
    }

    ForwardBackward(Kernels kernels, int states, boolean referenceNumerics, int keptValues) {
        this.kernels = kernels;
        this.referenceNumerics = referenceNumerics;
        this.keptValues = keptValues;
        this.states = states;
        lanes = Kernels.stateLanes(states);
        l = new double[TILE * lanes];
        g = new double[lanes];
        likely = new double[lanes];
        scratch = new double[lanes];
    }

    /** Goes by these transitions from now on. */
    ForwardBackward transitions(TransitionLanes lanesOfPi) {
        transitions = lanesOfPi;
        return this;
    }

    // ------------------------------------------------------------------------------------------------ forward

    /**
     * Filters a sequence, which the other methods then go back over.
     *
     * @return marginal log likelihood: the sum of the frames' log evidences
     * @throws ImpossibleFrameException when no state is possible at a frame
     */
    double filter(FrameLikelihoods sequence, int length) {
        likelihoods = sequence;
        frames = length;
        keepsAll = (long) length * lanes <= keptValues;
        int kept = keepsAll ? length : TILE;
        int tiles = (length + TILE - 1) / TILE;
        r = room(r, (kept + 1) * lanes);
        f = room(f, kept * lanes);
        starts = room(starts, keepsAll ? 0 : Math.multiplyExact(tiles, lanes));
        logEvidence = room(logEvidence, length);
        Arrays.fill(r, 0, lanes, 0);
        Arrays.fill(r, 0, states, 1.0 / states);
        double sum = 0;
        for (int from = 0; from < length; from += TILE) {
            if (!keepsAll) {
                System.arraycopy(r, from == 0 ? 0 : TILE * lanes, r, 0, lanes);
                System.arraycopy(r, 0, starts, from / TILE * lanes, lanes);
            }
            filterTile(from);
            for (int s = from; s < Math.min(length, from + TILE); s++) {
                sum += logEvidence[s];
            }
        }
        return sum;
    }

    private static double[] room(double[] have, int wanted) {
        return have.length >= wanted ? have : new double[wanted];
    }

    private void filterTile(int from) {
        int count = Math.min(TILE, frames - from);
        likelihoods.tile(from, count, l);
        for (int i = 0; i < count; i++) {
            int at = at(from + i);
            double c = referenceNumerics
                    ? ReferenceNumerics.filterStep(r, at, l, i * lanes, f, at, states, lanes)
                    : kernels.filterStep(r, at, l, i * lanes, f, at, lanes);
            if (c == Double.NEGATIVE_INFINITY) {
                throw new ImpossibleFrameException(from + i);
            }
            logEvidence[from + i] = c;
            transitions.propagate(kernels, f, at, r, at + lanes);
        }
    }

    /** Where r and f of a frame lie. */
    private int at(int s) {
        return (keepsAll ? s : s % TILE) * lanes;
    }

    /** log p(x_s | x before s) of a filtered frame. */
    double logEvidence(int s) {
        return logEvidence[s];
    }

    // ------------------------------------------------------------------------------------------------ backward

    /** Goes over a filtered sequence from its last frame to its first. */
    void backward(Visitor visitor) {
        for (int from = (frames - 1) / TILE * TILE; from >= 0; from -= TILE) {
            if (!keepsAll) {
                System.arraycopy(starts, from / TILE * lanes, r, 0, lanes);
                filterTile(from);
            }
            for (int s = Math.min(frames, from + TILE) - 1; s >= from; s--) {
                visitor.frame(s, r, f, at(s));
            }
        }
    }

    /** Probabilities of each frame given the whole sequence. */
    void smooth(SmoothedVisitor visitor) {
        backward((s, predictive, filtered, at) -> {
            if (s == frames - 1) {
                System.arraycopy(filtered, at, g, 0, lanes);
            } else {
                smoothStep(predictive, at + lanes, filtered, at);
            }
            visitor.frame(s, g);
        });
    }

    /** From g of the frame after to g of this one. */
    private void smoothStep(double[] predictive, int rAt, double[] filtered, int fAt) {
        double[] next = predictive;
        int nextAt = rAt;
        if (referenceNumerics) {
            ReferenceNumerics.dropUnlikely(predictive, rAt, likely, states);
            next = likely;
            nextAt = 0;
        }
        kernels.smoothStep(filtered, fAt, next, nextAt, transitions.transposed(), states, g, 0, g, 0, lanes, scratch);
    }

    /** Probabilities of neighbouring frames given the whole sequence. */
    void pairs(PairVisitor visitor) {
        double[] forward = transitions.forward().values();
        double[] xi = new double[states * states];
        backward((s, predictive, filtered, at) -> {
            if (s == frames - 1) {
                System.arraycopy(filtered, at, g, 0, lanes);
                return;
            }
            for (int i = 0; i < states; i++) {
                for (int j = 0; j < states; j++) {
                    double p = predictive[at + lanes + j];
                    xi[i * states + j] = p == 0 ? 0 : filtered[at + i] * forward[i * lanes + j] * (g[j] / p);
                }
            }
            visitor.pair(s, xi);
            smoothStep(predictive, at + lanes, filtered, at);
        });
    }

    /**
     * Draws a path given the whole sequence, backwards: the last state by f, each one before by
     * {@code f_s o pi[:, z_{s+1}]}; the smallest state whose cumulative weight is larger than u times their sum.
     *
     * @param uniforms a number on [0, 1) for each frame
     * @param z receives the path, [length] from {@code zAt}
     */
    void sample(IntToDoubleFunction uniforms, int[] z, int zAt) {
        double[] transposed = transitions.transposed().values();
        backward((s, predictive, filtered, at) -> {
            double sum = 0;
            if (s == frames - 1) {
                for (int k = 0; k < states; k++) {
                    sum += filtered[at + k];
                    scratch[k] = sum;
                }
            } else {
                int row = z[zAt + s + 1] * lanes;
                for (int k = 0; k < states; k++) {
                    sum += filtered[at + k] * transposed[row + k];
                    scratch[k] = sum;
                }
            }
            double wanted = uniforms.applyAsDouble(s) * sum;
            int k = 0;
            while (k < states - 1 && !(scratch[k] > wanted)) {
                k++;
            }
            z[zAt + s] = k;
        });
    }

    // ------------------------------------------------------------------------------------------------ best path

    /**
     * The path of largest joint probability with the sequence (Viterbi); of equal ones the lowest states, from the end.
     *
     * @param path receives it, [length] from {@code pathAt}
     * @return log of that joint probability, the uniform start included
     */
    double viterbi(FrameLikelihoods sequence, int length, int[] path, int pathAt) {
        int tiles = (length + TILE - 1) / TILE;
        double[] scores = new double[Math.multiplyExact(tiles, lanes)];
        double[] from = new double[TILE * lanes];
        double[] d = new double[lanes];
        for (int tile = 0; tile < tiles; tile++) {
            viterbiTile(sequence, length, tile, d, scores, from);
        }
        int best = 0;
        for (int k = 1; k < states; k++) {
            if (d[k] > d[best]) {
                best = k;
            }
        }
        double score = d[best];
        path[pathAt + length - 1] = best;
        for (int tile = tiles - 1; tile >= 0; tile--) {
            System.arraycopy(scores, tile * lanes, d, 0, lanes);
            viterbiTile(sequence, length, tile, d, scores, from);
            for (int s = Math.min(length, (tile + 1) * TILE) - 1; s >= Math.max(1, tile * TILE); s--) {
                path[pathAt + s - 1] = (int) from[s % TILE * lanes + path[pathAt + s]];
            }
        }
        return score;
    }

    /** From the scores before a tile, which are kept, to those of its last frame, with the way to each. */
    private void viterbiTile(
            FrameLikelihoods sequence, int length, int tile, double[] d, double[] scores, double[] from) {
        System.arraycopy(d, 0, scores, tile * lanes, lanes);
        int first = tile * TILE;
        int count = Math.min(TILE, length - first);
        sequence.tile(first, count, l);
        for (int i = 0; i < count; i++) {
            if (first + i == 0) {
                Arrays.fill(d, -Math.log(states));
            } else {
                kernels.maxPlus(transitions.log(), d, 0, states, scratch, 0, from, i * lanes, lanes);
                System.arraycopy(scratch, 0, d, 0, lanes);
            }
            double most = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < lanes; k++) {
                d[k] += l[i * lanes + k];
                most = Math.max(most, d[k]);
            }
            if (most == Double.NEGATIVE_INFINITY) {
                throw new ImpossibleFrameException(first + i);
            }
        }
    }
}
