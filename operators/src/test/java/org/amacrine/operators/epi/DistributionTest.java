package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;

/** Distributions on numbers worked out by hand. */
class DistributionTest {
    /** z = (2 w1 + 1, 0.5 w2), without any stage: means 1 and 0, standard deviations 2 and 0.5. */
    private static Distribution simple() {
        NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 2)
                .stages(0)
                .build();
        return new Distribution(flow, new double[] {2, 0.5, 1, 0}, ScalarKernels.INSTANCE);
    }

    private static Distribution bounded() {
        NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.AUTOREGRESSIVE, 2)
                .bounds(new double[] {-1, 0}, new double[] {1, Double.POSITIVE_INFINITY})
                .build();
        return new Distribution(flow, flow.initialTheta(), ScalarKernels.INSTANCE);
    }

    @Test
    void shouldBeTheGaussianThatAnAffineMapMakes() {
        double[] z = {3, 0.5};
        Distribution.Densities densities = simple().densities(z);
        // w = (1, 1): log N = -log 2 pi - 1, and the log determinant is log(2 * 0.5) = 0.
        assertEquals(-Math.log(2 * Math.PI) - 1, densities.values()[0], 1e-14);
        assertArrayEquals(new double[] {-0.5, -2}, densities.gradients(), 1e-14);
        assertArrayEquals(new double[] {-0.25, 0, 0, -4}, densities.hessians(), 1e-14);
    }

    @Test
    void shouldDrawSamplesOfThatGaussian() {
        int count = 20_000;
        double[] z = simple().sample(count, 7);
        double sum = 0;
        double squares = 0;
        for (int n = 0; n < count; n++) {
            sum += z[2 * n];
            squares += (z[2 * n] - 1) * (z[2 * n] - 1);
        }
        assertEquals(1, sum / count, 5 * 2 / Math.sqrt(count));
        assertEquals(4, squares / count, 5 * 4 * Math.sqrt(2.0 / count));
    }

    @Test
    void shouldDrawTheSameSamplesInBatchesOfAnySize() {
        double[] z = bounded().sample(300, 5);
        Distribution.Sampler sampler = bounded().sampler(7, 5);
        double[] one = new double[2];
        for (int n = 0; n < 300; n++) {
            sampler.draw(one, 0);
            assertArrayEquals(new double[] {z[2 * n], z[2 * n + 1]}, one);
        }
    }

    @Test
    void shouldNeverLeaveItsBounds() {
        double[] z = bounded().sample(1000, 3);
        for (int n = 0; n < 1000; n++) {
            assertTrue(z[2 * n] > -1 && z[2 * n] < 1 && z[2 * n + 1] > 0);
        }
    }

    /** So wide a Gaussian that most samples round to a bound: they come to lie beside it, where there is a density. */
    @Test
    void shouldTellTheDensityOfSamplesThatRoundToABound() {
        double inf = Double.POSITIVE_INFINITY;
        double[] lower = {-10, 5, -inf, 20};
        double[] upper = {10, inf, 100, 20.000001};
        NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 4)
                .stages(0)
                .bounds(lower, upper)
                .build();
        double[] theta = {1000, 1000, 1000, 1000, 0, 0, 0, 0};
        Distribution wide = new Distribution(flow, theta, ScalarKernels.INSTANCE);
        double[] z = wide.sample(200, 3);
        int beside = 0;
        for (int i = 0; i < z.length; i++) {
            assertTrue(z[i] > lower[i % 4] && z[i] < upper[i % 4], "sample " + i + " is " + z[i]);
            beside += z[i] == Math.nextUp(lower[i % 4]) || z[i] == Math.nextDown(upper[i % 4]) ? 1 : 0;
        }
        assertTrue(beside > z.length / 4, beside + " lie beside a bound");
        Distribution.Densities densities = wide.densities(z);
        assertTrue(Arrays.stream(densities.values()).allMatch(Double::isFinite));
        assertTrue(Arrays.stream(densities.gradients()).allMatch(Double::isFinite));
        assertTrue(Arrays.stream(densities.hessians()).allMatch(Double::isFinite));
    }

    /** The middle of the other bounds: the map onto an interval never reaches its ends. */
    @Test
    void shouldHaveNoDensityOnABound() {
        assertArrayEquals(
                new double[] {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY},
                bounded().logProbability(new double[] {-1, 1, 1, 1, 0, 0}));
    }

    @Test
    void shouldHaveNoDensityOutsideItsBounds() {
        double[] outside = {2, 1, 0, -1, -1, 1};
        double[] log = bounded().logProbability(outside);
        assertArrayEquals(
                new double[] {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY}, log);
        assertTrue(Double.isNaN(bounded().gradient(outside)[0]));
    }

    /** The Hessian agrees with differences of the gradient, and the gradient with differences of the density. */
    @Test
    void shouldAgreeWithFiniteDifferences() {
        NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.AUTOREGRESSIVE, 3)
                .elementwise(NormalizingFlow.Elementwise.SPLINE)
                .units(6)
                .batchNorm(0.9)
                .build();
        Distribution distribution = new Distribution(flow, flow.initialTheta(), ScalarKernels.INSTANCE);
        double[] z = {0.3, -0.7, 1.1};
        double step = 1e-5;
        double[] gradient = distribution.gradient(z);
        double[] hessian = distribution.hessian(z);
        for (int i = 0; i < 3; i++) {
            double[] up = z.clone();
            double[] down = z.clone();
            up[i] += step;
            down[i] -= step;
            double slope = (distribution.logProbability(up)[0] - distribution.logProbability(down)[0]) / (2 * step);
            assertEquals(slope, gradient[i], 1e-7);
            for (int j = 0; j < 3; j++) {
                double bend = (distribution.gradient(up)[j] - distribution.gradient(down)[j]) / (2 * step);
                assertEquals(bend, hessian[3 * i + j], 1e-7);
            }
        }
    }

    /** Bounds of every kind, near one of them, where the reference's inverse bends. */
    @Test
    void shouldAgreeWithFiniteDifferencesByTheReferencesInverse() {
        double infinity = Double.POSITIVE_INFINITY;
        NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 3)
                .stages(0)
                .bounds(new double[] {-1, 0, -infinity}, new double[] {1, infinity, 2})
                .build();
        Distribution distribution =
                new Distribution(flow, flow.initialTheta(), ScalarKernels.INSTANCE).withReferenceInverse();
        double[] z = {0.9, 0.02, 1.5};
        double step = 1e-5;
        double[] gradient = distribution.gradient(z);
        double[] hessian = distribution.hessian(z);
        for (int i = 0; i < 3; i++) {
            double[] up = z.clone();
            double[] down = z.clone();
            up[i] += step;
            down[i] -= step;
            double slope = (distribution.logProbability(up)[0] - distribution.logProbability(down)[0]) / (2 * step);
            double bend = (distribution.gradient(up)[i] - distribution.gradient(down)[i]) / (2 * step);
            assertEquals(slope, gradient[i], 1e-4 * Math.max(1, Math.abs(slope)));
            assertEquals(bend, hessian[4 * i], 1e-4 * Math.max(1, Math.abs(bend)));
        }
    }

    @Test
    void shouldNameItsElements() {
        NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 3)
                .build();
        List<BoundedParameter> parameters =
                List.of(new BoundedParameter("a", 2, null, null), new BoundedParameter("b"));
        Distribution named = new Distribution(flow, flow.initialTheta(), parameters, ScalarKernels.INSTANCE);
        assertEquals(List.of("a1", "a2", "b"), named.names());
        assertEquals(
                List.of("z1", "z2", "z3"), new Distribution(flow, flow.initialTheta(), ScalarKernels.INSTANCE).names());
    }

    @Test
    void shouldRejectWhatItCannotDo() {
        assertEquals(
                "Distribution.sample must be called with positive int not 0.",
                assertThrows(IllegalArgumentException.class, () -> simple().sample(0, 1))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> simple().logProbability(new double[3]));
        assertThrows(
                IllegalArgumentException.class,
                () -> simple().conditionalMode(2, 0, null, Distribution.Climb.standard()));
        assertThrows(
                IllegalArgumentException.class,
                () -> simple().conditionalMode(0, 0, null, Distribution.Climb.standard()));
        assertThrows(
                IllegalArgumentException.class,
                () -> bounded().conditionalMode(0, 5, new double[] {0, 1}, Distribution.Climb.standard()));
    }

    /** The density rises towards the upper bound, and steps are far too long. */
    @Test
    void shouldClimbOnFromABound() {
        NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 2)
                .stages(0)
                .bounds(new double[] {-1, -1}, new double[] {1, 1})
                .build();
        Distribution distribution = new Distribution(flow, flow.initialTheta(), ScalarKernels.INSTANCE);
        Distribution.ModePath path =
                distribution.conditionalMode(0, 0.5, new double[] {0, 0.3}, new Distribution.Climb(1000, 20, 1, 100));

        int atBound = 0;
        for (int k = 0; k <= 20; k++) {
            double z = path.z()[2 * k + 1];
            assertEquals(0.5, path.z()[2 * k]);
            assertTrue(z > -1 && z < 1, "step " + k + " is at " + z);
            assertTrue(Double.isFinite(path.logProbability()[k]), "step " + k);
            atBound += Math.abs(z) == Math.nextDown(1.0) ? 1 : 0;
        }
        assertTrue(atBound > 0);
    }
}
