package org.amacrine.core.testing;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.BaseLayer;

/** The sum of all frames so far, for each pixel: a layer with a state. */
public final class Total extends BaseLayer {
    private float[] total;

    /** A layer that is not prepared yet. */
    public Total() {
        super("total");
    }

    @Override
    protected List<Shape> allocate() {
        total = new float[context().input().values()];
        states().add("total", total, total.length);
        states().onClear(() -> Arrays.fill(total, 0));
        return List.of(context().input());
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        for (int t = 0; t < in[0].frames(); t++) {
            for (int p = 0; p < total.length; p++) {
                total[p] += in[0].values()[in[0].start(t) + p];
                out[0].values()[out[0].start(t) + p] = total[p];
            }
        }
    }
}
