package org.amacrine.operators.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.amacrine.core.io.NdArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GaussianTest {
    private static final double EPSILON = 0.001;
    private static final float ULPS = 1e-7f;

    /** 1 / (0.5 sqrt(2 pi)) = 0.7978846, and exp(-2) of it one pixel away; two pixels away lies below 0.001. */
    @Test
    void shouldSampleTheDensityAtWholePixels() {
        assertArrayEquals(new float[] {0.1079819f, 0.7978846f, 0.1079819f}, Gaussian.taps(0.5, EPSILON), ULPS);
    }

    /** exp(-1/2) and exp(-9/2) of 0.7978846. */
    @Test
    void shouldSampleTheDensityAtHalfPixels() {
        assertArrayEquals(
                new float[] {0.0088637f, 0.4839414f, 0.4839414f, 0.0088637f}, Gaussian.evenTaps(0.5, EPSILON), ULPS);
    }

    @ParameterizedTest
    @CsvSource({"0.5, 3", "1.5, 11", "2, 13"})
    void shouldEndWhereTheDensityFallsBelowTheLevel(double sigmaPixels, int taps) {
        assertEquals(taps, Gaussian.taps(sigmaPixels, EPSILON).length);
    }

    @Test
    void shouldReachFurtherForALowerLevel() {
        // ceil(sqrt(-2 0.25 ln(1e-6 / 0.7978846))) = ceil(2.607) = 3
        assertEquals(5, Gaussian.taps(0.5, 1e-6).length);
    }

    @Test
    void shouldClipItsPeakAtOne() {
        // 1 / (0.3 sqrt(2 pi)) = 1.3298076; one pixel away exp(-1 / 0.18) of it
        assertArrayEquals(new float[] {0.0051409f, 1, 0.0051409f}, Gaussian.taps(0.3, EPSILON), ULPS);
    }

    @Test
    void shouldBeOneTapForNoWidth() {
        assertArrayEquals(new float[] {1}, Gaussian.taps(0, EPSILON));
        assertArrayEquals(new float[] {1}, Gaussian.evenTaps(0, EPSILON));
        assertArrayEquals(new float[] {1}, Gaussian.taps(0.1, EPSILON));
    }

    @Test
    void shouldScaleTapsToTheSumOne() {
        assertArrayEquals(new float[] {0.2f, 0.5f, 0.3f}, Gaussian.normalized(new float[] {2, 5, 3}), ULPS);
    }

    @Test
    void shouldMultiplyRowsByColumns() {
        NdArray kernel = Gaussian.outer(new float[] {1, 2}, new float[] {3, 5, 7});

        assertArrayEquals(new int[] {2, 3}, kernel.shape());
        assertArrayEquals(new float[] {3, 5, 7, 6, 10, 14}, kernel.floats());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, -1e-300, Double.NaN, Double.POSITIVE_INFINITY})
    void shouldRejectAWidthThatIsNone(double sigmaPixels) {
        var e = assertThrows(IllegalArgumentException.class, () -> Gaussian.taps(sigmaPixels, EPSILON));

        assertEquals(
                "a Gaussian needs sigma >= 0 pixels but was given " + sigmaPixels + "; for example 1.5",
                e.getMessage());
    }

    /** 1 / (sigma sqrt(2 pi)) is 0.001 at sigma = 398.94. */
    @Test
    void shouldRejectAWidthThatLiesBelowTheLevelEverywhere() {
        assertTrue(Gaussian.taps(398, EPSILON).length > 1);

        var e = assertThrows(IllegalArgumentException.class, () -> Gaussian.taps(399, EPSILON));

        assertTrue(e.getMessage().startsWith("a Gaussian of sigma 399.0 pixels lies below the cut-off 0.001"));
    }
}
