package org.amacrine.core.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("arrays.npz");
    }

    private static Path zip(Path to, Map<String, byte[]> entries) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(to))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return to;
    }

    @Test
    void shouldKeepEveryTypeAndShape() throws IOException {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        arrays.put("on.input.sign", NdArray.of(new float[] {1, -0f, Float.MIN_VALUE, Float.MAX_VALUE}, 2, 2));
        arrays.put("rate", new NdArray(new int[] {3}, new double[] {0.1, -1e300, Double.NaN}));
        arrays.put("seed", NdArray.of(Long.MIN_VALUE + 1));
        arrays.put("one", NdArray.of(1 / 3.0));
        arrays.put("spikes", new NdArray(new int[] {1, 3}, new boolean[] {true, false, true}));
        arrays.put("nothing", NdArray.of(new float[0], 0, 4));

        Npz.write(file, arrays);
        Map<String, NdArray> read = Npz.read(file);

        assertEquals(arrays, read);
        assertEquals(List.copyOf(arrays.keySet()), List.copyOf(read.keySet()));
    }

    @Test
    void shouldKeepEveryBitOfALargeArray() throws IOException {
        double[] values = new double[20_011];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.sin(i);
        }
        NdArray array = new NdArray(new int[] {values.length}, values);

        Npz.write(file, Map.of("a", array));

        assertEquals(array, Npz.read(file, "a"));
    }

    @Test
    void shouldKeepTextsBesideTheArrays() throws IOException {
        Npz.write(file, Map.of("a", NdArray.of(2.0)), Map.of("model.json", "{\"name\": \"Käfig\"}"));

        assertEquals("{\"name\": \"Käfig\"}", Npz.readText(file, "model.json"));
        assertEquals(Map.of("a", NdArray.of(2.0)), Npz.read(file));
        var e = assertThrows(IOException.class, () -> Npz.readText(file, "other.json"));
        assertEquals("no other.json in " + file + "; it holds [model.json, a.npy]", e.getMessage());
    }

    /** What NumPy demands of each entry: its name with .npy, and the array as a file of its own. */
    @Test
    void shouldWriteEntriesThatNumpyReads() throws IOException {
        Npz.write(file, Map.of("counts", new NdArray(new int[] {2}, new long[] {1, -2})));

        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertEquals(1, zip.size());
            byte[] bytes = zip.getInputStream(zip.getEntry("counts.npy")).readAllBytes();
            String header = "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }";
            assertArrayEquals(NpyBytes.of(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0), Arrays.copyOf(bytes, 10));
            assertEquals(
                    header + " ".repeat(117 - header.length()) + "\n",
                    new String(bytes, 10, 118, StandardCharsets.US_ASCII));
            assertArrayEquals(
                    NpyBytes.of(1, 0, 0, 0, 0, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
                    Arrays.copyOfRange(bytes, 128, bytes.length));
        }
    }

    @Test
    void shouldNameTypesAsNumpyDoes() throws IOException {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        arrays.put("f4", NdArray.of(new float[1], 1));
        arrays.put("f8", NdArray.of(0.0));
        arrays.put("b1", new NdArray(new int[] {1}, new boolean[1]));
        Npz.write(file, arrays);

        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertTrue(entry(zip, "f4").contains("'descr': '<f4', 'fortran_order': False, 'shape': (1,), }"));
            assertTrue(entry(zip, "f8").contains("'descr': '<f8', 'fortran_order': False, 'shape': (), }"));
            assertTrue(entry(zip, "b1").contains("'descr': '|b1', 'fortran_order': False, 'shape': (1,), }"));
        }
    }

    private static String entry(ZipFile zip, String name) throws IOException {
        byte[] bytes = zip.getInputStream(zip.getEntry(name + ".npy")).readAllBytes();
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void shouldJoinFinishedFiles() throws IOException {
        Path part = folder.resolve("part.npy");
        try (NpyWriter writer = new NpyWriter(part, 2)) {
            writer.append(new float[] {1, 2, 3, 4}, 0, 2);
        }

        Npz.join(file, Map.of("spikes", part));

        assertEquals(NdArray.of(new float[] {1, 2, 3, 4}, 2, 2), Npz.read(file, "spikes"));
    }

    @Test
    void shouldReplaceAFileOnlyWhenAllIsWritten() throws IOException {
        Npz.write(file, Map.of("a", NdArray.of(1.0)));
        Map<String, NdArray> broken = new LinkedHashMap<>();
        broken.put("a", NdArray.of(2.0));
        broken.put("b", null);

        assertThrows(NullPointerException.class, () -> Npz.write(file, broken));

        assertEquals(1, Npz.read(file, "a").scalar());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(file), left.toList());
        }
    }

    // ------------------------------------------------------------------------------------------------ errors

    @Test
    void shouldListTheArraysWhenOneIsMissing() throws IOException {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        arrays.put("a", NdArray.of(1.0));
        arrays.put("b", NdArray.of(1.0));
        Npz.write(file, arrays);

        var e = assertThrows(IOException.class, () -> Npz.read(file, "c"));

        assertEquals("no array \"c\" in " + file + "; it holds [a, b]", e.getMessage());
    }

    @Test
    void shouldSayThatAFileIsMissingOrEmpty() throws IOException {
        var missing = assertThrows(IOException.class, () -> Npz.read(file));
        assertEquals("no file " + file + "; check the path", missing.getMessage());

        Files.write(file, new byte[0]);
        var empty = assertThrows(IOException.class, () -> Npz.read(file));
        assertEquals(file + " is empty; give a file that is an .npz file", empty.getMessage());
    }

    @Test
    void shouldRejectAFileOfAnotherKind() throws IOException {
        Files.writeString(file, "no zip file at all, though it is long enough to look at");

        var e = assertThrows(IOException.class, () -> Npz.read(file));

        assertTrue(e.getMessage().startsWith(file + " is not an .npz file: "), e.getMessage());
        assertTrue(e.getMessage().endsWith("; write it with numpy.savez"), e.getMessage());
    }

    @Test
    void shouldRejectATruncatedArchive() throws IOException {
        Npz.write(file, Map.of("a", NdArray.of(new float[100], 100)));
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 30));

        assertThrows(IOException.class, () -> Npz.read(file));
    }

    @Test
    void shouldNameTheEntryThatCannotBeRead() throws IOException {
        byte[] cutOff =
                NpyBytes.version1(NpyBytes.header("<f4", "(5,)"), NpyBytes.floats(ByteOrder.LITTLE_ENDIAN, 1, 2));
        zip(file, Map.of("x.npy", cutOff));

        var e = assertThrows(EOFException.class, () -> Npz.read(file));

        assertEquals(file + "[x] ends after 2 of 5 values; it was cut off, write it again", e.getMessage());
    }

    @Test
    void shouldRejectAnEntryThatClaimsMoreThanItHolds() throws IOException {
        byte[] huge = NpyBytes.version1(NpyBytes.header("<f8", "(2000000000,)"), new byte[64]);
        zip(file, Map.of("x.npy", huge));

        var e = assertThrows(EOFException.class, () -> Npz.read(file));

        assertEquals(file + "[x] ends after 8 of 2000000000 values; it was cut off, write it again", e.getMessage());
    }

    @Test
    void shouldPassOverFolders() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("folder/", new byte[0]);
        entries.put("folder/x.npy", NpyBytes.version1(NpyBytes.header("<f4", "()"), NpyBytes.of(0, 0, 0x80, 0x3f)));

        assertEquals(Map.of("folder/x", NdArray.of(new float[] {1})), Npz.read(zip(file, entries)));
    }
}
