package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LabelMatchingTest {

    @Test
    void shouldGiveUpALargePairForALargerSum() {
        // Row 0 has most in common with column 0, but row 1 nothing with any other: 7 + 8 > 9 + 0.
        assertArrayEquals(new int[] {1, 0, 2}, LabelMatching.best(new double[] {9, 7, 0, 8, 0, 0, 0, 0, 1}, 3));
    }

    @Test
    void shouldMatchASingleLabel() {
        assertArrayEquals(new int[] {0}, LabelMatching.best(new double[] {0}, 1));
    }

    @Test
    void shouldFindWhatTryingAllMatchingsFinds() {
        Random random = new Random(4);
        for (int trial = 0; trial < 200; trial++) {
            int count = 1 + trial % 6;
            double[] common = random.doubles((long) count * count)
                    .map(x -> Math.floor(10 * x))
                    .toArray();
            int[] found = LabelMatching.best(common, count);
            double sum = 0;
            for (int row = 0; row < count; row++) {
                sum += common[row * count + found[row]];
            }
            assertEquals(count, Arrays.stream(found).distinct().count(), "trial " + trial);
            assertEquals(most(common, count, 0, 0), sum, "trial " + trial + ": " + Arrays.toString(common));
        }
    }

    /** The largest sum over all ways to give the rows from this one on a column that is not taken. */
    private static double most(double[] common, int count, int row, int taken) {
        double best = row == count ? 0 : Double.NEGATIVE_INFINITY;
        for (int column = 0; row < count && column < count; column++) {
            if ((taken >> column & 1) == 0) {
                best = Math.max(best, common[row * count + column] + most(common, count, row + 1, taken | 1 << column));
            }
        }
        return best;
    }
}
