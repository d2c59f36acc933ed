package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArHmmModelFileTest {
    @TempDir
    Path folder;

    private static ArHmmModel model() {
        Hyperparameters prior = Hyperparameters.of(new Hyperparameters.Transitions(3, 5.7, 1e6, 1e3), 2, 2, 0.01, 10);
        ArHmmParameters parameters = new Functions(ScalarKernels.INSTANCE, Bands.ALONE).initParams(5, prior);
        return new ArHmmModel(Long.MAX_VALUE - 1, 17, prior, parameters, new int[][] {{0, 2, 1}, {}, {1}});
    }

    private static ArHmmModelFile whole() {
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("recording", "maus \"eins\" – Käfig 3\nsecond line");
        provenance.put("version", "1.0");
        return new ArHmmModelFile(
                model(),
                List.of("rear", "no", "12"),
                provenance,
                Map.of("cage1.r", new NdArray(new int[] {3}, new double[] {0.1, 0.2, 0.7})));
    }

    @Test
    void shouldKeepEverything() throws IOException {
        Path file = folder.resolve("model.npz");
        whole().write(file);

        ArHmmModelFile read = ArHmmModelFile.read(file);

        assertEquals(whole(), read);
        assertEquals(
                List.of("recording", "version"), List.copyOf(read.provenance().keySet()));
    }

    @Test
    void shouldBeAnArchiveOfArraysWithADescription() throws IOException {
        Path file = folder.resolve("model.npz");
        whole().write(file);

        assertEquals(1e6, Npz.read(file, "transition_prior").at(1));
        assertArrayEquals(new long[] {0, 2, 1, 1}, (long[]) Npz.read(file, "z").data());
        String json = Npz.readText(file, "model.json");
        assertTrue(
                json.startsWith("{\"format\": \"amacrine-arhmm/1\", \"dims\": 2, \"lags\": 2, \"states\": 3,"), json);
        assertTrue(json.contains("\"labels\": [\"rear\", \"no\", \"12\"]"), json);
        assertTrue(json.contains("\"recording\": \"maus \\\"eins\\\""), json);
    }

    @Test
    void shouldKeepAModelWithoutNames() throws IOException {
        Path file = folder.resolve("model.npz");
        ArHmmModelFile.of(model()).write(file);
        assertEquals(ArHmmModelFile.of(model()), ArHmmModelFile.read(file));
    }

    private void checkMessage(String part, Path file) {
        String message =
                assertThrows(IOException.class, () -> ArHmmModelFile.read(file)).getMessage();
        assertTrue(message.contains(part), message);
    }

    private Path write(String json, Map<String, NdArray> arrays) throws IOException {
        Path file = Files.createTempFile(folder, "model", ".npz");
        Npz.write(file, arrays, Map.of("model.json", json));
        return file;
    }

    @Test
    void shouldRejectNewerFormats() throws IOException {
        Map<String, NdArray> arrays = ArHmmModelFile.arrays(model());
        checkMessage("reads up to \"amacrine-arhmm/1\"", write("{\"format\": \"amacrine-arhmm/2\"}", arrays));
        assertEquals(
                model(),
                ArHmmModelFile.read(write("{\"format\": \"amacrine-arhmm/1.3\"}", arrays))
                        .model());
    }

    @Test
    void shouldRejectWhatIsNoModel() throws IOException {
        Map<String, NdArray> arrays = ArHmmModelFile.arrays(model());
        checkMessage("of the format \"null\"", write("{}", arrays));
        checkMessage("of the format \"null\"", write("[]", arrays));
        checkMessage("of the format \"retina/1\"", write("{\"format\": \"retina/1\"}", arrays));
        checkMessage("is not JSON", write("{", arrays));
        Path plain = folder.resolve("plain.npz");
        Npz.write(plain, arrays);
        checkMessage("no model.json in", plain);
        checkMessage("no file", folder.resolve("missing.npz"));
    }

    @Test
    void shouldRejectArraysThatDoNotFit() throws IOException {
        String json = "{\"format\": \"amacrine-arhmm/1\"}";
        Map<String, NdArray> arrays = ArHmmModelFile.arrays(model());
        NdArray pi = arrays.remove("pi");
        checkMessage("no array \"pi\"", write(json, arrays));
        arrays.put("pi", new NdArray(new int[] {9}, pi.doubles()));
        checkMessage("pi must have the shape (3, 3)", write(json, arrays));
        arrays.put("pi", pi);
        arrays.put("z", new NdArray(new int[] {2}, new long[2]));
        checkMessage("too few for its lengths", write(json, arrays));
        arrays.put("z", new NdArray(new int[] {4}, new long[] {0, 1, 3, 0}));
        checkMessage("state 2 of sequence 0 must be within 0 to 2 but was 3", write(json, arrays));
    }

    @Test
    void shouldRejectAWrongNumberOfLabels() {
        assertThrows(
                IllegalArgumentException.class, () -> new ArHmmModelFile(model(), List.of("one"), Map.of(), Map.of()));
    }
}
