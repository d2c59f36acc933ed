package org.amacrine.operators.epi;

import java.util.Arrays;

/**
 * A normal distribution N(mu, Sigma) that a flow is brought to before it is fitted: by {@code mean(log q) - eta · mean([z, vec(z
 * z^T)])}, which is the Kullback-Leibler divergence up to a constant. Immutable.
 */
public final class Gaussian {
    private static final double SYMMETRY = 1e-10;

    private final int dims;
    private final double[] mu;
    private final double[] sigma;
    /** The inverse of Sigma. */
    private final double[] precision;

    private final double logDet;

    /**
     * @param mu mean, [D]
     * @param sigma covariance, [D][D], symmetric and positive definite
     */
    public Gaussian(double[] mu, double[] sigma) {
        dims = mu.length;
        if (sigma.length != dims * dims) {
            throw new IllegalArgumentException("Sigma must be square with a row for each of the " + dims
                    + " elements of mu but has " + sigma.length + " values");
        }
        for (int i = 0; i < dims; i++) {
            for (int j = 0; j < i; j++) {
                if (!(Math.abs(sigma[i * dims + j] - sigma[j * dims + i]) <= SYMMETRY)) {
                    throw new IllegalArgumentException("Sigma must be symmetric but Sigma[" + i + "][" + j + "] is "
                            + sigma[i * dims + j] + " and Sigma[" + j + "][" + i + "] is " + sigma[j * dims + i]);
                }
            }
        }
        this.mu = mu.clone();
        this.sigma = sigma.clone();
        precision = new double[sigma.length];
        logDet = invert(sigma.clone());
    }

    /** Without correlations. */
    public static Gaussian diagonal(double[] mu, double[] variances) {
        double[] sigma = new double[mu.length * mu.length];
        for (int d = 0; d < mu.length; d++) {
            sigma[d * mu.length + d] = variances[d];
        }
        return new Gaussian(mu, sigma);
    }

    /**
     * What parameters begin with: the middle of the bounds and a quarter of their distance as standard deviation; two from a
     * single bound, and 0 without any, with variance 1.
     */
    public static Gaussian within(double[] lower, double[] upper) {
        double[] mu = new double[lower.length];
        double[] variances = new double[lower.length];
        Arrays.fill(variances, 1);
        for (int d = 0; d < mu.length; d++) {
            boolean below = lower[d] > Double.NEGATIVE_INFINITY;
            boolean above = upper[d] < Double.POSITIVE_INFINITY;
            if (below && above) {
                mu[d] = 0.5 * (lower[d] + upper[d]);
                variances[d] = (upper[d] - lower[d]) * (upper[d] - lower[d]) / 16;
            } else if (below || above) {
                mu[d] = below ? lower[d] + 2 : upper[d] - 2;
            }
        }
        return diagonal(mu, variances);
    }

    /** Fills the precision by Gauss and Jordan's elimination of a positive definite matrix; returns log det. */
    private double invert(double[] a) {
        for (int d = 0; d < dims; d++) {
            precision[d * dims + d] = 1;
        }
        double log = 0;
        for (int c = 0; c < dims; c++) {
            double pivot = a[c * dims + c];
            if (!(pivot > 0)) {
                throw new IllegalArgumentException(
                        "Sigma must be positive definite but is not: " + Arrays.toString(sigma));
            }
            log += Math.log(pivot);
            for (int k = 0; k < dims; k++) {
                a[c * dims + k] /= pivot;
                precision[c * dims + k] /= pivot;
            }
            for (int r = 0; r < dims; r++) {
                double factor = a[r * dims + c];
                for (int k = 0; r != c && k < dims; k++) {
                    a[r * dims + k] -= factor * a[c * dims + k];
                    precision[r * dims + k] -= factor * precision[c * dims + k];
                }
            }
        }
        return log;
    }

    /** Mean, [D]. */
    public double[] mu() {
        return mu.clone();
    }

    /** Covariance, [D][D]. */
    public double[] sigma() {
        return sigma.clone();
    }

    /** Natural parameters, {@code [Sigma^-1 mu, vec(-Sigma^-1 / 2)]}. */
    public double[] naturalParameters() {
        double[] eta = new double[dims + dims * dims];
        for (int i = 0; i < dims; i++) {
            for (int j = 0; j < dims; j++) {
                eta[i] += precision[i * dims + j] * mu[j];
                eta[dims + i * dims + j] = -0.5 * precision[i * dims + j];
            }
        }
        return eta;
    }

    /**
     * The loss of a batch, and its derivatives by the samples.
     *
     * @param z samples, [D][samples]
     * @param logDensity log q of each
     * @param zGradient receives the derivatives, [D][samples]; those by the log densities are 1 / samples
     */
    double loss(double[] z, double[] logDensity, double[] zGradient) {
        int samples = logDensity.length;
        double loss = 0;
        for (int n = 0; n < samples; n++) {
            loss += logDensity[n];
            for (int i = 0; i < dims; i++) {
                double zi = z[i * samples + n];
                double slope = 0;
                for (int j = 0; j < dims; j++) {
                    double weight = precision[i * dims + j];
                    loss += weight * zi * (0.5 * z[j * samples + n] - mu[j]);
                    slope += weight * (z[j * samples + n] - mu[j]);
                }
                zGradient[i * samples + n] = slope / samples;
            }
        }
        return loss / samples;
    }

    /** The divergence of a batch from this distribution, {@code mean(log q) - mean(log N(z))}. */
    double divergence(double loss) {
        double square = 0;
        for (int i = 0; i < dims; i++) {
            for (int j = 0; j < dims; j++) {
                square += mu[i] * precision[i * dims + j] * mu[j];
            }
        }
        return loss + 0.5 * (square + logDet + dims * Math.log(2 * Math.PI));
    }
}
