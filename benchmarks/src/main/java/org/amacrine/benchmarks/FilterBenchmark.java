package org.amacrine.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.core.layer.DifferentiableLayer;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.Resolution;
import org.amacrine.operators.filter.CausalConvolution.Border;
import org.amacrine.operators.filter.Convolution;
import org.amacrine.operators.filter.Delay;
import org.amacrine.operators.filter.HighPass;
import org.amacrine.operators.filter.LowPass;
import org.amacrine.operators.filter.Nonlinearity;
import org.amacrine.operators.filter.RecursiveSmoothing;
import org.amacrine.operators.models.Cascades;
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
 * Filters and an LN model on frames of 100 by 100 pixels, 20 to a chunk: microseconds for a frame, forward alone and with the
 * gradients of all parameters and of the input. Beside them what bounds the way forward: {@code copy}, a chunk copied, is what memory
 * allows; {@code multiplyAdds} are as many fused multiply-adds as the layer has for a frame, on numbers in the nearest cache.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Damacrine.vector.atOnce=true"})
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class FilterBenchmark {
    static final int FRAMES = 20;
    private static final Shape SHAPE = Shape.image(100, 100);
    /** Numbers that stay in the nearest cache. */
    private static final int NEAR = 1000;

    /** Layer. */
    @Param({"ln-10x5x5", "time-10", "space-11x11", "low-pass", "high-pass", "deriche", "delay", "rectify", "mcintosh"})
    public String layer;

    /** Threads that share each frame. */
    @Param({"1", "2"})
    public int workers;

    /** Backend. */
    @Param("auto")
    public String backend;

    private WorkerPool pool;
    private DifferentiableLayer plain;
    private DifferentiableLayer fitted;
    private Chunk[] in;
    private Chunk[] out;
    private Chunk[] ofOut;
    private Chunk[] ofIn;
    private final float[] near = new float[NEAR];
    private final float[] nearToo = new float[NEAR];

    /** Prepares one layer without and one with gradients, and a chunk of noise. */
    @Setup
    public void prepare() {
        pool = new WorkerPool(workers);
        plain = make(false);
        fitted = make(true);
        in = new Chunk[] {chunk(SHAPE)};
        ofIn = new Chunk[] {chunk(SHAPE)};
        fill(in[0].values(), new Random(1));
    }

    private DifferentiableLayer make(boolean gradients) {
        DifferentiableLayer made = layer();
        made.keepGradients(gradients);
        List<Shape> shapes = made.prepare(new LayerContext(
                layer,
                List.of(SHAPE),
                Resolution.DEFAULT,
                Backends.choose(backend).backend().open(),
                pool,
                1,
                FRAMES));
        out = new Chunk[] {chunk(shapes.get(0))};
        ofOut = new Chunk[] {chunk(shapes.get(0))};
        Arrays.fill(ofOut[0].values(), 1f);
        return made;
    }

    private static Chunk chunk(Shape shape) {
        Chunk chunk = Chunk.unpooled(shape, FRAMES);
        chunk.frames(FRAMES);
        return chunk;
    }

    private DifferentiableLayer layer() {
        return switch (layer) {
            case "ln-10x5x5" -> filled(Cascades.ln("ln", 1, true, false, 10, 5, 5));
            case "time-10" -> filled(new Convolution("time", Border.REPEAT, false, 10));
            case "space-11x11" -> filled(new Convolution("space", Border.REPEAT, false, 11, 11));
            case "low-pass" -> new LowPass("low");
            case "high-pass" -> new HighPass("high", false);
            case "deriche" -> new RecursiveSmoothing("deriche");
            case "delay" -> new Delay("delay", 3);
            case "rectify" -> new Nonlinearity("rectify", Nonlinearity.Function.RECTIFY);
            default -> filled(Cascades.mcIntosh("mcintosh", 1, 8, 16, new int[] {10, 5, 5}, new int[] {1, 1, 1}));
        };
    }

    /** Random kernels. */
    private static <L extends Layer> L filled(L layer) {
        Random random = new Random(2);
        for (Parameter parameter : layer.parameters().all().values()) {
            if (parameter.kind() == Parameter.Kind.ARRAY) {
                int[] shape = ((NdArray) parameter.value()).shape();
                float[] values = new float[NdArray.count(shape)];
                fill(values, random);
                parameter.set(NdArray.of(values, shape));
            }
        }
        return layer;
    }

    private static void fill(float[] values, Random random) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
    }

    /** Ends the threads. */
    @TearDown
    public void close() {
        pool.close();
    }

    /** A chunk copied. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public float copy() {
        System.arraycopy(in[0].values(), 0, ofIn[0].values(), 0, in[0].values().length);
        return ofIn[0].values()[0];
    }

    /** Fused multiply-adds of the layer, one of every eight after a load. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public float multiplyAdds() {
        for (long left = (long) FRAMES * SHAPE.pixels() * perPixel(); left > 0; left -= 8L * NEAR) {
            for (int i = 0; i < NEAR; i++) {
                float x = near[i];
                float a = Math.fma(x, 0.5f, 1f);
                float b = Math.fma(x, 0.25f, 2f);
                a = Math.fma(a, 0.5f, x);
                b = Math.fma(b, 0.25f, x);
                a = Math.fma(a, 0.5f, x);
                b = Math.fma(b, 0.25f, x);
                a = Math.fma(a, 0.5f, x);
                nearToo[i] = Math.fma(b, 0.25f, a);
            }
        }
        return nearToo[0];
    }

    /** Multiply-adds for each pixel. */
    private int perPixel() {
        return switch (layer) {
            case "ln-10x5x5" -> 10 * 5 * 5;
            case "time-10" -> 10;
            case "space-11x11" -> 11 * 11;
            case "low-pass", "high-pass" -> 2;
            // Two passes each way, along the columns and along the rows.
            case "deriche" -> 2 * 2 * 4;
            case "delay", "rectify" -> 0;
            default -> 8 * 10 * 5 * 5 + 16 * 8 + 16;
        };
    }

    /** Forward. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public float forward() {
        plain.process(in, out);
        return out[0].values()[0];
    }

    /** Forward and back. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public float gradient() {
        fitted.process(in, out);
        fitted.backward(ofOut, ofIn);
        return ofIn[0].values()[0];
    }
}
