package org.amacrine.operators.arhmm;

import java.util.Arrays;

/**
 * Averages per frame of what a model is learned from: transitions C and, for each state, the weight of its frames and their
 * moments {@code [1, x x^T, x h^T, h h^T]} with x the frame and h its lags and the constant 1.
 *
 * <p>Owned by the thread that computes the frames. Allocates nothing after construction.
 */
final class RunningStatistics {
    private final int states;
    private final int dims;
    private final int columns;
    private final int size;
    private final double[] transitions;
    private final double[] moments;

    /** No frames yet. */
    RunningStatistics(int states, int dims, int lags) {
        this.states = states;
        this.dims = dims;
        columns = dims * lags + 1;
        size = momentCount(dims, lags);
        transitions = new double[states * states];
        moments = new double[states * size];
    }

    private RunningStatistics(RunningStatistics other) {
        states = other.states;
        dims = other.dims;
        columns = other.columns;
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

    /** Values that a state has: 1 + D² + D p + p². */
    static int momentCount(int dims, int lags) {
        int columns = dims * lags + 1;
        return 1 + dims * dims + dims * columns + columns * columns;
    }

    /** C, [from][to]. */
    double[] transitions() {
        return transitions;
    }

    /** Moments of all states, [K][1 + D² + D p + p²]. */
    double[] moments() {
        return moments;
    }

    /** Weight of a state's frames. */
    double count(int state) {
        return moments[state * size];
    }

    /** Where in {@link #moments()} the x x^T of a state begin, [D][D]. */
    int xxAt(int state) {
        return state * size + 1;
    }

    /** Where in {@link #moments()} the x h^T of a state begin, [D][p]. */
    int xhAt(int state) {
        return xxAt(state) + dims * dims;
    }

    /** Where in {@link #moments()} the h h^T of a state begin, [p][p]. */
    int hhAt(int state) {
        return xhAt(state) + dims * columns;
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
        addFrame(moments, state * size, weight, g, gAt, dims, columns);
    }

    /** Adds {@code weight} times the moments of a frame to values from {@code at}. */
    static void addFrame(double[] to, int at, double weight, double[] g, int gAt, int dims, int columns) {
        to[at] += weight;
        int next = addProducts(to, at + 1, weight, g, gAt + columns, dims, gAt + columns, dims);
        next = addProducts(to, next, weight, g, gAt + columns, dims, gAt, columns);
        addProducts(to, next, weight, g, gAt, columns, gAt, columns);
    }

    private static int addProducts(
            double[] to, int at, double weight, double[] g, int leftAt, int left, int rightAt, int right) {
        int next = at;
        for (int i = 0; i < left; i++) {
            double factor = weight * g[leftAt + i];
            for (int j = 0; j < right; j++, next++) {
                to[next] = Math.fma(factor, g[rightAt + j], to[next]);
            }
        }
        return next;
    }

    int states() {
        return states;
    }
}
