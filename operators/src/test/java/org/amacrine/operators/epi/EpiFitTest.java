package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;

/** What a fit reaches, and that it can be taken up again anywhere. */
class EpiFitTest {
    /** Moments of N((1, -0.5), [[0.5, 0.3], [0.3, 0.8]]): z1, z2, z1², z2², z1 z2. */
    private static final double[] GAUSSIAN_MU = {1, -0.5, 1.5, 1.05, -0.2};

    private static NormalizingFlow.Builder gaussianFlow() {
        return NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 2)
                .stages(2)
                .units(15);
    }

    private static EpiFitBuilder gaussianFit() {
        return gaussianFit(gaussianFlow(), null);
    }

    private static EpiFitBuilder gaussianFit(NormalizingFlow.Builder flow, double[] lower) {
        EpiModel model = new EpiModel(
                "gaussian", List.of(new BoundedParameter("z", 2, lower, null)), "moments", new Moments(Double.NaN));
        return EpiFit.of(model, flow.build(), GAUSSIAN_MU, ScalarKernels.INSTANCE)
                .lagrangian(new LagrangianSettings(100, 3e-3, 1, 0.25, 4))
                .initialIterations(300)
                .epochs(6)
                .iterations(300)
                .batches(50, 100);
    }

    private static void run(EpiFit fit) {
        while (!fit.done()) {
            fit.step();
        }
    }

    /**
     * The density of largest entropy with these moments is the Gaussian itself, of entropy log(2 pi e sqrt(det)), det = 0.31;
     * with its natural parameters eta*, a distribution's divergence from it is H* - H - eta*·R.
     */
    @Test
    void shouldFindTheGaussianFromItsMoments() {
        EpiFit fit = gaussianFit().build();
        run(fit);
        EpiResult result = fit.result();

        assertTrue(result.converged(), () -> "epochs " + result.epochs());
        EpiEpoch last = result.epochs().get(result.epochs().size() - 1);
        double largest = Math.log(2 * Math.PI * Math.E * Math.sqrt(0.31));
        double[] eta = {0.95 / 0.31, -0.55 / 0.31, -0.4 / 0.31, -0.25 / 0.31, 0.3 / 0.31};
        double divergence = largest - last.entropy();
        for (int i = 0; i < eta.length; i++) {
            divergence -= eta[i] * last.violation()[i];
        }
        assertTrue(divergence > -0.03 && divergence < 0.06, "divergence " + divergence);
        for (EpiEpoch epoch : result.epochs()) {
            boolean better = epoch.converged()
                    && epoch.entropy()
                            > result.epochs().get(result.bestEpoch() - 1).entropy();
            assertFalse(better, "epoch " + epoch.epoch() + " converged with a larger entropy than the best");
        }
    }

    @Test
    void shouldGoOnFromACheckpointAsIfNothingHadHappened() {
        EpiFitBuilder builder = gaussianFit()
                .epochs(2)
                .initialIterations(7)
                .iterations(11)
                .logRate(5)
                .keepFrames(true)
                .batches(3, 4);
        EpiFit straight = builder.build();
        run(straight);
        EpiFit first = builder.build();
        int steps = 0;
        while (!first.done()) {
            EpiFit second = builder.build();
            second.restore(first.save());
            run(second);
            EpiResult result = second.result();
            assertEquals(straight.result().epochs().size(), result.epochs().size());
            for (int k = 0; k <= 2; k++) {
                assertArrayEquals(
                        straight.result().checkpoints().get(k),
                        result.checkpoints().get(k),
                        "checkpoint " + k + " of a fit interrupted at step " + steps);
            }
            assertEquals(straight.iteration(), second.iteration());
            List<EpiFrame> frames = straight.result().frames();
            assertEquals(frames.size(), result.frames().size());
            for (int f = 0; f < frames.size(); f++) {
                assertEquals(frames.get(f).iteration(), result.frames().get(f).iteration());
                assertArrayEquals(frames.get(f).z(), result.frames().get(f).z(), "frame " + f);
            }
            first.step();
            steps++;
        }
        assertEquals(7 + 1 + 2 * 3 + 2 * (11 + 4), steps);
        assertEquals(straight.iterations(), straight.iteration());
    }

    /** 200 batches, of which a restart in between loses none. */
    @Test
    void shouldTestTheLatestBatchesWhileItTrains() {
        EpiFitBuilder builder = gaussianFit()
                .epochs(2)
                .initialIterations(5)
                .iterations(110)
                .logRate(10)
                .batches(3, 4);
        EpiFit straight = builder.build();
        while (straight.result().records().size() < 20) {
            assertFalse(straight.objectives().containsKey("window_p1"), "fewer than 200 batches");
            straight.step();
        }
        EpiFit second = builder.build();
        second.restore(straight.save());
        run(straight);
        run(second);
        Map<String, Double> objectives = straight.objectives();
        for (int i = 1; i <= 5; i++) {
            double batches = 100 * objectives.get("window_p" + i);
            assertEquals(Math.round(batches), batches, 1e-9, "twice a number of batches of 200");
        }
        assertEquals(objectives, second.objectives());
    }

    /** What is given to start with, or not, when a fit is taken up changes nothing: it goes on as it began. */
    @Test
    void shouldGoOnInitialisingOrNotAsItBegan() {
        EpiFitBuilder builder =
                gaussianFit().epochs(1).initialIterations(7).iterations(5).batches(2, 2);
        EpiFit straight = builder.build();
        run(straight);
        EpiFit interrupted = builder.build();
        for (int step = 0; step < 3; step++) {
            interrupted.step();
        }
        double[] begin = gaussianFlow().build().initialTheta();
        EpiFitBuilder starting = gaussianFit()
                .epochs(1)
                .initialIterations(7)
                .iterations(5)
                .batches(2, 2)
                .start(begin);
        EpiFit again = starting.build();
        again.restore(interrupted.save());
        assertTrue(again.initialises());
        run(again);
        for (int k = 0; k < 2; k++) {
            assertArrayEquals(
                    straight.result().checkpoints().get(k),
                    again.result().checkpoints().get(k));
        }
        assertEquals(straight.iteration(), again.iteration());
        assertEquals(straight.result().plan().options(), again.result().plan().options());

        EpiFit started = builder.build();
        started.restore(starting.build().save());
        assertFalse(started.initialises());
        run(started);
        assertArrayEquals(begin, started.result().checkpoints().get(0));
        assertEquals(true, started.result().plan().options().get("given_start"));
    }

    @Test
    void shouldGoOnWithMoreEpochsAsIfThereHadBeenSoManyAllAlong() {
        EpiFitBuilder builder =
                gaussianFit().initialIterations(5).iterations(10).batches(3, 4);
        EpiFit straight = builder.epochs(3).build();
        run(straight);
        EpiFit first = builder.epochs(2).build();
        run(first);
        EpiFit more = builder.epochs(3).build();
        more.restore(first.save());
        assertFalse(more.done());
        run(more);
        assertArrayEquals(
                straight.result().checkpoints().get(3),
                more.result().checkpoints().get(3));
        assertEquals(straight.iteration(), more.iteration());
        EpiFit noMore = builder.epochs(2).build();
        noMore.restore(first.save());
        assertTrue(noMore.done());
    }

    @Test
    void shouldTrainOnAtAnotherRateWhichACheckpointKeeps() {
        EpiFitBuilder builder = gaussianFit()
                .start(gaussianFit().build().theta())
                .iterations(50)
                .batches(2, 2);
        EpiFit fit = builder.build();
        for (int step = 0; step < 10; step++) {
            fit.step();
        }
        double[] before = fit.theta();
        fit.step();
        assertFalse(Arrays.equals(before, fit.theta()));
        before = fit.theta();
        fit.learningRate(Double.MIN_NORMAL);
        fit.step();
        assertArrayEquals(before, fit.theta(), 1e-300, "the rate is too small to move anything");
        EpiFit again = builder.build();
        again.restore(fit.save());
        again.step();
        fit.step();
        assertArrayEquals(fit.theta(), again.theta(), "restored");
        for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> fit.learningRate(rate));
        }
    }

    /** Of four steps, those from index 2 on settle: the rate is whole at 0, 1 and 2, and halfway down to 0.1 at 3. */
    @Test
    void shouldLetTheRateFallOverTheLastPartOfAnEpoch() {
        EpiFitBuilder builder = gaussianFit()
                .start(gaussianFit().build().theta())
                .epochs(1)
                .iterations(4)
                .batches(2, 2);
        EpiFit settling = builder.settling(0.5, 0.1).build();
        EpiFit byHand = builder.settling(0, 1).build(); // what was built before keeps its settings
        for (int step = 0; step < 1 + 2 + 4; step++) {
            byHand.learningRate(step == 6 ? 0.55 * 3e-3 : 3e-3);
            settling.step();
            byHand.step();
        }
        assertArrayEquals(byHand.theta(), settling.theta(), 1e-15);
        EpiFit constant = builder.build();
        for (int step = 0; step < 1 + 2 + 4; step++) {
            constant.step();
        }
        assertFalse(Arrays.equals(constant.theta(), settling.theta()));
        assertThrows(IllegalArgumentException.class, () -> gaussianFit().settling(1.1, 0.1));
        assertThrows(IllegalArgumentException.class, () -> gaussianFit().settling(Double.NaN, 0.1));
        assertThrows(IllegalArgumentException.class, () -> gaussianFit().settling(0.5, 0));
    }

    /** eta = c R behind the first epoch: with R of the test, or of the last batch, which is that of the epoch's last row. */
    @Test
    void shouldMoveTheMultipliersByAllSamplesOfTheTestOrByTheLastBatch() {
        EpiFitBuilder builder = gaussianFit()
                .initialIterations(5)
                .epochs(2)
                .iterations(10)
                .logRate(10)
                .batches(3, 4);
        EpiFit steady = builder.build();
        run(steady);
        EpiFit asTheReference = builder.steadyMultipliers(false).build();
        run(asTheReference);
        List<EpiEpoch> epochs = steady.result().epochs();
        List<EpiRecord> records = asTheReference.result().records();
        assertEquals(10, records.get(1).iteration());
        for (int i = 0; i < GAUSSIAN_MU.length; i++) {
            assertEquals(epochs.get(0).violation()[i], epochs.get(1).eta()[i], 1e-15);
            assertEquals(
                    records.get(1).violation()[i],
                    asTheReference.result().epochs().get(1).eta()[i],
                    1e-15);
        }
    }

    @Test
    void shouldTakeAnotherLogRateAndNumberOfEpochsWhileItRuns() {
        EpiFitBuilder builder = gaussianFit()
                .initialIterations(5)
                .epochs(2)
                .iterations(12)
                .logRate(4)
                .batches(3, 4);
        EpiFit fit = builder.build();
        while (fit.result().epochs().isEmpty()) {
            fit.step();
        }
        fit.logRate(6);
        fit.epochs(3);
        assertEquals(-1, fit.iterations(), "not known any more");
        EpiFit again = builder.epochs(3).build();
        again.restore(fit.save());
        run(fit);
        assertEquals(
                List.of(0, 4, 8, 12, 18, 24, 30, 36),
                fit.result().records().stream().map(EpiRecord::iteration).toList());
        run(again);
        assertEquals(fit.iteration(), again.iteration(), "a checkpoint keeps the log rate");
        EpiFit shorter = builder.build();
        shorter.epochs(1);
        run(shorter);
        assertEquals(1, shorter.result().epochs().size());
        assertThrows(IllegalArgumentException.class, () -> fit.logRate(0));
        assertThrows(IllegalArgumentException.class, () -> fit.epochs(0));
    }

    @Test
    void shouldRefuseMeansThatAreNoFiniteNumbers() {
        EpiModel model = EpiExample.of("linear").model();
        NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, model.dims())
                .build();
        for (double bad : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
            double[] mu = {0, bad, 1, 1};
            IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class, () -> EpiFit.of(model, flow, mu, ScalarKernels.INSTANCE));
            assertTrue(e.getMessage().contains("mu, must be finite numbers but were [0.0, " + bad), e.getMessage());
        }
    }

    @Test
    void shouldBranchOffFromACheckpoint() {
        EpiFit first = gaussianFit()
                .initialIterations(5)
                .epochs(2)
                .iterations(10)
                .batches(3, 4)
                .build();
        run(first);
        double[] middle = first.result().checkpoints().get(1);
        EpiFit branch = gaussianFit()
                .start(middle)
                .epochs(1)
                .iterations(10)
                .batches(3, 4)
                .seed(9)
                .build();
        run(branch);
        assertArrayEquals(middle, branch.result().checkpoints().get(0));
        assertEquals(1, branch.result().epochs().get(0).c(), "the penalty begins anew");
    }

    /** z1² + z2² that should be 0.01 on average leave 0.5 log(2 pi e 0.005) each, 5.3 less than a standard normal one. */
    @Test
    void shouldTellThatTheEntropyCollapsed() {
        BatchFormula formula = new BatchFormula(2);
        EpiModel model = new EpiModel(
                "small",
                List.of(new BoundedParameter("z", 2, null, null)),
                "square",
                formula.property(
                        formula.parameter(0).square().plus(formula.parameter(1).square())));
        NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 2)
                .stages(1)
                .units(3)
                .build();
        EpiFitBuilder builder = EpiFit.of(model, flow, new double[] {0.01}, ScalarKernels.INSTANCE)
                .lagrangian(new LagrangianSettings(50, 1e-2, 1e4, 0.25, 4))
                .start(flow.initialTheta())
                .iterations(40)
                .batches(5, 20);
        EpiFit fit = builder.epochs(1).build();
        run(fit);
        assertFalse(fit.result().collapsed(), "nothing to compare with yet");
        EpiFit whole = builder.epochs(3).build();
        run(whole);
        List<EpiEpoch> epochs = whole.result().epochs();
        assertTrue(whole.result().collapsed(), () -> "epochs " + epochs);
        for (int k = 1; k < 3; k++) {
            double fall = epochs.get(k - 1).entropy() - epochs.get(k).entropy();
            assertEquals(fall > 2, epochs.get(k).collapsed(), "epoch " + (k + 1) + " lost " + fall);
        }
    }

    @Test
    void shouldRefuseACheckpointOfAnotherFit() {
        Map<String, NdArray> saved = gaussianFit().build().save();
        EpiFit other = gaussianFit().seed(2).build();
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> other.restore(saved));
        assertTrue(e.getMessage().contains("seed"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> other.restore(Map.of()));
    }

    /** The two rates are the same in three digits. */
    @Test
    void shouldNameTheFirstSettingThatDiffersThereAndHere() {
        Map<String, NdArray> saved = gaussianFit().build().save();
        double none = Double.POSITIVE_INFINITY;
        int[] permutation = gaussianFlow().build().permutations().get("perm0");
        Map<String, EpiFitBuilder> others = new LinkedHashMap<>();
        others.put(
                "learningRate = 0.003 but this one has 0.003001",
                gaussianFit().lagrangian(new LagrangianSettings(100, 3.001e-3, 1, 0.25, 4)));
        others.put(
                "c0 = 1.0 but this one has 1.001",
                gaussianFit().lagrangian(new LagrangianSettings(100, 3e-3, 1.001, 0.25, 4)));
        others.put(
                "gamma = 0.25 but this one has 0.2501",
                gaussianFit().lagrangian(new LagrangianSettings(100, 3e-3, 1, 0.2501, 4)));
        others.put("alpha = 0.05 but this one has 0.1", gaussianFit().alpha(0.1));
        others.put("excludeNaN = false but this one has true", gaussianFit().excludeNaN(true));
        others.put("initialIterations = 300 but this one has 299", gaussianFit().initialIterations(299));
        others.put(
                "initialMu[1] = 0.0 but this one has 0.5",
                gaussianFit().initial(Gaussian.diagonal(new double[] {0, 0.5}, new double[] {1, 1})));
        others.put(
                "initialSigma[3] = 1.0 but this one has 2.0",
                gaussianFit().initial(Gaussian.diagonal(new double[] {0, 0}, new double[] {1, 2})));
        others.put("lower[1] = -Infinity but this one has -4.0", gaussianFit(gaussianFlow(), new double[] {-none, -4}));
        others.put(
                "flowUpper[0] = Infinity but this one has 9.0",
                gaussianFit(gaussianFlow().bounds(new double[] {-none, -none}, new double[] {9, none}), null));
        int[] swapped = {permutation[1], permutation[0]};
        others.put(
                "perm0 = " + Arrays.toString(permutation) + " but this one has " + Arrays.toString(swapped),
                gaussianFit(gaussianFlow().permutations(Map.of("perm0", swapped)), null));
        others.forEach((difference, other) -> {
            IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class, () -> other.build().restore(saved), difference);
            assertTrue(e.getMessage().contains("a fit with " + difference), e.getMessage());
        });
        gaussianFit().epochs(7).stopEarly(true).build().restore(saved);
    }

    @Test
    void shouldFailOnStatisticsThatAreNaNAndKeepWhatItHad() {
        EpiFit fit = nanFit(false).build();
        run(fit);
        EpiResult result = fit.result();
        assertTrue(result.failed());
        assertTrue(result.failure().contains("statistic 1 is NaN behind the initialisation"), result.failure());
        for (double value : result.distribution().theta()) {
            assertTrue(Double.isFinite(value));
        }
        EpiFit again = nanFit(false).build();
        again.restore(fit.save());
        assertTrue(again.done());
        assertEquals(result.failure(), again.result().failure());
    }

    @Test
    void shouldLeaveOutAndCountStatisticsThatAreNaN() {
        EpiFit fit = nanFit(true).build();
        run(fit);
        EpiResult result = fit.result();
        assertFalse(result.failed(), result.failure());
        assertTrue(result.excludedSamples() > 0);
        for (EpiRecord record : result.records()) {
            assertTrue(Double.isFinite(record.cost()));
        }
    }

    @Test
    void shouldFailOnStatisticsThatAreNaNInAnyPhase() {
        Map<String, Long> keys = Map.of(
                "behind the initialisation", key(EpiNoise.Purpose.TRAIN, 0, 0),
                "in batch 1 of the norms behind epoch 0", key(EpiNoise.Purpose.NORMS, 0, 1),
                "in epoch 1 at iteration 3", key(EpiNoise.Purpose.TRAIN, 1, 3),
                "in batch 1 of the test of convergence of epoch 1", key(EpiNoise.Purpose.TEST, 1, 1),
                "in batch 0 of the norms behind epoch 1", key(EpiNoise.Purpose.NORMS, 1, 0));
        keys.forEach((where, key) -> {
            EpiFit fit = nanFit(new Holed(1, of -> of == key), false).epochs(2).build();
            run(fit);
            EpiResult result = fit.result();
            assertTrue(result.failed(), where);
            assertTrue(result.failure().startsWith("statistic 1 is NaN " + where + ";"), result.failure());
            for (EpiEpoch epoch : result.epochs()) {
                assertTrue(Arrays.stream(epoch.violation()).allMatch(Double::isFinite), where);
            }
            assertTrue(Arrays.stream(result.distribution().theta()).allMatch(Double::isFinite), where);
        });
    }

    /** One sample of each batch: that of the first row, 2 of norms, 20 of training and 2 of the test. */
    @Test
    void shouldCountWhatIsLeftOutOfAllBatches() {
        EpiFit fit = nanFit(new Holed(1, key -> true), true).build();
        run(fit);
        assertEquals(
                1 + 2 + 20 + 2, fit.result().excludedSamples(), fit.result().failure());
    }

    @Test
    void shouldFailWhereAllSamplesAreLeftOut() {
        Map<String, Holed> holes = Map.of(
                "all simulations of the first half of a batch of 40 are NaN and left out in epoch 1 at iteration 2",
                new Holed(20, key -> key == key(EpiNoise.Purpose.TRAIN, 1, 2)),
                "all 40 simulations of a batch are NaN and left out in batch 0 of the test of convergence of epoch 1",
                new Holed(40, key -> key == key(EpiNoise.Purpose.TEST, 1, 0)),
                "all 40 simulations of a batch are NaN and left out in batch 1 of the norms behind epoch 0",
                new Holed(40, key -> key == key(EpiNoise.Purpose.NORMS, 0, 1)));
        holes.forEach((why, holed) -> {
            EpiFit fit = nanFit(holed, true).build();
            run(fit);
            assertTrue(fit.result().failed(), why);
            assertTrue(fit.result().failure().startsWith(why), fit.result().failure());
        });
    }

    @Test
    void shouldCallNoStatisticConvergedOfWhichAMeanIsNaN() {
        double[] p = ConvergenceTests.signs(new double[] {1, 1, -1, -1, 1, Double.NaN, -1, 1, -1, -1}, 2);
        assertEquals(0.8, p[0], 1e-15, "2 of 5 above");
        assertTrue(Double.isNaN(p[1]));
        assertFalse(ConvergenceTests.converged(p, 0.05));
    }

    private static long key(EpiNoise.Purpose purpose, int k, int i) {
        return EpiNoise.of(1).simulation(purpose, k, i);
    }

    private static EpiFitBuilder nanFit(boolean exclude) {
        return nanFit(new Moments(1.5), exclude);
    }

    private static EpiFitBuilder nanFit(EmergentProperty property, boolean exclude) {
        EpiModel model =
                new EpiModel("gaussian", List.of(new BoundedParameter("z", 2, null, null)), "moments", property);
        NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 2)
                .stages(1)
                .units(3)
                .build();
        return EpiFit.of(model, flow, GAUSSIAN_MU, ScalarKernels.INSTANCE)
                .lagrangian(new LagrangianSettings(40, 1e-3, 1, 0.25, 4))
                .start(flow.initialTheta())
                .epochs(1)
                .iterations(20)
                .logRate(10)
                .batches(2, 2)
                .excludeNaN(exclude);
    }

    @Test
    void shouldRejectSettingsOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> gaussianFit().epochs(0));
        assertThrows(IllegalArgumentException.class, () -> gaussianFit().nu(0));
        assertThrows(IllegalArgumentException.class, () -> gaussianFit().clipNorm(-1));
        assertThrows(IllegalArgumentException.class, () -> gaussianFit().alpha(1));
        assertThrows(IllegalArgumentException.class, () -> gaussianFit().start(new double[3]));
        assertThrows(
                IllegalArgumentException.class,
                () -> EpiFit.of(Fits.linearModel(), Fits.linearFlow().build(), new double[3], ScalarKernels.INSTANCE)
                        .build());
    }

    /** T = [z1, z2, z1², z2², z1 z2]; NaN where z1 lies above a limit. */
    private record Moments(double limit) implements EmergentProperty {
        @Override
        public int dims() {
            return 2;
        }

        @Override
        public int statistics() {
            return 5;
        }

        @Override
        public void simulate(double[] z, int samples, long noiseKey, double[] t) {
            for (int n = 0; n < samples; n++) {
                double first = z[n] > limit ? Double.NaN : z[n];
                double second = z[samples + n];
                t[n] = first;
                t[samples + n] = second;
                t[2 * samples + n] = first * first;
                t[3 * samples + n] = second * second;
                t[4 * samples + n] = first * second;
            }
        }

        @Override
        public void pull(double[] z, int samples, long noiseKey, double[] g, double[] zGradient) {
            for (int n = 0; n < samples; n++) {
                double first = z[n] > limit ? Double.NaN : z[n];
                double second = z[samples + n];
                zGradient[n] = g[n] + 2 * first * g[2 * samples + n] + second * g[4 * samples + n];
                zGradient[samples + n] = g[samples + n] + 2 * second * g[3 * samples + n] + first * g[4 * samples + n];
            }
        }
    }

    /** The same without a limit, but NaN in the first samples of batches of some noise. */
    private record Holed(int count, LongPredicate where) implements EmergentProperty {
        private static final Moments MOMENTS = new Moments(Double.NaN);

        @Override
        public int dims() {
            return 2;
        }

        @Override
        public int statistics() {
            return 5;
        }

        @Override
        public void simulate(double[] z, int samples, long noiseKey, double[] t) {
            MOMENTS.simulate(z, samples, noiseKey, t);
            if (where.test(noiseKey)) {
                Arrays.fill(t, 0, count, Double.NaN);
            }
        }

        @Override
        public void pull(double[] z, int samples, long noiseKey, double[] g, double[] zGradient) {
            MOMENTS.pull(z, samples, noiseKey, g, zGradient);
        }
    }
}
