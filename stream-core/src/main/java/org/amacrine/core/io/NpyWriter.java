package org.amacrine.core.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Appends {@code float32} frames to a NumPy {@code .npy} file whose first extent grows. The header is brought up to date
 * with every append, so that the file can be read up to the last whole append at any moment.
 */
public final class NpyWriter implements AutoCloseable {
    /** Digits of the largest {@code long}: the padding the number of frames may grow into. */
    private static final int DIGITS = 19;

    private final FileChannel channel;
    private final int frameValues;
    private final ByteBuffer block = ByteBuffer.allocateDirect(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private final FloatBuffer floats = block.asFloatBuffer();
    private final ByteBuffer header = ByteBuffer.allocateDirect(NpyHeader.WRITTEN_LENGTH);
    private final byte[] beforeFrames;
    private final byte[] afterFrames;
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
        this.frameValues = NdArray.count(frameShape);
        this.channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        long[] shape = new long[ones + 1 + frameShape.length];
        Arrays.fill(shape, 0, ones, 1);
        for (int i = 0; i < frameShape.length; i++) {
            shape[ones + 1 + i] = frameShape[i];
        }
        byte[] empty = NpyHeader.bytes("f4", shape);
        int extent = new String(empty, StandardCharsets.ISO_8859_1).indexOf('(') + 1 + "1, ".length() * ones;
        beforeFrames = Arrays.copyOf(empty, extent);
        afterFrames = Arrays.copyOfRange(empty, extent + 1, empty.length - DIGITS);
        position = empty.length;
        try {
            writeHeader();
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Brings the number of frames in the header up to date. */
    private void writeHeader() throws IOException {
        header.clear();
        header.put(beforeFrames);
        int digits = 1;
        for (long rest = frames / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = frames;
        for (int i = header.position() + digits - 1; i >= header.position(); i--) {
            header.put(i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        header.position(header.position() + digits).put(afterFrames);
        while (header.position() < header.capacity() - 1) {
            header.put((byte) ' ');
        }
        header.put((byte) '\n').flip();
        for (long at = 0; header.hasRemaining(); ) {
            at += channel.write(header, at);
        }
    }

    /** Appends {@code frameCount} frames from {@code values}, beginning at index {@code from}. */
    public void append(float[] values, int from, int frameCount) throws IOException {
        int at = from;
        int left = Math.multiplyExact(frameCount, frameValues);
        long end = position;
        while (left > 0) {
            int now = Math.min(left, block.capacity() / Float.BYTES);
            block.clear();
            floats.clear();
            floats.put(values, at, now);
            block.limit(now * Float.BYTES);
            while (block.hasRemaining()) {
                end += channel.write(block, end);
            }
            at += now;
            left -= now;
        }
        position = end;
        frames += frameCount;
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

    /** Writes a whole array, of whatever type it is, to a {@code .npy} file, replacing it only once all is written. */
    public static void write(Path file, NdArray array) throws IOException {
        WholeFile.write(file, part -> {
            try (OutputStream out = Files.newOutputStream(part)) {
                write(out, array);
            }
        });
    }

    /** Header and values of an array. */
    static void write(OutputStream out, NdArray array) throws IOException {
        long[] shape = new long[array.shape().length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = array.shape()[i];
        }
        Object data = array.data();
        String type =
                data instanceof float[] ? "f4" : data instanceof double[] ? "f8" : data instanceof long[] ? "i8" : "b1";
        out.write(NpyHeader.bytes(type, shape));
        int perBlock = 1 << 13;
        ByteBuffer block = ByteBuffer.allocate(perBlock * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int size = array.size();
        for (int done = 0; done < size; done += perBlock) {
            block.clear();
            for (int i = done; i < Math.min(size, done + perBlock); i++) {
                if (data instanceof float[] f) {
                    block.putFloat(f[i]);
                } else if (data instanceof double[] d) {
                    block.putDouble(d[i]);
                } else if (data instanceof long[] l) {
                    block.putLong(l[i]);
                } else {
                    block.put((byte) (((boolean[]) data)[i] ? 1 : 0));
                }
            }
            out.write(block.array(), 0, block.position());
        }
    }
}
