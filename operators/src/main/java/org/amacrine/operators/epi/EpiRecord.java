package org.amacrine.operators.epi;

import java.util.Locale;

/**
 * A row of the table of a fit.
 *
 * @param epoch k, from 1; 0 before the first
 * @param iteration training steps since the beginning
 * @param entropy H of the batch
 * @param cost augmented Lagrangian of the batch
 * @param converged whether the epoch converged: in its last row; null in all others
 * @param violation R of the batch, mean statistics less what they should be
 */
public record EpiRecord(int epoch, int iteration, double entropy, double cost, Boolean converged, double[] violation) {

    /** Keeps a copy of the violation. */
    public EpiRecord {
        violation = violation.clone();
    }

    EpiRecord with(boolean whetherConverged) {
        return new EpiRecord(epoch, iteration, entropy, cost, whetherConverged, violation);
    }

    /** |R|². */
    public double squaredViolation() {
        double sum = 0;
        for (double value : violation) {
            sum += value * value;
        }
        return sum;
    }

    /**
     * The line that the reference prints, such as {@code EPI(k= 1,i=  50): cost -1.12E+01, H  1.16E+01, |R|^2 9.68E+02, 3.67E-03
     * s/it}.
     *
     * @param iterationOfEpoch training steps since the epoch began
     */
    public String message(int iterationOfEpoch, double secondsPerIteration) {
        return String.format(
                Locale.ROOT,
                "EPI(k=%2d,i=%4d): cost %s%.2E, H %s%.2E, |R|^2 %.2E, %.2E s/it",
                epoch,
                iterationOfEpoch,
                cost >= 0 ? " " : "",
                cost,
                entropy >= 0 ? " " : "",
                entropy,
                squaredViolation(),
                secondsPerIteration);
    }
}
