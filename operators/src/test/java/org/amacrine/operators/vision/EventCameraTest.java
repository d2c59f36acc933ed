package org.amacrine.operators.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.LayerException;
import org.amacrine.core.layer.LayerRun;
import org.junit.jupiter.api.Test;

/** Events of one pixel worked out by hand, and those of many pixels against what their distributions say. */
class EventCameraTest {
    private static final int PIXELS = 50 * 40;

    /** A camera without low pass, refractory time, mismatch, leak and noise; white is 255. */
    private static EventCamera ideal(EventCamera.Events events) {
        EventCamera camera = new EventCamera("camera", events);
        camera.parameters().set("white", 255);
        for (String off :
                new String[] {"cutoffHertz", "refractorySeconds", "thresholdSigma", "leakHertz", "noiseHertz"}) {
            camera.parameters().set(off, 0);
        }
        return camera;
    }

    private static EventCamera ideal() {
        return ideal(EventCamera.Events.SIGNED);
    }

    private static float[] events(EventCamera camera, double... brightness) {
        Frames x = Frames.zeros(new Shape(1, 1, 1), brightness.length);
        for (int t = 0; t < brightness.length; t++) {
            x.values()[t] = (float) brightness[t];
        }
        return run(camera, x).get("events").values();
    }

    private static Map<String, Frames> run(EventCamera camera, Frames x) {
        return LayerRun.of("camera", camera).dt(64).seed(11).apply(x);
    }

    private static Frames constant(double brightness, int frames) {
        Frames x = Frames.zeros(Shape.image(50, 40), frames);
        Arrays.fill(x.values(), (float) brightness);
        return x;
    }

    @Test
    void shouldCountThresholdsOfTheLogarithmAndKeepTheRest() {
        // Thresholds of 0.2 passed from 0: 0.5 holds 2, 0.65 one more, 0.02 is 0.58 below the third.
        float[] events = events(
                ideal(), 100, 100 * Math.exp(0.5), 100 * Math.exp(0.65), 100 * Math.exp(0.02), 100 * Math.exp(0.02));

        assertArrayEquals(new float[] {0, 2, 1, -2, 0}, events);
    }

    @Test
    void shouldHaveAThresholdForEachPolarity() {
        EventCamera camera = ideal();
        camera.parameters().set("thresholdOn", 0.4);
        camera.parameters().set("thresholdOff", 0.1);

        assertArrayEquals(new float[] {0, 2, -3}, events(camera, 100, 100 * Math.exp(0.9), 100 * Math.exp(0.45)));
    }

    @Test
    void shouldBeLinearInTheDark() {
        // The line's slope is log(20) / 20 = 0.14979: from 0 to 10 are 1.4979, and 1.4979 + 1 from there to 20 e.
        assertArrayEquals(new float[] {0, 7, 12}, events(ideal(), 0, 10, 20 * Math.E));
    }

    @Test
    void shouldFollowBrightLightFasterThanDimLight() {
        EventCamera camera = ideal();
        camera.parameters().set("cutoffHertz", 300);

        // At white a step keeps exp(-2 pi 0.3) = 0.1518 of the distance log(255 / 100) = 0.9361: 0.7940, 0.9145, 0.9328
        // are done.
        assertArrayEquals(new float[] {0, 3, 1, 0}, events(camera, 100, 255, 255, 255));
        // At 20 it is exp(-2 pi 0.3 40 / 275) = 0.7602 of the distance 1.4979: 0.3592, 0.6323, 0.8399, 0.9978 are done.
        assertArrayEquals(new float[] {0, 1, 2, 1, 0}, events(camera, 10, 20, 20, 20, 20));
    }

    @Test
    void shouldHoldEventsBackForTheRefractoryTime() {
        EventCamera camera = ideal();
        double bright = 100 * Math.exp(0.9);

        camera.parameters().set("refractorySeconds", 0.0025);
        assertArrayEquals(
                new float[] {0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0},
                events(
                        camera, 100, bright, bright, bright, bright, bright, bright, bright, bright, bright, bright,
                        bright, bright, bright));
        // Events 0.4 steps apart up to the end of a step: three fit into a step that nothing was before, else two.
        camera.parameters().set("refractorySeconds", 0.0004);
        double brighter = 100 * Math.exp(1.1);
        assertArrayEquals(new float[] {0, 3, 2, 0, 0}, events(camera, 100, brighter, brighter, brighter, brighter));
    }

    @Test
    void shouldLeakAtItsRateFromPhasesThatAreUniform() {
        EventCamera camera = ideal();
        camera.parameters().set("leakHertz", 10);

        float[] events = run(camera, constant(100, 1050)).get("events").values();

        int[] firstAt = new int[10];
        for (int p = 0; p < PIXELS; p++) {
            int last = -1;
            int count = 0;
            for (int t = 0; t < 1050; t++) {
                float n = events[t * PIXELS + p];
                assertTrue(n == 0 || n == 1, "pixel " + p + " had " + n + " events at " + t);
                if (n == 1) {
                    if (last < 0) {
                        firstAt[Math.min(t / 10, 9)]++;
                    } else {
                        assertEquals(100, t - last, 1, "pixel " + p);
                    }
                    last = t;
                    count++;
                }
            }
            assertTrue(count >= 10 && count <= 11, "pixel " + p + " leaked " + count + " times in 1.05 s");
        }
        for (int tenth : firstAt) {
            // Binomial, 2000 pixels with 0.1: the standard deviation is 13.4.
            assertEquals(200, tenth, 70);
        }
    }

    @Test
    void shouldLeakAtItsRateInBrightLightHoweverLowItIs() {
        EventCamera camera = ideal();
        camera.parameters().set("thresholdOn", 0.011);
        // 1.98e-7 in a step, less than half the spacing of single precision at log 255: an event each 55 556 steps.
        camera.parameters().set("leakHertz", 0.018);
        Frames x = Frames.zeros(new Shape(1, 1, 4), 111_200);
        Arrays.fill(x.values(), 255f);

        float[] events = run(camera, x).get("events").values();

        for (int p = 0; p < 4; p++) {
            int last = -1;
            int count = 0;
            for (int t = 0; t < 111_200; t++) {
                if (events[t * 4 + p] != 0) {
                    // The base is seen in spacings of 4.8e-7, which are 2.4 steps.
                    assertEquals(last < 0 ? t : last + 55_556, t, 6, "pixel " + p);
                    last = t;
                    count++;
                }
            }
            assertTrue(count == 2 || count == 3, "pixel " + p + " leaked " + count + " times in 111 s");
        }
    }

    @Test
    void shouldVaryThresholdsFromPixelToPixel() {
        EventCamera camera = ideal(EventCamera.Events.PLANES);
        camera.parameters().set("thresholdSigma", 0.03);
        Frames x = constant(20, 2);
        Arrays.fill(x.values(), PIXELS, 2 * PIXELS, (float) (20 * Math.exp(30)));

        float[] on = run(camera, x).get("on").values();

        double sum = 0;
        double squares = 0;
        for (int p = 0; p < PIXELS; p++) {
            double threshold = 30 / (on[PIXELS + p] + 0.5);
            sum += threshold;
            squares += threshold * threshold;
        }
        double mean = sum / PIXELS;
        // Standard errors of mean and deviation are 0.0007 and 0.0005.
        assertEquals(0.2, mean, 0.003);
        assertEquals(0.03, Math.sqrt(squares / PIXELS - mean * mean), 0.002);
    }

    @Test
    void shouldHaveNoiseThatFallsWithBrightness() {
        EventCamera camera = ideal(EventCamera.Events.PLANES);
        camera.parameters().set("noiseHertz", 20);

        // In the dark 20 (1 - 0.75 20 / 275) = 18.91 Hz, at white 5 Hz, in 2000 pixels for 1 s.
        assertNoise(37818, run(camera, constant(0, 1000)));
        assertNoise(10000, run(camera, constant(255, 1000)));
    }

    private static void assertNoise(double expected, Map<String, Frames> events) {
        double deviation = Math.sqrt(expected / 2);
        assertEquals(expected / 2, sum(events.get("on")), 5 * deviation);
        assertEquals(expected / 2, sum(events.get("off")), 5 * deviation);
    }

    private static double sum(Frames frames) {
        double sum = 0;
        for (float value : frames.values()) {
            sum += value;
        }
        return sum;
    }

    @Test
    void shouldForgetChangesBelowThresholdAtAnEventFromNoise() {
        EventCamera camera = ideal();
        // Both probabilities are above 1, so that each step without events has one of rise.
        camera.parameters().set("noiseHertz", 3000);
        double half = 100 * Math.exp(0.15);

        // Without noise the second rise of 0.15 would be an event of its own and leave a rest of 0.1.
        float[] noisy = events(camera, 100, half, half * Math.exp(0.15));
        camera.parameters().set("noiseHertz", 0);
        float[] quiet = events(camera, 100, half, half * Math.exp(0.15));

        assertArrayEquals(new float[] {1, 1, 1}, noisy);
        assertArrayEquals(new float[] {0, 0, 1}, quiet);
    }

    @Test
    void shouldGiveTheSameEventsAsPlanesAndSigned() {
        Frames x = Frames.zeros(Shape.image(9, 21), 40);
        for (int i = 0; i < x.values().length; i++) {
            x.values()[i] = (float) (0.5 + 0.4 * Math.sin(0.37 * i));
        }
        Map<String, Frames> planes = run(new EventCamera("camera", EventCamera.Events.PLANES), x);
        float[] signed = run(new EventCamera("camera", EventCamera.Events.SIGNED), x)
                .get("events")
                .values();
        float[] on = planes.get("on").values();
        float[] off = planes.get("off").values();

        for (int i = 0; i < signed.length; i++) {
            assertEquals(Math.max(signed[i], 0f), on[i]);
            assertEquals(Math.max(-signed[i], 0f) + 0f, off[i]);
        }
        assertTrue(sum(planes.get("on")) > 500 && sum(planes.get("off")) > 500);
    }

    @Test
    void shouldSayWhereTheInputIsNoBrightness() {
        Frames x = constant(1, 9);
        x.values()[5 * PIXELS + 1234] = -0.25f;
        LayerException e =
                assertThrows(LayerException.class, () -> run(new EventCamera("camera", EventCamera.Events.PLANES), x));

        assertEquals(
                "layer camera at frame 5: brightness must be from 0 to about white, which is 1, but was -0.25;"
                        + " add a constant to the input, or set white",
                e.getMessage());
        assertEquals(5, e.framesDone());
    }

    @Test
    void shouldSayThatABrightnessIsTooLargeForANumber() {
        LayerException e = assertThrows(
                LayerException.class,
                () -> run(new EventCamera("camera", EventCamera.Events.PLANES), constant(2e37, 3)));

        assertTrue(e.getMessage().startsWith("layer camera at frame 0: brightness must be from 0"), e.getMessage());
    }
}
