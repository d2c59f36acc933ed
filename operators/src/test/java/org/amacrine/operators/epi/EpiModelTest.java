package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Parameters, models and flows: what they refuse, in which words. */
class EpiModelTest {

    private static String refusal(Executable action) {
        return assertThrows(IllegalArgumentException.class, action).getMessage();
    }

    @Test
    void shouldRejectBoundsThatMakeNoInterval() {
        assertEquals(
                "Dimension of parameter must be positive.", refusal(() -> new BoundedParameter("a", 0, null, null)));
        assertEquals(
                "Lower bound lb does not have dimension D = 2.",
                refusal(() -> new BoundedParameter("a", 2, new double[1], null)));
        assertEquals(
                "Upper bound ub does not have dimension D = 2.",
                refusal(() -> new BoundedParameter("a", 2, null, new double[3])));
        assertEquals(
                "Parameter a lower bound is greater than upper bound.", refusal(() -> new BoundedParameter("a", 2, 1)));
        assertEquals(
                "Parameter a lower bound is equal to upper bound.", refusal(() -> new BoundedParameter("a", 1, 1)));
    }

    @Test
    void shouldLeaveParametersWithoutBoundsUnbounded() {
        BoundedParameter free = new BoundedParameter("a", 2, null, null);
        assertArrayEquals(new double[] {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY}, free.lower());
        assertArrayEquals(new double[] {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY}, free.upper());
    }

    @Test
    void shouldOrderParametersAsThePropertyTakesThem() {
        List<BoundedParameter> parameters = List.of(
                new BoundedParameter("a22", 0, 4),
                new BoundedParameter("a11", 0, 1),
                new BoundedParameter("a12", 0, 2),
                new BoundedParameter("a21", 0, 3));
        LinearSystem property = LinearSystem.frequency();
        EpiModel model = EpiModel.of("m", parameters, "freq", List.of("a11", "a12", "a21", "a22"), property);
        assertArrayEquals(new double[] {1, 2, 3, 4}, model.upper());

        assertTrue(refusal(() -> EpiModel.of("m", parameters, "freq", List.of("a11", "a12", "a21", "a23"), property))
                .startsWith("Function eps has argument a23 not in model parameter list."));
        assertTrue(refusal(() -> EpiModel.of("m", parameters, "freq", List.of("a11", "a12", "a21"), property))
                .contains("must name each of"));
        assertTrue(refusal(() -> new EpiModel("m", List.of(parameters.get(0), parameters.get(0)), "freq", property))
                .startsWith("Invalid parameter list."));
        assertTrue(refusal(() -> new EpiModel("m", parameters.subList(0, 2), "freq", property))
                .contains("takes 4 elements"));
    }

    @Test
    void shouldRejectFlowsThatCannotBe() {
        NormalizingFlow.Builder builder = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 3);
        assertTrue(refusal(() -> NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 1))
                .contains("D must be >= 2 but was 1"));
        assertTrue(refusal(() -> builder.stages(-1)).contains("num_stages must be >= 0 but was -1"));
        assertTrue(refusal(() -> builder.layers(0)).contains("num_layers"));
        assertTrue(refusal(() -> builder.units(0)).contains("num_units"));
        assertTrue(refusal(() -> builder.bins(1)).contains("num_bins must be >= 2 but was 1"));
        assertTrue(refusal(() -> builder.batchNorm(1)).contains("bn_momentum"));
        assertTrue(refusal(() -> builder.bounds(new double[2], new double[3])).contains("D = 3"));
        assertEquals(
                "Lower bound 2.00E+00 > upper bound 1.00E+00.",
                refusal(() -> builder.bounds(new double[] {2, 0, 0}, new double[] {1, 1, 1})));
        assertTrue(refusal(() -> builder.permutations(Map.of("perm0", new int[] {0, 1, 1})))
                .contains("each of 0 to 2 once"));
        assertTrue(refusal(() -> NormalizingFlow.Architecture.of("couplin")).contains("did you mean \"coupling\"?"));
        assertTrue(refusal(() -> NormalizingFlow.Elementwise.of("afine")).contains("did you mean \"affine\"?"));
        assertTrue(refusal(() -> builder.build().layout().entry("stage0.W9")).contains("stage0.W"));
    }

    @Test
    void shouldRejectGaussiansThatAreNone() {
        assertTrue(refusal(() -> new Gaussian(new double[2], new double[3])).contains("square"));
        assertTrue(refusal(() -> new Gaussian(new double[2], new double[] {1, 0.1, 0, 1}))
                .contains("symmetric"));
        assertTrue(refusal(() -> new Gaussian(new double[2], new double[] {1, 2, 2, 1}))
                .contains("positive definite"));
    }

    @Test
    void shouldRejectLagrangianSettingsOutOfRange() {
        assertTrue(refusal(() -> new LagrangianSettings(1, 1e-3, 1, 0.25, 4)).contains("N must be >= 2 but was 1"));
        assertTrue(refusal(() -> new LagrangianSettings(10, -1, 1, 0.25, 4)).contains("lr must be >= 0"));
        assertTrue(refusal(() -> new LagrangianSettings(10, 1, Double.NaN, 0.25, 4))
                .contains("c0 must be >= 0"));
    }
}
