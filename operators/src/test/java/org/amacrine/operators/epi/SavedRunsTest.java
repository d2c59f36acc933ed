package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The best of several runs, on distributions that are known: z = (a1 w1 + b1, a2 w2 + b2), of entropy log(2 pi e |a1 a2|). */
class SavedRunsTest {
    private static final List<BoundedParameter> PARAMETERS = List.of(new BoundedParameter("z", 2, null, null));
    private static final NormalizingFlow FLOW = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 2)
            .stages(0)
            .build();
    private static final double[] NARROW = {1, 1, 0, 0};
    private static final double[] WIDE = {2, 1, 0, 0};
    private static final double[] WIDEST_BUT_AWAY = {4, 4, 3, 0};

    private static double entropy(double[] theta) {
        return Math.log(2 * Math.PI * Math.E * theta[0] * theta[1]);
    }

    private static SavedRun write(Path folder, boolean lastConverged, double[]... thetas) throws IOException {
        List<EpiEpoch> epochs = new ArrayList<>();
        for (int k = 1; k < thetas.length; k++) {
            boolean converged = k < thetas.length - 1 || lastConverged;
            epochs.add(new EpiEpoch(
                    k, entropy(thetas[k]), new double[2], new double[2], converged, false, 1, new double[2]));
        }
        Distribution last = new Distribution(FLOW, thetas[thetas.length - 1], PARAMETERS, ScalarKernels.INSTANCE);
        return SavedRun.write(folder, Fits.result(last, -1, epochs, List.of(thetas)), "a test");
    }

    /** T = z, which should be 0 on average. */
    private static ConvergenceCheck check() {
        BatchFormula formula = new BatchFormula(2);
        EmergentProperty property = formula.property(formula.parameter(0), formula.parameter(1));
        return new ConvergenceCheck(property, new double[2], 100, 100, 0.05, 1);
    }

    @Test
    void shouldFindAllRunsInTheOrderOfTheirPaths(@TempDir Path root) throws IOException {
        assertTrue(SavedRuns.find(root.resolve("nothing")).isEmpty());
        write(root.resolve("data/epi/b"), true, NARROW, WIDE);
        write(root.resolve("data/epi/a"), true, NARROW, WIDE);
        List<Path> folders = SavedRuns.find(root).stream().map(SavedRun::folder).toList();
        assertEquals(List.of(root.resolve("data/epi/a"), root.resolve("data/epi/b")), folders);
    }

    @Test
    void shouldTakeTheConvergedEpochOfLargestEntropy(@TempDir Path root) throws IOException {
        SavedRun first = write(root.resolve("first"), true, NARROW, NARROW);
        SavedRun second = write(root.resolve("second"), false, NARROW, WIDE, WIDEST_BUT_AWAY);
        SavedRuns.Best best = SavedRuns.largestEntropy(List.of(first, second), ScalarKernels.INSTANCE)
                .orElseThrow();
        assertEquals(second.folder(), best.run().folder());
        assertEquals(1, best.epoch());
        assertEquals(entropy(WIDE), best.entropy());
        assertTrue(SavedRuns.largestEntropy(List.of(), ScalarKernels.INSTANCE).isEmpty());
    }

    @Test
    void shouldTestConvergenceAnew(@TempDir Path root) throws IOException {
        SavedRun run = write(root.resolve("run"), true, NARROW, WIDE, WIDEST_BUT_AWAY);
        ConvergenceCheck.Converged best =
                check().best(run, 0, ScalarKernels.INSTANCE).orElseThrow();
        assertEquals(1, best.epoch());
        assertEquals(entropy(WIDE), best.entropy(), 5 / Math.sqrt(10_000));
        assertFalse(check().of(run.distribution(2, ScalarKernels.INSTANCE)).converged());
        assertTrue(SavedRuns.largestEntropy(List.of(run), check(), 1, ScalarKernels.INSTANCE)
                .isEmpty());
        assertEquals(
                1,
                SavedRuns.largestEntropy(List.of(run), check(), 2, ScalarKernels.INSTANCE)
                        .orElseThrow()
                        .epoch());
    }

    @Test
    void shouldRejectTestsWithoutSamples() {
        EmergentProperty property = check().property();
        assertThrows(
                IllegalArgumentException.class, () -> new ConvergenceCheck(property, new double[2], 1, 10, 0.05, 1));
        assertThrows(IllegalArgumentException.class, () -> new ConvergenceCheck(property, new double[2], 10, 10, 0, 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> SavedRuns.largestEntropy(List.of(), check(), 0, ScalarKernels.INSTANCE));
    }
}
