package org.amacrine.sources.arrays;

import java.util.Arrays;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;

/**
 * Frames in memory that are taken from the front and added to at the end: the reference's {@code SequenceStream} and
 * {@code RepeatingStream}, for programs that read frames by hand. {@link ArraySource} plays arrays in pipelines.
 *
 * <p>Differs from the reference: a stream is available to its very last frame, reading beyond the end moves nothing, one
 * reading may begin anew any number of times, and frames that are added keep their place whatever was dropped before them.
 *
 * <p>Owned by one thread.
 */
public final class SequenceStream {
    /** The most frames that are kept when frames are added, unless another number is given. */
    public static final int MAX_FRAMES = 5000;

    private final boolean repeating;
    private final int maxFrames;
    private Shape shape;
    private float[] values;
    private int length;
    private int next;

    private SequenceStream(Frames frames, boolean repeating, int maxFrames) {
        this.repeating = repeating;
        this.maxFrames = maxFrames;
        if (maxFrames < 1) {
            throw new IllegalArgumentException("maxFrames must be >= 1 but was " + maxFrames + "; for example 5000");
        }
        replace(frames);
    }

    /** A stream that ends after its last frame. */
    public static SequenceStream once(Frames frames) {
        return once(frames, MAX_FRAMES);
    }

    /** A stream that ends after its last frame, and keeps at most {@code maxFrames} when frames are added. */
    public static SequenceStream once(Frames frames, int maxFrames) {
        return new SequenceStream(frames, false, maxFrames);
    }

    /** A stream that begins anew after its last frame. */
    public static SequenceStream repeating(Frames frames) {
        return new SequenceStream(frames, true, MAX_FRAMES);
    }

    /** Extent of a frame. */
    public Shape shape() {
        return shape;
    }

    /** Number of frames held, read or not. */
    public int length() {
        return length;
    }

    /** Whether {@code count} frames can be read now. */
    public boolean available(int count) {
        return repeating ? length > 0 : length - next >= count;
    }

    /** The next frames: {@code count}, or as many as are left. */
    public Frames get(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("a number of frames must be >= 0 but was " + count);
        }
        int size = shape.values();
        int taken = available(count) ? count : length - next;
        Frames out = Frames.zeros(shape, taken);
        for (int done = 0; done < taken; ) {
            if (next == length) {
                next = 0;
            }
            int now = Math.min(taken - done, length - next);
            System.arraycopy(values, next * size, out.values(), done * size, now * size);
            next += now;
            done += now;
        }
        return out;
    }

    /**
     * Adds frames at the end. Of all frames the last {@code maxFrames} are kept; those dropped are lost even when nobody read
     * them. Frames of another extent take the place of all there are, and are read from the first one on.
     */
    public void put(Frames frames) {
        if (!frames.shape().equals(shape)) {
            replace(frames);
            return;
        }
        int size = shape.values();
        int kept = Math.min(length, Math.max(0, maxFrames - frames.count()));
        int added = Math.min(frames.count(), maxFrames);
        int dropped = length - kept;
        if (values.length < (kept + added) * size) {
            values = Arrays.copyOf(values, Math.multiplyExact(Math.min(maxFrames, 2 * (kept + added)), size));
        }
        System.arraycopy(values, dropped * size, values, 0, kept * size);
        System.arraycopy(frames.values(), (frames.count() - added) * size, values, kept * size, added * size);
        length = kept + added;
        next = Math.max(0, next - dropped);
    }

    private void replace(Frames frames) {
        shape = frames.shape();
        values = frames.values().clone();
        length = frames.count();
        next = 0;
    }

    /** Reads from the first frame on again. */
    public void reset() {
        next = 0;
    }
}
