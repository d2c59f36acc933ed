package org.amacrine.core.layer;

/** A layer could not process a frame: names the layer and the frame. */
public final class LayerException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String layer;
    private final long frame;

    /**
     * Builds the message {@code layer X at frame N: what}.
     *
     * @param layer dotted name of the layer
     * @param frame index of the frame
     * @param what what was wrong and what to do
     */
    public LayerException(String layer, long frame, String what, Throwable cause) {
        super("layer " + layer + " at frame " + frame + ": " + what, cause);
        this.layer = layer;
        this.frame = frame;
    }

    /** Dotted name of the layer. */
    public String layer() {
        return layer;
    }

    /** Index of the frame. */
    public long frame() {
        return frame;
    }
}
