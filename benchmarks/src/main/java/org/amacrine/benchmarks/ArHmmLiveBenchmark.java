package org.amacrine.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;
import org.amacrine.operators.arhmm.ArHmmFilter;
import org.amacrine.operators.arhmm.ArHmmLearner;
import org.amacrine.operators.arhmm.ArHmmParameters;
import org.amacrine.operators.arhmm.ArHmmSmoother;
import org.amacrine.operators.arhmm.ArHmmViterbi;
import org.amacrine.operators.arhmm.TransitionLanes;
import org.amacrine.operators.arhmm.WhitenedRegressors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The layers of the AR-HMM on a live stream, one frame of one animal at a time, from {@code float} in to {@code float} out:
 * microseconds per frame, on the average and as percentiles of single frames. A problem is D x L x K: dims, lags, states. The
 * bare step is the filter's kernels alone, without a layer around them.
 */
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Damacrine.vector.atOnce=true"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 8, time = 1)
@State(Scope.Benchmark)
public class ArHmmLiveBenchmark {
    private static final int FRAMES = 1024;
    private static final long SEED = 1;

    /** Dims, lags, states. */
    @Param({"4x3x25", "10x3x100"})
    public String problem;

    /** Backend of the kernels. */
    @Param("auto")
    public String backend;

    /** Bare step, or layer; the full filter has five outputs, smoother and decoder are at a lag of 10 frames. */
    @Param({"step", "filter", "filter-full", "smoother", "viterbi", "learner"})
    public String layer;

    private Kernels kernels;
    private WhitenedRegressors emissions;
    private TransitionLanes transitions;
    private double[] g;
    private double[] l;
    private double[] f;
    private double[] r;
    private boolean isBare;
    private LayerRun run;
    private float[] x;
    private int dims;
    private int next;

    /** Makes a model whose states move at different speeds, and a stream for it. */
    @Setup
    public void prepare() {
        String[] sizes = problem.split("x");
        dims = Integer.parseInt(sizes[0]);
        RandomSequence random = new RandomSequence().start(CounterRandom.key(SEED, "live", 0), 0);
        ArHmmParameters parameters = model(Integer.parseInt(sizes[2]), dims, Integer.parseInt(sizes[1]), random);
        kernels = Backends.choose(backend).backend().open();
        isBare = layer.equals("step");
        if (isBare) {
            prepareStep(parameters);
        } else {
            run = LayerRun.of(layer, make(parameters)).dt(1).kernels(kernels);
            run.prepare(Shape.vector(dims));
        }
        x = new float[FRAMES * dims];
        for (int i = dims; i < x.length; i++) {
            x[i] = (float) (0.9 * x[i - dims] + 0.5 * random.normal());
        }
    }

    private void prepareStep(ArHmmParameters parameters) {
        emissions = new WhitenedRegressors(parameters);
        transitions = new TransitionLanes(parameters);
        g = new double[emissions.regressors()];
        g[emissions.regressors() - dims - 1] = 1;
        l = new double[emissions.lanes()];
        f = new double[emissions.lanes()];
        r = new double[emissions.lanes()];
        Arrays.fill(f, 0, parameters.states(), 1.0 / parameters.states());
    }

    private Layer make(ArHmmParameters parameters) {
        return switch (layer) {
            case "filter" -> new ArHmmFilter(layer, parameters, List.of("filtered", "logEvidence"));
            case "filter-full" ->
                new ArHmmFilter(
                        layer,
                        parameters,
                        List.of("predictive", "filtered", "logEvidence", "state", "changeProbability"));
            case "smoother" -> new ArHmmSmoother(parameters, 10);
            case "viterbi" -> new ArHmmViterbi(parameters, 10);
            default -> new ArHmmLearner(parameters);
        };
    }

    private static ArHmmParameters model(int states, int dims, int lags, RandomSequence random) {
        int columns = dims * lags + 1;
        double[] betas = new double[states];
        double[] pi = new double[states * states];
        double[] ab = new double[states * dims * columns];
        double[] q = new double[states * dims * dims];
        for (int k = 0; k < states; k++) {
            betas[k] = 1.0 / states;
            for (int j = 0; j < states; j++) {
                pi[k * states + j] = (1 + (j == k ? states : 0)) / (2.0 * states);
            }
            for (int d = 0; d < dims; d++) {
                int row = (k * dims + d) * columns;
                for (int i = 0; i < columns; i++) {
                    ab[row + i] = 0.02 * random.normal();
                }
                ab[row + (lags - 1) * dims + d] += 0.9;
                q[(k * dims + d) * dims + d] = 0.2 + 0.4 * k / states;
            }
        }
        return new ArHmmParameters(states, dims, lags, betas, pi, ab, q);
    }

    /** One frame. */
    @Benchmark
    public void frame() {
        if (isBare) {
            step();
        } else {
            System.arraycopy(x, next * dims, run.input(0).values(), 0, dims);
            run.step(1);
        }
        next = (next + 1) % FRAMES;
    }

    private void step() {
        int lagsAndOne = g.length - dims;
        System.arraycopy(g, dims, g, 0, lagsAndOne - 1 - dims);
        System.arraycopy(g, lagsAndOne, g, lagsAndOne - 1 - dims, dims);
        for (int d = 0; d < dims; d++) {
            g[lagsAndOne + d] = x[next * dims + d];
        }
        transitions.propagate(kernels, f, 0, r, 0);
        emissions.logLikelihoods(kernels, g, 0, 0, 1, l, 0);
        kernels.filterStep(r, 0, l, 0, f, 0, r.length);
    }
}
