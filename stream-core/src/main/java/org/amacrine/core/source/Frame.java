package org.amacrine.core.source;

import org.amacrine.core.chunk.Shape;

/**
 * A slot of the ring, to be filled by a source: the values {@code [channel][row][column]} of one frame and its stamps.
 *
 * <p>Owned by the source thread until it is published.
 */
public final class Frame {
    private final Shape shape;
    private final float[] values;
    private long captureNanos;
    private long deviceNanos;
    private long framesLostBefore;
    private long index;

    /** A slot for frames of this extent. */
    public Frame(Shape shape) {
        this.shape = shape;
        this.values = new float[shape.values()];
    }

    /** Extent of the frame. */
    public Shape shape() {
        return shape;
    }

    /** The values, {@code [channel][row][column]}. */
    public float[] values() {
        return values;
    }

    /** Monotonic host time of capture, in nanoseconds; set by whoever runs the source unless the source sets it. */
    public long captureNanos() {
        return captureNanos;
    }

    /** Stamps the frame. */
    public void captureNanos(long nanos) {
        captureNanos = nanos;
    }

    /** Time of capture by the device's own clock, in nanoseconds; 0 when the device has none. */
    public long deviceNanos() {
        return deviceNanos;
    }

    /** Stamps the frame with its device's time. */
    public void deviceNanos(long nanos) {
        deviceNanos = nanos;
    }

    /** Number of frames that the source knows were lost right before this one; 0 unless it says so. */
    public long framesLostBefore() {
        return framesLostBefore;
    }

    /** Says that frames never arrived. */
    public void framesLostBefore(long count) {
        framesLostBefore = count;
    }

    /** Index of the frame in the source's stream, lost frames counted. */
    public long index() {
        return index;
    }

    /** Numbers the frame; the ring does that. */
    public void index(long value) {
        index = value;
    }

    /** Takes over everything from another frame of the same extent. */
    public void copyFrom(Frame other) {
        System.arraycopy(other.values, 0, values, 0, values.length);
        captureNanos = other.captureNanos;
        deviceNanos = other.deviceNanos;
        framesLostBefore = other.framesLostBefore;
        index = other.index;
    }
}
