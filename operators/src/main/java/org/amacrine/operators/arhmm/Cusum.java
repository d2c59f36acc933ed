package org.amacrine.operators.arhmm;

/**
 * Alarm for frames that a model keeps explaining worse than it did its training data (Page's cumulative sum):
 * {@code s = max(0, s + (e_ref - log c) / sd_ref - slack)}; alarm when s exceeds the threshold, and the next
 * frame begins again at 0.
 *
 * <p>Owned by the thread that computes the frames.
 */
final class Cusum {
    private final double mean;
    private final double deviation;
    private final double slack;
    private final double threshold;
    private double sum;

    /**
     * An alarm at rest.
     *
     * @param mean mean log evidence of frames of the training data, in nats
     * @param deviation its standard deviation from frame to frame, in nats, above 0
     * @param slack what is tolerated for each frame, in standard deviations
     * @param threshold sum at which the alarm is given
     */
    Cusum(double mean, double deviation, double slack, double threshold) {
        if (!(deviation > 0) || !(slack >= 0) || !(threshold > 0)) {
            throw new IllegalArgumentException(
                    "an alarm needs deviation > 0, slack >= 0 and threshold > 0 but was given " + deviation + ", "
                            + slack + " and " + threshold);
        }
        this.mean = mean;
        this.deviation = deviation;
        this.slack = slack;
        this.threshold = threshold;
    }

    /** Takes the log evidence of a frame; returns whether it sets off the alarm. */
    boolean next(double logEvidence) {
        double before = sum > threshold ? 0 : sum;
        sum = Math.max(0, before + (mean - logEvidence) / deviation - slack);
        return sum > threshold;
    }

    /** The sum; above the threshold at an alarm. */
    double sum() {
        return sum;
    }

    /** Goes on from another sum. */
    void sum(double value) {
        sum = value;
    }
}
