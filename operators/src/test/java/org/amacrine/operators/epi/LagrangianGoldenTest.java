package org.amacrine.operators.epi;

import static org.amacrine.operators.epi.EpiGolden.assertClose;
import static org.amacrine.operators.epi.EpiGolden.doubles;
import static org.amacrine.operators.epi.EpiGolden.number;
import static org.amacrine.operators.epi.EpiGolden.numbers;
import static org.amacrine.operators.epi.EpiGolden.transposed;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The augmented Lagrangian and all around it against stored outputs of an independent program. */
class LagrangianGoldenTest {

    @Test
    void shouldMeasureViolationOfABatchAndItsHalves() {
        for (Object each : (List<?>) EpiGolden.entry("aug_lag")) {
            Map<?, ?> golden = (Map<?, ?>) each;
            int samples = (int) golden.get("N");
            Violation violation = new Violation(LinearSystem.frequency(), numbers(golden.get("mu")), samples, false);

            violation.measure(transposed(doubles(golden.get("z")), samples, 4), doubles(golden.get("log_q")), 0);

            String name = (String) golden.get("name");
            assertEquals(number(golden.get("H")), violation.entropy(), 1e-9, name);
            assertClose(name + " R", numbers(golden.get("R")), violation.mean(), 1e-9);
            assertClose(name + " R1", numbers(golden.get("R1")), violation.firstHalf(), 1e-9);
            assertClose(name + " R2", numbers(golden.get("R2")), violation.secondHalf(), 1e-9);
        }
    }

    @Test
    void shouldGiveThePenaltysGradientFromIndependentHalves() {
        Map<?, ?> golden = EpiGolden.map("unbiased_grad_analytic");
        double[] w = doubles(golden.get("w"));
        double a = number(golden.get("a"));
        double b = number(golden.get("b"));
        NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 2)
                .stages(0)
                .build();
        double[] theta = {a, 1, b, 0};
        FlowBatch batch = flow.batch(w.length, ScalarKernels.INSTANCE);
        System.arraycopy(w, 0, batch.noise(), 0, w.length);
        batch.forward(theta, false);
        Violation violation = new Violation(new FirstAndItsSquare(), numbers(golden.get("mu")), w.length, false);
        violation.measure(batch.z(), batch.logDensity(), 0);
        double[] gradient = new double[4];

        violation.pull(batch, new double[2], 1, 0, gradient);

        assertClose("R1", numbers(golden.get("R1")), violation.firstHalf(), 1e-12);
        assertClose("R2", numbers(golden.get("R2")), violation.secondHalf(), 1e-12);
        double[] ofPenalty = {gradient[0] + 1 / a, gradient[2]};
        assertClose("gradient", numbers(golden.get("grad_ab")), ofPenalty, 1e-12);
    }

    /** T = [z1, z1²]. */
    private static final class FirstAndItsSquare implements EmergentProperty {
        @Override
        public int dims() {
            return 2;
        }

        @Override
        public int statistics() {
            return 2;
        }

        @Override
        public void simulate(double[] z, int samples, long noiseKey, double[] t) {
            for (int n = 0; n < samples; n++) {
                t[n] = z[n];
                t[samples + n] = z[n] * z[n];
            }
        }

        @Override
        public void pull(double[] z, int samples, long noiseKey, double[] tGradient, double[] zGradient) {
            for (int n = 0; n < samples; n++) {
                zGradient[n] = tGradient[n] + 2 * z[n] * tGradient[samples + n];
                zGradient[samples + n] = 0;
            }
        }
    }

    @Test
    void shouldStepLikeAdam() {
        Map<?, ?> golden = EpiGolden.map("adam");
        double[] theta = doubles(golden.get("theta0")).clone();
        double[] gradients = doubles(golden.get("grads"));
        double[] expected = doubles(golden.get("thetas"));
        Adam adam = new Adam(theta.length, number(golden.get("lr")), Bands.ALONE);
        for (int from = 0; from < gradients.length; from += theta.length) {
            adam.step(theta, Arrays.copyOfRange(gradients, from, from + theta.length));
            assertClose("theta", Arrays.copyOfRange(expected, from, from + theta.length), theta, 1e-12);
        }
    }

    @Test
    void shouldMeasureDivergenceFromAGaussian() {
        for (Object each : (List<?>) EpiGolden.entry("gaussian")) {
            Map<?, ?> golden = (Map<?, ?>) each;
            Gaussian gaussian = new Gaussian(numbers(golden.get("mu")), numbers(golden.get("Sigma")));
            double[] logDensity = doubles(golden.get("log_q"));
            double[] z = transposed(doubles(golden.get("z")), logDensity.length, (int) golden.get("D"));

            double loss = gaussian.loss(z, logDensity, new double[z.length]);

            assertClose("eta", numbers(golden.get("eta")), gaussian.naturalParameters(), 1e-9);
            assertEquals(number(golden.get("init_loss")), loss, 1e-9);
            assertEquals(number(golden.get("gauss_KL")), gaussian.divergence(loss), 1e-9);
        }
    }

    @Test
    void shouldBeginWithinTheBounds() {
        Map<?, ?> golden = EpiGolden.map("default_init");
        Gaussian gaussian = Gaussian.within(numbers(golden.get("lb")), numbers(golden.get("ub")));
        assertArrayEquals(numbers(golden.get("mu")), gaussian.mu());
        double[] variances =
                IntStream.range(0, 4).mapToDouble(d -> gaussian.sigma()[d * 5]).toArray();
        assertArrayEquals(numbers(golden.get("Sigma_diag")), variances);
    }

    @Test
    void shouldTestWhetherTheMeansLieAboutZero() {
        Map<?, ?> golden = EpiGolden.map("tests");
        double[] p = ConvergenceTests.signs(doubles(golden.get("R_means")), 4);
        assertArrayEquals(numbers(golden.get("p_values")), p);
        assertEquals(golden.get("converged_alpha0.05"), ConvergenceTests.converged(p, 0.05));
        double threshold = number(golden.get("threshold_alpha0.05"));
        assertFalse(ConvergenceTests.converged(new double[] {threshold, 1, 1, 1}, 0.05), "on the threshold");
        assertTrue(ConvergenceTests.converged(new double[] {Math.nextUp(threshold), 1, 1, 1}, 0.05), "above it");
        assertEquals(golden.get("converged_first2_alpha0.05"), ConvergenceTests.converged(Arrays.copyOf(p, 2), 0.05));
        for (Object each : (List<?>) golden.get("more")) {
            Map<?, ?> more = (Map<?, ?>) each;
            assertEquals(more.get("converged"), ConvergenceTests.converged(p, number(more.get("alpha"))));
        }
    }

    @Test
    void shouldGrowThePenaltyWhereTheViolationShrankTooLittle() {
        Map<?, ?> golden = EpiGolden.map("tests");
        double[] norms = doubles(golden.get("norms"));
        double[] newNorms = doubles(golden.get("norms_k"));
        for (Object each : (List<?>) golden.get("welch")) {
            Map<?, ?> welch = (Map<?, ?>) each;
            ConvergenceTests.Welch test = ConvergenceTests.welch(newNorms, norms, number(welch.get("gamma")));
            assertEquals(number(welch.get("t")), test.t(), 1e-9 * Math.abs(number(welch.get("t"))));
            assertEquals(number(welch.get("p")), test.p(), 1e-9 * number(welch.get("p")));
        }
        for (Object each : (List<?>) golden.get("c_update")) {
            Map<?, ?> update = (Map<?, ?>) each;
            ConvergenceTests.Welch test = ConvergenceTests.welch(newNorms, norms, number(update.get("gamma")));
            double c = EpiFit.grown(number(update.get("c")), test, number(update.get("u")), number(update.get("beta")));
            assertEquals(number(update.get("c_new")), c);
        }
    }

    @Test
    void shouldFollowASmallWholeFit() {
        Map<?, ?> golden = EpiGolden.map("mini_epi");
        NormalizingFlow flow = EpiGolden.flow((Map<?, ?>) golden.get("cfg"));
        int samples = (int) golden.get("N");
        EpiFit fit = EpiFit.of(Fits.linearModel(), flow, numbers(golden.get("mu")), ScalarKernels.INSTANCE)
                .lagrangian(new LagrangianSettings(
                        samples,
                        number(golden.get("lr")),
                        number(golden.get("c0")),
                        number(golden.get("gamma")),
                        number(golden.get("beta"))))
                .start(doubles(golden.get("theta0")))
                .epochs((int) golden.get("K"))
                .iterations((int) golden.get("num_iters"))
                .logRate(1)
                .alpha(number(golden.get("alpha")))
                .clipNorm(Double.POSITIVE_INFINITY)
                .steadyMultipliers(false)
                .settling(0, 1)
                .batches((int) golden.get("M_norm"), (int) golden.get("M_test"))
                .noise(new StoredNoise(golden, samples))
                .build();

        List<double[]> norms = new ArrayList<>();
        while (!fit.done()) {
            fit.step();
            double[] now = fit.save().get("norms").doubles();
            if (now[0] != 0 && (norms.isEmpty() || !Arrays.equals(now, norms.get(norms.size() - 1)))) {
                norms.add(now);
            }
        }

        EpiResult result = fit.result();
        double[] rows = doubles(golden.get("rows_k_it_H_cost_R"));
        assertEquals(rows.length / 8, result.records().size() - 1);
        for (int r = 0; r < rows.length / 8; r++) {
            EpiRecord record = result.records().get(r + 1);
            double[] actual = new double[8];
            actual[0] = record.epoch();
            actual[1] = record.iteration();
            actual[2] = record.entropy();
            actual[3] = record.cost();
            System.arraycopy(record.violation(), 0, actual, 4, 4);
            assertClose("row " + r, Arrays.copyOfRange(rows, 8 * r, 8 * r + 8), actual, 1e-7);
        }
        assertClose(
                "theta", doubles(golden.get("theta_end")), result.checkpoints().get(4), 1e-7);
        for (int k = 0; k < 4; k++) {
            EpiEpoch epoch = result.epochs().get(k);
            assertEquals(numbers(golden.get("cs"))[k], epoch.c(), "c of epoch " + (k + 1));
            assertArrayEquals(numbers(((List<?>) golden.get("p_values")).get(k)), epoch.p());
            assertEquals(((List<?>) golden.get("converged")).get(k), epoch.converged());
            assertClose("eta", numbers(((List<?>) golden.get("etas")).get(k)), epoch.eta(), 1e-7);
        }
        List<?> tests = (List<?>) golden.get("t_p");
        assertEquals(tests.size() + 1, norms.size());
        for (int k = 0; k < tests.size(); k++) {
            ConvergenceTests.Welch test =
                    ConvergenceTests.welch(norms.get(k + 1), norms.get(k), number(golden.get("gamma")));
            assertClose("t and p", numbers(tests.get(k)), new double[] {test.t(), test.p()}, 1e-7);
        }
        assertEquals(60, result.records().get(60).iteration());
    }

    /** Columns of the stored table are those of ours. */
    private static List<EpiRecord> rows(int seed) {
        String key = seed == 16 ? "rows_seed16_collapse" : "rows_seed15";
        return EpiTables.records(EpiGolden.array(EpiGolden.entry("epi_lds", key)), 4);
    }

    private static List<Map<?, ?>> epochs(int seed) {
        for (Object each : (List<?>) EpiGolden.entry("epi_lds", "runs_numpy_f32")) {
            Map<?, ?> run = (Map<?, ?>) each;
            if ((int) run.get("seed") == seed) {
                return ((List<?>) run.get("epochs"))
                        .stream().<Map<?, ?>>map(epoch -> (Map<?, ?>) epoch).toList();
            }
        }
        return fail("no run of seed " + seed);
    }

    /**
     * Multipliers move by the last batch of each epoch, a row of the table; the cost of a row follows from them. The stored runs
     * are in single precision: 1e-5 of the largest term.
     */
    @ParameterizedTest
    @ValueSource(ints = {15, 16})
    void shouldGiveTheCostOfEveryRowOfAStoredRun(int seed) {
        List<Map<?, ?>> epochs = epochs(seed);
        double[] eta = new double[4];
        for (EpiRecord row : rows(seed)) {
            if (row.epoch() == 0) {
                continue;
            }
            Map<?, ?> epoch = epochs.get(row.epoch() - 1);
            double c = number(epoch.get("c"));
            double[] r = row.violation();
            double penalty = 0.5 * c * row.squaredViolation();
            double cost = -row.entropy() + penalty;
            double largest = Math.max(Math.abs(row.entropy()), penalty);
            for (int i = 0; i < 4; i++) {
                cost += eta[i] * r[i];
                largest = Math.max(largest, Math.abs(eta[i] * r[i]));
            }
            assertEquals(row.cost(), cost, 1e-5 * largest, "epoch " + row.epoch() + ", iteration " + row.iteration());
            if (row.iteration() == row.epoch() * 1000) {
                assertEquals(epoch.get("converged"), row.converged());
                for (int i = 0; i < 4; i++) {
                    eta[i] += c * r[i];
                }
            } else {
                assertNull(row.converged());
            }
        }
    }

    /**
     * Entropies of seed 15 from its first converged epoch on: 7.61, 7.39, 5.64, 3.67, 1.77, -1.09; of seed 16 from the one before:
     * 7.21, 4.63, 3.04, -0.23, -0.86, -1.35.
     */
    @Test
    void shouldTellWhereTheEntropyOfAStoredRunCollapsed() {
        assertEquals(List.of(14, 15, 16), collapsedEpochs(15));
        assertEquals(List.of(12, 14, 15, 16), collapsedEpochs(16));
    }

    /** Flags as stored; c grows fourfold or stays. In single precision. */
    @ParameterizedTest
    @ValueSource(strings = {"runs_numpy_f32", "runs_numpy_f32_global_norm_clip_5"})
    void shouldTellWhichEpochsOfStoredRunsConverged(String runs) {
        for (Object each : (List<?>) EpiGolden.entry("epi_lds", runs)) {
            double c = 0.001;
            for (Object one : (List<?>) ((Map<?, ?>) each).get("epochs")) {
                Map<?, ?> epoch = (Map<?, ?>) one;
                double[] p = numbers(epoch.get("p"));
                assertEquals(epoch.get("converged"), ConvergenceTests.converged(p, 0.05));
                double next = number(epoch.get("c"));
                double factor = Math.abs(next - c) < 1e-6 * c
                        ? 1
                        : LagrangianSettings.standard().beta();
                assertEquals(c * factor, next, 1e-6 * next);
                c = next;
            }
        }
    }

    private static List<Integer> collapsedEpochs(int seed) {
        List<Integer> collapsed = new ArrayList<>();
        double before = Double.NaN;
        double best = Double.NaN;
        for (Map<?, ?> epoch : epochs(seed)) {
            double entropy = number(epoch.get("H"));
            if (EpiFit.collapsed(entropy, before, best)) {
                collapsed.add((int) epoch.get("k"));
            }
            before = entropy;
            best = (boolean) epoch.get("converged") && !(best >= entropy) ? entropy : best;
        }
        return collapsed;
    }

    /** The noise that the stored fit was given. */
    private static final class StoredNoise implements EpiNoise {
        private final double[][] stored = new double[Purpose.values().length][];
        private final int[] perEpoch = new int[stored.length];
        private final double[] uniform;
        private final int samples;

        StoredNoise(Map<?, ?> golden, int samples) {
            this.samples = samples;
            uniform = numbers(golden.get("u"));
            stored[Purpose.TRAIN.ordinal()] = doubles(golden.get("w_train"));
            stored[Purpose.NORMS.ordinal()] = doubles(golden.get("w_norm"));
            stored[Purpose.TEST.ordinal()] = doubles(golden.get("w_test"));
            for (Purpose purpose : Purpose.values()) {
                double[] values = stored[purpose.ordinal()];
                perEpoch[purpose.ordinal()] = values == null ? 0 : values.length / 4;
            }
        }

        @Override
        public void fill(FlowBatch batch, Purpose purpose, int epoch, int index) {
            int set = purpose == Purpose.NORMS ? epoch : Math.max(0, epoch - 1);
            int from = set * perEpoch[purpose.ordinal()] + index * samples * 4;
            double[] w = Arrays.copyOfRange(stored[purpose.ordinal()], from, from + samples * 4);
            System.arraycopy(transposed(w, samples, 4), 0, batch.noise(), 0, w.length);
        }

        @Override
        public long simulation(Purpose purpose, int epoch, int index) {
            return 0;
        }

        @Override
        public double uniform(int epoch) {
            return uniform[epoch - 1];
        }
    }
}
