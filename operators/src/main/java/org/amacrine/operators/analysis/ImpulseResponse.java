package org.amacrine.operators.analysis;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerRun;

/**
 * What comes out of a layer after one pixel was lit in one frame: frames of zeros from the layer's beginning, as many as there are to be
 * looked at, so that it comes to rest; then as many more, in whose first the pixel in the middle, row rows/2 and column columns/2 of the
 * first channel, has the height. The answer is all of those latter frames as they come out, rest included.
 *
 * <pre>
 *   input     0 0 0 … 0 │ height 0 0 … 0
 *   output              │ the answer
 * </pre>
 *
 * <p>Of a layer with several inputs the first gets the impulse and the others zeros.
 *
 * @param shape of a frame of the input
 * @param frames how many to look at
 * @param height of the impulse; 1 for a unit impulse
 */
public record ImpulseResponse(Shape shape, int frames, float height) {

    /** The course in time: 500 frames of 10 x 10 pixels, as in the reference. */
    public static final ImpulseResponse IN_TIME = new ImpulseResponse(Shape.image(10, 10), 500, 1);

    /** The spread in space: the one frame of 20 x 20 pixels in which the pixel is lit, as in the reference. */
    public static final ImpulseResponse IN_SPACE = new ImpulseResponse(Shape.image(20, 20), 1, 1);

    /** Throws {@link IllegalArgumentException} without frames, with too many, or for a height that is zero or no finite number. */
    public ImpulseResponse {
        if (frames < 1) {
            throw new IllegalArgumentException(
                    "an impulse response has at least 1 frame but frames was " + frames + "; for example 500");
        }
        if (2L * frames * shape.values() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    frames + " frames of " + shape + ", and as many before them, do not fit into memory; take fewer");
        }
        if (height == 0 || !Float.isFinite(height)) {
            throw new IllegalArgumentException("the height of an impulse is a finite number other than 0 but was "
                    + height + "; 1 for a unit impulse");
        }
    }

    /**
     * The answer of a layer with default resolution, which is prepared for it and left where the frames end, as by
     * {@link Layer#run}.
     *
     * @return the frames of all outputs, by name
     */
    public Map<String, Frames> of(Layer layer) {
        return of(LayerRun.of(layer.parameters().owner(), layer));
    }

    /**
     * The answer of a layer in the middle of a stream, which then goes on as if nothing had been: its states are kept, the answer
     * begins with cleared ones, and what was kept is set again.
     *
     * @return the frames of all outputs, by name
     */
    public Map<String, Frames> of(LayerRun run) {
        Frames[] inputs = new Frames[run.layer().inputs().size()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = Frames.zeros(shape, 2 * frames);
        }
        int middle = shape.rows() / 2 * shape.columns() + shape.columns() / 2;
        inputs[0].values()[frames * shape.values() + middle] = height;
        Map<String, Frames> answer = new LinkedHashMap<>();
        run.aside(inputs).forEach((output, all) -> answer.put(output, lastFrames(all)));
        return answer;
    }

    private Frames lastFrames(Frames all) {
        float[] values = all.values();
        return new Frames(all.shape(), frames, Arrays.copyOfRange(values, values.length / 2, values.length));
    }
}
