package org.amacrine.core.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowSumTest {
    private static final long SEED = 11;

    private static float[] values(int count) {
        Random random = new Random(SEED + count);
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(12) - 6));
        }
        return x;
    }

    /** The tree as the description has it: 16 sums of whole rows of 16, pairs 8, 4, 2, 1 apart, then what is left over. */
    private static double tree(float[] x, int at, int count) {
        double[] s = new double[16];
        int whole = count / 16 * 16;
        for (int i = 0; i < whole; i++) {
            s[i % 16] += x[at + i];
        }
        for (int apart = 8; apart > 0; apart /= 2) {
            for (int i = 0; i < apart; i++) {
                s[i] += s[i + apart];
            }
        }
        double sum = s[0];
        for (int i = whole; i < count; i++) {
            sum += x[at + i];
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 7, 15, 16, 17, 31, 32, 64, 65, 4097})
    void shouldAddInTheOneTree(int count) {
        float[] x = values(count + 5);

        assertEquals(Double.doubleToRawLongBits(tree(x, 5, count)), Double.doubleToRawLongBits(RowSum.of(x, 5, count)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 17, 65, 4097})
    void shouldBeNearTheExactSum(int count) {
        float[] x = values(count);
        BigDecimal exact = BigDecimal.ZERO;
        double size = 0;
        for (float each : x) {
            exact = exact.add(new BigDecimal(each));
            size += Math.abs(each);
        }

        assertEquals(exact.doubleValue(), RowSum.of(x, 0, count), 1e-13 * size);
    }

    @Test
    void shouldSumTheRowsThatWereAskedFor() {
        float[] x = {9, 1, 2, 3, 4, 5, 6, 7, 8};
        double[] sums = {-1, -1, -1, -1};

        ScalarKernels.INSTANCE.rowSums(x, 1, 2, 1, 3, sums);

        assertArrayEquals(new double[] {-1, 7, 11, -1}, sums);
    }
}
