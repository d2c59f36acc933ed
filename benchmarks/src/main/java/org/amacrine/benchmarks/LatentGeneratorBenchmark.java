package org.amacrine.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.operators.latent.DirectPair;
import org.amacrine.operators.latent.Feedback;
import org.amacrine.operators.latent.Generator;
import org.amacrine.operators.latent.Identity;
import org.amacrine.operators.latent.IdentityMap;
import org.amacrine.operators.latent.LatentRegressionModel;
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
 * A recursive generator with scales, offsets, a direct pair and noise, running freely: microseconds per step. A problem is d x k x B:
 * variables, modes, trajectories. Beside it what bounds it from below: reading all modes once, and drawing the noise.
 */
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Damacrine.vector.atOnce=true"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 8, time = 1)
@State(Scope.Benchmark)
public class LatentGeneratorBenchmark {
    private static final long SEED = 1;

    /** Variables, modes, trajectories. */
    @Param({"100x10x1", "5000x20x1", "5000x20x8"})
    public String problem;

    /** Backend of the kernels. */
    @Param("auto")
    public String backend;

    private int variables;
    private int modes;
    private int trajectories;
    private Kernels kernels;
    private Generator generator;
    private float[] p;
    private float[] u;
    private float[] x;
    private float[] dots;
    private float[] noise;
    private long step;

    @Setup
    public void prepare() {
        int[] sizes =
                Arrays.stream(problem.split("x")).mapToInt(Integer::parseInt).toArray();
        variables = sizes[0];
        modes = sizes[1];
        trajectories = sizes[2];
        kernels = Backends.choose(backend).backend().open();
        LatentRegressionModel model = LatentRegressionModel.builder(
                        new int[] {variables}, new int[] {variables}, new int[] {modes}, new int[] {modes})
                .s(List.of(new Identity()))
                .useScales(true)
                .scaleMean(0.1)
                .useOffsets(true)
                .directPairs(List.of(new DirectPair(0, 0)))
                .seed(SEED)
                .build(new IdentityMap());
        generator = new Generator(model, List.of(new Feedback(0, 0)), kernels, trajectories, SEED, "bench");
        generator.advance();
        p = new float[variables * modes];
        u = new float[variables * modes];
        x = new float[variables];
        dots = new float[modes];
        noise = new float[variables];
    }

    /** A step of all trajectories. */
    @Benchmark
    public float step() {
        generator.freeAll();
        generator.advance();
        return generator.y(0)[0];
    }

    /** Reads all modes once: the least that a step moves. */
    @Benchmark
    public float readModes() {
        kernels.dotRows(p, modes, variables, x, dots, 1);
        kernels.dotRows(u, modes, variables, x, dots, 1);
        return dots[0];
    }

    /** Draws the noise of a step. */
    @Benchmark
    public float drawNoise() {
        step++;
        for (int b = 0; b < trajectories; b++) {
            kernels.normal(noise, 0, 0, variables, b, step, 1, 0);
        }
        return noise[0];
    }
}
