package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.kernel.WorkerPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FitTest {
    private static final Hyperparameters PRIOR =
            Hyperparameters.of(new Hyperparameters.Transitions(5, 5.7, 20, 30), 2, 2, 0.01, 10);

    @TempDir
    Path folder;

    /** Sequences of three lengths from a model drawn from the prior, one frame of them missing. */
    private static Sequences data() {
        Functions functions = new Functions(ScalarKernels.INSTANCE, Bands.ALONE);
        Sequences.Builder builder = new Sequences.Builder(2);
        for (int n = 0; n < 3; n++) {
            ArHmmParameters truth = functions.initParams(3, PRIOR);
            double[] x = functions
                    .generateStates(
                            n,
                            new NdArray(new int[] {5, 5}, truth.pi()),
                            new NdArray(new int[] {5, 2, 5}, stable(truth.ab())),
                            new NdArray(new int[] {5, 2, 2}, truth.q()),
                            70 + 40 * n,
                            null)
                    .xs()
                    .doubles();
            double[] mask = new double[70 + 40 * n];
            Arrays.fill(mask, 1);
            mask[30] = 0;
            x[60] = Double.NaN;
            builder.add(x, mask);
        }
        return builder.build();
    }

    /** Coefficients small enough that nothing grows without bounds. */
    private static double[] stable(double[] ab) {
        return Arrays.stream(ab).map(a -> 0.1 * a).toArray();
    }

    private static Fit fit(Bands bands, long seed, long sweeps) {
        return Fit.of(data(), ScalarKernels.INSTANCE, bands)
                .seed(seed)
                .sweeps(sweeps)
                .from(PRIOR);
    }

    private static ArHmmModel run(Fit fit) {
        while (!fit.done()) {
            fit.step();
        }
        return fit.result();
    }

    @Test
    void shouldEndAnIterationWithEveryThirdStep() {
        Fit fit = fit(Bands.ALONE, 1, 2);
        assertEquals(0, fit.iteration());
        assertTrue(fit.objectives().isEmpty());
        assertEquals(false, fit.step() || fit.step());
        ArHmmModel before = fit.result();
        assertEquals(true, fit.step());

        assertNotEquals(before, fit.result());
        assertEquals(1, fit.iteration());
        assertEquals(2, fit.iterations());
        LogJoint joint = new Functions(ScalarKernels.INSTANCE, Bands.ALONE)
                .modelLikelihood(data(), fit.result().states(), fit.result().parameters());
        assertEquals(
                Map.of("log_joint", joint.x() + joint.z(), "log_joint_x", joint.x(), "log_joint_z", joint.z()),
                fit.objectives());
        // Frames 31 and 32 of each sequence have frame 30 among their lags.
        assertEquals(6, fit.framesWithoutLags());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void shouldRunTheSameChainWithAnyNumberOfWorkers(int workers) {
        ArHmmModel alone = run(fit(Bands.ALONE, 1, 4));
        try (WorkerPool pool = new WorkerPool(workers)) {
            assertEquals(alone, run(fit(pool, 1, 4)));
        }
        assertNotEquals(alone.parameters(), run(fit(Bands.ALONE, 2, 4)).parameters());
    }

    @Test
    void shouldRunTheChainOfResampleModel() {
        Functions functions = new Functions(ScalarKernels.INSTANCE, Bands.ALONE);
        ArHmmModel model = functions.initModel(data(), null, null, PRIOR, 1, null, null);
        for (int sweep = 0; sweep < 3; sweep++) {
            model = functions.resampleModel(data(), model, false);
        }
        assertEquals(model, run(fit(Bands.ALONE, 1, 3)));

        ArHmmModel statesOnly = functions.resampleModel(data(), model, true);
        assertEquals(model.parameters(), statesOnly.parameters());
        assertNotEquals(Arrays.deepToString(model.states()), Arrays.deepToString(statesOnly.states()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 7, 8})
    void shouldGoOnFromACheckpointAsIfNothingHadHappened(int steps) throws IOException {
        Fit first = fit(Bands.ALONE, 1, 5);
        for (int i = 0; i < steps; i++) {
            first.step();
        }
        Path file = folder.resolve("fit.npz");
        Npz.write(file, first.save());

        Fit second = fit(Bands.ALONE, 1, 5);
        second.restore(Npz.read(file));

        assertEquals(steps / 3, second.iteration());
        assertEquals(first.objectives(), second.objectives());
        assertEquals(run(first), run(second));
    }

    @Test
    void shouldGoOnFromAModel() {
        ArHmmModel half = run(fit(Bands.ALONE, 1, 2));
        Fit rest = Fit.of(data(), ScalarKernels.INSTANCE, Bands.ALONE).sweeps(5).from(half);
        assertEquals(run(fit(Bands.ALONE, 1, 5)), run(rest));
    }

    @Test
    void shouldRejectCheckpointsOfOtherFits() {
        Fit fit = fit(Bands.ALONE, 1, 5);
        Fit otherSeed = fit(Bands.ALONE, 2, 5);
        Sequences other = new Sequences.Builder(2).add(new double[20], null).build();
        Fit otherData =
                Fit.of(other, ScalarKernels.INSTANCE, Bands.ALONE).seed(1).from(PRIOR);

        checkMessage("of a fit with seed 1 but here it is 2", () -> otherSeed.restore(fit.save()));
        checkMessage("other sequences", () -> otherData.restore(fit.save()));
        checkMessage("no checkpoint of a fit", () -> fit.restore(Map.of("a", NdArray.of(1.0))));
    }

    private static Fit.Builder builder() {
        return Fit.of(data(), ScalarKernels.INSTANCE, Bands.ALONE).seed(1).sweeps(5);
    }

    private static Hyperparameters prior(int states, double kappa, double s0Scale) {
        return Hyperparameters.of(new Hyperparameters.Transitions(states, 5.7, kappa, 30), 2, 2, s0Scale, 10);
    }

    @Test
    void shouldSayWhichSettingOfACheckpointDiffers() {
        Fit stopped = builder().from(PRIOR);
        run(stopped);
        Map<String, NdArray> saved = stopped.save();
        Map<String, Fit> others = new LinkedHashMap<>();
        others.put(
                "referenceNumerics false but here it is true",
                builder().referenceNumerics(true).from(PRIOR));
        others.put(
                "diagonalBoost 1.0E-6 but here it is 0.001",
                builder().diagonalBoost(1e-3).from(PRIOR));
        others.put("beginning prior but here it is stretches", builder().fromStretches(PRIOR));
        others.put("beginning prior but here it is model", builder().from(stopped.result()));
        others.put("states 5 but here it is 4", builder().from(prior(4, 20, 0.01)));
        others.put("kappa 20.0 but here it is 21.0", builder().from(prior(5, 21, 0.01)));
        others.put("S_0[0] 0.01 but here it is 0.02", builder().from(prior(5, 20, 0.02)));
        others.forEach((expected, other) -> {
            ArHmmModel before = other.result();

            checkMessage("the checkpoint is of a fit with " + expected, () -> other.restore(saved));

            assertSame(before, other.result(), "it is as it was");
        });
        Map<String, NdArray> older = new LinkedHashMap<>(saved);
        older.remove("diagonal_boost");
        checkMessage(
                "does not say with which diagonal_boost",
                () -> builder().from(PRIOR).restore(older));
        older.put("diagonal_boost", saved.get("diagonal_boost"));
        older.put("beginning", NdArray.of(7L));
        checkMessage(
                "beginning is 7 but must be 0 to 2", () -> builder().from(PRIOR).restore(older));
    }

    private static void checkMessage(String part, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(part), message);
    }

    /** Features out of all proportion: their squares overflow. */
    @Test
    void shouldKeepTheLastGoodModelWhenNumbersRunAway() {
        double[] x = new double[80];
        for (int i = 0; i < x.length; i++) {
            x[i] = 1e200 * Math.sin(i);
        }
        Sequences data = new Sequences.Builder(2).add(x, null).build();
        int[][] states = {new int[38]};
        ArHmmModel start =
                new Functions(ScalarKernels.INSTANCE, Bands.ALONE).initModel(data, states, null, PRIOR, 1, null, null);
        Fit fit = Fit.of(data, ScalarKernels.INSTANCE, Bands.ALONE).from(start);

        IllegalStateException error = assertThrows(IllegalStateException.class, () -> run(fit));

        assertTrue(
                error.getMessage().startsWith("sweep 1 failed: the statistics of state 0 over 38.0 frames"),
                error.getMessage());
        assertSame(start, fit.result());
        assertEquals(start, ArHmmModelFile.model(fit.save()));
    }

    @Test
    void shouldDrawAStateWithoutFramesFromThePrior() {
        Functions functions = new Functions(ScalarKernels.INSTANCE, Bands.ALONE);
        NdArray x = new NdArray(new int[] {1, 40, 2}, Arrays.copyOf(data().x(0), 80));
        double[] mask = new double[40];
        Arrays.fill(mask, 1);
        mask[30] = 0;
        NdArray z = new NdArray(new int[] {1, 38}, new long[38]);
        NdArray weights = new NdArray(new int[] {1, 40}, mask);

        NdArray q = functions
                .resampleArParams(9, 2, weights, x, z, PRIOR.autoregression())
                .q();
        NdArray without = functions
                .resampleArParams(9, 2, new NdArray(new int[] {1, 40}, new double[40]), x, z, PRIOR.autoregression())
                .q();

        // State 1 has no frames in either; state 0 has some in the first.
        assertEquals(without.at(4), q.at(4));
        assertNotEquals(without.at(0), q.at(0));
    }

    @Test
    void shouldRejectWhatCannotBeFitted() {
        checkMessage(
                "no sequence",
                () -> Fit.of(new Sequences.Builder(2).build(), ScalarKernels.INSTANCE, Bands.ALONE)
                        .from(PRIOR));
        checkMessage(
                "sequence 0 has 2 frames, needs at least 3",
                () -> Fit.of(
                                new Sequences.Builder(2)
                                        .add(new double[4], null)
                                        .build(),
                                ScalarKernels.INSTANCE,
                                Bands.ALONE)
                        .from(PRIOR));
        checkMessage(
                "has 2 dims but the frames have 3",
                () -> Fit.of(
                                new Sequences.Builder(3)
                                        .add(new double[30], null)
                                        .build(),
                                ScalarKernels.INSTANCE,
                                Bands.ALONE)
                        .from(PRIOR));
        checkMessage("sweeps must be >= 0", () -> fit(Bands.ALONE, 1, -1));
        checkMessage(
                "diagonalBoost",
                () -> Fit.of(data(), ScalarKernels.INSTANCE, Bands.ALONE).diagonalBoost(-1));
    }
}
