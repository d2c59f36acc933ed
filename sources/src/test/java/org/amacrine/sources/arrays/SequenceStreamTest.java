package org.amacrine.sources.arrays;

import static org.amacrine.sources.TestSources.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.junit.jupiter.api.Test;

class SequenceStreamTest {
    /** Frames of one pixel. */
    private static Frames frames(float... values) {
        return new Frames(Shape.image(1, 1), values.length, values);
    }

    @Test
    void shouldDeliverTheLastFramesAndThenNothing() {
        SequenceStream stream = SequenceStream.once(frames(1, 2, 3, 4, 5));
        assertArrayEquals(new float[] {1, 2, 3}, stream.get(3).values());
        assertTrue(stream.available(2));
        assertFalse(stream.available(3));
        assertArrayEquals(new float[] {4, 5}, stream.get(3).values());
        assertEquals(0, stream.get(3).count());
        assertEquals(5, stream.length());
        stream.put(frames(6));
        assertArrayEquals(new float[] {6}, stream.get(3).values());
        stream.reset();
        assertArrayEquals(new float[] {1, 2}, stream.get(2).values());
    }

    @Test
    void shouldWrapAroundAnyNumberOfTimesInOneReading() {
        SequenceStream stream = SequenceStream.repeating(frames(1, 2, 3));
        assertArrayEquals(new float[] {1, 2}, stream.get(2).values());
        assertTrue(stream.available(1000));
        assertArrayEquals(new float[] {3, 1, 2, 3, 1, 2, 3, 1}, stream.get(8).values());
        assertArrayEquals(new float[] {2, 3}, stream.get(2).values());
        assertEquals(3, stream.length());
    }

    @Test
    void shouldGiveNothingFromAnEmptySequence() {
        assertEquals(0, SequenceStream.repeating(frames()).get(5).count());
        assertFalse(SequenceStream.repeating(frames()).available(1));
        assertEquals(0, SequenceStream.once(frames()).get(5).count());
    }

    @Test
    void shouldKeepTheLastFramesWhenFramesAreAdded() {
        SequenceStream stream = SequenceStream.once(frames(1, 2, 3), 4);
        stream.get(2);
        stream.put(frames(4, 5, 6));
        assertEquals(4, stream.length());
        // 1 and 2 are gone, both had been read: 3 is next.
        assertArrayEquals(new float[] {3, 4, 5, 6}, stream.get(9).values());
        stream.put(frames(7, 8, 9, 10, 11, 12));
        assertArrayEquals(new float[] {9, 10, 11, 12}, stream.get(9).values());
    }

    @Test
    void shouldKeepFiveThousandFramesUnlessToldOtherwise() {
        SequenceStream stream = SequenceStream.once(frames(new float[4999]));
        stream.put(frames(1, 2, 3));
        assertEquals(5000, stream.length());
        Frames all = stream.get(10000);
        assertEquals(3, all.values()[4999]);
    }

    @Test
    void shouldReplaceEverythingByFramesOfAnotherExtent() {
        SequenceStream stream = SequenceStream.once(frames(1, 2, 3));
        stream.get(2);
        stream.put(new Frames(Shape.image(1, 2), 2, new float[] {1, 2, 3, 4}));
        assertEquals(Shape.image(1, 2), stream.shape());
        assertArrayEquals(new float[] {1, 2, 3, 4}, stream.get(5).values());
    }

    @Test
    void shouldNotChangeTheFramesItWasGiven() {
        Frames given = frames(1, 2, 3);
        SequenceStream stream = SequenceStream.once(given, 3);
        stream.put(frames(4, 5));
        assertArrayEquals(new float[] {1, 2, 3}, given.values());
    }

    @Test
    void shouldRejectNegativeCounts() {
        assertFails(
                IllegalArgumentException.class,
                () -> SequenceStream.once(frames(1)).get(-1),
                ">= 0 but was -1");
        assertFails(IllegalArgumentException.class, () -> SequenceStream.once(frames(1), 0), "maxFrames must be >= 1");
    }
}
