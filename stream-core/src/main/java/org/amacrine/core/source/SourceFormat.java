package org.amacrine.core.source;

import org.amacrine.core.chunk.Shape;

/**
 * What a source's frames are like.
 *
 * @param shape extent of a frame
 * @param framesPerSecond rate of the frames, in hertz; 0 when the source makes one frame for each model step
 * @param frames number of frames in all; -1 when there is no end or it is not known
 * @param live whether frames come when the world sends them, so that nobody else sets the pace
 */
public record SourceFormat(Shape shape, double framesPerSecond, long frames, boolean live) {

    /** Throws {@link IllegalArgumentException} for a negative or infinite rate. */
    public SourceFormat {
        if (!(framesPerSecond >= 0) || Double.isInfinite(framesPerSecond)) {
            throw new IllegalArgumentException("framesPerSecond must be >= 0 but was " + framesPerSecond
                    + "; 0 means one frame for each model step");
        }
    }

    /** One frame for each model step, without end. */
    public static SourceFormat endless(Shape shape) {
        return new SourceFormat(shape, 0, -1, false);
    }

    /** One frame for each model step, {@code frames} in all. */
    public static SourceFormat of(Shape shape, long frames) {
        return new SourceFormat(shape, 0, frames, false);
    }
}
