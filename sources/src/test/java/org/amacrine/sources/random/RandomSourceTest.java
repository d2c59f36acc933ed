package org.amacrine.sources.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.sources.SourceComponents;
import org.amacrine.sources.SourceFrames;
import org.amacrine.sources.TestSources;
import org.junit.jupiter.api.Test;

class RandomSourceTest {
    private static Frames frames(Map<String, ?> settings, String name, long seed, int count) throws Exception {
        return SourceFrames.read(
                SourceComponents.source("random", settings),
                TestSources.context(Resolution.DEFAULT, name, seed),
                count);
    }

    @Test
    void shouldTakeUniformNumbersFromTheCounterOfFrameAndPixel() throws Exception {
        Frames frames = frames(Map.of("rows", 5, "columns", 9, "level", 2, "mean", 3), "eye", 11, 4);
        long key = CounterRandom.key(11, "eye", 0);
        assertEquals(3 + 2 * CounterRandom.uniform(key, 3, 4 * 9 + 7), frames.at(3, 4, 7), 1e-6f);
        assertEquals(3 + 2 * CounterRandom.uniform(key, 0, 0), frames.at(0, 0, 0), 1e-6f);
    }

    @Test
    void shouldSpreadUniformNumbersFromMeanToMeanPlusLevel() throws Exception {
        double sum = 0;
        Frames frames = frames(Map.of("level", 4, "mean", -1), "eye", 5, 40);
        for (float value : frames.values()) {
            assertTrue(value >= -1 && value < 3);
            sum += value;
        }
        // 100000 numbers of standard deviation 4 / sqrt(12): the average has one of 0.004.
        assertEquals(1, sum / frames.values().length, 0.015);
    }

    @Test
    void shouldSpreadNormalNumbersAroundTheMean() throws Exception {
        Frames frames = frames(Map.of("distribution", "normal", "level", 2, "mean", 10), "eye", 5, 40);
        double sum = 0;
        double squares = 0;
        for (float value : frames.values()) {
            sum += value;
            squares += (value - 10.0) * (value - 10.0);
        }
        assertEquals(10, sum / frames.values().length, 0.03);
        assertEquals(4, squares / frames.values().length, 0.08);
    }

    @Test
    void shouldHaveTheExtentsOfTheReferenceUnlessToldOtherwise() throws Exception {
        assertEquals(Shape.image(50, 50), frames(Map.of(), "eye", 5, 1).shape());
        assertEquals(
                new Shape(3, 2, 4),
                frames(Map.of("channels", 3, "rows", 2, "columns", 4), "eye", 5, 1)
                        .shape());
    }

    @Test
    void shouldGoOnWithoutEndUnlessToldOtherwise() throws Exception {
        assertEquals(
                3000, frames(Map.of("rows", 1, "columns", 1), "eye", 5, 3000).count());
    }

    @Test
    void shouldDifferFromAnotherSourceOfTheSamePipeline() throws Exception {
        assertNotEquals(frames(Map.of(), "left", 5, 1), frames(Map.of(), "right", 5, 1));
    }
}
