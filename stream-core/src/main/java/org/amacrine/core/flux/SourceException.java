package org.amacrine.core.flux;

/** A source could not be opened or broke off: names the source and the frame. */
public final class SourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Builds the message {@code source X at frame N: what}.
     *
     * @param source name of the source
     * @param frame index of the frame that did not come; -1 when the source could not be opened
     */
    public SourceException(String source, long frame, Throwable cause) {
        super(
                "source " + source + (frame < 0 ? "" : " at frame " + frame) + ": "
                        + (cause.getMessage() == null ? cause.toString() : cause.getMessage()),
                cause);
    }
}
