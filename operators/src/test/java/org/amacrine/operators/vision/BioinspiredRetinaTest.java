package org.amacrine.operators.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.LayerRun;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_bioinspired.Retina;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layer against OpenCV called by hand, and the laws of layers as far as OpenCV lets them hold. */
class BioinspiredRetinaTest {
    private static final int ROWS = 17;
    private static final int COLUMNS = 23;
    private static final int PIXELS = ROWS * COLUMNS;

    /** Noise in whole bytes. */
    private static Frames noise(int frames) {
        Frames x = Frames.zeros(Shape.image(ROWS, COLUMNS), frames);
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < x.values().length; i++) {
            x.values()[i] = random.nextInt(256);
        }
        return x;
    }

    private static BioinspiredRetina bytes() {
        BioinspiredRetina retina = new BioinspiredRetina("retina");
        retina.parameters().set("white", 255);
        return retina;
    }

    private static Map<String, Frames> run(BioinspiredRetina retina, Frames x, int dt) {
        return LayerRun.of("retina", retina).dt(dt).apply(x);
    }

    @Test
    void shouldGiveWhatOpenCvGives() {
        Frames x = noise(12);
        Map<String, Frames> y = run(bytes(), x, 5);
        try (Retina retina = Retina.create(new Size(COLUMNS, ROWS), false);
                Mat channel = new Mat()) {
            for (int t = 0; t < 12; t++) {
                byte[] frame = new byte[PIXELS];
                for (int i = 0; i < PIXELS; i++) {
                    frame[i] = (byte) (int) x.values()[t * PIXELS + i];
                }
                retina.run(new Mat(ROWS, COLUMNS, opencv_core.CV_8UC1, new BytePointer(frame)));

                retina.getParvoRAW(channel);
                assertArrayEquals(floats(channel), frame(y.get("parvo"), t), "parvo of frame " + t);
                retina.getMagnoRAW(channel);
                assertArrayEquals(floats(channel), frame(y.get("magno"), t), "magno of frame " + t);
            }
        }
    }

    private static float[] floats(Mat channel) {
        float[] values = new float[PIXELS];
        new FloatPointer(channel.data()).get(values);
        return values;
    }

    private static float[] frame(Frames frames, int t) {
        return Arrays.copyOfRange(frames.values(), t * PIXELS, (t + 1) * PIXELS);
    }

    @Test
    void shouldNotDependOnTheChunkLength() {
        Map<String, Frames> whole = run(bytes(), noise(20), 20);
        for (int dt : new int[] {1, 7}) {
            Map<String, Frames> cut = run(bytes(), noise(20), dt);
            assertArrayEquals(whole.get("parvo").values(), cut.get("parvo").values());
            assertArrayEquals(whole.get("magno").values(), cut.get("magno").values());
        }
    }

    @Test
    void shouldSeeMotionInMagnoAlone() {
        BioinspiredRetina retina = bytes();
        retina.parameters().set("normaliseMagno", false);
        retina.parameters().set("normaliseParvo", false);
        Frames x = Frames.zeros(Shape.image(ROWS, COLUMNS), 60);
        for (int t = 0; t < 60; t++) {
            for (int r = 0; r < ROWS; r++) {
                x.values()[t * PIXELS + r * COLUMNS + 4] = 200;
                x.values()[t * PIXELS + r * COLUMNS + (t < 50 ? 12 : t - 50 + 12)] = 200;
            }
        }

        Map<String, Frames> y = run(retina, x, 60);

        float[] still = frame(y.get("magno"), 49);
        float[] moving = frame(y.get("magno"), 54);
        int atRest = 8 * COLUMNS + 4;
        int atBar = 8 * COLUMNS + 16;
        assertTrue(Math.abs(moving[atBar]) > 3 * Math.abs(still[atRest]), moving[atBar] + " and " + still[atRest]);
        assertTrue(Math.abs(moving[atBar]) > 3 * Math.abs(moving[atRest]), moving[atBar] + " and " + moving[atRest]);
        float[] contours = frame(y.get("parvo"), 49);
        assertTrue(contours[atRest] > 2 * Math.abs(contours[8 * COLUMNS + 8]), "no contour of a bar at rest");
    }

    @Test
    void shouldBeZeroWithoutContrastAndGoOnFromThere() {
        Frames x = noise(6);
        Arrays.fill(x.values(), 0, 3 * PIXELS, 0);

        Map<String, Frames> y = run(bytes(), x, 2);

        for (Frames channel : y.values()) {
            for (float value : channel.values()) {
                assertTrue(value >= 0 && value <= 255.001f, "a value is " + value);
            }
        }
        assertEquals(0, y.get("parvo").values()[0]);
        float[] last = frame(y.get("parvo"), 5);
        assertTrue(last[0] != last[1]);
    }

    @Test
    void shouldScaleWhiteAndAverageColours() {
        Frames colours = Frames.zeros(new Shape(3, ROWS, COLUMNS), 4);
        Frames grey = noise(4);
        for (int t = 0; t < 4; t++) {
            for (int i = 0; i < PIXELS; i++) {
                float value = grey.values()[t * PIXELS + i];
                colours.values()[3 * t * PIXELS + i] = 3 * value / 256;
            }
        }
        BioinspiredRetina retina = new BioinspiredRetina("retina");
        retina.parameters().set("white", 255.0 / 256);

        assertArrayEquals(
                run(bytes(), grey, 4).get("parvo").values(),
                run(retina, colours, 4).get("parvo").values(),
                0.01f);
    }

    @Test
    void shouldFollowParametersAsFramesFlow() {
        BioinspiredRetina retina = bytes();
        LayerRun run = LayerRun.of("retina", retina).dt(10);
        float[] before = run.apply(noise(10)).get("parvo").values();
        retina.parameters().set("horizontalGain", 0.9);
        float[] after = run(retina, noise(10), 10).get("parvo").values();

        assertFalse(Arrays.equals(before, after));
        retina.parameters().get("horizontalGain").reset();
        assertArrayEquals(before, run(retina, noise(10), 10).get("parvo").values());
    }

    @Test
    void shouldGoBackToTheBeginning() {
        BioinspiredRetina retina = bytes();
        LayerRun run = LayerRun.of("retina", retina).dt(4);
        float[] first = run.apply(noise(9)).get("magno").values();
        float[] second = run.apply(noise(9)).get("magno").values();

        retina.states().clear();

        assertFalse(Arrays.equals(first, second));
        assertArrayEquals(first, run.apply(noise(9)).get("magno").values());
    }

    @Test
    void shouldSayThatItsStatesCannotBeKept(@TempDir Path folder) {
        BioinspiredRetina retina = bytes();
        run(retina, noise(2), 2);

        for (Exception e : new Exception[] {
            assertThrows(IllegalStateException.class, () -> retina.states().push()),
            assertThrows(IllegalStateException.class, () -> retina.states().save(folder.resolve("states.npz")))
        }) {
            assertEquals(
                    "what retina remembers lies within OpenCV and cannot be kept, saved or restored;"
                            + " clear it, and play the frames again",
                    e.getMessage());
        }
    }

    @Test
    void shouldRefuseAFrameThatHasNoNeighbours() {
        Exception e =
                assertThrows(IllegalArgumentException.class, () -> run(bytes(), Frames.zeros(Shape.image(1, 9), 2), 2));

        assertTrue(e.getMessage().contains("frames must have at least 2x2 pixels but were 1x1x9"), e.getMessage());
    }
}
