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

    /**
     * How a loss changes with the time constant of {@link #lowPass}, from how it changes with the coefficients.
     *
     * @param ofB dL/db
     * @param ofA dL/da
     * @return dL/dtau, per second
     */
    public static double lowPassSlope(double tauSeconds, double stepSeconds, double ofB, double ofA) {
        double e = Math.exp(-stepSeconds / tauSeconds);
        double slopeOfE = e * stepSeconds / (tauSeconds * tauSeconds);
        double slopeOfB = stepSeconds / (2 * tauSeconds) * (slopeOfE - (1 + e) / tauSeconds);
        return slopeOfE * ofA + slopeOfB * ofB;
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

    /**
     * How a loss changes with the density of {@link #deriche}, from how it changes with the coefficients.
     *
     * @param ofCoefficients dL/dA1, dL/dA2, dL/dA3, dL/dA4, dL/dB1, dL/dB2
     * @return dL/ddensity, in pixels
     */
    public static double dericheSlope(double density, double[] ofCoefficients) {
        double slopeOfAlpha = 1.695;
        double alpha = slopeOfAlpha * density;
        double e = Math.exp(-alpha);
        double slopeOfE = -slopeOfAlpha * e;
        double below = 1 + 2 * alpha * e - e * e;
        double slopeOfBelow = 2 * slopeOfAlpha * e + 2 * alpha * slopeOfE - 2 * e * slopeOfE;
        double k = (1 - e) * (1 - e) / below;
        double slopeOfK = (-2 * (1 - e) * slopeOfE - k * slopeOfBelow) / below;
        double slopeOfKe = slopeOfK * e + k * slopeOfE;
        return slopeOfK * ofCoefficients[0]
                + (slopeOfKe * (alpha - 1) + k * e * slopeOfAlpha) * ofCoefficients[1]
                + (slopeOfKe * (alpha + 1) + k * e * slopeOfAlpha) * ofCoefficients[2]
                - (slopeOfKe * e + k * e * slopeOfE) * ofCoefficients[3]
                + 2 * slopeOfE * ofCoefficients[4]
                - 2 * e * slopeOfE * ofCoefficients[5];
    }
}
