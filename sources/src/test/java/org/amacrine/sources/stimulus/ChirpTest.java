package org.amacrine.sources.stimulus;

import static org.amacrine.sources.TestSources.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.layer.Resolution;
import org.amacrine.sources.TestSources;
import org.junit.jupiter.api.Test;

class ChirpTest {
    private static final Resolution RESOLUTION = Resolution.of(1, 1000);

    private static Frames frames(int count, Object... settings) throws Exception {
        Map<String, Object> chosen = new HashMap<>(Map.of("rows", 1, "columns", 1));
        for (int i = 0; i < settings.length; i += 2) {
            chosen.put((String) settings[i], settings[i + 1]);
        }
        return TestSources.frames("stimulus.chirp", chosen, RESOLUTION, count);
    }

    @Test
    void shouldGoThroughItsSegmentsAgainAndAgain() throws Exception {
        Frames frames = frames(40_000);
        float[] v = frames.values();
        int[] dark = {0, 1999, 5000, 7999, 30_000, 31_999, 32_000, 33_999};
        int[] bright = {2000, 4999, 34_000, 36_999};
        int[] grey = {8000, 9999, 18_000, 19_999, 28_000, 29_999};
        for (int t : dark) {
            assertEquals(0, v[t], "frame " + t);
        }
        for (int t : bright) {
            assertEquals(1, v[t], "frame " + t);
        }
        for (int t : grey) {
            assertEquals(0.5, v[t], "frame " + t);
        }
    }

    @Test
    void shouldSweepTheFrequency() throws Exception {
        float[] v = frames(18_000).values();
        // After 1 s the phase is 0.5 + 7.5 / 16 = 0.96875 cycles, after 4 s 2 + 7.5 = 9.5, after 2 s 1 + 1.875 = 2.875.
        assertEquals(0.5, v[10_000], 1e-6);
        assertEquals(0.5 + 0.5 * Math.sin(2 * Math.PI * 0.96875), v[11_000], 1e-6);
        assertEquals(0.5 - 0.5 * Math.sqrt(0.5), v[12_000], 1e-6);
        assertEquals(0.5, v[14_000], 1e-6);
        // Near the end of the sweep a cycle takes an eighth of a second: two zeros lie 62 or 63 frames apart.
        int last = 0;
        int before = 0;
        for (int t = 10_001; t < 18_000; t++) {
            if (v[t - 1] >= 0.5 != v[t] >= 0.5) {
                before = last;
                last = t;
            }
        }
        assertEquals(62.5, last - before, 1);
    }

    @Test
    void shouldSweepTheContrast() throws Exception {
        float[] v = frames(28_000).values();
        // 2 Hz: a quarter of a cycle after whole ones at 4.125 s, three quarters at 7.875 s.
        assertEquals(0.5 + 0.5 * 4.125 / 8, v[24_125], 1e-6);
        assertEquals(0.5 - 0.5 * 7.875 / 8, v[27_875], 1e-6);
        assertEquals(0.5, v[20_000], 1e-6);
    }

    @Test
    void shouldTakeOtherLengthsAndLuminances() throws Exception {
        Object[] step = {
            "beforeSeconds",
            0,
            "onSeconds",
            0.002,
            "offSeconds",
            0.001,
            "greySeconds",
            0,
            "frequencySeconds",
            0,
            "contrastSeconds",
            0,
            "afterSeconds",
            0,
            "dark",
            2,
            "bright",
            5
        };
        float[] v = frames(7, step).values();
        float[] expected = {5, 5, 2, 5, 5, 2, 5};
        for (int t = 0; t < 7; t++) {
            assertEquals(expected[t], v[t]);
        }
    }

    @Test
    void shouldRejectFrequenciesThatTheResolutionCannotShow() {
        Class<IllegalArgumentException> wrong = IllegalArgumentException.class;
        assertFails(wrong, () -> frames(1, "toHertz", 501), "<= 500.0", "501");
        Object[] nothing = {
            "beforeSeconds",
            0,
            "onSeconds",
            0,
            "offSeconds",
            0,
            "greySeconds",
            0,
            "frequencySeconds",
            0,
            "contrastSeconds",
            0,
            "afterSeconds",
            0
        };
        assertFails(wrong, () -> frames(1, nothing), "lasts 0.0 s", "longer");
    }
}
