package org.amacrine.backends.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Products of matrices: on numbers worked out by hand, and against the scalar twin, bit for bit. */
class ProductKernelsAgreeTest {
    /** What is tested here. */
    static final Set<String> TESTED = Set.of("addProduct", "rectify", "rectifyBack", "weighDifferences");

    private static final int MARGIN = 3;
    private final SplittableRandom random = new SplittableRandom(20261121);

    private double[] values(int count) {
        return random.doubles(count, -1, 1).toArray();
    }

    @Test
    void shouldAddTheProductOfTwoMatricesOrOfATransposedOne() {
        double[] a = {1, 2, 3, 4};
        double[] b = {5, 6, 7, 8};
        for (Kernels kernels : new Kernels[] {ScalarKernels.INSTANCE, VectorKernels.INSTANCE}) {
            double[] c = {100, 200, 300, 400};
            kernels.addProduct(a, 0, 2, 1, b, 0, 2, c, 0, 2, 2, 2, 2);
            assertEquals("[119.0, 222.0, 343.0, 450.0]", Arrays.toString(c), kernels.name());

            double[] transposed = new double[4];
            kernels.addProduct(a, 0, 1, 2, b, 0, 2, transposed, 0, 2, 2, 2, 2);
            assertEquals("[26.0, 30.0, 38.0, 44.0]", Arrays.toString(transposed), kernels.name());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 7, 16, 17, 31, 64, 65})
    void shouldMultiplyAlike(int columns) {
        for (int rows : new int[] {0, 1, 3, 4, 5, 8, 11}) {
            for (int inner : new int[] {0, 1, 2, 7, 33}) {
                int bRow = columns + 2;
                int cRow = columns + 1;
                double[] a = values(MARGIN + (rows + 1) * (inner + 1));
                double[] b = values(MARGIN + inner * bRow);
                double[] expected = values(MARGIN + rows * cRow);
                for (boolean transposed : new boolean[] {false, true}) {
                    double[] actual = expected.clone();
                    int aRow = transposed ? 1 : inner + 1;
                    int aColumn = transposed ? rows + 1 : 1;
                    ScalarKernels.INSTANCE.addProduct(
                            a, MARGIN, aRow, aColumn, b, MARGIN, bRow, expected, MARGIN, cRow, rows, inner, columns);
                    VectorKernels.INSTANCE.addProduct(
                            a, MARGIN, aRow, aColumn, b, MARGIN, bRow, actual, MARGIN, cRow, rows, inner, columns);
                    for (int i = 0; i < expected.length; i++) {
                        assertEquals(
                                expected[i],
                                actual[i],
                                rows + " rows, " + inner + " inner, " + columns + " columns, value " + i);
                    }
                }
            }
        }
    }

    /** Rows that all lie 32 values apart have tiles of their own. */
    @ParameterizedTest
    @ValueSource(ints = {1, 8, 16, 24, 32})
    void shouldMultiplyPanelsAlike(int columns) {
        int panel = VectorPanels.PANEL;
        for (int rows : new int[] {4, 8, 12, 18, 32}) {
            for (int inner : new int[] {0, 1, 5, 32}) {
                double[] a = values(MARGIN + panel * panel);
                double[] b = values(MARGIN + panel * panel);
                double[] expected = values(MARGIN + panel * panel);
                for (boolean transposed : new boolean[] {false, true}) {
                    double[] actual = expected.clone();
                    int aRow = transposed ? 1 : panel;
                    int aColumn = transposed ? panel : 1;
                    ScalarKernels.INSTANCE.addProduct(
                            a, MARGIN, aRow, aColumn, b, MARGIN, panel, expected, MARGIN, panel, rows, inner, columns);
                    VectorKernels.INSTANCE.addProduct(
                            a, MARGIN, aRow, aColumn, b, MARGIN, panel, actual, MARGIN, panel, rows, inner, columns);
                    for (int i = 0; i < expected.length; i++) {
                        assertEquals(
                                expected[i],
                                actual[i],
                                rows + " rows, " + inner + " inner, " + columns + " columns, value " + i);
                    }
                }
            }
        }
    }

    @Test
    void shouldWeighDifferencesAndAddTheirSquares() {
        for (Kernels kernels : new Kernels[] {ScalarKernels.INSTANCE, VectorKernels.INSTANCE}) {
            double[] weighed = new double[3];
            double[] squares = {100, 200};
            kernels.weighDifferences(
                    new double[] {5, 1}, 0, new double[] {0, 2, 4}, 1, new double[] {10, 100}, weighed, 1, squares, 2);
            assertEquals("[0.0, 30.0, -300.0]", Arrays.toString(weighed), kernels.name());
            assertEquals("[109.0, 209.0]", Arrays.toString(squares), kernels.name());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 7, 16, 17, 31, 64, 65})
    void shouldWeighDifferencesAlike(int count) {
        double[] a = values(MARGIN + count);
        double[] b = values(2 * MARGIN + count);
        double[] weights = values(count);
        double[] expected = a.clone();
        double[] actual = a.clone();
        double[] expectedSquares = values(count + 1);
        double[] actualSquares = expectedSquares.clone();
        ScalarKernels.INSTANCE.weighDifferences(
                expected, MARGIN, b, 2 * MARGIN, weights, expected, MARGIN, expectedSquares, count);
        VectorKernels.INSTANCE.weighDifferences(
                actual, MARGIN, b, 2 * MARGIN, weights, actual, MARGIN, actualSquares, count);
        assertEquals(Arrays.toString(expected), Arrays.toString(actual));
        assertEquals(Arrays.toString(expectedSquares), Arrays.toString(actualSquares));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 7, 16, 17, 31, 64, 65})
    void shouldRectifyAlike(int count) {
        double[] x = values(MARGIN + count + MARGIN);
        x[MARGIN + count / 2] = -0.0;
        double[] expected = x.clone();
        double[] actual = x.clone();
        ScalarKernels.INSTANCE.rectify(expected, MARGIN, count);
        VectorKernels.INSTANCE.rectify(actual, MARGIN, count);
        double[] gradient = values(x.length);
        double[] expectedGradient = gradient.clone();
        double[] actualGradient = gradient.clone();
        ScalarKernels.INSTANCE.rectifyBack(expected, MARGIN, expectedGradient, MARGIN, count);
        VectorKernels.INSTANCE.rectifyBack(expected, MARGIN, actualGradient, MARGIN, count);
        for (int i = 0; i < x.length; i++) {
            boolean within = i >= MARGIN && i < MARGIN + count;
            assertEquals(within && x[i] <= 0 ? 0.0 : x[i], expected[i], "value " + i);
            assertEquals(within && x[i] <= 0 ? 0.0 : gradient[i], expectedGradient[i], "gradient " + i);
            assertEquals(expected[i], actual[i], "value " + i);
            assertEquals(expectedGradient[i], actualGradient[i], "gradient " + i);
        }
    }
}
