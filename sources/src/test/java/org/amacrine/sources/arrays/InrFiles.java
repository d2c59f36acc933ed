package org.amacrine.sources.arrays;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** INRIMAGE-4 files, made by hand. */
public final class InrFiles {
    private InrFiles() {}

    /** A header of 256 bytes with these lines. */
    static byte[] header(String... lines) {
        StringBuilder text = new StringBuilder("#INRIMAGE-4#{\n");
        for (String line : lines) {
            text.append(line).append('\n');
        }
        while (text.length() < 252) {
            text.append('\n');
        }
        return (text + "##}\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** A file as the reference writes it. */
    public static Path write(Path file, int x, int y, int z, int v, double... values) throws IOException {
        byte[] header =
                header("XDIM=" + x, "YDIM=" + y, "ZDIM=" + z, "VDIM=" + v, "TYPE=float", "PIXSIZE=64 bits", "CPU=decm");
        ByteBuffer bytes = ByteBuffer.allocate(256 + 8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(header);
        for (double value : values) {
            bytes.putDouble(value);
        }
        return Files.write(file, bytes.array());
    }
}
