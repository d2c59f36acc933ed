package org.amacrine.sources.stimulus;

import static org.amacrine.sources.TestSources.assertFails;
import static org.amacrine.sources.TestSources.assertFrame;

import java.util.HashMap;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.layer.Resolution;
import org.amacrine.sources.TestSources;
import org.junit.jupiter.api.Test;

class MovingBarTest {
    /** A degree is a pixel, and a degree per second a tenth of a pixel per frame. */
    private static final Resolution RESOLUTION = Resolution.of(1, 10);

    private static Frames frames(int count, Object... settings) throws Exception {
        Map<String, Object> chosen = new HashMap<>(Map.of("rows", 1, "columns", 4, "widthDegrees", 2, "speed", 10));
        for (int i = 0; i < settings.length; i += 2) {
            chosen.put((String) settings[i], settings[i + 1]);
        }
        return TestSources.frames("stimulus.bar", chosen, RESOLUTION, count);
    }

    @Test
    void shouldComeInOnOneSideAndLeaveOnTheOther() throws Exception {
        Frames frames = frames(8);
        assertFrame(frames, 0, 0, 0, 0, 0);
        assertFrame(frames, 1, 1, 0, 0, 0);
        assertFrame(frames, 2, 1, 1, 0, 0);
        assertFrame(frames, 3, 0, 1, 1, 0);
        assertFrame(frames, 5, 0, 0, 0, 1);
        // 4 pixels of frame and 2 of bar make the way.
        assertFrame(frames, 6, 0, 0, 0, 0);
        assertFrame(frames, 7, 1, 0, 0, 0);
    }

    @Test
    void shouldSmoothItsEdges() throws Exception {
        assertFrame(frames(4, "speed", 5), 3, 1, 0.5, 0, 0);
        // A bar thinner than a pixel: never more than its width.
        assertFrame(frames(1, "speed", 0, "widthDegrees", 0.5, "columns", 3), 0, 0, 0.5, 0);
        assertFrame(frames(1, "speed", 0, "widthDegrees", 0.5), 0, 0, 0.25, 0.25, 0);
    }

    @Test
    void shouldMoveInItsDirection() throws Exception {
        assertFrame(frames(2, "directionDegrees", 180), 1, 0, 0, 0, 1);
        Frames up = frames(3, "directionDegrees", 90, "rows", 4, "columns", 1);
        assertFrame(up, 1, 0, 0, 0, 1);
        assertFrame(up, 2, 0, 0, 1, 1);
    }

    @Test
    void shouldHaveTheChosenLengthAndLuminances() throws Exception {
        Frames frames = frames(1, "speed", 0, "rows", 4, "lengthDegrees", 2, "background", 0.5, "luminance", -1);
        assertFrame(frames, 0, 0.5, 0.5, 0.5, 0.5, 0.5, -1, -1, 0.5, 0.5, -1, -1, 0.5, 0.5, 0.5, 0.5, 0.5);
    }

    @Test
    void shouldRejectWhatIsNoBar() {
        Class<IllegalArgumentException> wrong = IllegalArgumentException.class;
        assertFails(wrong, () -> frames(1, "widthDegrees", 0), "widthDegrees must be", "> 0");
        assertFails(wrong, () -> frames(1, "speed", -1), "speed must be", "deg/s");
        assertFails(wrong, () -> frames(1, "lengthDegrees", -1), "lengthDegrees must be");
    }
}
