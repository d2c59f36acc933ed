package org.amacrine.demos.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.amacrine.demos.Cli;
import org.amacrine.operators.epi.EpiPlan;
import org.amacrine.operators.epi.EpiRecord;
import org.amacrine.operators.epi.LagrangianSettings;
import org.amacrine.operators.epi.SavedRun;
import org.amacrine.operators.epi.SavedRuns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of {@code amacrine epi fit}, and what it writes. */
class EpiFitCommandTest {
    @TempDir
    Path folder;

    private Cli fit(Object... more) {
        return fitIn(folder, more);
    }

    private static Cli fitIn(Path out, Object... more) {
        List<Object> words = new ArrayList<>(List.of("epi", "fit", "linear", "--out", out, "--epochs", 2));
        words.addAll(
                List.of("--iterations", 10, "--samples", 20, "--units", 4, "--stages", 2, "--init-iterations", 50));
        words.addAll(List.of(more));
        return Cli.run(words.stream().map(Object::toString).toArray(String[]::new));
    }

    /** A folder that holds something stands where the table should be; the fit is whole in its checkpoint. */
    @Test
    void shouldWriteAResultThatCouldNotBeWrittenBefore() throws IOException {
        fit();
        Path first = SavedRuns.find(folder).get(0).folder();
        Path out = folder.resolve("elsewhere");
        Path second = out.resolve(folder.relativize(first));
        Path obstacle = Files.createDirectories(second.resolve("opt_data.csv").resolve("something"));
        Cli failed = fitIn(out);
        assertFalse(failed.code() == 0, "the table cannot be written");
        assertTrue(failed.err().contains("the fit cannot be saved in " + second), failed.err());
        assertTrue(failed.err().contains("opt_data.csv is a folder"), failed.err());
        assertTrue(failed.err().contains("repeat the command with --resume"), failed.err());
        assertTrue(SavedRuns.find(out).isEmpty(), "a run is there when all of it is");

        Files.delete(obstacle);
        Files.delete(obstacle.getParent());
        Cli resumed = fitIn(out, "--resume");
        assertEquals(0, resumed.code(), resumed.err());
        assertTrue(resumed.out().contains("is of a fit that is done; give more --epochs"), resumed.out());
        for (String file : List.of("opt_data.csv", "opt_data.npz", "ckpt-2.npz", "run.json")) {
            assertEquals(-1, Files.mismatch(first.resolve(file), second.resolve(file)), file);
        }
    }

    /** Every setting of a fit is reached from here, and is told by the saved run. */
    @Test
    void shouldTakeEverySettingOfAFit() throws IOException {
        Object[] ofFlow = {
            "--layers", 1, "--elementwise", "spline", "--bins", 3, "--batch-norm", 0.5, "--no-post-affine"
        };
        Object[] ofFit = {"--log-rate", 5, "--alpha", 0.1, "--nu", 0.5, "--norm-batches", 3, "--test-batches", 4};
        Object[] learning = {"--settling", 0.25, "--settling-floor", 0.5, "--last-batch-multipliers", "--clip", 7};
        Object[] lagrangian = {"--rate", 0.002, "--c0", 0.01, "--gamma", 0.3, "--beta", 2, "--stop-early"};
        Object[] initial = {"--init-mu=1,2,3,-4", "--init-sigma", "1,2,3,4", "--init-rate", 0.005, "--exclude-nan"};
        Cli cli = fit(Stream.of(ofFlow, ofFit, learning, lagrangian, initial)
                .flatMap(Arrays::stream)
                .toArray());
        assertEquals(0, cli.code(), cli.err());
        SavedRun run = SavedRuns.find(folder).get(0);
        assertEquals("D4_C2_spline_L1_U4_bins=3_bnmom=5.00E-01_rs1", run.flow().toString());
        EpiPlan plan = run.plan().orElseThrow();
        assertEquals(new LagrangianSettings(20, 0.002, 0.01, 0.3, 2), plan.lagrangian());
        assertArrayEquals(new double[] {1, 2, 3, -4}, plan.initial().mu());
        assertEquals(4, plan.initial().sigma()[15]);
        Map<String, Object> expected = new HashMap<>(
                Map.of("epochs", 2, "iterations", 10, "log_rate", 5, "alpha", 0.1, "nu", 0.5, "stop_early", true));
        expected.putAll(
                Map.of("steady_multipliers", false, "settling_part", 0.25, "settling_floor", 0.5, "clip_norm", 7.0));
        expected.putAll(Map.of("exclude_nan", true, "norm_batches", 3, "test_batches", 4, "given_start", false));
        expected.putAll(Map.of("init_iterations", 50, "init_lr", 0.005, "seed", 1));
        assertEquals(expected, new HashMap<>(plan.options()));
        List<EpiRecord> records = run.records();
        assertEquals(5, records.get(1).iteration());
        assertTrue(Files.readString(run.folder().resolve("opt_data.csv")).contains("\n2,1,10,"), "index is the row");
    }

    @Test
    void shouldTakeTheActivationOfAutoregressiveStagesAndSettingsOfTheSearch() throws IOException {
        Cli cli = fit(
                "--arch",
                "autoregressive",
                "--activation",
                "tanh",
                "--init",
                "abc",
                "--abc-keep",
                20,
                "--abc-means",
                "0,6",
                "--abc-stds",
                "1,1");
        assertEquals(0, cli.code(), cli.err());
        assertEquals("TANH", SavedRuns.find(folder).get(0).flow().activation().name());
        try (Stream<Path> kept = Files.list(folder.resolve("data").resolve("abc"))) {
            String name = kept.findFirst().orElseThrow().getFileName().toString();
            assertTrue(name.startsWith("M=20_p=0.00_std=1.000_"), name);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--activation|tan|--activation must be none, relu or tanh but was \"tan\"",
                "--init-mu|1,2|--init-mu must have a value for each of the 4 parameters but has 2",
                "--init-sigma|1,2,3|--init-sigma must have 4 variances or 16 covariances but has 3 values",
                "--init-sigma|1,1,1,-1|Sigma must be positive definite",
                "--abc-keep|3|--abc-keep is of --init abc but --init is gaussian",
                "--nu|2|nu must be within (0, 1] but was 2.0",
                "--alpha|0|alpha must be within (0, 1) but was 0.0",
                "--settling|2|settling needs a part within [0, 1]",
                "--settling-floor|0|a floor within (0, 1]",
                "--log-rate|0|logRate must be >= 1 but was 0",
                "--init-rate|0|initialLearningRate must be > 0 and finite but was 0.0",
                "--layers|0|num_layers",
                "--bins|1|num_bins",
                "--test-batches|0|forTest must be >= 1 but was 0"
            })
    void shouldSayWhatIsWrongWithASetting(String option, String value, String why) {
        Cli cli = fit(option, value);
        assertFalse(cli.code() == 0, "it was not refused");
        assertTrue(cli.err().contains(why), cli.err());
    }
}
