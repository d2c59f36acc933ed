package org.amacrine.core.testing;

import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.BaseLayer;

/**
 * What came in, some frames later, and right away as a second output, for frames of one value: {@code late} and {@code now}.
 * What is about nothing is -1.
 */
public final class Late extends BaseLayer {
    private final int lag;
    private final float[] last;

    /** A layer that gives each frame out so many frames later. */
    public Late(int lag) {
        super("late");
        this.lag = lag;
        last = new float[lag];
    }

    @Override
    public List<String> outputs() {
        return List.of("late", "now");
    }

    @Override
    protected List<Shape> allocate() {
        states().add("last", last, lag);
        states().onClear(() -> java.util.Arrays.fill(last, -1));
        return List.of(context().input(), context().input());
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        for (int t = 0; t < in[0].frames(); t++) {
            float x = in[0].values()[in[0].start(t)];
            out[0].values()[out[0].start(t)] = last[0];
            out[1].values()[out[1].start(t)] = x;
            System.arraycopy(last, 1, last, 0, lag - 1);
            last[lag - 1] = x;
        }
        out[0].delayBy(lag);
    }

    @Override
    public boolean holdsBack() {
        return true;
    }

    @Override
    public int flush(long given, Chunk[] out) {
        int frames = (int) Math.min(lag - given, out[0].room());
        out[0].frames(frames);
        System.arraycopy(last, (int) given, out[0].values(), out[0].start(0), frames);
        out[0].delayBy(lag);
        return frames;
    }
}
