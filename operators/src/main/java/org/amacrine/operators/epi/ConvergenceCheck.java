package org.amacrine.operators.epi;

import java.io.IOException;
import java.util.Optional;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;

/**
 * Asks a distribution anew whether its simulations have the wished means, with samples of its own: for checkpoints of saved runs,
 * also with another mu than they were fitted to.
 *
 * @param property the simulations
 * @param mu wished means, a value for each statistic
 * @param samples that each mean is taken over, at least 2
 * @param batches number of means; 200 while fitting
 * @param alpha significance of the test
 * @param seed of the samples and simulations
 */
public record ConvergenceCheck(
        EmergentProperty property, double[] mu, int samples, int batches, double alpha, long seed) {

    /** Checks the ranges and keeps a copy of mu. */
    public ConvergenceCheck {
        if (samples < 2 || batches < 1) {
            throw new IllegalArgumentException(
                    "a test of convergence needs 2 or more samples in each of 1 or more batches but" + " was given "
                            + samples + " in " + batches);
        }
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("alpha must be within (0, 1) but was " + alpha);
        }
        mu = mu.clone();
    }

    /**
     * What came of it.
     *
     * @param entropy H over all samples
     * @param p of the test that the violation is 0, for each statistic
     * @param converged whether all p are large enough
     */
    public record Outcome(double entropy, double[] p, boolean converged) {}

    /** Tests a distribution. */
    public Outcome of(Distribution distribution) {
        FlowBatch batch = distribution.batch(samples);
        double[] theta = distribution.theta();
        Violation violation = new Violation(property, mu, samples, false);
        double[] means = new double[batches * mu.length];
        RandomSequence random = new RandomSequence();
        double entropy = 0;
        for (int b = 0; b < batches; b++) {
            batch.drawNoise(random.start(CounterRandom.key(seed, "epi.check", 0), b));
            batch.forward(theta, false);
            violation.measure(batch.z(), batch.logDensity(), CounterRandom.key(seed, "epi.check-simulation", b));
            System.arraycopy(violation.mean(), 0, means, b * mu.length, mu.length);
            entropy += violation.entropy() / batches;
        }
        double[] p = ConvergenceTests.signs(means, mu.length);
        return new Outcome(entropy, p, ConvergenceTests.converged(p, alpha));
    }

    /**
     * A checkpoint of a run that has the wished means.
     *
     * @param epoch k
     * @param entropy H
     */
    public record Converged(int epoch, double entropy, Distribution distribution) {}

    /** The checkpoint of largest entropy among those that have the wished means, from epoch {@code first} on. */
    public Optional<Converged> best(SavedRun run, int first, Kernels kernels) throws IOException {
        Converged best = null;
        for (int k = first; k < run.checkpoints(); k++) {
            Distribution distribution = run.distribution(k, kernels);
            Outcome outcome = of(distribution);
            if (outcome.converged && (best == null || outcome.entropy > best.entropy)) {
                best = new Converged(k, outcome.entropy, distribution);
            }
        }
        return Optional.ofNullable(best);
    }
}
