package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.CheckedLayer;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.LayerException;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.random.RandomSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatentGeneratorTest {
    private static final float NAN = Float.NaN;
    private static final List<Feedback> BACK = List.of(new Feedback(0, 0));

    /** Two variables through one mode, {@code y = (x0 + 2 x1) (u0, u1)}, no noise to speak of. */
    private static LatentRegressionModel model(double u0, double u1) {
        LatentRegressionModel model = LatentModels.plain(2, 1).build(new IdentityMap());
        model.tensor(Kind.P, 0).set(Tensor.of(new double[] {1, 2}, 2, 1));
        model.tensor(Kind.U, 0).set(Tensor.of(new double[] {u0, u1}, 2, 1));
        model.tensor(Kind.PSI, 0).set(Tensor.vector(0, 0));
        return model;
    }

    private static LatentGenerator layer(LatentRegressionModel model, int trajectories, String... outputs) {
        return new LatentGenerator(
                "latent.generator",
                model,
                new LatentGenerator.Options(BACK, List.of(), trajectories, List.of(outputs)));
    }

    private static float[] run(LatentGenerator layer, Shape shape, String output, float... values) {
        Frames in = new Frames(shape, values.length / shape.values(), values);
        return layer.run(in, 2).get(output).values();
    }

    private static final Shape ONE = new Shape(2, 1, 1);
    private static final Shape SINGLE = new Shape(1, 1, 1);

    @Test
    void shouldClampWhatIsGivenAndFreeWhatIsMissing() {
        float[] y = run(layer(model(1, 10), 1), ONE, "y0", 1, 1, 7, NAN, NAN, 0, NAN, NAN);

        assertArrayEquals(new float[] {3, 30, 67, 670, 67, 670, 67 + 1340, 14070}, y);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void shouldHoldWhatASlowInputGaveBeforeWhenToldSo(int dt) {
        LatentGenerator layer = layer(model(1, 10), 1);
        layer.parameters().set("missing0", "hold");

        // The first variable comes at every other step, the second stops.
        float[] y = layer.run(new Frames(ONE, 4, new float[] {1, 1, NAN, 2, 5, NAN, NAN, NAN}), dt)
                .get("y0")
                .values();

        assertArrayEquals(new float[] {3, 30, 5, 50, 9, 90, 9, 90}, y);
    }

    @Test
    void shouldHoldAnInputThatNothingIsFedBackToAndRefuseOneThatNeverCame() {
        LatentRegressionModel model = LatentModels.plain(2, 1).build(new IdentityMap());
        model.tensor(Kind.P, 0).set(Tensor.of(new double[] {1, 2}, 2, 1));
        model.tensor(Kind.U, 0).set(Tensor.of(new double[] {1, 10}, 2, 1));
        model.tensor(Kind.PSI, 0).set(Tensor.vector(0, 0));
        LatentGenerator layer = new LatentGenerator(
                "latent.generator", model, new LatentGenerator.Options(List.of(), List.of(), 1, List.of()));

        assertThrows(LayerException.class, () -> run(layer, ONE, "y0", 1, 1, NAN, 2), "an error as ever");
        layer.parameters().set("missing0", "hold");
        assertArrayEquals(new float[] {3, 30, 5, 50}, run(layer, ONE, "y0", 1, 1, NAN, 2));
        LayerException never = assertThrows(LayerException.class, () -> run(layer, ONE, "y0", 1, NAN));
        assertTrue(never.getMessage().contains("variable 1"), never.getMessage());
        assertThrows(IllegalArgumentException.class, () -> layer.parameters().set("missing0", "free"));
    }

    @Test
    void shouldRunFreelyWhenItIsNoLongerForced() {
        LatentGenerator layer = layer(model(1, 0), 1);
        layer.parameters().set("teacherForcing", false);
        layer.parameters().set("start", "zero");

        assertArrayEquals(new float[4], run(layer, ONE, "y0", 5, 5, 7, 7));
    }

    @Test
    void shouldTakeOneRowForAllTrajectoriesOrOneForEach() {
        float[] shared = run(layer(model(1, 10), 2), ONE, "y0", 1, 1, NAN, NAN);
        float[] each = run(layer(model(1, 10), 2), new Shape(2, 2, 1), "y0", 1, 2, 1, 0, NAN, 0, 0, NAN);

        assertArrayEquals(new float[] {3, 3, 30, 30, 63, 63, 630, 630}, shared);
        assertArrayEquals(new float[] {3, 2, 30, 20, 3, 40, 30, 400}, each);
    }

    @Test
    void shouldCountStepsOfFreeRunning() {
        float[] free =
                run(layer(model(1, 0), 1, "freeSteps", "tran0"), ONE, "freeSteps", 1, 1, NAN, NAN, NAN, NAN, 0, NAN);

        assertArrayEquals(new float[] {0, 1, 2, 0}, free);
    }

    @Test
    void shouldGiveOutLatents() {
        float[] latent = run(layer(model(1, 10), 1, "proj0", "mean0"), ONE, "proj0", 1, 1, NAN, 0);

        assertArrayEquals(new float[] {3, 3}, latent);
    }

    @Test
    void shouldStepFreelyOverLostFrames() {
        LatentGenerator layer = layer(model(1, 1), 1);
        CheckedLayer checked = prepared(layer);
        float[] first = step(checked, 0, 0, 1, 0);
        float[] afterTwoLost = step(checked, 1, 2, NAN, NAN);

        assertArrayEquals(new float[] {1, 1}, first);
        assertArrayEquals(new float[] {27, 27}, afterTwoLost);
        assertEquals(4, layer.states().get("step").integer());

        layer.parameters().set("maxGapFrames", 1);
        LayerException e = assertThrows(LayerException.class, () -> step(checked, 2, 2, NAN, NAN));
        assertTrue(e.getMessage().contains("step 6 has no value"), e.getMessage());
    }

    private static CheckedLayer prepared(LatentGenerator layer) {
        CheckedLayer checked = new CheckedLayer("loop", layer);
        checked.prepare(
                new LayerContext("loop", List.of(ONE), Resolution.DEFAULT, ScalarKernels.INSTANCE, Bands.ALONE, 0, 1));
        return checked;
    }

    private static float[] step(CheckedLayer layer, long frame, long lost, float... row) {
        Chunk in = Chunk.unpooled(ONE, 1);
        in.begin(frame, lost);
        in.frames(1);
        System.arraycopy(row, 0, in.values(), in.start(0), row.length);
        Chunk out = Chunk.unpooled(layer.outputShapes().get(0), 1);
        layer.process(new Chunk[] {in}, new Chunk[] {out});
        return Arrays.copyOfRange(out.values(), out.start(0), out.start(1));
    }

    /** What is fed back and an input that is held, {@code y = 2 x0 + x1}, each of one variable. */
    private static LatentGenerator drivenByHeld(String start) {
        LatentRegressionModel model = LatentRegressionModel.builder(
                        new int[] {1, 1}, new int[] {1}, new int[] {1, 1}, new int[] {2})
                .s(List.of(new Identity()))
                .build(new ConcatenateMap(new boolean[][] {{true, true}}));
        model.tensor(Kind.P, 0).set(Tensor.of(new double[] {1}, 1, 1));
        model.tensor(Kind.P, 1).set(Tensor.of(new double[] {1}, 1, 1));
        model.tensor(Kind.U, 0).set(Tensor.of(new double[] {2, 1}, 1, 2));
        model.tensor(Kind.PSI, 0).set(Tensor.vector(0));
        LatentGenerator layer = new LatentGenerator("latent.generator", model, LatentGenerator.Options.of(BACK));
        layer.parameters().set("missing1", "hold");
        layer.parameters().set("start", start);
        return layer;
    }

    private static float stepOfTwo(LatentGenerator layer, long frame, long lost, float x0, float x1) {
        Chunk[] in = {Chunk.unpooled(SINGLE, 1), Chunk.unpooled(SINGLE, 1)};
        float[] x = {x0, x1};
        for (int i = 0; i < in.length; i++) {
            in[i].begin(frame, lost);
            in[i].frames(1);
            in[i].values()[in[i].start(0)] = x[i];
        }
        Chunk out = Chunk.unpooled(SINGLE, 1);
        layer.process(in, new Chunk[] {out});
        return out.values()[out.start(0)];
    }

    private static LatentGenerator preparedForTwo(LatentGenerator layer) {
        layer.prepare(new LayerContext(
                "loop", List.of(SINGLE, SINGLE), Resolution.DEFAULT, ScalarKernels.INSTANCE, Bands.ALONE, 0, 1));
        return layer;
    }

    @Test
    void shouldNotStepOverFramesThatWereLostBeforeAHeldInputCame() {
        LatentGenerator fromZero = preparedForTwo(drivenByHeld("zero"));
        LatentGenerator fromValues = drivenByHeld("values");
        fromValues.parameters().set("startY0", NdArray.of(new float[] {5}, 1));
        preparedForTwo(fromValues);

        assertEquals(3, stepOfTwo(fromZero, 2, 2, NAN, 3));
        assertEquals(13, stepOfTwo(fromValues, 2, 2, NAN, 3));
        assertEquals(1, fromValues.states().get("step").integer());
        // Then it is held over lost frames: 29, 61, 125.
        assertEquals(125, stepOfTwo(fromValues, 5, 2, NAN, NAN));
    }

    @Test
    void shouldHoldAnInputThatNothingIsFedBackToOverALongGap() {
        LatentGenerator layer = preparedForTwo(drivenByHeld("zero"));
        layer.parameters().set("maxGapFrames", 1);

        assertEquals(5, stepOfTwo(layer, 0, 0, 1, 3));
        assertEquals(3, stepOfTwo(layer, 6, 5, NAN, NAN), "from zero again, with the 3 of before");
        assertEquals(7, layer.states().get("step").integer());
        layer.states().clear();
        assertThrows(LayerException.class, () -> stepOfTwo(layer, 0, 0, 1, NAN), "nothing is left from before");
    }

    @Test
    void shouldHoldWhatCameWhileItWasNotForced() {
        LatentGenerator layer = layer(model(1, 10), 1);
        layer.parameters().set("missing0", "hold");
        CheckedLayer checked = prepared(layer);
        step(checked, 0, 0, 1, 1);
        layer.parameters().set("teacherForcing", false);
        float[] free = step(checked, 1, 0, 5, 6);
        layer.parameters().set("teacherForcing", true);

        assertArrayEquals(new float[] {63, 630}, free);
        assertArrayEquals(new float[] {9, 90}, step(checked, 2, 0, NAN, 2));
    }

    @Test
    void shouldSayAtWhichStepItLeftTheFiniteRange() {
        CheckedLayer checked = prepared(layer(model(1e13, 1e13), 1));
        step(checked, 0, 0, 1, 0);
        step(checked, 1, 0, NAN, NAN);

        LayerException e = assertThrows(LayerException.class, () -> step(checked, 2, 0, NAN, NAN));

        assertEquals(
                "layer loop at frame 2: trajectory 0 left the finite range at step 2; set divergence to reset, clamp more"
                        + " of it, or fit a model that stays bounded",
                e.getMessage());
    }

    @Test
    void shouldStartAgainFromZerosWhenToldSo() {
        LatentGenerator layer = layer(model(1e13, 1e13), 1);
        layer.parameters().set("divergence", "reset");

        float[] y = run(layer, ONE, "y0", 1, 0, NAN, NAN, NAN, NAN, NAN, 1);

        assertArrayEquals(new float[] {0, 0, 2e13f, 2e13f}, Arrays.copyOfRange(y, 4, 8));
    }

    @Test
    void shouldTakeNewParametersOfTheModelLive() {
        LatentGenerator layer = layer(model(1, 1), 1);
        CheckedLayer checked = prepared(layer);
        step(checked, 0, 0, 1, 0);

        layer.parameters().set("u0", new NdArray(new int[] {2, 1}, new double[] {0.5, 0}));

        assertArrayEquals(new float[] {1.5f, 0}, step(checked, 1, 0, NAN, NAN));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> layer.parameters().set("psi0", new NdArray(new int[] {3}, new double[3])));
        assertTrue(e.getMessage().contains("parameter \"psi0\" has the shape (2,) but was given (3,)"), e.getMessage());
    }

    /** Two variables, {@code y = v0 (x0 + 2 x1) (1, 1)} with the specific part's scale v0. */
    private static LatentGenerator sharing() {
        GroupLinearTransform specific = new GroupLinearTransform(
                new int[] {1}, false, false, GroupLinearTransform.Init.DEFAULT, new RandomSequence());
        SharedMLatentRegressionModel model =
                new SharedMLatentRegressionModel(LatentModels.plain(2, 1), specific, new IdentityMap());
        model.tensor(Kind.P, 0).set(Tensor.of(new double[] {1, 2}, 2, 1));
        model.tensor(Kind.U, 0).set(Tensor.of(new double[] {1, 1}, 2, 1));
        model.tensor(Kind.PSI, 0).set(Tensor.vector(0, 0));
        model.stateDict().get("m.0.v0").set(Tensor.vector(2));
        return layer(model, 1);
    }

    @Test
    void shouldTakeAParameterOfASharingModelLiveUnderEitherName() {
        LatentGenerator layer = sharing();
        CheckedLayer checked = prepared(layer);

        assertArrayEquals(new float[] {6, 6}, step(checked, 0, 0, 1, 1));
        layer.parameters().set("m.0.v0", NdArray.of(new float[] {5}, 1));
        assertArrayEquals(new float[] {15, 15}, step(checked, 1, 0, 1, 1));
        layer.parameters().set("specific_m.v0", NdArray.of(new float[] {7}, 1));
        assertArrayEquals(new float[] {21, 21}, step(checked, 2, 0, 1, 1));
        assertFalse(layer.parameters().all().containsKey("specific_m.v0"), "one tensor, one parameter");
    }

    @Test
    void shouldTakeAParameterOfAModuleThatTwoOutputsHaveLive() {
        Bias bias = new Bias(1, 0, new RandomSequence());
        LatentRegressionModel model = LatentRegressionModel.builder(
                        new int[] {1}, new int[] {1, 1}, new int[] {1}, new int[] {1, 1})
                .s(List.of(bias, bias))
                .build(new LinearMap(new int[] {1}, new int[] {1, 1}, false, new RandomSequence()));
        LatentGenerator layer = new LatentGenerator("g", model, LatentGenerator.Options.of(List.of()));
        layer.parameters().set("noise", false);
        layer.parameters().set("s.0.o", NdArray.of(new float[] {3}, 1));

        Map<String, Frames> y = layer.run(new Frames(SINGLE, 1, new float[1]), 1);

        assertEquals(3, y.get("y0").values()[0]);
        assertEquals(3, y.get("y1").values()[0]);
    }

    @Test
    void shouldKeepTheModelWhenAParameterIsRefused() {
        LatentGenerator layer = layer(model(1, 1), 1);
        CheckedLayer checked = prepared(layer);
        step(checked, 0, 0, 1, 0);

        assertRefuses(
                "value 0 of parameter \"psi0\" is -1.0; it is a variance",
                () -> layer.parameters().set("psi0", new NdArray(new int[] {2}, new double[] {-1, 1})));
        assertRefuses(
                "u0 must be a finite number but was NaN",
                () -> layer.parameters().set("u0", new NdArray(new int[] {2, 1}, new double[] {1, NAN})));

        assertArrayEquals(new float[] {3, 3}, step(checked, 1, 0, NAN, NAN));
        assertRefuses("value 0 of parameter \"psi0\" is -2.0", () -> {
            LatentRegressionModel bad = model(1, 1);
            bad.tensor(Kind.PSI, 0).set(Tensor.vector(-2, 1));
            prepared(layer(bad, 1));
        });
    }

    @Test
    void shouldGoOnWithoutFiniteNumbersWhenToldSo() {
        LatentGenerator layer = layer(model(1e13, 1e13), 1);
        layer.parameters().set("divergence", "propagate");

        float[] y = run(layer, ONE, "y0", 1, 0, NAN, NAN, NAN, NAN, NAN, NAN, 1, 1);

        float infinity = Float.POSITIVE_INFINITY;
        assertArrayEquals(
                new float[] {infinity, infinity, infinity, infinity, 3e13f, 3e13f}, Arrays.copyOfRange(y, 4, 10), 1e7f);
    }

    @Test
    void shouldGiveOutWhatTheMapMadeAndMeansBehindTheModules() {
        GroupLinearTransform map = new GroupLinearTransform(
                new int[] {1}, false, false, new GroupLinearTransform.Init(4, 0, 0, 0), new RandomSequence());
        LatentRegressionModel model = LatentModels.plain(2, 1)
                .s(List.of(ElementWise.fixedOffsetAbs(0.5)))
                .build(map);
        model.tensor(Kind.P, 0).set(Tensor.of(new double[] {1, 2}, 2, 1));
        model.tensor(Kind.U, 0).set(Tensor.of(new double[] {1, -10}, 2, 1));
        LatentGenerator layer = layer(model, 1, "proj0", "tran0", "mean0");

        // (1, 1) on (1, 2) is 3, times 4 is 12; along (1, -10) 12 and -120, of which magnitudes and 0.5.
        Map<String, Frames> out = layer.run(new Frames(ONE, 2, new float[] {1, 1, 0, 1}), 2);

        assertArrayEquals(new float[] {3, 2}, out.get("proj0").values());
        assertArrayEquals(new float[] {12, 8}, out.get("tran0").values());
        assertArrayEquals(
                new float[] {12.5f, 120.5f, 8.5f, 80.5f}, out.get("mean0").values());
    }

    @Test
    void shouldGiveOutTheFramesBeforeTheStepThatDiverged() {
        LatentGenerator layer = layer(model(1e13, 1e13), 1);
        CheckedLayer checked = new CheckedLayer("loop", layer);
        checked.prepare(
                new LayerContext("loop", List.of(ONE), Resolution.DEFAULT, ScalarKernels.INSTANCE, Bands.ALONE, 0, 5));
        Chunk in = Chunk.unpooled(ONE, 5);
        in.frames(5);
        Arrays.fill(in.values(), NAN);
        in.values()[0] = 1;
        in.values()[1] = 0;
        Chunk out = Chunk.unpooled(ONE, 5);

        LayerException e =
                assertThrows(LayerException.class, () -> checked.process(new Chunk[] {in}, new Chunk[] {out}));

        assertEquals(2, e.frame());
        assertEquals(2, out.frames());
        assertArrayEquals(new float[] {1e13f, 1e13f, 3e26f, 3e26f}, out.toArray(), 1e20f);
    }

    @Test
    void shouldLimitWhatIsFedBackButNotWhatIsGivenOut() {
        LatentGenerator layer = layer(model(1, -10), 1);
        layer.parameters().set("feedbackLow", -4);

        // 3 -> (3, -30) -> fed back (3, -4): -5 -> (-5, 50) -> fed back (-4, 7 given).
        float[] y = run(layer, ONE, "y0", 1, 1, NAN, NAN, NAN, 7);

        assertArrayEquals(new float[] {3, -30, -5, 50, 10, -100}, y);
    }

    @Test
    void shouldStartFromGivenOutputs() {
        LatentGenerator one = layer(model(1, 10), 1);
        one.parameters().set("start", "values");
        one.parameters().set("startY0", NdArray.of(new float[] {2, 3}, 2));
        LatentGenerator two = layer(model(1, 10), 2);
        two.parameters().set("start", "values");
        two.parameters().set("startY0", NdArray.of(new float[] {2, 3, 1, 0}, 2, 2));

        assertArrayEquals(new float[] {8, 80, 4, 40}, run(one, ONE, "y0", NAN, NAN, 4, 0));
        assertArrayEquals(new float[] {8, 1, 80, 10, 4, 4, 40, 40}, run(two, ONE, "y0", NAN, NAN, 4, 0));
    }

    @Test
    void shouldGiveOutWhatWasClampedAndReplayFromIt() {
        float[] given = {1, 1, 7, NAN, NAN, NAN, 2, 0.5f};
        LatentGenerator first = layer(model(0.1, -0.2), 1, "given0", "y0");
        first.parameters().set("psi0", new NdArray(new int[] {2}, new double[] {1, 2}));
        Map<String, Frames> session = first.run(new Frames(ONE, 4, given), 3);
        float[] log = session.get("given0").values();

        assertArrayEquals(given, log);
        LatentGenerator second = layer(model(0.1, -0.2), 1);
        second.parameters().set("psi0", new NdArray(new int[] {2}, new double[] {1, 2}));
        assertArrayEquals(session.get("y0").values(), run(second, ONE, "y0", log));
    }

    @Test
    void shouldLogNothingGivenWhenItIsNotForced() {
        LatentGenerator layer = layer(model(1, 0), 1, "given0");
        layer.parameters().set("teacherForcing", false);

        assertArrayEquals(new float[] {1, 1, NAN, NAN}, run(layer, ONE, "given0", 1, 1, 7, 7));
    }

    @Test
    void shouldMeasureHowMuchWhatIsGivenDiffersFromThePrediction() {
        LatentGenerator layer = layer(model(1, 10), 1, "negLl", "drift");
        layer.parameters().set("psi0", new NdArray(new int[] {2}, new double[] {4, 1}));
        layer.parameters().set("noise", false);
        layer.parameters().set("driftSeconds", 0.001 / Math.log(2));
        // Means: (3, 30), then from (5, 30): (65, 650), from (65, 650): (1365, 13650).
        float[] rows = {1, 1, 5, NAN, NAN, NAN, 1365, 13652};

        Map<String, Frames> out = layer.run(new Frames(ONE, 4, rows), 2);

        double half = 0.5 * Math.log(2 * Math.PI);
        float first = (float) (half + Math.log(2) + 0.5);
        double second = 2 * half + Math.log(2) + 0.5 * 4;
        assertArrayEquals(
                new float[] {NAN, first, NAN, (float) second}, out.get("negLl").values(), 1e-6f);
        // With steps of 1 ms the gain is one half, for each variable.
        float drift = (float) (0.5 * first + 0.5 * second / 2);
        assertArrayEquals(
                new float[] {NAN, first, first, drift}, out.get("drift").values(), 1e-6f);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7})
    void shouldMeasureTheSameForAnyChunks(int dt) {
        float[] rows = new float[2 * 40];
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i > 1 && random.nextInt(2) == 0 ? NAN : (float) random.nextDouble(-1, 1);
        }
        List<Map<String, Frames>> runs = new ArrayList<>();
        for (int frames : new int[] {40, dt}) {
            LatentGenerator layer = layer(model(0.1, -0.2), 1, "given0", "negLl", "drift");
            layer.parameters().set("psi0", new NdArray(new int[] {2}, new double[] {0.3, 2}));
            runs.add(layer.run(new Frames(ONE, 40, rows), frames));
        }

        for (String output : List.of("given0", "negLl", "drift")) {
            assertArrayEquals(
                    runs.get(0).get(output).values(), runs.get(1).get(output).values(), output);
        }
    }

    @Test
    void shouldCountReplacementsOfTheModel() {
        LatentGenerator layer = layer(model(1, 1), 1, "version");
        CheckedLayer checked = prepared(layer);
        float before = step(checked, 0, 0, 1, 0)[0];
        layer.parameters().set("noise", false);
        float same = step(checked, 1, 0, 1, 0)[0];
        layer.parameters().set("u0", new NdArray(new int[] {2, 1}, new double[] {0.5, 0}));
        float after = step(checked, 2, 0, 1, 0)[0];

        assertArrayEquals(new float[] {0, 0, 1}, new float[] {before, same, after});
    }

    @Test
    void shouldRefuseLimitsAndStartsThatAreNone() {
        LatentGenerator layer = layer(model(1, 1), 1);
        prepared(layer);

        assertRefuses(
                "feedbackLow must be at most feedbackHigh but they were 3.0 and 1.0",
                () -> layer.parameters().set(Map.of("feedbackLow", 3, "feedbackHigh", 1)));
        assertRefuses(
                "startY0 must hold 2 numbers but holds 3",
                () -> layer.parameters().set("startY0", NdArray.of(new float[3], 3)));
    }

    @Test
    void shouldRefuseWhatDoesNotFit() {
        LatentRegressionModel model = model(1, 1);

        assertRefuses(
                "input group 0 is neither driven nor fed",
                () -> new LatentGenerator(
                        "g",
                        LatentModels.everything(1),
                        new LatentGenerator.Options(List.of(), List.of(1), 1, List.of())));
        assertRefuses(
                "driven must name each input group once, from 0 to 0, but was [1]",
                () -> new LatentGenerator("g", model, new LatentGenerator.Options(BACK, List.of(1), 1, List.of())));
        assertRefuses("trajectories must be within", () -> layer(model, 0));
        assertRefuses("no output \"y\"; did you mean \"y0\"?", () -> layer(model, 1, "y"));
        assertRefuses("input x0 takes frames of 2x1x1", () -> run(layer(model, 1), new Shape(3, 1, 1), "y0", 1, 2, 3));
    }

    private static void assertRefuses(String expected, Runnable call) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
        assertTrue(e.getMessage().contains(expected), e.getMessage());
    }
}
