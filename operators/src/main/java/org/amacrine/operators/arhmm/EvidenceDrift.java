package org.amacrine.operators.arhmm;

/**
 * Step size that grows while the evidence falls: a fast and a slow mean of log c are compared, and while the fast one lies
 * significantly below the slow one, the past is forgotten faster, within bounds.
 *
 * <pre>
 *   d = e - slow    v = (1 - aSlow) (v + aSlow d²)    drift = (slow - fast) / sqrt(v aFast / (2 - aFast))
 *   drift > threshold:  step = min(maximum, up step)        else:  step = minimum + decay (step - minimum)
 * </pre>
 *
 * <p>Owned by the thread that computes the frames.
 */
final class EvidenceDrift {

    /**
     * Constants.
     *
     * @param fastRate rate of the fast mean, per frame, in (0, 1)
     * @param slowRate rate of the slow mean, per frame, in (0, 1), below the fast one
     * @param threshold drift, in standard deviations of the fast mean, from which the step grows
     * @param minimum least step
     * @param maximum greatest step
     * @param up factor by which it grows, above 1
     * @param decay factor by which its excess over the minimum falls, in [0, 1)
     * @param warmUpFrames frames during which there is no drift
     */
    record Settings(
            double fastRate,
            double slowRate,
            double threshold,
            double minimum,
            double maximum,
            double up,
            double decay,
            int warmUpFrames) {}

    private Settings settings;
    private double fast;
    private double slow;
    private double variance;
    private double drift;
    private double step;
    private long frames;

    EvidenceDrift(Settings settings) {
        this.settings = settings;
        clear();
    }

    /** Takes other constants. */
    void settings(Settings other) {
        settings = other;
    }

    /** Back to the beginning. */
    void clear() {
        frames = 0;
        fast = 0;
        slow = 0;
        variance = 0;
        drift = 0;
        step = settings.minimum();
    }

    /** Takes the log evidence of a frame; returns the step size. */
    double next(double logEvidence) {
        if (frames++ == 0) {
            fast = logEvidence;
            slow = logEvidence;
        } else {
            double away = logEvidence - slow;
            variance = (1 - settings.slowRate()) * (variance + settings.slowRate() * away * away);
            fast += settings.fastRate() * (logEvidence - fast);
            slow += settings.slowRate() * away;
        }
        boolean isWarm = frames > settings.warmUpFrames();
        double spread = Math.sqrt(variance * settings.fastRate() / (2 - settings.fastRate()));
        drift = isWarm && spread > 0 ? (slow - fast) / spread : 0;
        step = drift > settings.threshold()
                ? Math.min(settings.maximum(), settings.up() * step)
                : settings.minimum() + settings.decay() * (step - settings.minimum());
        return step;
    }

    /** How far the fast mean lies below the slow one, in its standard deviations. */
    double drift() {
        return drift;
    }

    /** What lives between frames. */
    double[] save() {
        return new double[] {fast, slow, variance, drift, step, frames};
    }

    /** Takes over what {@link #save} gave. */
    void restore(double[] kept) {
        fast = kept[0];
        slow = kept[1];
        variance = kept[2];
        drift = kept[3];
        step = kept[4];
        frames = (long) kept[5];
    }
}
