package org.amacrine.operators.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecursiveTest {

    /** e = exp(-1/10) and (1 + e) / 20; e = exp(-1/4) and (1 + e) / 8. */
    @ParameterizedTest
    @CsvSource({"0.01, 0.9048374, 0.09524187", "0.004, 0.7788008, 0.2223501"})
    void shouldTakeTheCoefficientsOfTheReference(double tauSeconds, float a, float b) {
        Recursive.FirstOrder pass = Recursive.lowPass(tauSeconds, 0.001);

        assertEquals(a, pass.a(), 1e-7f);
        assertEquals(b, pass.b(), 1e-7f);
    }

    /** b / (1 - a) = x/2 coth(x/2) = 1 + x²/12 - x⁴/720 + …, with x = step / tau. */
    @ParameterizedTest
    @CsvSource({"0.01, 0.1", "0.004, 0.25", "0.1, 0.01"})
    void shouldAmplifyAConstantALittle(double tauSeconds, double x) {
        Recursive.FirstOrder pass = Recursive.lowPass(tauSeconds, 0.001);

        assertEquals(1 + x * x / 12 - x * x * x * x / 720, pass.b() / (1.0 - pass.a()), 6e-8 / x + 1e-6);
    }

    @Test
    void shouldHaveUnitGainAsAPlainExponential() {
        Recursive.FirstOrder pass = Recursive.exponential(0.005, 0.001);

        assertEquals(0.8187308f, pass.a(), 1e-7f);
        assertEquals(0.1812692f, pass.b(), 1e-7f);
    }

    /** With E = exp(-1.695) and k = (1 - E)² / (1 + 3.39 E - E²): k, 0.695 k E, 2.695 k E, -k E², 2E, -E². */
    @Test
    void shouldTakeDerichesCoefficients() {
        assertArrayEquals(
                new float[] {0.4195338f, 0.0535331f, 0.2075853f, -0.0141419f, 0.3671985f, -0.0337087f},
                Recursive.deriche(1),
                1e-7f);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 1, 2, 20})
    void shouldKeepAConstantInDerichesSmoothing(double density) {
        float[] c = Recursive.deriche(density);

        double gain = ((double) c[0] + c[1] + c[2] + c[3]) / (1.0 - c[4] - c[5]);

        assertEquals(1, gain, 1e-5);
    }

    @Test
    void shouldRejectTimeConstantsTooShortForFloats() {
        String message = assertThrows(IllegalArgumentException.class, () -> Recursive.lowPass(1e-300, 0.001))
                .getMessage();

        assertEquals(
                "a time constant of 1.0E-300 s is too short for steps of 0.001 s; use at least a thousandth of a step",
                message);
        assertThrows(
                IllegalArgumentException.class,
                () -> Exponential.taps(1e-310, 0, 1, true, Exponential.Parity.ANY, 0.001));
    }
}
