package org.amacrine.demos.generator;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.BaseLayer;

/**
 * The two inputs of a generator, cut from an experiment: its stimuli, and its activity, which is given at first and then free,
 * with NaN in its place.
 */
public final class GivenThenFree extends BaseLayer {
    private final int given;

    /** @param given steps whose activity is given, at least 1 */
    public GivenThenFree(int given) {
        super("generator.inputs");
        this.given = given;
    }

    @Override
    public List<String> outputs() {
        return List.of("stimuli", "activity");
    }

    @Override
    protected List<Shape> allocate() {
        return List.of(Shape.vector(SimulatedNetwork.STIMULI), Shape.vector(SimulatedNetwork.UNITS));
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        for (int t = 0; t < in[0].frames(); t++) {
            int from = in[0].start(t);
            System.arraycopy(in[0].values(), from, out[0].values(), out[0].start(t), SimulatedNetwork.STIMULI);
            int to = out[1].start(t);
            if (in[0].firstFrame() + t < given) {
                System.arraycopy(
                        in[0].values(), from + SimulatedNetwork.STIMULI, out[1].values(), to, SimulatedNetwork.UNITS);
            } else {
                Arrays.fill(out[1].values(), to, to + SimulatedNetwork.UNITS, Float.NaN);
            }
        }
    }
}
