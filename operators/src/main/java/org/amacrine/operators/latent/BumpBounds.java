package org.amacrine.operators.latent;

import java.util.Map;

/**
 * The range that each coordinate of centres or widths is kept in. Where the lower bound is above the upper one, the upper one
 * wins; NaN stays.
 *
 * @param low lower bounds, [d]
 * @param high upper bounds, [d]
 */
public record BumpBounds(double[] low, double[] high) {

    /** Keeps copies. */
    public BumpBounds {
        if (Given.require(low, "low").length != Given.require(high, "high").length) {
            throw new IllegalArgumentException(
                    "bounds have as many lower as upper values but there are " + low.length + " and " + high.length);
        }
        low = low.clone();
        high = high.clone();
        for (int j = 0; j < low.length; j++) {
            if (Double.isNaN(low[j]) || Double.isNaN(high[j])) {
                throw new IllegalArgumentException("bounds of coordinate " + j + " must be numbers but were " + low[j]
                        + " and " + high[j] + "; use infinities for none");
            }
        }
    }

    /** Fails unless there are bounds for each coordinate; null is for none. */
    static BumpBounds requireFor(String name, BumpBounds bounds, int dims) {
        if (bounds != null && bounds.low.length != dims) {
            throw new IllegalArgumentException(
                    name + " are for " + bounds.low.length + " coordinates but the bumps have " + dims);
        }
        return bounds;
    }

    /**
     * Moves values into the bounds.
     *
     * @param values [d][bumps]
     */
    void apply(double[] values) {
        int bumps = values.length / low.length;
        for (int j = 0, i = 0; j < low.length; j++) {
            for (int b = 0; b < bumps; b++, i++) {
                double old = values[i];
                if (old < low[j]) {
                    values[i] = low[j];
                }
                if (old > high[j]) {
                    values[i] = high[j];
                }
            }
        }
    }

    /** Adds the settings {@code NAME_low} and {@code NAME_high}; nothing for null. */
    static void describe(String name, BumpBounds bounds, Map<String, Object> settings) {
        if (bounds != null) {
            settings.put(name + "_low", Widths.list(bounds.low));
            settings.put(name + "_high", Widths.list(bounds.high));
        }
    }
}
