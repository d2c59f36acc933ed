package org.amacrine.benchmarks;

import java.util.concurrent.TimeUnit;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_bioinspired.Retina;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * OpenCV's retina model (parvo and magno channels, no spikes) on grey frames of the same size: pixel-steps per second, to hold
 * {@link RetinaBenchmark} against. The two compute different things.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 10, time = 2)
@State(Scope.Benchmark)
public class BioinspiredBenchmark {
    private Retina retina;
    private Mat frame;
    private Mat parvo;
    private Mat magno;

    /** Prepares the model and one frame of noise. */
    @Setup
    public void prepare() {
        retina = Retina.create(new Size(RetinaBenchmark.COLUMNS, RetinaBenchmark.ROWS), false);
        frame = new Mat(RetinaBenchmark.ROWS, RetinaBenchmark.COLUMNS, opencv_core.CV_8UC1);
        opencv_core.setRNGSeed(1);
        opencv_core.randu(frame, new Mat(new double[] {0}), new Mat(new double[] {255}));
        parvo = new Mat();
        magno = new Mat();
    }

    /** Frees native memory. */
    @TearDown
    public void close() {
        retina.close();
        frame.close();
        parvo.close();
        magno.close();
    }

    /** One frame through both channels. */
    @Benchmark
    @OperationsPerInvocation(RetinaBenchmark.ROWS * RetinaBenchmark.COLUMNS)
    public void pixelSteps() {
        retina.run(frame);
        retina.getParvo(parvo);
        retina.getMagno(magno);
    }
}
