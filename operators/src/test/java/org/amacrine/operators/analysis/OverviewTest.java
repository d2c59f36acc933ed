package org.amacrine.operators.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.amacrine.core.io.NdArray;
import org.junit.jupiter.api.Test;

class OverviewTest {
    /** Four frames of one row of three pixels. */
    private static final NdArray FRAMES = new NdArray(
            new int[] {4, 1, 3},
            new double[] {1, 2, 6, -1, 0, 1, 7, Double.NaN, 3, Double.NaN, Double.NaN, Double.NaN});

    @Test
    void shouldChoosePixelsAndFramesFromTheFirstToTheLast() {
        Overview overview = Overview.of(FRAMES, 2, 2);

        assertArrayEquals(new int[] {0, 3}, overview.shownFrames());
        assertArrayEquals(new int[] {1, 1, 2, 1, 3}, overview.shown().shape());
        assertArrayEquals(
                new double[] {1, 2, 6, Double.NaN, Double.NaN, Double.NaN},
                overview.shown().doubles());
        assertEquals(2, overview.traces().length);
        assertArrayEquals(new double[] {1, -1, 7, Double.NaN}, overview.traces()[0]);
        assertArrayEquals(new double[] {6, 1, 3, Double.NaN}, overview.traces()[1]);
    }

    @Test
    void shouldShowEvenlySpreadFrames() {
        // floor(i 10 / 4) for i from 0 to 4.
        assertArrayEquals(
                new int[] {0, 2, 5, 7, 10},
                Overview.of(new NdArray(new int[] {11}, new double[11]), 5, 16).shownFrames());
        assertArrayEquals(
                new int[] {0, 1, 2},
                Overview.of(new NdArray(new int[] {3}, new double[3]), 5, 16).shownFrames());
    }

    @Test
    void shouldShowFramesOfEachChannel() {
        NdArray kernel = new NdArray(new int[] {2, 1, 3, 1, 1}, new double[] {1, 2, 3, 4, 5, 6});

        Overview overview = Overview.of(kernel, 2, 0);

        assertArrayEquals(new int[] {2, 1, 2, 1, 1}, overview.shown().shape());
        assertArrayEquals(new double[] {1, 3, 4, 6}, overview.shown().doubles());
        assertEquals(0, overview.traces().length);
    }

    @Test
    void shouldRejectAnOverviewOfNoFrames() {
        assertThrows(IllegalArgumentException.class, () -> Overview.of(FRAMES, 0, 1));
    }
}
