package org.amacrine.core.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class NdArrayTest {

    @Test
    void shouldWriteShapesAsPythonDoes() {
        assertEquals("()", NdArray.text(new int[0]));
        assertEquals("(3,)", NdArray.text(new int[] {3}));
        assertEquals("(2, 3)", NdArray.text(new int[] {2, 3}));
        assertEquals("float32 (2, 3)", NdArray.of(new float[6], 2, 3).toString());
        assertEquals("int64 ()", NdArray.of(5L).toString());
        assertEquals("float64 ()", NdArray.of(5.0).toString());
        assertEquals("bool (1,)", new NdArray(new int[] {1}, new boolean[1]).toString());
    }

    @Test
    void shouldCountTheValuesOfAShape() {
        assertEquals(1, NdArray.count(new int[0]));
        assertEquals(0, NdArray.count(new int[] {4, 0}));
        assertEquals(24, NdArray.count(new int[] {2, 3, 4}));
        assertThrows(ArithmeticException.class, () -> NdArray.count(new int[] {65536, 65536}));
    }

    @Test
    void shouldRejectDataOfAnotherSize() {
        var e = assertThrows(IllegalArgumentException.class, () -> NdArray.of(new float[5], 2, 3));

        assertEquals("an array of shape (2, 3) has 6 values but was given 5", e.getMessage());
    }

    @Test
    void shouldRejectDataOfAnotherType() {
        var e = assertThrows(IllegalArgumentException.class, () -> new NdArray(new int[] {1}, new int[1]));
        assertEquals("an array holds float[], double[], long[] or boolean[] but was given int[]", e.getMessage());

        var none = assertThrows(IllegalArgumentException.class, () -> new NdArray(new int[] {1}, null));
        assertEquals("an array holds float[], double[], long[] or boolean[] but was given null", none.getMessage());
    }

    @Test
    void shouldGiveItsOwnArrayOrACopyInAnotherType() {
        float[] floats = {1.5f, -2};
        double[] doubles = {0.1, 2};

        assertSame(floats, NdArray.of(floats, 2).floats());
        assertSame(doubles, new NdArray(new int[] {2}, doubles).doubles());
        assertArrayEquals(new float[] {0.1f, 2}, new NdArray(new int[] {2}, doubles).floats());
        assertArrayEquals(new double[] {1.5, -2}, NdArray.of(floats, 2).doubles());
        assertArrayEquals(new float[] {1, 0}, new NdArray(new int[] {2}, new boolean[] {true, false}).floats());
        assertArrayEquals(new double[] {7, -8}, new NdArray(new int[] {2}, new long[] {7, -8}).doubles());
    }

    @Test
    void shouldGiveTheOnlyValue() {
        assertEquals(2.5, NdArray.of(2.5).scalar());
        assertEquals(3, NdArray.of(new float[] {3}, 1, 1).scalar());

        var e = assertThrows(
                IllegalStateException.class,
                () -> NdArray.of(new float[6], 2, 3).scalar());

        assertEquals("one number was asked for but the array has the shape (2, 3)", e.getMessage());
    }

    @Test
    void shouldGiveLargeIntegersExactly() {
        long seed = 0x7fff_ffff_ffff_fffdL;

        assertEquals(seed, NdArray.of(seed).integer());
        assertEquals(4, NdArray.of(4.0).integer());
    }

    @Test
    void shouldBeEqualWhenShapeTypeAndBitsAre() {
        NdArray a = NdArray.of(new float[] {0f, Float.NaN}, 2);

        assertEquals(a, NdArray.of(new float[] {0f, Float.NaN}, 2));
        assertEquals(a.hashCode(), NdArray.of(new float[] {0f, Float.NaN}, 2).hashCode());
        assertNotEquals(a, NdArray.of(new float[] {-0f, Float.NaN}, 2));
        assertNotEquals(a, NdArray.of(new float[] {0f, Float.NaN}, 2, 1));
        assertNotEquals(a, new NdArray(new int[] {2}, new double[] {0, Double.NaN}));
    }
}
