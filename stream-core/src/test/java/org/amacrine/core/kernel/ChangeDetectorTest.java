package org.amacrine.core.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.amacrine.core.random.CounterRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events from noise at probabilities near the spacing of the random numbers, 2^-24, and leaks near that of the base. */
class ChangeDetectorTest {
    private static final int DITHERS = 256;

    private static ChangeDetector detector(float leak, float noise) {
        float[] thresholds = {0.2f};
        float[] chances = {noise};
        return new ChangeDetector(
                1f,
                20f,
                Float.NEGATIVE_INFINITY,
                new float[] {leak},
                thresholds,
                thresholds,
                chances,
                chances,
                0f,
                0f,
                7,
                8);
    }

    private static float drawn(int k) {
        return k * 0x1p-24f;
    }

    /** Of all pairs of one of 32 numbers at that end and one of 256 dithers, evenly spaced: how many are events. */
    private static int count(boolean falls, float probability) {
        int count = 0;
        for (int k = 0; k < 32; k++) {
            for (int d = 0; d < DITHERS; d++) {
                float dither = d * 0x1p-32f;
                boolean isEvent = falls
                        ? ChangeDetector.isOff(drawn(k), dither, probability)
                        : ChangeDetector.isOn(drawn((1 << 24) - 1 - k), dither, probability);
                count += isEvent ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void shouldCountAnyPartOfTheSpacingAsItIs() {
        // n / 256 of the spacing: exactly n of the 256 pairs that a spacing has.
        for (int n : new int[] {0, 1, 2, 77, 255, 256, 257, 384, 1000, 5000}) {
            float probability = n * 0x1p-32f;
            assertEquals(n, count(true, probability), "falls, " + n);
            assertEquals(n, count(false, probability), "rises, " + n);
        }
    }

    @Test
    void shouldHaveNoEventsAtZeroAndOnlyEventsAboveOne() {
        for (int k : new int[] {0, 1, 1 << 23, (1 << 24) - 1}) {
            assertFalse(ChangeDetector.isOff(drawn(k), 0f, 0f));
            assertFalse(ChangeDetector.isOn(drawn(k), 0f, 0f));
            assertTrue(ChangeDetector.isOff(drawn(k), 0x1.fffffep-25f, 1.0001f));
            assertTrue(ChangeDetector.isOn(drawn(k), 0x1.fffffep-25f, 1.0001f));
        }
    }

    @Test
    void shouldDitherEvenlyFromFrameToFrame() {
        ChangeDetector detector = detector(0, 1e-7f);
        int frames = 100_000;
        int below = 0;
        for (int frame = 0; frame < frames; frame++) {
            float dither = detector.dither(frame);
            assertTrue(dither >= 0 && dither < 0x1p-24f, "frame " + frame + ": " + dither);
            below += ChangeDetector.isOff(0f, dither, 0.3f * 0x1p-24f) ? 1 : 0;
        }
        // Binomial with 0.3: the standard deviation is 145.
        assertEquals(30_000, below, 5 * 145);
    }

    /** Frames in which the pixel draws the smallest or the largest number, found by trying: about two in 2^24 do. */
    @ParameterizedTest
    @CsvSource({
        "9410683, 0.99999994, 0.328, 0", "12000122, 0.99999994, 0.062, 1",
        "36754536, 0, 0.951, 0", "52679996, 0, 0.001, -1"
    })
    void shouldDecideBetweenNoiseAndNoneByTheDither(long frame, float drawn, double spacings, float expected) {
        ChangeDetector detector = detector(0, 0.3f * 0x1p-24f);
        float[] events = new float[1];
        float[] still = {FloatMath.log(100f)};

        ScalarKernels.INSTANCE.detectChanges(
                new float[] {100f},
                0,
                events,
                0,
                still.clone(),
                still,
                new float[1],
                new float[1],
                1,
                1,
                0,
                1,
                frame,
                detector);

        assertEquals(drawn, CounterRandom.uniform(7, frame, 0));
        assertEquals(spacings, detector.dither(frame) * 0x1p24, 0.001);
        assertEquals(expected, events[0]);
    }

    @Test
    void shouldLoseNothingOfALeakFarBelowTheSpacingOfTheBase() {
        // Between 4 and 8 the spacing is 2^-21; the threshold 0.2 is passed after 0.2 / 2^-23 = 1 677 722 steps.
        ChangeDetector detector = detector(0x1p-23f, 0f);
        int chunk = 1 << 16;
        float[] x = new float[chunk];
        Arrays.fill(x, 255f);
        float[] y = new float[chunk];
        float[] level = {FloatMath.log(255f)};
        float[] base = {FloatMath.log(255f)};
        float[] owed = new float[1];
        float[] silence = new float[1];
        long first = -1;
        for (long frame = 0; first < 0 && frame < 2_000_000; frame += chunk) {
            ScalarKernels.INSTANCE.detectChanges(
                    x, 0, y, 0, level, base, owed, silence, chunk, 1, 0, 1, frame, detector);
            for (int t = 0; first < 0 && t < chunk; t++) {
                first = y[t] == 1f ? frame + t : -1;
            }
        }

        // An event when the base is seen to be 0.2 below: up to one spacing early or late, which is 4 steps.
        assertEquals(1_677_722, first, 16);
    }
}
