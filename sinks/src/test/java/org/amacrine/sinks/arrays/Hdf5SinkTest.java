package org.amacrine.sinks.arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.hdf5.Hdf5File;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.sinks.Feed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Hdf5SinkTest {
    @TempDir
    Path folder;

    private static void write(Hdf5Sink sink, Shape shape, float... values) throws Exception {
        sink.open(List.of(Feed.signal("x", shape)));
        sink.accept(0, Feed.chunk(shape, 0, values));
        sink.close();
    }

    @Test
    void shouldWriteAnArrayUnderItsPathAndLeaveNoPart() throws Exception {
        Path file = folder.resolve("x.h5");
        write(new Hdf5Sink(file, "day/images"), Shape.image(1, 2), 1, 2, 3, 4, 5, 6);

        try (Hdf5File read = Hdf5File.open(file)) {
            NdArray array = read.array("day/images");
            assertArrayEquals(new int[] {3, 1, 2}, array.shape());
            assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, (float[]) array.data());
        }
        assertEquals(Set.of("x.h5"), Feed.files(folder).keySet());
    }

    @Test
    void shouldCompressFrames() throws Exception {
        Path file = folder.resolve("x.h5");
        Shape shape = new Shape(2, 10, 12);
        float[] values = new float[450 * shape.values()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 7;
        }
        write(new Hdf5Sink(file, "images").compress(true), shape, values);

        assertTrue(Files.size(file) < values.length, Files.size(file) + " bytes for " + values.length + " values");
        try (Hdf5File read = Hdf5File.open(file)) {
            assertArrayEquals(new int[] {450, 2, 10, 12}, read.array("images").shape());
            assertArrayEquals(values, (float[]) read.array("images").data());
            float[] rows = new float[3 * shape.values()];
            read.rows("images", 0, 399, 3, rows);
            assertArrayEquals(Arrays.copyOfRange(values, 399 * shape.values(), 402 * shape.values()), rows);
        }
        assertEquals(Set.of("x.h5"), Feed.files(folder).keySet());
    }

    @Test
    void shouldKeepChannelsBehindFrames() throws Exception {
        Path file = folder.resolve("x.h5");
        write(new Hdf5Sink(file, "images"), new Shape(3, 1, 2), 1, 2, 3, 4, 5, 6);

        try (Hdf5File read = Hdf5File.open(file)) {
            assertArrayEquals(new int[] {1, 3, 1, 2}, read.array("images").shape());
        }
    }

    @Test
    void shouldLeaveNoFileWithoutFrames() throws Exception {
        Path file = folder.resolve("x.h5");
        write(new Hdf5Sink(file, "images"), Shape.image(1, 2), 1, 2);
        write(new Hdf5Sink(file, "images"), Shape.image(1, 2));

        assertEquals(Set.of(), Feed.files(folder).keySet());
    }

    @Test
    void shouldKeepTheFramesWhereTheFileCannotBeWritten() throws Exception {
        Path file = folder.resolve("x.h5");
        Hdf5Sink sink = new Hdf5Sink(file, "images");
        sink.open(List.of(Feed.signal("x", Shape.image(1, 2))));
        sink.accept(0, Feed.chunk(Shape.image(1, 2), 0, 1, 2, 3, 4));
        Files.createDirectories(file.resolve("in the way"));

        IOException e = assertThrows(IOException.class, sink::close);

        assertTrue(e.getMessage().startsWith("cannot write " + file), e.getMessage());
        assertTrue(e.getMessage().endsWith("the frames stay in " + file + ".part.npy"), e.getMessage());
        assertArrayEquals(
                new float[] {1, 2, 3, 4},
                NpyReader.readAll(folder.resolve("x.h5.part.npy")).floats());
    }

    @Test
    void shouldRefusePathsThatLeadNowhere() {
        for (String path : new String[] {"", "/", "a//b", "a/"}) {
            Exception e =
                    assertThrows(IllegalArgumentException.class, () -> new Hdf5Sink(folder.resolve("x.h5"), path));
            assertTrue(e.getMessage().contains("dataset must be names joined by / but was \"" + path), e.getMessage());
        }
        assertFalse(Files.exists(folder.resolve("x.h5.part.npy")));
    }
}
