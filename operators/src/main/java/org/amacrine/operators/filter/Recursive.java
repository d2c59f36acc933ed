package org.amacrine.operators.filter;

/** Coefficients of recursive filters. */
public final class Recursive {
    private Recursive() {}

    /**
     * First-order low pass {@code y[t] = b x[t] + a y[t-1]}.
     *
     * @param b input gain
     * @param a decay per step, {@code exp(-step / tau)}
     */
    public record FirstOrder(float b, float a) {}

    /**
     * The low pass of the reference's recursive layers: {@code a = e = exp(-step / tau)}, {@code b = (1 + e) step / (2 tau)}.
     * Its gain at frequency zero is {@code 1 + (step / tau)² / 12}, nearly one.
     *
     * @param tauSeconds time constant, > 0
     * @param stepSeconds length of a step, > 0
     * @throws IllegalArgumentException when the time constant is so short that the gain is no {@code float} any more
     */
    public static FirstOrder lowPass(double tauSeconds, double stepSeconds) {
        double e = Math.exp(-stepSeconds / tauSeconds);
        if (!Float.isFinite((float) (stepSeconds / tauSeconds))) {
            throw new IllegalArgumentException("a time constant of " + tauSeconds + " s is too short for steps of "
                    + stepSeconds + " s; use at least a thousandth of a step");
        }
        return new FirstOrder((float) ((1 + e) * stepSeconds / (2 * tauSeconds)), (float) e);
    }

    /** First-order low pass of unit gain: {@code a = exp(-step / tau)}, {@code b = 1 - a}. */
    public static FirstOrder exponential(double tauSeconds, double stepSeconds) {
        double e = Math.exp(-stepSeconds / tauSeconds);
        return new FirstOrder((float) (1 - e), (float) e);
    }

    /**
     * Coefficients A1, A2, A3, A4, B1, B2 of the second-order smoothing of Deriche (1990) for a density.
     *
     * @param density 1 / sigma, per pixel, > 0
     */
    public static float[] deriche(double density) {
        double alpha = 1.695 * density;
        double e = Math.exp(-alpha);
        double k = (1 - e) * (1 - e) / (1 + 2 * alpha * e - e * e);
        return new float[] {
            (float) k,
            (float) (k * e * (alpha - 1)),
            (float) (k * e * (alpha + 1)),
            (float) (-k * e * e),
            (float) (2 * e),
            (float) (-e * e)
        };
    }
}
