package org.amacrine.sinks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;
import org.junit.jupiter.api.Assumptions;

/** Frames for the tests of sinks, and ways to send them. */
public final class Feed {
    private static final int HIDDEN_FRAMES = 3;

    private Feed() {}

    /** A signal at 1000 steps per second. */
    public static Signal signal(String name, Shape shape) {
        return new Signal(name, shape, 1000);
    }

    /** Frames whose values look random, are multiples of 1/1000 in [0, 1), and differ between salts. */
    public static Frames frames(Shape shape, int count, int salt) {
        float[] values = new float[count * shape.values()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.floorMod((i + 1) * 7919 * (salt + 3) + i / 17, 1000) / 1000f;
        }
        return new Frames(shape, count, values);
    }

    /** A chunk of these values that begins with frame {@code firstFrame}. */
    public static Chunk chunk(Shape shape, long firstFrame, float... values) {
        Chunk chunk = Chunk.unpooled(shape, Math.max(1, values.length / shape.values()));
        chunk.begin(firstFrame, 0);
        chunk.frames(values.length / shape.values());
        System.arraycopy(values, 0, chunk.values(), 0, values.length);
        return chunk;
    }

    /**
     * Sends recordings in rounds of chunks of {@code length} frames, numbered from {@code firstFrame}. The chunks are windows
     * into a longer one, whose first frames must never be seen.
     */
    public static void send(ChunkSink sink, List<Frames> recordings, long firstFrame, int length)
            throws IOException, InterruptedException {
        int count = recordings.get(0).count();
        Chunk[] whole = new Chunk[recordings.size()];
        for (int s = 0; s < whole.length; s++) {
            Frames frames = recordings.get(s);
            int hidden = HIDDEN_FRAMES * frames.shape().values();
            float[] values = new float[hidden + frames.values().length];
            Arrays.fill(values, 0, hidden, 1e6f);
            System.arraycopy(frames.values(), 0, values, hidden, frames.values().length);
            whole[s] = chunk(frames.shape(), firstFrame - HIDDEN_FRAMES, values);
        }
        Chunk window = Chunk.window();
        for (int from = 0; from < count; from += length) {
            for (int s = 0; s < whole.length; s++) {
                sink.accept(s, window.show(whole[s], HIDDEN_FRAMES + from, Math.min(length, count - from)));
            }
        }
    }

    /** All files below a folder, by their names relative to it. */
    public static Map<String, byte[]> files(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    /** Makes {@code link} a name for a device that is always full; without one the test is left out. */
    public static void fullDisk(Path link) throws IOException {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "needs /dev/full, which only Linux has");
        Files.createSymbolicLink(link, full);
    }

    /** A folder in which nobody may make files, not even the superuser; without one the test is left out. */
    public static Path forbiddenFolder() {
        Path folder = Path.of("/sys");
        Assumptions.assumeTrue(Files.isDirectory(folder), "needs /sys, which only Linux has");
        return folder;
    }
}
