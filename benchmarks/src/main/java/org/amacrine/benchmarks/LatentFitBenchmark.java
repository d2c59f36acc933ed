package org.amacrine.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.operators.latent.Batches;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Iterations of a fit, in double precision, per second. A problem is d x k x N: variables, modes, rows of a batch. Beside it what
 * bounds one thread: as many fused multiply-adds as its five products have, on arrays in the nearest cache; and reading the rows of a
 * batch, which lie anywhere in the data.
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

    /** Threads that share a batch; 0 for one for each processor. */
    @Param("0")
    public int workers;

    private WorkerPool pool;
    private Fit fit;
    private long products;
    private double[][] data;
    private int variableCount;
    private int[] rows;
    private Batches batches;
    private long draws;
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
        pool = new WorkerPool(workers > 0 ? workers : Runtime.getRuntime().availableProcessors());
        fit = Fit.of(model, x, y)
                .bands(pool)
                .batchSize(sizes[2])
                .sendSize(sizes[2])
                .minVariance(0.01)
                .maxIterations(10_000_000)
                .kernels(Backends.choose(backend).backend().open())
                .build();
        products = 5L * variables * modes * sizes[2];
        data = new double[2][];
        data[0] = x.group(0);
        data[1] = y.group(0);
        variableCount = variables;
        rows = new int[sizes[2]];
        batches = Batches.random(1, ROWS);
        a = new double[IN_CACHE];
        b = new double[IN_CACHE];
    }

    @TearDown
    public void close() {
        pool.close();
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

    /** Reads the rows of a batch once. */
    @Benchmark
    public double readBatch() {
        batches.draw(draws++, rows);
        double sum0 = 0;
        double sum1 = 0;
        for (int row : rows) {
            for (double[] values : data) {
                // One value of each cache line.
                for (int i = row * variableCount; i < (row + 1) * variableCount - 8; i += 16) {
                    sum0 += values[i];
                    sum1 += values[i + 8];
                }
            }
        }
        return sum0 + sum1;
    }
}
