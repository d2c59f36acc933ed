package org.amacrine.operators.filter;

import static org.amacrine.operators.filter.Exponential.Parity.ANY;
import static org.amacrine.operators.filter.Exponential.Parity.EVEN;
import static org.amacrine.operators.filter.Exponential.Parity.ODD;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExponentialTest {
    private static final double EPSILON = 0.001;
    private static final float ULPS = 1e-7f;

    /** a = 1/2; a tap is a exp(-(0.4 + i) / 2); int(2 ln 500) + 1 = 13 taps. */
    @Test
    void shouldDecayFromFourTenthsOfAStep() {
        float[] taps = Exponential.taps(2, 0, 1, true, ANY, EPSILON);

        assertEquals(13, taps.length);
        assertEquals(0.4093654f, taps[0], ULPS);
        assertEquals(0.2482927f, taps[1], ULPS);
        assertEquals(0.0010147f, taps[12], ULPS);
    }

    @Test
    void shouldScaleWithItsAmplitude() {
        // a = 2; int(2 ln 2000) + 1 = 16 taps
        float[] taps = Exponential.taps(2, 0, 4, true, ANY, EPSILON);

        assertEquals(16, taps.length);
        assertEquals(4 * 0.4093654f, taps[0], 4 * ULPS);
    }

    @Test
    void shouldDecayFromOneWhenNotNormalized() {
        float[] taps = Exponential.taps(2, 0, 1, false, ANY, EPSILON);

        assertEquals(13, taps.length);
        assertEquals(0.8187308f, taps[0], ULPS);
    }

    @ParameterizedTest
    @CsvSource({"2, ODD, 13", "2, EVEN, 14", "1, EVEN, 10", "1, ODD, 11"})
    void shouldHaveTheParityAskedFor(double tauSteps, Exponential.Parity parity, int taps) {
        assertEquals(taps, Exponential.taps(tauSteps, 0, 1, true, parity, EPSILON).length);
    }

    /** 1 ln 1000 = 6.9; 300 ln(1000 / 300) = 361.2; 2000 ln(1000 / 2000) < 0; 1000 ln 10 = 2302.6. */
    @ParameterizedTest
    @CsvSource({"1, 1, 10", "300, 1, 362", "2000, 1, 10", "1000, 10, 1000"})
    void shouldHaveTenToThousandTaps(double tauSteps, double amplitude, int taps) {
        assertEquals(taps, Exponential.taps(tauSteps, 0, amplitude, true, ANY, EPSILON).length);
    }

    /** t exp(-t/2) / 4; int(2 ln 1000) - 1 = 12 taps. */
    @Test
    void shouldBeTheResponseOfOneStage() {
        float[] taps = Exponential.taps(2, 1, 1, true, ANY, EPSILON);

        assertEquals(12, taps.length);
        assertEquals(0.1516327f, taps[0], ULPS);
        assertEquals(0.1839397f, taps[1], ULPS);
        assertEquals(0.1353353f, taps[3], ULPS);
    }

    /** (2t)² exp(-2t/4) / 64; 2 (int(4 ln 1000) - 2) = 50 taps. And (3t)³ exp(-3t/3) / (2! 81), 3 (int(3 ln 1000) - 3) = 51. */
    @Test
    void shouldBeTheResponseOfACascade() {
        float[] two = Exponential.taps(4, 2, 1, true, ANY, EPSILON);
        float[] three = Exponential.taps(3, 3, 1, true, ANY, EPSILON);

        assertEquals(50, two.length);
        assertEquals(0.0379082f, two[0], ULPS);
        assertEquals(0.1353353f, two[3], ULPS);
        assertEquals(51, three.length);
        assertEquals(0.0613132f, three[0], ULPS);
    }

    @Test
    void shouldHaveTheParityAskedForInEachStageOfACascade() {
        assertEquals(2 * 26, Exponential.taps(4, 2, 1, true, EVEN, EPSILON).length);
        assertEquals(2 * 25, Exponential.taps(4, 2, 1, true, ODD, EPSILON).length);
    }

    @Test
    void shouldBeOneTapWhenACascadeIsOverWithinAStep() {
        assertArrayEquals(new float[] {1}, Exponential.taps(0.1, 1, 1, true, ANY, EPSILON));
    }

    /** 1, then -0.7/20 exp(-(0.4 + p - 1) / 20); 20 ln 35 = 71.1, so 72 taps behind the first. */
    @Test
    void shouldTakeTheDecayFromTheImpulseInAHighPass() {
        float[] taps = Exponential.highPass(20, 0.7, EPSILON);

        assertEquals(73, taps.length);
        assertEquals(1, taps[0]);
        assertEquals(-0.0343070f, taps[1], ULPS);
        assertEquals(-0.0326338f, taps[2], ULPS);
    }

    @Test
    void shouldPassEverythingWithoutWeight() {
        assertArrayEquals(new float[] {1}, Exponential.highPass(20, 0, EPSILON));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 1", "-1, 0, 1", "NaN, 0, 1", "2, 0, 0", "2, 0, -0.5", "2, -1, 1"})
    void shouldRejectWhatMakesNoKernel(double tauSteps, int order, double amplitude) {
        var e = assertThrows(
                IllegalArgumentException.class, () -> Exponential.taps(tauSteps, order, amplitude, true, ANY, EPSILON));

        assertTrue(
                e.getMessage()
                        .endsWith("given tau " + tauSteps + " steps, amplitude " + amplitude + ", order " + order),
                e.getMessage());
    }
}
