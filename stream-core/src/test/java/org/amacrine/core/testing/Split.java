package org.amacrine.core.testing;

import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.BaseLayer;

/** Two outputs: {@code plus} is one more than the input, {@code minus} one less. */
public final class Split extends BaseLayer {
    /** A layer that is not prepared yet. */
    public Split() {
        super("split");
    }

    @Override
    public List<String> outputs() {
        return List.of("plus", "minus");
    }

    @Override
    protected List<Shape> allocate() {
        return List.of(context().input(), context().input());
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        for (int i = 0; i < in[0].frames() * in[0].shape().values(); i++) {
            float x = in[0].values()[in[0].start(0) + i];
            out[0].values()[out[0].start(0) + i] = x + 1;
            out[1].values()[out[1].start(0) + i] = x - 1;
        }
    }
}
