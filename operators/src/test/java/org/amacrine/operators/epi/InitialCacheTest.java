package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Initialised flows that are kept. */
class InitialCacheTest {
    private final EpiModel model = Fits.linearModel();
    private final NormalizingFlow flow = Fits.linearFlow().units(4).build();

    private EpiFitBuilder fit() {
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
        assertTrue(cache.load(fit()).isEmpty());
        EpiResult first = run(fit().build());

        cache.store(fit(), first);
        EpiResult second = run(fit().start(cache.load(fit()).orElseThrow()).build());

        assertArrayEquals(first.checkpoints().get(1), second.checkpoints().get(1));
    }

    /** Twenty steps with a row after each five; each step lasts 2 s, and so does the look at the flow behind them. */
    @Test
    void shouldKeepTheTableAndTheTimeOfTheInitialisation(@TempDir Path root) throws IOException {
        long[] now = {0};
        EpiFitBuilder builder = fit().logRate(5).nanos(() -> now[0] += 2_000_000_000L);
        EpiResult result = run(builder.build());
        new InitialCache(root).store(builder, result);

        Path kept = root.resolve(builder.initialFile());
        String hash = kept.getFileName().toString().replaceAll("ckpt-(.*)[.]npz", "$1");
        List<String> lines = Files.readAllLines(kept.resolveSibling("opt_data-" + hash + ".csv"));
        assertEquals(",iteration,loss,H,KL", lines.get(0));
        assertEquals(5, lines.size());
        // With variances of 25, 4 log(2 pi 25) / 2 lies between the loss and the divergence.
        double constant = 2 * Math.log(2 * Math.PI * 25);
        for (int row = 0; row < 4; row++) {
            String[] cells = lines.get(1 + row).split(",");
            assertEquals(row, Integer.parseInt(cells[0]));
            assertEquals(5 * (row + 1), Integer.parseInt(cells[1]));
            assertEquals(Double.parseDouble(cells[2]) + constant, Double.parseDouble(cells[4]), 1e-9);
            assertTrue(Math.abs(Double.parseDouble(cells[3])) < 100, "H is an entropy");
        }
        assertEquals(
                42,
                Npz.read(kept.resolveSibling("timing-" + hash + ".npz"), "init_time")
                        .at(0),
                1e-9);
        EpiResult given = run(fit().start(result.checkpoints().get(0)).build());
        assertEquals(List.of(), given.initialRecords());
    }

    private EpiFitBuilder fitOf(NormalizingFlow another) {
        return EpiFit.of(model, another, Fits.linearMu(), ScalarKernels.INSTANCE)
                .lagrangian(new LagrangianSettings(20, 1e-3, 1e-3, 0.25, 4))
                .initialIterations(20);
    }

    /** What comes of the initialisation depends on each of these. */
    @Test
    void shouldKeepFlowsOfOtherSettingsApart(@TempDir Path root) throws IOException {
        InitialCache cache = new InitialCache(root);
        cache.store(fit(), flow.initialTheta());
        Map<String, EpiFitBuilder> others = Map.of(
                "Gaussian", fit().initial(Gaussian.diagonal(new double[4], new double[] {1, 1, 1, 1})),
                "iterations", fit().initialIterations(21),
                "rate", fit().initialLearningRate(2e-3),
                "samples", fit().lagrangian(new LagrangianSettings(21, 1e-3, 1e-3, 0.25, 4)),
                "seed", fit().seed(2),
                "permutations",
                        fitOf(Fits.linearFlow()
                                .units(4)
                                .permutations(Map.of("perm0", new int[] {3, 2, 1, 0}))
                                .build()),
                "activation",
                        fitOf(Fits.linearFlow()
                                .units(4)
                                .activation(Activation.TANH)
                                .build()));
        for (Map.Entry<String, EpiFitBuilder> other : others.entrySet()) {
            assertTrue(cache.load(other.getValue()).isEmpty(), "another " + other.getKey());
        }
        assertTrue(cache.load(fitOf(Fits.linearFlow().units(4).build())).isPresent(), "the same once more");
        EpiFitBuilder laterSettings = fit().epochs(3).iterations(7).clipNorm(1).alpha(0.1);
        assertTrue(cache.load(laterSettings).isPresent(), "what comes behind the initialisation");
    }

    @Test
    void shouldKeepSearchesOfOtherSettingsApart() {
        double[] means = {0.001, 6};
        double[] stds = {0.5, 0.6};
        String name = new RejectionStart(20, means, stds, 1000, 1).fileName(model);
        EpiModel other = new EpiModel(model.name(), model.parameters(), "another", model.property());
        assertNotEquals(name, new RejectionStart(20, new double[] {0.002, 6}, stds, 1000, 1).fileName(model));
        assertNotEquals(name, new RejectionStart(20, new double[] {0.001, 7}, stds, 1000, 1).fileName(model));
        assertNotEquals(name, new RejectionStart(20, means, new double[] {0.5, 0.7}, 1000, 1).fileName(model));
        assertNotEquals(name, new RejectionStart(20, means, stds, 1000, 2).fileName(model));
        assertNotEquals(name, new RejectionStart(20, means, stds, 1000, 1).fileName(other));
        assertEquals(name, new RejectionStart(20, means, stds, 2000, 1).fileName(model));
    }

    /** The file holds what was found; a changed one is taken as it is. */
    @Test
    void shouldSearchByRejectionOnce(@TempDir Path root) throws IOException {
        RejectionStart start =
                new RejectionStart(20, new double[] {0, 2 * Math.PI}, new double[] {0.5, 0.6}, 100_000, 1);
        Gaussian found = new InitialCache(root).rejection(model, start);
        String bounds = RunNames.hash(model.lower(), model.upper());
        String rest = RunNames.hash("lds_2D/linear2D_eig", new double[] {0, 2 * Math.PI}, new double[] {0.5, 0.6}, "1");
        Path file = root.resolve("data/abc/M=20_p=0.00_std=0.500_" + bounds + "_" + rest + "_abc.npz");
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
        cache.store(fit(), new double[3]);
        assertTrue(assertThrows(IOException.class, () -> cache.load(fit()))
                .getMessage()
                .contains("holds 3 parameters"));
        Path file = Files.createFile(root.resolve("file"));
        InitialCache nowhere = new InitialCache(file);
        String unkept = assertThrows(IOException.class, () -> nowhere.store(fit(), new double[3]))
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
