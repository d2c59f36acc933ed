package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.hdf5.Hdf5File;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small checkpoint of the golden data, and results written from it. */
class CheckpointGoldenTest {
    @TempDir
    Path folder;

    private static Path golden(String name) {
        try {
            return Path.of(CheckpointGoldenTest.class
                    .getResource("/golden/arhmm/" + name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertGolden(String name, NdArray actual) throws IOException {
        NdArray expected = Npz.read(golden("cases.npz"), "m01_checkpoint__" + name);
        assertArrayEquals(expected.shape(), actual.shape(), name);
        assertArrayEquals(expected.doubles(), actual.doubles(), 0, name);
    }

    @Test
    void shouldReadTheLastIteration() throws IOException {
        Checkpoint checkpoint = Checkpoint.read(golden("m01_checkpoint.h5"));

        assertEquals(25, checkpoint.iteration());
        for (String name : List.of("Ab", "Q", "pi", "betas")) {
            assertGolden(name, checkpoint.params().get(name));
        }
        assertGolden("z", checkpoint.states().get("z"));
        assertGolden("x", checkpoint.states().get("x"));
        assertGolden("mask", checkpoint.data().get("mask"));
        assertGolden("bounds", checkpoint.bounds());
        assertEquals(List.of("mouse_a", "mouse_b"), checkpoint.recordings());
        assertArrayEquals(new double[] {0, 7}, checkpoint.seed().doubles());
        Map<String, NdArray> ar = checkpoint.hypparams().get("ar_hypparams");
        assertEquals(4, ar.get("nu_0").integer());
        assertEquals(2, ar.get("nlags").integer());
        assertEquals(2, ar.get("latent_dim").integer());
        assertEquals(3, ar.get("num_states").integer());
        Map<String, NdArray> trans = checkpoint.hypparams().get("trans_hypparams");
        assertEquals(5.7, trans.get("alpha").scalar());
        assertEquals(1000, trans.get("gamma").scalar());
        assertEquals(1e6, trans.get("kappa").scalar());
    }

    @Test
    void shouldGiveTheModel() throws IOException {
        ArHmmParameters model = Checkpoint.read(golden("m01_checkpoint.h5")).parameters();

        assertEquals(3, model.states());
        assertEquals(2, model.dims());
        assertEquals(2, model.lags());
    }

    @Test
    void shouldGiveTheWholeModelForAFitToGoOnFrom() throws IOException {
        Checkpoint checkpoint = Checkpoint.read(golden("m01_checkpoint.h5"));
        ArHmmModel model = checkpoint.model();

        assertEquals(7, model.seed());
        assertEquals(25, model.sweep());
        assertEquals(checkpoint.parameters(), model.parameters());
        assertEquals(
                new Hyperparameters.Transitions(3, 5.7, 1e6, 1e3),
                model.hyperparameters().transitions());
        assertEquals(4, model.hyperparameters().autoregression().nu0());
        NdArray z = checkpoint.states().get("z");
        assertEquals(2, model.states().length);
        for (int i = 0; i < z.size(); i++) {
            assertEquals(z.at(i), model.states()[i / 38][i % 38]);
        }
        ArHmmModel next = new Functions(ScalarKernels.INSTANCE, Bands.ALONE)
                .resampleModel(
                        Sequences.of(
                                checkpoint.states().get("x"), checkpoint.data().get("mask")),
                        model,
                        false);
        assertEquals(26, next.sweep());
    }

    @Test
    void shouldReadTheIterationThatIsAskedFor() throws IOException {
        Path file = golden("m01_checkpoint.h5");

        assertEquals(List.of(0L, 25L), Checkpoint.iterations(file));
        assertEquals(0, Checkpoint.read(file, 0).iteration());
        String message =
                assertThrows(IOException.class, () -> Checkpoint.read(file, 24)).getMessage();
        assertTrue(message.endsWith("holds no iteration 24; it holds [0, 25]"), message);
    }

    @Test
    void shouldSortIterationsByNumber() throws IOException {
        Path file = folder.resolve("many.h5");
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        for (int iteration : new int[] {500, 25, 1000, 100}) {
            arrays.put("model_snapshots/" + iteration + "/seed", NdArray.of(1L));
        }
        Hdf5File.write(file, arrays);

        assertEquals(List.of(25L, 100L, 500L, 1000L), Checkpoint.iterations(file));
    }

    @Test
    void shouldSayWhatIsMissing() throws IOException {
        Path file = folder.resolve("other.h5");
        Hdf5File.write(file, Map.of("model_snapshot/1/seed", NdArray.of(1L)));

        String message =
                assertThrows(IOException.class, () -> Checkpoint.read(file)).getMessage();

        assertTrue(message.contains("no \"model_snapshots\"") && message.contains("did you mean"), message);
    }

    // ------------------------------------------------------------------------------------------------ results

    @Test
    void shouldWriteResultsThatRepeatTheFirstStateInTheFirstFrames() throws IOException {
        Checkpoint checkpoint = Checkpoint.read(golden("m01_checkpoint.h5"));
        NdArray z = checkpoint.states().get("z");
        NdArray x = checkpoint.states().get("x");
        Path file = folder.resolve("results.h5");

        ResultsFile.write(file, checkpoint.recordings(), checkpoint.bounds(), z, x);

        try (Hdf5File results = Hdf5File.open(file)) {
            assertEquals(List.of("mouse_a", "mouse_b"), results.names(""));
            NdArray b = results.array("mouse_b/syllable");
            assertArrayEquals(new int[] {31}, b.shape());
            for (int t = 0; t < 31; t++) {
                assertEquals(z.at(38 + Math.max(0, t - 2)), b.at(t), "frame " + t);
            }
            NdArray latent = results.array("mouse_b/latent_state");
            assertArrayEquals(new int[] {31, 2}, latent.shape());
            for (int i = 0; i < 62; i++) {
                assertEquals(x.at(80 + i), latent.at(i));
            }
            assertEquals(40, results.array("mouse_a/syllable").size());
        }
    }

    @Test
    void shouldPutPartsOfARecordingTogether() throws IOException {
        NdArray bounds = new NdArray(new int[] {2, 2}, new long[] {3, 7, 0, 4});
        NdArray z = new NdArray(new int[] {2, 3}, new long[] {20, 21, 22, 10, 11, 12});
        NdArray x = new NdArray(new int[] {2, 4, 1}, new double[] {3, 4, 5, 6, 0, 1, 2, 3.5});
        Path file = folder.resolve("results.h5");

        ResultsFile.write(file, List.of("m", "m"), bounds, z, x);

        try (Hdf5File results = Hdf5File.open(file)) {
            assertArrayEquals(
                    new double[] {10, 10, 11, 12, 20, 21, 22},
                    results.array("m/syllable").doubles());
            assertArrayEquals(
                    new double[] {0, 1, 2, 3.5, 4, 5, 6},
                    results.array("m/latent_state").doubles());
        }
    }

    @Test
    void shouldRejectBoundsAndShapesThatDoNotFit() {
        NdArray z = new NdArray(new int[] {1, 3}, new long[3]);
        NdArray x = new NdArray(new int[] {1, 4, 1}, new double[4]);
        Path file = folder.resolve("results.h5");

        String bounds = assertThrows(
                        IllegalArgumentException.class,
                        () -> ResultsFile.write(
                                file, List.of("m"), new NdArray(new int[] {1, 2}, new long[] {0, 5}), z, x))
                .getMessage();
        assertTrue(bounds.contains("must hold 1 to 4 frames"), bounds);
        assertThrows(
                IllegalArgumentException.class,
                () -> ResultsFile.write(
                        file, List.of("m", "n"), new NdArray(new int[] {1, 2}, new long[] {0, 4}), z, x));
    }
}
