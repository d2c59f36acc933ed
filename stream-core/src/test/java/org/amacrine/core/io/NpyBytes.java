package org.amacrine.core.io;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Puts {@code .npy} files together byte by byte, as NumPy's format description says. */
final class NpyBytes {
    private NpyBytes() {}

    /** A file of version 1: two bytes of header length. */
    static byte[] version1(String header, byte[] data) {
        byte[] length = {(byte) (header.length() + 1), (byte) ((header.length() + 1) >> 8)};
        return file((byte) 1, length, header, data);
    }

    /** A file of version 2 or 3: four bytes of header length. */
    static byte[] version(int major, String header, byte[] data) {
        int size = header.getBytes(StandardCharsets.UTF_8).length + 1;
        byte[] length = {(byte) size, (byte) (size >> 8), (byte) (size >> 16), (byte) (size >> 24)};
        return file((byte) major, length, header, data);
    }

    private static byte[] file(byte major, byte[] length, String header, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', major, 0});
        out.writeBytes(length);
        out.writeBytes(header.getBytes(StandardCharsets.UTF_8));
        out.write('\n');
        out.writeBytes(data);
        return out.toByteArray();
    }

    static String header(String descr, String shape) {
        return "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }";
    }

    static byte[] floats(ByteOrder order, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(order);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    static byte[] of(int... bytes) {
        byte[] out = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            out[i] = (byte) bytes[i];
        }
        return out;
    }
}
