package org.amacrine.backends.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import org.amacrine.core.kernel.KernelMatrix;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels on chains of states against their scalar twins, bit for bit. */
class ChainKernelsAgreeTest {
    /** What is tested here. */
    static final Set<String> TESTED = Set.of("whitenedLogDensities", "filterStep", "mixRows", "smoothStep", "maxPlus");

    private static final Kernels SCALAR = ScalarKernels.INSTANCE;
    private static final Kernels VECTOR = VectorKernels.INSTANCE;
    private static final int MARGIN = 3;

    private final SplittableRandom random = new SplittableRandom(20261121);

    private double[] values(int count, double scale) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = scale * (random.nextDouble() * 2 - 1);
        }
        return values;
    }

    /** Probabilities of all magnitudes, some of them zero, in lanes from index MARGIN. */
    private double[] probabilities(int states, int lanes) {
        double[] values = new double[MARGIN + lanes];
        Arrays.fill(values, 0, MARGIN, Double.NaN);
        double sum = 0;
        for (int k = 0; k < states; k++) {
            values[MARGIN + k] =
                    random.nextInt(6) == 0 ? 0 : Math.pow(10, -random.nextDouble() * 300 * random.nextInt(2));
            sum += values[MARGIN + k];
        }
        for (int k = 0; sum > 0 && k < states; k++) {
            values[MARGIN + k] /= sum;
        }
        return values;
    }

    private double[] logLikelihoods(int states, int lanes) {
        double[] values = new double[MARGIN + lanes];
        Arrays.fill(values, Double.NEGATIVE_INFINITY);
        for (int k = 0; k < states; k++) {
            values[MARGIN + k] = random.nextInt(8) == 0 ? Double.NEGATIVE_INFINITY : 900 * (random.nextDouble() - 0.9);
        }
        return values;
    }

    private static void assertSameBits(double[] expected, double[] actual, String what) {
        for (int i = 0; i < expected.length; i++) {
            if (Double.doubleToRawLongBits(expected[i]) != Double.doubleToRawLongBits(actual[i])) {
                assertEquals(expected[i], actual[i], what + ", value " + i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 25, 64, 100})
    void shouldGiveTheSameLogDensities(int states) {
        int lanes = Kernels.stateLanes(states);
        for (int dims = 1; dims <= 13; dims++) {
            int regressors = dims * (1 + dims % 3) + 1 + dims;
            KernelMatrix b = new KernelMatrix(values(Kernels.whitenedSize(dims, regressors, lanes), 1));
            double[] c = values(lanes, 3);
            for (int frames : new int[] {1, 2, 3, 5}) {
                int stride = regressors + 2;
                double[] g = values(MARGIN + frames * stride, 2);
                double[] expected = new double[MARGIN + frames * lanes];
                double[] actual = expected.clone();

                SCALAR.whitenedLogDensities(b, c, dims, regressors, lanes, g, MARGIN, stride, frames, expected, MARGIN);
                VECTOR.whitenedLogDensities(b, c, dims, regressors, lanes, g, MARGIN, stride, frames, actual, MARGIN);

                assertSameBits(expected, actual, states + " states, " + dims + " dims, " + frames + " frames");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 25, 64, 100})
    void shouldFilterAlike(int states) {
        int lanes = Kernels.stateLanes(states);
        int possible = 0;
        for (int trial = 0; trial < 200; trial++) {
            double[] r = probabilities(states, lanes);
            double[] l = logLikelihoods(states, lanes);
            double[] expected = new double[MARGIN + lanes];
            double[] actual = new double[MARGIN + lanes];

            double expectedEvidence = SCALAR.filterStep(r, MARGIN, l, MARGIN, expected, MARGIN, lanes);
            double actualEvidence = VECTOR.filterStep(r, MARGIN, l, MARGIN, actual, MARGIN, lanes);

            assertEquals(expectedEvidence, actualEvidence);
            assertSameBits(expected, actual, states + " states, trial " + trial);
            possible += expectedEvidence > Double.NEGATIVE_INFINITY ? 1 : 0;
        }
        assertTrue(possible > 50, "only " + possible + " trials had a possible state");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 25, 32, 64, 100})
    void shouldMixAndSmoothAlike(int states) {
        int lanes = Kernels.stateLanes(states);
        double[] m = values(states * lanes, 1);
        for (int i = 0; i < m.length; i++) {
            m[i] = i % lanes < states ? Math.abs(m[i]) : 0;
        }
        KernelMatrix matrix = new KernelMatrix(m);
        double[] w = values(MARGIN + states, 1);
        double[] expected = new double[MARGIN + lanes];
        double[] actual = new double[MARGIN + lanes];

        SCALAR.mixRows(matrix, w, MARGIN, states, expected, MARGIN, lanes);
        VECTOR.mixRows(matrix, w, MARGIN, states, actual, MARGIN, lanes);
        assertSameBits(expected, actual, "mix of " + states);

        for (int trial = 0; trial < 50; trial++) {
            double[] f = probabilities(states, lanes);
            double[] r = probabilities(states, lanes);
            double[] next = probabilities(states, lanes);
            SCALAR.smoothStep(
                    f, MARGIN, r, MARGIN, matrix, states, next, MARGIN, expected, MARGIN, lanes, new double[lanes]);
            VECTOR.smoothStep(
                    f, MARGIN, r, MARGIN, matrix, states, next, MARGIN, next, MARGIN, lanes, new double[lanes]);
            assertSameBits(
                    Arrays.copyOfRange(expected, MARGIN, MARGIN + lanes),
                    Arrays.copyOfRange(next, MARGIN, MARGIN + lanes),
                    "smoothing of " + states);
        }
    }

    /** Large matrices are read from copies, which must follow their changes. */
    @Test
    void shouldReadAMatrixAsItWasLastChanged() {
        int states = 100;
        int lanes = Kernels.stateLanes(states);
        int dims = 5;
        int regressors = 16;
        KernelMatrix m = new KernelMatrix(values(states * lanes, 1));
        KernelMatrix b = new KernelMatrix(values(Kernels.whitenedSize(dims, regressors, lanes), 1));
        double[] w = values(states, 1);
        double[] g = values(regressors, 1);
        double[] c = values(lanes, 1);
        for (int change = 0; change < 3; change++) {
            double[] expected = new double[lanes];
            double[] actual = new double[lanes];
            SCALAR.mixRows(m, w, 0, states, expected, 0, lanes);
            VECTOR.mixRows(m, w, 0, states, actual, 0, lanes);
            assertSameBits(expected, actual, "mix after " + change + " changes");
            SCALAR.whitenedLogDensities(b, c, dims, regressors, lanes, g, 0, regressors, 1, expected, 0);
            VECTOR.whitenedLogDensities(b, c, dims, regressors, lanes, g, 0, regressors, 1, actual, 0);
            assertSameBits(expected, actual, "log densities after " + change + " changes");
            m.change()[7 * lanes + 3] += 1;
            b.change()[8] += 1;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 25, 64, 100})
    void shouldFindTheSameBestWays(int states) {
        int lanes = Kernels.stateLanes(states);
        double[] m = values(states * lanes, 3);
        for (int i = 0; i < m.length; i++) {
            // Whole numbers, so that several ways are equally good, and some ways that are barred.
            m[i] = i % lanes >= states || i % 11 == 0 ? Double.NEGATIVE_INFINITY : Math.rint(m[i]);
        }
        double[] d = values(MARGIN + states, 3);
        for (int i = 0; i < d.length; i++) {
            d[i] = Math.rint(d[i]);
        }
        KernelMatrix matrix = new KernelMatrix(m);
        double[] expected = new double[lanes];
        double[] actual = new double[lanes];
        double[] expectedFrom = new double[MARGIN + lanes];
        double[] actualFrom = new double[MARGIN + lanes];

        SCALAR.maxPlus(matrix, d, MARGIN, states, expected, 0, expectedFrom, MARGIN, lanes);
        VECTOR.maxPlus(matrix, d, MARGIN, states, actual, 0, actualFrom, MARGIN, lanes);

        assertArrayEquals(expected, actual);
        assertArrayEquals(expectedFrom, actualFrom);
    }
}
