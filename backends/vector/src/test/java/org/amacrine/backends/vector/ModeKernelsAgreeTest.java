package org.amacrine.backends.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Set;
import java.util.SplittableRandom;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels on vectors and the rows of a matrix against their scalar twins, bit for bit. */
class ModeKernelsAgreeTest {
    /** What is tested here. */
    static final Set<String> TESTED = Set.of("dotRows", "combineRows", "multiplyAdd", "multiplyTransposed");

    private static final Kernels SCALAR = ScalarKernels.INSTANCE;
    private static final Kernels VECTOR = VectorKernels.INSTANCE;

    private final SplittableRandom random = new SplittableRandom(5);

    private float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextDouble() * 2 - 1);
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 16, 17, 31, 64, 65, 4097})
    void shouldGiveTheBitsOfTheScalarTwin(int columns) {
        for (int rows = 1; rows <= 11; rows++) {
            for (int vectors = 0; vectors <= 3; vectors++) {
                float[] m = values(rows * columns);
                float[] x = values(vectors * columns);
                float[] w = values(vectors * rows);
                float[] expected = new float[vectors * rows];
                float[] actual = expected.clone();
                float[] expectedSums = new float[vectors * columns];
                float[] actualSums = values(vectors * columns);

                SCALAR.dotRows(m, rows, columns, x, expected, vectors);
                VECTOR.dotRows(m, rows, columns, x, actual, vectors);
                SCALAR.combineRows(m, rows, columns, w, expectedSums, vectors);
                VECTOR.combineRows(m, rows, columns, w, actualSums, vectors);

                String what = rows + " rows, " + columns + " columns, " + vectors + " vectors, seed 5";
                assertArrayEquals(expected, actual, 0f, what);
                assertArrayEquals(expectedSums, actualSums, 0f, what);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 7, 16, 17, 31, 64, 65, 4097})
    void shouldMultiplyAndAddAlike(int count) {
        float[] a = values(count + 5);
        float[] b = values(count + 5);
        float[] c = values(count + 5);
        float[] expected = values(count + 5);
        float[] actual = expected.clone();
        float[] inPlace = c.clone();

        SCALAR.multiplyAdd(a, 1, b, 2, c, 3, expected, 3, count);
        VECTOR.multiplyAdd(a, 1, b, 2, c, 3, actual, 3, count);
        VECTOR.multiplyAdd(a, 1, b, 2, inPlace, 3, inPlace, 3, count);

        assertArrayEquals(expected, actual, 0f, count + " values, seed 5");
        for (int i = 0; i < count; i++) {
            assertArrayEquals(new float[] {expected[3 + i]}, new float[] {inPlace[3 + i]}, 0f, "in place");
        }
    }

    private double[] doubles(int count) {
        return random.doubles(count, -1, 1).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 9, 16, 17, 31, 64, 65, 1001})
    void shouldMultiplyMatricesAlike(int columns) {
        for (int modes = 1; modes <= 10; modes++) {
            for (int rows : new int[] {0, 1, 3, 4, 9}) {
                double[] wide = doubles(rows * columns + 2);
                double[] w = doubles(modes * columns);
                double[] dots = doubles(rows * modes + 5);
                double[] expectedDots = dots.clone();

                SCALAR.multiplyTransposed(wide, 2, w, expectedDots, 3, rows, columns, modes);
                VECTOR.multiplyTransposed(wide, 2, w, dots, 3, rows, columns, modes);

                String what = rows + " rows, " + modes + " modes, " + columns + " columns, seed 5";
                assertArrayEquals(expectedDots, dots, 0.0, what);
            }
        }
    }
}
