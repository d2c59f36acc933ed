package org.amacrine.sources.camera;

import java.util.Locale;

/**
 * What a camera's pictures are like.
 *
 * @param rows height in pixels
 * @param columns width in pixels
 * @param framesPerSecond rate in hertz, above 0
 */
public record CameraMode(int rows, int columns, double framesPerSecond) {
    private static final double SAME_RATE = 0.01;

    /** Throws {@link IllegalArgumentException} for what no camera has. */
    public CameraMode {
        if (rows < 1 || columns < 1 || !(framesPerSecond > 0) || framesPerSecond > 1e6) {
            throw new IllegalArgumentException(
                    "a camera must have at least 1x1 pixels and a rate above 0 Hz but had " + rows + "x" + columns
                            + " at " + framesPerSecond + " Hz; choose rows, columns and framesPerSecond");
        }
    }

    /** Whether frames of both fit into one stream. */
    boolean fits(CameraMode other) {
        return rows == other.rows
                && columns == other.columns
                && Math.abs(framesPerSecond - other.framesPerSecond) <= SAME_RATE * framesPerSecond;
    }

    /** For example {@code 480x640 at 30 Hz}, rows first. */
    @Override
    public String toString() {
        return rows + "x" + columns + " at "
                + (framesPerSecond == Math.rint(framesPerSecond)
                        ? Long.toString((long) framesPerSecond)
                        : String.format(Locale.ROOT, "%.2f", framesPerSecond))
                + " Hz";
    }
}
