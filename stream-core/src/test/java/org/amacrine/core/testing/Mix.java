package org.amacrine.core.testing;

import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.BaseLayer;

/** Two inputs: {@code y = a + b / 2}, with 1000 in the place of a {@code b} that is missing. */
public final class Mix extends BaseLayer {
    /** A layer that is not prepared yet. */
    public Mix() {
        super("mix");
    }

    @Override
    public List<String> inputs() {
        return List.of("a", "b");
    }

    @Override
    public boolean takesMissing(String input) {
        return input.equals("b");
    }

    @Override
    protected List<Shape> allocate() {
        return List.of(context().input());
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        for (int i = 0; i < in[0].frames() * in[0].shape().values(); i++) {
            float b = in[1].values()[in[1].start(0) + i];
            out[0].values()[out[0].start(0) + i] = in[0].values()[in[0].start(0) + i] + (Float.isNaN(b) ? 1000 : b / 2);
        }
    }
}
