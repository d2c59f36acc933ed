package org.amacrine.demos.picture;

import java.util.Arrays;
import org.amacrine.operators.epi.Outliers;

/**
 * Colours of points by a value of each, between two limits: values below the lower one are black, those above the upper one white,
 * and those that are NaN grey.
 *
 * @param low lower limit, at most {@code high}
 * @param high upper limit
 */
public record PointColours(double low, double high) {
    private static final double DEVIATIONS = 10;
    /** The lightest colours of the map are too near to white. */
    private static final double LIGHTEST = 0.9;

    private static final int BLACK = 0x000000;
    private static final int WHITE = 0xffffff;
    private static final int GREY = 0x999999;

    /** Checks the limits. */
    public PointColours {
        if (!(low <= high) || Double.isInfinite(low) || Double.isInfinite(high)) {
            throw new IllegalArgumentException(
                    "limits of colours must be finite, the lower one first, but were " + low + " and " + high);
        }
    }

    /** From the least to the largest of the values that lie within ten standard deviations of their mean ({@link Outliers}). */
    public static PointColours outliersApart(double[] values) {
        double[] inside = Arrays.stream(Outliers.of(values, DEVIATIONS).inside())
                .mapToDouble(n -> values[n])
                .toArray();
        return inside.length == 0
                ? new PointColours(0, 0)
                : new PointColours(
                        Arrays.stream(inside).min().orElseThrow(),
                        Arrays.stream(inside).max().orElseThrow());
    }

    /** The colour of a value as 0xRRGGBB. */
    public int rgb(double value) {
        if (Double.isNaN(value)) {
            return GREY;
        }
        if (value < low || value > high) {
            return value < low ? BLACK : WHITE;
        }
        return ColourMap.HEAT.rgb(LIGHTEST * (high > low ? (value - low) / (high - low) : 1));
    }
}
