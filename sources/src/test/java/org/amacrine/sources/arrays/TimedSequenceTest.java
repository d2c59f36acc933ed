package org.amacrine.sources.arrays;

import static org.amacrine.sources.TestSources.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.junit.jupiter.api.Test;

class TimedSequenceTest {
    private final Frames frames = new Frames(Shape.image(1, 1), 10, new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    /** Frame i at 2 + 0.1 i seconds. */
    private final TimedSequence sequence = new TimedSequence(frames, 2, 0.1);

    @Test
    void shouldFindFramesByRoundedTime() {
        assertArrayEquals(new float[] {3, 4}, sequence.get(2.3, 2.5).values());
        assertArrayEquals(new float[] {3, 4}, sequence.get(2.26, 2.54).values());
        assertEquals(0, sequence.get(2.3, 2.34).count());
        // Halves go to the even frame: 0.5 / 1 to 0, 1.5 / 1 to 2.
        assertArrayEquals(
                new float[] {0, 1},
                new TimedSequence(frames, 0, 1).get(0.5, 1.5).values());
    }

    @Test
    void shouldCutAStretchOffAtTheEnds() {
        assertArrayEquals(new float[] {8, 9}, sequence.get(2.8, 4).values());
        assertArrayEquals(new float[] {0, 1}, sequence.get(-50, 2.2).values());
        assertEquals(0, sequence.get(3, 9).count());
        assertEquals(0, sequence.get(-9, 1.5).count());
        assertEquals(0, sequence.get(2.5, 2.3).count());
    }

    @Test
    void shouldSayWhetherItHoldsAStretch() {
        assertTrue(sequence.available(2, 3));
        assertFalse(sequence.available(2, 3.1));
        assertFalse(sequence.available(1.9, 2.5));
    }

    @Test
    void shouldGiveTheTimesOfTheFrames() {
        assertArrayEquals(new double[] {2.8, 2.9}, sequence.seconds(2.8, 4), 1e-12);
        assertEquals(0, sequence.seconds(5, 4).length);
    }

    @Test
    void shouldInterpolateFramesOfAnotherRate() {
        Frames steps = new Frames(Shape.vector(2), 3, new float[] {0, 5, 10, 5, 30, -5});
        TimedSequence coarse = new TimedSequence(steps, 2, 0.1);

        Frames fine = coarse.resampled(1.95, 2.3, 0.05);

        assertArrayEquals(new float[] {0, 5, 0, 5, 5, 5, 10, 5, 20, 0, 30, -5, 30, -5}, fine.values(), 1e-5f);
        assertEquals(0, coarse.resampled(2.1, 2, 0.05).count());
        Class<IllegalArgumentException> wrong = IllegalArgumentException.class;
        assertFails(wrong, () -> coarse.resampled(2, 3, 0), "everySeconds > 0 but it was 0.0");
        assertFails(wrong, () -> coarse.resampled(2, Double.NaN, 1), "to NaN s");
        TimedSequence empty = new TimedSequence(Frames.zeros(Shape.vector(1), 0), 0, 1);
        assertFails(wrong, () -> empty.resampled(0, 1, 1), "without frames");
    }

    @Test
    void shouldOverwriteAStretch() {
        sequence.put(2.1, 2.3, new Frames(Shape.image(1, 1), 2, new float[] {-1, -2}));
        assertArrayEquals(new float[] {0, -1, -2, 3}, sequence.get(2, 2.4).values());
    }

    @Test
    void shouldRejectReplacementsThatDoNotFit() {
        Frames two = Frames.zeros(Shape.image(1, 1), 2);
        Class<IllegalArgumentException> wrong = IllegalArgumentException.class;
        assertFails(wrong, () -> sequence.put(2.1, 2.4, two), "frames 1 to 4", "2 frames of 1x1x1");
        assertFails(wrong, () -> sequence.put(2.9, 3.1, two), "within the sequence");
        assertFails(wrong, () -> sequence.put(1.8, 2, two), "within the sequence");
        assertFails(wrong, () -> sequence.put(2, 2.2, Frames.zeros(Shape.image(2, 1), 2)), "1x2x1");
        assertFails(wrong, () -> new TimedSequence(frames, 0, 0), "stepSeconds must be");
        assertFails(wrong, () -> new TimedSequence(frames, Double.NaN, 1), "NaN");
    }
}
