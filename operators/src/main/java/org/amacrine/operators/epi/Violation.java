package org.amacrine.operators.epi;

import java.util.Arrays;

/**
 * How far a batch is from the wished means: entropy H, the violation {@code R = mean T - mu} of the whole batch and of its halves
 * R1 and R2, and the augmented Lagrangian {@code -H + eta·R + c/2 |R|²} with its gradient.
 *
 * <p>The gradient of the penalty is {@code c (dR1/dtheta)^T R2}, which is right on average because the halves are independent.
 * One reverse pass gives it all: through {@code -H + eta·R + c R1·R2} with R2 held fixed. Statistics beyond ± 1e10 are cut there.
 * Allocates nothing after it was made; owned by one thread.
 */
final class Violation {
    private static final double LIMIT = 1e10;

    private final EmergentProperty property;
    private final double[] mu;
    private final int samples;
    private final double[] t;
    private final double[] tGradient;
    private final double[] zGradient;
    private final double[] mean;
    private final double[] firstHalf;
    private final double[] secondHalf;
    private final boolean excludeNaN;
    private final boolean[] excluded;
    private double entropy;
    private int excludedSamples;
    private int firstCount;
    private int secondCount;

    /**
     * @param mu wished means, a value for each statistic
     * @param excludeNaN whether samples with a statistic that is NaN are left out of all means; otherwise these become NaN
     */
    Violation(EmergentProperty property, double[] mu, int samples, boolean excludeNaN) {
        if (mu.length != property.statistics()) {
            throw new IllegalArgumentException("mu must have a value for each of the " + property.statistics()
                    + " statistics but has " + mu.length);
        }
        this.property = property;
        this.mu = mu.clone();
        this.samples = samples;
        this.excludeNaN = excludeNaN;
        excluded = new boolean[samples];
        t = new double[mu.length * samples];
        tGradient = new double[mu.length * samples];
        zGradient = new double[property.dims() * samples];
        mean = new double[mu.length];
        firstHalf = new double[mu.length];
        secondHalf = new double[mu.length];
    }

    /**
     * Simulates a batch.
     *
     * @param z samples, [dims][samples]
     * @param logDensity log q of each
     * @param noiseKey names the noise of the simulation
     */
    void measure(double[] z, double[] logDensity, long noiseKey) {
        property.simulate(z, samples, noiseKey, t);
        double sum = 0;
        for (double value : logDensity) {
            sum += value;
        }
        entropy = -sum / samples;
        countSamples();
        int half = samples / 2;
        for (int i = 0; i < mu.length; i++) {
            double first = 0;
            double second = 0;
            for (int n = 0; n < samples; n++) {
                double value = excluded[n] ? 0 : t[i * samples + n];
                double cut = Math.max(-LIMIT, Math.min(LIMIT, value));
                if (n < half) {
                    first += cut;
                } else {
                    second += cut;
                }
            }
            mean[i] = (first + second) / (firstCount + secondCount) - mu[i];
            firstHalf[i] = first / firstCount - mu[i];
            secondHalf[i] = second / secondCount - mu[i];
        }
    }

    private void countSamples() {
        int half = samples / 2;
        firstCount = half;
        secondCount = samples - half;
        excludedSamples = 0;
        for (int n = 0; n < samples; n++) {
            excluded[n] = excludeNaN && hasNaN(n);
            if (excluded[n]) {
                excludedSamples++;
                firstCount -= n < half ? 1 : 0;
                secondCount -= n < half ? 0 : 1;
            }
        }
    }

    private boolean hasNaN(int n) {
        for (int i = 0; i < mu.length; i++) {
            if (Double.isNaN(t[i * samples + n])) {
                return true;
            }
        }
        return false;
    }

    /** H = -mean log q. */
    double entropy() {
        return entropy;
    }

    /** R. */
    double[] mean() {
        return mean;
    }

    /** R1, of the first floor(samples / 2) samples. */
    double[] firstHalf() {
        return firstHalf;
    }

    /** R2, of the others. */
    double[] secondHalf() {
        return secondHalf;
    }

    /** Samples of the last batch that were left out. */
    int excludedSamples() {
        return excludedSamples;
    }

    /** Why entropy or R of the last batch are no numbers; null when they are. */
    String fault() {
        if (firstCount + secondCount == 0) {
            return "all " + samples + " simulations of a batch are NaN and left out";
        }
        for (int i = 0; i < mu.length; i++) {
            if (Double.isNaN(mean[i])) {
                return "statistic " + (i + 1) + " is NaN";
            }
        }
        return Double.isNaN(entropy) ? "the entropy is NaN" : null;
    }

    /** Why {@link #pull} has no gradient, which needs samples of either half; null when it has. */
    String faultOfHalves() {
        String fault = fault();
        if (fault == null && (firstCount == 0 || secondCount == 0)) {
            return "all simulations of the " + (firstCount == 0 ? "first" : "second") + " half of a batch of " + samples
                    + " are NaN and left out";
        }
        return fault;
    }

    /** |R|². */
    double square() {
        double sum = 0;
        for (double value : mean) {
            sum += value * value;
        }
        return sum;
    }

    /** {@code -H + eta·R + c/2 |R|²}. */
    double cost(double[] eta, double c) {
        double sum = -entropy + 0.5 * c * square();
        for (int i = 0; i < eta.length; i++) {
            sum += eta[i] * mean[i];
        }
        return sum;
    }

    /**
     * The gradient of the augmented Lagrangian.
     *
     * @param batch the one that was measured
     * @param thetaGradient what the gradient is added to
     */
    void pull(FlowBatch batch, double[] eta, double c, long noiseKey, double[] thetaGradient) {
        int half = samples / 2;
        for (int i = 0; i < mu.length; i++) {
            int row = i * samples;
            double all = eta[i] / (firstCount + secondCount);
            Arrays.fill(tGradient, row, row + half, all + c * secondHalf[i] / firstCount);
            Arrays.fill(tGradient, row + half, row + samples, all);
            for (int n = 0; n < samples; n++) {
                if (excluded[n] || Math.abs(t[row + n]) > LIMIT) {
                    tGradient[row + n] = 0;
                }
            }
        }
        property.pull(batch.z(), samples, noiseKey, tGradient, zGradient);
        for (int n = 0; excludedSamples > 0 && n < samples; n++) {
            for (int d = 0; excluded[n] && d < property.dims(); d++) {
                zGradient[d * samples + n] = 0;
            }
        }
        batch.reverse(zGradient, 1.0 / samples, thetaGradient);
    }
}
