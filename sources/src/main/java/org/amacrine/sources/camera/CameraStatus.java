package org.amacrine.sources.camera;

/**
 * How a camera is, since it was opened.
 *
 * @param frames frames that it gave
 * @param lost frames that are missing among them, for whatever reason
 * @param corrupt those of the lost that came damaged
 * @param overrun those of the lost that came while the pipeline had no room for them
 * @param reopened how often it was lost and found again
 * @param abandoned threads that hang in the camera's library now
 * @param connected whether it is open now
 * @param lastError why it was lost last; null when it never was
 */
public record CameraStatus(
        long frames,
        long lost,
        long corrupt,
        long overrun,
        long reopened,
        int abandoned,
        boolean connected,
        String lastError) {}
