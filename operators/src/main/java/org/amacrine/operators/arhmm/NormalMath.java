package org.amacrine.operators.arhmm;

/** The normal and the chi-squared distribution, to about 1e-13. Not for the hot path. */
final class NormalMath {
    private NormalMath() {}

    /** Below this the series is used, above it the continued fraction. */
    private static final double SERIES_BELOW = 2.5;

    private static final int TERMS = 80;

    /** P(n <= x) for n standard normal. */
    static double cumulative(double x) {
        double tail = 0.5 * complementaryError(Math.abs(x) / Math.sqrt(2));
        return x < 0 ? tail : 1 - tail;
    }

    /**
     * 2 / sqrt(pi) times the integral of exp(-t²) from x on, for x >= 0: one minus the series
     * {@code exp(-x²) sum 2^n x^(2n+1) / (2n+1)!!}, or Laplace's continued fraction.
     */
    static double complementaryError(double x) {
        double square = x * x;
        if (x < SERIES_BELOW) {
            double term = x;
            double sum = x;
            for (int n = 1; term > 1e-17 * sum; n++) {
                term *= 2 * square / (2 * n + 1);
                sum += term;
            }
            return 1 - 2 / Math.sqrt(Math.PI) * Math.exp(-square) * sum;
        }
        double fraction = x;
        for (int n = TERMS; n > 0; n--) {
            fraction = x + 0.5 * n / fraction;
        }
        return Math.exp(-square) / Math.sqrt(Math.PI) / fraction;
    }

    /** P(chi² >= x) for x >= 0, in closed form for a whole number of degrees of freedom. */
    static double chiSquareTail(int degrees, double x) {
        double half = Math.max(0, 0.5 * x);
        double term = Math.exp(-half);
        double sum = 0;
        if (degrees % 2 == 0) {
            for (int i = 1; i <= degrees / 2; i++) {
                sum += term;
                term *= half / i;
            }
            return sum;
        }
        term *= 2 * Math.sqrt(half / Math.PI);
        for (int i = 1; i <= degrees / 2; i++) {
            sum += term;
            term *= half / (i + 0.5);
        }
        return complementaryError(Math.sqrt(half)) + sum;
    }
}
