package org.amacrine.benchmarks;

import java.util.concurrent.TimeUnit;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.Resolution;
import org.amacrine.operators.retina.Bipolar;
import org.amacrine.operators.retina.GanglionInput;
import org.amacrine.operators.retina.GanglionSpiking;
import org.amacrine.operators.retina.Opl;
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

/** Each stage of the retina by itself, 320 x 240, one frame at a time as within the retina: nanoseconds per pixel-step. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Damacrine.vector.atOnce=true"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 8, time = 1)
@State(Scope.Benchmark)
public class RetinaStageBenchmark {

    /** Stage. */
    @Param({"opl", "opl-recursive", "bipolar", "bipolar-feedback", "ganglion-input", "ganglion-spiking"})
    public String stage;

    /** Pixels per degree. */
    @Param({"10", "20"})
    public double pixelsPerDegree;

    private WorkerPool pool;
    private LayerRun run;

    /** Prepares the stage and one frame of noise. */
    @Setup
    public void prepare() {
        pool = new WorkerPool(Runtime.getRuntime().availableProcessors());
        run = LayerRun.of(stage, layer())
                .dt(1)
                .resolution(Resolution.of(pixelsPerDegree, 1000))
                .bands(pool)
                .kernels(Backends.choose("auto").backend().open())
                .seed(1);
        run.prepare(Shape.image(RetinaBenchmark.ROWS, RetinaBenchmark.COLUMNS));
        Inputs.fillWithNoise(run, stage.equals("ganglion-spiking") ? 120f : 1f);
    }

    private Layer layer() {
        return switch (stage) {
            case "opl" -> new Opl();
            case "opl-recursive" -> new Opl("opl", Opl.Smoothing.DERICHE, 1, false);
            case "bipolar" -> new Bipolar();
            case "bipolar-feedback" -> {
                Bipolar bipolar = new Bipolar();
                bipolar.parameters().set("feedbackHertz", 50);
                yield bipolar;
            }
            case "ganglion-input" -> new GanglionInput();
            default -> new GanglionSpiking("spiking", 0, GanglionSpiking.Clock.REFERENCE);
        };
    }

    /** Ends the threads. */
    @TearDown
    public void close() {
        pool.close();
    }

    /** One frame. */
    @Benchmark
    @OperationsPerInvocation(RetinaBenchmark.ROWS * RetinaBenchmark.COLUMNS)
    public void pixelStep() {
        run.step(1);
    }
}
