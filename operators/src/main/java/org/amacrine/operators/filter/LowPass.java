package org.amacrine.operators.filter;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.RowDot;
import org.amacrine.core.layer.DifferentiableBaseLayer;
import org.amacrine.core.layer.Parameter;

/**
 * A recursive low pass of each value along time, {@code y[t] = b x[t] + a y[t-1]}, from 0, with the coefficients of
 * {@link Recursive#lowPass}: its gain at frequency zero is nearly one.
 */
public final class LowPass extends DifferentiableBaseLayer {
    private static final int GRAIN = 256;

    private final Parameter tau = add(Parameter.number("tauSeconds", 0.01)
            .unit("s")
            .above(0)
            .trainable()
            .alias("tau")
            .doc("Time constant"));
    private final Bands.Band band = this::pass;
    private final Bands.Band backBand = this::passBack;
    private Recursive.FirstOrder coefficients;
    private int values;
    private float[] last;
    private Chunk in;
    private Chunk out;
    /** With gradients: input and output of the last chunk, the latter behind the frame before it, and dL/dy. */
    private float[] x;

    private float[] y;
    private float[] ofOutput;

    /**
     * A layer with a time constant of 10 ms.
     *
     * @param name what it is called in messages
     */
    public LowPass(String name) {
        super(name);
    }

    @Override
    protected void derive() {
        coefficients = Recursive.lowPass(tau.number(), context().resolution().stepSeconds());
    }

    @Override
    protected List<Shape> allocate(boolean forGradients) {
        Shape shape = context().input();
        values = shape.values();
        last = new float[values];
        states().add("last", last, shape.channels(), shape.rows(), shape.columns());
        states().onClear(() -> Arrays.fill(last, 0));
        int size = forGradients ? Math.multiplyExact(context().maxFrames() + 1, values) : 0;
        x = new float[size];
        y = new float[size];
        ofOutput = new float[size];
        return List.of(shape);
    }

    @Override
    public void process(Chunk[] inputs, Chunk[] outputs) {
        in = inputs[0];
        out = outputs[0];
        if (keepsGradients()) {
            System.arraycopy(in.values(), in.start(0), x, 0, in.frames() * values);
            System.arraycopy(last, 0, y, 0, values);
        }
        context().bands().run(band, values, GRAIN);
        if (keepsGradients()) {
            System.arraycopy(out.values(), out.start(0), y, values, in.frames() * values);
        }
        in = null;
        out = null;
    }

    private void pass(int worker, int from, int to) {
        context()
                .kernels()
                .firstOrder(
                        in.values(),
                        in.start(0),
                        out.values(),
                        out.start(0),
                        last,
                        in.frames(),
                        values,
                        from,
                        to,
                        coefficients.b(),
                        coefficients.a());
    }

    @Override
    protected void adjoint(Chunk[] gradientsOut, Chunk[] gradientsIn) {
        out = gradientsOut[0];
        in = gradientsIn[0];
        int frames = out.frames();
        context().bands().run(backBand, values, GRAIN);
        double[] ofTau = tau.gradient();
        if (ofTau != null) {
            double ofA = 0;
            double ofB = 0;
            for (int t = 0; t < frames; t++) {
                ofA += RowDot.of(ofOutput, t * values, y, t * values, values);
                ofB += RowDot.of(ofOutput, t * values, x, t * values, values);
            }
            ofTau[0] +=
                    Recursive.lowPassSlope(tau.number(), context().resolution().stepSeconds(), ofB, ofA);
        }
        in = null;
        out = null;
    }

    /** {@code dL/dy[t] = g[t] + a dL/dy[t+1]}, {@code dL/dx[t] = b dL/dy[t]}. */
    private void passBack(int worker, int from, int to) {
        Kernels kernels = context().kernels();
        int frames = out.frames();
        Arrays.fill(ofOutput, frames * values + from, frames * values + to, 0f);
        for (int t = frames - 1; t >= 0; t--) {
            kernels.addScaled(
                    out.values(),
                    out.start(t),
                    ofOutput,
                    (t + 1) * values,
                    ofOutput,
                    t * values,
                    1,
                    values,
                    from,
                    to,
                    coefficients.a());
            if (in != null) {
                kernels.scale(ofOutput, t * values, in.values(), in.start(t), from, to, coefficients.b(), 0f);
            }
        }
    }
}
