package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.amacrine.core.flux.JobRun;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.core.random.RandomSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FitTest {
    private static final int ROWS = 60;

    private static Fit.Builder fit(LatentRegressionModel model) {
        return Fit.of(model, LatentModels.random(ROWS, model.dIn(), 7), LatentModels.random(ROWS, model.dOut(), 8))
                .batchSize(20)
                .sendSize(20)
                .minVariance(0.01)
                .maxIterations(30)
                .seed(3);
    }

    private static FitResult run(Fit fit) {
        while (!fit.done()) {
            fit.step();
        }
        return fit.result();
    }

    private static void assertRefuses(String expected, Runnable call) {
        RuntimeException e = assertThrows(IllegalArgumentException.class, call::run);
        assertTrue(e.getMessage().contains(expected), e.getMessage());
    }

    @Test
    void shouldDependOnTheChunksByRoundingAlone() {
        FitResult whole = run(fit(LatentModels.everything(1)).build());
        for (int sendSize : new int[] {1, 7}) {
            FitResult cut =
                    run(fit(LatentModels.everything(1)).sendSize(sendSize).build());

            assertArrayEquals(whole.objective(), cut.objective(), 1e-9);
            whole.weights()
                    .forEach((name, weights) -> assertArrayEquals(
                            weights.doubles(), cut.weights().get(name).doubles(), 1e-9, name));
        }
    }

    private static FitResult sharedBy(Bands bands, LatentRegressionModel model) {
        return run(Fit.of(model, LatentModels.random(130, model.dIn(), 7), LatentModels.random(130, model.dOut(), 8))
                .batchSize(120)
                .sendSize(110)
                .minVariance(0.01)
                .maxIterations(20)
                .bands(bands)
                .build());
    }

    @Test
    void shouldGiveTheSameBitsForAnyNumberOfWorkers() {
        for (boolean fittedModules : new boolean[] {true, false}) {
            Supplier<LatentRegressionModel> model = () -> fittedModules
                    ? LatentModels.everything(1)
                    : LatentModels.plain(600, 4).seed(1).build(new IdentityMap());
            FitResult alone = sharedBy(Bands.ALONE, model.get());
            for (int workers = 2; workers <= 3; workers++) {
                try (WorkerPool pool = new WorkerPool(workers)) {
                    FitResult shared = sharedBy(pool, model.get());

                    assertArrayEquals(alone.objective(), shared.objective(), 0, workers + " workers");
                    assertEquals(alone.weights(), shared.weights(), workers + " workers");
                }
            }
        }
    }

    @Test
    void shouldContinueFromACheckpointAsIfItHadNeverStopped(@TempDir Path folder) throws IOException {
        LearningRates rates = LearningRates.of(new LearningRates.Entry(0, 0.02), new LearningRates.Entry(17, 0.005));
        Adam.Settings amsgrad = new Adam.Settings(0.9, 0.99, 1e-8, 0.01, true);
        Fit straight = fit(LatentModels.everything(1))
                .learningRates(rates)
                .adam(amsgrad)
                .build();
        Fit stopped = fit(LatentModels.everything(1))
                .learningRates(rates)
                .adam(amsgrad)
                .build();
        for (int k = 0; k < 13; k++) {
            stopped.step();
        }
        Path file = folder.resolve("fit.npz");
        Npz.write(file, stopped.save());
        Fit restored = fit(LatentModels.everything(5))
                .learningRates(rates)
                .adam(amsgrad)
                .build();

        restored.restore(Npz.read(file));

        assertEquals(13, restored.iteration());
        FitResult expected = run(straight);
        FitResult actual = run(restored);
        assertArrayEquals(expected.objective(), actual.objective(), 0);
        assertEquals(expected.weights(), actual.weights());
    }

    @Test
    void shouldRefuseTheCheckpointOfAnotherFit() {
        Fit fit = fit(LatentModels.everything(1)).build();
        Map<String, NdArray> saved = fit.save();
        LatentRegressionModel model = LatentModels.everything(1);
        Fit other = Fit.of(model, LatentModels.random(ROWS, model.dIn(), 1), LatentModels.random(ROWS, model.dOut(), 2))
                .batchSize(20)
                .sendSize(20)
                .build();

        assertRefuses("is of a fit to other data", () -> other.restore(saved));
        assertRefuses("this is no checkpoint of a fit", () -> fit.restore(Map.of()));
    }

    @Test
    void shouldSayWhichSettingOfACheckpointDiffers() {
        Fit stopped = fit(LatentModels.everything(1)).build();
        stopped.step();
        Map<String, NdArray> saved = stopped.save();
        LatentRegressionModel model = LatentModels.everything(1);
        Map<String, NdArray> before = StateDict.arrays(model.stateDict());
        Supplier<Fit.Builder> other = () -> fit(model);
        Map<String, Fit> others = new LinkedHashMap<>();
        others.put("seed 3 but here it is 4", other.get().seed(4).build());
        others.put("batches random but here it is given", other.get().build(Batches.all()));
        others.put("sendSize 20 but here it is 5", other.get().sendSize(5).build());
        others.put("batchSize 20 but here it is 21", other.get().batchSize(21).build());
        others.put(
                "learningRates 0:0.01 but here it is 0:0.02",
                other.get().learningRates(LearningRates.constant(0.02)).build());
        others.put(
                "amsgrad=true",
                other.get().adam(new Adam.Settings(0.9, 0.999, 1e-8, 0, true)).build());
        others.put(
                "minVariance 0.01 but here it is 0.1",
                other.get().minVariance(0.1).build());
        others.put("l1P [] but here it is [1.0]", other.get().l1P(1).build());
        others.put("l1U [] but here it is [1.0]", other.get().l1U(1).build());
        others.put("l1 MEAN but here it is SUM", other.get().l1(Fit.L1.SUM).build());
        others.put(
                "but here it is psi0",
                other.get().parameters(List.of(model.tensor(Kind.PSI, 0))).build());

        others.forEach((message, fit) -> assertRefuses(message, () -> fit.restore(saved)));

        assertEquals(before, StateDict.arrays(model.stateDict()), "nothing was taken over");
        Fit bumps = bumpFit(bump(1, 0), 3).build();
        assertRefuses("c_grad_std=2.0", () -> bumpFit(bump(2, 0), 3).build().restore(bumps.save()));
    }

    @Test
    void shouldGoOnForMoreIterationsThanTheFitThatWasSaved() {
        Fit first = fit(LatentModels.everything(1)).maxIterations(5).build();
        run(first);
        Fit longer = fit(LatentModels.everything(2)).build();

        longer.restore(first.save());

        assertEquals(
                run(fit(LatentModels.everything(1)).build()).weights(),
                run(longer).weights());
    }

    @Test
    void shouldRefuseDamagedCheckpoints() {
        Fit fit = fit(LatentModels.everything(1)).build();
        fit.step();
        Map<String, NdArray> saved = fit.save();
        Map<String, NdArray> before = fit.result().weights();

        for (String name : List.of("rate", "raised", "objective", "elapsed_seconds")) {
            assertRefuses("of \"" + name + "\" but has none", () -> fit.restore(changed(saved, name, null)));
        }
        assertRefuses("does not say with which settings", () -> fit.restore(changed(saved, "settings", null)));
        assertRefuses(
                "no seed but here it is 3",
                () -> fit.restore(changed(saved, "settings", new NdArray(new int[] {2}, new long[] {-1, 7}))));
        assertRefuses(
                "iteration -3, which must be >= 0", () -> fit.restore(changed(saved, "iteration", NdArray.of(-3L))));
        assertRefuses(
                "must have 2 values of \"objective\" but has 1",
                () -> fit.restore(changed(saved, "iteration", NdArray.of(2L))));
        assertRefuses("has a rate of NaN", () -> fit.restore(changed(saved, "rate", NdArray.of(Double.NaN))));
        assertRefuses("of \"steps\" but there are none", () -> fit.restore(changed(saved, "adam.steps", null)));
        assertRefuses("parameter \"p0\" is missing", () -> fit.restore(changed(saved, "model.p0", null)));
        assertRefuses(
                "must have 1 values of \"iteration\" but has 2",
                () -> fit.restore(changed(saved, "iteration", new NdArray(new int[] {2}, new long[] {1, 1}))));

        assertEquals(before, fit.result().weights());
        assertEquals(1, fit.iteration());
    }

    private static Map<String, NdArray> changed(Map<String, NdArray> saved, String name, NdArray value) {
        Map<String, NdArray> other = new LinkedHashMap<>(saved);
        if (value == null) {
            other.remove(name);
        } else {
            other.put(name, value);
        }
        return other;
    }

    @Test
    void shouldRefuseAModelWithNothingToFit() {
        LatentRegressionModel model = LatentModels.plain(2, 1).build(new IdentityMap());
        for (Kind kind : List.of(Kind.P, Kind.U, Kind.PSI)) {
            model.trainable(kind, 0, false);
        }

        assertRefuses(
                "there is no parameter to fit; assign one and make it trainable",
                () -> fit(model).build());
    }

    @Test
    void shouldRefuseAModelWhoseParametersAreNoNumbers() {
        LatentRegressionModel model = LatentModels.everything(1);
        model.stateDict().get("m.nn.bias").values()[1] = Double.NaN;
        assertRefuses(
                "value 1 of parameter \"m.nn.bias\" is NaN; all must be finite numbers",
                () -> fit(model).build());
        model.stateDict().get("m.nn.bias").values()[1] = 0;
        model.tensor(Kind.PSI, 1).values()[0] = -1;
        assertRefuses(
                "value 0 of parameter \"psi1\" is -1.0; it is a variance",
                () -> fit(model).build());
    }

    @Test
    void shouldRunAsAJob() throws Exception {
        Fit fit = fit(LatentModels.everything(1)).build();
        JobRun<FitResult> job = JobRun.of("fit", fit);

        job.start().await();

        assertEquals(30, job.result().objective().length);
        assertEquals(
                List.of("objective", "learning_rate", "raised_variances"),
                List.copyOf(fit.objectives().keySet()));
        double[] seconds = job.result().elapsedSeconds();
        for (int k = 0; k < seconds.length; k++) {
            assertTrue(seconds[k] >= (k == 0 ? 0 : seconds[k - 1]), Arrays.toString(seconds));
        }
    }

    @Test
    @Timeout(60)
    void shouldRestAndEndAsAJobAndGoOnFromItsCheckpoint(@TempDir Path folder) throws Exception {
        Batches batches = Batches.random(3, ROWS);
        AtomicReference<JobRun<FitResult>> run = new AtomicReference<>();
        Fit fit = fit(LatentModels.everything(1)).build((iteration, rows) -> {
            if (iteration == 5) {
                run.get().pause();
            }
            if (iteration == 9) {
                run.get().cancel();
            }
            batches.draw(iteration, rows);
        });
        Path file = folder.resolve("fit.npz");
        run.set(JobRun.of("fit", fit).checkpoint(file, 1000));

        run.get().start();
        while (run.get().state() != JobRun.State.PAUSED) {
            Thread.onSpinWait();
        }
        assertEquals(6, run.get().result().objective().length, "it rests behind the step that it was in");
        run.get().resume();

        assertEquals(JobRun.State.CANCELLED, run.get().await());
        assertEquals(10, run.get().result().objective().length);
        Fit rest = fit(LatentModels.everything(2)).build(batches);
        rest.restore(Npz.read(file));
        FitResult straight = run(fit(LatentModels.everything(1)).build(batches));
        FitResult resumed = run(rest);
        assertArrayEquals(straight.objective(), resumed.objective(), 0);
        assertEquals(straight.weights(), resumed.weights());
    }

    @Test
    void shouldLowerTheObjectiveOfDataThatTheModelCanExplain() {
        LatentRegressionModel truth = LatentModels.everything(11);
        Groups x = LatentModels.random(200, truth.dIn(), 1);
        Groups y = truth.generate(x, Noise.counted(1, "truth", 0));
        double best = truth.negLl(y, truth.forward(x)) / 200;
        LatentRegressionModel model = LatentModels.everything(12);
        double before = model.negLl(y, model.forward(x)) / 200;

        run(Fit.of(model, x, y).maxIterations(1500).minVariance(0.01).build());

        double after = model.negLl(y, model.forward(x)) / 200;
        assertTrue(after < before - 0.5 && after < best + 0.3, before + " -> " + after + ", truth " + best);
    }

    @Test
    void shouldRaiseVariancesAlsoOfGroupsThatAreNotFitted() {
        LatentRegressionModel model = LatentModels.everything(1);
        model.tensor(Kind.PSI, 0).values()[2] = 1e-3;
        model.trainable(Kind.PSI, 0, false);
        double[] others = model.tensor(Kind.PSI, 0).values().clone();
        Fit fit = fit(model).maxIterations(1).build();

        fit.step();

        others[2] = 0.01;
        assertArrayEquals(others, model.tensor(Kind.PSI, 0).values());
        assertEquals(1, fit.objectives().get("raised_variances"));
    }

    @Test
    void shouldWeighTheSumOfModesWhenAsked() {
        LatentRegressionModel mean = LatentModels.everything(1);
        LatentRegressionModel sum = LatentModels.everything(1);
        double perEntry = 0.3;

        FitResult byMean =
                run(fit(mean).l1P(perEntry * 10).l1U(0, perEntry * 10).build());
        FitResult bySum =
                run(fit(sum).l1P(perEntry).l1U(0, perEntry).l1(Fit.L1.SUM).build());

        assertArrayEquals(byMean.objective(), bySum.objective(), 1e-12);
    }

    @Test
    void shouldChangeNothingWithoutIterations() {
        LatentRegressionModel model = LatentModels.everything(1);
        Map<String, NdArray> before = StateDict.arrays(model.stateDict());

        FitResult result = run(fit(model).maxIterations(0).build());

        assertEquals(0, result.objective().length);
        assertEquals(before, result.weights());
    }

    @Test
    void shouldDrawDistinctRowsIndependentlyOfWhatWasDrawnBefore() {
        Batches batches = Batches.random(1, 10);
        int[] fifth = new int[7];
        int[] sixth = new int[7];
        int[] again = new int[7];
        batches.draw(5, fifth);
        batches.draw(6, sixth);
        Batches.random(1, 10).draw(6, again);

        assertArrayEquals(sixth, again);
        assertNotEquals(Arrays.toString(fifth), Arrays.toString(sixth));
        assertEquals(7, Arrays.stream(fifth).distinct().count());
        int[] counts = new int[10];
        for (int k = 0; k < 10_000; k++) {
            batches.draw(k, fifth);
            for (int row : fifth) {
                counts[row]++;
            }
        }
        for (int count : counts) {
            assertEquals(7000, count, 5 * Math.sqrt(10_000 * 0.7 * 0.3), Arrays.toString(counts));
        }
    }

    @Test
    void shouldKeepTheParametersWhenTheObjectiveIsNoNumber() {
        LatentRegressionModel model = LatentModels.everything(1);
        Fit fit = fit(model).build();
        fit.step();
        model.tensor(Kind.PSI, 0).values()[0] = 0;
        Map<String, NdArray> before = StateDict.arrays(model.stateDict());

        IllegalStateException e = assertThrows(IllegalStateException.class, fit::step);

        assertTrue(e.getMessage().startsWith("the objective of iteration 1 is "), e.getMessage());
        assertEquals(before, fit.result().weights());
        assertEquals(1, fit.result().objective().length);
    }

    /** One variable through a bump, {@code y = bump(x)}. */
    private static LatentRegressionModel bump(double centreStd, double magnitudeGain) {
        LatentRegressionModel model = LatentModels.plain(1, 1)
                .s(List.of(new Chain(bumpFcn(centreStd, magnitudeGain))))
                .build(new IdentityMap());
        model.tensor(Kind.P, 0).set(Tensor.of(new double[] {1}, 1, 1));
        model.tensor(Kind.U, 0).set(Tensor.of(new double[] {1}, 1, 1));
        return model;
    }

    private static BumpFcn bumpFcn(double centreStd, double magnitudeGain) {
        return new BumpFcn(
                new double[] {0},
                new double[] {2},
                1,
                new BumpBounds(new double[] {-0.025}, new double[] {0.025}),
                null,
                new WanderingModule.Perturbation(centreStd, 0, magnitudeGain),
                0);
    }

    private static Fit.Builder bumpFit(LatentRegressionModel model, int iterations) {
        double[] x = new double[40];
        for (int i = 0; i < x.length; i++) {
            x[i] = i / 20.0 - 1;
        }
        // Zeros, so that without a perturbation the bump becomes lower.
        return Fit.of(model, Groups.of(40, x), Groups.of(40, new double[40]))
                .batchSize(40)
                .sendSize(40)
                .maxIterations(iterations)
                .seed(3);
    }

    private static double of(LatentRegressionModel model, String parameter) {
        return model.stateDict().get("s.0.0." + parameter).values()[0];
    }

    @Test
    void shouldPerturbTheGradientsOfWanderingModules() {
        LatentRegressionModel plain = bump(0, 0);
        LatentRegressionModel pushed = bump(0, 1e9);
        LatentRegressionModel noisy = bump(1e9, 0);
        for (LatentRegressionModel model : List.of(plain, pushed, noisy)) {
            bumpFit(model, 1).build().step();
        }

        assertEquals(0.99, of(plain, "m"), 1e-9, "Adam's first step is the rate, downwards");
        assertEquals(1.01, of(pushed, "m"), 1e-9, "the gain turns it round");
        assertEquals(0.01, Math.abs(of(noisy, "c")), 1e-9, "noise is all of the centre's gradient");
    }

    @Test
    void shouldKeepWanderingModulesInTheirBounds() {
        LatentRegressionModel model = bump(1e9, 0);
        Fit fit = bumpFit(model, 200).build();
        boolean reached = false;
        while (!fit.done()) {
            fit.step();
            assertTrue(Math.abs(of(model, "c")) <= 0.025, () -> "c is " + of(model, "c"));
            reached |= Math.abs(of(model, "c")) == 0.025;
        }
        assertTrue(reached, "the noise drove it to a bound");
    }

    @Test
    void shouldWanderOnAfterARestartAsIfThereWasNone() {
        LatentRegressionModel straight = bump(1, 0);
        Fit whole = bumpFit(straight, 30).build();
        Map<String, NdArray> saved = null;
        while (!whole.done()) {
            whole.step();
            saved = whole.iteration() == 11 ? whole.save() : saved;
        }
        LatentRegressionModel resumed = bump(1, 0);
        Fit rest = bumpFit(resumed, 30).build();
        rest.restore(saved);
        while (!rest.done()) {
            rest.step();
        }

        assertEquals(StateDict.arrays(straight.stateDict()), StateDict.arrays(resumed.stateDict()));
    }

    @Test
    void shouldLeaveWanderingModulesAloneThatAreNotFitted() {
        LatentRegressionModel model = bump(1e9, 1e9);
        model.stateDict().get("s.0.0.c").values()[0] = 5;
        Fit fit =
                bumpFit(model, 3).parameters(List.of(model.tensor(Kind.PSI, 0))).build();
        while (!fit.done()) {
            fit.step();
        }

        assertEquals(5, of(model, "c"), "out of its bounds, and not moved");
    }

    @Test
    void shouldFindWanderingModulesWithinOthers() {
        BumpFcn bump = bumpFcn(0, 0);
        for (Differentiable within : List.of(
                new Chain(bump),
                new NNMap(new int[] {1}, bump),
                new MapChain(new GroupTransform(List.of(bump))),
                new ElementWiseTransformedGroupLatents(bump),
                new SplitColumns(new int[][] {{0}}, List.of(bump)),
                new DenseLNLNet(bump, 1, 1, 1, false, new RandomSequence()))) {
            Differentiable inner = within;
            while (!inner.parts().isEmpty()) {
                inner = inner.parts().get(0);
            }
            assertSame(bump, inner, within.getClass().getSimpleName());
        }
    }

    @Test
    void shouldBeRowByRowThemselvesWhenTheirPartsAre() {
        RandomSequence random = new RandomSequence();
        TensorModule plain = new Linear(2, 2, true, random);
        TensorModule net = new DenseLNLNet(plain, 2, 1, 2, false, random);
        TensorModule split = new SplitColumns(new int[][] {{0}}, List.of(new Linear(1, 1, true, random)));
        assertSame(net, net.rowByRow());
        assertSame(split, split.rowByRow());
        for (GroupMap map : List.of(
                new NNMap(new int[] {2}, plain),
                new GroupTransform(List.of(plain)),
                new ElementWiseTransformedGroupLatents(plain))) {
            assertSame(map, map.rowByRow());
        }
        GroupMap bumps = new NNMap(new int[] {1}, bumpFcn(0, 0));
        assertNotSame(bumps, bumps.rowByRow());
    }

    /** Adam's steps down the gradients of whole data sets, one after the other. */
    private static LatentRegressionModel byHand(List<Groups> x, List<Groups> y) {
        LatentRegressionModel model = LatentModels.everything(1);
        List<Tensor> parameters = model.trainableParameters();
        Adam adam = new Adam(parameters, Adam.Settings.DEFAULTS);
        for (int k = 0; k < x.size(); k++) {
            parameters.forEach(Tensor::zeroGradient);
            model.addGradients(x.get(k), y.get(k), 1.0 / ROWS);
            adam.step(0.01);
        }
        return model;
    }

    @Test
    void shouldGoOnWithOtherSamplesAndTheMomentsThatItHas() {
        LatentRegressionModel model = LatentModels.everything(1);
        Groups x = LatentModels.random(ROWS, model.dIn(), 7);
        Groups y = LatentModels.random(ROWS, model.dOut(), 8);
        Groups laterX = LatentModels.random(ROWS, model.dIn(), 9);
        Groups laterY = LatentModels.random(ROWS, model.dOut(), 10);
        Fit fit = Fit.of(model, x, y)
                .batchSize(ROWS)
                .sendSize(ROWS)
                .minVariance(0)
                .build(Batches.all());

        fit.step();
        fit.step();
        fit.samples(laterX, laterY);
        fit.step();

        Map<String, Tensor> expected =
                byHand(List.of(x, x, laterX), List.of(y, y, laterY)).stateDict();
        model.stateDict()
                .forEach(
                        (name, tensor) -> assertArrayEquals(expected.get(name).values(), tensor.values(), 1e-12, name));
        Groups fewer = LatentModels.random(59, model.dIn(), 9);
        assertRefuses(
                "the fit is to 60 rows but was given 59",
                () -> fit.samples(fewer, LatentModels.random(59, model.dOut(), 9)));
        assertRefuses("x has 60 rows but y has 59", () -> fit.samples(x, LatentModels.random(59, model.dOut(), 9)));
        assertRefuses("y must be given but was null", () -> fit.samples(x, null));
        Groups broken = LatentModels.random(ROWS, model.dIn(), 7);
        broken.group(0)[3] = Double.NaN;
        assertRefuses("row 0, variable 3 of input group 0 is NaN", () -> fit.samples(broken, y));
    }

    @Test
    void shouldRefuseWhatDoesNotFit() {
        LatentRegressionModel model = LatentModels.everything(1);
        Groups x = LatentModels.random(ROWS, model.dIn(), 7);
        Groups y = LatentModels.random(ROWS, model.dOut(), 8);

        assertRefuses(
                "sendSize must be at most batchSize but was 100 with a batchSize of 20",
                () -> Fit.of(model, x, y).batchSize(20).build());
        assertRefuses(
                "batchSize is 100 but there are only 60 rows",
                () -> Fit.of(model, x, y).build());
        assertRefuses(
                "batchSize must be >= 1 but was 0", () -> Fit.of(model, x, y).batchSize(0));
        assertRefuses(
                "sendSize must be >= 1 but was 0", () -> Fit.of(model, x, y).sendSize(0));
        assertRefuses("maxIterations must be >= 0", () -> Fit.of(model, x, y).maxIterations(-1));
        assertRefuses("there is no parameter to fit", () -> Fit.of(model, x, y).parameters(List.of()));
        assertRefuses(
                "l1P has 3 penalties but there are 2 groups",
                () -> Fit.of(model, x, y).l1P(1, 1, 1));
        assertRefuses("l1U must hold finite numbers", () -> Fit.of(model, x, y).l1U(Double.NaN));
        assertRefuses("minVariance must be >= 0", () -> Fit.of(model, x, y).minVariance(-1));
        assertRefuses("x has 60 rows but y has 59", () -> Fit.of(model, x, LatentModels.random(59, model.dOut(), 8)));
        x.group(1)[4 * 5 + 2] = Double.NaN;
        assertRefuses("row 5, variable 2 of input group 1 is NaN", () -> Fit.of(model, x, y));
        assertRefuses("learning rates must be >= 0", () -> LearningRates.constant(-0.1));
        assertRefuses("no learning rate is given from iteration 0 on but for []", () -> LearningRates.of());
        assertRefuses("beta1 must be within [0, 1) but was 1.0", () -> new Adam.Settings(1, 0.9, 0, 0, false));
    }

    @Test
    void shouldStepLikeAdam() {
        Tensor parameter = Tensor.vector(1);
        Tensor untouched = Tensor.vector(5);
        Adam adam = new Adam(List.of(parameter, untouched), new Adam.Settings(0.5, 0.75, 0, 0.1, false));
        parameter.gradient()[0] = 0.9;
        adam.step(0.1);
        assertEquals(0.9, parameter.values()[0], 1e-15, "the first step is the rate, whatever the gradient");

        parameter.gradient()[0] = -1.09;
        adam.step(0.1);
        double m = (0.5 * 0.5 * 1 - 0.5 * 1) / 0.75;
        double v = (0.75 * 0.25 + 0.25) / (1 - 0.75 * 0.75);
        assertEquals(0.9 - 0.1 * m / Math.sqrt(v), parameter.values()[0], 1e-15);
        assertEquals(5, untouched.values()[0], "nobody gave it a gradient");
    }
}
