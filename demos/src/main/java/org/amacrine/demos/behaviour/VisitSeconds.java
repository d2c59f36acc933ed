package org.amacrine.demos.behaviour;

import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.BaseLayer;

/**
 * How long an animal is in its present state already: seconds since the state became another one, for a stream of states, [1].
 * Its peaks are the durations of visits. Missing while no state is known; such frames end a visit.
 */
public final class VisitSeconds extends BaseLayer {
    /** State of the last frame, and its frames so far. */
    private final float[] visit = new float[2];

    /** A layer at the beginning of its stream. */
    public VisitSeconds() {
        super("behaviour.visit");
    }

    @Override
    public String unit(String output) {
        return "s";
    }

    @Override
    public boolean takesMissing(String input) {
        return true;
    }

    @Override
    protected List<Shape> allocate() {
        if (context().input().values() != 1) {
            throw new IllegalArgumentException("it takes one state at a time, frames of 1x1x1, but was given "
                    + context().input() + "; connect it to the state of one animal");
        }
        states().add("visit", visit, visit.length);
        return List.of(context().input());
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        float stepSeconds = (float) context().resolution().stepSeconds();
        for (int t = 0; t < in[0].frames(); t++) {
            float state = in[0].values()[in[0].start(t)];
            visit[1] = state == visit[0] ? visit[1] + 1 : 1;
            visit[0] = state;
            out[0].values()[out[0].start(t)] = Float.isNaN(state) ? Float.NaN : visit[1] * stepSeconds;
        }
    }
}
