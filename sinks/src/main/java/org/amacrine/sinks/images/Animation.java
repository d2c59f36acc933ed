package org.amacrine.sinks.images;

import java.awt.image.BufferedImage;
import java.io.Closeable;
import java.io.IOException;

/** A file of pictures that are shown one after the other; {@link #close} completes it. */
interface Animation extends Closeable {

    /**
     * Adds a picture behind those that are there.
     *
     * @param frame index of the frame that it shows
     */
    void add(BufferedImage image, long frame) throws IOException;
}
