package org.amacrine.sources.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.amacrine.core.chunk.Shape;

/**
 * The binary message of the dashboard's protocol, read: images (kind 1) or vectors (kind 2). See
 * {@code docs/dashboard-protocol.md} for the header. One object reads message after message; owned by the receiving thread.
 */
final class NetworkMessage {
    /** Length of the header in bytes. */
    static final int HEADER_BYTES = 56;

    static final int IMAGE = 1;
    static final int VECTORS = 2;

    private static final int MAGIC = 0xA4;
    private static final int VERSION = 1;
    private static final int U8 = 0;
    private static final int F32 = 1;
    private static final int BYTE_LEVELS = 256;

    private final int kind;
    private final Shape shape;
    /** Values of the bytes of an image. */
    private final float[] levels = new float[BYTE_LEVELS];

    private ByteBuffer bytes;
    private int payload;
    private int format;
    private long firstFrame;
    private int frames;
    private int run;

    /** A reader of messages with frames of this extent: images of one channel, or vectors {@code [dims][1][1]}. */
    NetworkMessage(int kind, Shape shape) {
        this.kind = kind;
        this.shape = shape;
    }

    /**
     * Looks at the message from the buffer's position on.
     *
     * @return what is wrong with it; null when nothing is, and only then the other methods may be used
     */
    String read(ByteBuffer message) {
        bytes = message.order(ByteOrder.LITTLE_ENDIAN);
        int start = message.position();
        if (message.remaining() < HEADER_BYTES) {
            return "it has " + message.remaining() + " bytes, less than the header's " + HEADER_BYTES;
        }
        int magic = message.get(start) & 0xff;
        int version = message.get(start + 1) & 0xff;
        if (magic != MAGIC || version != VERSION) {
            return "it begins with " + magic + ", " + version + " instead of " + MAGIC + ", " + VERSION;
        }
        if (message.get(start + 2) != kind) {
            return "it is of kind " + message.get(start + 2) + " instead of " + kind;
        }
        format = message.get(start + 3);
        int channels = Short.toUnsignedInt(message.getShort(start + 6));
        int rows = message.getInt(start + 8);
        int columns = message.getInt(start + 12);
        firstFrame = message.getLong(start + 16);
        frames = message.getInt(start + 24);
        int count = message.getInt(start + 28);
        run = message.getInt(start + 52);
        payload = start + HEADER_BYTES;
        if (format != F32 && (format != U8 || kind != IMAGE)) {
            return "format " + format + " is not known for kind " + kind;
        }
        if (channels != shape.channels() || rows != shape.rows() || columns != shape.columns()) {
            return "its frames are " + channels + "x" + rows + "x" + columns + " instead of " + shape;
        }
        if (firstFrame < 0 || frames < 1 || kind == IMAGE && frames != 1 || count != (long) frames * shape.values()) {
            return "its " + frames + " frames from " + firstFrame + " on cannot have " + count + " values";
        }
        long length = (long) count * (format == U8 ? 1 : Float.BYTES);
        if (message.remaining() - HEADER_BYTES < length) {
            return "it has " + (message.remaining() - HEADER_BYTES) + " bytes of values instead of " + length;
        }
        return format == U8 ? readLevels(message, start) : requireFinite(count);
    }

    private String readLevels(ByteBuffer message, int start) {
        float lo = message.getFloat(start + 32);
        float hi = message.getFloat(start + 36);
        if (!Float.isFinite(hi - lo) || lo > hi) {
            return "its bytes stand for " + lo + " to " + hi;
        }
        for (int i = 0; i < BYTE_LEVELS; i++) {
            levels[i] = lo + (hi - lo) * i / (BYTE_LEVELS - 1);
        }
        return null;
    }

    private String requireFinite(int count) {
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(bytes.getFloat(payload + Float.BYTES * i))) {
                return "value " + i + " is " + bytes.getFloat(payload + Float.BYTES * i);
            }
        }
        return null;
    }

    /** Index of the first frame, by the sender's count. */
    long firstFrame() {
        return firstFrame;
    }

    /** Number of frames. */
    int frames() {
        return frames;
    }

    /** Number of the sender's run. */
    int run() {
        return run;
    }

    /** Index in the buffer of the first byte behind the message. */
    int end() {
        return payload + frames * shape.values() * (format == U8 ? 1 : Float.BYTES);
    }

    /** Writes one of the frames, {@code [channel][row][column]}. */
    void copy(int frame, float[] into) {
        int size = shape.values();
        if (format == U8) {
            for (int i = 0; i < size; i++) {
                into[i] = levels[bytes.get(payload + i) & 0xff];
            }
        } else {
            int at = payload + Float.BYTES * size * frame;
            for (int i = 0; i < size; i++) {
                into[i] = bytes.getFloat(at + Float.BYTES * i);
            }
        }
    }
}
