package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Initialised flows that are kept. */
class InitialCacheTest {
    private final EpiModel model = Fits.linearModel();
    private final Gaussian gaussian = Gaussian.within(model.lower(), model.upper());
    private final NormalizingFlow flow = Fits.linearFlow().units(4).build();

    private EpiFit.Builder fit() {
        return EpiFit.of(model, flow, Fits.linearMu(), ScalarKernels.INSTANCE)
                .lagrangian(new LagrangianSettings(20, 1e-3, 1e-3, 0.25, 4))
                .initialIterations(20)
                .epochs(1)
                .iterations(5)
                .batches(2, 2);
    }

    private static EpiResult run(EpiFit fit) {
        while (!fit.done()) {
            fit.step();
        }
        return fit.result();
    }

    @Test
    void shouldGiveTheSameFitAsInitialisingAgain(@TempDir Path root) throws IOException {
        InitialCache cache = new InitialCache(root);
        assertTrue(cache.load(model, gaussian, flow).isEmpty());
        EpiResult first = run(fit().build());

        cache.store(model, gaussian, flow, first.checkpoints().get(0));
        EpiResult second =
                run(fit().start(cache.load(model, gaussian, flow).orElseThrow()).build());

        assertArrayEquals(first.checkpoints().get(1), second.checkpoints().get(1));
        Gaussian other = Gaussian.diagonal(new double[4], new double[] {1, 1, 1, 1});
        assertTrue(cache.load(model, other, flow).isEmpty());
    }

    /** The file holds what was found; a changed one is taken as it is. */
    @Test
    void shouldSearchByRejectionOnce(@TempDir Path root) throws IOException {
        RejectionStart start =
                new RejectionStart(20, new double[] {0, 2 * Math.PI}, new double[] {0.5, 0.6}, 100_000, 1);
        Gaussian found = new InitialCache(root).rejection(model, start);
        Path file = root.resolve(
                "data/abc/M=20_p=0.00_std=0.500_" + RunNames.hash(model.lower(), model.upper()) + "_abc.npz");
        assertTrue(Files.exists(file));
        assertArrayEquals(
                found.mu(), new InitialCache(root).rejection(model, start).mu());
        Npz.write(
                file,
                Map.of(
                        "mu", new NdArray(new int[] {4}, new double[] {1, 2, 3, 4}),
                        "Sigma", new NdArray(new int[] {4, 4}, found.sigma())));
        assertArrayEquals(
                new double[] {1, 2, 3, 4},
                new InitialCache(root).rejection(model, start).mu());
    }

    /** While it is searched for, a file comes to stand where the folder was. */
    @Test
    void shouldGoOnWithAGaussianThatCannotBeKept(@TempDir Path root) throws IOException {
        RejectionStart start =
                new RejectionStart(20, new double[] {0, 2 * Math.PI}, new double[] {0.5, 0.6}, 100_000, 1);
        Path folder = root.resolve("data").resolve("abc");
        EmergentProperty property = model.property();
        EmergentProperty taking = new EmergentProperty() {
            @Override
            public int dims() {
                return property.dims();
            }

            @Override
            public int statistics() {
                return property.statistics();
            }

            @Override
            public void simulate(double[] z, int samples, long noiseKey, double[] t) {
                property.simulate(z, samples, noiseKey, t);
                if (Files.isDirectory(folder)) {
                    assertTrue(folder.toFile().delete());
                    assertDoesNotThrow(() -> Files.createFile(folder));
                }
            }

            @Override
            public void pull(double[] z, int samples, long noiseKey, double[] tGradient, double[] zGradient) {
                property.pull(z, samples, noiseKey, tGradient, zGradient);
            }
        };

        Gaussian found = new InitialCache(root)
                .rejection(new EpiModel(model.name(), model.parameters(), model.propertyName(), taking), start);

        assertArrayEquals(start.search(model).mu(), found.mu());
        assertTrue(Files.isRegularFile(folder));
    }

    @Test
    void shouldSayWhenItCannotBeWrittenOrIsOfAnotherFlow(@TempDir Path root) throws IOException {
        InitialCache cache = new InitialCache(root);
        cache.store(model, gaussian, flow, new double[3]);
        assertTrue(assertThrows(IOException.class, () -> cache.load(model, gaussian, flow))
                .getMessage()
                .contains("holds 3 parameters"));
        Path file = Files.createFile(root.resolve("file"));
        InitialCache nowhere = new InitialCache(file);
        String unkept = assertThrows(IOException.class, () -> nowhere.store(model, gaussian, flow, new double[3]))
                .getMessage();
        assertTrue(
                unkept.contains(file.toString()) && unkept.contains("a later one initialises its flow again"), unkept);
        RejectionStart start =
                new RejectionStart(20, new double[] {0, 2 * Math.PI}, new double[] {0.5, 0.6}, 100_000, 1);
        assertTrue(assertThrows(IOException.class, () -> nowhere.rejection(model, start))
                .getMessage()
                .contains("nothing was searched for yet"));
        assertFalse(Files.isDirectory(file));
    }
}
