package org.amacrine.operators.epi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.random.RandomSequence;

/**
 * Room for one batch of a flow, used again and again: noise goes forward to parameters with their log densities, and gradients
 * go back to theta, in one pass. Allocates nothing after it was made. Owned by one thread.
 *
 * <p>Vectors of a batch are [dims][samples]: each element of all samples side by side.
 */
public final class FlowBatch {
    /** log sqrt(2 pi). */
    private static final double LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI);

    private final int dims;
    private final Pass pass;
    private final List<Bijector.Step> steps = new ArrayList<>();
    private final double[] noise;
    /** The noise in slices: what the first link is given. */
    private final double[] first;

    private final double[] z;
    private final double[] logDensity;
    private final double[] gradient;

    FlowBatch(NormalizingFlow flow, int samples, Kernels kernels) {
        if (samples < 1) {
            throw new IllegalArgumentException("a batch needs 1 or more samples but was given " + samples);
        }
        dims = flow.dims();
        pass = new Pass(kernels, samples);
        noise = new double[dims * samples];
        first = new double[dims * samples];
        z = new double[dims * samples];
        logDensity = new double[samples];
        gradient = new double[dims * samples];
        double[] x = first;
        for (Bijector bijector : flow.bijectors()) {
            Bijector.Step step = bijector.step(pass, x);
            steps.add(step);
            x = step.y;
        }
    }

    /** Number of samples. */
    public int samples() {
        return pass.samples;
    }

    /** The noise that {@link #forward} starts from, [dims][samples]; to be filled. */
    public double[] noise() {
        return noise;
    }

    /** Fills the noise with standard normal numbers, sample after sample. */
    public void drawNoise(RandomSequence random) {
        for (int n = 0; n < pass.samples; n++) {
            for (int d = 0; d < dims; d++) {
                noise[d * pass.samples + n] = random.normal();
            }
        }
    }

    /**
     * From noise to parameters.
     *
     * @param theta parameters of the flow
     * @param batchStatistics whether batch normalization takes the statistics of this batch, as while fitting, or the moving
     *     averages
     */
    public void forward(double[] theta, boolean batchStatistics) {
        pass.theta = theta;
        pass.batchStatistics = batchStatistics;
        pass.spread(noise, dims, first);
        Arrays.fill(pass.logDet, 0);
        for (Bijector.Step step : steps) {
            step.forward();
        }
        pass.gather(steps.isEmpty() ? first : steps.get(steps.size() - 1).y, dims, z);
        for (int n = 0; n < pass.samples; n++) {
            double squares = 0;
            for (int d = 0; d < dims; d++) {
                double value = noise[d * pass.samples + n];
                squares += value * value;
            }
            logDensity[n] = -0.5 * squares - dims * LOG_ROOT_TWO_PI - pass.logDet[n];
        }
    }

    /** Moves the averages of batch normalization in theta towards the statistics of the last {@link #forward}. */
    public void updateAverages(double[] theta) {
        for (Bijector.Step step : steps) {
            if (step instanceof BatchNorm.NormStep norm) {
                norm.updateAverages(theta);
            }
        }
    }

    /** The samples of the last {@link #forward}, [dims][samples]. */
    public double[] z() {
        return z;
    }

    /** Their log densities, log q(z), [samples]. */
    public double[] logDensity() {
        return logDensity;
    }

    /** Sums of the log determinants of all links, [samples]. */
    public double[] logDet() {
        return pass.logDet;
    }

    /** What came out of each link, in slices, by its name. */
    double[] trace(int link) {
        double[] out = new double[dims * pass.samples];
        pass.gather(steps.get(link).y, dims, out);
        return out;
    }

    /**
     * Goes back through the last {@link #forward}: from an objective's gradients for samples and log densities to its gradient
     * for theta.
     *
     * @param zGradient derivatives by z, [dims][samples]
     * @param logDensityGradient derivative by the log density of each sample, the same for all
     * @param thetaGradient what theta's gradient is added to
     */
    public void reverse(double[] zGradient, double logDensityGradient, double[] thetaGradient) {
        pass.gradient = thetaGradient;
        pass.logDetGradient = -logDensityGradient;
        pass.spread(zGradient, dims, gradient);
        for (int i = steps.size() - 1; i >= 0; i--) {
            steps.get(i).reverse(gradient);
        }
    }
}
