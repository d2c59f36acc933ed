package org.amacrine.sources.stimulus;

import static org.amacrine.sources.TestSources.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.Resolution;
import org.amacrine.sources.SourceComponents;
import org.amacrine.sources.TestSources;
import org.junit.jupiter.api.Test;

class SamplesTest {
    private static Frames frames(String name, Map<String, ?> settings) throws Exception {
        return TestSources.frames(name, settings, Resolution.DEFAULT, 5000);
    }

    @Test
    void shouldHaveTheReferencesExtentsByDefault() throws Exception {
        for (String name : List.of("moving-grating", "random-checker", "sparse", "pulse", "chirp")) {
            Frames frames = frames("sample." + name, Map.of());
            assertEquals(2000, frames.count());
            assertEquals(Shape.image(20, 20), frames.shape());
        }
    }

    @Test
    void shouldSpaceNumbersWithBothEnds() {
        assertEquals(0, Samples.linspace(0, 5, 5, 0));
        assertEquals(1.25, Samples.linspace(0, 5, 5, 1));
        assertEquals(5, Samples.linspace(0, 5, 5, 4));
        assertEquals(3, Samples.linspace(3, 5, 1, 0));
    }

    @Test
    void shouldMirrorASmoothedBarAtTheEndsOfTheStream() throws Exception {
        // A stream shorter than the kernel: the same frames stand before it and behind it, over and over.
        Map<String, ?> few = Map.of("t", 2, "bar_v", 0.5, "x", 4, "y", 1, "temporal_smoothing", 2);
        Map<String, ?> sharp = Map.of("t", 2, "bar_v", 0.5, "x", 4, "y", 1, "sharp", true);
        Frames smooth = frames("sample.moving-bar", few);
        Frames bar = frames("sample.moving-bar", sharp);
        double all = 0;
        double own = 0;
        for (int k = -8; k <= 8; k++) {
            double weight = Math.exp(-k * k / 8.0);
            all += weight;
            // Mirrored, frames go … 1 0 0 1 1 0 0 1 1 … around frame 0.
            own += Math.floorMod(k, 4) == 0 || Math.floorMod(k, 4) == 3 ? weight : 0;
        }
        float[] first = TestSources.frame(bar, 0);
        float[] second = TestSources.frame(bar, 1);
        for (int i = 0; i < 4; i++) {
            assertEquals((own * first[i] + (all - own) * second[i]) / all, smooth.at(0, i, 0), 1e-6);
        }
    }

    @Test
    void shouldMoveTheBarAtOnceWithoutSmoothing() throws Exception {
        Map<String, ?> none = Map.of("t", 50, "temporal_smoothing", 0);
        assertEquals(frames("sample.moving-bar", Map.of("t", 50, "sharp", true)), frames("sample.moving-bar", none));
    }

    @Test
    void shouldDrawEachCheckForEachFrame() throws Exception {
        Frames frames = frames("sample.random-checker", Map.of("rows", 7, "columns", 12, "frames", 2));
        for (int t = 0; t < 2; t++) {
            for (int i = 0; i < 7; i++) {
                for (int j = 0; j < 12; j++) {
                    float value = frames.at(t, i, j);
                    assertEquals(frames.at(t, i / 5 * 5, j / 5 * 5), value);
                    assertTrue(value >= 0 && value < 1);
                }
            }
        }
        assertNotEquals(frames.at(0, 0, 0), frames.at(0, 0, 5));
        assertNotEquals(frames.at(0, 0, 0), frames.at(0, 5, 0));
        assertNotEquals(frames.at(0, 0, 0), frames.at(1, 0, 0));
    }

    @Test
    void shouldSetPixelsWithTheProbabilityAsked() throws Exception {
        Frames frames = frames("sample.sparse", Map.of("frames", 500));
        int ones = 0;
        for (float value : frames.values()) {
            assertTrue(value == 0 || value == 1);
            ones += (int) value;
        }
        // 200000 pixels: 2000 ones with a standard deviation of 44.5.
        assertEquals(2000, ones, 180);
    }

    @Test
    void shouldTakeAProbabilityForEachFrame() throws Exception {
        Frames frames = frames("sample.sparse", Map.of("p", List.of(0, 1, 0), "rows", 2, "columns", 2));
        assertArrayEquals(new float[] {0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0}, frames.values());
    }

    @Test
    void shouldSwitchThePulseOnAndOff() throws Exception {
        Frames frames = frames("sample.pulse", Map.of("x", 1, "y", 1, "t", 7, "pulse_length", 2));
        assertArrayEquals(new float[] {1, 1, 0, 0, 1, 1, 0}, frames.values());
    }

    @Test
    void shouldCutTheChirpOffAtTheEnd() throws Exception {
        Frames frames = frames("sample.chirp", Map.of("x", 1, "y", 1, "t", 700, "scale", false));
        assertEquals(700, frames.count());
        assertEquals(0, frames.values()[499]);
        assertEquals(1, frames.values()[699]);
    }

    @Test
    void shouldRejectSettingsThatMakeNoSense() {
        Class<IllegalArgumentException> wrong = IllegalArgumentException.class;
        assertFails(
                wrong, () -> source("sample.chirp", "pulse_off", 400), "pulseOff must be >= pulseOn, 500, but was 400");
        assertFails(wrong, () -> source("sample.sparse", "p", 1.5), "probability", "but was 1.5");
        assertFails(wrong, () -> source("sample.sparse", "p", List.of(List.of(0.1), List.of(0.2))), "list of numbers");
        assertFails(wrong, () -> source("sample.sparse", "p", List.of()), "list of numbers");
        assertFails(wrong, () -> source("sample.random-checker", "checker_size", 0), "checkPixels must be");
        assertFails(wrong, () -> source("sample.pulse", "frames", 0), "frames must be", ">= 1");
        assertFails(wrong, () -> source("sample.moving-bar", "bar_width", 0), "width must be", "> 0");
    }

    private static void source(String name, String setting, Object value) {
        SourceComponents.source(name, Map.of(setting, value));
    }
}
