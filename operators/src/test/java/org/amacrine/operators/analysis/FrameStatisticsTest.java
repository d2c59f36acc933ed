package org.amacrine.operators.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.amacrine.core.io.NdArray;
import org.junit.jupiter.api.Test;

class FrameStatisticsTest {

    @Test
    void shouldTellWhatTheValuesOfEachFrameAreLike() {
        double[] values = {1, 2, 6, -1, 0, 1, 7, Double.NaN, 3, Double.NaN, Double.NaN, Double.NaN};

        FrameStatistics statistics = FrameStatistics.of(new NdArray(new int[] {4, 1, 3}, values));

        assertArrayEquals(new double[] {1, -1, 3, Double.NaN}, statistics.low());
        assertArrayEquals(new double[] {3, 0, 5, Double.NaN}, statistics.mean());
        assertArrayEquals(new double[] {6, 1, 7, Double.NaN}, statistics.high());
        // (4 + 1 + 9) / 3, (1 + 0 + 1) / 3, (4 + 4) / 2
        assertArrayEquals(
                new double[] {Math.sqrt(14 / 3.), Math.sqrt(2 / 3.), 2, Double.NaN}, statistics.deviation(), 1e-15);
        assertArrayEquals(new double[] {2, 0, Double.NaN, Double.NaN}, statistics.middle());
    }

    @Test
    void shouldCountFiniteNumbersOnly() {
        double inf = Double.POSITIVE_INFINITY;
        FrameStatistics statistics =
                FrameStatistics.of(new NdArray(new int[] {2, 1, 3}, new double[] {1, inf, 3, -inf, inf, inf}));

        assertArrayEquals(new double[] {1, Double.NaN}, statistics.low());
        assertArrayEquals(new double[] {2, Double.NaN}, statistics.mean());
        assertArrayEquals(new double[] {3, Double.NaN}, statistics.high());
        assertArrayEquals(new double[] {1, Double.NaN}, statistics.deviation());
        assertArrayEquals(new double[] {inf, inf}, statistics.middle());
    }

    @Test
    void shouldTakeAllChannelsTogetherAndTheMiddleOfTheFirst() {
        // One frame of two channels of 2 x 2.
        FrameStatistics statistics = FrameStatistics.of(NdArray.of(new float[] {0, 1, 2, 3, 4, 5, 6, 9}, 1, 2, 2, 2));

        assertArrayEquals(new double[] {9}, statistics.high());
        assertArrayEquals(new double[] {3.75}, statistics.mean());
        assertArrayEquals(new double[] {3}, statistics.middle());
    }
}
