package org.amacrine.demos.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Colours of points between limits. */
class PointColoursTest {
    @Test
    void shouldPaintBlackBelowAndWhiteAboveTheLimits() {
        PointColours colours = new PointColours(-2, 3);
        assertEquals(0x000000, colours.rgb(-2.001));
        assertEquals(0x000000, colours.rgb(Double.NEGATIVE_INFINITY));
        assertEquals(0xffffff, colours.rgb(3.001));
        assertEquals(0xffffff, colours.rgb(Double.POSITIVE_INFINITY));
        assertEquals(0x999999, colours.rgb(Double.NaN));
        assertEquals(ColourMap.HEAT.rgb(0), colours.rgb(-2));
        assertEquals(ColourMap.HEAT.rgb(0.9), colours.rgb(3));
        assertEquals(ColourMap.HEAT.rgb(0.45), colours.rgb(0.5));
    }

    /** 399 values of 0 and 1, and one of 100: mean 0.75, deviation 5.0, so that it lies more than ten of them away. */
    @Test
    void shouldLeaveOutliersOutOfTheLimits() {
        double[] values = new double[400];
        Arrays.fill(values, 0, 200, 1);
        values[399] = 100;
        assertEquals(new PointColours(0, 1), PointColours.outliersApart(values));
        values[399] = 1e9;
        assertEquals(new PointColours(0, 1), PointColours.outliersApart(values), "too large to count");
        values[399] = 30;
        assertEquals(
                new PointColours(0, 1),
                PointColours.outliersApart(values),
                "mean 0.575, deviation 1.55: 29.4 is more than 15.5");
        values[399] = 5;
        assertEquals(new PointColours(0, 5), PointColours.outliersApart(values), "mean 0.51, deviation 0.55");
    }

    @Test
    void shouldHaveALimitWhereNoValueHas() {
        assertEquals(new PointColours(0, 0), PointColours.outliersApart(new double[0]));
        assertEquals(new PointColours(0, 0), PointColours.outliersApart(new double[] {Double.NaN, 1e7}));
        assertEquals(ColourMap.HEAT.rgb(0.9), new PointColours(4, 4).rgb(4));
    }

    @Test
    void shouldRejectLimitsInTheWrongOrder() {
        assertThrows(IllegalArgumentException.class, () -> new PointColours(1, 0));
        assertThrows(IllegalArgumentException.class, () -> new PointColours(Double.NaN, 0));
        assertThrows(IllegalArgumentException.class, () -> new PointColours(0, Double.POSITIVE_INFINITY));
    }
}
