package org.amacrine.core.chunk;

import java.util.Arrays;

/**
 * A whole recording in memory: {@code count} frames, {@code [frame][channel][row][column]}.
 *
 * @param shape extent of a frame
 * @param count number of frames
 * @param values the frames, not copied
 */
public record Frames(Shape shape, int count, float[] values) {

    /** Throws {@link IllegalArgumentException} when the array has another size. */
    public Frames {
        if (count < 0 || values.length != (long) count * shape.values()) {
            throw new IllegalArgumentException(count + " frames of " + shape + " are " + (long) count * shape.values()
                    + " values but " + values.length + " were given");
        }
    }

    /** Frames of zeros. */
    public static Frames zeros(Shape shape, int count) {
        return new Frames(shape, count, new float[Math.multiplyExact(count, shape.values())]);
    }

    /** The value of a pixel of the first channel. */
    public float at(int frame, int row, int column) {
        return values[(frame * shape.channels() * shape.rows() + row) * shape.columns() + column];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Frames that
                && shape.equals(that.shape)
                && count == that.count
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * shape.hashCode() + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return count + " frames of " + shape;
    }
}
