package org.amacrine.sources.arrays;

import static org.amacrine.sources.TestSources.assertFails;
import static org.amacrine.sources.TestSources.assertFrame;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.core.io.Npz;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.sources.SourceComponents;
import org.amacrine.sources.TestSources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArraySourceTest {
    private static final Resolution RESOLUTION = Resolution.of(10, 100);

    @TempDir
    Path folder;

    /** An array whose values count up from 0. */
    private Path npy(String name, int... extents) throws IOException {
        Path file = folder.resolve(name);
        float[] values = counting(NdArray.count(extents));
        try (NpyWriter writer = new NpyWriter(file, Arrays.copyOfRange(extents, 1, extents.length))) {
            writer.append(values, 0, extents[0]);
        }
        return file;
    }

    private static float[] counting(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i;
        }
        return values;
    }

    private static FrameSource source(Path file, Object... settings) {
        Map<String, Object> chosen = new HashMap<>(Map.of("file", file.toString()));
        for (int i = 0; i < settings.length; i += 2) {
            chosen.put((String) settings[i], settings[i + 1]);
        }
        return SourceComponents.source("array", chosen);
    }

    private static Frames frames(Path file, Object... settings) throws Exception {
        return TestSources.frames(source(file, settings), RESOLUTION, 1000);
    }

    private static SourceFormat format(FrameSource source) throws Exception {
        try (source) {
            return source.open(TestSources.context(RESOLUTION));
        }
    }

    @Test
    void shouldDeliverEveryFrameOfAFile() throws Exception {
        Path file = npy("a.npy", 5, 2, 3);
        Frames frames = frames(file);
        assertEquals(new Frames(Shape.image(2, 3), 5, counting(30)), frames);
        assertEquals(new SourceFormat(Shape.image(2, 3), 0, 5, false), format(source(file)));
    }

    @Test
    void shouldReadVectorsAndSingleNumbers() throws Exception {
        assertEquals(new Frames(Shape.vector(3), 4, counting(12)), frames(npy("v.npy", 4, 3)));
        assertEquals(new Frames(Shape.vector(1), 4, counting(4)), frames(npy("n.npy", 4)));
    }

    @Test
    void shouldGatherChannelsOfTheReferencesFiveAxes() throws Exception {
        Frames frames = frames(npy("five.npy", 1, 2, 3, 1, 2));
        assertEquals(new Shape(2, 1, 2), frames.shape());
        assertFrame(frames, 0, 0, 1, 6, 7);
        assertFrame(frames, 2, 4, 5, 10, 11);
    }

    @Test
    void shouldReadTheFirstArrayOfAnArchiveOrTheOneNamed() throws Exception {
        Path file = folder.resolve("two.npz");
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        arrays.put("first", new NdArray(new int[] {2}, new double[] {1.5, 2.5}));
        arrays.put("second", new NdArray(new int[] {3}, new long[] {7, 8, 9}));
        Npz.write(file, arrays);
        assertArrayEquals(new float[] {1.5f, 2.5f}, frames(file).values());
        assertArrayEquals(new float[] {7, 8, 9}, frames(file, "entry", "second").values());
        assertFails(IOException.class, () -> frames(file, "entry", "third"), "no array \"third\"", "first", "second");
    }

    @Test
    void shouldBeginAgainAsOftenAsAsked() throws Exception {
        Path file = npy("a.npy", 3);
        assertArrayEquals(
                new float[] {0, 1, 2, 0, 1, 2, 0, 1, 2},
                frames(file, "repeat", 3).values());
        assertEquals(9, format(source(file, "repeat", 3)).frames());
        assertEquals(-1, format(source(file, "repeat", 0)).frames());
        assertEquals(1000, frames(file, "repeat", 0).count());
        assertArrayEquals(
                new float[] {0, 1, 2, 0, 1, 2}, frames(file, "loop", 2).values());
    }

    @Test
    void shouldBeginAtATimeEachTime() throws Exception {
        Path file = npy("a.npy", 6);
        assertArrayEquals(
                new float[] {4, 5, 4, 5},
                frames(file, "startSeconds", 0.04, "repeat", 2).values());
        assertArrayEquals(
                new float[] {5},
                frames(file, "startSeconds", 0.5, "framesPerSecond", 10).values());
        assertEquals(10, format(source(file, "framesPerSecond", 10)).framesPerSecond());
        assertEquals(4, format(source(file, "startSeconds", 0.04, "repeat", 2)).frames());
        assertFails(
                IllegalArgumentException.class,
                () -> frames(file, "startSeconds", 0.06),
                "startSeconds 0.06 is frame 6",
                "has 6 frames at 100.0 Hz");
    }

    @Test
    void shouldPlayFramesFromMemory() throws Exception {
        Frames frames = new Frames(Shape.image(1, 2), 2, new float[] {1, 2, 3, 4});
        Frames twice = TestSources.frames(new ArraySource(frames, 2, 0, 0), RESOLUTION, 100);
        assertArrayEquals(new float[] {1, 2, 3, 4, 1, 2, 3, 4}, twice.values());
        assertEquals(frames, TestSources.frames(new ArraySource(frames), RESOLUTION, 100));
        assertFails(
                IllegalArgumentException.class,
                () -> format(new ArraySource(Frames.zeros(Shape.image(1, 2), 0))),
                "no frames");
        assertFails(IllegalArgumentException.class, () -> new ArraySource(frames, -1, 0, 0), "repeat must be >= 0");
    }

    @Test
    void shouldPassOnWhatIsNotFinite() throws Exception {
        Path file = folder.resolve("nan.npy");
        try (NpyWriter writer = new NpyWriter(file)) {
            writer.append(new float[] {Float.NaN, Float.POSITIVE_INFINITY}, 0, 2);
        }
        Frames frames = frames(file);
        assertTrue(Float.isNaN(frames.values()[0]));
        assertEquals(Float.POSITIVE_INFINITY, frames.values()[1]);
    }

    @Test
    void shouldSayWhatIsWrongWithAFile() throws Exception {
        assertFails(IOException.class, () -> frames(folder.resolve("none.npy")), "no file", "none.npy");
        assertFails(IOException.class, () -> frames(folder.resolve("none.npz")), "no file", "none.npz");
        assertFails(IOException.class, () -> frames(folder), "is a folder");
        Path empty = Files.createFile(folder.resolve("empty.npy"));
        assertFails(IOException.class, () -> frames(empty), "empty.npy is empty");
        Path text = Files.writeString(folder.resolve("text.npy"), "no array in here");
        assertFails(IOException.class, () -> frames(text), "text.npy is not an .npy file");
        Path zip = Files.writeString(folder.resolve("text.npz"), "no archive in here");
        assertFails(IOException.class, () -> frames(zip), "text.npz is not an .npz file");
        Path cut = npy("cut.npy", 5, 2, 3);
        byte[] bytes = Files.readAllBytes(cut);
        Files.write(cut, Arrays.copyOf(bytes, bytes.length - 4));
        assertFails(EOFException.class, () -> frames(cut), "cut.npy ends after 29 of 30 values");
    }

    @Test
    void shouldRejectArraysThatAreNoFrames() throws Exception {
        Class<IllegalArgumentException> wrong = IllegalArgumentException.class;
        Path number = folder.resolve("number.npz");
        Npz.write(number, Map.of("x", NdArray.of(3.0)));
        assertFails(wrong, () -> frames(number), "number.npz has the shape ()", "0 axes");
        assertFails(wrong, () -> frames(npy("none.npy", 0, 4)), "none.npy has the shape (0, 4)", "holds nothing");
        assertFails(wrong, () -> frames(npy("six.npy", 1, 1, 1, 1, 1, 1)), "6 axes");
        assertFails(wrong, () -> frames(npy("two.npy", 2, 1, 3, 2, 2)), "2 batches");
        assertFails(wrong, () -> frames(npy("a.npy", 2), "entry", "x"), "entry \"x\"", "no .npz file");
        assertFails(wrong, () -> SourceComponents.source("array", Map.of()), "array needs file");
        assertFails(wrong, () -> source(number, "repeat", -1), "repeat must be");
        assertFails(wrong, () -> source(number, "framesPerSecond", -1), "framesPerSecond must be");
    }

    @Test
    void shouldKeepGoodFramesWhenTheFileShrinksWhileItIsRead() throws Exception {
        Path file = npy("a.npy", 100_000);
        try (FrameSource source = source(file)) {
            Frame frame = new Frame(source.open(TestSources.context(RESOLUTION)).shape());
            for (int t = 0; t < 10; t++) {
                assertTrue(source.read(frame));
                assertEquals(t, frame.values()[0]);
            }
            Files.write(file, new byte[0]);
            assertFails(
                    IOException.class,
                    () -> {
                        while (source.read(frame)) {
                            assertTrue(frame.values()[0] < 100_000);
                        }
                    },
                    "a.npy ends after",
                    "of 100000 values");
        }
    }

    @Test
    void shouldAllocateNothingForAFrame() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (FrameSource source = source(npy("long.npy", 400, 30, 40))) {
            Frame frame = new Frame(source.open(TestSources.context(RESOLUTION)).shape());
            for (int t = 0; t < 200; t++) {
                source.read(frame);
            }
            long thread = Thread.currentThread().getId();
            long before = threads.getThreadAllocatedBytes(thread);
            for (int t = 200; t < 300; t++) {
                source.read(frame);
            }
            long allocated = threads.getThreadAllocatedBytes(thread) - before;
            // A view of the buffer for each block that is decoded.
            assertTrue(allocated < 100 * 200, allocated + " bytes for 100 frames");
        }
    }
}
