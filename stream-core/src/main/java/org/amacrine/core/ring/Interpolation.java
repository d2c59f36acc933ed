package org.amacrine.core.ring;

/** What a model step shows when the source has another rate than the model. */
public enum Interpolation {
    /** The last frame whose time has come. */
    HOLD,
    /** A mixture of the frames before and after, by their distance in time. */
    LINEAR
}
