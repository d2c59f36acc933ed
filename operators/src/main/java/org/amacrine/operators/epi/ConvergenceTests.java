package org.amacrine.operators.epi;

/** The two statistical tests of the augmented Lagrangian. */
final class ConvergenceTests {
    private ConvergenceTests() {}

    /**
     * For each statistic, two-sided, where 0 lies among means of the violation: {@code p = 2 min(fraction > 0, fraction < 0)};
     * exact zeros count on neither side.
     *
     * @param means [batches][statistics]
     * @return p, [statistics]; NaN for a statistic with any mean that is NaN, which so never converges
     */
    static double[] signs(double[] means, int statistics) {
        int batches = means.length / statistics;
        double[] p = new double[statistics];
        for (int i = 0; i < statistics; i++) {
            int above = 0;
            int below = 0;
            boolean missing = false;
            for (int b = 0; b < batches; b++) {
                above += means[b * statistics + i] > 0 ? 1 : 0;
                below += means[b * statistics + i] < 0 ? 1 : 0;
                missing |= Double.isNaN(means[b * statistics + i]);
            }
            p[i] = missing ? Double.NaN : 2.0 * Math.min(above, below) / batches;
        }
        return p;
    }

    /** Whether every p lies above alpha over the number of statistics (Bonferroni). */
    static boolean converged(double[] p, double alpha) {
        for (double each : p) {
            if (!(each > alpha / p.length)) {
                return false;
            }
        }
        return true;
    }

    /** A t statistic with its two-sided p. */
    record Welch(double t, double p) {}

    /** Welch's test of equal means of {@code a} and {@code factor b} (Biometrika 1947). */
    static Welch welch(double[] a, double[] b, double factor) {
        double meanA = mean(a);
        double meanB = factor * mean(b);
        double varA = variance(a) / a.length;
        double varB = factor * factor * variance(b) / b.length;
        double t = (meanA - meanB) / Math.sqrt(varA + varB);
        double degrees = (varA + varB) * (varA + varB) / (varA * varA / (a.length - 1) + varB * varB / (b.length - 1));
        return new Welch(t, incompleteBeta(degrees / (degrees + t * t), 0.5 * degrees, 0.5));
    }

    private static double mean(double[] x) {
        double sum = 0;
        for (double value : x) {
            sum += value;
        }
        return sum / x.length;
    }

    /** Of the sample. */
    private static double variance(double[] x) {
        double mean = mean(x);
        double squares = 0;
        for (double value : x) {
            squares += (value - mean) * (value - mean);
        }
        return squares / (x.length - 1);
    }

    /**
     * The regularised incomplete beta function by its continued fraction, with Lentz's method (Press et al., Numerical recipes,
     * section 6.4).
     */
    static double incompleteBeta(double x, double a, double b) {
        if (Double.isNaN(x) || x <= 0 || x >= 1) {
            return x;
        }
        if (x > (a + 1) / (a + b + 2)) {
            return 1 - incompleteBeta(1 - x, b, a);
        }
        double tiny = 1e-300;
        double c = 1;
        double d = 1 / nonZero(1 - (a + b) * x / (a + 1), tiny);
        double fraction = d;
        for (int m = 1; m < 10_000; m++) {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / nonZero(1 + even * d, tiny);
            c = nonZero(1 + even / c, tiny);
            fraction *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / nonZero(1 + odd * d, tiny);
            c = nonZero(1 + odd / c, tiny);
            fraction *= d * c;
            if (Math.abs(d * c - 1) < 1e-15) {
                break;
            }
        }
        double logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
        return Math.exp(logFront) * fraction / a;
    }

    private static double nonZero(double value, double tiny) {
        return Math.abs(value) < tiny ? tiny : value;
    }

    /** Stirling's series, for x moved above 10. */
    private static double logGamma(double x) {
        double shift = 0;
        double y = x;
        for (; y < 10; y++) {
            shift -= Math.log(y);
        }
        double z = 1 / (y * y);
        double series = 1.0 / 12
                - z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680 - z * (1.0 / 1188 - z * 691.0 / 360360))));
        return shift + (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series / y;
    }
}
