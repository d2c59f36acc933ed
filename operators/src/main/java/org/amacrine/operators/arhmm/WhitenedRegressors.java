package org.amacrine.operators.arhmm;

import java.util.Arrays;
import org.amacrine.core.kernel.KernelMatrix;
import org.amacrine.core.kernel.Kernels;

/**
 * The emissions of all states in the form that frames are computed with: {@code B_k = C_k^-1 [-A_k, I]} with
 * {@code Q_k = C_k C_k^T}, so that the residual {@code y = B_k [h; x]} is white and
 * {@code log N(x; A_k h, Q_k) = const_k - y·y / 2}. In the layout of {@link Kernels#whitenedLogDensities}; padding lanes have
 * the constant minus infinity.
 *
 * <p>Built once for each change of parameters.
 */
public final class WhitenedRegressors {
    private final int states;
    private final int dims;
    private final int regressors;
    private final int lanes;
    private final KernelMatrix b;
    private final double[] constants;
    private final double[] rows;

    /** Whitens the autoregression of each state. */
    public WhitenedRegressors(ArHmmParameters parameters) {
        this(parameters.states(), parameters.dims(), parameters.lags());
        set(parameters.ab(), parameters.cholesky());
    }

    /** Room for so many states; they are impossible until they are set. */
    WhitenedRegressors(int states, int dims, int lags) {
        this.states = states;
        this.dims = dims;
        regressors = dims * (lags + 1) + 1;
        lanes = Kernels.stateLanes(states);
        rows = new double[states * dims * regressors];
        constants = new double[lanes];
        b = new KernelMatrix(Kernels.whitenedSize(dims, regressors, lanes));
        Arrays.fill(constants, Double.NEGATIVE_INFINITY);
    }

    /**
     * Whitens the autoregression of each state anew. Allocates nothing.
     *
     * @param ab autoregression, [K][D][p]
     * @param cholesky lower Cholesky factors of Q, [K][D][D]
     */
    void set(double[] ab, double[] cholesky) {
        for (int k = 0; k < states; k++) {
            whiten(ab, cholesky, k);
        }
        layOut();
    }

    /** Forward substitution: C_k B_k = [-A_k, I]. */
    private void whiten(double[] ab, double[] c, int k) {
        int columns = regressors - dims;
        double constant = -0.5 * dims * Math.log(2 * Math.PI);
        for (int d = 0; d < dims; d++) {
            double diagonal = c[(k * dims + d) * dims + d];
            constant -= Math.log(diagonal);
            for (int j = 0; j < regressors; j++) {
                double sum = j < columns ? -ab[(k * dims + d) * columns + j] : j - columns == d ? 1 : 0;
                for (int m = 0; m < d; m++) {
                    sum -= c[(k * dims + d) * dims + m] * rows[(k * dims + m) * regressors + j];
                }
                rows[(k * dims + d) * regressors + j] = sum / diagonal;
            }
        }
        constants[k] = constant;
    }

    private void layOut() {
        double[] to = b.change();
        int at = 0;
        for (int block = 0; block < lanes; block += Kernels.STATE_BLOCK) {
            for (int d = 0; d < dims; d += Kernels.WHITENED_ROWS) {
                int group = Math.min(Kernels.WHITENED_ROWS, dims - d);
                int columns = regressors - dims + d + group;
                for (int j = 0; j < columns; j++) {
                    for (int i = 0; i < group; i++) {
                        for (int k = block; k < block + Kernels.STATE_BLOCK; k++) {
                            to[at++] = k < states ? rows[(k * dims + d + i) * regressors + j] : 0;
                        }
                    }
                }
            }
        }
    }

    /** Number of states. */
    public int states() {
        return states;
    }

    /** Number of states, padded to whole blocks. */
    public int lanes() {
        return lanes;
    }

    /** Number of regressors: p + D. */
    public int regressors() {
        return regressors;
    }

    /**
     * Log likelihoods of frames in every state.
     *
     * @param g regressors [h; x] of each frame, p + D values, {@code gStride} from frame to frame
     * @param l receives [frames][lanes]
     */
    public void logLikelihoods(Kernels kernels, double[] g, int gAt, int gStride, int frames, double[] l, int lAt) {
        kernels.whitenedLogDensities(b, constants, dims, regressors, lanes, g, gAt, gStride, frames, l, lAt);
    }

    /** The constants, [lanes]: the log density of a frame without residual. */
    double[] constants() {
        return constants;
    }

    /**
     * White residual of one frame in one state.
     *
     * @param g regressors [h; x]
     * @param y receives D values from {@code yAt}, independent and standard normal under the state
     */
    void residual(int state, double[] g, double[] y, int yAt) {
        for (int d = 0; d < dims; d++) {
            double sum = 0;
            for (int j = 0; j < regressors - dims + d + 1; j++) {
                sum = Math.fma(rows[(state * dims + d) * regressors + j], g[j], sum);
            }
            y[yAt + d] = sum;
        }
    }

    /** Logarithm of 1 / C[d][d] of a state: what whitening multiplies a density with in dimension d. */
    double logScale(int state, int d) {
        return Math.log(rows[(state * dims + d) * regressors + regressors - dims + d]);
    }

    /**
     * Log likelihood of one frame in one state.
     *
     * @param g regressors [h; x]
     * @param y scratch, D values
     */
    double logLikelihood(int state, double[] g, double[] y) {
        residual(state, g, y, 0);
        double square = 0;
        for (int d = 0; d < dims; d++) {
            square = Math.fma(y[d], y[d], square);
        }
        return constants[state] - 0.5 * square;
    }
}
