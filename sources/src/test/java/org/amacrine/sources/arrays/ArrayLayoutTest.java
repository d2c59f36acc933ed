package org.amacrine.sources.arrays;

import static org.amacrine.sources.TestSources.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.junit.jupiter.api.Test;

class ArrayLayoutTest {
    private static ArrayLayout layout(long... extents) {
        return ArrayLayout.of("array", extents);
    }

    private static Frames counting(Shape shape, int count) {
        Frames frames = Frames.zeros(shape, count);
        for (int i = 0; i < frames.values().length; i++) {
            frames.values()[i] = i;
        }
        return frames;
    }

    @Test
    void shouldReadEachNumberOfAxesAsFrames() {
        assertEquals(new Shape(1, 1, 1), layout(7).shape());
        assertEquals(new Shape(4, 1, 1), layout(7, 4).shape());
        assertEquals(new Shape(1, 4, 5), layout(7, 4, 5).shape());
        assertEquals(new Shape(3, 4, 5), layout(7, 3, 4, 5).shape());
        assertEquals(new Shape(3, 4, 5), layout(1, 3, 7, 4, 5).shape());
        assertEquals(7, layout(7).frames());
        assertEquals(7, layout(7, 3, 4, 5).frames());
        assertEquals(7, layout(1, 3, 7, 4, 5).frames());
        assertEquals(5_000_000_000L, layout(5_000_000_000L, 4, 5).frames());
    }

    @Test
    void shouldGatherTheChannelsOfFiveAxes() {
        // Values count up in the order channel, time, column: channel 1 of frame 0 begins at 3 frames of 2 pixels.
        float[] values = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
        Frames frames = layout(1, 2, 3, 1, 2).toFrames(NdArray.of(values, 1, 2, 3, 1, 2));
        assertArrayEquals(new float[] {0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11}, frames.values());
        assertFalse(layout(1, 2, 3, 1, 2).isFrameByFrame());
        assertTrue(layout(1, 1, 3, 1, 2).isFrameByFrame());
        assertTrue(layout(3, 2, 1, 2).isFrameByFrame());
    }

    @Test
    void shouldWriteFramesBackWithTheSameAxes() {
        assertArrayEquals(
                new int[] {6}, layout(9).toArray(counting(Shape.vector(1), 6)).shape());
        assertArrayEquals(
                new int[] {6, 3},
                layout(9, 2).toArray(counting(Shape.vector(3), 6)).shape());
        assertArrayEquals(
                new int[] {6, 1},
                layout(9, 2).toArray(counting(Shape.vector(1), 6)).shape());
        assertArrayEquals(
                new int[] {6, 1, 1},
                layout(9, 2, 2).toArray(counting(Shape.image(1, 1), 6)).shape());
        assertArrayEquals(
                new int[] {6, 1, 4, 5},
                layout(9, 2, 3, 3).toArray(counting(Shape.image(4, 5), 6)).shape());
        assertArrayEquals(
                new int[] {1, 2, 6, 4, 5},
                layout(1, 3, 9, 7, 7).toArray(counting(new Shape(2, 4, 5), 6)).shape());
    }

    @Test
    void shouldTakeTheAxesThatFramesNeed() {
        assertArrayEquals(new int[] {3}, layout(9).frameExtents(Shape.vector(3)));
        assertArrayEquals(new int[] {4, 5}, layout(9).frameExtents(Shape.image(4, 5)));
        assertArrayEquals(new int[] {4, 5}, layout(9, 2).frameExtents(Shape.image(4, 5)));
        assertArrayEquals(new int[] {3, 4, 5}, layout(9, 2).frameExtents(new Shape(3, 4, 5)));
        assertArrayEquals(new int[] {3}, layout(9, 4, 5).frameExtents(Shape.vector(3)));
        assertArrayEquals(new int[] {3, 1, 1}, layout(9, 2, 4, 5).frameExtents(Shape.vector(3)));
        assertArrayEquals(new int[] {3, 4, 5}, layout(1, 2, 9, 4, 5).frameExtents(new Shape(3, 4, 5)));
    }

    @Test
    void shouldGetBackWhatItWrote() {
        Frames frames = counting(new Shape(2, 3, 4), 5);
        ArrayLayout five = layout(1, 2, 5, 3, 4);
        NdArray array = five.toArray(frames);
        assertEquals(frames, five.toFrames(array));
        // Frame 1, channel 0 begins at 24 in frames, and behind one frame of 12 pixels in channel 0.
        assertEquals(24, array.at(12));
    }

    @Test
    void shouldPutBatchesOneAfterTheOther() {
        ArrayLayout layout = ArrayLayout.ofBatches("array", 2, 2, 3, 1, 2);
        float[] values = counting(Shape.vector(1), 24).values();
        NdArray array = NdArray.of(values, 2, 2, 3, 1, 2);

        Frames frames = layout.toFrames(array);

        assertEquals(2, layout.batches());
        assertEquals(3, layout.frames());
        assertEquals(6, frames.count());
        // Frame 1 of batch 1: its channels begin 6 values apart, behind the 12 of batch 0 and one frame of 2 pixels.
        assertArrayEquals(new float[] {14, 15, 20, 21}, Arrays.copyOfRange(frames.values(), 16, 20));
        assertEquals(array, layout.toArray(frames));
    }

    /** Of a run that ended early. */
    @Test
    void shouldWriteTheBatchesThatAreWhole() {
        ArrayLayout layout = ArrayLayout.ofBatches("array", 3, 1, 4, 2, 2);

        assertArrayEquals(
                new int[] {2, 1, 4, 2, 2},
                layout.toArray(counting(Shape.image(2, 2), 11)).shape());
        assertArrayEquals(
                new int[] {1, 1, 3, 2, 2},
                layout.toArray(counting(Shape.image(2, 2), 3)).shape());
    }

    @Test
    void shouldRejectOtherShapes() {
        Class<IllegalArgumentException> wrong = IllegalArgumentException.class;
        assertFails(wrong, () -> layout(), "shape ()", "0 axes", "(T, C, H, W)");
        assertFails(wrong, () -> layout(1, 1, 1, 1, 1, 1), "6 axes");
        assertFails(wrong, () -> layout(0, 5), "shape (0, 5)", "holds nothing");
        assertFails(wrong, () -> layout(5, 0, 5), "holds nothing");
        assertFails(wrong, () -> layout(2, 1, 9, 4, 4), "2 batches", "array[:1]");
        assertFails(wrong, () -> layout(2, 1L << 40), "too large");
        assertFails(wrong, () -> layout(2, 1 << 20, 1 << 20), "at most");
    }
}
