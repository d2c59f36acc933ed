package org.amacrine.core.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Appends {@code float32} frames to a NumPy {@code .npy} file whose first extent grows. The header is brought up to date
 * with every append, so that the file can be read up to the last whole append at any moment.
 */
public final class NpyWriter implements AutoCloseable {
    private final FileChannel channel;
    private final int ones;
    private final int[] frameShape;
    private final int frameValues;
    private final ByteBuffer block = ByteBuffer.allocateDirect(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private long frames;
    private long position;

    /**
     * Creates the file, or empties it.
     *
     * @param file where to write
     * @param frameShape extents after the first; empty for one number per frame
     */
    public NpyWriter(Path file, int... frameShape) throws IOException {
        this(file, 0, frameShape);
    }

    /**
     * Creates the file, or empties it.
     *
     * @param file where to write
     * @param ones number of extents of 1 before that of the frames
     * @param frameShape extents after that of the frames
     */
    public NpyWriter(Path file, int ones, int[] frameShape) throws IOException {
        this.ones = ones;
        this.frameShape = frameShape.clone();
        this.frameValues = NdArray.count(frameShape);
        this.channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        try {
            writeHeader();
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        position = header().length;
    }

    private byte[] header() {
        long[] shape = new long[ones + 1 + frameShape.length];
        Arrays.fill(shape, 0, ones, 1);
        shape[ones] = frames;
        for (int i = 0; i < frameShape.length; i++) {
            shape[ones + 1 + i] = frameShape[i];
        }
        return NpyHeader.bytes("f4", shape);
    }

    private void writeHeader() throws IOException {
        ByteBuffer header = ByteBuffer.wrap(header());
        for (long at = 0; header.hasRemaining(); ) {
            at += channel.write(header, at);
        }
    }

    /** Appends {@code count} frames from {@code values}, beginning at index {@code at}. */
    public void append(float[] values, int at, int count) throws IOException {
        int left = Math.multiplyExact(count, frameValues);
        long end = position;
        while (left > 0) {
            int now = Math.min(left, block.capacity() / Float.BYTES);
            block.clear();
            block.asFloatBuffer().put(values, at, now);
            block.limit(now * Float.BYTES);
            while (block.hasRemaining()) {
                end += channel.write(block, end);
            }
            at += now;
            left -= now;
        }
        position = end;
        frames += count;
        writeHeader();
    }

    /** Number of frames written. */
    public long frames() {
        return frames;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
