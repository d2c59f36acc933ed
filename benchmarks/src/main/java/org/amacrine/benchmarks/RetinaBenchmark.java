package org.amacrine.benchmarks;

import java.util.concurrent.TimeUnit;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.Resolution;
import org.amacrine.operators.retina.Retina;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The full spiking retina, ON and OFF, 320 x 240, dt 100: pixel-steps per second. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Damacrine.vector.atOnce=true"})
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 10, time = 2)
@State(Scope.Benchmark)
public class RetinaBenchmark {
    static final int ROWS = 240;
    static final int COLUMNS = 320;
    static final int DT = 100;

    /** Pixels per degree. */
    @Param({"10", "20"})
    public double pixelsPerDegree;

    /** Backend. */
    @Param({"vector"})
    public String backend;

    /** Threads that share a frame; 0 for one for each processor. */
    @Param({"0"})
    public int workers;

    private WorkerPool pool;
    private LayerRun run;

    /** Prepares the retina and one chunk of noise. */
    @Setup
    public void prepare() {
        pool = new WorkerPool(workers > 0 ? workers : Runtime.getRuntime().availableProcessors());
        run = LayerRun.of("retina", new Retina())
                .dt(DT)
                .resolution(Resolution.of(pixelsPerDegree, 1000))
                .bands(pool)
                .kernels(Backends.choose(backend).backend().open())
                .seed(1);
        run.prepare(Shape.image(ROWS, COLUMNS));
        Inputs.fillWithNoise(run, 0.2f);
    }

    /** Ends the threads. */
    @TearDown
    public void close() {
        pool.close();
    }

    /** One chunk. */
    @Benchmark
    @OperationsPerInvocation(ROWS * COLUMNS * DT)
    public void pixelSteps() {
        run.step(DT);
    }
}
