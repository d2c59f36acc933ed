package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The test of convergence on a stream of trials. */
class SlidingTestTest {

    /** Means of two trials less mu: (1, 0), (-1, -1), (2, -1), (-3, -1). */
    @Test
    void shouldTestTheLatestMeans() {
        SlidingTest test = new SlidingTest(new double[] {10, 20}, 2, 3);
        double[][] trials = {{10, 21}, {12, 19}, {8, 18}, {10, 20}, {12, 19}, {12, 19}};
        for (double[] trial : trials) {
            assertFalse(test.full());
            test.add(trial);
        }
        assertTrue(test.full());
        // 1, -1 and 2 on either side of 0; 0, -1 and -1 on one.
        assertArrayEquals(new double[] {2.0 / 3, 0}, test.p(), 1e-15);
        assertFalse(test.converged(0.05));
        test.add(new double[] {7, 19});
        test.add(new double[] {7, 19});
        // -1, 2 and -3: the first mean has left.
        assertArrayEquals(new double[] {2.0 / 3, 0}, test.p(), 1e-15);
        test.add(new double[] {6, 22});
        test.add(new double[] {6, 22});
        // 2, -3 and -4; -1, -1 and 2.
        assertArrayEquals(new double[] {2.0 / 3, 2.0 / 3}, test.p(), 1e-15);
        assertTrue(test.converged(0.05));
    }

    @Test
    void shouldSayNothingOfTrialsThatAreNoNumbersUntilTheyHaveLeft() {
        SlidingTest test = new SlidingTest(new double[1], 1, 2);
        test.add(new double[] {Double.NaN});
        test.add(new double[] {1});
        assertTrue(Double.isNaN(test.p()[0]));
        assertFalse(test.converged(0.05));
        test.add(new double[] {-1});
        assertTrue(test.converged(0.05));
    }

    @Test
    void shouldRefuseWhatItCannotTest() {
        SlidingTest test = new SlidingTest(new double[2], 1, 2);
        assertThrows(IllegalArgumentException.class, () -> test.add(new double[1]));
        assertEquals(
                "the window has 0 of 2 means; feed it more trials",
                assertThrows(IllegalStateException.class, test::p).getMessage());
        assertFalse(test.converged(0.05));
        assertThrows(IllegalArgumentException.class, () -> new SlidingTest(new double[0], 1, 2));
        assertThrows(IllegalArgumentException.class, () -> new SlidingTest(new double[1], 0, 2));
        assertThrows(IllegalArgumentException.class, () -> new SlidingTest(new double[1], 1, 1));
    }
}
