package org.amacrine.sources.stimulus;

import static org.amacrine.sources.TestSources.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.layer.Resolution;
import org.amacrine.sources.TestSources;
import org.junit.jupiter.api.Test;

class WhiteNoiseTest {
    private static final Resolution RESOLUTION = Resolution.of(10, 1000);

    private static Frames frames(int count, Object... settings) throws Exception {
        Map<String, Object> chosen = new HashMap<>(Map.of("rows", 11, "columns", 14));
        for (int i = 0; i < settings.length; i += 2) {
            chosen.put((String) settings[i], settings[i + 1]);
        }
        return TestSources.frames("stimulus.white-noise", chosen, RESOLUTION, count);
    }

    @Test
    void shouldFillChecksFromTheUpperLeftCorner() throws Exception {
        Frames frames = frames(1, "distribution", "normal");
        for (int i = 0; i < 11; i++) {
            for (int j = 0; j < 14; j++) {
                assertEquals(frames.at(0, i / 4 * 4, j / 4 * 4), frames.at(0, i, j));
            }
        }
        assertFalse(frames.at(0, 0, 3) == frames.at(0, 0, 4));
        assertFalse(frames.at(0, 3, 0) == frames.at(0, 4, 0));
    }

    @Test
    void shouldDrawAnewAtTheUpdateRate() throws Exception {
        Frames frames = frames(60, "distribution", "normal");
        for (int t = 1; t < 60; t++) {
            boolean same = Arrays.equals(TestSources.frame(frames, t - 1), TestSources.frame(frames, t));
            assertEquals(t % 20 != 0, same, "frame " + t);
        }
    }

    @Test
    void shouldTakeTwoValuesAtEvenOdds() throws Exception {
        Frames frames = frames(200, "updateHertz", 1000, "contrast", 0.4, "checkDegrees", 0.1);
        int bright = 0;
        for (float value : frames.values()) {
            assertTrue(Math.abs(value - 0.3f) < 1e-6 || Math.abs(value - 0.7f) < 1e-6, () -> "value " + value);
            bright += value > 0.5 ? 1 : 0;
        }
        // 30800 tosses have a standard deviation of 0.0028.
        assertEquals(0.5, bright / (double) frames.values().length, 0.012);
    }

    @Test
    void shouldHaveTheContrastAsStandardDeviationWhenNormal() throws Exception {
        Frames frames = frames(
                200, "updateHertz", 1000, "contrast", 0.3, "mean", 2, "checkDegrees", 0.1, "distribution", "normal");
        double squares = 0;
        for (float value : frames.values()) {
            squares += (value - 2.0) * (value - 2.0);
        }
        assertEquals(0.36, squares / frames.values().length, 0.012);
    }

    @Test
    void shouldTakeChecksLargerThanTheFrameAsOne() throws Exception {
        Frames frames = frames(1, "checkDegrees", 1e6);
        float[] all = new float[11 * 14];
        Arrays.fill(all, frames.values()[0]);
        assertArrayEquals(all, frames.values());
    }

    @Test
    void shouldRejectMoreUpdatesThanSteps() {
        Class<IllegalArgumentException> wrong = IllegalArgumentException.class;
        assertFails(wrong, () -> frames(1, "updateHertz", 1001), "updateHertz must be <= 1000.0");
        assertFails(wrong, () -> frames(1, "updateHertz", 0), "updateHertz must be", "> 0");
    }
}
