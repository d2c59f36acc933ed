package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LatentRegressionModelGoldenTest {
    private static final double TOL_NEG_LL = 1e-11;

    static List<LatentGolden.Case> forward() {
        return LatentGolden.cases("forward");
    }

    static List<LatentGolden.Case> conditional() {
        return LatentGolden.cases("cond_forward");
    }

    static List<LatentGolden.Case> generated() {
        return LatentGolden.cases("generate");
    }

    static List<LatentGolden.Case> recursive() {
        return LatentGolden.cases("recursive_generate");
    }

    private static void assertGroups(LatentGolden.Case golden, String key, Groups actual) {
        assertGroups(golden, golden.number("tol"), golden.arrays(key), actual, key);
    }

    private static void assertGroups(
            LatentGolden.Case golden, double tolerance, List<NdArray> expected, Groups actual, String what) {
        assertEquals(expected.size(), actual.count());
        for (int g = 0; g < actual.count(); g++) {
            LatentGolden.assertClose(tolerance, actual.group(g), expected.get(g), golden + " " + what + g);
        }
    }

    @ParameterizedTest
    @MethodSource("forward")
    void shouldComputeMeansLikelihoodsAndGradients(LatentGolden.Case golden) {
        LatentRegressionModel model = GoldenModels.model(golden);
        Groups x = GoldenModels.groups(golden, "x");
        Groups y = GoldenModels.groups(golden, "y");
        Overrides psi = golden.has("psi_override")
                ? Overrides.NONE.with(
                        Kind.PSI, GoldenModels.values(golden, golden.entry().get("psi_override")))
                : Overrides.NONE;
        double tolNegLl = golden.entry().get("dtype").equals("float32") ? golden.number("tol") : TOL_NEG_LL;
        double expected = golden.number("neg_ll");

        Groups mean = model.forward(x);

        assertGroups(golden, "mean", mean);
        assertGroups(golden, "p_project", model.pProject(x));
        assertGroups(golden, "tran", mapped(model, model.pProject(x)));
        assertEquals(expected, model.negLl(y, mean, psi), tolNegLl * Math.abs(expected));
        assertTrainable(golden, model);
        set(model, Kind.PSI, psi);
        assertEquals(expected, model.addGradients(x, y, 1), tolNegLl * Math.abs(expected));
        if (golden.has("grad")) {
            Map<String, Tensor> parameters = GoldenModels.named(model);
            GoldenModels.described(golden, golden.map("grad"))
                    .forEach((name, gradient) -> LatentGolden.assertGradient(
                            golden.number("tol_grad"), parameters.get(name).gradient(), gradient, golden + " " + name));
        }
        Groups dx = model.inputGradients(x, y);
        for (int g = 0; golden.has("grad_x") && g < dx.count(); g++) {
            LatentGolden.assertGradient(
                    golden.number("tol_grad"),
                    dx.group(g),
                    golden.arrays("grad_x").get(g),
                    golden + " x" + g);
        }
    }

    private static Groups mapped(LatentRegressionModel model, Groups projections) {
        GroupMap.Pass pass = model.m().pass(model.dProj(), projections.rows());
        double[][] mapped = Matrices.ofWidths(pass.outWidths(), projections.rows());
        pass.forward(projections.values(), projections.rows(), mapped);
        return new Groups(projections.rows(), mapped);
    }

    /** Makes values that were given for a call the model's own. */
    private static void set(LatentRegressionModel model, Kind kind, Overrides overrides) {
        for (int i = 0; i < model.count(kind); i++) {
            double[] values = model.resolve(kind, i, overrides).clone();
            System.arraycopy(values, 0, model.tensor(kind, i).values(), 0, values.length);
        }
    }

    private static void assertTrainable(LatentGolden.Case golden, LatentRegressionModel model) {
        Map<String, Tensor> named = GoldenModels.named(model);
        List<Tensor> expected = new ArrayList<>();
        ((List<?>) golden.entry().get("trainable_order")).forEach(name -> expected.add(named.get(name)));
        assertEquals(expected, model.trainableParameters(), golden + ": trainable parameters");
    }

    @ParameterizedTest
    @MethodSource("conditional")
    void shouldTakeValuesForOneCall(LatentGolden.Case golden) {
        LatentRegressionModel model = GoldenModels.model(golden);
        Overrides overrides = GoldenModels.overrides(golden, golden.map("override"));

        Groups mean = model.condForward(GoldenModels.groups(golden, "x"), overrides);

        assertGroups(golden, "mean", mean);
        if (golden.has("trainable_order")) {
            assertTrainable(golden, model);
        }
    }

    @ParameterizedTest
    @MethodSource("generated")
    void shouldGenerate(LatentGolden.Case golden) {
        LatentRegressionModel model = GoldenModels.model(golden);

        assertGroups(golden, "y", model.generate(GoldenModels.groups(golden, "x"), GoldenModels.noise(golden)));
    }

    @ParameterizedTest
    @MethodSource("recursive")
    void shouldGenerateRecursively(LatentGolden.Case golden) {
        LatentRegressionModel model = GoldenModels.model(golden);
        List<Feedback> feedback = feedback(golden);

        Groups y = model.recursiveGenerate(GoldenModels.groups(golden, "x"), feedback, GoldenModels.noise(golden));

        assertGroups(golden, "y_intended", y);
    }

    static List<Feedback> feedback(LatentGolden.Case golden) {
        List<Feedback> feedback = new ArrayList<>();
        for (Object pair : (List<?>) golden.entry().get("r_map_h_to_g")) {
            feedback.add(new Feedback(GoldenModels.ints(pair)[0], GoldenModels.ints(pair)[1]));
        }
        return feedback;
    }

    @Test
    void shouldShareAPartOfTheMap() {
        LatentGolden.Case golden = LatentGolden.theCase("sharedm_forward");
        SharedMLatentRegressionModel model = GoldenModels.sharedM(golden);
        Groups x = GoldenModels.groups(golden, "x");
        double tol = golden.number("tol");
        Overrides p = Overrides.NONE.with(
                Kind.P, GoldenModels.values(golden, golden.entry().get("p_override")));

        assertGroups(golden, "mean", model.forward(x));
        assertGroups(golden, "p_project_specific", model.pProject(x));
        assertGroups(golden, "p_project", model.pProject(x, Overrides.NONE, false));
        assertGroups(golden, "p_project_specific_override", model.pProject(x, p));
        assertGroups(golden, "p_project_override_no_specific", model.pProject(x, p, false));
        assertEquals(named(golden, "names_all", model), model.parameters());
        assertEquals(
                (int) golden.number("n_trainable_parameters"),
                model.trainableParameters().size());
        model.returnSharedMParams(false);
        assertEquals(named(golden, "names_without_shared", model), model.parameters());
        assertEquals(
                (int) golden.number("n_trainable_parameters"),
                model.trainableParameters().size());

        GroupMap other = GoldenModules.map(golden, golden.entry().get("updated_shared_m"), new int[] {2, 3});
        model.updateSharedM(other);

        assertGroups(golden, tol, golden.arrays("mean_after_update"), model.forward(x), "mean after update");
    }

    private static List<Tensor> named(LatentGolden.Case golden, String key, LatentRegressionModel model) {
        List<Tensor> tensors = new ArrayList<>();
        ((List<?>) golden.entry().get(key))
                .forEach(name -> tensors.add(model.stateDict().get((String) name)));
        return tensors;
    }
}
