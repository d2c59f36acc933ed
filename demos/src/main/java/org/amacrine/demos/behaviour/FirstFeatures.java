package org.amacrine.demos.behaviour;

import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.BaseLayer;

/** The first features of each vector: here velocity forwards and to the right (pixels/s), and turning (rad/s). */
public final class FirstFeatures extends BaseLayer {
    private final int count;

    /** A layer that keeps so many features. */
    public FirstFeatures(int count) {
        super("features.first");
        this.count = count;
    }

    @Override
    public boolean takesMissing(String input) {
        return true;
    }

    @Override
    protected List<Shape> allocate() {
        return List.of(Shape.vector(count));
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        for (int t = 0; t < in[0].frames(); t++) {
            System.arraycopy(in[0].values(), in[0].start(t), out[0].values(), out[0].start(t), count);
        }
    }
}
