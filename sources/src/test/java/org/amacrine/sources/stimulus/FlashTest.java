package org.amacrine.sources.stimulus;

import static org.amacrine.sources.TestSources.assertFails;
import static org.amacrine.sources.TestSources.assertFrame;

import java.util.HashMap;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.layer.Resolution;
import org.amacrine.sources.TestSources;
import org.junit.jupiter.api.Test;

class FlashTest {
    private static final Resolution RESOLUTION = Resolution.of(1, 10);

    private static Frames frames(int count, Object... settings) throws Exception {
        Map<String, Object> chosen = new HashMap<>(Map.of("rows", 1, "columns", 2, "background", 3, "luminance", 7));
        for (int i = 0; i < settings.length; i += 2) {
            chosen.put((String) settings[i], settings[i + 1]);
        }
        return TestSources.frames("stimulus.flash", chosen, RESOLUTION, count);
    }

    @Test
    void shouldFlashInEveryPeriod() throws Exception {
        Frames frames = frames(60);
        for (int t = 0; t < 60; t++) {
            double expected = t % 20 >= 5 && t % 20 < 10 ? 7 : 3;
            assertFrame(frames, t, expected, expected);
        }
    }

    @Test
    void shouldFlashOnceWithoutAPeriod() throws Exception {
        Frames frames = frames(100, "periodSeconds", 0, "onSeconds", 0, "offSeconds", 0.3);
        for (int t = 0; t < 100; t++) {
            assertFrame(frames, t, t < 3 ? 7 : 3, t < 3 ? 7 : 3);
        }
    }

    @Test
    void shouldRejectTimesThatMakeNoFlash() {
        Class<IllegalArgumentException> wrong = IllegalArgumentException.class;
        assertFails(wrong, () -> frames(1, "offSeconds", 0.5), "offSeconds must be > onSeconds, 0.5, but was 0.5");
        assertFails(wrong, () -> frames(1, "periodSeconds", 0.9), "periodSeconds must be >= offSeconds");
        assertFails(wrong, () -> frames(1, "offSeconds", 0.51), "shorter than a step");
        assertFails(wrong, () -> frames(1, "onSeconds", -1), "onSeconds must be");
    }
}
