package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.amacrine.core.io.NdArray;
import org.junit.jupiter.api.Test;

class ArHmmParametersTest {
    private static final double[] BETAS = {0.5, 0.5};
    private static final double[] PI = {0.9, 0.1, 0.2, 0.8};
    private static final double[] AB = {0.5, 0, 0.5, 1};
    private static final double[] Q = {4, 9};

    private static String refusal(double[] pi, double[] ab, double[] q) {
        return assertThrows(IllegalArgumentException.class, () -> new ArHmmParameters(2, 1, 1, BETAS, pi, ab, q))
                .getMessage();
    }

    @Test
    void shouldKeepWhatItWasGiven() {
        ArHmmParameters p = new ArHmmParameters(2, 1, 1, BETAS, PI, AB, Q);

        assertEquals(2, p.columns());
        assertArrayEquals(new double[] {2, 3}, p.cholesky());
        assertEquals(p, new ArHmmParameters(2, 1, 1, BETAS, PI, AB, Q));
        assertEquals("2 states, 1 dims, 1 lags", p.toString());
    }

    @Test
    void shouldRefuseRowsThatDoNotSumToOne() {
        assertEquals(
                "row 1 of pi must sum to 1 but sums to 1.1; divide each row by its sum",
                refusal(new double[] {0.9, 0.1, 0.3, 0.8}, AB, Q));
        assertEquals("pi[0][1] must be >= 0 but was -0.5", refusal(new double[] {1.5, -0.5, 0, 1}, AB, Q));
    }

    @Test
    void shouldNameTheStateWhoseCovarianceIsNone() {
        assertEquals(
                "Q of state 1 must be positive definite but is not; it is a covariance, with variances > 0 on its diagonal",
                refusal(PI, AB, new double[] {4, -9}));
    }

    @Test
    void shouldNameTheValueThatIsNoNumber() {
        assertEquals(
                "Ab[1][0][1] must be a finite number but was NaN", refusal(PI, new double[] {0, 0, 0, Double.NaN}, Q));
        assertEquals(
                "Q[0][0][0] must be a finite number but was Infinity",
                refusal(PI, AB, new double[] {Double.POSITIVE_INFINITY, 1}));
    }

    @Test
    void shouldRefuseArraysOfOtherSizes() {
        assertEquals("pi of shape (2, 2) has 4 values but was given 3", refusal(new double[] {1, 0, 0}, AB, Q));
        var e = assertThrows(IllegalArgumentException.class, () -> ArHmmParameters.lags(3, 9));
        assertEquals(
                "Ab must have dims lags + 1 columns but has 9 for 3 dims; give the lags in time order and the bias last",
                e.getMessage());
        assertEquals(2, ArHmmParameters.lags(1, 3));
        assertEquals(3, ArHmmParameters.lags(4, 13));
    }

    @Test
    void shouldRefuseACovarianceThatIsNotSymmetric() {
        NdArray ab = new NdArray(new int[] {1, 2, 3}, new double[6]);
        NdArray q = new NdArray(new int[] {1, 2, 2}, new double[] {1, 0.5, 0.4, 1});
        NdArray one = new NdArray(new int[] {1}, new double[] {1});
        NdArray pi = new NdArray(new int[] {1, 1}, new double[] {1});

        var e = assertThrows(IllegalArgumentException.class, () -> ArHmmParameters.of(one, pi, ab, q));

        assertEquals("Q of state 0 must be symmetric but Q[0][1][0] is 0.4 and its mirror image 0.5", e.getMessage());
    }
}
