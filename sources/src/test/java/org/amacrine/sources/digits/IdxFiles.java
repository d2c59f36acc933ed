package org.amacrine.sources.digits;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files in MNIST's form, made by hand. */
public final class IdxFiles {
    private IdxFiles() {}

    /** Bytes of a file with these extents. */
    static byte[] bytes(int[] extents, byte... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * extents.length + values.length);
        buffer.putInt(0x800 + extents.length);
        for (int extent : extents) {
            buffer.putInt(extent);
        }
        return buffer.put(values).array();
    }

    public static Path write(Path file, int[] extents, byte... values) throws IOException {
        return Files.write(file, bytes(extents, values));
    }

    /** 0, 7, 14, … modulo 256. */
    public static byte[] ramp(int count) {
        byte[] values = new byte[count];
        for (int i = 0; i < count; i++) {
            values[i] = (byte) (7 * i);
        }
        return values;
    }
}
