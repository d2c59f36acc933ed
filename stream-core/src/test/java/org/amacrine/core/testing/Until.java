package org.amacrine.core.testing;

import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.BaseLayer;
import org.amacrine.core.layer.LayerException;

/** What came in, for frames of one value, up to a frame that it cannot go on from. */
public final class Until extends BaseLayer {
    private final long last;

    /** A layer that breaks at this frame. */
    public Until(long frame) {
        super("until");
        last = frame;
    }

    @Override
    protected List<Shape> allocate() {
        return List.of(context().input());
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        for (int t = 0; t < in[0].frames(); t++) {
            if (in[0].firstFrame() + t == last) {
                throw new LayerException(context().path(), last, t, "that is all", null);
            }
            out[0].values()[out[0].start(t)] = in[0].values()[in[0].start(t)];
        }
    }
}
