package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.stream.DoubleStream;
import org.amacrine.core.io.NdArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BumpsGoldenTest {

    static List<LatentGolden.Case> values() {
        return LatentGolden.cases("bump", "bump_values_only", "sum", "slow_sum");
    }

    static List<LatentGolden.Case> bounds() {
        return LatentGolden.cases("bump_bound", "sum_bound", "slow_sum_bound");
    }

    static List<LatentGolden.Case> perturbations() {
        return LatentGolden.cases("bump_pert_grads", "slow_sum_pert_grads");
    }

    static List<LatentGolden.Case> fits() {
        return LatentGolden.cases("bump_fit", "sum_fit", "slow_sum_fit");
    }

    @ParameterizedTest
    @MethodSource("values")
    void shouldAgreeWithTheReferenceInValuesAndGradients(LatentGolden.Case golden) {
        WanderingModule module = GoldenBumps.module(golden, "params");
        NdArray x = golden.array("x");
        int rows = x.shape()[0];
        double tolerance = golden.number("tol");
        TensorModule.Pass pass = module.pass(x.shape()[1], rows);
        double[] y = new double[rows];
        pass.forward(x.doubles(), rows, y);
        LatentGolden.assertClose(tolerance, y, golden.array("y_reference"), golden + " y");
        if (golden.has("grad_x_reference")) {
            double[] dx = new double[x.size()];
            pass.adjoint(golden.array("r").doubles(), dx);
            LatentGolden.assertClose(tolerance, dx, golden.array("grad_x_reference"), golden + " grad x");
            Map<String, NdArray> gradients = golden.named(golden.map("grad_params_reference"));
            assertEquals(
                    List.copyOf(gradients.keySet()),
                    List.copyOf(module.parameters().keySet()));
            module.parameters()
                    .forEach((path, tensor) -> LatentGolden.assertClose(
                            tolerance, tensor.gradient(), gradients.get(path), golden + " grad " + path));
        }
        String alone = golden.has("y_without_fallback") ? "y_without_fallback" : "y_reference";
        module.rowByRow().pass(x.shape()[1], rows).forward(x.doubles(), rows, y);
        LatentGolden.assertClose(tolerance, y, golden.array(alone), golden + " without fallback");
        if (golden.has("small_output_inds")) {
            BumpFcn.SmallOutput small = ((BumpFcn) module).smallOutput(x.doubles(), rows);
            int[] expected = new int[golden.array("small_output_inds").size()];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = (int) golden.array("small_output_inds").at(i);
            }
            assertArrayEquals(expected, small.rows());
            LatentGolden.assertClose(
                    tolerance, small.values(), golden.array("small_output_vals"), golden + " small output");
        }
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void shouldBoundAsTheReferenceDoes(LatentGolden.Case golden) {
        WanderingModule module = GoldenBumps.module(golden, "before");
        Map<String, NdArray> after = golden.named(golden.map("after"));
        // With inverted bounds a second time would change values again.
        for (int times = golden.id().endsWith("inverted") ? 2 : 1; times <= 2; times++) {
            module.bound();
            module.parameters()
                    .forEach((path, tensor) ->
                            assertArrayEquals(after.get(path).doubles(), tensor.values(), golden + " " + path));
        }
    }

    @ParameterizedTest
    @MethodSource("perturbations")
    void shouldPerturbGradientsAsTheReferenceDoes(LatentGolden.Case golden) {
        WanderingModule module = GoldenBumps.module(golden, "params");
        Map<String, NdArray> before = golden.named(golden.map("grads_before"));
        Map<String, NdArray> after = golden.named(golden.map("grads_after"));
        module.parameters()
                .forEach((path, tensor) ->
                        System.arraycopy(before.get(path).doubles(), 0, tensor.gradient(), 0, tensor.count()));
        PrimitiveIterator.OfDouble draws = draws(golden);
        module.perturbGradients(draws::nextDouble);
        assertEquals(false, draws.hasNext(), "all draws are used");
        module.parameters()
                .forEach((path, tensor) -> LatentGolden.assertClose(
                        golden.number("tol"), tensor.gradient(), after.get(path), golden + " " + path));
    }

    @ParameterizedTest
    @MethodSource("fits")
    void shouldFollowTheReferencesFitStepByStep(LatentGolden.Case golden) {
        WanderingModule module = GoldenBumps.module(golden, "init");
        NdArray x = golden.array("x");
        int rows = x.shape()[0];
        double tolerance = golden.number("tol");
        PrimitiveIterator.OfDouble draws = draws(golden);
        WanderingFit fit = new WanderingFit(
                module, x.shape()[1], rows, golden.number("lr"), Adam.Settings.DEFAULTS, draws::nextDouble);
        double[] loss = new double[(int) golden.number("n_its")];
        for (int k = 0; k < loss.length; k++) {
            loss[k] = fit.step(x.doubles(), golden.array("y").doubles(), rows);
            Object snapshot = golden.map("snapshots").get(String.valueOf(k + 1));
            if (snapshot != null) {
                assertParameters(tolerance, module, golden.named(snapshot), golden + " after step " + (k + 1));
            }
        }
        LatentGolden.assertClose(tolerance, loss, golden.array("loss"), golden + " loss");
        assertParameters(tolerance, module, golden.named(golden.map("final")), golden + " in the end");
        assertEquals(false, draws.hasNext(), "all draws are used");
    }

    private static void assertParameters(
            double tolerance, WanderingModule module, Map<String, NdArray> expected, String what) {
        assertEquals(expected.keySet(), module.parameters().keySet());
        module.parameters()
                .forEach((path, tensor) ->
                        LatentGolden.assertClose(tolerance, tensor.values(), expected.get(path), what + ": " + path));
    }

    private static PrimitiveIterator.OfDouble draws(LatentGolden.Case golden) {
        NdArray draws = golden.array("noise_draws");
        return DoubleStream.of(draws == null ? new double[0] : draws.doubles()).iterator();
    }
}
