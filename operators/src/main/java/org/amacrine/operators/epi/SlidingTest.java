package org.amacrine.operators.epi;

import java.util.Arrays;

/**
 * The test of convergence on a stream: where 0 lies among the latest means of the violation {@code T - mu}. Asks a fit while it
 * trains, or an experiment whether its trials still have the wished means; one that does not may be fitted on from the current
 * flow, by {@link EpiFitBuilder#start}. Owned by one thread; allocates nothing while it is fed.
 */
public final class SlidingTest {
    private final double[] mu;
    private final int samples;
    /** [windows][statistics]. */
    private final double[] means;

    private final double[] sum;
    private int summed;
    private long added;

    /**
     * @param mu wished means, a value for each statistic
     * @param samples trials that each mean is taken over, at least 1
     * @param window how many of the latest means are looked at, at least 2; 200 in a fit's own test
     */
    public SlidingTest(double[] mu, int samples, int window) {
        if (mu.length == 0 || samples < 1 || window < 2) {
            throw new IllegalArgumentException(
                    "a sliding test needs 1 or more statistics, 1 or more samples in a mean and a window of 2 or more but was"
                            + " given " + mu.length + ", " + samples + " and " + window);
        }
        this.mu = mu.clone();
        this.samples = samples;
        means = new double[window * mu.length];
        sum = new double[mu.length];
    }

    /**
     * Takes the statistics of one trial.
     *
     * @param t [statistics]; NaN in one of them keeps the test from saying so until it has left the window
     */
    public void add(double[] t) {
        if (t.length != mu.length) {
            throw new IllegalArgumentException("there are " + mu.length + " statistics but a trial has " + t.length);
        }
        for (int i = 0; i < mu.length; i++) {
            sum[i] += t[i] - mu[i];
        }
        if (++summed == samples) {
            for (int i = 0; i < mu.length; i++) {
                sum[i] /= samples;
            }
            addMean(sum);
            Arrays.fill(sum, 0);
            summed = 0;
        }
    }

    /** Takes a mean of the violation. */
    void addMean(double[] violation) {
        int row = (int) (added++ % window());
        System.arraycopy(violation, 0, means, row * mu.length, mu.length);
    }

    private int window() {
        return means.length / mu.length;
    }

    /** Whether there are as many means as the window holds, so that the test can say something. */
    public boolean full() {
        return added >= window();
    }

    /**
     * For each statistic, two-sided, where 0 lies among the means in the window: 0 when all lie on one side.
     *
     * @throws IllegalStateException before the window is full
     */
    public double[] p() {
        if (!full()) {
            throw new IllegalStateException(
                    "the window has " + added + " of " + window() + " means; feed it more trials");
        }
        return ConvergenceTests.signs(means, mu.length);
    }

    /** Whether every p lies above alpha over the number of statistics; false before the window is full. */
    public boolean converged(double alpha) {
        return full() && ConvergenceTests.converged(p(), alpha);
    }

    /** The means in the window and how many there were, for a checkpoint. */
    double[] saved() {
        double[] saved = Arrays.copyOf(means, means.length + 1);
        saved[means.length] = added;
        return saved;
    }

    /** Takes up what {@link #saved} gave. */
    void restore(double[] saved) {
        System.arraycopy(saved, 0, means, 0, means.length);
        added = (long) saved[means.length];
    }
}
