package org.amacrine.sources.arrays;

import java.util.Arrays;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;

/**
 * How the axes of an array are read as frames, and how frames are written back with the same axes.
 *
 * <pre>
 *   (T)              1 x 1 x 1     one number for each frame
 *   (T, D)           D x 1 x 1     a feature vector for each frame
 *   (T, H, W)        1 x H x W     an image
 *   (T, C, H, W)     C x H x W     an image of C channels
 *   (1, C, T, H, W)  C x H x W     the reference's five axes; frames are gathered from the channels
 *   (B, C, T, H, W)  C x H x W     B batches, which are streams of their own, where {@link #ofBatches} allows them
 * </pre>
 */
public final class ArrayLayout {
    private static final int BATCHED = 5;

    private final int axes;
    private final long batches;
    private final Shape shape;
    private final long frames;

    private ArrayLayout(int axes, long batches, Shape shape, long frames) {
        this.axes = axes;
        this.batches = batches;
        this.shape = shape;
        this.frames = frames;
    }

    /**
     * The layout of an array that is one stream.
     *
     * @param what the array, for messages
     * @param extents its extents, the slowest axis first
     * @throws IllegalArgumentException when it has no frames, an extent of 0, another number of axes, or several batches
     */
    public static ArrayLayout of(String what, long... extents) {
        ArrayLayout layout = ofBatches(what, extents);
        if (layout.batches != 1) {
            throw refused(what, extents, "which has " + layout.batches + " batches; save one batch, array[:1]");
        }
        return layout;
    }

    /**
     * The layout of an array that may hold several batches.
     *
     * @param what the array, for messages
     * @param extents its extents, the slowest axis first
     * @throws IllegalArgumentException when it has no frames, an extent of 0, or another number of axes
     */
    public static ArrayLayout ofBatches(String what, long... extents) {
        if (extents.length < 1 || extents.length > BATCHED) {
            throw refused(what, extents, "which has " + extents.length + " axes");
        }
        if (Arrays.stream(extents).anyMatch(extent -> extent < 1)) {
            throw refused(what, extents, "which holds nothing");
        }
        long channels = extents.length == 2 || extents.length >= 4 ? extents[1] : 1;
        long rows = extents.length >= 3 ? extents[extents.length - 2] : 1;
        long columns = extents.length >= 3 ? extents[extents.length - 1] : 1;
        if (Math.max(channels, Math.max(rows, columns)) > Shape.MAX_VALUES) {
            throw refused(what, extents, "whose frames are too large");
        }
        return new ArrayLayout(
                extents.length,
                extents.length == BATCHED ? extents[0] : 1,
                new Shape((int) channels, (int) rows, (int) columns),
                extents[frameAxis(extents.length)]);
    }

    private static IllegalArgumentException refused(String what, long[] extents, String why) {
        String text = Arrays.toString(extents);
        return new IllegalArgumentException(what + " has the shape (" + text.substring(1, text.length() - 1) + "), "
                + why + "; give (T), (T, D), (T, H, W), (T, C, H, W) or (1, C, T, H, W) with at least one frame");
    }

    /** Extent of a frame. */
    public Shape shape() {
        return shape;
    }

    /** The axis that counts the frames, from 0. */
    public int frameAxis() {
        return frameAxis(axes);
    }

    private static int frameAxis(int axes) {
        return axes == BATCHED ? 2 : 0;
    }

    /** Number of axes. */
    public int axes() {
        return axes;
    }

    /** Number of batches; 1 for other than five axes. */
    public long batches() {
        return batches;
    }

    /** Number of frames, of each batch. */
    public long frames() {
        return frames;
    }

    /** Whether the values lie one frame after the other, so that they can be read front to back. */
    public boolean isFrameByFrame() {
        return axes < BATCHED || shape.channels() == 1;
    }

    /**
     * The frames of an array of this layout, one batch after the other; values are copied only where they must be put in another
     * order.
     *
     * @throws IllegalArgumentException when there are more frames than one Java array holds
     */
    public Frames toFrames(NdArray array) {
        if (frames > Integer.MAX_VALUE / batches) {
            throw new IllegalArgumentException(
                    batches * frames + " frames are too many to hold in memory; read them in parts");
        }
        float[] values = array.floats();
        if (!isFrameByFrame()) {
            values = reordered(values, (int) batches, shape.channels(), (int) frames, shape.pixels());
        }
        return new Frames(shape, (int) (batches * frames), values);
    }

    /** Of each batch, {@code [slow][fast][pixels]} as {@code [fast][slow][pixels]}. */
    private static float[] reordered(float[] values, int batches, int slow, int fast, int pixels) {
        float[] out = new float[batches * slow * fast * pixels];
        for (int batch = 0; batch < batches; batch++) {
            int begin = batch * slow * fast;
            for (int i = 0; i < slow; i++) {
                for (int j = 0; j < fast; j++) {
                    int from = begin + i * fast + j;
                    int to = begin + j * slow + i;
                    System.arraycopy(values, from * pixels, out, to * pixels, pixels);
                }
            }
        }
        return out;
    }

    /**
     * Extents, after the first, of an array that frames of this extent are written to one by one: with the axes of this
     * layout where the frames fit them, else with those they need. Five axes cannot be written so and become
     * {@code (T, C, H, W)}.
     *
     * @param frame extent of the frames to write, which may differ from {@link #shape()}
     */
    public int[] frameExtents(Shape frame) {
        boolean vector = frame.pixels() == 1;
        if (axes >= 4 || (frame.channels() > 1 && !vector)) {
            return new int[] {frame.channels(), frame.rows(), frame.columns()};
        }
        if (frame.channels() > 1) {
            return new int[] {frame.channels()};
        }
        if (axes == 3 || !vector) {
            return new int[] {frame.rows(), frame.columns()};
        }
        return axes == 2 ? new int[] {1} : new int[0];
    }

    /**
     * An array that holds these frames, with the axes of this layout where they fit, else with those they need. Of several batches,
     * one after the other, those that are whole are held, or what there is of the first.
     */
    public NdArray toArray(Frames output) {
        Shape frame = output.shape();
        if (axes == BATCHED) {
            boolean several = batches > 1 && output.count() >= frames;
            int whole = several ? (int) (output.count() / frames) : 1;
            int each = several ? (int) frames : output.count();
            return NdArray.of(
                    reordered(output.values(), whole, each, frame.channels(), frame.pixels()),
                    whole,
                    frame.channels(),
                    each,
                    frame.rows(),
                    frame.columns());
        }
        int[] each = frameExtents(frame);
        int[] extents = new int[each.length + 1];
        extents[0] = output.count();
        System.arraycopy(each, 0, extents, 1, each.length);
        return NdArray.of(output.values(), extents);
    }
}
