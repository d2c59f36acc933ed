package org.amacrine.sinks.dashboard;

import io.netty.buffer.ByteBuf;

/** The first bytes of a binary message: what it carries. See {@code docs/dashboard-protocol.md}. */
final class BinaryHeader {
    /** Length in bytes. */
    static final int LENGTH = 56;

    static final int VERSION = 1;
    static final int IMAGE = 1;
    static final int SERIES = 2;
    static final int EVENTS = 3;

    private static final int MAGIC = 0xA4;

    private BinaryHeader() {}

    /**
     * What a payload is.
     *
     * @param kind {@link #IMAGE}, {@link #SERIES} or {@link #EVENTS}
     * @param format number of the format
     * @param channels number of probes; 1 for images and events
     * @param rows extent of an image
     * @param columns extent of an image, or number of cells
     * @param firstFrame index of the first frame
     * @param frames number of frames
     * @param count number of values or events
     * @param lo least value, or what 0 stands for
     * @param hi greatest value, or what 255 stands for
     * @param captureNanos when the newest frame was captured
     * @param run number of the run
     */
    record Content(
            int kind,
            int format,
            int channels,
            int rows,
            int columns,
            long firstFrame,
            int frames,
            int count,
            float lo,
            float hi,
            long captureNanos,
            int run) {}

    /** Writes the header of a message for one viewer. */
    static void write(ByteBuf out, Content content, int stream, long dropped, long nowNanos) {
        out.writeByte(MAGIC);
        out.writeByte(VERSION);
        out.writeByte(content.kind);
        out.writeByte(content.format);
        out.writeShortLE(stream);
        out.writeShortLE(content.channels);
        out.writeIntLE(content.rows);
        out.writeIntLE(content.columns);
        out.writeLongLE(content.firstFrame);
        out.writeIntLE(content.frames);
        out.writeIntLE(content.count);
        out.writeFloatLE(content.lo);
        out.writeFloatLE(content.hi);
        out.writeDoubleLE(content.captureNanos == 0 ? 0 : Math.max(0, nowNanos - content.captureNanos) * 1e-6);
        out.writeIntLE((int) Math.min(dropped, Integer.MAX_VALUE));
        out.writeIntLE(content.run);
    }
}
