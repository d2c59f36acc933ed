package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;

/** Directions to which a model is sensitive. */
class SensitivityTest {

    /** [[-2, 1], [1, -2]] has -3 along (1, -1) and -1 along (1, 1). */
    @Test
    void shouldFindTheDirectionsOfASmallMatrix() {
        Sensitivity found = Sensitivity.of(new double[] {-2, 1, 1, -2}, 2);
        assertArrayEquals(new double[] {-3, -1}, found.curvatures(), 1e-14);
        double[] steepest = found.directions()[0];
        assertEquals(Math.sqrt(0.5), Math.abs(steepest[0]), 1e-14);
        assertEquals(-steepest[0], steepest[1], 1e-14);
        assertEquals(found.directions()[1][0], found.directions()[1][1], 1e-14);
    }

    /** A v = lambda v for each, and all at right angles. */
    @Test
    void shouldFindTheDirectionsOfALargerMatrix() {
        int dims = 7;
        double[] a = new double[dims * dims];
        for (int i = 0; i < dims; i++) {
            for (int j = 0; j <= i; j++) {
                a[i * dims + j] = Math.sin(3 * i + 7 * j + 1) * (1 + i * j);
                a[j * dims + i] = a[i * dims + j];
            }
        }
        Sensitivity found = Sensitivity.of(a, dims);
        for (int d = 0; d < dims; d++) {
            double[] v = found.directions()[d];
            assertTrue(d == 0 || found.curvatures()[d] >= found.curvatures()[d - 1], "from the most negative on");
            for (int i = 0; i < dims; i++) {
                double product = 0;
                for (int j = 0; j < dims; j++) {
                    product += a[i * dims + j] * v[j];
                }
                assertEquals(found.curvatures()[d] * v[i], product, 1e-12);
            }
            for (int e = 0; e < dims; e++) {
                double[] other = found.directions()[e];
                double dot = 0;
                for (int i = 0; i < dims; i++) {
                    dot += v[i] * other[i];
                }
                assertEquals(d == e ? 1 : 0, dot, 1e-13);
            }
        }
    }

    /** Standard deviations 2 and 0.5: the Hessian is diagonal with -1/4 and -4. */
    @Test
    void shouldBeMostSensitiveWhereADistributionIsNarrow() {
        NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 2)
                .stages(0)
                .build();
        Distribution gaussian = new Distribution(flow, new double[] {2, 0.5, 1, 0}, ScalarKernels.INSTANCE);
        Sensitivity found = Sensitivity.of(gaussian, new double[] {1, 0});
        assertArrayEquals(new double[] {-4, -0.25}, found.curvatures(), 1e-14);
        assertArrayEquals(
                new double[] {0, 1},
                Arrays.stream(found.directions()[0]).map(Math::abs).toArray(),
                1e-14);
        assertThrows(IllegalArgumentException.class, () -> Sensitivity.of(gaussian, new double[1]));
        Distribution bounded = new Distribution(
                NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 2)
                        .stages(0)
                        .bounds(new double[2], new double[] {1, 1})
                        .build(),
                new double[] {1, 1, 0, 0},
                ScalarKernels.INSTANCE);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Sensitivity.of(bounded, new double[] {0.5, 1}))
                .getMessage()
                .contains("there is no density at [0.5, 1.0]"));
    }
}
