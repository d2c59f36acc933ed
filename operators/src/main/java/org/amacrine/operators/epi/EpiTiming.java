package org.amacrine.operators.epi;

/**
 * How long a fit took, over all the runs that it was interrupted between; pauses do not count.
 *
 * @param initSeconds until the flow was a Gaussian
 * @param epochSeconds of each epoch that ended, with its norms and its test of convergence
 * @param secondsPerIteration of a training step on average; NaN before the first
 */
public record EpiTiming(double initSeconds, double[] epochSeconds, double secondsPerIteration) {

    /** Keeps a copy of the array. */
    public EpiTiming {
        epochSeconds = epochSeconds.clone();
    }

    /** All of it, without what an epoch that did not end has taken. */
    public double seconds() {
        double sum = initSeconds;
        for (double seconds : epochSeconds) {
            sum += seconds;
        }
        return sum;
    }
}
