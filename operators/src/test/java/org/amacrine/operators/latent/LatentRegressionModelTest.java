package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.core.random.RandomSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatentRegressionModelTest {
    private static final double NAN = Double.NaN;

    private static void assertSays(String expected, Class<? extends RuntimeException> type, Runnable call) {
        RuntimeException e = assertThrows(type, call::run);
        assertTrue(e.getMessage().contains(expected), e.getMessage());
    }

    private static void assertRefuses(String expected, Runnable call) {
        assertSays(expected, IllegalArgumentException.class, call);
    }

    /** p = (1, 2), u = (1, 10), psi = 4: two variables through one mode. */
    private static LatentRegressionModel byHand() {
        LatentRegressionModel model = LatentModels.plain(2, 1).build(new IdentityMap());
        model.tensor(Kind.P, 0).set(Tensor.of(new double[] {1, 2}, 2, 1));
        model.tensor(Kind.U, 0).set(Tensor.of(new double[] {1, 10}, 2, 1));
        model.tensor(Kind.PSI, 0).set(Tensor.vector(4, 4));
        return model;
    }

    // ------------------------------------------------------------------------------------------------ numbers by hand

    @Test
    void shouldProjectMapAndReadOut() {
        Groups mean = byHand().forward(Groups.of(2, new double[] {1, 1, 0, -1}));

        assertArrayEquals(new double[] {3, 30, -2, -20}, mean.group(0));
    }

    @Test
    void shouldScaleBeforeItShiftsAndAddWhatComesDirectlyLast() {
        LatentRegressionModel model = LatentModels.plain(1, 1)
                .useScales(true)
                .useOffsets(true)
                .directPairs(List.of(new DirectPair(0, 0)))
                .build(new IdentityMap());
        Overrides given = Overrides.NONE
                .with(Kind.P, List.of(new double[] {1}))
                .with(Kind.U, List.of(new double[] {5}))
                .with(Kind.SCALES, List.of(new double[] {2}))
                .with(Kind.OFFSETS, List.of(new double[] {0.5}))
                .with(Kind.DIRECT_MAPPINGS, List.of(new double[] {100}));

        assertEquals(
                3 * 5 * 2 + 0.5 + 300,
                model.condForward(Groups.of(1, new double[] {3}), given).group(0)[0]);
    }

    @Test
    void shouldSumTheNegativeLogLikelihoodOverRowsWithItsConstants() {
        LatentRegressionModel model = byHand();
        Groups y = Groups.of(2, new double[] {3, 32, 0, -20});
        Groups mean = Groups.of(2, new double[] {3, 30, -2, -20});

        double expected = 0.5 * (4 * Math.log(2 * Math.PI) + 4 * Math.log(4) + (4 + 4) / 4.0);

        assertEquals(expected, model.negLl(y, mean), 1e-12);
        assertEquals(
                0.5 * (4 * Math.log(2 * Math.PI) + 4 * Math.log(2) + (4 + 4) / 2.0),
                model.negLl(y, mean, Overrides.NONE.with(Kind.PSI, List.of(new double[] {2}))),
                1e-12,
                "one variance for all variables");
    }

    @Test
    void shouldFeedBackFreeEntriesAlone() {
        LatentRegressionModel model = byHand();
        Groups x = Groups.of(3, new double[] {1, 0, 7, NAN, NAN, 0});

        Groups y = model.recursiveGenerate(x, List.of(new Feedback(0, 0)), Noise.NONE);

        assertArrayEquals(new double[] {1, 10, 27, 270, 27, 270}, y.group(0));
        assertArrayEquals(new double[] {1, 0, 7, NAN, NAN, 0}, x.group(0), "x is not changed");
    }

    @Test
    void shouldAddNoiseOfTheVariancesAskedFor() {
        Groups y = byHand().generate(Groups.of(1, new double[] {1, 1}), (group, step, eps) -> {
            eps[0] = 1;
            eps[1] = -0.5;
        });

        assertArrayEquals(new double[] {5, 29}, y.group(0));
    }

    @Test
    void shouldDrawNoiseOfTheVariance() {
        LatentRegressionModel model = byHand();
        int rows = 20_000;
        double[] y = model.generate(Groups.of(rows, new double[2 * rows]), Noise.counted(1, "test", 0))
                .group(0);

        double squares = Arrays.stream(y).map(v -> v * v).sum() / (2 * rows);

        assertEquals(4, squares, 4 * 4 * Math.sqrt(2.0 / (2 * rows)), "four standard errors, seed 1");
    }

    @Test
    void shouldGiveNothingForNoRows() {
        assertEquals(0, byHand().forward(Groups.of(0, new double[0])).group(0).length);
    }

    // ------------------------------------------------------------------------------------------------ gradients

    @Test
    void shouldHaveTheGradientsOfCentralDifferences() {
        for (long seed = 1; seed <= 3; seed++) {
            LatentRegressionModel model = LatentModels.everything(seed);
            Groups x = LatentModels.random(7, model.dIn(), 10 + seed);
            Groups y = LatentModels.random(7, model.dOut(), 20 + seed);
            double value = model.addGradients(x, y, 0.5);
            assertEquals(model.negLl(y, model.forward(x)), value, 1e-10);

            Map<String, Tensor> parameters = model.stateDict();
            for (Map.Entry<String, Tensor> entry : parameters.entrySet()) {
                double[] values = entry.getValue().values();
                for (int i = 0; i < values.length; i++) {
                    double slope = slope(model, x, y, values, i);
                    assertEquals(
                            0.5 * slope,
                            entry.getValue().gradient()[i],
                            1e-6 * Math.max(1, Math.abs(slope)),
                            entry.getKey() + "[" + i + "], seed " + seed);
                }
            }
            Groups dx = model.inputGradients(x, y);
            for (int g = 0; g < 2; g++) {
                for (int i = 0; i < x.group(g).length; i++) {
                    double slope = slope(model, x, y, x.group(g), i);
                    assertEquals(slope, dx.group(g)[i], 1e-6 * Math.max(1, Math.abs(slope)), "x" + g + "[" + i + "]");
                }
            }
        }
    }

    private static double slope(LatentRegressionModel model, Groups x, Groups y, double[] values, int i) {
        double h = 1e-5;
        double kept = values[i];
        values[i] = kept + h;
        double above = model.negLl(y, model.forward(x));
        values[i] = kept - h;
        double below = model.negLl(y, model.forward(x));
        values[i] = kept;
        return (above - below) / (2 * h);
    }

    @Test
    void shouldGiveARowTheSameBitsAloneAndAmongOthers() {
        LatentRegressionModel model = LatentModels.everything(4);
        Groups x = LatentModels.random(9, model.dIn(), 5);
        Groups all = model.forward(x);

        for (int n = 0; n < 9; n++) {
            Groups one = model.forward(Groups.of(
                    1,
                    Arrays.copyOfRange(x.group(0), 5 * n, 5 * n + 5),
                    Arrays.copyOfRange(x.group(1), 4 * n, 4 * n + 4)));
            assertArrayEquals(Arrays.copyOfRange(all.group(0), 4 * n, 4 * n + 4), one.group(0));
            assertArrayEquals(Arrays.copyOfRange(all.group(1), 5 * n, 5 * n + 5), one.group(1));
        }
    }

    // ------------------------------------------------------------------------------------------------ first values

    @Test
    void shouldBeginWithTheMomentsOfTheReference() {
        LatentRegressionModel model = LatentRegressionModel.builder(
                        new int[] {4000}, new int[] {3000}, new int[] {60}, new int[] {60})
                .s(List.of(new Identity()))
                .wGain(2)
                .useScales(true)
                .useOffsets(true)
                .noiseRange(0.3, 0.7)
                .seed(3)
                .build(new IdentityMap());

        assertMoments(model.tensor(Kind.P, 0), 0, 2 * Math.sqrt(2.0 / 4060));
        assertMoments(model.tensor(Kind.U, 0), 0, 2 * Math.sqrt(2.0 / 3060));
        assertMoments(model.tensor(Kind.SCALES, 0), 0, 0.01);
        assertMoments(model.tensor(Kind.PSI, 0), 0.5, 0.4 / Math.sqrt(12));
        assertArrayEquals(new double[3000], model.tensor(Kind.OFFSETS, 0).values());
        assertTrue(Arrays.stream(model.tensor(Kind.PSI, 0).values()).allMatch(v -> v >= 0.3 && v < 0.7));
    }

    /** Within five standard errors. */
    private static void assertMoments(Tensor tensor, double mean, double deviation) {
        int n = tensor.count();
        double sum = Arrays.stream(tensor.values()).sum();
        double squares =
                Arrays.stream(tensor.values()).map(v -> (v - mean) * (v - mean)).sum();
        assertEquals(mean, sum / n, 5 * deviation / Math.sqrt(n));
        assertEquals(deviation, Math.sqrt(squares / n), 5 * deviation / Math.sqrt(2.0 * n));
    }

    @Test
    void shouldCopyFlags() {
        boolean[] flags = {true, false};
        LatentRegressionModel.Builder builder = LatentRegressionModel.builder(
                        new int[] {2, 2}, new int[] {2}, new int[] {1, 1}, new int[] {2})
                .s(List.of(new Identity()))
                .assign(Kind.P, flags);
        flags[0] = false;
        LatentRegressionModel first = builder.build(new ConcatenateMap(new boolean[][] {{true, true}}));
        LatentRegressionModel second = builder.build(new ConcatenateMap(new boolean[][] {{true, true}}));

        first.trainable(Kind.P, 0, false);

        assertTrue(second.isTrainable(Kind.P, 0));
        assertNull(second.tensor(Kind.P, 1));
        assertFalse(second.isTrainable(Kind.P, 1));
    }

    // ------------------------------------------------------------------------------------------------ errors

    @Test
    void shouldRefuseSizesThatDoNotFit() {
        assertRefuses(
                "dProj must have one size for each input group, 1 in all",
                () -> LatentRegressionModel.builder(new int[] {2}, new int[] {2}, new int[] {1, 1}, new int[] {1}));
        assertRefuses(
                "dIn must be >= 1",
                () -> LatentRegressionModel.builder(new int[] {0}, new int[] {2}, new int[] {1}, new int[] {1}));
        assertRefuses(
                "s must have one module for each of the 1 output groups but has 2",
                () -> LatentModels.plain(2, 1)
                        .s(List.of(new Identity(), new Identity()))
                        .build(new IdentityMap()));
        assertRefuses(
                "dTrans is [2]",
                () -> LatentRegressionModel.builder(new int[] {2}, new int[] {2}, new int[] {1}, new int[] {2})
                        .s(List.of(new Identity()))
                        .build(new IdentityMap()));
        assertRefuses(
                "takes one flag, or 1, but was given 3",
                () -> LatentModels.plain(2, 1).assign(Kind.U, true, true, true).build(new IdentityMap()));
        assertRefuses(
                "noiseRange must go from low to high",
                () -> LatentModels.plain(2, 1).noiseRange(0.2, 0.1));
    }

    @Test
    void shouldRefusePairsThatDoNotFit() {
        LatentRegressionModel.Builder builder = LatentRegressionModel.builder(
                        new int[] {3, 2}, new int[] {2}, new int[] {1, 1}, new int[] {2})
                .s(List.of(new Identity()));
        GroupMap m = new ConcatenateMap(new boolean[][] {{true, true}});

        assertRefuses(
                "joins 3 inputs to 2 outputs",
                () -> builder.directPairs(List.of(new DirectPair(0, 0))).build(m));
        assertRefuses(
                "is given twice",
                () -> builder.directPairs(List.of(new DirectPair(1, 0), new DirectPair(1, 0)))
                        .build(m));
        assertRefuses(
                "names a group that is not there",
                () -> builder.directPairs(List.of(new DirectPair(2, 0))).build(m));
        assertRefuses(
                "names a group that is not there",
                () -> builder.directPairs(List.of(new DirectPair(-1, 0))).build(m));
    }

    @Test
    void shouldSayWhichParameterIsNotAssigned() {
        Groups x = Groups.of(1, new double[2]);
        LatentRegressionModel noModes =
                LatentModels.plain(2, 1).assign(Kind.P, false).build(new IdentityMap());
        LatentRegressionModel noPsi =
                LatentModels.plain(2, 1).assign(Kind.PSI, false).build(new IdentityMap());

        assertSays("p of input group 0 is not assigned", IllegalStateException.class, () -> noModes.forward(x));
        assertSays("psi of output group 0 is not assigned", IllegalStateException.class, () -> noPsi.negLl(x, x));
        assertSays("psi of output group 0", IllegalStateException.class, () -> noPsi.generate(x, Noise.NONE));
        assertSays(
                "p of input group 0",
                IllegalStateException.class,
                () -> Fit.of(noModes, x, x).batchSize(1).sendSize(1).build());
        assertSays(
                "psi of output group 0",
                IllegalStateException.class,
                () -> Fit.of(noPsi, x, x).batchSize(1).sendSize(1).build());
    }

    @Test
    void shouldRefuseGroupsThatDoNotFit() {
        LatentRegressionModel model = byHand();
        Groups x = Groups.of(1, new double[2]);

        assertRefuses(
                "has 1 input groups but was given 2", () -> model.forward(Groups.of(1, new double[2], new double[2])));
        assertRefuses("has 1 input groups but was given 0", () -> model.forward(Groups.of(1)));
        assertRefuses("must have 1 rows of 2 values", () -> model.forward(Groups.of(1, new double[3])));
        assertRefuses("y must be given but was null", () -> model.negLl(null, x));
        assertRefuses("mean must be given but was null", () -> model.negLl(x, null));
        assertRefuses("y has 1 rows but mean has 2", () -> model.negLl(x, Groups.of(2, new double[4])));
        assertRefuses(
                "all groups must have as many rows but group 1 has 3 and group 0 has 2",
                () -> Groups.of(
                        new NdArray(new int[] {2, 1}, new double[2]), new NdArray(new int[] {3, 1}, new double[3])));
    }

    @Test
    void shouldRefuseOverridesThatDoNotFit() {
        LatentRegressionModel model = byHand();
        Groups x = Groups.of(1, new double[2]);

        assertRefuses("gives 0 entries", () -> model.condForward(x, Overrides.NONE.with(Kind.P, List.of())));
        assertRefuses(
                "gives 2 entries", () -> model.condForward(x, Overrides.NONE.with(Kind.U, Arrays.asList(null, null))));
        assertRefuses(
                "p of input group 0 must have the shape [2, 1], 2 values, but was given 1",
                () -> model.condForward(x, Overrides.NONE.with(Kind.P, List.of(new double[1]))));
        assertArrayEquals(
                model.forward(x).group(0),
                model.condForward(x, Overrides.NONE.with(Kind.SCALES, List.of(new double[7], new double[7])))
                        .group(0),
                "what the model does not use is ignored");
    }

    @Test
    void shouldRefuseRecursionsThatDoNotFit() {
        LatentRegressionModel model = LatentModels.everything(1);
        List<Feedback> crossed = List.of(new Feedback(0, 1), new Feedback(1, 0));
        double[] five = new double[10];
        double[] four = new double[8];
        double[] fiveFree = {0, 0, 0, 0, 0, 0, 0, NAN, 0, 0};
        double[] fourFree = {0, NAN, 0, 0, 0, 0, 0, 0};

        assertRefuses(
                "row 0 of input group 1 has no value for variable 1; give all of the first row",
                () -> model.recursiveGenerate(Groups.of(2, fiveFree, fourFree), List.of(), Noise.NONE));
        assertRefuses(
                "row 1 of input group 0 has no value for variable 2; nothing is fed back",
                () -> model.recursiveGenerate(Groups.of(2, fiveFree, four), List.of(new Feedback(0, 1)), Noise.NONE));
        assertRefuses(
                "row 1 of input group 0",
                () -> model.recursiveGenerate(Groups.of(2, fiveFree, four), List.of(), Noise.NONE));
        assertRefuses(
                "x has no row",
                () -> model.recursiveGenerate(Groups.of(0, new double[0], new double[0]), crossed, Noise.NONE));
        assertRefuses(
                "names a group that is not there",
                () -> model.recursiveGenerate(Groups.of(2, five, four), List.of(new Feedback(0, 2)), Noise.NONE));
        assertRefuses(
                "names a group that is not there",
                () -> model.recursiveGenerate(Groups.of(2, five, four), List.of(new Feedback(2, 0)), Noise.NONE));
        assertRefuses(
                "names a group that is not there",
                () -> model.recursiveGenerate(Groups.of(2, five, four), List.of(new Feedback(-1, 0)), Noise.NONE));
        assertRefuses(
                "feeds 4 outputs to 5 inputs",
                () -> model.recursiveGenerate(Groups.of(2, five, four), List.of(new Feedback(0, 0)), Noise.NONE));
        assertRefuses(
                "feeds 5 outputs to 4 inputs",
                () -> model.recursiveGenerate(Groups.of(2, five, four), List.of(new Feedback(1, 1)), Noise.NONE));
        assertRefuses(
                "must have 2 rows of 4 values",
                () -> model.recursiveGenerate(Groups.of(2, five, new double[4]), crossed, Noise.NONE));
    }

    // ------------------------------------------------------------------------------------------------ shared maps

    @Test
    void shouldEvaluateABumpOutOfItsSupportAtEachStepAsForASingleRow() {
        BumpFcn bump = new BumpFcn(
                new double[] {0}, new double[] {1}, 1, null, null, new WanderingModule.Perturbation(0, 0, 0), 0.01);
        LatentRegressionModel model = LatentModels.plain(1, 1).s(List.of(bump)).build(new IdentityMap());
        model.tensor(Kind.P, 0).set(Tensor.of(new double[] {1}, 1, 1));
        model.tensor(Kind.U, 0).set(Tensor.of(new double[] {1}, 1, 1));

        Groups y = model.recursiveGenerate(Groups.of(2, new double[] {3, 4}), List.of(), Noise.NONE);

        assertArrayEquals(new double[] {Math.exp(-9), Math.exp(-16)}, y.group(0), 1e-18);
    }

    @Test
    void shouldNameParametersThatAreNoNumbers() {
        LatentRegressionModel model = byHand();
        Groups x = Groups.of(1, new double[] {1, 1});
        Overrides u = Overrides.NONE.with(Kind.U, List.of(new double[] {1, NAN}));
        assertRefuses("value 1 of parameter \"u0\" is NaN; all must be finite", () -> model.condForward(x, u));

        model.tensor(Kind.P, 0).values()[1] = NAN;
        String message = "value 1 of parameter \"p0\" is NaN; all must be finite numbers";
        assertRefuses(message, () -> model.forward(x));
        assertRefuses(message, () -> model.generate(x, Noise.NONE));
        assertRefuses(message, () -> model.recursiveGenerate(x, List.of(), Noise.NONE));
        Overrides p = Overrides.NONE.with(Kind.P, List.of(new double[] {1, 2}));
        assertEquals(30, model.condForward(x, p).group(0)[1], "another p is given for the call");

        LatentRegressionModel negative = byHand();
        negative.tensor(Kind.PSI, 0).set(Tensor.vector(-1, 1));
        String negativeVariance =
                "value 0 of parameter \"psi0\" is -1.0; it is a variance, which must be >= 0 and finite";
        assertEquals(3, negative.forward(x).group(0)[0], "means need no variance");
        assertRefuses(negativeVariance, () -> negative.generate(x, Noise.NONE));
        assertRefuses(negativeVariance, () -> negative.recursiveGenerate(x, List.of(), Noise.NONE));
    }

    @Test
    void shouldSayWhatWasNotGiven() {
        LatentRegressionModel model = byHand();
        Groups x = Groups.of(1, new double[] {1, 1});

        assertRefuses("noise must be given but was null", () -> model.recursiveGenerate(x, List.of(), null));
        assertRefuses("feedback must be given but was null", () -> model.recursiveGenerate(x, null, Noise.NONE));
        assertRefuses("x must be given but was null", () -> model.recursiveGenerate(null, List.of(), Noise.NONE));
        assertRefuses("x must be given but was null", () -> model.forward(null));
        assertRefuses("x must be given but was null", () -> model.pProject(null));
        assertRefuses("overrides must be given but was null", () -> model.condForward(x, null));
        assertRefuses("noise must be given but was null", () -> model.generate(x, null));
        assertRefuses("m must be given but was null", () -> small().build(null));
        assertRefuses(
                "dIn must be given but was null",
                () -> LatentRegressionModel.builder(null, new int[1], new int[1], new int[1]));
        assertRefuses(
                "dTrans must be given but was null",
                () -> LatentRegressionModel.builder(new int[] {1}, new int[] {1}, new int[] {1}, null));
    }

    @Test
    void shouldTakeOneNumberForAllVariables() {
        LatentRegressionModel model = LatentModels.plain(2, 1)
                .useScales(true)
                .useOffsets(true)
                .directPairs(List.of(new DirectPair(0, 0)))
                .build(new IdentityMap());
        Overrides given = Overrides.NONE
                .with(Kind.P, List.of(new double[] {1, 2}))
                .with(Kind.U, List.of(new double[] {1, 10}))
                .with(Kind.SCALES, List.of(new double[] {3}))
                .with(Kind.OFFSETS, List.of(new double[] {0.5}))
                .with(Kind.DIRECT_MAPPINGS, List.of(new double[] {100}));

        // The projection of (2, 3) is 8: 3 (8, 80) + 0.5 + 100 (2, 3).
        assertArrayEquals(
                new double[] {224.5, 540.5},
                model.condForward(Groups.of(1, new double[] {2, 3}), given).group(0));
    }

    @Test
    void shouldSeeTheSharedMapMoveWhenAnotherModelIsFitted() {
        GroupMap shared = scaling(1);
        SharedMLatentRegressionModel fitted = new SharedMLatentRegressionModel(small(), null, shared);
        SharedMLatentRegressionModel other = new SharedMLatentRegressionModel(small().seed(5), null, shared);
        Groups x = LatentModels.random(10, new int[] {3}, 1);
        double before = other.forward(x).group(0)[0];
        double[] p = other.tensor(Kind.P, 0).values().clone();

        Fit.of(fitted, x, LatentModels.random(10, new int[] {3}, 2))
                .batchSize(10)
                .sendSize(10)
                .build()
                .step();

        double[] v = other.sharedMParameters().get(0).values();
        // Adam's first step is the rate, up or down.
        assertArrayEquals(new double[] {0.01, 0.01}, new double[] {Math.abs(v[0] - 1), Math.abs(v[1] - 1)}, 1e-6);
        assertTrue(other.forward(x).group(0)[0] != before);
        assertArrayEquals(p, other.tensor(Kind.P, 0).values(), "the rest is its own");
    }

    private static LatentRegressionModel.Builder small() {
        return LatentModels.plain(3, 2);
    }

    private static GroupMap scaling(double factor) {
        GroupLinearTransform map = new GroupLinearTransform(
                new int[] {2},
                false,
                false,
                new GroupLinearTransform.Init(factor, 0, 0, 0),
                new RandomSequence().start(1, 0));
        return map;
    }

    @Test
    void shouldReplaceTheSharedMapHoweverItIsComposed() {
        Groups x = LatentModels.random(2, new int[] {3}, 1);
        LatentRegressionModel plain = small().build(new IdentityMap());
        double[] expected = plain.forward(x).group(0);
        SharedMLatentRegressionModel none = new SharedMLatentRegressionModel(small(), null, scaling(1));
        SharedMLatentRegressionModel chained =
                new SharedMLatentRegressionModel(small(), null, new MapChain(scaling(1), scaling(1)));
        SharedMLatentRegressionModel specific = new SharedMLatentRegressionModel(small(), scaling(2), null);
        GroupMap three = scaling(3);

        for (SharedMLatentRegressionModel model : List.of(none, chained, specific)) {
            double before = model.forward(x).group(0)[1] / expected[1];
            model.updateSharedM(three);

            double after = model.forward(x).group(0)[1] / expected[1];
            assertEquals(model == specific ? 2 : 1, before, 1e-12);
            assertEquals(model == specific ? 6 : 3, after, 1e-12);
            assertEquals(List.copyOf(three.parameters().values()), model.sharedMParameters());
            assertEquals(model == specific ? 1 : 0, model.specificMParameters().size());
        }
        assertRefuses(
                "neither a specific nor a shared map", () -> new SharedMLatentRegressionModel(small(), null, null));
        assertRefuses("must be given but was null", () -> none.updateSharedM(null));
        assertRefuses("dTrans is [2]", () -> none.updateSharedM(new ConcatenateMap(new boolean[][] {{true}, {true}})));
        assertEquals(three, none.sharedM(), "unchanged by what does not fit");
    }

    @Test
    void shouldProjectWithoutASpecificMap() {
        Groups x = LatentModels.random(2, new int[] {3}, 1);
        SharedMLatentRegressionModel model = new SharedMLatentRegressionModel(small(), null, scaling(5));

        assertArrayEquals(
                small().build(new IdentityMap()).pProject(x).group(0),
                model.pProject(x).group(0));
        model.returnSharedMParams(false);
        assertEquals(3, model.parameters().size());
        SharedMLatentRegressionModel unshared = new SharedMLatentRegressionModel(small(), scaling(5), null);
        unshared.returnSharedMParams(false);
        assertEquals(4, unshared.parameters().size());
    }

    // ------------------------------------------------------------------------------------------------ weights

    @Test
    void shouldExchangeWeightsByTheNamesOfPython(@TempDir Path folder) throws IOException {
        LatentRegressionModel model = LatentModels.everything(1);
        LatentRegressionModel other = LatentModels.everything(2);
        Path file = folder.resolve("weights.npz");

        Npz.write(file, StateDict.arrays(model.stateDict()));
        StateDict.load(other.stateDict(), Npz.read(file));

        assertEquals(
                List.of(
                        "p0",
                        "p1",
                        "u0",
                        "u1",
                        "c0_1",
                        "c1_0",
                        "sc0",
                        "sc1",
                        "o0",
                        "o1",
                        "psi0",
                        "psi1",
                        "m.nn.weight",
                        "m.nn.bias",
                        "s.0.o",
                        "s.0.s",
                        "s.1.o"),
                List.copyOf(model.stateDict().keySet()));
        Groups x = LatentModels.random(3, model.dIn(), 1);
        assertArrayEquals(model.forward(x).group(1), other.forward(x).group(1));
    }

    @Test
    void shouldRefuseWeightsThatDoNotFit() {
        LatentRegressionModel model = byHand();
        Map<String, NdArray> weights = StateDict.arrays(model.stateDict());

        assertRefuses("parameter \"u0\" is missing", () -> StateDict.load(model.stateDict(), without(weights, "u0")));
        assertRefuses(
                "no parameter \"psi\"; did you mean \"psi0\"?",
                () -> StateDict.load(model.stateDict(), with(weights, "psi", NdArray.of(1.0))));
        assertRefuses(
                "parameter \"p0\" has the shape (2, 1) but was given (1, 2)",
                () -> StateDict.load(
                        model.stateDict(), with(weights, "p0", new NdArray(new int[] {1, 2}, new double[2]))));
        assertRefuses(
                "value 1 of parameter \"psi0\" is NaN",
                () -> StateDict.load(model.stateDict(), with(weights, "psi0", new NdArray(new int[] {2}, new double[] {
                    1, NAN
                }))));
    }

    private static Map<String, NdArray> without(Map<String, NdArray> all, String name) {
        Map<String, NdArray> some = new LinkedHashMap<>(all);
        some.remove(name);
        return some;
    }

    private static Map<String, NdArray> with(Map<String, NdArray> all, String name, NdArray value) {
        Map<String, NdArray> more = new LinkedHashMap<>(all);
        more.put(name, value);
        return more;
    }
}
