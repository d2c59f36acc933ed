package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;

/** What a fit reaches, and that it can be taken up again anywhere. */
class EpiFitTest {
    /** Moments of N((1, -0.5), [[0.5, 0.3], [0.3, 0.8]]): z1, z2, z1², z2², z1 z2. */
    private static final double[] GAUSSIAN_MU = {1, -0.5, 1.5, 1.05, -0.2};

    private static EpiFit.Builder gaussianFit() {
        EpiModel model = new EpiModel(
                "gaussian", List.of(new BoundedParameter("z", 2, null, null)), "moments", new Moments(Double.NaN));
        NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 2)
                .stages(2)
                .units(15)
                .build();
        return EpiFit.of(model, flow, GAUSSIAN_MU, ScalarKernels.INSTANCE)
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
        EpiFit.Builder builder = gaussianFit()
                .epochs(2)
                .initialIterations(7)
                .iterations(11)
                .logRate(5)
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
            first.step();
            steps++;
        }
        assertEquals(7 + 1 + 2 * 3 + 2 * (11 + 4), steps);
        assertEquals(straight.iterations(), straight.iteration());
    }

    @Test
    void shouldRefuseACheckpointOfAnotherFit() {
        Map<String, NdArray> saved = gaussianFit().build().save();
        EpiFit other = gaussianFit().seed(2).build();
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> other.restore(saved));
        assertTrue(e.getMessage().contains("seed"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> other.restore(Map.of()));
    }

    @Test
    void shouldFailOnStatisticsThatAreNaNAndKeepWhatItHad() {
        EpiFit fit = nanFit(false).build();
        run(fit);
        EpiResult result = fit.result();
        assertTrue(result.failed());
        assertTrue(result.failure().contains("cost is NaN in epoch 1"), result.failure());
        for (double value : result.distribution().theta()) {
            assertTrue(Double.isFinite(value));
        }
        EpiFit again = nanFit(false).build();
        again.restore(fit.save());
        assertTrue(again.done() && again.result().failed());
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

    private static EpiFit.Builder nanFit(boolean exclude) {
        EpiModel model = new EpiModel(
                "gaussian", List.of(new BoundedParameter("z", 2, null, null)), "moments", new Moments(1.5));
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
}
