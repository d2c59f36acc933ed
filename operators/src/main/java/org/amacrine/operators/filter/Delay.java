package org.amacrine.operators.filter;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.DifferentiableBaseLayer;
import org.amacrine.core.layer.Parameter;

/**
 * A delay: {@code y[t] = x[t - d]}, with zeros before the first frame. The delay d is one number of frames, or a map with one for
 * each pixel.
 *
 * <p>Differs from the reference, whose maps of delays are transposed: here row and column of the map are those of the pixel.
 */
public final class Delay extends DifferentiableBaseLayer {
    private final Parameter delay;
    private int[] delays = {0};
    private int longest;
    private Shape shape;
    /** The last frames of the input, the oldest first: as many as the longest delay, then those of the chunk. */
    private float[] past = {};

    /**
     * A delay of the same number of frames everywhere.
     *
     * @param name what it is called in messages
     * @param delayFrames default, at least 0
     */
    public Delay(String name, int delayFrames) {
        super(name);
        delay = add(Parameter.field("delayFrames", delayFrames)
                .unit("frames")
                .atLeast(0)
                .atMost(100_000)
                .checked(value -> whole((NdArray) value))
                .alias("delay", "delays")
                .doc("How many frames later, one number or one for each pixel"));
    }

    private static NdArray whole(NdArray frames) {
        for (int i = 0; i < frames.size(); i++) {
            if (frames.at(i) != Math.rint(frames.at(i))) {
                throw new IllegalArgumentException(
                        "delayFrames must be whole numbers of frames but was " + frames.at(i) + "; for example 3");
            }
        }
        return frames;
    }

    @Override
    protected void derive() {
        Shape frames = context().input();
        float[] field = Fields.of(delay, frames);
        int[] next = new int[field.length];
        int most = 0;
        for (int i = 0; i < next.length; i++) {
            next[i] = (int) field[i];
            most = Math.max(most, next[i]);
        }
        int values = frames.values();
        int size = FrameMemory.length(
                "a delay of " + most + " frames", (long) most + context().maxFrames(), values);
        if (isPreparing()) {
            past = new float[size];
        } else if (most != longest) {
            float[] grown = new float[size];
            int kept = Math.min(most, longest) * values;
            System.arraycopy(past, longest * values - kept, grown, most * values - kept, kept);
            past = grown;
        }
        delays = next;
        longest = most;
        shape = frames;
    }

    @Override
    protected List<Shape> allocate(boolean forGradients) {
        states().add("past", this::past, array -> {
            if (array.size() != longest * shape.values()) {
                throw new IllegalArgumentException("needs the last " + longest + " frames of " + shape
                        + " but was given " + NdArray.text(array.shape()));
            }
            System.arraycopy(array.floats(), 0, past, 0, array.size());
        });
        states().onClear(() -> Arrays.fill(past, 0));
        return List.of(shape);
    }

    private NdArray past() {
        return NdArray.of(
                Arrays.copyOf(past, longest * shape.values()),
                longest,
                shape.channels(),
                shape.rows(),
                shape.columns());
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        int values = shape.values();
        int frames = in[0].frames();
        float[] y = out[0].values();
        System.arraycopy(in[0].values(), in[0].start(0), past, longest * values, frames * values);
        if (delays.length == 1) {
            System.arraycopy(past, 0, y, out[0].start(0), frames * values);
        } else {
            for (int t = 0; t < frames; t++) {
                for (int p = 0, at = out[0].start(t); p < values; p++) {
                    y[at + p] = past[(longest + t - delays[p]) * values + p];
                }
            }
        }
        System.arraycopy(past, frames * values, past, 0, longest * values);
    }

    /** {@code dL/dx[t] = g[t + d]}; what comes out after the chunk does not count. */
    @Override
    protected void adjoint(Chunk[] gradientsOut, Chunk[] gradientsIn) {
        if (gradientsIn[0] == null) {
            return;
        }
        int values = shape.values();
        int frames = gradientsOut[0].frames();
        float[] g = gradientsOut[0].values();
        float[] ofInput = gradientsIn[0].values();
        for (int t = 0; t < frames; t++) {
            for (int p = 0; p < values; p++) {
                int later = t + delays[delays.length == 1 ? 0 : p];
                ofInput[gradientsIn[0].start(t) + p] = later < frames ? g[gradientsOut[0].start(later) + p] : 0f;
            }
        }
    }
}
