package org.amacrine.operators.arhmm;

import java.util.Arrays;

/**
 * What is known about the lags when some of them are missing: a Gaussian over the vector of all D L lag values, oldest first.
 * Each frame extends it by the frame itself, conditions it on what was seen, drops the oldest lag, and matches the moments of
 * the mixture over states (the generalised pseudo-Bayes filter of first order; exact for one state).
 *
 * <p>With certain lags the likelihoods are those of the model itself. Owned by the thread that computes the frames.
 */
final class LagBelief {
    private final int states;
    private final int dims;
    private final int size;
    private final double[] mean;
    private final double[] covariance;
    private final double[] means;
    private final double[] covariances;
    private final double[] h;
    private final double[] cross;
    private final double[] gain;
    private final double[] cholesky;
    private final double[] joint;
    private final double[] jointMean;
    private final double[] residual;

    LagBelief(OnlineModel model) {
        states = model.states();
        dims = model.dims();
        size = dims * model.lags();
        mean = new double[size];
        covariance = new double[size * size];
        means = new double[states * size];
        covariances = new double[states * size * size];
        h = new double[size + 1];
        cross = new double[dims * size];
        gain = new double[dims * size];
        cholesky = new double[dims * dims];
        joint = new double[(size + dims) * (size + dims)];
        jointMean = new double[size + dims];
        residual = new double[dims];
    }

    /** Mean of the lags, D L values. */
    double[] mean() {
        return mean;
    }

    /** Covariance of the lags, [D L][D L]. */
    double[] covariance() {
        return covariance;
    }

    /** Whether all lags are known exactly. */
    boolean isCertain() {
        for (double value : covariance) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    /** Lags that are known exactly. */
    void setCertain(double[] lags) {
        System.arraycopy(lags, 0, mean, 0, size);
        Arrays.fill(covariance, 0);
    }

    /**
     * Extends the belief by a frame, separately for each state.
     *
     * @param x the frame, D values from {@code xAt}
     * @param isObserved whether the frame was seen; if not, x is not read
     * @param l receives the log likelihood of each state: 0 when the frame was not seen
     */
    void extend(OnlineModel model, double[] x, int xAt, boolean isObserved, double[] l) {
        System.arraycopy(mean, 0, h, 0, size);
        h[size] = 1;
        for (int k = 0; k < states; k++) {
            join(model, k);
            l[k] = isObserved ? condition(x, xAt) : 0;
            keepNewest(k);
        }
    }

    /** The joint Gaussian of lags and frame under a state. */
    private void join(OnlineModel model, int k) {
        int columns = model.columns();
        int all = size + dims;
        System.arraycopy(mean, 0, jointMean, 0, size);
        model.mean(k, h, jointMean, size);
        for (int i = 0; i < size; i++) {
            System.arraycopy(covariance, i * size, joint, i * all, size);
        }
        for (int d = 0; d < dims; d++) {
            int row = (k * dims + d) * columns;
            for (int j = 0; j < size; j++) {
                double value = SmallMatrix.dot(model.ab(), row, covariance, j * size, size);
                cross[d * size + j] = value;
                joint[(size + d) * all + j] = value;
                joint[j * all + size + d] = value;
            }
        }
        for (int d = 0; d < dims; d++) {
            for (int e = 0; e < dims; e++) {
                double noise = model.q()[(k * dims + d) * dims + e];
                joint[(size + d) * all + size + e] =
                        noise + SmallMatrix.dot(cross, d * size, model.ab(), (k * dims + e) * columns, size);
            }
        }
    }

    /** Conditions the joint Gaussian on the frame; returns the frame's log density. */
    private double condition(double[] x, int xAt) {
        int all = size + dims;
        for (int d = 0; d < dims; d++) {
            residual[d] = x[xAt + d] - jointMean[size + d];
            for (int e = 0; e < dims; e++) {
                cholesky[d * dims + e] =
                        0.5 * (joint[(size + d) * all + size + e] + joint[(size + e) * all + size + d]);
            }
        }
        if (!SmallMatrix.cholesky(cholesky, 0, dims)) {
            throw new IllegalStateException(
                    "the predictive covariance of a frame is not positive definite; the lags have grown without bound");
        }
        SmallMatrix.solveLower(cholesky, 0, dims, residual, 0, 1);
        System.arraycopy(cross, 0, gain, 0, gain.length);
        SmallMatrix.solveLower(cholesky, 0, dims, gain, 0, size);
        for (int i = 0; i < size; i++) {
            for (int d = 0; d < dims; d++) {
                jointMean[i] += gain[d * size + i] * residual[d];
                for (int j = 0; j < size; j++) {
                    joint[i * all + j] -= gain[d * size + i] * gain[d * size + j];
                }
            }
        }
        for (int d = 0; d < dims; d++) {
            jointMean[size + d] = x[xAt + d];
            Arrays.fill(joint, (size + d) * all, (size + d + 1) * all, 0);
            for (int j = 0; j < size; j++) {
                joint[j * all + size + d] = 0;
            }
        }
        return -0.5 * SmallMatrix.dot(residual, 0, residual, 0, dims)
                - SmallMatrix.logDiagonal(cholesky, 0, dims)
                - 0.5 * dims * Math.log(2 * Math.PI);
    }

    private void keepNewest(int k) {
        System.arraycopy(jointMean, dims, means, k * size, size);
        for (int i = 0; i < size; i++) {
            System.arraycopy(joint, (dims + i) * (size + dims) + dims, covariances, (k * size + i) * size, size);
        }
    }

    /**
     * Joins what {@link #extend} found for each state into one Gaussian with the same mean and covariance.
     *
     * @param f probability of each state
     */
    void collapse(double[] f) {
        Arrays.fill(mean, 0);
        Arrays.fill(covariance, 0);
        for (int k = 0; k < states; k++) {
            for (int i = 0; i < size; i++) {
                mean[i] += f[k] * means[k * size + i];
            }
        }
        for (int k = 0; k < states; k++) {
            for (int i = 0; i < size; i++) {
                double away = means[k * size + i] - mean[i];
                for (int j = 0; j < size; j++) {
                    covariance[i * size + j] +=
                            f[k] * (covariances[(k * size + i) * size + j] + away * (means[k * size + j] - mean[j]));
                }
            }
        }
    }
}
