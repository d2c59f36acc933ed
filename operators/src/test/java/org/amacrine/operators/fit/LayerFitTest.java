package org.amacrine.operators.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.DifferentiableLayer;
import org.amacrine.core.layer.Graph;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.operators.filter.CausalConvolution.Border;
import org.amacrine.operators.filter.Convolution;
import org.amacrine.operators.filter.LowPass;
import org.amacrine.operators.models.Cascades;
import org.amacrine.operators.retina.GanglionInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayerFitTest {
    private static final Shape POINT = Shape.vector(1);

    private static Frames random(Shape shape, int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count * shape.values()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new Frames(shape, count, values);
    }

    private static Frames points(float... values) {
        return new Frames(POINT, values.length, values);
    }

    private static Convolution gain() {
        Convolution layer = new Convolution("gain", Border.REPEAT, true, 1);
        layer.parameters().set("weight", 1);
        return layer;
    }

    /** y = w x + b with w = 1, b = 0: losses (1-3)² and (2-2)², so dL/dw = -4, dL/db = -4, and w = 1.4, b = 0.4 at rate 0.1. */
    @Test
    void shouldStepDownTheGradientOfTheLoss() {
        Convolution layer = gain();
        LayerFit fit = LayerFit.of(layer, points(1, 2), points(3, 2))
                .optimiser(size -> Optimisers.parse("sgd:lr=0.1", size))
                .iterations(1)
                .build();

        assertTrue(fit.step());

        assertTrue(fit.done());
        assertEquals(Map.of("loss", 4.0), fit.objectives());
        assertArrayEquals(new float[] {1.4f}, layer.parameters().get("weight").values());
        assertArrayEquals(new float[] {0.4f}, layer.parameters().get("bias").values());
        assertEquals(1.4, fit.result().parameters().get("weight").at(0), 1e-12);
    }

    /** As before, but the first frame is only evaluated: L = 0 in the second, and nothing moves. */
    @Test
    void shouldOnlyEvaluateSkippedFrames() {
        Convolution layer = gain();
        LayerFit fit = LayerFit.of(layer, points(1, 2), points(3, 2))
                .optimiser(size -> Optimisers.parse("sgd:lr=0.1", size))
                .skipFrames(1)
                .iterations(1)
                .build();

        assertFalse(fit.step());
        assertTrue(fit.step());

        assertArrayEquals(new double[] {4, 0}, fit.chunkLosses());
        assertArrayEquals(new float[] {1}, layer.parameters().get("weight").values());
    }

    @Test
    void shouldLeaveFrozenParametersAsTheyAre() {
        Convolution layer = gain();
        layer.parameters().get("weight").freeze(true);
        LayerFit fit = LayerFit.of(layer, points(1, 2), points(3, 2)).build();

        fit.step();

        assertArrayEquals(new float[] {1}, layer.parameters().get("weight").values());
        assertEquals(List.of("bias"), List.copyOf(fit.result().parameters().keySet()));
    }

    /** The optimiser evaluates the same chunk again and again: from the same states each time. */
    @Test
    void shouldBeginEachEvaluationWithTheStatesBeforeTheChunk() {
        DifferentiableLayer layer = new LowPass("low");
        Frames x = random(POINT, 30, 1);
        LayerFit fit = LayerFit.of(layer, x, random(POINT, 30, 2))
                .optimiser(size -> new Asking())
                .chunkFrames(10)
                .build();

        for (int chunk = 0; chunk < 3; chunk++) {
            fit.step();
        }
    }

    /** Evaluates three times without moving. */
    private static final class Asking implements Optimiser {
        @Override
        public double step(double[] theta, Objective objective) {
            double[] gradient = new double[theta.length];
            double[] again = new double[theta.length];
            double first = objective.evaluate(theta, gradient);
            for (int n = 0; n < 2; n++) {
                assertEquals(first, objective.evaluate(theta, again));
                assertArrayEquals(gradient, again);
            }
            return first;
        }

        @Override
        public Map<String, NdArray> save() {
            return Map.of();
        }

        @Override
        public void restore(Map<String, NdArray> saved) {
            assertTrue(saved.isEmpty());
        }
    }

    /** The gradient of the last of three chunks, with and without what the parameter did to the states before it. */
    @Test
    void shouldSendGradientsBackThroughAsManyChunksAsAsked() {
        Frames x = random(POINT, 30, 1);
        Frames goal = random(POINT, 30, 2);

        double through = lastGradient(x, goal, 3);

        double step = 1e-3;
        double slope = (lossOfLastTen(x, goal, 0.05 + step) - lossOfLastTen(x, goal, 0.05 - step)) / (2 * step);
        assertEquals(slope, through, 1e-2 * Math.abs(slope));
        assertTrue(Math.abs(lastGradient(x, goal, 1) - slope) > 0.1 * Math.abs(slope), "the past matters");
    }

    private static LowPass slowPass(double tauSeconds) {
        LowPass layer = new LowPass("low");
        layer.parameters().set("tauSeconds", tauSeconds);
        return layer;
    }

    private static double lastGradient(Frames x, Frames goal, int gradientChunks) {
        Keeping keeping = new Keeping();
        LayerFit fit = LayerFit.of(slowPass(0.05), x, goal)
                .optimiser(size -> keeping)
                .chunkFrames(10)
                .gradientChunks(gradientChunks)
                .iterations(1)
                .build();
        while (!fit.done()) {
            fit.step();
        }
        return keeping.gradient;
    }

    private static double lossOfLastTen(Frames x, Frames goal, double tauSeconds) {
        double[] losses = LayerFit.of(slowPass(tauSeconds), x, goal)
                .chunkFrames(10)
                .build()
                .losses();
        return losses[2];
    }

    /** Keeps the gradient of the first parameter, and does not move. */
    private static final class Keeping implements Optimiser {
        private double gradient;

        @Override
        public double step(double[] theta, Objective objective) {
            double[] all = new double[theta.length];
            double loss = objective.evaluate(theta, all);
            gradient = all[0];
            return loss;
        }

        @Override
        public Map<String, NdArray> save() {
            return Map.of();
        }

        @Override
        public void restore(Map<String, NdArray> saved) {
            assertTrue(saved.isEmpty());
        }
    }

    @Test
    void shouldRefuseToGoBackThroughNoChunk() {
        refused(
                "at least 1 chunk",
                () -> LayerFit.of(gain(), points(1), points(1)).gradientChunks(0));
    }

    /** Loss (y - goal)^4 with y = 1 and 2 for goals 3 and 2: 16, and dL/dw = 4 (1 - 3)^3 = -32. */
    @Test
    void shouldTakeALossOfOnesOwn() {
        LossFunction quartic = new LossFunction() {
            @Override
            public String word() {
                return "quartic";
            }

            @Override
            public double of(
                    float[] y, int yAt, float[] goal, int goalAt, int count, float[] gradient, int gradientAt) {
                double sum = 0;
                for (int i = 0; i < count; i++) {
                    double d = y[yAt + i] - goal[goalAt + i];
                    sum += d * d * d * d;
                    gradient[gradientAt + i] = (float) (4 * d * d * d);
                }
                return sum;
            }
        };
        Convolution layer = gain();
        LayerFit fit = LayerFit.of(layer, points(1, 2), points(3, 2))
                .loss(quartic)
                .optimiser(size -> Optimisers.parse("sgd:lr=0.01", size))
                .iterations(1)
                .build();

        fit.step();

        assertEquals(Map.of("loss", 16.0), fit.objectives());
        assertArrayEquals(new float[] {1.32f}, layer.parameters().get("weight").values());
    }

    @Test
    void shouldSayThatNothingMovesWhereItBegins() {
        Graph silent = Cascades.ln("ln", 2, true, false, 1);
        LayerFit fit = LayerFit.of(silent, points(1, 2), points(3, 2)).build();

        var e = assertThrows(IllegalStateException.class, fit::step);

        assertTrue(e.getMessage().contains("all gradients are zero"), e.getMessage());
        assertTrue(e.getMessage().contains("start-noise"), e.getMessage());
    }

    /** The kernel of the transient, and with it what the layer remembers, becomes longer with each step, and chunks go on from it. */
    @ParameterizedTest
    @ValueSource(strings = {"adam:lr=0.001", "lbfgs:lr=0.002,maxIterations=3"})
    void shouldFitWhatDecidesHowMuchALayerRemembers(String optimiser) {
        Frames x = random(POINT, 120, 5);
        GanglionInput truth = new GanglionInput();
        truth.parameters().set("transientTauSeconds", 0.03);
        Frames goal = LayerRun.of("cells", truth).apply(x).get("output");
        GanglionInput layer = new GanglionInput();
        layer.parameters().all().forEach((name, parameter) -> parameter.freeze(!name.equals("transientTauSeconds")));
        LayerFit fit = LayerFit.of(layer, x, goal)
                .optimiser(size -> Optimisers.parse(optimiser, size))
                .chunkFrames(40)
                .iterations(4)
                .build();

        List<Double> losses = new ArrayList<>();
        while (!fit.done()) {
            if (fit.step()) {
                losses.add(fit.objectives().get("loss"));
            }
        }

        assertTrue(layer.parameters().get("transientTauSeconds").number() > 0.021, losses::toString);
        assertTrue(losses.get(3) < losses.get(0), losses::toString);
    }

    @Test
    void shouldFindAKernelAgain() {
        Shape shape = Shape.image(6, 6);
        Frames x = random(shape, 60, 3);
        NdArray kernel = NdArray.of(random(POINT, 27, 4).values(), 3, 3, 3);
        DifferentiableLayer truth = Cascades.ln("ln", 1, true, false, 3, 3, 3);
        truth.parameters().set("conv.weight", kernel);
        Frames goal = truth.run(x, 10).get("output");
        DifferentiableLayer layer = Cascades.ln("ln", 1, true, false, 3, 3, 3);
        layer.parameters().set("conv.weight", 0.01);

        LayerFit fit = LayerFit.of(layer, x, goal)
                .optimiser(size -> Optimisers.parse("lbfgs", size))
                .iterations(5)
                .build();
        while (!fit.done()) {
            fit.step();
        }

        assertArrayEquals(kernel.floats(), layer.parameters().get("conv.weight").values(), 1e-3f);
    }

    @Test
    void shouldGoOnFromACheckpointWithTheSameNumbers() {
        Frames x = random(POINT, 40, 5);
        Frames goal = random(POINT, 40, 6);
        LayerFit straight =
                LayerFit.of(new LowPass("low"), x, goal).chunkFrames(15).build();
        LayerFit stopped =
                LayerFit.of(new LowPass("low"), x, goal).chunkFrames(15).build();
        for (int step = 0; step < 7; step++) {
            stopped.step();
        }
        LayerFit restored =
                LayerFit.of(new LowPass("low"), x, goal).chunkFrames(15).build();

        restored.restore(stopped.save());

        assertEquals(2, restored.iteration());
        while (straight.iteration() < 4) {
            straight.step();
        }
        while (restored.iteration() < 4) {
            restored.step();
        }
        assertEquals(straight.result(), restored.result());
    }

    @Test
    void shouldKeepTheLastIterationWhenTheLossIsNoNumber() {
        Convolution layer = gain();
        LayerFit fit = LayerFit.of(layer, points(1, 2), points(3, 2))
                .optimiser(size -> Optimisers.parse("sgd:lr=1e30", size))
                .build();
        fit.step();
        FittedLayer before = fit.result();

        var e = assertThrows(IllegalStateException.class, fit::step);

        assertTrue(e.getMessage().contains("use a smaller rate (lr)"), e.getMessage());
        assertEquals(before, fit.result());
        assertEquals(1, fit.save().get("iteration").integer());
    }

    @Test
    void shouldRefuseDataThatDoNotGoTogether() {
        Frames x = points(1, 2);
        refused("as many frames of the goal as of the input", () -> LayerFit.of(gain(), x, points(1)));
        refused("the goal is NaN at frame 1", () -> LayerFit.of(gain(), x, points(1, Float.NaN)));
        refused(
                "the goal has frames of 1x1x2 but the layer gives 1x1x1",
                () -> LayerFit.of(gain(), x, new Frames(Shape.image(1, 2), 2, new float[4]))
                        .build());
        refused(
                "must be >= 0 and fewer than the 2",
                () -> LayerFit.of(gain(), x, x).skipFrames(2));
        refused("no parameters to fit", () -> {
            Convolution layer = gain();
            layer.parameters().all().values().forEach(parameter -> parameter.freeze(true));
            LayerFit.of(layer, x, x).build();
        });
    }

    /** Fewer spikes than none would be the likelier the fewer, and a fit would run away. */
    @Test
    void shouldRefuseRatesBelowZero() {
        Convolution layer = gain();
        LayerFit fit = LayerFit.of(layer, points(1, -2), points(1, 0))
                .loss(Loss.POISSON)
                .build();

        var e = assertThrows(IllegalStateException.class, fit::step);

        assertTrue(e.getMessage().contains("a rate must be >= 0 but was -2.0 at frame 1"), e.getMessage());
        assertTrue(e.getMessage().contains("nonlinearity"), e.getMessage());
    }

    /** Chunks of 2 frames behind one that is skipped: 1, 2 and 1 frames. */
    @Test
    void shouldGiveTheLossesOfTheChunksOfAnIteration() {
        LayerFit fit = LayerFit.of(gain(), points(1, 2, 3, 4), points(2, 4, 6, 8))
                .optimiser(size -> Optimisers.parse("sgd:lr=0", size))
                .chunkFrames(2)
                .skipFrames(1)
                .build();
        double[] before = fit.losses();
        while (!fit.step()) {}

        assertArrayEquals(new double[] {1, 13, 16}, fit.chunkLosses());
        assertArrayEquals(fit.chunkLosses(), before);
    }

    private static void refused(String part, Executable fit) {
        var e = assertThrows(IllegalArgumentException.class, fit);
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    /** Each loss against differences of itself. */
    @ParameterizedTest
    @EnumSource(Loss.class)
    void shouldGiveTheGradientOfEachLoss(Loss loss) {
        float[] y = {0.5f, 2, 1.25f};
        float[] goal = {1, 1, 3};
        float[] gradient = new float[3];
        float[] ignored = new float[3];
        loss.of(y, 0, goal, 0, 3, gradient, 0);
        for (int i = 0; i < 3; i++) {
            float[] above = y.clone();
            float[] below = y.clone();
            above[i] += 1f / 512;
            below[i] -= 1f / 512;
            double slope =
                    (loss.of(above, 0, goal, 0, 3, ignored, 0) - loss.of(below, 0, goal, 0, 3, ignored, 0)) * 256;

            assertEquals(slope, gradient[i], 1e-4 * Math.abs(slope), loss.word() + ", value " + i);
        }
    }
}
