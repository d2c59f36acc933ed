package org.amacrine.core.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyWriterTest {

    @TempDir
    Path folder;

    /** What NumPy demands: magic, version 1.0, a length that makes 128 bytes, the dictionary, spaces, a line end. */
    private static void assertHeader(String dictionary, byte[] file) {
        assertArrayEquals(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0}, Arrays.copyOf(file, 10));
        String text = new String(file, 10, 118, StandardCharsets.US_ASCII);
        assertEquals(dictionary + " ".repeat(117 - dictionary.length()) + "\n", text);
    }

    @Test
    void shouldWriteAHeaderThatNumpyReads() throws IOException {
        Path file = folder.resolve("frames.npy");
        try (NpyWriter writer = new NpyWriter(file, 1, 2)) {
            writer.append(new float[] {-1, 1.5f, -2, 0, 3}, 1, 2);
            assertEquals(2, writer.frames());
        }

        byte[] bytes = Files.readAllBytes(file);
        assertHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1, 2), }", bytes);
        assertArrayEquals(
                NpyBytes.of(0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x40, 0x40),
                Arrays.copyOfRange(bytes, 128, bytes.length));
    }

    @Test
    void shouldWriteOneNumberPerFrame() throws IOException {
        Path file = folder.resolve("trace.npy");
        try (NpyWriter writer = new NpyWriter(file)) {
            writer.append(new float[] {1, 2, 3}, 0, 3);
        }

        assertHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", Files.readAllBytes(file));
    }

    @Test
    void shouldWriteAnArrayWithoutFrames() throws IOException {
        Path file = folder.resolve("nothing.npy");

        new NpyWriter(file, 4, 5).close();

        byte[] bytes = Files.readAllBytes(file);
        assertEquals(128, bytes.length);
        assertHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4, 5), }", bytes);
    }

    @Test
    void shouldBeReadableAfterEveryAppend() throws IOException {
        Path file = folder.resolve("growing.npy");
        try (NpyWriter writer = new NpyWriter(file, 3)) {
            for (int t = 0; t < 4; t++) {
                writer.append(new float[] {t, 10 + t, 20 + t}, 0, 1);

                NdArray soFar = NpyReader.readAll(file);

                assertArrayEquals(new int[] {t + 1, 3}, soFar.shape());
                assertEquals(20 + t, soFar.at(3 * t + 2));
            }
        }
    }

    @Test
    void shouldKeepEveryBitOfManyFrames() throws IOException {
        Path file = folder.resolve("many.npy");
        float[] values = new float[3 * 10_007];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(i * 0x9e3779b9);
        }
        try (NpyWriter writer = new NpyWriter(file, 3)) {
            writer.append(values, 0, 7);
            writer.append(values, 21, 10_000);
        }

        float[] read = NpyReader.readAll(file).floats();

        assertEquals(values.length, read.length);
        for (int i = 0; i < values.length; i++) {
            assertEquals(Float.floatToRawIntBits(values[i]), Float.floatToRawIntBits(read[i]), "value " + i);
        }
    }

    @Test
    void shouldEmptyAFileThatWasThere() throws IOException {
        Path file = folder.resolve("old.npy");
        Files.write(file, new byte[10_000]);

        new NpyWriter(file, 2).close();

        assertEquals(128, Files.size(file));
    }

    @Test
    void shouldRejectAFolderThatIsNotThere() {
        assertThrows(NoSuchFileException.class, () -> new NpyWriter(folder.resolve("none/array.npy"), 2));
    }
}
