package org.amacrine.core.run;

import java.util.Objects;
import org.amacrine.core.chunk.Shape;

/**
 * A signal that goes back to an input of a layer, by a fixed number of frames later: frame t of the input is frame
 * t - delayFrames of the signal. Frames before the first one, and frames that were lost, hold the initial value. What goes
 * back depends on no timing, and, because the delay is counted in frames, not on {@code dt} either.
 *
 * @param signal what goes back: {@code stage} or {@code stage.output}, of any layer or the source
 * @param delayFrames frames of delay, at least the {@code dt} of the pipeline: what a chunk needs is known before it
 * @param shape extent of a frame of the signal, which must be known before the layers around the loop are
 * @param initial all values before the first frame; NaN for missing ones, where the input takes them
 */
public record FeedbackEdge(String signal, int delayFrames, Shape shape, float initial) {
    /** The longest delay. */
    public static final int MOST_DELAY_FRAMES = 1 << 20;

    /** Checks the numbers; throws {@link IllegalArgumentException}. */
    public FeedbackEdge {
        Objects.requireNonNull(signal);
        Objects.requireNonNull(shape);
        if (delayFrames < 1 || delayFrames > MOST_DELAY_FRAMES) {
            throw new IllegalArgumentException("delayFrames must be within [1, " + MOST_DELAY_FRAMES + "] but was "
                    + delayFrames + "; give at least the dt of the pipeline");
        }
        if (Float.isInfinite(initial)) {
            throw new IllegalArgumentException(
                    "initial must be a finite number, or NaN for missing values, but was " + initial);
        }
    }

    /** The same going back from another signal. */
    FeedbackEdge from(String other) {
        return new FeedbackEdge(other, delayFrames, shape, initial);
    }

    /** For example {@code right.y0 after 100 frames}. */
    @Override
    public String toString() {
        return signal + " after " + delayFrames + " frames";
    }
}
