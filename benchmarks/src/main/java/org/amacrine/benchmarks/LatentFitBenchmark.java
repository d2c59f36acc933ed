package org.amacrine.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.amacrine.core.backend.Backends;
import org.amacrine.operators.latent.Fit;
import org.amacrine.operators.latent.Groups;
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
 * Iterations of a fit, in double precision, per second. A problem is d x k x N: variables, modes, rows of a batch. Beside it what
 * bounds it from below: as many fused multiply-adds as its five products have, on arrays in the nearest cache.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Damacrine.vector.atOnce=true"})
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 8, time = 2)
@State(Scope.Benchmark)
public class LatentFitBenchmark {
    private static final int ROWS = 5000;
    private static final int IN_CACHE = 1000;

    /** Variables, modes, rows of a batch. */
    @Param("1000x10x100")
    public String problem;

    /** Backend of the kernels. */
    @Param("auto")
    public String backend;

    private Fit fit;
    private long products;
    private double[] a;
    private double[] b;

    @Setup
    public void prepare() {
        int[] sizes =
                Arrays.stream(problem.split("x")).mapToInt(Integer::parseInt).toArray();
        int variables = sizes[0];
        int modes = sizes[1];
        LatentRegressionModel model = LatentRegressionModel.builder(
                        new int[] {variables}, new int[] {variables}, new int[] {modes}, new int[] {modes})
                .s(List.of(new Identity()))
                .build(new IdentityMap());
        SplittableRandom random = new SplittableRandom(1);
        Groups x =
                Groups.of(ROWS, random.doubles((long) ROWS * variables, -1, 1).toArray());
        Groups y =
                Groups.of(ROWS, random.doubles((long) ROWS * variables, -1, 1).toArray());
        fit = Fit.of(model, x, y)
                .batchSize(sizes[2])
                .sendSize(sizes[2])
                .minVariance(0.01)
                .maxIterations(10_000_000)
                .kernels(Backends.choose(backend).backend().open())
                .build();
        products = 5L * variables * modes * sizes[2];
        a = new double[IN_CACHE];
        b = new double[IN_CACHE];
    }

    /** An iteration. */
    @Benchmark
    public boolean iteration() {
        return fit.step();
    }

    /** The multiply-adds of an iteration's products. */
    @Benchmark
    public double multiplyAdds() {
        for (long done = 0; done < products; done += 4 * IN_CACHE) {
            for (int i = 0; i < IN_CACHE; i++) {
                double sum = Math.fma(0.5, a[i], b[i]);
                sum = Math.fma(0.25, a[i], sum);
                sum = Math.fma(0.125, a[i], sum);
                b[i] = Math.fma(-0.5, a[i], sum);
            }
        }
        return b[0];
    }
}
