package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.amacrine.core.random.RandomSequence;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * The calls that the manifest lists as errors of the reference, or as calls that it should have taken: each has its check here, under
 * its own name, and there is none that the manifest does not list.
 */
class ErrorsGoldenTest {
    private static final double FREE = Double.NaN;
    private static final RandomSequence RANDOM = new RandomSequence();

    private final Map<String, Executable> checks = new LinkedHashMap<>();

    private static List<String> listed() {
        return ((List<?>) LatentGolden.manifest("errors"))
                .stream().map(entry -> (String) ((Map<?, ?>) entry).get("id")).toList();
    }

    @TestFactory
    Stream<DynamicTest> shouldDoWhatIsSaidOfEachListedCall() {
        addRecursions();
        addModels();
        addFits();
        addSharedMaps();
        addModules();
        return listed().stream()
                .map(id -> DynamicTest.dynamicTest(
                        id, checks.getOrDefault(id, () -> fail("\"" + id + "\" is listed but nothing checks it"))));
    }

    @Test
    void shouldCheckNothingThatIsNotListed() {
        shouldDoWhatIsSaidOfEachListedCall();

        assertEquals(57, listed().size());
        assertEquals(Set.copyOf(listed()), checks.keySet());
    }

    private void add(String id, Executable check) {
        assertSame(null, checks.put(id, check), id);
    }

    private void refuses(String id, String expected, Executable call) {
        add(id, () -> assertSays(IllegalArgumentException.class, expected, call));
    }

    private static void assertSays(Class<? extends RuntimeException> type, String expected, Executable call) {
        RuntimeException e = assertThrows(type, call);
        assertTrue(e.getMessage().contains(expected), e.getMessage());
    }

    private static Groups one(double... values) {
        return Groups.of(values.length, values);
    }

    /** One variable, {@code y = 2 x}, without noise. */
    private static LatentRegressionModel doubling() {
        LatentRegressionModel model = LatentModels.plain(1, 1).build(new IdentityMap());
        model.tensor(Kind.P, 0).values()[0] = 1;
        model.tensor(Kind.U, 0).values()[0] = 2;
        model.tensor(Kind.PSI, 0).values()[0] = 1;
        return model;
    }

    // ------------------------------------------------------------------------------------------------ recursion

    private static Groups generate(Groups x, Feedback... feedback) {
        return generate(doubling(), x, feedback);
    }

    private static Groups generate(LatentRegressionModel model, Groups x, Feedback... feedback) {
        return model.recursiveGenerate(x, List.of(feedback), Noise.NONE);
    }

    /** Two inputs of 5 and 4 variables, two outputs of 4 and 5, of which some entries of the inputs are free. */
    private static Groups crossed(int rows, int freeInFirst, int freeInSecond) {
        double[] five = new double[rows * 5];
        double[] four = new double[rows * 4];
        if (freeInFirst >= 0) {
            five[freeInFirst] = FREE;
        }
        if (freeInSecond >= 0) {
            four[freeInSecond] = FREE;
        }
        return Groups.of(rows, five, four);
    }

    private void addRecursions() {
        Feedback itself = new Feedback(0, 0);
        LatentRegressionModel two = LatentModels.everything(1);
        add("rec_nan_first_row", () -> {
            String expected = "give all of the first row";
            assertSays(IllegalArgumentException.class, expected, () -> generate(one(FREE, 1), itself));
            assertSays(IllegalArgumentException.class, expected, () -> generate(one(FREE, 1)));
        });
        refuses("rec_nan_unmapped", "nothing is fed back to this group", () -> generate(one(1, FREE)));
        refuses(
                "rec_check_order",
                "row 0 of input group 1 has no value for variable 2; give all of the first row",
                () -> generate(two, crossed(2, 7, 2)));
        add("rec_rmap_none", () -> {
            assertArrayEquals(new double[] {2, 6}, generate(one(1, 3)).group(0));
            assertSays(IllegalArgumentException.class, "nothing is fed back", () -> generate(one(1, FREE)));
        });
        refuses("rec_zero_rows", "x has no row; give one for each step", () -> generate(one(), itself));
        String noSuchGroup = "names a group that is not there";
        refuses("rec_rmap_bad_input_group", noSuchGroup, () -> generate(one(1, 2), new Feedback(0, 1)));
        refuses("rec_rmap_bad_output_group", noSuchGroup, () -> generate(one(1, 2), new Feedback(1, 0)));
        refuses("rec_rmap_negative_group", noSuchGroup, () -> generate(one(1, 2), new Feedback(0, -1)));
        refuses(
                "rec_dim_out_smaller",
                "feeds 4 outputs to 5 inputs",
                () -> generate(two, crossed(2, 9, -1), new Feedback(0, 0)));
        refuses(
                "rec_dim_out_larger",
                "feeds 5 outputs to 4 inputs",
                () -> generate(two, crossed(2, -1, 5), new Feedback(1, 1)));
        add("rec_row_counts_differ", () -> {
            for (int other : new int[] {1, 3}) {
                Groups x = Groups.of(2, new double[10], new double[other * 4]);
                assertSays(IllegalArgumentException.class, "must have 2 rows of 4 values", () -> generate(two, x));
            }
        });
        add("rec_f64_model_f32_default", () -> {
            double third = 1 / 3.0;
            assertNotEquals((float) third, third);
            assertArrayEquals(
                    new double[] {2 * third, 4 * third},
                    generate(one(third, FREE), itself).group(0),
                    1e-15);
        });
    }

    // ------------------------------------------------------------------------------------------------ models

    private void addModels() {
        Groups x = one(1, 2);
        refuses(
                "negll_y_not_list",
                "y must be given but was null",
                () -> doubling().negLl(null, x));
        add("negll_mn_not_list", () -> {
            String none = "mean must be given but was null";
            assertSays(IllegalArgumentException.class, none, () -> doubling().negLl(x, null));
            String groups = "has 1 output groups but was given 2";
            Groups twice = Groups.of(2, new double[2], new double[2]);
            assertSays(IllegalArgumentException.class, groups, () -> doubling().negLl(x, twice));
            assertSays(IllegalArgumentException.class, groups, () -> doubling().negLl(twice, x));
        });
        add(
                "p_project_none",
                () -> assertArrayEquals(
                        new double[] {1, 2}, doubling().pProject(x).group(0)));
        add("more_direct_pairs_than_outputs", () -> {
            LatentRegressionModel model = LatentRegressionModel.builder(
                            new int[] {1, 1}, new int[] {1}, new int[] {1, 1}, new int[] {2})
                    .s(List.of(new Identity()))
                    .directPairs(List.of(new DirectPair(0, 0), new DirectPair(1, 0)))
                    .build(new ConcatenateMap(new boolean[][] {{true, true}}));
            model.tensor(Kind.U, 0).set(Tensor.zeros(1, 2));
            model.tensor(Kind.DIRECT_MAPPINGS, 0).values()[0] = 10;
            model.tensor(Kind.DIRECT_MAPPINGS, 1).values()[0] = 100;
            assertArrayEquals(
                    new double[] {10 * 2 + 100 * 3},
                    model.forward(Groups.of(1, new double[] {2}, new double[] {3}))
                            .group(0));
        });
        add("assign_missing_used", () -> {
            for (Kind kind : Kind.values()) {
                LatentRegressionModel model = LatentModels.plain(1, 1)
                        .useScales(true)
                        .useOffsets(true)
                        .directPairs(List.of(new DirectPair(0, 0)))
                        .assign(kind, false)
                        .build(new IdentityMap());
                String expected = kind.of(0) + " is not assigned";
                assertSays(
                        IllegalStateException.class,
                        expected,
                        kind == Kind.PSI ? () -> model.negLl(x, x) : () -> model.forward(x));
                assertSays(IllegalStateException.class, expected, () -> model.generate(x, Noise.NONE));
            }
        });
        refuses(
                "direct_pair_dims",
                "joins 1 inputs to 2 outputs",
                () -> LatentRegressionModel.builder(new int[] {1}, new int[] {2}, new int[] {1}, new int[] {1})
                        .s(List.of(new Identity()))
                        .directPairs(List.of(new DirectPair(0, 0)))
                        .build(new IdentityMap()));
        refuses(
                "direct_pair_duplicate",
                "is given twice",
                () -> LatentModels.plain(1, 1)
                        .directPairs(List.of(new DirectPair(0, 0), new DirectPair(0, 0)))
                        .build(new IdentityMap()));
        refuses(
                "too_many_inputs",
                "has 1 input groups but was given 2",
                () -> doubling().forward(Groups.of(2, new double[2], new double[2])));
        refuses(
                "too_few_inputs",
                "has 2 input groups but was given 1",
                () -> LatentModels.everything(1).forward(Groups.of(1, new double[5])));
        add("s_count", () -> {
            for (List<Identity> modules : List.of(List.<Identity>of(), List.of(new Identity(), new Identity()))) {
                assertSays(
                        IllegalArgumentException.class,
                        "s must have one module for each of the 1 output groups but has " + modules.size(),
                        () -> LatentModels.plain(1, 1).s(modules).build(new IdentityMap()));
            }
        });
        refuses(
                "cond_list_too_short",
                "gives 0 entries of the kind U",
                () -> doubling().condForward(x, Overrides.NONE.with(Kind.U, List.of())));
        refuses(
                "cond_list_too_long",
                "gives 2 entries of the kind U",
                () -> doubling().condForward(x, Overrides.NONE.with(Kind.U, List.of(new double[1], new double[1]))));
        add("cond_scales_unused", () -> {
            for (Kind kind : List.of(Kind.SCALES, Kind.OFFSETS, Kind.DIRECT_MAPPINGS)) {
                Overrides unused = Overrides.NONE.with(kind, List.of(new double[] {5}));
                assertArrayEquals(
                        new double[] {2, 4}, doubling().condForward(x, unused).group(0), kind.toString());
            }
        });
    }

    // ------------------------------------------------------------------------------------------------ fits

    private static Fit.Builder fit() {
        return fit(doubling());
    }

    private static Fit.Builder fit(LatentRegressionModel model) {
        return Fit.of(model, one(1, 2, 3), one(2, 4, 7)).batchSize(2).sendSize(2);
    }

    private static LearningRates rates(double... iterationsAndRates) {
        LearningRates.Entry[] entries = new LearningRates.Entry[iterationsAndRates.length / 2];
        Arrays.setAll(
                entries, i -> new LearningRates.Entry((long) iterationsAndRates[2 * i], iterationsAndRates[2 * i + 1]));
        return LearningRates.of(entries);
    }

    private void addFits() {
        refuses(
                "fit_send_gt_batch",
                "sendSize must be at most batchSize but was 3 with a batchSize of 2",
                () -> fit().sendSize(3).build());
        add("lr_type", () -> {
            assertEquals(0.1, LearningRates.constant(0.1).at(7));
            assertEquals(0.2, rates(0, 0.1, 5, 0.2).at(7));
        });
        refuses("lr_duplicate_iteration", "two learning rates are given for iteration 0", () -> rates(0, 0.1, 0, 0.2));
        refuses("lr_negative_iteration", "from iterations >= 0 on but one was -1", () -> rates(0, 0.1, -1, 0.2));
        add("lr_no_iteration_zero", () -> {
            String expected = "no learning rate is given from iteration 0 on";
            assertSays(IllegalArgumentException.class, expected, () -> rates(1, 0.1));
            assertSays(IllegalArgumentException.class, expected, () -> rates());
        });
        add(
                "adam_lr_given",
                () -> assertEquals(
                        List.of("beta1", "beta2", "epsilon", "weightDecay", "amsgrad"),
                        Arrays.stream(Adam.Settings.class.getRecordComponents())
                                .map(component -> component.getName())
                                .toList(),
                        "there is no rate to give"));
        add("fit_max_its_zero", () -> {
            LatentRegressionModel model = doubling();
            Fit fit = fit(model).maxIterations(0).build();
            assertTrue(fit.done());
            assertEquals(0, fit.result().objective().length);
            assertEquals(0, fit.result().elapsedSeconds().length);
            assertEquals(2, model.tensor(Kind.U, 0).values()[0]);
        });
        add("fit_p0_missing", () -> assertUnassigned(Kind.P, "p of input group 0 is not assigned"));
        add("fit_psi_missing", () -> assertUnassigned(Kind.PSI, "psi of output group 0 is not assigned"));
        refuses(
                "fit_batch_gt_n",
                "batchSize is 4 but there are only 3 rows",
                () -> fit().batchSize(4).build());
        refuses("fit_batch_zero", "batchSize must be >= 1 but was 0", () -> fit().batchSize(0));
        refuses("fit_send_zero", "sendSize must be >= 1 but was 0", () -> fit().sendSize(0));
        add("fit_update_int_zero", () -> {
            Fit fit = fit().maxIterations(2).build();
            assertTrue(fit.step() && fit.step() && fit.done(), "nobody listens, and it runs all the same");
        });
        refuses("fit_lr_negative", "learning rates must be >= 0", () -> LearningRates.constant(-0.1));
        refuses("fit_parameters_empty", "there is no parameter to fit", () -> fit().parameters(List.of()));
        refuses("fit_l1_too_long", "l1P has 2 penalties but there are 1 groups", () -> fit().l1P(1, 1));
        add("fit_l1_too_short", () -> {
            // Without a row that can be explained better, the last modes move by their penalty alone.
            for (boolean both : new boolean[] {false, true}) {
                LatentRegressionModel model = LatentModels.everything(1);
                double[] p = model.tensor(Kind.P, 1).values();
                double before = p[0];
                Fit fit = Fit.of(model, crossed(2, -1, -1), Groups.of(2, new double[8], new double[10]))
                        .batchSize(2)
                        .sendSize(2)
                        .l1P(both ? new double[] {1, 1} : new double[] {1})
                        .build();
                fit.step();
                assertEquals(both, before != p[0]);
            }
        });
        refuses("fit_l1_null_entry", "l1P must hold finite numbers but holds NaN", () -> fit().l1P(Double.NaN));
    }

    private static void assertUnassigned(Kind kind, String expected) {
        LatentRegressionModel model =
                LatentModels.plain(1, 1).assign(kind, false).build(new IdentityMap());
        assertSays(IllegalStateException.class, expected, () -> fit(model).build());
    }

    // ------------------------------------------------------------------------------------------------ shared maps

    private static GroupMap scaling(double factor) {
        GroupLinearTransform map =
                new GroupLinearTransform(new int[] {1}, false, false, GroupLinearTransform.Init.DEFAULT, RANDOM);
        map.parameters().get("v0").values()[0] = factor;
        return map;
    }

    /** {@code y = x m(1)}. */
    private static SharedMLatentRegressionModel shared(GroupMap specific, GroupMap shared) {
        SharedMLatentRegressionModel model =
                new SharedMLatentRegressionModel(LatentModels.plain(1, 1), specific, shared);
        model.tensor(Kind.P, 0).values()[0] = 1;
        model.tensor(Kind.U, 0).values()[0] = 1;
        return model;
    }

    private static double ofOne(LatentRegressionModel model) {
        return model.forward(one(1)).group(0)[0];
    }

    private void addSharedMaps() {
        add("shared_p_project_no_specific", () -> {
            SharedMLatentRegressionModel model = shared(null, scaling(3));
            assertEquals(7, model.pProject(one(7), Overrides.NONE, true).group(0)[0]);
        });
        add("shared_update_without_sequential", () -> {
            SharedMLatentRegressionModel model = shared(null, scaling(3));
            model.updateSharedM(scaling(5));
            assertEquals(5, ofOne(model));
            GroupMap unfit = new LinearMap(new int[] {2}, new int[] {1}, false, RANDOM);
            assertThrows(IllegalArgumentException.class, () -> model.updateSharedM(unfit));
            assertEquals(5, ofOne(model), "it is as it was");
        });
        add("shared_update_sequential_shared", () -> {
            SharedMLatentRegressionModel model = shared(null, new MapChain(scaling(3), scaling(7)));
            model.updateSharedM(scaling(5));
            assertEquals(5, ofOne(model));
        });
        add("shared_update_without_shared", () -> {
            SharedMLatentRegressionModel model = shared(scaling(3), null);
            model.updateSharedM(scaling(5));
            assertEquals(15, ofOne(model));
        });
        add("shared_parameters_no_shared", () -> {
            SharedMLatentRegressionModel model = shared(scaling(3), null);
            List<Tensor> all = model.parameters();
            model.returnSharedMParams(false);
            assertEquals(all, model.parameters());
        });
    }

    // ------------------------------------------------------------------------------------------------ modules

    private static BumpFcn bump(double centreStd) {
        return new BumpFcn(
                new double[] {0},
                new double[] {1},
                1,
                null,
                null,
                new WanderingModule.Perturbation(centreStd, 0, 0),
                0.01);
    }

    private static double of(TensorModule module, double x) {
        double[] y = new double[1];
        module.pass(1, 1).forward(new double[] {x}, 1, y);
        return y[0];
    }

    private static Set<String> methods(Class<?> type) {
        return Arrays.stream(type.getMethods()).map(m -> m.getName()).collect(Collectors.toSet());
    }

    private void addModules() {
        add(
                "concat_map_not_bool",
                () -> assertEquals(
                        List.of(boolean[][].class),
                        List.of(ConcatenateMap.class.getConstructors()[0].getParameterTypes())));
        add("group_matmul_nonsquare", () -> {
            GroupMatrixMultiply map = new GroupMatrixMultiply(new int[] {2}, new int[] {1}, 1, RANDOM);
            map.parameters().get("w_0").set(Tensor.of(new double[] {3, 5}, 1, 2));
            double[][] y = new double[1][1];
            map.pass(new int[] {2}, 1).forward(new double[][] {{10, 100}}, 1, y);
            assertEquals(530, y[0][0]);
        });
        add("slow_sum_none_bounds", () -> {
            SlowSumOfBumpFcns sum = new SlowSumOfBumpFcns(
                    new double[][] {{0}},
                    new double[][] {{1}},
                    new double[] {2},
                    null,
                    null,
                    WanderingModule.Perturbation.NONE,
                    0.01);
            sum.bound();
            assertEquals(2 * Math.exp(-0.25), of(sum, 0.5), 1e-15);
        });
        add("bump_empty_input", () -> {
            SlowSumOfBumpFcns sum = new SlowSumOfBumpFcns(
                    new double[][] {{0}},
                    new double[][] {{1}},
                    new double[] {2},
                    null,
                    null,
                    WanderingModule.Perturbation.NONE,
                    0.01);
            for (TensorModule module : List.of(bump(0), sum)) {
                TensorModule.Pass pass = module.pass(1, 0);
                pass.forward(new double[0], 0, new double[0]);
                pass.adjoint(new double[0], new double[0]);
            }
            assertEquals(0, bump(0).smallOutput(new double[0], 0).rows().length);
        });
        add(
                "pert_grads_without_grads",
                () -> assertSays(
                        IllegalStateException.class,
                        "there is no gradient of c to perturb",
                        () -> bump(1).perturbGradients(() -> 0)));
        add("pert_grads_noop_without_grads", () -> {
            BumpFcn bump = bump(0);
            bump.perturbGradients(() -> fail("no number is needed"));
            assertTrue(bump.parameters().values().stream().noneMatch(Tensor::hasGradient));
        });
        add("bump_x_dims", () -> {
            assertSays(
                    IllegalArgumentException.class, "made for 1 columns but its input has 2", () -> bump(0).pass(2, 1));
            assertSays(
                    IllegalArgumentException.class,
                    "x must have 2 rows of 1 values",
                    () -> bump(0).smallOutput(new double[3], 2));
        });
        add("wandering_abstract", () -> assertTrue(Modifier.isAbstract(WanderingModule.class.getModifiers())));
        add("small_output_on_sums", () -> {
            assertTrue(methods(BumpFcn.class).contains("smallOutput"));
            assertTrue(!methods(SumOfBumpFcns.class).contains("smallOutput"));
            assertTrue(!methods(SlowSumOfBumpFcns.class).contains("smallOutput"));
        });
    }
}
