package org.amacrine.operators.arhmm;

import java.util.Arrays;

/**
 * Averages per frame of what a model is learned from: transitions C and, for each state, the weight of its frames and, with
 * {@code g = [h; x]}, their products {@code g g^T}, of which the lower triangle is kept.
 *
 * <p>Owned by the thread that computes the frames. Allocates nothing after construction.
 */
final class RunningStatistics {
    private final int states;
    private final int regressors;
    private final int size;
    private final double[] transitions;
    private final double[] moments;

    /** No frames yet. */
    RunningStatistics(int states, int dims, int lags) {
        this.states = states;
        regressors = dims * (lags + 1) + 1;
        size = momentCount(dims, lags);
        transitions = new double[states * states];
        moments = new double[states * size];
    }

    private RunningStatistics(RunningStatistics other) {
        states = other.states;
        regressors = other.regressors;
        size = other.size;
        transitions = other.transitions.clone();
        moments = other.moments.clone();
    }

    /**
     * Sums over a recording whose states are known, not divided by its number of frames.
     *
     * @param z states of all positions, one sequence behind the other
     */
    static RunningStatistics sums(Observations observations, int[] z, int states) {
        RunningStatistics sums = new RunningStatistics(states, observations.dims(), observations.lags());
        System.arraycopy(HdpTransitions.counts(observations, z, states), 0, sums.transitions, 0, states * states);
        double[] g = new double[observations.regressors()];
        for (int n = 0; n < observations.count(); n++) {
            for (int s = 0; s < observations.length(n); s++) {
                if (observations.weight(n, s) != 0) {
                    observations.regressors(n, s, g, 0);
                    sums.addFrame(z[observations.offset(n) + s], observations.weight(n, s), g, 0);
                }
            }
        }
        return sums;
    }

    /** Values that a state has: 1 + (p + D)². */
    static int momentCount(int dims, int lags) {
        int regressors = dims * (lags + 1) + 1;
        return 1 + regressors * regressors;
    }

    /** C, [from][to]. */
    double[] transitions() {
        return transitions;
    }

    /** Weight and products of all states, [K][1 + (p + D)²]. */
    double[] moments() {
        return moments;
    }

    /** Weight of a state's frames. */
    double count(int state) {
        return moments[state * size];
    }

    /** Where in {@link #moments()} the products of a state begin, [p + D][p + D]. */
    int productsAt(int state) {
        return state * size + 1;
    }

    /** Multiplies everything. */
    void scale(double factor) {
        for (int i = 0; i < transitions.length; i++) {
            transitions[i] *= factor;
        }
        for (int i = 0; i < moments.length; i++) {
            moments[i] *= factor;
        }
    }

    /** Adds another one, {@code weight} times. */
    void add(RunningStatistics other, double weight) {
        for (int i = 0; i < transitions.length; i++) {
            transitions[i] = Math.fma(weight, other.transitions[i], transitions[i]);
        }
        for (int i = 0; i < moments.length; i++) {
            moments[i] = Math.fma(weight, other.moments[i], moments[i]);
        }
    }

    /** Of sums over frames, the averages per frame that counts, in a new one. */
    RunningStatistics averages() {
        double frames = 0;
        for (int k = 0; k < states; k++) {
            frames += count(k);
        }
        RunningStatistics averages = new RunningStatistics(this);
        averages.scale(1 / Math.max(frames, Double.MIN_NORMAL));
        return averages;
    }

    /** Back to no frames. */
    void clear() {
        Arrays.fill(transitions, 0);
        Arrays.fill(moments, 0);
    }

    /**
     * Adds a frame to a state.
     *
     * @param weight weight of the frame in the state
     * @param g lags, the constant 1 and the frame, p + D values from {@code gAt}
     */
    void addFrame(int state, double weight, double[] g, int gAt) {
        addFrame(moments, state * size, weight, g, gAt, regressors);
    }

    /** Adds {@code weight} times a frame, with the 1 and its products, to values from {@code at}. */
    static void addFrame(double[] to, int at, double weight, double[] g, int gAt, int regressors) {
        to[at] += weight;
        for (int i = 0; i < regressors; i++) {
            double factor = weight * g[gAt + i];
            int row = at + 1 + i * regressors;
            for (int j = 0; j <= i; j++) {
                to[row + j] = Math.fma(factor, g[gAt + j], to[row + j]);
            }
        }
    }

    int states() {
        return states;
    }
}
