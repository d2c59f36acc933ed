package org.amacrine.sources.digits;

import static org.amacrine.sources.TestSources.assertFails;
import static org.amacrine.sources.TestSources.assertFrame;
import static org.amacrine.sources.TestSources.frame;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.Resolution;
import org.amacrine.sources.SourceComponents;
import org.amacrine.sources.SourceFrames;
import org.amacrine.sources.TestSources;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Digits of two pixels, whose bytes are 0 and 255, 51 and 102, 153 and 204, in that order. */
class DigitsTest {
    @TempDir
    Path folder;

    private Path images;

    @BeforeEach
    void write() throws IOException {
        images = IdxFiles.write(
                folder.resolve("images"),
                new int[] {3, 1, 2},
                (byte) 0,
                (byte) 255,
                (byte) 51,
                (byte) 102,
                (byte) 153,
                (byte) 204);
    }

    private Map<String, Object> settings(Object... given) {
        Map<String, Object> settings = new HashMap<>(Map.of("images", images.toString(), "first", 0, "advance", 1));
        for (int i = 0; i < given.length; i += 2) {
            settings.put((String) given[i], given[i + 1]);
        }
        return settings;
    }

    private static Frames play(String name, Map<String, ?> settings, int count) throws Exception {
        return TestSources.frames(name, settings, Resolution.DEFAULT, count);
    }

    @Test
    void shouldShowTheDigitsBehindTheFirstOneAfterTheOther() throws Exception {
        Frames digits = play("digits", settings("framesPerDigit", 2, "white", 10), 8);

        assertEquals(Shape.image(1, 2), digits.shape());
        assertFrame(digits, 0, 2, 4);
        assertFrame(digits, 1, 2, 4);
        assertFrame(digits, 2, 6, 8);
        assertFrame(digits, 4, 0, 10);
        assertFrame(digits, 6, 2, 4);
    }

    @Test
    void shouldAdvanceByMoreThanOneDigitAndBegin() throws Exception {
        // (2 + 179425529) mod 3 = 1, then 0, then 2: the reference's step is 2 modulo 3.
        Frames digits = play("digits", settings("framesPerDigit", 1, "first", 2, "advance", 179_425_529), 3);

        assertFrame(digits, 0, 0.2, 0.4);
        assertFrame(digits, 1, 0, 1);
        assertFrame(digits, 2, 0.6, 0.8);
    }

    @Test
    void shouldTakeTheFirstDigitFromTheSeed() throws Exception {
        Set<Float> seen = new HashSet<>();
        for (int seed = 0; seed < 40; seed++) {
            Frames digits = SourceFrames.read(
                    SourceComponents.source("digits", settings("first", -1)),
                    TestSources.context(Resolution.DEFAULT, "digits", seed),
                    1);
            seen.add(digits.values()[1]);
        }
        assertEquals(Set.of(1f, 0.4f, 0.8f), seen);
    }

    @Test
    void shouldGiveLabelsAsASecondChannel() throws Exception {
        Path labels = IdxFiles.write(folder.resolve("labels"), new int[] {3}, (byte) 7, (byte) 2, (byte) 9);

        Frames digits = play("digits", settings("labels", labels.toString(), "framesPerDigit", 1), 3);

        assertEquals(new Shape(2, 1, 2), digits.shape());
        assertFrame(digits, 0, 0.2, 0.4, 2, 2);
        assertFrame(digits, 1, 0.6, 0.8, 9, 9);
        assertFrame(digits, 2, 0, 1, 7, 7);
    }

    @Test
    void shouldSpikeByChance() throws Exception {
        Frames spikes = play("digits.spikes", settings("probability", 0.5, "framesPerDigit", 20_000), 60_000);
        double[] rates = new double[6];
        for (int i = 0; i < spikes.values().length; i++) {
            float value = spikes.values()[i];
            assertTrue(value == 0 || value == 1);
            rates[i / 40_000 * 2 + i % 2] += value / 20_000;
        }
        // The largest standard deviation is 0.0035.
        assertArrayEquals(new double[] {0.1, 0.2, 0.3, 0.4, 0, 0.5}, rates, 0.015);
        assertEquals(0, rates[4]);
    }

    @Test
    void shouldMoveAlongThreeLines() throws Exception {
        images = IdxFiles.write(folder.resolve("point"), new int[] {1, 1, 1}, (byte) 255);
        Frames moved = play("digits.saccades", settings("margin", 4, "framesPerDigit", 12), 13);

        assertEquals(Shape.image(5, 5), moved.shape());
        assertAt(moved, 0, 0, 0);
        assertAt(moved, 2, 1, 2);
        assertAt(moved, 4, 2, 4);
        assertAt(moved, 6, 3, 2);
        assertAt(moved, 8, 4, 0);
        assertAt(moved, 10, 2, 0);
        assertAt(moved, 12, 0, 0);
        // Half a pixel down, a whole one to the right.
        float[] between = frame(moved, 1);
        assertEquals(0.5f, between[1]);
        assertEquals(0.5f, between[5 + 1]);
    }

    private static void assertAt(Frames frames, int index, int row, int column) {
        double[] expected = new double[25];
        expected[5 * row + column] = 1;
        assertFrame(frames, index, expected);
    }

    @Test
    void shouldSayWhatDoesNotFit() throws Exception {
        Path labels = IdxFiles.write(folder.resolve("labels"), new int[] {2}, (byte) 7, (byte) 2);
        assertFails(
                IllegalArgumentException.class,
                () -> play("digits", settings("labels", labels.toString()), 1),
                "labels has 2 labels but",
                "has 3 images; give files that belong together");
        assertFails(
                IllegalArgumentException.class,
                () -> play("digits", settings("first", 3), 1),
                "first must be below the 3 images of",
                "but was 3");
        assertFails(IOException.class, () -> play("digits", settings("images", labels.toString()), 1), "has 1 axes");
        assertFails(IOException.class, () -> play("digits", settings("images", "no/such"), 1), "no file no/such");
    }
}
