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
    private double entropy;
    private int notFinite;

    Violation(EmergentProperty property, double[] mu, int samples) {
        if (mu.length != property.statistics()) {
            throw new IllegalArgumentException("mu must have a value for each of the " + property.statistics()
                    + " statistics but has " + mu.length);
        }
        this.property = property;
        this.mu = mu.clone();
        this.samples = samples;
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
        notFinite = 0;
        int half = samples / 2;
        for (int i = 0; i < mu.length; i++) {
            double first = 0;
            double second = 0;
            for (int n = 0; n < samples; n++) {
                double value = t[i * samples + n];
                notFinite += Double.isNaN(value) ? 1 : 0;
                double cut = Math.max(-LIMIT, Math.min(LIMIT, value));
                if (n < half) {
                    first += cut;
                } else {
                    second += cut;
                }
            }
            mean[i] = (first + second) / samples - mu[i];
            firstHalf[i] = first / half - mu[i];
            secondHalf[i] = second / (samples - half) - mu[i];
        }
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

    /** Statistics of the last batch that are not a number. */
    int notFinite() {
        return notFinite;
    }

    /** Statistics of the last batch, [statistics][samples]. */
    double[] statistics() {
        return t;
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
            double all = eta[i] / samples;
            Arrays.fill(tGradient, row, row + half, all + c * secondHalf[i] / half);
            Arrays.fill(tGradient, row + half, row + samples, all);
            for (int n = row; n < row + samples; n++) {
                if (Math.abs(t[n]) > LIMIT) {
                    tGradient[n] = 0;
                }
            }
        }
        property.pull(batch.z(), samples, noiseKey, tGradient, zGradient);
        batch.reverse(zGradient, 1.0 / samples, thetaGradient);
    }
}
