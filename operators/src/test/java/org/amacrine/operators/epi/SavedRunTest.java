package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are written and opened again. */
class SavedRunTest {

    private static EpiResult smallRun() {
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
                .build();
        while (!fit.done()) {
            fit.step();
        }
        return fit.result();
    }

    @Test
    void shouldGiveTheSameDistributionsBack(@TempDir Path folder) throws IOException {
        EpiResult result = smallRun();
        SavedRun.write(folder.resolve("run"), result, 5);

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
        SavedRun.write(folder, result, 5);
        List<String> lines = Files.readAllLines(folder.resolve("opt_data.csv"));
        assertEquals(",k,iteration,H,cost,converged,R1,R2,R3,R4", lines.get(0));
        assertEquals(1 + 1 + 4, lines.size());
        assertTrue(lines.get(1).startsWith("0,0,0,"), lines.get(1));
        assertTrue(lines.get(3).startsWith("2,1,10,"), lines.get(3));
        assertTrue(lines.get(3).contains(",False,") || lines.get(3).contains(",True,"), lines.get(3));
        assertTrue(lines.get(4).startsWith("3,2,15,"), lines.get(4));
    }

    @Test
    void shouldReadItsTableBack(@TempDir Path folder) throws IOException {
        EpiResult result = smallRun();
        List<EpiRecord> read = SavedRun.write(folder, result, 5).records();
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
        SavedRun run = SavedRun.write(folder, smallRun(), 5);
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
