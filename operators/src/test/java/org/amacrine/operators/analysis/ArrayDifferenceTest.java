package org.amacrine.operators.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.amacrine.core.io.NdArray;
import org.junit.jupiter.api.Test;

class ArrayDifferenceTest {

    @Test
    void shouldSubtractArraysOfTheSameExtent() {
        NdArray difference =
                ArrayDifference.of(NdArray.of(new float[] {5, 7}, 1, 2), NdArray.of(new float[] {1, 9}, 1, 2));

        assertArrayEquals(new int[] {1, 1, 1, 1, 2}, difference.shape());
        assertArrayEquals(new double[] {4, -2}, difference.doubles());
    }

    @Test
    void shouldLetTimeBeginTogether() {
        // 6 goes on as 4, 2, 0.
        NdArray difference =
                ArrayDifference.of(NdArray.of(new float[] {6, 6}, 2), NdArray.of(new float[] {1, 1, 1, 1, 1}, 5));

        assertArrayEquals(new int[] {1, 1, 5, 1, 1}, difference.shape());
        assertArrayEquals(new double[] {5, 5, 3, 1, -1}, difference.doubles());
    }

    @Test
    void shouldKeepTheMiddleOfFrames() {

        NdArray extended = ArrayDifference.extended(NdArray.of(new float[] {8}, 1, 1), 1, 1, 1, 4, 3);

        // One row before, at 0; two behind, at 4 and 0.
        assertArrayEquals(
                new double[] {
                    0, 0, 0, //
                    0, 8, 0, //
                    0, 4, 0, //
                    0, 0, 0
                },
                extended.doubles());
    }

    @Test
    void shouldSubtractTheSmallerFromTheLarger() {
        NdArray difference =
                ArrayDifference.of(NdArray.of(new float[] {1, 2, 3}, 1, 3), NdArray.of(new float[] {10}, 1, 1));

        assertArrayEquals(new double[] {1, -8, 3}, difference.doubles());
    }

    @Test
    void shouldRejectToMakeAnArraySmaller() {
        NdArray array = NdArray.of(new float[] {1, 2, 3}, 3);

        String message = assertThrows(
                        IllegalArgumentException.class, () -> ArrayDifference.extended(array, 1, 1, 2, 1, 1))
                .getMessage();
        assertTrue(message.contains("(1, 1, 3, 1, 1) is not made smaller, to (1, 1, 2, 1, 1)"), message);
        assertThrows(IllegalArgumentException.class, () -> ArrayDifference.extended(array, 3));
    }
}
