package org.amacrine.operators.arhmm;

/**
 * Weight of the newest frame in running averages: {@code max(u^-exponent, minimum)} at the u-th one. With exponent 1 and
 * minimum 0 all frames count alike; a minimum above 0 forgets what is older than about 1 / minimum frames.
 *
 * @param exponent in (0.5, 1]
 * @param minimum in [0, 1]
 */
record StepSize(double exponent, double minimum) {

    /** Throws {@link IllegalArgumentException} when a value is not allowed. */
    StepSize {
        if (!(exponent > 0.5 && exponent <= 1)) {
            throw new IllegalArgumentException(
                    "stepExponent must be > 0.5 and <= 1 but was " + exponent + "; for example 0.6");
        }
        if (!(minimum >= 0 && minimum <= 1)) {
            throw new IllegalArgumentException(
                    "stepMinimum must be >= 0 and <= 1 but was " + minimum + "; 1 / window, for example 0.005");
        }
    }

    /** Weight of the u-th frame, u from 1. */
    double at(double u) {
        return Math.max(Math.pow(u, -exponent), minimum);
    }
}
