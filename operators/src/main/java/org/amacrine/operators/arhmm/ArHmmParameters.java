package org.amacrine.operators.arhmm;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amacrine.core.io.NdArray;

/**
 * The parameters of an autoregressive hidden Markov model with K states, D dimensions and L lags:
 *
 * <pre>
 *   z_t | z_{t-1}   ~ pi[z_{t-1}]
 *   x_t | z_t, lags ~ N(Ab[z_t] h_t, Q[z_t])      h_t = [x_{t-L}; ...; x_{t-1}; 1]
 * </pre>
 *
 * <p>Immutable; arrays are flat, in C order, and not to be written to.
 */
public final class ArHmmParameters {
    /** What a row of probabilities may miss one by: files hold {@code float32}. */
    private static final double SUM_TOLERANCE = 1e-5;

    /** What Q may miss symmetry by, relative to its largest value. */
    private static final double SYMMETRY_TOLERANCE = 1e-6;

    private final int states;
    private final int dims;
    private final int lags;
    private final double[] betas;
    private final double[] pi;
    private final double[] ab;
    private final double[] q;
    private final double[] cholesky;

    /**
     * Checks and copies the arrays.
     *
     * @param states K, at least 1
     * @param dims D, at least 1
     * @param lags L, at least 1
     * @param betas weights of the states in the transition prior, [K], without unit
     * @param pi transition matrix, [from K][to K]; rows sum to one
     * @param ab autoregression, [K][D][D L + 1]: lags in time order, the bias last
     * @param q covariance of the innovations, [K][D][D], positive definite
     * @throws IllegalArgumentException that names array and place
     */
    public ArHmmParameters(int states, int dims, int lags, double[] betas, double[] pi, double[] ab, double[] q) {
        if (states < 1 || dims < 1 || lags < 1) {
            throw new IllegalArgumentException("a model needs at least 1 state, 1 dimension and 1 lag but was given "
                    + states + ", " + dims + " and " + lags);
        }
        this.states = states;
        this.dims = dims;
        this.lags = lags;
        this.betas = checked("betas", betas, states);
        this.pi = checked("pi", pi, states, states);
        this.ab = checked("Ab", ab, states, dims, columns());
        this.q = checked("Q", q, states, dims, dims);
        requireProbabilities();
        cholesky = new double[q.length];
        for (int k = 0; k < states; k++) {
            factor(k);
        }
    }

    /**
     * Parameters from arrays of shapes [K], [K][K], [K][D][p] and [K][D][D]; L follows from p = D L + 1.
     *
     * <p>Differs from the reference, which takes the floor of p / D and so fails for D = 1.
     *
     * @throws IllegalArgumentException that names array and place
     */
    public static ArHmmParameters of(NdArray betas, NdArray pi, NdArray ab, NdArray q) {
        if (ab.shape().length != 3) {
            throw new IllegalArgumentException(
                    "Ab must have the shape (states, dims, dims lags + 1) but was " + NdArray.text(ab.shape()));
        }
        int states = ab.shape()[0];
        int dims = ab.shape()[1];
        int lags = lags(dims, ab.shape()[2]);
        requireShape("betas", betas, states);
        requireShape("pi", pi, states, states);
        requireShape("Q", q, states, dims, dims);
        return new ArHmmParameters(states, dims, lags, betas.doubles(), pi.doubles(), ab.doubles(), q.doubles());
    }

    /** L from D and the number of columns p = D L + 1; throws {@link IllegalArgumentException} that names both. */
    public static int lags(int dims, int columns) {
        if (dims < 1 || columns <= dims || (columns - 1) % dims != 0) {
            throw new IllegalArgumentException("Ab must have dims lags + 1 columns but has " + columns + " for " + dims
                    + " dims; give the lags in time order and the bias last");
        }
        return (columns - 1) / dims;
    }

    private static void requireShape(String name, NdArray array, int... shape) {
        if (!Arrays.equals(array.shape(), shape)) {
            throw new IllegalArgumentException(
                    name + " must have the shape " + NdArray.text(shape) + " but was " + NdArray.text(array.shape()));
        }
    }

    private static double[] checked(String name, double[] values, int... shape) {
        if (values.length != NdArray.count(shape)) {
            throw new IllegalArgumentException(name + " of shape " + NdArray.text(shape) + " has "
                    + NdArray.count(shape) + " values but was given " + values.length);
        }
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        name + index(i, shape) + " must be a finite number but was " + values[i]);
            }
        }
        return values.clone();
    }

    private static String index(int at, int... shape) {
        StringBuilder text = new StringBuilder();
        int rest = at;
        for (int i = shape.length - 1; i >= 0; i--) {
            text.insert(0, "[" + rest % shape[i] + "]");
            rest /= shape[i];
        }
        return text.toString();
    }

    private void requireProbabilities() {
        for (int k = 0; k < states; k++) {
            if (betas[k] < 0) {
                throw new IllegalArgumentException("betas[" + k + "] must be >= 0 but was " + betas[k]);
            }
        }
        for (int from = 0; from < states; from++) {
            double sum = 0;
            for (int to = 0; to < states; to++) {
                double p = pi[from * states + to];
                if (p < 0) {
                    throw new IllegalArgumentException("pi[" + from + "][" + to + "] must be >= 0 but was " + p);
                }
                sum += p;
            }
            if (Math.abs(sum - 1) > SUM_TOLERANCE) {
                throw new IllegalArgumentException(
                        "row " + from + " of pi must sum to 1 but sums to " + sum + "; divide each row by its sum");
            }
        }
    }

    /** Lower Cholesky factor of Q of a state. */
    private void factor(int k) {
        int at = k * dims * dims;
        double largest = 0;
        for (int i = 0; i < dims * dims; i++) {
            largest = Math.max(largest, Math.abs(q[at + i]));
        }
        for (int i = 0; i < dims; i++) {
            for (int j = 0; j <= i; j++) {
                double here = q[at + i * dims + j];
                double there = q[at + j * dims + i];
                if (Math.abs(here - there) > SYMMETRY_TOLERANCE * largest) {
                    throw new IllegalArgumentException("Q of state " + k + " must be symmetric but Q[" + k + "][" + i
                            + "][" + j + "] is " + here + " and its mirror image " + there);
                }
                cholesky[at + i * dims + j] = 0.5 * (here + there);
            }
        }
        if (!SmallMatrix.cholesky(cholesky, at, dims)) {
            throw new IllegalArgumentException("Q of state " + k + " must be positive definite but is not;"
                    + " it is a covariance, with variances > 0 on its diagonal");
        }
    }

    /** K. */
    public int states() {
        return states;
    }

    /** D. */
    public int dims() {
        return dims;
    }

    /** L. */
    public int lags() {
        return lags;
    }

    /** p = D L + 1: columns of the autoregression. */
    public int columns() {
        return dims * lags + 1;
    }

    /** Weights of the states in the transition prior, [K]. */
    public double[] betas() {
        return betas;
    }

    /** Transition matrix, [from][to]. */
    public double[] pi() {
        return pi;
    }

    /** Autoregression, [K][D][p]. */
    public double[] ab() {
        return ab;
    }

    /** Covariance of the innovations, [K][D][D]. */
    public double[] q() {
        return q;
    }

    /** Lower Cholesky factors of Q, [K][D][D]. */
    public double[] cholesky() {
        return cholesky;
    }

    /** The arrays by the names that they have on a layer: betas [K], pi [K][K], Ab [K][D][p], Q [K][D][D]. */
    public Map<String, NdArray> arrays() {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        arrays.put("betas", new NdArray(new int[] {states}, betas));
        arrays.put("pi", new NdArray(new int[] {states, states}, pi));
        arrays.put("Ab", new NdArray(new int[] {states, dims, columns()}, ab));
        arrays.put("Q", new NdArray(new int[] {states, dims, dims}, q));
        return arrays;
    }

    /**
     * The same model with its states in another order.
     *
     * @param order number here of each state there, [K], each of them once
     */
    public ArHmmParameters reordered(int[] order) {
        double[] newBetas = new double[states];
        double[] newPi = new double[pi.length];
        double[] newAb = new double[ab.length];
        double[] newQ = new double[q.length];
        int perAb = dims * columns();
        int perQ = dims * dims;
        for (int i = 0; i < states; i++) {
            newBetas[i] = betas[order[i]];
            for (int j = 0; j < states; j++) {
                newPi[i * states + j] = pi[order[i] * states + order[j]];
            }
            System.arraycopy(ab, order[i] * perAb, newAb, i * perAb, perAb);
            System.arraycopy(q, order[i] * perQ, newQ, i * perQ, perQ);
        }
        return new ArHmmParameters(states, dims, lags, newBetas, newPi, newAb, newQ);
    }

    /** Same sizes and the same values, bit by bit. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ArHmmParameters that
                && states == that.states
                && dims == that.dims
                && lags == that.lags
                && Arrays.equals(betas, that.betas)
                && Arrays.equals(pi, that.pi)
                && Arrays.equals(ab, that.ab)
                && Arrays.equals(q, that.q);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(pi) + 31 * Arrays.hashCode(ab);
    }

    /** For example {@code 25 states, 4 dims, 3 lags}. */
    @Override
    public String toString() {
        return states + " states, " + dims + " dims, " + lags + " lags";
    }
}
