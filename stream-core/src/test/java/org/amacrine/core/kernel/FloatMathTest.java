package org.amacrine.core.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Test;

class FloatMathTest {

    private static void assertWithinUlps(double limit, float actual, double exact, String function, float x) {
        double error = Math.abs(actual - exact) / Math.ulp((float) exact);
        if (!(error < limit)) {
            fail(function + " of " + x + " is off by " + error + " units in the last place");
        }
    }

    @Test
    void shouldComputeExpWithinAboutOneUnit() {
        int steps = 1_000_003;
        double first = FloatMath.EXP_MIN;
        double last = FloatMath.EXP_MAX;
        for (int i = 0; i <= steps; i++) {
            float x = (float) (first + (last - first) * i / steps);
            assertWithinUlps(1.01, FloatMath.exp(x), Math.exp(x), "exp", x);
        }
        for (int bits = Float.floatToIntBits(1e-30f); bits < Float.floatToIntBits(1f); bits += 2003) {
            float x = Float.intBitsToFloat(bits);
            assertWithinUlps(1.01, FloatMath.exp(x), Math.exp(x), "exp", x);
            assertWithinUlps(1.01, FloatMath.exp(-x), Math.exp(-x), "exp", -x);
        }
    }

    @Test
    void shouldBoundTheArgumentOfExp() {
        assertEquals(1f, FloatMath.exp(0f));
        assertEquals(FloatMath.exp(FloatMath.EXP_MIN), FloatMath.exp(-1e30f));
        assertEquals(FloatMath.exp(FloatMath.EXP_MAX), FloatMath.exp(Float.POSITIVE_INFINITY));
        assertTrue(FloatMath.exp(FloatMath.EXP_MIN) >= Float.MIN_NORMAL);
        assertTrue(FloatMath.exp(FloatMath.EXP_MAX) <= Float.MAX_VALUE);
        assertTrue(Float.isNaN(FloatMath.exp(Float.NaN)));
    }

    @Test
    void shouldComputeLogWithinOneUnit() {
        for (long bits = Float.floatToIntBits(Float.MIN_NORMAL); bits < 0x7f800000L; bits += 2003) {
            float x = Float.intBitsToFloat((int) bits);
            assertWithinUlps(1, FloatMath.log(x), Math.log(x), "log", x);
        }
    }

    @Test
    void shouldComputeLogWithinOneUnitAroundOne() {
        for (int bits = Float.floatToIntBits(0.5f); bits < Float.floatToIntBits(2f); bits += 31) {
            float x = Float.intBitsToFloat(bits);
            if (x != 1f) {
                assertWithinUlps(1, FloatMath.log(x), Math.log(x), "log", x);
            }
        }
        assertEquals(0f, FloatMath.log(1f));
    }

    @Test
    void shouldComputeTheSineWithinThreeUnits() {
        for (int bits = Float.floatToIntBits(0x1p-40f); bits <= Float.floatToIntBits(0.25f); bits += 1009) {
            float w = Float.intBitsToFloat(bits);
            double exact = Math.sin(2 * Math.PI * w);
            assertWithinUlps(3, FloatMath.sinQuarterTurn(w), exact, "sine", w);
            assertEquals(-FloatMath.sinQuarterTurn(w), FloatMath.sinQuarterTurn(-w));
        }
        assertEquals(0f, FloatMath.sinQuarterTurn(0f));
    }

    @Test
    void shouldNeverExceedOneInTheSine() {
        for (int bits = Float.floatToIntBits(0.24f); bits <= Float.floatToIntBits(0.25f); bits++) {
            assertTrue(FloatMath.sinQuarterTurn(Float.intBitsToFloat(bits)) <= 1f);
        }
    }
}
