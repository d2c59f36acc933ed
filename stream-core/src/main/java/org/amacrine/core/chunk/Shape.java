package org.amacrine.core.chunk;

/**
 * The extent of one frame: {@code [channel][row][column]}, row-major, columns fastest.
 *
 * <p>A stream of feature vectors with {@code d} dimensions has the shape {@code d x 1 x 1}.
 *
 * @param channels number of channels, at least 1
 * @param rows number of rows, at least 1
 * @param columns number of columns, at least 1
 */
public record Shape(int channels, int rows, int columns) {

    /** Checks the extents; throws {@link IllegalArgumentException} when one is below 1 or a frame has too many values. */
    public Shape {
        if (channels < 1 || rows < 1 || columns < 1) {
            throw new IllegalArgumentException("a frame needs at least 1 channel, 1 row and 1 column but was "
                    + channels + "x" + rows + "x" + columns + "; give positive extents, for example 1x48x64");
        }
        long values = (long) channels * rows * columns;
        if (values > MAX_VALUES) {
            throw new IllegalArgumentException("a frame may hold at most " + MAX_VALUES + " values but " + channels
                    + "x" + rows + "x" + columns + " has " + values + "; crop or scale the source");
        }
    }

    /** The most values a frame may hold: a quarter of what one Java array can, so that chunks of a few frames exist. */
    public static final int MAX_VALUES = 1 << 28;

    /** A frame of one channel. */
    public static Shape image(int rows, int columns) {
        return new Shape(1, rows, columns);
    }

    /** A feature vector: {@code dims x 1 x 1}. */
    public static Shape vector(int dims) {
        return new Shape(dims, 1, 1);
    }

    /** Number of values in a frame: channels · rows · columns. */
    public int values() {
        return channels * rows * columns;
    }

    /** Number of pixels in one channel: rows · columns. */
    public int pixels() {
        return rows * columns;
    }

    /** For example {@code 1x48x64}. */
    @Override
    public String toString() {
        return channels + "x" + rows + "x" + columns;
    }
}
