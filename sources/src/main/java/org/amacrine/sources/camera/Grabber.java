package org.amacrine.sources.camera;

import java.io.IOException;

/**
 * One opening of a camera: what a library offers to get its pictures. Opened, asked and closed by one thread of its own,
 * {@code camera-NAME}, for any of these calls may hang for hours when a camera is lost; opened once.
 */
public interface Grabber extends AutoCloseable {

    /**
     * Opens the camera.
     *
     * @return what its pictures are like
     * @throws IOException that says what is wrong: no such camera, in use, no such mode
     */
    CameraMode open() throws IOException, InterruptedException;

    /**
     * Waits for the next picture.
     *
     * @param into receives pixels and the device's stamp
     * @return false when there is none and will be none: the camera is gone, the stream is over
     * @throws IOException when the camera is lost
     */
    boolean next(CameraPicture into) throws IOException, InterruptedException;

    /** Gives the camera back. */
    @Override
    void close() throws IOException;
}
