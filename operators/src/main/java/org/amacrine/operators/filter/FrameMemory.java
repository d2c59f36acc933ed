package org.amacrine.operators.filter;

/** How many frames fit into one array. */
public final class FrameMemory {
    /** Somewhat less than an array can hold: vector code reads a few values beyond the frames. */
    private static final int MOST_VALUES = Integer.MAX_VALUE - 64;

    private FrameMemory() {}

    /**
     * The length of an array of so many frames.
     *
     * @param what needs them, for messages
     * @param frames that are kept at once, chunks included
     * @param frameValues values of one of them
     * @throws IllegalArgumentException when no array is that long
     */
    public static int length(String what, long frames, long frameValues) {
        if (frames > MOST_VALUES / frameValues) {
            throw new IllegalArgumentException(what + " needs " + frames + " frames of " + frameValues
                    + " values at once, chunk and borders included, but at most " + MOST_VALUES / frameValues
                    + " fit into memory; use a shorter or smaller one, smaller frames, or chunks of fewer frames (dt)");
        }
        return Math.toIntExact(frames * frameValues);
    }
}
