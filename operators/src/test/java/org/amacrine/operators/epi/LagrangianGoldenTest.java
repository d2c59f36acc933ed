package org.amacrine.operators.epi;

import static org.amacrine.operators.epi.EpiGolden.assertClose;
import static org.amacrine.operators.epi.EpiGolden.doubles;
import static org.amacrine.operators.epi.EpiGolden.number;
import static org.amacrine.operators.epi.EpiGolden.numbers;
import static org.amacrine.operators.epi.EpiGolden.transposed;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;

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

        while (!fit.done()) {
            fit.step();
        }

        EpiResult result = fit.result();
        double[] rows = doubles(golden.get("rows_k_it_H_cost_R"));
        assertEquals(rows.length / 8, result.records().size() - 1);
        for (int r = 0; r < rows.length / 8; r++) {
            EpiRecord record = result.records().get(r + 1);
            double[] actual = new double[8];
            actual[0] = record.epoch();
            actual[1] = rows[8 * r + 1];
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
        assertEquals(60, result.records().get(60).iteration());
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
