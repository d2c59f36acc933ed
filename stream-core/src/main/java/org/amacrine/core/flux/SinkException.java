package org.amacrine.core.flux;

/** A sink could not be opened, could not take a chunk, or could not be closed: names the sink and the frame. */
public final class SinkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Builds the message {@code sink X at frame N: what}.
     *
     * @param sink name of the sink
     * @param frame index of the first frame of the chunk; -1 when the sink could not be opened
     */
    public SinkException(String sink, long frame, Throwable cause) {
        super(
                "sink " + sink + (frame < 0 ? "" : " at frame " + frame) + ": "
                        + (cause.getMessage() == null ? cause.toString() : cause.getMessage()),
                cause);
    }
}
