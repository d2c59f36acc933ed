package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are written and opened again. */
class SavedRunTest {

    private static EpiResult smallRun() {
        return run(false);
    }

    private static EpiResult run(boolean keepFrames) {
        NormalizingFlow flow = Fits.linearFlow()
                .stages(2)
                .units(5)
                .elementwise(NormalizingFlow.Elementwise.SPLINE)
                .batchNorm(0.5)
                .build();
        EpiFit fit = EpiFit.of(Fits.linearModel(), flow, Fits.linearMu(), ScalarKernels.INSTANCE)
                .lagrangian(new LagrangianSettings(20, 1e-3, 1e-3, 0.25, 4))
                .initialIterations(10)
                .epochs(2)
                .iterations(10)
                .logRate(5)
                .batches(2, 3)
                .clipNorm(Double.POSITIVE_INFINITY)
                .keepFrames(keepFrames)
                .build();
        while (!fit.done()) {
            fit.step();
        }
        return fit.result();
    }

    @Test
    void shouldTellWhatWasAskedFor(@TempDir Path folder) throws IOException {
        SavedRun.write(folder, smallRun(), "a test 1");
        EpiPlan plan = SavedRun.open(folder).plan().orElseThrow();
        assertEquals("lds_2D", plan.model());
        assertEquals("linear2D_eig", plan.property());
        assertArrayEquals(Fits.linearMu(), plan.mu());
        assertArrayEquals(new double[4], plan.initial().mu());
        assertArrayEquals(
                new double[] {25, 0, 0, 0, 0, 25, 0, 0, 0, 0, 25, 0, 0, 0, 0, 25},
                plan.initial().sigma());
        assertEquals(new LagrangianSettings(20, 1e-3, 1e-3, 0.25, 4), plan.lagrangian());
        assertEquals(5, plan.logRate());
        Map<String, Object> options = plan.options();
        assertEquals(2, options.get("epochs"));
        assertEquals(10, options.get("iterations"));
        assertEquals(Double.POSITIVE_INFINITY, options.get("clip_norm"));
        assertEquals(0.5, options.get("settling_part"));
        assertEquals(true, options.get("steady_multipliers"));
        assertEquals(10, options.get("init_iterations"));
        String text = Files.readString(folder.resolve("run.json"));
        assertTrue(text.contains("\"versions\": {\"program\": \"a test 1\", \"java\": \""), text);
        assertTrue(text.contains("\"lb\": [-10.0, -10.0, -10.0, -10.0]"), text);
    }

    /** As runs were written before they told what was asked for. */
    @Test
    void shouldOpenARunWithoutAPlan(@TempDir Path folder) throws IOException {
        EpiResult result = smallRun();
        SavedRun.write(folder, result, "a test 1");
        Path file = folder.resolve("run.json");
        String text = Files.readString(file);
        Files.writeString(file, text.replaceFirst("\"AL_hps\".*?}", "\"other\": 1"));
        SavedRun opened = SavedRun.open(folder);
        assertTrue(opened.plan().isEmpty());
        assertArrayEquals(
                result.checkpoints().get(2),
                opened.distribution(2, ScalarKernels.INSTANCE).theta());
        Files.writeString(file, "[1, 2]");
        String broken =
                assertThrows(IOException.class, () -> SavedRun.open(folder)).getMessage();
        assertTrue(broken.contains("run.json does not describe a run"), broken);
    }

    /** All samples come from the same noise: the first frame is that of the initialised flow. */
    @Test
    void shouldKeepSamplesForAVideo(@TempDir Path folder) throws IOException {
        EpiResult result = run(true);
        SavedRun.write(folder, result, "a test 1");
        SavedRun opened = SavedRun.open(folder);
        List<EpiFrame> frames = opened.frames();
        assertEquals(5, frames.size());
        assertEquals(
                List.of(0, 5, 10, 15, 20),
                frames.stream().map(EpiFrame::iteration).toList());
        for (int k = 0; k <= 2; k++) {
            Distribution at = opened.distribution(k, ScalarKernels.INSTANCE);
            EpiFrame frame = frames.get(2 * k);
            assertArrayEquals(at.logProbability(frame.z()), frame.logDensity(), 1e-9, "epoch " + k);
        }
        assertArrayEquals(result.checkpoints().get(2), smallRun().checkpoints().get(2), "frames change no number");
    }

    /** The two errors of the reference. */
    @Test
    void shouldSayWhyThereIsNoVideo(@TempDir Path folder) throws IOException {
        SavedRun without = SavedRun.write(folder.resolve("without"), smallRun(), "a test 1");
        assertEquals(
                "File " + folder.resolve("without").resolve("movie_data.npz") + " does not exist.",
                assertThrows(IOException.class, without::frames).getMessage());
        SavedRun run = SavedRun.write(folder, run(true), "a test 1");
        Path table = folder.resolve("opt_data.csv");
        List<String> lines = Files.readAllLines(table);
        Files.write(table, lines.subList(0, lines.size() - 1));
        assertEquals(
                "opt_data.csv incompatible with movie_data.npz.",
                assertThrows(IOException.class, run::frames).getMessage());
        Files.delete(table);
        assertEquals(
                "File " + table + " does not exist.",
                assertThrows(IOException.class, run::frames).getMessage());
    }

    @Test
    void shouldSayWhereATableIsDamaged(@TempDir Path folder) throws IOException {
        SavedRun run = SavedRun.write(folder, smallRun(), "a test 1");
        Path table = folder.resolve("opt_data.csv");
        List<String> lines = Files.readAllLines(table);

        for (String damage : List.of("", "0,1", lines.get(1).replaceFirst(",", ",x"))) {
            Files.write(table, List.of(lines.get(0), damage));
            String message = assertThrows(IOException.class, run::records).getMessage();
            assertTrue(message.startsWith(table + ", line 2: this is no row"), message);
        }
        Files.write(table, List.of());
        String message = assertThrows(IOException.class, run::records).getMessage();
        assertTrue(message.startsWith(table + ", line 1: "), message);
        Files.writeString(folder.resolve("run.json"), "{}");
        assertEquals(
                folder.resolve("run.json") + " does not describe a run: something is missing in it; fit again",
                assertThrows(IOException.class, () -> SavedRun.open(folder)).getMessage());
    }

    @Test
    void shouldKeepNothingOfAnOlderRun(@TempDir Path folder) throws IOException {
        EpiResult result = run(true);
        SavedRun.write(folder, result, "longer");
        EpiResult shorter = new EpiResult(
                result.plan(),
                result.distribution(),
                -1,
                result.initialRecords(),
                result.records().subList(0, 3),
                result.epochs().subList(0, 1),
                result.checkpoints().subList(0, 2),
                List.of(),
                result.timing(),
                null,
                0);

        SavedRun run = SavedRun.write(folder, shorter, "shorter");

        assertEquals(2, run.checkpoints());
        assertThrows(IOException.class, run::frames);
    }

    /** A folder that holds something stands where the table should be. */
    @Test
    void shouldLeaveAnOlderRunWholeWhenItCannotBeWritten(@TempDir Path folder) throws IOException {
        SavedRun.write(folder, smallRun(), "older");
        Path table = folder.resolve("opt_data.csv");
        Files.delete(table);
        Files.createDirectories(table.resolve("something"));
        assertThrows(IOException.class, () -> SavedRun.write(folder, smallRun(), "newer"));
        assertTrue(Files.readString(folder.resolve("run.json")).contains("older"));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    List.of(),
                    files.filter(file -> file.toString().endsWith(".part")).toList(),
                    "files half written");
        }
    }

    @Test
    void shouldGiveTheSameDistributionsBack(@TempDir Path folder) throws IOException {
        EpiResult result = smallRun();
        SavedRun.write(folder.resolve("run"), result, "a test 1");

        SavedRun opened = SavedRun.open(folder.resolve("run"));

        assertEquals(3, opened.checkpoints());
        assertEquals(result.bestEpoch(), opened.bestEpoch());
        double[] z = {1, -2, 3, -4};
        for (int k = 0; k <= 2; k++) {
            Distribution before = new Distribution(
                    result.distribution().flow(), result.checkpoints().get(k), ScalarKernels.INSTANCE);
            Distribution after = opened.distribution(k, ScalarKernels.INSTANCE);
            assertArrayEquals(before.logProbability(z), after.logProbability(z));
            assertEquals(List.of("a11", "a12", "a21", "a22"), after.names());
        }
        assertArrayEquals(
                result.checkpoints().get(2),
                opened.distribution(-1, ScalarKernels.INSTANCE).theta());
        for (int k = 0; k < 2; k++) {
            assertEquals(result.epochs().get(k).c(), opened.epochs().get(k).c());
            assertArrayEquals(
                    result.epochs().get(k).eta(), opened.epochs().get(k).eta());
        }
    }

    @Test
    void shouldWriteTheTableThatTheReferenceReads(@TempDir Path folder) throws IOException {
        EpiResult result = smallRun();
        SavedRun.write(folder, result, "a test 1");
        List<String> lines = Files.readAllLines(folder.resolve("opt_data.csv"));
        assertEquals(",k,iteration,H,cost,converged,R1,R2,R3,R4", lines.get(0));
        assertEquals(1 + 1 + 4, lines.size());
        assertTrue(lines.get(1).startsWith("0,0,0,"), lines.get(1));
        assertTrue(lines.get(3).startsWith("2,1,10,"), lines.get(3));
        assertTrue(lines.get(3).contains(",False,") || lines.get(3).contains(",True,"), lines.get(3));
        assertTrue(lines.get(4).startsWith("3,2,15,"), lines.get(4));
    }

    /** Each step lasts a second; an interruption in the second epoch, in a program whose steps last three, changes no time before. */
    @Test
    void shouldTellHowLongTheFitTook(@TempDir Path folder) throws IOException {
        NormalizingFlow flow = Fits.linearFlow().stages(2).units(5).build();
        long[] now = {0};
        EpiFitBuilder builder = EpiFit.of(Fits.linearModel(), flow, Fits.linearMu(), ScalarKernels.INSTANCE)
                .lagrangian(new LagrangianSettings(20, 1e-3, 1e-3, 0.25, 4))
                .initialIterations(4)
                .epochs(2)
                .iterations(10)
                .logRate(5)
                .batches(2, 3);
        EpiFit first = builder.nanos(() -> now[0] += 1_000_000_000L).build();
        // 5 steps for the Gaussian, an epoch of 2 for norms, 10 of training and 3 of its test, and 2 of the next.
        for (int step = 0; step < 5 + 15 + 2; step++) {
            first.step();
        }
        EpiFit second = builder.nanos(() -> now[0] += 3_000_000_000L).build();
        second.restore(first.save());
        while (!second.done()) {
            second.step();
        }
        EpiTiming timing =
                SavedRun.write(folder, second.result(), "a test 1").timing().orElseThrow();
        assertEquals(5, timing.initSeconds(), 1e-9);
        assertArrayEquals(new double[] {15, 2 + 3 * 13}, timing.epochSeconds(), 1e-9);
        assertEquals((10 + 3 * 10) / 20.0, timing.secondsPerIteration(), 1e-9);
        assertEquals(61, timing.seconds(), 1e-9);
        Files.delete(folder.resolve("timing.npz"));
        assertTrue(SavedRun.open(folder).timing().isEmpty(), "as runs were written before");
    }

    @Test
    void shouldReadItsTableBack(@TempDir Path folder) throws IOException {
        EpiResult result = smallRun();
        List<EpiRecord> read = SavedRun.write(folder, result, "a test 1").records();
        assertEquals(result.records().size(), read.size());
        for (int i = 0; i < read.size(); i++) {
            EpiRecord expected = result.records().get(i);
            assertEquals(expected.epoch(), read.get(i).epoch());
            assertEquals(expected.iteration(), read.get(i).iteration());
            assertEquals(expected.entropy(), read.get(i).entropy());
            assertEquals(expected.cost(), read.get(i).cost());
            assertEquals(expected.converged(), read.get(i).converged());
            assertArrayEquals(expected.violation(), read.get(i).violation());
        }
    }

    @Test
    void shouldSayWhatIsMissing(@TempDir Path folder) throws IOException {
        assertTrue(assertThrows(IOException.class, () -> SavedRun.open(folder))
                .getMessage()
                .contains("there is no run.json"));
        SavedRun run = SavedRun.write(folder, smallRun(), "a test 1");
        assertThrows(IllegalArgumentException.class, () -> run.distribution(3, ScalarKernels.INSTANCE));
        for (int k = 0; k < 3; k++) {
            Files.delete(folder.resolve("ckpt-" + k + ".npz"));
        }
        assertEquals(
                "No checkpoints found.",
                assertThrows(IllegalArgumentException.class, () -> run.distribution(0, ScalarKernels.INSTANCE))
                        .getMessage());
    }
}
