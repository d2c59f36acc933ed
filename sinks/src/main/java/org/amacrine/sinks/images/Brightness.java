package org.amacrine.sinks.images;

/**
 * Which values are black and which are white: chosen once, or the range of each frame.
 *
 * @param automatic whether each frame uses its own smallest and largest finite value
 * @param black the value that becomes black; not used when automatic
 * @param white the value that becomes white; not used when automatic
 */
public record Brightness(boolean automatic, double black, double white) {

    /** The smallest value of each frame is black, the largest white; a frame of one value only is black. */
    public static final Brightness OF_EACH_FRAME = new Brightness(true, 0, 1);

    /** Throws {@link IllegalArgumentException} when the range is empty. */
    public Brightness {
        if (!(black < white)) {
            throw new IllegalArgumentException("min must be below max but they were " + black + " and " + white
                    + "; give the values that become black and white, for example 0 and 1");
        }
    }

    /** These values are black and white in every frame; what lies outside is clipped. */
    public static Brightness fixed(double black, double white) {
        return new Brightness(false, black, white);
    }
}
