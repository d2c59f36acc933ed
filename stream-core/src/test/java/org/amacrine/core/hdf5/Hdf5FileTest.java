package org.amacrine.core.hdf5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class Hdf5FileTest {
    @TempDir
    Path folder;

    /** A file that h5py wrote; the README beside it says what is in it. */
    private static Path sample() {
        try {
            return Path.of(Hdf5FileTest.class.getResource("/hdf5/sample.h5").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertFails(Executable action, String... words) {
        String message = assertThrows(IOException.class, action).getMessage();
        for (String word : words) {
            assertTrue(message.contains(word), () -> "\"" + word + "\" is not in \"" + message + "\"");
        }
    }

    @Test
    void shouldReadNumbersOfAllKinds() throws IOException {
        try (Hdf5File file = Hdf5File.open(sample())) {
            assertEquals(NdArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3), file.array("numbers/single"));
            assertEquals(new NdArray(new int[] {2}, new double[] {0.1, -1e300}), file.array("numbers/double"));
            assertEquals(new NdArray(new int[] {3}, new long[] {-1, 0, 7}), file.array("numbers/int"));
            assertEquals(new NdArray(new int[] {2}, new long[] {0, 4294967295L}), file.array("numbers/unsigned"));
            assertEquals(new NdArray(new int[] {2}, new boolean[] {true, false}), file.array("numbers/truth"));
            assertEquals(NdArray.of(2.5), file.array("numbers/scalar"));
            assertEquals(NdArray.of(42L), file.array("numbers/whole"));
        }
    }

    @Test
    void shouldReadCompressedChunks() throws IOException {
        try (Hdf5File file = Hdf5File.open(sample())) {
            NdArray array = file.array("numbers/compressed");
            assertEquals(300, array.size());
            for (int i = 0; i < 300; i++) {
                assertEquals(i * 0.5, array.at(i));
            }
        }
    }

    @Test
    void shouldReadWordsOfBothKindsAndAttributes() throws IOException {
        try (Hdf5File file = Hdf5File.open(sample())) {
            assertEquals(List.of("nose", "tail base"), file.strings("words/fixed"));
            assertEquals(List.of("mouse_a", "a", "mäuse"), file.strings("words/variable"));
            assertEquals("dict", file.attribute("numbers", "type"));
            assertNull(file.attribute("numbers", "kind"));
        }
    }

    @Test
    void shouldReadColumnsOfATable() throws IOException {
        try (Hdf5File file = Hdf5File.open(sample())) {
            assertEquals(new NdArray(new int[] {3}, new long[] {0, 1, 2}), file.column("table", "index"));
            assertEquals(
                    new NdArray(new int[] {3, 2}, new double[] {1, 2, 3, 4, 5, 6}), file.column("table", "values"));
            assertFails(() -> file.column("table", "value"), "no column \"value\"", "values");
            assertFails(() -> file.column("numbers/int", "values"), "is no table");
        }
    }

    @Test
    void shouldListNamesAndSuggestTheOneThatWasMeant() throws IOException {
        try (Hdf5File file = Hdf5File.open(sample())) {
            assertEquals(List.of("numbers", "table", "words"), file.names(""));
            assertTrue(file.has("words/fixed"));
            assertFalse(file.has("words/fixed/more"));
            assertFalse(file.has("nothing"));
            assertFails(() -> file.array("numbers/singel"), "no \"numbers/singel\"", "did you mean \"single\"?");
            assertFails(() -> file.array("other/thing"), "no \"other/thing\"", "words");
            assertFails(() -> file.array("numbers"), "is a group of");
            assertFails(() -> file.names("numbers/int"), "is an array");
            assertFails(() -> file.array("words/fixed"), "numbers were expected");
            assertFails(() -> file.strings("numbers/int"), "words were expected");
            assertFails(() -> file.array("table"), "numbers were expected");
            assertFails(() -> file.strings("table"), "words were expected");
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAFile() throws IOException {
        Path text = Files.writeString(folder.resolve("text.h5"), "x,y\n1,2\n".repeat(200));
        Path cut = folder.resolve("cut.h5");
        Files.write(cut, java.util.Arrays.copyOf(Files.readAllBytes(sample()), 60));

        assertFails(() -> Hdf5File.open(folder.resolve("none.h5")), "no file");
        assertFails(() -> Hdf5File.open(text), "is no HDF5 file");
        assertFails(() -> Hdf5File.open(cut), "is no HDF5 file");
    }

    @Test
    void shouldReadBackWhatItWrote() throws IOException {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        arrays.put("mouse_a/syllable", new NdArray(new int[] {4}, new long[] {3, 3, 0, 1L << 40}));
        arrays.put("mouse_a/latent_state", new NdArray(new int[] {2, 3}, new double[] {1, 2, 3, 4, 5, 6}));
        arrays.put("mouse_b/deep/x", NdArray.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7}, 2, 2, 2));
        arrays.put("scale", NdArray.of(0.25));
        Path file = folder.resolve("results.h5");

        Hdf5File.write(file, arrays);

        try (Hdf5File read = Hdf5File.open(file)) {
            for (Map.Entry<String, NdArray> entry : arrays.entrySet()) {
                assertEquals(entry.getValue(), read.array(entry.getKey()), entry.getKey());
            }
            assertEquals(List.of("deep"), read.names("mouse_b"));
        }
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }
}
