package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;

/** Differences in place of an adjoint: by hand, and against properties that have one. */
class FiniteDifferencesTest {
    private static final List<BoundedParameter> PAIR =
            List.of(new BoundedParameter("a", -10, 10), new BoundedParameter("b", 0, 5));

    /** T = a b, a² of two samples (3, 2) and (-1, 4): squares and products have no third derivative. */
    private static void product(double[] z, int samples, long noiseKey, double[] t) {
        for (int n = 0; n < samples; n++) {
            t[n] = z[n] * z[samples + n];
            t[samples + n] = z[n] * z[n];
        }
    }

    @Test
    void shouldTakeTheSlopesOfEachSample() {
        EmergentProperty property = new FiniteDifferences(PAIR, 2, 1e-3, FiniteDifferencesTest::product);
        double[] z = {3, -1, 2, 4};
        double[] gradient = new double[4];
        property.pull(z, 2, 0, new double[] {1, 10, 100, 1000}, gradient);
        // By a: b + 100 * 2a and 10 b + 1000 * 2a; by b: a and 10 a.
        assertArrayEquals(new double[] {602, -1960, 3, -10}, gradient, 1e-8);
        assertArrayEquals(new double[] {3, -1, 2, 4}, z, 0, "z is not touched");
        property.pull(new double[] {2, 1}, 1, 0, new double[] {1, 0}, gradient);
        assertEquals(1, gradient[0], 1e-8, "another number of samples");
    }

    @Test
    void shouldSayNearlyTheSameAsTheAdjointOfTheLinearSystem() {
        EpiModel model = Fits.linearModel();
        EmergentProperty adjoint = model.property();
        EmergentProperty property =
                new FiniteDifferences(model.parameters(), 4, FiniteDifferences.STEP, adjoint::simulate);
        double[] z = {1, -2, 0.5, 3, -4, 6, -2, 5, 0.7, -1, 2, -3};
        double[] tGradient = {1, 2, 3, -1, -2, -3, 0.5, 0.25, 0.125, 4, 5, 6};
        double[] expected = new double[12];
        double[] gradient = new double[12];
        adjoint.simulate(z, 3, 0, new double[12]);
        adjoint.pull(z, 3, 0, tGradient, expected);
        property.pull(z, 3, 0, tGradient, gradient);
        for (int i = 0; i < 12; i++) {
            assertEquals(expected[i], gradient[i], 1e-6 * (1 + Math.abs(expected[i])), "element " + i);
        }
    }

    /** Otherwise the difference of two draws of noise over a step of 1e-5 would be about 1e5. */
    @Test
    void shouldSeeTheSameNoiseOnBothSides() {
        BatchFormula formula = new BatchFormula(2);
        EmergentProperty noisy = formula.property(
                formula.parameter(0).times(formula.noise().plus(1)),
                formula.parameter(1).plus(formula.noise()));
        EmergentProperty property = new FiniteDifferences(PAIR, 2, FiniteDifferences.STEP, noisy::simulate);
        double[] z = {1, 2, 3, 1, 2, 3};
        double[] tGradient = {1, 1, 1, 1, 1, 1};
        double[] expected = new double[6];
        double[] gradient = new double[6];
        noisy.simulate(z, 3, 7, new double[6]);
        noisy.pull(z, 3, 7, tGradient, expected);
        property.pull(z, 3, 7, tGradient, gradient);
        assertArrayEquals(expected, gradient, 1e-8);
    }

    @Test
    void shouldSimulateNothingBeyondTheBounds() {
        FiniteDifferences property = new FiniteDifferences(PAIR, 1, 0.1, (z, samples, key, t) -> {
            for (int n = 0; n < samples; n++) {
                assertTrue(z[n] >= -10 && z[n] <= 10 && z[samples + n] >= 0 && z[samples + n] <= 5);
                t[n] = 2 * z[n] - 3 * z[samples + n];
            }
        });
        double[] gradient = new double[4];
        property.pull(new double[] {-10, 9.99, 0, 5}, 2, 0, new double[] {1, 1}, gradient);
        assertArrayEquals(new double[] {2, 2, -3, -3}, gradient, 1e-12);
    }

    /** Samples that are cut off have no gradient, even where their statistics are infinite. */
    @Test
    void shouldLeaveOutWhatHasNoGradient() {
        FiniteDifferences property = new FiniteDifferences(PAIR, 1, 0.1, (z, samples, key, t) -> {
            t[0] = Double.POSITIVE_INFINITY;
            t[1] = z[1];
        });
        double[] gradient = new double[4];
        property.pull(new double[] {1, 2, 1, 2}, 2, 0, new double[] {0, 1}, gradient);
        assertArrayEquals(new double[] {0, 1, 0, 0}, gradient, 1e-12);
    }

    @Test
    void shouldFitNearlyAsTheAdjointDoes() {
        EpiModel exact = Fits.linearModel();
        EpiModel model = new EpiModel(
                exact.name(),
                exact.parameters(),
                exact.propertyName() + "_differences",
                new FiniteDifferences(exact.parameters(), 4, FiniteDifferences.STEP, exact.property()::simulate));
        double[] expected = fitted(exact);
        double[] theta = fitted(model);
        double largest = 0;
        double moved = 0;
        double[] begin = Fits.linearFlow().stages(2).units(4).build().initialTheta();
        for (int i = 0; i < theta.length; i++) {
            largest = Math.max(largest, Math.abs(theta[i] - expected[i]));
            moved = Math.max(moved, Math.abs(expected[i] - begin[i]));
        }
        assertTrue(moved > 0.01, "the fit moves, by " + moved);
        assertTrue(largest < 1e-6, "differs by " + largest);
    }

    private static double[] fitted(EpiModel model) {
        NormalizingFlow flow = Fits.linearFlow().stages(2).units(4).build();
        EpiFit fit = EpiFit.of(model, flow, Fits.linearMu(), ScalarKernels.INSTANCE)
                .lagrangian(new LagrangianSettings(20, 1e-3, 1e-3, 0.25, 4))
                .start(flow.initialTheta())
                .epochs(1)
                .iterations(20)
                .batches(2, 2)
                .build();
        while (!fit.done()) {
            fit.step();
        }
        return fit.theta();
    }

    @Test
    void shouldRejectAStepOfNoUse() {
        for (double step : new double[] {0, -1e-5, 1, Double.NaN}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new FiniteDifferences(PAIR, 2, step, FiniteDifferencesTest::product));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> new FiniteDifferences(PAIR, 0, 1e-5, FiniteDifferencesTest::product));
    }
}
