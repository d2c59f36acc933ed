package org.amacrine.operators.filter;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.RowDot;
import org.amacrine.core.layer.DifferentiableBaseLayer;
import org.amacrine.core.layer.Parameter;

/**
 * A recursive high pass of each value along time: what came in minus a low pass of what came before,
 * {@code y[t] = x[t] - k h[t]}, {@code h[t] = b x[t-1] + a h[t-1]}, with the coefficients of {@link Recursive#lowPass}. Before the
 * first frame stands a copy of it.
 *
 * <p>Differs from the reference, unless asked to follow it: that takes the first frame of each chunk for the one before it.
 */
public final class HighPass extends DifferentiableBaseLayer {
    private static final int GRAIN = 256;

    private final boolean restartsEachChunk;
    private final Parameter tau = add(Parameter.number("tauSeconds", 0.01)
            .unit("s")
            .above(0)
            .trainable()
            .alias("tau")
            .doc("Time constant of what is taken away"));
    private final Parameter weight = add(Parameter.number("weight", 0.5)
            .trainable()
            .alias("k")
            .doc("How much is taken away; 1 removes a constant input"));
    private final Bands.Band band = this::pass;
    private final Bands.Band backBand = this::passBack;
    private Recursive.FirstOrder coefficients;
    private int values;
    private float[] before;
    private float[] low;
    private boolean started;
    private Chunk in;
    private Chunk out;
    /** With gradients: the input of the last chunk, behind the frame before it. */
    private float[] x;
    /** With gradients: h of the last chunk, behind the frame before it. */
    private float[] h;
    /** With gradients: dL/dh. */
    private float[] ofLow;
    /** With gradients: whether the first frame of the last chunk stood for the one before it too. */
    private boolean doubled;

    /**
     * A layer with a time constant of 10 ms and weight 0.5.
     *
     * @param name what it is called in messages
     * @param restartsEachChunk whether the first frame of each chunk is taken for the one before it, as in the reference; results
     *     then depend on the chunk length
     */
    public HighPass(String name, boolean restartsEachChunk) {
        super(name);
        this.restartsEachChunk = restartsEachChunk;
    }

    @Override
    protected void derive() {
        coefficients = Recursive.lowPass(tau.number(), context().resolution().stepSeconds());
    }

    @Override
    protected List<Shape> allocate(boolean forGradients) {
        Shape shape = context().input();
        values = shape.values();
        before = new float[values];
        low = new float[values];
        int[] axes = {shape.channels(), shape.rows(), shape.columns()};
        states().add("before", before, axes);
        states().add("low", low, axes);
        states().add("started", () -> NdArray.of(started ? 1L : 0L), v -> started = v.integer() != 0);
        states().onClear(() -> {
            Arrays.fill(before, 0);
            Arrays.fill(low, 0);
            started = false;
        });
        int size = forGradients ? Math.multiplyExact(context().maxFrames() + 1, values) : 0;
        x = new float[size];
        h = new float[size];
        ofLow = new float[size];
        return List.of(shape);
    }

    @Override
    public void process(Chunk[] inputs, Chunk[] outputs) {
        in = inputs[0];
        out = outputs[0];
        doubled = restartsEachChunk || !started;
        started = true;
        if (doubled) {
            System.arraycopy(in.values(), in.start(0), before, 0, values);
        }
        if (keepsGradients()) {
            System.arraycopy(before, 0, x, 0, values);
            System.arraycopy(in.values(), in.start(0), x, values, in.frames() * values);
            System.arraycopy(low, 0, h, 0, values);
        }
        context().bands().run(band, values, GRAIN);
        in = null;
        out = null;
    }

    /** A band pass whose low pass lets everything through. */
    private void pass(int worker, int from, int to) {
        context()
                .kernels()
                .bandPass(
                        in.values(),
                        in.start(0),
                        out.values(),
                        out.start(0),
                        before,
                        low,
                        in.frames(),
                        values,
                        from,
                        to,
                        1f,
                        0f,
                        coefficients.b(),
                        coefficients.a(),
                        (float) weight.number());
    }

    @Override
    protected void adjoint(Chunk[] gradientsOut, Chunk[] gradientsIn) {
        out = gradientsOut[0];
        in = gradientsIn[0];
        int frames = out.frames();
        context().bands().run(backBand, values, GRAIN);
        double[] ofTau = tau.gradient();
        double[] ofWeight = weight.gradient();
        double ofA = 0;
        double ofB = 0;
        for (int t = 0; t < frames; t++) {
            ofA += RowDot.of(ofLow, t * values, h, t * values, values);
            ofB += RowDot.of(ofLow, t * values, x, t * values, values);
            if (ofWeight != null) {
                ofWeight[0] -= RowDot.of(out.values(), out.start(t), h, (t + 1) * values, values);
            }
        }
        if (ofTau != null) {
            ofTau[0] +=
                    Recursive.lowPassSlope(tau.number(), context().resolution().stepSeconds(), ofB, ofA);
        }
        in = null;
        out = null;
    }

    /** {@code dL/dh[t] = -k g[t] + a dL/dh[t+1]}, {@code dL/dx[t] = g[t] + b dL/dh[t+1]}. */
    private void passBack(int worker, int from, int to) {
        Kernels kernels = context().kernels();
        int frames = out.frames();
        float a = coefficients.a();
        float b = coefficients.b();
        for (int t = 0; t < frames; t++) {
            kernels.scale(x, t * values, h, (t + 1) * values, from, to, b, 0f);
            kernels.addScaled(h, (t + 1) * values, h, t * values, h, (t + 1) * values, 1, values, from, to, a);
        }
        Arrays.fill(ofLow, frames * values + from, frames * values + to, 0f);
        for (int t = frames - 1; t >= 0; t--) {
            int next = (t + 1) * values;
            if (in != null) {
                kernels.addScaled(
                        out.values(), out.start(t), ofLow, next, in.values(), in.start(t), 1, values, from, to, b);
            }
            kernels.scale(ofLow, next, ofLow, t * values, from, to, a, 0f);
            kernels.addScaled(
                    ofLow, t * values, out.values(), out.start(t), ofLow, t * values, 1, values, from, to, (float)
                            -weight.number());
        }
        if (in != null && doubled) {
            kernels.addScaled(in.values(), in.start(0), ofLow, 0, in.values(), in.start(0), 1, values, from, to, b);
        }
    }
}
