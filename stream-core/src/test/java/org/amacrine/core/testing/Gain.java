package org.amacrine.core.testing;

import java.util.List;
import java.util.function.Consumer;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.BaseLayer;
import org.amacrine.core.layer.Parameter;

/** {@code y = gain x}, with a place for a test to step in. */
public final class Gain extends BaseLayer {
    private final Parameter gain = add(Parameter.number("gain", 2)
            .above(0)
            .atMost(1000)
            .alias("amplification")
            .doc("What frames are multiplied by"));
    private Consumer<Chunk> onProcess = chunk -> {};

    /** A layer that doubles. */
    public Gain() {
        super("gain");
    }

    /** Does this with each chunk that comes in. */
    public Gain onProcess(Consumer<Chunk> action) {
        onProcess = action;
        return this;
    }

    @Override
    protected List<Shape> allocate() {
        return List.of(context().input());
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        onProcess.accept(in[0]);
        float factor = (float) gain.number();
        for (int i = 0; i < in[0].frames() * in[0].shape().values(); i++) {
            out[0].values()[out[0].start(0) + i] = factor * in[0].values()[in[0].start(0) + i];
        }
    }
}
