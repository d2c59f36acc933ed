package org.amacrine.operators.arhmm;

import java.util.Arrays;

/**
 * Posterior means of each state's autoregression under its prior and the statistics of its frames, see {@link ArPosterior}.
 * States may have priors of their own.
 *
 * <p>Owned by one thread. Allocates nothing after construction.
 */
final class PosteriorMean {
    private final int states;
    private final int size;
    private final ArPosterior posterior;
    /** For each state: degrees of freedom and matrix without any frames. */
    private final double[] nu0;

    private final double[] base;
    private final double[] ab;
    private final double[] q;
    private final double[] cholesky;

    /** Posterior means under the same prior for all states. */
    PosteriorMean(int states, Hyperparameters.Autoregression prior) {
        this.states = states;
        int dims = prior.dims();
        int columns = prior.columns();
        size = (columns + dims) * (columns + dims);
        posterior = new ArPosterior(prior, 0);
        nu0 = new double[states];
        Arrays.fill(nu0, prior.nu0());
        base = new double[states * size];
        ab = new double[states * dims * columns];
        q = new double[states * dims * dims];
        cholesky = new double[states * dims * dims];
        double[] shared = ArPosterior.joint(prior, 0);
        for (int k = 0; k < states; k++) {
            System.arraycopy(shared, 0, base, k * size, size);
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
        for (int k = 0; k < states; k++) {
            double weight = Math.min(1, frames / Math.max(sums.count(k), Double.MIN_NORMAL));
            for (int i = 0; i < size; i++) {
                base[k * size + i] += weight * sums.moments()[sums.productsAt(k) + i];
            }
            nu0[k] += weight * sums.count(k);
        }
        return this;
    }

    /**
     * Computes all states anew.
     *
     * @param frames what the averages are multiplied with
     * @throws ArithmeticException when they are not those of any frames
     */
    void compute(RunningStatistics averages, double frames) {
        int perAb = ab.length / states;
        int perQ = q.length / states;
        for (int k = 0; k < states; k++) {
            double nu = nu0[k] + frames * averages.count(k);
            posterior.update(k, nu, base, k * size, frames, averages.moments(), averages.productsAt(k));
            posterior.mean(ab, k * perAb, q, k * perQ);
            posterior.meanCholesky(cholesky, k * perQ);
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
}
