package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmallMatrixTest {

    /** [[4, 2, 2], [2, 5, 7], [2, 7, 19]] = R R^T with R = [[2], [1, 2], [1, 3, 3]]. */
    private static double[] example() {
        return new double[] {4, 2, 2, 2, 5, 7, 2, 7, 19};
    }

    private static final double[] FACTOR = {2, 0, 0, 1, 2, 0, 1, 3, 3};

    /** A positive definite matrix that is not close to diagonal: H + n I with H_ij = 1 / (1 + |i - j|). */
    private static double[] large(int n) {
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i * n + j] = 1.0 / (1 + Math.abs(i - j)) + (i == j ? 1 : 0);
            }
        }
        return a;
    }

    @Test
    void shouldFactoriseByHand() {
        double[] a = new double[11];
        System.arraycopy(example(), 0, a, 2, 9);

        assertTrue(SmallMatrix.cholesky(a, 2, 3));

        double[] expected = new double[11];
        System.arraycopy(FACTOR, 0, expected, 2, 9);
        assertArrayEquals(expected, a, 1e-15);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 16, 17, 41})
    void shouldMultiplyBackToTheMatrix(int n) {
        double[] r = large(n);
        double[] back = new double[n * n];

        assertTrue(SmallMatrix.cholesky(r, 0, n));
        SmallMatrix.multiplyTransposed(r, 0, r, 0, back, 0, n, n, n);

        assertArrayEquals(large(n), back, 1e-14);
    }

    @Test
    void shouldSayWhenAMatrixIsNotPositiveDefinite() {
        assertFalse(SmallMatrix.cholesky(new double[] {1, 2, 2, 1}, 0, 2));
        assertFalse(SmallMatrix.cholesky(new double[] {0}, 0, 1));
        assertFalse(SmallMatrix.cholesky(new double[] {1, Double.NaN, Double.NaN, 1}, 0, 2));
        assertFalse(SmallMatrix.cholesky(new double[] {Double.POSITIVE_INFINITY}, 0, 1));
    }

    @Test
    void shouldAddNoMoreToTheDiagonalThanIsNeeded() {
        double[] spare = new double[4];
        double[] good = {2, 1, 1, 2};
        double[] singular = {1, 1, 1, 1};
        double[] indefinite = {1, 2, 2, 1};

        assertEquals(0, SmallMatrix.choleskyWithJitter(good, 0, 2, spare));
        assertEquals(1e-12, SmallMatrix.choleskyWithJitter(singular, 0, 2, spare));
        assertTrue(Double.isNaN(SmallMatrix.choleskyWithJitter(indefinite, 0, 2, spare)));
        assertEquals(Math.sqrt(2), good[0]);
        assertEquals(1 + 0.5e-12, singular[0], 1e-15);
    }

    @Test
    void shouldSolveByHand() {
        // R x = (4, 6, 13): x = (2, 2, 5/3); R^T x = (4, 5, 3): x = (1, 1, 1); x R = (4, 5, 3): the same, transposed.
        double[] forward = {4, 6, 13};
        double[] backward = {4, 5, 3};
        double[] right = {4, 5, 3};

        SmallMatrix.solveLower(FACTOR, 0, 3, forward, 0, 1);
        SmallMatrix.solveLowerTransposed(FACTOR, 0, 3, backward, 0, 1);
        SmallMatrix.divideByLower(FACTOR, 0, 3, 3, right, 0, 3, 1);

        assertArrayEquals(new double[] {2, 2, 5.0 / 3}, forward, 1e-15);
        assertArrayEquals(new double[] {1, 1, 1}, backward, 1e-15);
        assertArrayEquals(new double[] {1, 1, 1}, right, 1e-15);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 31})
    void shouldInvert(int n) {
        double[] inverse = new double[n * n];
        double[] product = new double[n * n];
        double[] identity = new double[n * n];
        for (int i = 0; i < n; i++) {
            identity[i * n + i] = 1;
        }

        assertTrue(SmallMatrix.invert(large(n), 0, n, inverse, 0));
        SmallMatrix.multiply(large(n), 0, inverse, 0, product, 0, n, n, n);

        assertArrayEquals(identity, product, 1e-13);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                assertEquals(inverse[i * n + j], inverse[j * n + i]);
            }
        }
    }

    @Test
    void shouldTakeTheLogarithmOfTheDiagonal() {
        assertEquals(Math.log(12), SmallMatrix.logDiagonal(FACTOR, 0, 3), 1e-15);
    }
}
