package org.amacrine.core.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TapsTest {

    /** The reference centres ten taps on index 4, and odd kernels on their middle. */
    @ParameterizedTest
    @CsvSource({"1,0", "2,0", "3,1", "10,4", "11,5", "19,9"})
    void shouldCentreOnTheMiddleOrTheLowerMiddle(int length, int centre) {
        assertEquals(centre, Taps.same(new float[length]).centre());
        assertEquals(length, Taps.same(new float[length]).length());
    }

    @Test
    void shouldCentreOnTheLastWeightWhereOnlyWholeKernelsCount() {
        assertEquals(2, Taps.valid(1, 2, 3).centre());
    }

    @Test
    void shouldBeEqualWhenWeightsAndCentreAre() {
        assertEquals(new Taps(new float[] {1, 2}, 1), Taps.valid(1, 2));
        assertEquals(
                new Taps(new float[] {1, 2}, 1).hashCode(), Taps.valid(1, 2).hashCode());
        assertNotEquals(Taps.same(1, 2), Taps.valid(1, 2));
        assertNotEquals(Taps.same(1, 2), Taps.same(1, 3));
        assertEquals("2 taps, centre 1", Taps.valid(1, 2).toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 2})
    void shouldRejectACentreOutside(int centre) {
        var e = assertThrows(IllegalArgumentException.class, () -> new Taps(new float[2], centre));

        assertEquals(
                "a kernel needs at least one weight and its centre inside but has 2 weights and the centre " + centre,
                e.getMessage());
        assertThrows(IllegalArgumentException.class, Taps::valid);
    }
}
