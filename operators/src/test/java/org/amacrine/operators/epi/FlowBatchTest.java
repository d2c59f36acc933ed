package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.operators.epi.NormalizingFlow.Architecture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A batch is worked on in shares and slices, whose number shows in no result. */
class FlowBatchTest {
    private static final long KEY = 5;

    /** Theta's gradient of an objective that is not the same for all samples. */
    private static double[] gradient(NormalizingFlow flow, double[] theta, int samples, Bands bands) {
        FlowBatch batch = flow.batch(samples, ScalarKernels.INSTANCE, bands);
        batch.drawNoise(KEY, 0);
        batch.forward(theta, true);
        double[] zGradient = new double[batch.z().length];
        for (int i = 0; i < zGradient.length; i++) {
            zGradient[i] = Math.sin(i) / samples;
        }
        double[] gradient = new double[theta.length];
        batch.reverse(zGradient, 1.0 / samples, gradient);
        return gradient;
    }

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void shouldGiveTheSameBitsForAnyNumberOfWorkers(Architecture architecture) {
        NormalizingFlow flow = NormalizingFlow.builder(architecture, 3).units(5).build();
        double[] theta = flow.initialTheta();
        double[] alone = gradient(flow, theta, 201, Bands.ALONE);
        for (int workers = 2; workers <= 5; workers++) {
            try (WorkerPool pool = new WorkerPool(workers)) {
                assertArrayEquals(alone, gradient(flow, theta, 201, pool), workers + " workers");
            }
        }
    }

    /** Widths around that of a panel of units, 32, and of two; batches that leave a slice, or a share, almost empty. */
    @ParameterizedTest
    @ValueSource(ints = {1, 31, 32, 33, 64, 70})
    void shouldGiveTheGradientThatDifferencesGive(int units) {
        NormalizingFlow flow = NormalizingFlow.builder(Architecture.COUPLING, 3)
                .stages(2)
                .units(units)
                .build();
        double[] theta = flow.initialTheta();
        for (int i = 0; i < theta.length; i++) {
            theta[i] += 0.01 * Math.sin(3 * i + 1);
        }
        int samples = 65;
        double[] gradient = gradient(flow, theta, samples, Bands.ALONE);
        for (FlowLayout.Entry entry : flow.layout().entries()) {
            for (int at : new int[] {entry.at(), entry.at() + entry.size() - 1}) {
                double up = objective(flow, theta, at, 1e-7, samples);
                double down = objective(flow, theta, at, -1e-7, samples);
                assertEquals((up - down) / 2e-7, gradient[at], 1e-6, entry.name() + " at " + (at - entry.at()));
            }
        }
    }

    private static double objective(NormalizingFlow flow, double[] theta, int at, double by, int samples) {
        double[] moved = theta.clone();
        moved[at] += by;
        FlowBatch batch = flow.batch(samples, ScalarKernels.INSTANCE);
        batch.drawNoise(KEY, 0);
        batch.forward(moved, true);
        double sum = Arrays.stream(batch.logDensity()).sum() / samples;
        for (int i = 0; i < batch.z().length; i++) {
            sum += Math.sin(i) / samples * batch.z()[i];
        }
        return sum;
    }

    @Test
    void shouldDrawTheCountedNumbersOfTheBackend() {
        FlowBatch batch =
                NormalizingFlow.builder(Architecture.COUPLING, 2).build().batch(40, ScalarKernels.INSTANCE);
        batch.drawNoise(KEY, 7);
        float[] expected = new float[80];
        ScalarKernels.INSTANCE.normal(expected, 0, 0, 80, KEY, 7, 1, 0);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], batch.noise()[i]);
        }
    }
}
