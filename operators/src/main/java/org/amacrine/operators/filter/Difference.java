package org.amacrine.operators.filter;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.DifferentiableBaseLayer;

/** Each frame minus the one before it, {@code y[t] = x[t] - x[t-1]}; before the first frame stands a copy of it. */
public final class Difference extends DifferentiableBaseLayer {
    private float[] last;
    private boolean started;
    /** Whether the last chunk began the stream. */
    private boolean began;

    /**
     * A layer without parameters.
     *
     * @param name what it is called in messages
     */
    public Difference(String name) {
        super(name);
    }

    @Override
    protected List<Shape> allocate(boolean forGradients) {
        Shape shape = context().input();
        last = new float[shape.values()];
        states().add("last", last, shape.channels(), shape.rows(), shape.columns());
        states().add("started", () -> NdArray.of(started ? 1L : 0L), v -> started = v.integer() != 0);
        states().onClear(() -> {
            Arrays.fill(last, 0);
            started = false;
        });
        return List.of(shape);
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        float[] x = in[0].values();
        int values = last.length;
        began = !started;
        started = true;
        if (began) {
            System.arraycopy(x, in[0].start(0), last, 0, values);
        }
        for (int t = 0; t < in[0].frames(); t++) {
            float[] before = t == 0 ? last : x;
            int beforeAt = t == 0 ? 0 : in[0].start(t - 1);
            for (int p = 0; p < values; p++) {
                out[0].values()[out[0].start(t) + p] = x[in[0].start(t) + p] - before[beforeAt + p];
            }
        }
        System.arraycopy(x, in[0].start(in[0].frames() - 1), last, 0, values);
    }

    @Override
    protected void adjoint(Chunk[] gradientsOut, Chunk[] gradientsIn) {
        if (gradientsIn[0] == null) {
            return;
        }
        Chunk g = gradientsOut[0];
        for (int t = 0; t < g.frames(); t++) {
            for (int p = 0; p < last.length; p++) {
                float now = began && t == 0 ? 0f : g.values()[g.start(t) + p];
                float next = t + 1 < g.frames() ? g.values()[g.start(t + 1) + p] : 0f;
                gradientsIn[0].values()[gradientsIn[0].start(t) + p] = now - next;
            }
        }
    }
}
