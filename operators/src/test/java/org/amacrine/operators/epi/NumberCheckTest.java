package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Counts of values that are no finite numbers. */
class NumberCheckTest {
    @Test
    void shouldCountInfinitiesOfBothSignsAndNaN() {
        NumberCheck check = NumberCheck.of(
                1, Double.NaN, Double.POSITIVE_INFINITY, -1e300, Double.NEGATIVE_INFINITY, Double.NaN, Double.NaN);
        assertTrue(check.any());
        assertEquals("T_x infs 2/7 nans 3/7", check.message("T_x"));
        assertTrue(NumberCheck.of(0, Double.NaN).any());
        assertTrue(NumberCheck.of(0, Double.NEGATIVE_INFINITY).any());
    }

    @Test
    void shouldFindNothingAmongFiniteNumbersOrNone() {
        assertFalse(NumberCheck.of(0, -0.0, Double.MIN_VALUE, Double.MAX_VALUE).any());
        assertFalse(NumberCheck.of().any());
        assertEquals("z infs 0/0 nans 0/0", NumberCheck.of().message("z"));
    }
}
