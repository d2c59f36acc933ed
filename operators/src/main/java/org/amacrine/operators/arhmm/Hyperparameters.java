package org.amacrine.operators.arhmm;

import java.util.Arrays;

/**
 * The prior of an autoregressive hidden Markov model, in its two parts.
 *
 * @param transitions prior of the transition matrix
 * @param autoregression prior of each state's autoregression
 */
public record Hyperparameters(Transitions transitions, Autoregression autoregression) {

    /**
     * Sticky hierarchical Dirichlet prior of the transitions (Fox et al., Annals of Applied Statistics 2011), truncated to K
     * states: {@code beta ~ Dirichlet(gamma / K)}, {@code pi_i ~ Dirichlet(alpha beta + kappa e_i)}. All without unit.
     *
     * @param states K, at least 1
     * @param alpha how closely rows follow beta, > 0
     * @param kappa weight of staying in a state, >= 0
     * @param gamma how evenly states are used, > 0
     */
    public record Transitions(int states, double alpha, double kappa, double gamma) {

        /** Checks the ranges. */
        public Transitions {
            requireAtLeastOne("states", states);
            requirePositive("alpha", alpha);
            requirePositive("gamma", gamma);
            if (!(kappa >= 0) || kappa == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("kappa must be >= 0 and finite but was " + kappa
                        + "; 0 for no stickiness, more for longer stays");
            }
        }
    }

    /**
     * Matrix-normal inverse-Wishart prior of a state's autoregression: {@code Q ~ InverseWishart(nu0, S0)},
     * {@code A | Q ~ MatrixNormal(M0, rows Q, columns K0)}; K0 is a covariance. Immutable; arrays are not to be written to.
     *
     * @param dims D, at least 1
     * @param lags L, at least 1
     * @param nu0 degrees of freedom, larger than D - 1
     * @param s0 scale, [D][D], in squared units of x
     * @param m0 mean, [D][D L + 1]
     * @param k0 column covariance, [D L + 1][D L + 1]
     */
    public record Autoregression(int dims, int lags, double nu0, double[] s0, double[] m0, double[] k0) {

        /** Checks sizes and copies the arrays. */
        public Autoregression {
            requireAtLeastOne("dims", dims);
            requireAtLeastOne("lags", lags);
            if (!(nu0 > dims - 1) || nu0 == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException(
                        "nu_0 must be > dims - 1 = " + (dims - 1) + " but was " + nu0 + "; dims + 2 is usual");
            }
            int columns = dims * lags + 1;
            s0 = covariance("S_0", s0, dims);
            m0 = finite("M_0", m0, dims * columns);
            k0 = covariance("K_0", k0, columns);
        }

        /** p = D L + 1: columns of the autoregression. */
        public int columns() {
            return dims * lags + 1;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Autoregression that
                    && dims == that.dims
                    && lags == that.lags
                    && nu0 == that.nu0
                    && Arrays.equals(s0, that.s0)
                    && Arrays.equals(m0, that.m0)
                    && Arrays.equals(k0, that.k0);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(
                    new int[] {dims, lags, Double.hashCode(nu0), Arrays.hashCode(s0), Arrays.hashCode(k0)});
        }

        /** For example {@code 4 dims, 3 lags, nu_0 6.0}. */
        @Override
        public String toString() {
            return dims + " dims, " + lags + " lags, nu_0 " + nu0;
        }

        private static double[] covariance(String name, double[] values, int n) {
            double[] copy = finite(name, values, n * n);
            if (!SmallMatrix.cholesky(copy, 0, n)) {
                throw new IllegalArgumentException(
                        name + " must be symmetric and positive definite; with variances > 0 on its diagonal");
            }
            return values.clone();
        }

        private static double[] finite(String name, double[] values, int count) {
            if (values.length != count) {
                throw new IllegalArgumentException(name + " has " + count + " values but was given " + values.length);
            }
            for (double value : values) {
                if (!Double.isFinite(value)) {
                    throw new IllegalArgumentException(name + " must hold finite numbers but holds " + value);
                }
            }
            return values.clone();
        }
    }

    /**
     * What the usual prior of the autoregression is made from, see {@link Hyperparameters#of}.
     *
     * @param dims D
     * @param lags L
     * @param s0Scale expected variance of the innovations, in squared units of x, > 0; 0.01 is usual
     * @param k0Scale variance of the coefficients in units of Q, > 0; 10 is usual
     */
    public record Scales(int dims, int lags, double s0Scale, double k0Scale) {

        /** Checks the ranges. */
        public Scales {
            requireAtLeastOne("dims", dims);
            requireAtLeastOne("lags", lags);
            requirePositive("S_0_scale", s0Scale);
            requirePositive("K_0_scale", k0Scale);
        }
    }

    /** Checks the parts. */
    public Hyperparameters {
        if (transitions == null || autoregression == null) {
            throw new IllegalArgumentException("hyperparameters have a part for transitions and one for autoregression"
                    + " but were given " + transitions + " and " + autoregression);
        }
    }

    /**
     * The usual prior: {@code S_0 = s0Scale I}, {@code K_0 = k0Scale I}, {@code nu_0 = D + 2}, and M_0 the identity on the newest
     * lag, so that a state's first guess is that x stays as it is.
     */
    public static Hyperparameters of(Transitions transitions, Scales scales) {
        int dims = scales.dims();
        int lags = scales.lags();
        int columns = dims * lags + 1;
        double[] m0 = new double[dims * columns];
        for (int d = 0; d < dims; d++) {
            m0[d * columns + (lags - 1) * dims + d] = 1;
        }
        double[] s0 = scaled(dims, scales.s0Scale());
        double[] k0 = scaled(columns, scales.k0Scale());
        return new Hyperparameters(transitions, new Autoregression(dims, lags, dims + 2, s0, m0, k0));
    }

    /** The usual prior from single numbers, see {@link Scales}. */
    public static Hyperparameters of(Transitions transitions, int dims, int lags, double s0Scale, double k0Scale) {
        return of(transitions, new Scales(dims, lags, s0Scale, k0Scale));
    }

    private static double[] scaled(int n, double diagonal) {
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++) {
            matrix[i * n + i] = diagonal;
        }
        return matrix;
    }

    private static void requireAtLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be >= 1 but was " + value);
        }
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(name + " must be > 0 and finite but was " + value);
        }
    }
}
