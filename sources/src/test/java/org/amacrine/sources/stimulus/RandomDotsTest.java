package org.amacrine.sources.stimulus;

import static org.amacrine.sources.TestSources.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.layer.Resolution;
import org.amacrine.sources.SourceComponents;
import org.amacrine.sources.TestSources;
import org.junit.jupiter.api.Test;

class RandomDotsTest {
    /** At 100 degrees per second a dot moves a pixel per frame. */
    private static final Resolution RESOLUTION = Resolution.of(10, 1000);

    private static final int EXTENT = 60;

    private static Map<String, Object> settings(Object... settings) {
        Map<String, Object> chosen = new HashMap<>(
                Map.of("rows", EXTENT, "columns", EXTENT, "speed", 100, "coherence", 1, "lifetimeSeconds", 0));
        for (int i = 0; i < settings.length; i += 2) {
            chosen.put((String) settings[i], settings[i + 1]);
        }
        return chosen;
    }

    private static Frames frames(int count, Object... settings) throws Exception {
        return TestSources.frames("stimulus.dots", settings(settings), RESOLUTION, count);
    }

    /** How many pixels of the second frame equal those of the first one pixel to the left, of those not dark in either. */
    private static double shifted(Frames frames) {
        int alike = 0;
        int seen = 0;
        for (int i = 0; i < EXTENT; i++) {
            for (int j = 1; j < EXTENT; j++) {
                float before = frames.at(0, i, j - 1);
                float now = frames.at(1, i, j);
                if (before > 0 || now > 0) {
                    seen++;
                    alike += Math.abs(before - now) < 1e-3 ? 1 : 0;
                }
            }
        }
        assertTrue(seen > 100, seen + " pixels were bright");
        return (double) alike / seen;
    }

    @Test
    void shouldMoveAllDotsTogetherWhenCoherent() throws Exception {
        assertEquals(1, shifted(frames(2)));
        Frames up = frames(2, "directionDegrees", 90);
        for (int i = 1; i < EXTENT; i++) {
            for (int j = 0; j < EXTENT; j++) {
                assertEquals(up.at(0, i, j), up.at(1, i - 1, j), 1e-3);
            }
        }
    }

    @Test
    void shouldMoveAPartOfTheDotsTogetherWhenHalfCoherent() throws Exception {
        double whole = shifted(frames(2, "coherence", 0.5, "density", 10));
        assertTrue(whole > 0.4 && whole < 0.7, "part " + whole);
        assertTrue(shifted(frames(2, "coherence", 0, "density", 10)) < 0.3);
    }

    @Test
    void shouldShowAsManyDotsAsTheDensitySays() throws Exception {
        // 36 square degrees with 3 dots of 0.0707 each; few enough that they hardly overlap.
        Frames frames = frames(200, "density", 3, "dotDiameterDegrees", 0.3);
        double sum = 0;
        for (float value : frames.values()) {
            sum += value;
        }
        double covered = sum / frames.values().length;
        double expected = 3 * Math.PI * 0.15 * 0.15;
        assertTrue(covered > 0.8 * expected && covered < expected, covered + " of " + expected);
    }

    @Test
    void shouldDrawDiscsWithSmoothEdges() throws Exception {
        // One dot of a diameter of 4 pixels has their area wherever it is, but for the times at which it crosses a
        // border.
        Frames frames = frames(400, "density", 1 / 40.0, "dotDiameterDegrees", 0.4, "directionDegrees", 30);
        int whole = 0;
        for (int t = 0; t < 400; t++) {
            double sum = 0;
            for (float value : TestSources.frame(frames, t)) {
                sum += value;
            }
            whole += Math.abs(sum - Math.PI * 4) < 0.8 ? 1 : 0;
        }
        assertTrue(whole > 260 && whole < 340, whole + " of 400 frames hold the whole dot");
    }

    @Test
    void shouldStandStillWithoutSpeed() throws Exception {
        Frames frames = frames(5, "speed", 0);
        assertArrayEquals(TestSources.frame(frames, 0), TestSources.frame(frames, 4));
    }

    @Test
    void shouldReplaceDotsAtTheEndOfTheirLives() throws Exception {
        Frames frames = frames(11, "speed", 0, "lifetimeSeconds", 0.01, "density", 5);
        int[] changes = new int[10];
        for (int t = 0; t < 10; t++) {
            for (int i = 0; i < EXTENT * EXTENT; i++) {
                changes[t] +=
                        Math.abs(frames.at(t + 1, i / EXTENT, i % EXTENT) - frames.at(t, i / EXTENT, i % EXTENT)) > 0.5
                                ? 1
                                : 0;
            }
        }
        // 180 dots or more, each of some 3 bright pixels, of which a tenth goes and comes again with each frame.
        int all = Arrays.stream(changes).sum();
        assertTrue(all > 400, "in all " + all);
        for (int change : changes) {
            assertTrue(change > all / 30 && change < all / 4, Arrays.toString(changes));
        }
    }

    @Test
    void shouldMakeAFrameFromItsIndexAlone() throws Exception {
        Map<String, Object> chosen = settings("coherence", 0.5, "lifetimeSeconds", 0.01);
        Frames all = TestSources.frames("stimulus.dots", chosen, RESOLUTION, 50);
        RandomDots dots = (RandomDots) SourceComponents.source("stimulus.dots", chosen);
        dots.open(TestSources.context(RESOLUTION));
        float[] values = new float[EXTENT * EXTENT];
        dots.render(37, values);
        assertArrayEquals(TestSources.frame(all, 37), values);
    }

    @Test
    void shouldDrawDarkDotsOnABrighterBackground() throws Exception {
        Frames frames = frames(1, "background", 0.5, "luminance", 0, "dotDiameterDegrees", 0.5);
        float least = 1;
        float most = 0;
        for (float value : frames.values()) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        assertEquals(0, least);
        assertEquals(0.5, most);
    }

    @Test
    void shouldRejectTooFewAndTooManyDots() {
        Class<IllegalArgumentException> wrong = IllegalArgumentException.class;
        assertFails(wrong, () -> frames(1, "density", 0.001), "density 0.001", "gives 0 dots");
        assertFails(wrong, () -> frames(1, "density", 1e9), "density 1.0E9", "1 to 1048576");
        assertFails(wrong, () -> frames(1, "coherence", 2), "coherence must be");
        assertFails(wrong, () -> frames(1, "dotDiameterDegrees", 0), "dotDiameterDegrees must be");
        assertFails(wrong, () -> frames(1, "lifetimeSeconds", -1), "lifetimeSeconds must be");
    }
}
