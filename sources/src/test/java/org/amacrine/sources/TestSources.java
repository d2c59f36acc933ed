package org.amacrine.sources;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.amacrine.core.backend.ScalarBackend;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.junit.jupiter.api.function.Executable;

/** What the tests of sources share. */
public final class TestSources {
    private TestSources() {}

    public static SourceContext context(Resolution resolution) {
        return context(resolution, "test", 7);
    }

    public static SourceContext context(Resolution resolution, String name, long seed) {
        return new SourceContext(name, resolution, seed, new ScalarBackend().open());
    }

    /** The first frames of a source of that name. */
    public static Frames frames(String name, Map<String, ?> settings, Resolution resolution, int count)
            throws Exception {
        return frames(SourceComponents.source(name, settings), resolution, count);
    }

    public static Frames frames(FrameSource source, Resolution resolution, int count) throws Exception {
        return SourceFrames.read(source, context(resolution), count);
    }

    /** One frame of a recording. */
    public static float[] frame(Frames frames, int index) {
        int size = frames.shape().values();
        return Arrays.copyOfRange(frames.values(), index * size, (index + 1) * size);
    }

    public static void assertFrame(Frames frames, int index, double... expected) {
        float[] values = new float[expected.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) expected[i];
        }
        assertArrayEquals(values, frame(frames, index), 1e-6f, "frame " + index);
    }

    /** Asserts that an action fails and says each of the words. */
    public static <T extends Throwable> void assertFails(Class<T> type, Executable action, String... words) {
        String message = assertThrows(type, action).getMessage();
        for (String word : words) {
            assertTrue(message.contains(word), () -> "\"" + word + "\" is not in \"" + message + "\"");
        }
    }
}
