package org.amacrine.core.io;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a NumPy array front to back in C order, as {@code float32} values, without holding it in memory. Reads
 * {@code float16}, {@code float32}, {@code float64}, signed integers up to 8 bytes, unsigned ones up to 4, and booleans, in
 * either byte order. An array in Fortran order is read whole, and put in C order, when the first value is asked for.
 */
public final class NpyReader implements AutoCloseable {
    private static final int BLOCK_BYTES = 1 << 16;
    private final String what;
    private final InputStream in;
    private final NpyHeader header;
    private final byte[] block;
    private final ByteBuffer buffer;
    private long valuesRead;
    /** The whole of an array in Fortran order, in C order; null before the first value is asked for. */
    private float[] ordered;

    private int orderedRead;

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
     * shorter than its header claims, and {@link IOException} when it is in Fortran order and too large for the memory of one
     * Java array.
     */
    public void read(float[] into, int at, int count) throws IOException {
        if (!header.isFortran()) {
            readOn(into, at, count);
            return;
        }
        if (ordered == null) {
            ordered = inOrder();
        }
        System.arraycopy(ordered, orderedRead, into, at, count);
        orderedRead += count;
    }

    /** All values of an array in Fortran order, in C order. */
    private float[] inOrder() throws IOException {
        FortranOrder order = new FortranOrder(smallShape());
        float[] values = new float[(int) header.values()];
        float[] some = new float[Math.min(values.length, BLOCK_BYTES)];
        for (int done = 0; done < values.length; done += some.length) {
            int now = Math.min(some.length, values.length - done);
            readOn(some, 0, now);
            for (int i = 0; i < now; i++) {
                values[order.next()] = some[i];
            }
        }
        return values;
    }

    /** The next values as they lie in the file. */
    private void readOn(float[] into, int at, int count) throws IOException {
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
            case "f2" -> {
                for (int i = 0; i < count; i++) {
                    into[at + i] = half(buffer.getShort(2 * i));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    into[at + i] = integer(i);
                }
            }
        }
    }

    /** The number that these 16 bits mean (IEEE 754 binary16): sign, 5 bits of exponent, 10 of fraction. */
    private static float half(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            return Math.copySign(fraction * 0x1p-24f, Float.intBitsToFloat(sign | 0x3f800000));
        }
        // 127 - 15: the exponents' zeros; all ones stay all ones, for infinity and NaN.
        int wide = exponent == 0x1f ? 0xff : exponent + 112;
        return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
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
        int[] shape = smallShape();
        int count = (int) header.values();
        if (header.type().equals("f4") || header.type().equals("f2")) {
            float[] data = new float[count];
            read(data, 0, count);
            return new NdArray(shape, data);
        }
        int size = header.bytesPerValue();
        double[] doubles = header.type().equals("f8") ? new double[count] : null;
        boolean[] booleans = header.type().equals("b1") ? new boolean[count] : null;
        long[] longs = doubles == null && booleans == null ? new long[count] : null;
        FortranOrder order = new FortranOrder(shape);
        for (int done = 0; done < count; ) {
            int now = Math.min(count - done, BLOCK_BYTES / size);
            fill(now * size);
            for (int i = 0; i < now; i++) {
                int to = header.isFortran() ? order.next() : done + i;
                if (doubles != null) {
                    doubles[to] = buffer.getDouble(8 * i);
                } else if (booleans != null) {
                    booleans[to] = block[i] != 0;
                } else {
                    longs[to] = integer(i);
                }
            }
            done += now;
            valuesRead += now;
        }
        return new NdArray(shape, doubles != null ? doubles : booleans != null ? booleans : longs);
    }

    /** The extents; throws {@link IOException} when one Java array cannot hold the values. */
    private int[] smallShape() throws IOException {
        long values = header.values();
        if (values > Integer.MAX_VALUE - 8) {
            throw new IOException(what + " has " + values + " values, too many for one array; "
                    + (header.isFortran() ? "save it with numpy.ascontiguousarray(array)" : "read it in parts"));
        }
        int[] shape = new int[header.shape().length];
        for (int i = 0; i < shape.length; i++) {
            if (header.shape()[i] > Integer.MAX_VALUE) {
                throw new IOException(what + " has an extent of " + header.shape()[i] + ", too large for one array;"
                        + " read it in parts");
            }
            shape[i] = (int) header.shape()[i];
        }
        return shape;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
