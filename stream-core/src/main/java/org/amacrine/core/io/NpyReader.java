package org.amacrine.core.io;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a NumPy array front to back, as {@code float32} values, without holding it in memory. Reads {@code float32},
 * {@code float64}, signed integers up to 8 bytes, unsigned ones up to 4, and booleans, in either byte order.
 */
public final class NpyReader implements AutoCloseable {
    private static final int BLOCK_BYTES = 1 << 16;
    private final String what;
    private final InputStream in;
    private final NpyHeader header;
    private final byte[] block;
    private final ByteBuffer buffer;
    private long valuesRead;

    private NpyReader(String what, InputStream in, long bytes) throws IOException {
        this.what = what;
        this.in = in;
        this.header = NpyHeader.read(in, what);
        long held = Math.max(0, bytes - header.length()) / header.bytesPerValue();
        if (held < header.values()) {
            throw new EOFException(endsEarly(held));
        }
        this.block = new byte[BLOCK_BYTES];
        this.buffer = ByteBuffer.wrap(block).order(header.order());
    }

    /**
     * Opens a file; throws {@link IOException} that says what is wrong with it when it is missing, empty, no array, or
     * shorter than its header claims.
     */
    public static NpyReader open(Path file) throws IOException {
        InputFiles.find(file, "an .npy file");
        long bytes = Files.size(file);
        InputStream in = new BufferedInputStream(Files.newInputStream(file), BLOCK_BYTES);
        try {
            return new NpyReader(file.toString(), in, bytes);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /** Reads from an open stream of {@code bytes} bytes, which is closed with the reader. */
    static NpyReader of(InputStream in, String what, long bytes) throws IOException {
        return new NpyReader(what, in, bytes);
    }

    /** Reads a whole small array. */
    public static NdArray readAll(Path file) throws IOException {
        try (NpyReader reader = open(file)) {
            return reader.readAll();
        }
    }

    /** Extents of the array. */
    public long[] shape() {
        return header.shape().clone();
    }

    /** Number of values in all. */
    public long values() throws IOException {
        return header.values();
    }

    /**
     * Reads the next {@code count} values. Throws {@link EOFException}, which says how many values came, when the file is
     * shorter than its header claims.
     */
    public void read(float[] into, int at, int count) throws IOException {
        int size = header.bytesPerValue();
        while (count > 0) {
            int now = Math.min(count, BLOCK_BYTES / size);
            fill(now * size);
            decode(into, at, now);
            valuesRead += now;
            at += now;
            count -= now;
        }
    }

    private void fill(int bytes) throws IOException {
        int have = in.readNBytes(block, 0, bytes);
        if (have < bytes) {
            throw new EOFException(endsEarly(valuesRead + have / header.bytesPerValue()));
        }
    }

    private String endsEarly(long held) throws IOException {
        return what + " ends after " + held + " of " + header.values() + " values; it was cut off, write it again";
    }

    private void decode(float[] into, int at, int count) {
        switch (header.type()) {
            case "f4" -> buffer.position(0).asFloatBuffer().get(into, at, count);
            case "f8" -> {
                for (int i = 0; i < count; i++) {
                    into[at + i] = (float) buffer.getDouble(8 * i);
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    into[at + i] = integer(i);
                }
            }
        }
    }

    private long integer(int i) {
        return switch (header.type()) {
            case "i8" -> buffer.getLong(8 * i);
            case "i4" -> buffer.getInt(4 * i);
            case "u4" -> Integer.toUnsignedLong(buffer.getInt(4 * i));
            case "i2" -> buffer.getShort(2 * i);
            case "u2" -> Short.toUnsignedLong(buffer.getShort(2 * i));
            case "i1" -> block[i];
            case "u1" -> Byte.toUnsignedLong(block[i]);
            default -> block[i] != 0 ? 1 : 0;
        };
    }

    /** Reads the whole array, which must not have been read from yet, in the type that holds its numbers exactly. */
    NdArray readAll() throws IOException {
        long values = header.values();
        if (values > Integer.MAX_VALUE - 8) {
            throw new IOException(what + " has " + values + " values, too many for one array; read it in parts");
        }
        int count = (int) values;
        int[] shape = new int[header.shape().length];
        for (int i = 0; i < shape.length; i++) {
            if (header.shape()[i] > Integer.MAX_VALUE) {
                throw new IOException(what + " has an extent of " + header.shape()[i] + ", too large for one array;"
                        + " read it in parts");
            }
            shape[i] = (int) header.shape()[i];
        }
        if (header.type().equals("f4")) {
            float[] data = new float[count];
            read(data, 0, count);
            return new NdArray(shape, data);
        }
        int size = header.bytesPerValue();
        double[] doubles = header.type().equals("f8") ? new double[count] : null;
        boolean[] booleans = header.type().equals("b1") ? new boolean[count] : null;
        long[] longs = doubles == null && booleans == null ? new long[count] : null;
        for (int done = 0; done < count; ) {
            int now = Math.min(count - done, BLOCK_BYTES / size);
            fill(now * size);
            for (int i = 0; i < now; i++) {
                if (doubles != null) {
                    doubles[done + i] = buffer.getDouble(8 * i);
                } else if (booleans != null) {
                    booleans[done + i] = block[i] != 0;
                } else {
                    longs[done + i] = integer(i);
                }
            }
            done += now;
            valuesRead += now;
        }
        return new NdArray(shape, doubles != null ? doubles : booleans != null ? booleans : longs);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
