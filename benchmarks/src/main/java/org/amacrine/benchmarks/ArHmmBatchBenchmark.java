package org.amacrine.benchmarks;

import java.util.concurrent.TimeUnit;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;
import org.amacrine.operators.arhmm.ArHmmParameters;
import org.amacrine.operators.arhmm.Fit;
import org.amacrine.operators.arhmm.Functions;
import org.amacrine.operators.arhmm.Hyperparameters;
import org.amacrine.operators.arhmm.Sequences;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The AR-HMM on whole sequences: one Gibbs sweep, and the smoothed probabilities of all frames, in milliseconds. A problem is
 * N x T x D x L x K: sequences, frames, dims, lags, states. To see how times grow, for example with K:
 * {@code -p problem=1x10000x4x3x10,1x10000x4x3x50,1x10000x4x3x200}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Damacrine.vector.atOnce=true"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 8, time = 1)
@State(Scope.Benchmark)
public class ArHmmBatchBenchmark {
    private static final long SEED = 1;
    /** Sweeps that a fit is old when it is measured: states have their usual lengths by then. */
    private static final int BURN_IN = 20;

    /** Sequences, frames, dims, lags, states. */
    @Param({"1x10000x4x3x25", "10x1000x10x3x100"})
    public String problem;

    /** Backend of the kernels. */
    @Param("auto")
    public String backend;

    private WorkerPool pool;
    private Functions functions;
    private Fit fit;
    private NdArray x;
    private NdArray ab;
    private NdArray q;
    private NdArray pi;

    /** Makes data with changes of speed, and a model that has seen it. */
    @Setup
    public void prepare() {
        String[] sizes = problem.split("x");
        int sequences = Integer.parseInt(sizes[0]);
        int frames = Integer.parseInt(sizes[1]);
        int dims = Integer.parseInt(sizes[2]);
        int states = Integer.parseInt(sizes[4]);
        pool = new WorkerPool(Runtime.getRuntime().availableProcessors());
        Kernels kernels = Backends.choose(backend).backend().open();
        functions = new Functions(kernels, pool);
        x = new NdArray(new int[] {sequences, frames, dims}, walk(sequences, frames, dims));
        Hyperparameters prior = Hyperparameters.of(
                new Hyperparameters.Transitions(states, 5.7, 1e3, 1e3), dims, Integer.parseInt(sizes[3]), 0.01, 10);
        fit = Fit.of(Sequences.of(x, null), kernels, pool)
                .seed(SEED)
                .sweeps(Long.MAX_VALUE)
                .from(prior);
        for (int i = 0; i < BURN_IN; i++) {
            sweep();
        }
        ArHmmParameters parameters = fit.result().parameters();
        ab = new NdArray(new int[] {states, dims, parameters.columns()}, parameters.ab());
        q = new NdArray(new int[] {states, dims, dims}, parameters.q());
        pi = new NdArray(new int[] {states, states}, parameters.pi());
    }

    /** Damped random walks whose steps change size every 50 frames. */
    private static double[] walk(int sequences, int frames, int dims) {
        RandomSequence random = new RandomSequence().start(CounterRandom.key(SEED, "walk", 0), 0);
        double[] values = new double[sequences * frames * dims];
        for (int i = 0; i < values.length; i++) {
            boolean first = i % (frames * dims) < dims;
            double step = 0.1 * (1 + i / dims / 50 % 5);
            values[i] = (first ? 0 : 0.95 * values[i - dims]) + step * random.normal();
        }
        return values;
    }

    /** Ends the threads. */
    @TearDown
    public void close() {
        pool.close();
    }

    /** One Gibbs sweep: transitions, autoregression, states, log joint. */
    @Benchmark
    public Fit sweep() {
        boolean ended = false;
        while (!ended) {
            ended = fit.step();
        }
        return fit;
    }

    /** Smoothed probabilities of all frames. */
    @Benchmark
    public NdArray marginals() {
        return functions.stateseqMarginals(x, null, ab, q, pi);
    }
}
