package org.amacrine.sources.stimulus;

import static org.amacrine.sources.TestSources.assertFails;
import static org.amacrine.sources.TestSources.assertFrame;

import java.util.HashMap;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.layer.Resolution;
import org.amacrine.sources.TestSources;
import org.junit.jupiter.api.Test;

class CheckerboardTest {
    private static final Resolution RESOLUTION = Resolution.of(1, 100);

    private static Frames frames(int count, Object... settings) throws Exception {
        Map<String, Object> chosen = new HashMap<>(Map.of("rows", 4, "columns", 4, "checkDegrees", 2));
        for (int i = 0; i < settings.length; i += 2) {
            chosen.put((String) settings[i], settings[i + 1]);
        }
        return TestSources.frames("stimulus.checkerboard", chosen, RESOLUTION, count);
    }

    @Test
    void shouldHaveFourChecksMeetInTheMiddle() throws Exception {
        assertFrame(frames(1), 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0);
    }

    @Test
    void shouldReverseInTime() throws Exception {
        Frames frames = frames(200, "columns", 2, "rows", 1, "reversalHertz", 30, "checkDegrees", 1, "contrast", 0.5);
        // The row lies on the edge between checks: its pixels are half above it and half below.
        assertFrame(frames, 0, 0.5, 0.5);
        Frames odd = frames(200, "columns", 2, "rows", 2, "reversalHertz", 30, "checkDegrees", 1, "contrast", 0.5);
        for (int t = 0; t < 200; t++) {
            boolean reversed = t * 30 / 100 % 2 == 1;
            double bright = reversed ? 0.25 : 0.75;
            assertFrame(odd, t, 1 - bright, bright, bright, 1 - bright);
        }
    }

    @Test
    void shouldStandStillAtZeroHertz() throws Exception {
        assertFrame(frames(1000, "reversalHertz", 0), 999, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0);
    }

    @Test
    void shouldAverageOverPixelsOnAnEdge() throws Exception {
        // Checks of 1.5 pixels: the wave is 1 up to 1.5 from the middle, -1 up to 3, so the second pixel is half of
        // each.
        Frames frames = frames(1, "checkDegrees", 1.5, "rows", 2, "columns", 4, "mean", 1);
        assertFrame(frames, 0, 1, 0, 2, 1, 1, 2, 0, 1);
        // Checks that are much smaller than a pixel are grey.
        assertFrame(frames(1, "checkDegrees", 0.25, "rows", 1, "columns", 2), 0, 0.5, 0.5);
    }

    @Test
    void shouldRejectMoreReversalsThanSteps() {
        Class<IllegalArgumentException> wrong = IllegalArgumentException.class;
        assertFails(wrong, () -> frames(1, "reversalHertz", 101), "reversalHertz must be <= 100.0");
        assertFails(wrong, () -> frames(1, "checkDegrees", 0), "checkDegrees must be");
    }
}
