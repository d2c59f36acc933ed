package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.CheckedLayer;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.Resolution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The live filter and its layers on problems small enough to enumerate, on long streams, and on bad input. */
class OnlineFilterTest {

    /** Probability of every path of states by enumeration: posterior of each frame's state, and the evidence. */
    private static double[] enumerate(ArHmmParameters p, double[] x, int frames) {
        int states = p.states();
        int steps = frames - p.lags();
        double[] posterior = new double[steps * states + 1];
        int paths = (int) Math.pow(states, steps);
        for (int path = 0; path < paths; path++) {
            double probability = 1.0 / states;
            int rest = path;
            int before = -1;
            int[] z = new int[steps];
            for (int s = 0; s < steps; s++) {
                z[s] = rest % states;
                rest /= states;
                probability *= before < 0 ? 1 : p.pi()[before * states + z[s]];
                probability *= density(p, z[s], x, s + p.lags());
                before = z[s];
            }
            for (int s = 0; s < steps; s++) {
                posterior[s * states + z[s]] += probability;
            }
            posterior[steps * states] += probability;
        }
        return posterior;
    }

    /** Density of a frame of one dimension, straight from the definition. */
    private static double density(ArHmmParameters p, int state, double[] x, int t) {
        int columns = p.columns();
        double mean = p.ab()[state * columns + columns - 1];
        for (int lag = 0; lag < p.lags(); lag++) {
            mean += p.ab()[state * columns + lag] * x[t - p.lags() + lag];
        }
        double variance = p.q()[state];
        return Math.exp(-0.5 * (x[t] - mean) * (x[t] - mean) / variance) / Math.sqrt(2 * Math.PI * variance);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldAgreeWithTheSumOverAllPaths(long seed) {
        int states = 2 + (int) (seed % 3);
        ArHmmParameters p = Models.random(states, 1, 1 + (int) (seed % 2), seed);
        int frames = 7;
        double[] x = Models.stream(p, frames, seed);
        OnlineModel model = new OnlineModel(p, ScalarKernels.INSTANCE);
        OnlineFilter filter =
                new OnlineFilter(model, OnlineFilter.Options.of(MissingPolicy.SKIP), OnlineFilter.uniform(states));
        int steps = frames - p.lags();
        FixedLagSmoother smoother = new FixedLagSmoother(states, steps - 1);
        double evidence = 0;
        for (int t = 0; t < frames; t++) {
            if (filter.step(x, t, true)) {
                evidence += filter.logEvidence();
                smoother.push(filter.filtered(), filter.predictive(), model.transitions());
                double[] paths = enumerate(p, x, t + 1);
                double sum = paths[paths.length - 1];
                assertEquals(Math.log(sum), evidence, 1e-10, "seed " + seed + ", frame " + t);
                for (int k = 0; k < states; k++) {
                    double expected = paths[(t - p.lags()) * states + k] / sum;
                    assertEquals(expected, filter.filtered()[k], 1e-12, "seed " + seed + ", frame " + t);
                }
            }
        }
        smoother.smooth(ScalarKernels.INSTANCE);
        double[] paths = enumerate(p, x, frames);
        for (int s = 0; s < steps; s++) {
            for (int k = 0; k < states; k++) {
                assertEquals(
                        paths[s * states + k] / paths[paths.length - 1],
                        smoother.smoothed()[(steps - 1 - s) * model.lanes() + k],
                        1e-12,
                        "seed " + seed + ", smoothed frame " + s);
            }
        }
    }

    @Test
    void shouldNeitherUnderflowNorDriftOverAMillionFrames() {
        ArHmmParameters p = Models.random(3, 1, 1, 9);
        double[] x = Models.stream(p, 5000, 9);
        OnlineModel model = new OnlineModel(p, ScalarKernels.INSTANCE);
        OnlineFilter filter =
                new OnlineFilter(model, OnlineFilter.Options.of(MissingPolicy.SKIP), OnlineFilter.uniform(3));
        double second = 0;
        double last = 0;
        for (int t = 0; t < 1_000_000; t++) {
            filter.step(x, t % 5000, true);
            second += t >= 5000 && t < 10_000 ? filter.logEvidence() : 0;
            last += t >= 995_000 ? filter.logEvidence() : 0;
        }

        assertEquals(1, filter.filtered()[0] + filter.filtered()[1] + filter.filtered()[2], 1e-14);
        assertTrue(Double.isFinite(second) && second < 0, "evidence " + second);
        assertEquals(second, last, 1e-8);
    }

    @Test
    void shouldTreatAnImpossibleFrameAsMissingAndSaySo() {
        double[] pi = {1, 0, 0, 1};
        ArHmmParameters p =
                new ArHmmParameters(2, 1, 1, new double[] {1, 1}, pi, new double[] {0, 0, 0, 1}, new double[] {1, 1});
        OnlineModel model = new OnlineModel(p, ScalarKernels.INSTANCE);
        OnlineFilter filter =
                new OnlineFilter(model, OnlineFilter.Options.of(MissingPolicy.SKIP), new double[] {0.25, 0.75});
        double[] x = {0, 0.1, 1e200, 0.2, 0.3};
        for (int t = 0; t < 3; t++) {
            filter.step(x, t, true);
        }
        double[] before = filter.predictive().clone();

        assertEquals(1, filter.outlier());
        assertEquals(0, filter.logEvidence());
        assertArrayEquals(before, filter.filtered());
        filter.step(x, 3, true);
        assertEquals(0, filter.outlier());
        assertEquals(0, filter.logEvidence(), "the lag of this frame is the impossible one");
        filter.step(x, 4, true);
        assertTrue(filter.logEvidence() < 0);
    }

    @Test
    void shouldStartFromTheStationaryDistribution() {
        double[] pi = {0.9, 0.1, 0.3, 0.7};
        TransitionLanes transitions = new TransitionLanes(2);
        transitions.set(pi);

        assertArrayEquals(new double[] {0.75, 0.25}, transitions.stationary(), 1e-15);
    }

    @Test
    void shouldComputeTailsOfTheNormalAndTheChiSquaredDistribution() {
        assertEquals(0.5, NormalMath.cumulative(0));
        assertEquals(0.9750021048517795, NormalMath.cumulative(1.96), 1e-13);
        assertEquals(0.00134989803163009, NormalMath.cumulative(-3), 1e-15);
        assertEquals(0.31731050786291415, NormalMath.chiSquareTail(1, 1), 1e-13);
        assertEquals(Math.exp(-1.5), NormalMath.chiSquareTail(2, 3), 1e-15);
        assertEquals(0.26146412994911117, NormalMath.chiSquareTail(3, 4), 1e-13);
        assertEquals(2 * Math.exp(-1), NormalMath.chiSquareTail(4, 2), 1e-15);
        assertEquals(1, NormalMath.chiSquareTail(3, 0));
    }

    @Test
    void shouldReportAChangeOnceItHasLasted() {
        ChangeRule rule = new ChangeRule();
        int[] states = {0, 0, 1, 0, 1, 1, 1, 2, 2};
        double[] probabilities = {0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.4, 0.9};
        StringBuilder reports = new StringBuilder();
        for (int t = 0; t < states.length; t++) {
            reports.append(rule.next(states[t], probabilities[t], 0.5, 2) ? t : ".");
        }

        assertEquals(".....5...", reports.toString());
    }

    // ------------------------------------------------------------------------------------------------ layers

    private static Frames frames(double[] x, int dims) {
        float[] values = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            values[i] = (float) x[i];
        }
        return new Frames(Shape.vector(dims), x.length / dims, values);
    }

    @Test
    void shouldGiveWhatTheFilterGivesAndNothingForTheFirstLags() {
        ArHmmParameters p = Models.random(4, 2, 2, 11);
        Frames input = frames(Models.stream(p, 40, 11), 2);
        Map<String, Frames> out = new ArHmmFilter(p).run(input, 7);
        OnlineModel model = new OnlineModel(p, ScalarKernels.INSTANCE);
        OnlineFilter filter =
                new OnlineFilter(model, OnlineFilter.Options.of(MissingPolicy.SKIP), OnlineFilter.uniform(4));
        double[] x = new NdArray(new int[] {80}, input.values()).doubles();
        for (int t = 0; t < 40; t++) {
            boolean isEstimated = filter.step(x, 2 * t, true);
            for (int k = 0; k < 4; k++) {
                float expected = isEstimated ? (float) filter.filtered()[k] : Float.NaN;
                assertEquals(expected, out.get("filtered").values()[4 * t + k], "frame " + t);
            }
        }
    }

    private static LayerContext context(Shape shape) {
        return new LayerContext(
                "arhmm", List.of(shape), Resolution.DEFAULT, ScalarKernels.INSTANCE, Bands.ALONE, 0, 10);
    }

    private static Chunk[] outputs(CheckedLayer layer) {
        return layer.outputShapes().stream().map(s -> Chunk.unpooled(s, 10)).toArray(Chunk[]::new);
    }

    private static Chunk chunk(Frames of, int from, int count, long index, long lost) {
        Chunk chunk = Chunk.unpooled(of.shape(), count);
        chunk.begin(index, lost);
        chunk.frames(count);
        int size = of.shape().values();
        System.arraycopy(of.values(), from * size, chunk.values(), 0, count * size);
        return chunk;
    }

    @Test
    void shouldNameTheFramesThatLaggedOutputsTellOf() {
        ArHmmParameters p = Models.random(3, 2, 1, 12);
        Frames input = frames(Models.stream(p, 20, 12), 2);
        CheckedLayer layer =
                new CheckedLayer("arhmm", new ArHmmSmoother("arhmm.smoother", p, 4, List.of("smoothed", "filtered")));
        layer.prepare(context(input.shape()));
        Chunk[] out = outputs(layer);
        layer.process(new Chunk[] {chunk(input, 0, 10, 0, 0)}, out);
        assertEquals(-4, out[0].firstFrame());
        assertEquals(0, out[1].firstFrame());
        layer.process(new Chunk[] {chunk(input, 10, 10, 10, 0)}, out);

        assertEquals(6, out[0].firstFrame());
        assertEquals(10, out[1].firstFrame());
        assertEquals(10, out[0].frames());
    }

    @Test
    void shouldCountLostFramesAsMissing() {
        ArHmmParameters p = Models.random(3, 2, 1, 13);
        Frames input = frames(Models.stream(p, 20, 13), 2);
        float[] withHole = input.values().clone();
        for (int i = 10 * 2; i < 13 * 2; i++) {
            withHole[i] = Float.NaN;
        }
        Layer seen = new ArHmmFilter(p);
        seen.parameters().set("missing", "predict");
        Frames expected = LayerRun.of("arhmm", seen)
                .kernels(ScalarKernels.INSTANCE)
                .apply(new Frames(input.shape(), 20, withHole))
                .get("filtered");
        Layer lost = new ArHmmFilter(p);
        lost.parameters().set("missing", "predict");
        CheckedLayer layer = new CheckedLayer("arhmm", lost);
        layer.prepare(context(input.shape()));
        Chunk[] out = outputs(layer);
        layer.process(new Chunk[] {chunk(input, 0, 10, 0, 0)}, out);
        layer.process(new Chunk[] {chunk(input, 13, 7, 13, 3)}, out);

        for (int i = 0; i < 7 * 3; i++) {
            assertEquals(expected.values()[13 * 3 + i], out[0].values()[i], "value " + i);
        }
    }

    @Test
    void shouldGatherLagsAnewAfterALongGap() {
        ArHmmParameters p = Models.random(3, 2, 2, 14);
        Frames input = frames(Models.stream(p, 20, 14), 2);
        ArHmmFilter filter = new ArHmmFilter("arhmm.filter", p, List.of("logEvidence"));
        CheckedLayer layer = new CheckedLayer("arhmm", filter);
        layer.prepare(context(input.shape()));
        Chunk[] out = outputs(layer);
        layer.process(new Chunk[] {chunk(input, 0, 10, 0, 0)}, out);
        layer.process(new Chunk[] {chunk(input, 10, 5, 1_000_010, 1_000_000)}, out);

        assertEquals(0, out[0].values()[0]);
        assertEquals(0, out[0].values()[1]);
        assertTrue(out[0].values()[2] < 0);
    }

    @Test
    void shouldTakeOverAModelAsAWholeOrNotAtAll() {
        ArHmmParameters p = Models.random(3, 2, 1, 15);
        ArHmmParameters other = Models.random(3, 2, 1, 16);
        ArHmmFilter filter = new ArHmmFilter(p);
        filter.run(frames(Models.stream(p, 5, 15), 2), 5);
        NdArray badQ = new NdArray(new int[] {3, 2, 2}, new double[] {1, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 1});
        Map<String, Object> before = filter.parameters().values();

        var e = assertThrows(
                IllegalArgumentException.class,
                () -> filter.parameters().set(Map.of("pi", new NdArray(new int[] {3, 3}, other.pi()), "Q", badQ)));

        assertTrue(e.getMessage().contains("Q of state 2 must be positive definite"), e.getMessage());
        assertEquals(before, filter.parameters().values());
        assertEquals(p.pi()[1], filter.model().transitions().at(0, 1));
        filter.parameters().set("pi", new NdArray(new int[] {3, 3}, other.pi()));
        assertEquals(other.pi()[1], filter.model().transitions().at(0, 1));
    }

    @Test
    void shouldRefuseAStreamOfOtherFeatures() {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> new ArHmmFilter(Models.random(3, 2, 1, 1)).run(Frames.zeros(Shape.vector(5), 3), 3));

        assertTrue(e.getMessage().contains("a model of 2 dims takes frames of 2x1x1"), e.getMessage());
    }

    @Test
    void shouldSuggestAnOutput() {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> new ArHmmFilter("arhmm.filter", Models.random(2, 1, 1, 1), List.of("filterd")));

        assertTrue(e.getMessage().startsWith("no output \"filterd\"; did you mean \"filtered\"?"), e.getMessage());
    }
}
