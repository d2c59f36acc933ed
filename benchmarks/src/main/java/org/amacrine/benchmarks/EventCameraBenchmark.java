package org.amacrine.benchmarks;

import java.util.concurrent.TimeUnit;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.operators.vision.EventCamera;
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

/**
 * The event camera with all of its noise on 346 x 260 pixels, which are white noise, so that most have events in each frame:
 * frames per second. At a thousand it keeps pace with a camera of 1 kHz.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Damacrine.vector.atOnce=true"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 8, time = 1)
@State(Scope.Benchmark)
public class EventCameraBenchmark {
    private static final int FRAMES = 4;

    /** Backend. */
    @Param({"vector", "scalar"})
    public String backend;

    /** Threads that share a frame. */
    @Param({"1", "2"})
    public int workers;

    private WorkerPool pool;
    private LayerRun run;

    /** Prepares the camera and a chunk of noise. */
    @Setup
    public void prepare() {
        pool = new WorkerPool(workers);
        run = LayerRun.of("camera", new EventCamera("camera", EventCamera.Events.PLANES))
                .dt(FRAMES)
                .bands(workers == 1 ? Bands.ALONE : pool)
                .kernels(Backends.choose(backend).backend().open())
                .seed(1);
        run.prepare(Shape.image(260, 346));
        Inputs.fillWithNoise(run, 1f);
    }

    /** Ends the threads. */
    @TearDown
    public void close() {
        pool.close();
    }

    /** A chunk of four frames. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void frames() {
        run.step(FRAMES);
    }
}
