package org.amacrine.sources.arrays;

import static org.amacrine.sources.TestSources.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.hdf5.Hdf5File;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Resolution;
import org.amacrine.sources.TestSources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Hdf5SourceTest {
    @TempDir
    Path folder;

    private Path write(String dataset, NdArray array) throws IOException {
        Path file = folder.resolve("x.h5");
        Hdf5File.write(file, Map.of(dataset, array));
        return file;
    }

    private static Frames play(Path file, String dataset, int count) throws Exception {
        return TestSources.frames(
                "hdf5", Map.of("file", file.toString(), "dataset", dataset), Resolution.DEFAULT, count);
    }

    private static float[] ramp(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i * 0.5f;
        }
        return values;
    }

    @Test
    void shouldPlayAnArrayOfImagesInBlocks() throws Exception {
        // Frames of 800 values: 1310 of them are read at a time, so 2000 take two blocks.
        float[] values = ramp(2000 * 800);
        Frames frames = play(write("images", NdArray.of(values, 2000, 20, 40)), "images", 3000);

        assertEquals(Shape.image(20, 40), frames.shape());
        assertEquals(2000, frames.count());
        assertArrayEquals(values, frames.values());
    }

    @Test
    void shouldTakeWholeNumbersAndOtherAxes() throws Exception {
        Frames vectors = play(write("a/b", new NdArray(new int[] {3, 2}, new long[] {1, -2, 3, 4, 5, 6})), "a/b", 9);

        assertEquals(Shape.vector(2), vectors.shape());
        assertArrayEquals(new float[] {1, -2, 3, 4, 5, 6}, vectors.values());
        Frames colours = play(write("images", NdArray.of(ramp(2 * 3 * 4), 2, 3, 2, 2)), "images", 9);
        assertEquals(new Shape(3, 2, 2), colours.shape());
    }

    @Test
    void shouldPlayTheFiveAxesOfTheReference() throws Exception {
        // Frames of 400 000 values: two are read at a time.
        float[] values = ramp(5 * 400_000);
        Frames frames = play(write("images", NdArray.of(values, 1, 1, 5, 400, 1000)), "images", 9);

        assertEquals(Shape.image(400, 1000), frames.shape());
        assertEquals(5, frames.count());
        assertArrayEquals(values, frames.values());
    }

    @Test
    void shouldSayWhatIsWrong() throws Exception {
        Path file = write("images", NdArray.of(ramp(8), 2, 2, 2));
        assertFails(IOException.class, () -> play(file, "image", 1), "no \"image\" in", "did you mean \"images\"?");
        assertFails(
                IllegalArgumentException.class,
                () -> play(write("images", NdArray.of(ramp(16), 1, 2, 2, 2, 2)), "images", 1),
                "has its channels before its frames",
                "(frames, channels, rows, columns)");
        Files.writeString(file, "no HDF5");
        assertFails(IOException.class, () -> play(file, "images", 1), "is no HDF5 file");
        assertFails(IOException.class, () -> play(folder.resolve("y.h5"), "images", 1), "no file");
    }
}
