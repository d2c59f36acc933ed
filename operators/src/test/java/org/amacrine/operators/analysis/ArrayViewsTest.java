package org.amacrine.operators.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.amacrine.core.io.NdArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrayViewsTest {

    /** 0, 1, 2, … in C order. */
    private static NdArray counting(int... shape) {
        return new NdArray(
                shape, IntStream.range(0, NdArray.count(shape)).asDoubleStream().toArray());
    }

    @ParameterizedTest
    @CsvSource({"4, 1 1 4 1 1", "2 3, 1 1 1 2 3", "4 2 3, 1 1 4 2 3", "2 1 4 1 3, 2 1 4 1 3"})
    void shouldCountMissingAxesAsOne(String shape, String expected) {
        NdArray array = counting(numbers(shape));

        NdArray five = ArrayViews.fiveAxes(array);

        assertArrayEquals(numbers(expected), five.shape());
        assertArrayEquals(array.doubles(), five.doubles());
    }

    private static int[] numbers(String text) {
        return Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    @Test
    void shouldGatherFramesOfSeveralChannels() {
        // Two frames of two channels of one row of two columns.
        NdArray five = ArrayViews.fiveAxes(counting(2, 2, 1, 2));

        assertArrayEquals(new int[] {1, 2, 2, 1, 2}, five.shape());
        assertArrayEquals(new double[] {0, 1, 4, 5, 2, 3, 6, 7}, five.doubles());
    }

    @Test
    void shouldDrawALineForEachPixel() {
        NdArray lines = ArrayViews.lines(counting(3, 1, 2));

        assertArrayEquals(new int[] {3, 2}, lines.shape());
        assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, lines.doubles());
    }

    @Test
    void shouldTakeTheMeanOverAxes() {
        NdArray kernel = counting(2, 1, 2, 1, 2);

        NdArray one = ArrayViews.lines(kernel, 0, 1, 3, 4);
        NdArray perOutput = ArrayViews.lines(kernel, 4);

        // Time 0 has 0, 1 of the first output and 4, 5 of the second; time 1 has 2, 3 and 6, 7.
        assertArrayEquals(new double[] {2.5, 4.5}, one.doubles());
        assertArrayEquals(new int[] {2, 2}, perOutput.shape());
        assertArrayEquals(new double[] {0.5, 4.5, 2.5, 6.5}, perOutput.doubles());
    }

    @Test
    void shouldPutFramesSideBySide() {
        // Three frames of two rows and two columns, each with a row and a column of the border behind it.
        NdArray image = ArrayViews.mosaic(counting(3, 2, 2), -1);

        assertArrayEquals(new int[] {3, 9}, image.shape());
        assertArrayEquals(
                new double[] {
                    0, 1, -1, 4, 5, -1, 8, 9, -1, //
                    2, 3, -1, 6, 7, -1, 10, 11, -1, //
                    -1, -1, -1, -1, -1, -1, -1, -1, -1
                },
                image.doubles());
    }

    @Test
    void shouldPutChannelsBelowEachOther() {
        NdArray image = ArrayViews.mosaic(counting(1, 2, 2, 1, 2), new int[] {0, 1, 3}, new int[] {2, 4});

        assertArrayEquals(new int[] {2, 4}, image.shape());
        assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5, 6, 7}, image.doubles());
    }

    @Test
    void shouldArrangeAxesAsAsked() {
        NdArray image = ArrayViews.mosaic(counting(2, 2, 2), new int[] {2, 3}, new int[] {0, 1, 4});

        assertArrayEquals(new int[] {4, 2}, image.shape());
        NdArray turned = ArrayViews.mosaic(counting(2, 2, 2), new int[] {4, 0, 1}, new int[] {3, 2});
        // Columns go down; across, rows and within them frames.
        assertArrayEquals(new double[] {0, 4, 2, 6, 1, 5, 3, 7}, turned.doubles());
    }

    @Test
    void shouldRejectWhatCannotBeDrawn() {
        for (int[] shape : new int[][] {{}, {1, 1, 1, 1, 1, 1}, {3, 0}}) {
            NdArray array = counting(shape);
            String message = assertThrows(IllegalArgumentException.class, () -> ArrayViews.fiveAxes(array))
                    .getMessage();
            assertTrue(message.contains("1 to 5 axes") && message.contains(NdArray.text(shape)), message);
        }
        NdArray array = counting(2, 2, 2);
        assertThrows(IllegalArgumentException.class, () -> ArrayViews.lines(array, 2));
        assertThrows(IllegalArgumentException.class, () -> ArrayViews.lines(array, 5));
        assertThrows(IllegalArgumentException.class, () -> ArrayViews.lines(array, 3, 3));
        String missing = assertThrows(
                        IllegalArgumentException.class,
                        () -> ArrayViews.mosaic(array, new int[] {0, 3}, new int[] {2, 4}))
                .getMessage();
        assertEquals("each of the five axes goes down or across but those given were [0, 3] and [2, 4]", missing);
    }
}
