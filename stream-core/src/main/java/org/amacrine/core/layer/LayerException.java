package org.amacrine.core.layer;

/** A layer could not process a frame: names the layer and the frame. */
public final class LayerException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String layer;
    private final long frame;
    private int framesDone;

    /**
     * Builds the message {@code layer X at frame N: what}.
     *
     * @param layer dotted name of the layer
     * @param frame index of the frame
     * @param what what was wrong and what to do
     */
    public LayerException(String layer, long frame, String what, Throwable cause) {
        this(layer, frame, 0, what, cause);
    }

    /**
     * The same of a layer that had computed some frames of its chunk before: these are given out.
     *
     * @param framesDone how many; its outputs hold these
     */
    public LayerException(String layer, long frame, int framesDone, String what, Throwable cause) {
        super("layer " + layer + " at frame " + frame + ": " + what, cause);
        this.layer = layer;
        this.frame = frame;
        this.framesDone = framesDone;
    }

    /** Dotted name of the layer. */
    public String layer() {
        return layer;
    }

    /** Index of the frame. */
    public long frame() {
        return frame;
    }

    /** Frames of the chunk that were computed before, and are given out; 0 when none are. */
    public int framesDone() {
        return framesDone;
    }

    /** Of a chunk that is part of a longer one: as many frames of that one were computed. */
    void framesDone(int frames) {
        framesDone = frames;
    }
}
