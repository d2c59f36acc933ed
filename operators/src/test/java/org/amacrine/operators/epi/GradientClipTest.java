package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients that are too long, or no numbers. */
class GradientClipTest {
    /** Two parameters of two values each. */
    private static final FlowLayout LAYOUT = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 2)
            .stages(0)
            .build()
            .layout();

    /** The norm of (1, 2, 2, 4) is 5. */
    @Test
    void shouldScaleDownToTheNormAndLeaveShorterOnes() {
        double[] gradient = {1, 2, 2, 4};
        assertTrue(new GradientClip(LAYOUT, 2.5).apply(gradient));
        assertArrayEquals(new double[] {0.5, 1, 1, 2}, gradient, 1e-15);
        assertTrue(new GradientClip(LAYOUT, 2.6).apply(gradient));
        assertArrayEquals(new double[] {0.5, 1, 1, 2}, gradient, 1e-15);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e160})
    void shouldRefuseWhatHasNoFiniteNorm(double element) {
        for (int i = 0; i < LAYOUT.size(); i++) {
            double[] gradient = {1, 2, 2, 4};
            gradient[i] = element;
            assertFalse(new GradientClip(LAYOUT, 5).apply(gradient), "element " + i);
            gradient = new double[] {1, 2, 2, 4};
            gradient[i] = element;
            assertFalse(new GradientClip(LAYOUT, Double.POSITIVE_INFINITY).apply(gradient), "without limit, " + i);
        }
    }

    /** The first parameter is cut at 1e10, by the reference's limit; the second adds nothing to the norm. */
    @Test
    void shouldScaleDownWhatIsLargeButFinite() {
        double[] gradient = {3e150, 4e150, 0, 0};
        assertTrue(new GradientClip(LAYOUT, 5).apply(gradient));
        assertArrayEquals(new double[] {3, 4, 0, 0}, gradient, 1e-12);
    }
}
