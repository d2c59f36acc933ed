package org.amacrine.sources.stimulus;

import static org.amacrine.sources.TestSources.assertFails;
import static org.amacrine.sources.TestSources.assertFrame;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.layer.Resolution;
import org.amacrine.sources.SourceComponents;
import org.amacrine.sources.TestSources;
import org.junit.jupiter.api.Test;

class DriftingGratingTest {
    /** A cycle per degree is 8 pixels long. */
    private static final Resolution RESOLUTION = Resolution.of(8, 1000);

    private static final double HALF_ROOT = Math.sqrt(0.5);

    private static Frames frames(int count, Object... settings) throws Exception {
        return TestSources.frames("stimulus.grating", settings(settings), RESOLUTION, count);
    }

    private static Map<String, Object> settings(Object... settings) {
        Map<String, Object> chosen = new HashMap<>(Map.of("rows", 1, "columns", 9, "spatialFrequency", 1));
        for (int i = 0; i < settings.length; i += 2) {
            chosen.put((String) settings[i], settings[i + 1]);
        }
        return chosen;
    }

    private static double luminance(double wave) {
        return 0.5 * (1 + wave);
    }

    @Test
    void shouldBeASineAroundTheMiddleOfTheFrame() throws Exception {
        double a = luminance(HALF_ROOT);
        double b = luminance(-HALF_ROOT);
        // Columns lie at -4 to 4 eighths of a cycle.
        assertFrame(frames(1), 0, 0.5, b, 0, b, 0.5, a, 1, a, 0.5);
        assertFrame(frames(1, "contrast", 0.5, "mean", 2, "columns", 5), 0, 1, 2 - HALF_ROOT, 2, 2 + HALF_ROOT, 3);
        assertFrame(frames(1, "phaseDegrees", 90, "columns", 3), 0, a, 1, a);
    }

    @Test
    void shouldPassAPointAsOftenAsItsTemporalFrequency() throws Exception {
        Frames frames = frames(9, "columns", 1, "temporalFrequencyHertz", 125);
        double[] wave = {0, -HALF_ROOT, -1, -HALF_ROOT, 0, HALF_ROOT, 1, HALF_ROOT, 0};
        for (int t = 0; t < wave.length; t++) {
            assertFrame(frames, t, luminance(wave[t]));
        }
    }

    @Test
    void shouldDriftInItsDirection() throws Exception {
        // 125 cycles a second of 8 pixels each are 1 pixel a frame.
        Frames right = frames(3, "temporalFrequencyHertz", 125);
        Frames left = frames(3, "temporalFrequencyHertz", 125, "directionDegrees", 180);
        Frames up = frames(3, "temporalFrequencyHertz", 125, "directionDegrees", 90, "rows", 9, "columns", 1);
        for (int i = 1; i < 9; i++) {
            assertEquals(right.at(0, 0, i - 1), right.at(1, 0, i), 1e-5);
            assertEquals(left.at(0, 0, i), left.at(1, 0, i - 1), 1e-5);
            assertEquals(up.at(0, i, 0), up.at(1, i - 1, 0), 1e-5);
        }
        assertEquals(1, right.at(0, 0, 6), 1e-6);
        assertEquals(1, up.at(0, 2, 0), 1e-6);
    }

    @Test
    void shouldTakeObliqueDirections() throws Exception {
        // Along 30 degrees pixel (x, y) lies at x cos 30 + y sin 30.
        Frames frames = frames(1, "rows", 3, "columns", 3, "directionDegrees", 30, "spatialFrequency", 2);
        double way = Math.cos(Math.PI / 6) + Math.sin(Math.PI / 6);
        assertEquals(luminance(Math.sin(2 * Math.PI * 2 * way / 8)), frames.at(0, 0, 2), 1e-6);
        assertEquals(luminance(-Math.sin(2 * Math.PI * 2 * way / 8)), frames.at(0, 2, 0), 1e-6);
    }

    @Test
    void shouldBeSquareWhenAsked() throws Exception {
        // Columns at -4.5 to 4.5: edges lie between pixels.
        Frames sharp = frames(1, "columns", 10, "waveform", "square", "contrast", 0.5);
        assertFrame(sharp, 0, 0.75, 0.25, 0.25, 0.25, 0.25, 0.75, 0.75, 0.75, 0.75, 0.25);
        // Columns at -4 to 4: edges in the middle of pixels show the mean.
        assertFrame(frames(1, "waveform", "square"), 0, 0.5, 0, 0, 0, 0.5, 1, 1, 1, 0.5);
    }

    @Test
    void shouldFlickerWithoutSpatialFrequency() throws Exception {
        Frames frames = frames(
                4, "spatialFrequency", 0, "temporalFrequencyHertz", 250, "waveform", "square", "phaseDegrees", 45);
        assertFrame(frames, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        assertFrame(frames, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        assertFrame(frames, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        assertFrame(frames, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    }

    @Test
    void shouldShowTheMeanOutsideTheAperture() throws Exception {
        Frames open = frames(1, "rows", 9);
        // A radius of 2.2 pixels: pixels whose middle lies 1.7 to 2.7 away are mixed.
        Frames round = frames(1, "rows", 9, "diameterDegrees", 0.55);
        assertEquals(0.5f, round.at(0, 0, 6));
        assertEquals(0.5f, round.at(0, 4, 7));
        assertEquals(open.at(0, 4, 5), round.at(0, 4, 5), 1e-6);
        assertEquals(0.5 + 0.7 * 0.5, round.at(0, 4, 6), 1e-5);
    }

    @Test
    void shouldNotLosePrecisionLateInTheStream() throws Exception {
        DriftingGrating grating = (DriftingGrating)
                SourceComponents.source("stimulus.grating", settings("temporalFrequencyHertz", 125, "columns", 1));
        grating.open(TestSources.context(RESOLUTION));
        float[] values = new float[1];
        grating.render(8_000_000_000_002L, values);
        assertEquals(0, values[0], 1e-3);
    }

    @Test
    void shouldRejectFrequenciesThatTheResolutionCannotShow() {
        Class<IllegalArgumentException> wrong = IllegalArgumentException.class;
        assertFails(wrong, () -> frames(1, "spatialFrequency", 4.5), "spatialFrequency must be <= 4.0", "was 4.5");
        assertFails(wrong, () -> frames(1, "temporalFrequencyHertz", 501), "temporalFrequencyHertz must be <= 500.0");
        assertFails(wrong, () -> frames(1, "contrast", 1.1), "contrast must be");
        assertFails(wrong, () -> frames(1, "waveform", "saw"), "one of sine, square");
        assertFails(wrong, () -> frames(1, "diameterDegrees", -1), "diameterDegrees must be");
    }
}
