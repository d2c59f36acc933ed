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
    static final Set<String> TESTED = Set.of("dotRows", "combineRows");

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
}
