package org.amacrine.sources.camera;

import org.amacrine.sources.Colours;

/**
 * A picture on its way from a grabber to the source, {@code [row][column][blue, green, red]}, 8 bits each. Owned by whoever
 * holds it; a few go round and round.
 */
public final class CameraPicture {
    private final byte[] pixels;
    private long deviceNanos;
    private boolean corrupt;
    /** Monotonic host time of its arrival, and its number since the camera was opened, lost ones counted. */
    private long arrivalNanos;

    private long number;

    /** A picture of this extent. */
    public CameraPicture(int rows, int columns) {
        pixels = new byte[Math.multiplyExact(Math.multiplyExact(rows, columns), Colours.BYTES_PER_PIXEL)];
    }

    /** The pixels, to be written by the grabber. */
    public byte[] pixels() {
        return pixels;
    }

    /** Time by the device's own clock, in nanoseconds; 0 when it has none. */
    public long deviceNanos() {
        return deviceNanos;
    }

    /** Stamps the picture with the device's time. */
    public void deviceNanos(long nanos) {
        deviceNanos = nanos;
    }

    /** Whether the pixels cannot be used; the picture then counts as lost. */
    public boolean corrupt() {
        return corrupt;
    }

    /** Says whether the pixels cannot be used. */
    public void corrupt(boolean yes) {
        corrupt = yes;
    }

    long arrivalNanos() {
        return arrivalNanos;
    }

    long number() {
        return number;
    }

    void arrived(long nanos, long withNumber) {
        arrivalNanos = nanos;
        number = withNumber;
    }
}
