package org.amacrine.operators.arhmm;

import java.util.Arrays;

/**
 * Posterior means of each state's autoregression under its prior and the statistics of its frames, from one Cholesky factor:
 *
 * <pre>
 *   [ P_0 + Shh         (M_0 P_0 + Sxh)^T          ]   [ R11  0  ]                 M_n = R21 R11^-1
 *   [ M_0 P_0 + Sxh     S_0 + Sxx + M_0 P_0 M_0^T  ] = [ R21 R22 ] (its transpose)   S_n = R22 R22^T
 *   A = M_n     Q = S_n / (nu_0 + n - D - 1)     P_0 = K_0^-1
 * </pre>
 *
 * <p>Owned by one thread. Allocates nothing after construction.
 */
final class PosteriorMean {
    private final int states;
    private final int dims;
    private final int columns;
    /** For each state: degrees of freedom and matrix without any frames. */
    private final double[] nu0;

    private final double[] base;
    private final double[] matrix;
    private final double[] spare;
    private final double[] ab;
    private final double[] q;
    private final double[] cholesky;
    private long repairs;

    /** Posterior means under the same prior for all states. */
    PosteriorMean(int states, Hyperparameters.Autoregression prior) {
        this.states = states;
        dims = prior.dims();
        columns = prior.columns();
        nu0 = new double[states];
        Arrays.fill(nu0, prior.nu0());
        int n = columns + dims;
        base = new double[states * n * n];
        matrix = new double[n * n];
        spare = new double[n * n];
        ab = new double[states * dims * columns];
        q = new double[states * dims * dims];
        cholesky = new double[states * dims * dims];
        double[] shared = ArPosterior.joint(prior, 0);
        for (int k = 0; k < states; k++) {
            System.arraycopy(shared, 0, base, k * n * n, n * n);
        }
    }

    /**
     * Anchors the prior of each state in frames that it was fitted to: they enter it with the weight of at most
     * {@code frames} of them, so that a state that is not seen for long does not fall back to nothing.
     *
     * @param sums statistics of the frames of the fit, not divided by their number
     * @param frames most frames that a state's fit counts as; 50 is usual
     */
    PosteriorMean anchor(RunningStatistics sums, double frames) {
        int n = columns + dims;
        for (int k = 0; k < states; k++) {
            double weight = Math.min(1, frames / Math.max(sums.count(k), Double.MIN_NORMAL));
            fill(sums, weight, k);
            System.arraycopy(matrix, 0, base, k * n * n, n * n);
            nu0[k] += weight * sums.count(k);
        }
        return this;
    }

    /**
     * Computes all states anew.
     *
     * @param frames what the averages are multiplied with
     */
    void compute(RunningStatistics averages, double frames) {
        for (int k = 0; k < states; k++) {
            fill(averages, frames, k);
            int n = columns + dims;
            double added = SmallMatrix.choleskyWithJitter(matrix, 0, n, spare);
            repairs += added == 0 ? 0 : 1;
            if (Double.isNaN(added)) {
                throw new IllegalStateException("the statistics of state " + k
                        + " are not those of any frames; they overflowed or were set wrongly: clear the states");
            }
            SmallMatrix.divideByLower(matrix, 0, n, columns, matrix, columns * n, n, dims);
            double scale = 1 / (nu0[k] + frames * averages.count(k) - dims - 1);
            double root = Math.sqrt(scale);
            for (int d = 0; d < dims; d++) {
                System.arraycopy(matrix, (columns + d) * n, ab, (k * dims + d) * columns, columns);
                for (int e = 0; e < dims; e++) {
                    int at = (k * dims + d) * dims + e;
                    cholesky[at] = e > d ? 0 : root * matrix[(columns + d) * n + columns + e];
                    q[at] = scale
                            * SmallMatrix.dot(
                                    matrix,
                                    (columns + d) * n + columns,
                                    matrix,
                                    (columns + e) * n + columns,
                                    Math.min(d, e) + 1);
                }
            }
        }
    }

    private void fill(RunningStatistics averages, double frames, int k) {
        int n = columns + dims;
        double[] m = averages.moments();
        int at = k * n * n;
        for (int i = 0; i < columns; i++) {
            for (int j = 0; j < columns; j++) {
                matrix[i * n + j] = base[at + i * n + j] + frames * m[averages.hhAt(k) + i * columns + j];
            }
        }
        for (int d = 0; d < dims; d++) {
            int row = (columns + d) * n;
            for (int j = 0; j < columns; j++) {
                matrix[row + j] = base[at + row + j] + frames * m[averages.xhAt(k) + d * columns + j];
            }
            for (int e = 0; e < dims; e++) {
                matrix[row + columns + e] = base[at + row + columns + e] + frames * m[averages.xxAt(k) + d * dims + e];
            }
        }
    }

    /** Autoregression, [K][D][p]. */
    double[] ab() {
        return ab;
    }

    /** Covariance of the innovations, [K][D][D]. */
    double[] q() {
        return q;
    }

    /** Lower Cholesky factors of the covariance, [K][D][D]. */
    double[] cholesky() {
        return cholesky;
    }

    /** How often something had to be added to a diagonal. */
    long repairs() {
        return repairs;
    }
}
