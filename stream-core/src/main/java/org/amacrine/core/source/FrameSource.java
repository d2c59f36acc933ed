package org.amacrine.core.source;

import java.io.IOException;

/**
 * Where frames come from: the beginning of every pipeline. Frames are written straight into slots of the ring.
 *
 * <p>A source is opened, read and closed by one thread, {@code source-NAME}; it can be opened again after it was closed, and
 * then begins anew.
 */
public interface FrameSource extends AutoCloseable {

    /**
     * Opens the source and says what its frames are like.
     *
     * @throws IOException that says what is wrong: missing file, no permission, not such a file
     * @throws IllegalArgumentException when a setting does not fit what was found
     */
    SourceFormat open(SourceContext context) throws IOException;

    /**
     * Writes the next frame. Waits as long as there is none yet; an interrupt ends the wait.
     *
     * @param frame the slot to fill: all its values
     * @return false at the end of the stream; the slot is then unused
     * @throws IOException when the stream broke off; frames read before stay good
     */
    boolean read(Frame frame) throws IOException, InterruptedException;

    /** Gives back files and devices. */
    @Override
    void close() throws IOException;
}
