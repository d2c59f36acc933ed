package org.amacrine.operators.epi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.random.RandomSequence;

/**
 * Room for one batch of a flow, used again and again: noise goes forward to parameters with their log densities, and gradients
 * go back to theta, in one pass. Allocates nothing after it was made. Owned by one thread, which workers help.
 *
 * <p>Vectors of a batch are [dims][samples]: each element of all samples side by side. Samples are worked on in shares, as many
 * for any number of workers, whose gradients are added in their order: so the numbers are the same for any number of workers.
 * Batch normalization needs all samples at once; with it there is one share.
 */
public final class FlowBatch {
    /** log sqrt(2 pi). */
    private static final double LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI);

    private static final int SHARES = 4;

    private final int dims;
    private final int samples;
    private final Kernels kernels;
    private final Bands bands;
    private final List<Share> shares = new ArrayList<>();
    private final List<Mlp.Weights> weights;
    private final Bands.Band forwardBand = (worker, from, to) -> forward(from, to);
    private final Bands.Band reverseBand = (worker, from, to) -> reverse(from, to);
    private final double[] noise;
    private final float[] drawn;
    private final double[] z;
    private final double[] logDensity;
    private final double[] logDet;
    /** The objective's derivatives by z. */
    private double[] zGradient;

    FlowBatch(NormalizingFlow flow, int samples, Kernels kernels, Bands bands) {
        if (samples < 1) {
            throw new IllegalArgumentException("a batch needs 1 or more samples but was given " + samples);
        }
        dims = flow.dims();
        this.samples = samples;
        this.kernels = kernels;
        this.bands = bands;
        noise = new double[dims * samples];
        drawn = new float[dims * samples];
        z = new double[dims * samples];
        logDensity = new double[samples];
        logDet = new double[samples];
        int length = flow.batchNorm() ? samples : Pass.share(samples, SHARES);
        Map<Mlp, Mlp.Weights> ofConditioners = new LinkedHashMap<>();
        for (int start = 0; start < samples; start += length) {
            shares.add(new Share(flow, start, new Pass(kernels, Math.min(length, samples - start), ofConditioners)));
        }
        weights = List.copyOf(ofConditioners.values());
    }

    /** What one worker does at a time: samples from {@code start} on, through all links. */
    private final class Share {
        private final int start;
        private final Pass pass;
        private final List<Bijector.Step> steps = new ArrayList<>();
        /** The noise in slices: what the first link is given. */
        private final double[] first;

        private final double[] gradient;
        private final double[] thetaGradient;

        Share(NormalizingFlow flow, int start, Pass pass) {
            this.start = start;
            this.pass = pass;
            first = new double[dims * pass.samples];
            gradient = new double[dims * pass.samples];
            thetaGradient = new double[flow.layout().size()];
            double[] x = first;
            for (Bijector bijector : flow.bijectors()) {
                Bijector.Step step = bijector.step(pass, x);
                steps.add(step);
                x = step.y;
            }
        }

        void forward() {
            pass.spread(noise, start, samples, dims, first);
            Arrays.fill(pass.logDet, 0);
            for (Bijector.Step step : steps) {
                step.forward();
            }
            pass.gather(steps.isEmpty() ? first : steps.get(steps.size() - 1).y, dims, z, start, samples);
            System.arraycopy(pass.logDet, 0, logDet, start, pass.samples);
            for (int n = start; n < start + pass.samples; n++) {
                double squares = 0;
                for (int d = 0; d < dims; d++) {
                    double value = noise[d * samples + n];
                    squares += value * value;
                }
                logDensity[n] = -0.5 * squares - dims * LOG_ROOT_TWO_PI - logDet[n];
            }
        }

        void reverse() {
            Arrays.fill(thetaGradient, 0);
            pass.gradient = thetaGradient;
            pass.spread(zGradient, start, samples, dims, gradient);
            for (int i = steps.size() - 1; i >= 0; i--) {
                steps.get(i).reverse(gradient);
            }
        }
    }

    /** Number of samples. */
    public int samples() {
        return samples;
    }

    /** The noise that {@link #forward} starts from, [dims][samples]; to be filled. */
    public double[] noise() {
        return noise;
    }

    /** Fills the noise with standard normal numbers, sample after sample. */
    public void drawNoise(RandomSequence random) {
        for (int n = 0; n < samples; n++) {
            for (int d = 0; d < dims; d++) {
                noise[d * samples + n] = random.normal();
            }
        }
    }

    /**
     * Fills the noise with the standard normal numbers of one frame of a counted stream, in single precision.
     *
     * @param key from {@link org.amacrine.core.random.CounterRandom#key}
     */
    public void drawNoise(long key, long frame) {
        kernels.normal(drawn, 0, 0, drawn.length, key, frame, 1, 0);
        for (int i = 0; i < drawn.length; i++) {
            noise[i] = drawn[i];
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
        for (Share share : shares) {
            share.pass.theta = theta;
            share.pass.batchStatistics = batchStatistics;
        }
        for (int i = 0; i < weights.size(); i++) {
            weights.get(i).take(theta);
        }
        bands.run(forwardBand, shares.size(), 1);
    }

    private void forward(int from, int to) {
        for (int i = from; i < to; i++) {
            shares.get(i).forward();
        }
    }

    /** Moves the averages of batch normalization in theta towards the statistics of the last {@link #forward}. */
    public void updateAverages(double[] theta) {
        for (Bijector.Step step : shares.get(0).steps) {
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
        return logDet;
    }

    /** What came out of each link, by its index. */
    double[] trace(int link) {
        double[] out = new double[dims * samples];
        for (Share share : shares) {
            share.pass.gather(share.steps.get(link).y, dims, out, share.start, samples);
        }
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
        this.zGradient = zGradient;
        for (Share share : shares) {
            share.pass.logDetGradient = -logDensityGradient;
        }
        bands.run(reverseBand, shares.size(), 1);
        for (Share share : shares) {
            double[] part = share.thetaGradient;
            for (int i = 0; i < part.length; i++) {
                thetaGradient[i] += part[i];
            }
        }
    }

    private void reverse(int from, int to) {
        for (int i = from; i < to; i++) {
            shares.get(i).reverse();
        }
    }
}
