package org.amacrine.sinks.images;

import org.amacrine.core.chunk.Shape;

/**
 * Draws frames as pictures of 8 bits: three channels (red, green, blue) in colour, one in grey, any other number in grey side
 * by side.
 *
 * <pre>
 *   channels   picture              bytes of a pixel
 *   1          │ 0 │                grey
 *   3          │rgb│                blue, green, red
 *   4          │ 0 │ 1 │ 2 │ 3 │    grey
 * </pre>
 *
 * <p>NaN is black. The bytes are used again for the next frame; a picture belongs to one thread.
 */
public final class Picture {
    private final Shape shape;
    private final Brightness brightness;
    private final int zoom;
    private final int columns;
    private final int rows;
    private final int bytesPerPixel;
    private final byte[] bytes;
    /** Index in a frame, without its row, of the value behind each byte of a row. */
    private final int[] valueOfByte;

    private double black;
    private double range;

    /**
     * Pictures of frames of this shape.
     *
     * @param zoom columns and rows of the picture for each pixel of the frame, at least 1
     * @param even whether an odd number of columns or rows becomes even, by a second copy of the last one
     * @throws IllegalArgumentException when {@code zoom < 1}, or the picture has more bytes than an array can hold
     */
    public Picture(Shape shape, Brightness brightness, int zoom, boolean even) {
        if (zoom < 1) {
            throw new IllegalArgumentException(
                    "zoom must be >= 1 but was " + zoom + "; 1 draws one pixel for each value");
        }
        boolean colour = shape.channels() == 3;
        int sideBySide = colour ? 1 : shape.channels();
        long wide = extent((long) sideBySide * shape.columns() * zoom, even);
        long high = extent((long) shape.rows() * zoom, even);
        this.bytesPerPixel = colour ? 3 : 1;
        if (wide > Integer.MAX_VALUE / bytesPerPixel / high) {
            throw new IllegalArgumentException("a picture of " + wide + "x" + high
                    + " pixels is too large for frames of " + shape + " and zoom " + zoom + "; use a smaller zoom");
        }
        this.shape = shape;
        this.brightness = brightness;
        this.zoom = zoom;
        this.columns = (int) wide;
        this.rows = (int) high;
        this.bytes = new byte[rows * rowBytes()];
        this.valueOfByte = new int[rowBytes()];
        for (int x = 0; x < columns; x++) {
            int across = Math.min(x / zoom, sideBySide * shape.columns() - 1);
            int value = across / shape.columns() * shape.pixels() + across % shape.columns();
            for (int b = 0; b < bytesPerPixel; b++) {
                valueOfByte[x * bytesPerPixel + b] = value + (bytesPerPixel - 1 - b) * shape.pixels();
            }
        }
    }

    private static long extent(long pixels, boolean even) {
        return even ? pixels + pixels % 2 : pixels;
    }

    /** Width, in pixels. */
    public int columns() {
        return columns;
    }

    /** Height, in pixels. */
    public int rows() {
        return rows;
    }

    /** 3 for colour, 1 for grey. */
    public int bytesPerPixel() {
        return bytesPerPixel;
    }

    /** Length of a row, in bytes. */
    public int rowBytes() {
        return columns * bytesPerPixel;
    }

    /** The picture drawn last, row after row. */
    public byte[] bytes() {
        return bytes;
    }

    /** Draws the frame whose first value is {@code values[start]}. */
    public void draw(float[] values, int start) {
        scale(values, start);
        int drawn = -1;
        for (int y = 0; y < rows; y++) {
            int row = Math.min(y / zoom, shape.rows() - 1);
            int to = y * rowBytes();
            if (row == drawn) {
                System.arraycopy(bytes, to - rowBytes(), bytes, to, rowBytes());
            } else {
                int from = start + row * shape.columns();
                for (int b = 0; b < valueOfByte.length; b++) {
                    bytes[to + b] = level(values[from + valueOfByte[b]]);
                }
                drawn = row;
            }
        }
    }

    private void scale(float[] values, int start) {
        double low = brightness.black();
        double high = brightness.white();
        if (brightness.automatic()) {
            low = Double.POSITIVE_INFINITY;
            high = Double.NEGATIVE_INFINITY;
            for (int i = start; i < start + shape.values(); i++) {
                if (Float.isFinite(values[i])) {
                    low = Math.min(low, values[i]);
                    high = Math.max(high, values[i]);
                }
            }
        }
        black = low;
        range = high - low;
    }

    private byte level(float value) {
        double level = Math.rint((value - black) * 255 / range);
        return (byte) (level > 0 ? Math.min(level, 255) : 0);
    }
}
