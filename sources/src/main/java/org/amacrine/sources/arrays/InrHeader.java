package org.amacrine.sources.arrays;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.amacrine.core.chunk.Shape;

/**
 * What the 256 bytes at the beginning of an INRIMAGE-4 file say:
 *
 * <pre>
 *   #INRIMAGE-4#{
 *   XDIM=rows  YDIM=columns  ZDIM=planes  VDIM=frames      each on a line of its own, in any order
 *   TYPE=float PIXSIZE=64 bits CPU=decm                    the same; floats of 32 or 64 bits, or fixed of 8 or 16
 *   #FRAMES=VDIM                                           which key counts the frames, where the file says so
 *   (empty lines)
 *   ##}
 * </pre>
 *
 * <p>Each frame has the planes one after the other, rows slower than columns. With one frame, its planes are the frames, unless
 * {@code #FRAMES=VDIM} says that they are channels.
 *
 * <p>Follows the reference: the rows are XDIM, and frames are counted by VDIM, which means other things elsewhere. Differs
 * from it: the planes of a frame are its channels, where it leaves all but the first one out.
 *
 * @param shape extent of a frame
 * @param frames number of frames
 * @param type of a value
 * @param order of the bytes of a value
 */
record InrHeader(Shape shape, long frames, Type type, ByteOrder order) {
    /** Bytes before the first frame. */
    static final int SIZE = 256;

    private static final String BEGIN = "#INRIMAGE-4#{";
    private static final String END = "##}";

    /** How a value is stored. */
    enum Type {
        FLOAT32(4, "float", 32),
        FLOAT64(8, "float", 64),
        UNSIGNED8(1, "unsigned fixed", 8),
        UNSIGNED16(2, "unsigned fixed", 16),
        SIGNED8(1, "signed fixed", 8),
        SIGNED16(2, "signed fixed", 16);

        private final int bytes;
        private final String word;
        private final int bits;

        Type(int bytes, String word, int bits) {
            this.bytes = bytes;
            this.word = word;
            this.bits = bits;
        }

        /** Reads a whole buffer into as many values. */
        void read(ByteBuffer buffer, float[] values) {
            for (int i = 0; i < values.length; i++) {
                int at = i * bytes;
                values[i] = switch (this) {
                    case FLOAT32 -> buffer.getFloat(at);
                    case FLOAT64 -> (float) buffer.getDouble(at);
                    case UNSIGNED8 -> buffer.get(at) & 0xff;
                    case UNSIGNED16 -> buffer.getShort(at) & 0xffff;
                    case SIGNED8 -> buffer.get(at);
                    case SIGNED16 -> buffer.getShort(at);
                };
            }
        }
    }

    /** Reads it; throws {@link IOException} when it is none, or says what cannot be read. */
    static InrHeader read(InputStream in, Path file) throws IOException {
        String text = new String(in.readNBytes(SIZE), StandardCharsets.ISO_8859_1);
        if (!text.startsWith(BEGIN)) {
            throw new IOException(
                    file + " is no INRIMAGE-4 file: it does not begin with " + BEGIN + "; check what wrote it");
        }
        if (text.length() < SIZE || !text.stripTrailing().endsWith(END)) {
            throw new IOException(
                    file + " has no header of " + SIZE + " bytes that ends with " + END + "; check what wrote it");
        }
        Map<String, String> keys = new HashMap<>();
        for (String line : text.substring(BEGIN.length()).split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                keys.put(
                        line.substring(0, equals).strip(),
                        line.substring(equals + 1).strip());
            }
        }
        int rows = extent(keys, "XDIM", file);
        int columns = extent(keys, "YDIM", file);
        int planes = extent(keys, "ZDIM", file);
        int frames = extent(keys, "VDIM", file);
        boolean planesAreFrames =
                frames == 1 && !keys.getOrDefault("#FRAMES", "").equals("VDIM");
        Type type = type(keys, file);
        int channels = planesAreFrames ? 1 : planes;
        int most = Math.min(Shape.MAX_VALUES, (Integer.MAX_VALUE - Long.BYTES) / type.bytes);
        if ((double) channels * rows * columns > most) {
            throw new IOException(file + " says that a frame is " + channels + "x" + rows + "x" + columns
                    + " but it may have at most " + most + " values; check what wrote it, or write smaller frames");
        }
        return new InrHeader(
                new Shape(channels, rows, columns), planesAreFrames ? planes : frames, type, order(keys, file));
    }

    private static int extent(Map<String, String> keys, String key, Path file) throws IOException {
        String value = keys.getOrDefault(key, "1");
        if (!value.matches("[0-9]{1,9}") || Integer.parseInt(value) < 1) {
            throw new IOException(file + " has " + key + "=" + value + " but it must be a whole number from 1 on;"
                    + " a file that was not closed has none yet");
        }
        return Integer.parseInt(value);
    }

    private static Type type(Map<String, String> keys, Path file) throws IOException {
        String word = keys.getOrDefault("TYPE", "");
        String size = keys.getOrDefault("PIXSIZE", "");
        for (Type type : Type.values()) {
            if (type.word.equals(word) && size.equals(type.bits + " bits")) {
                return type;
            }
        }
        throw new IOException(file + " has TYPE=" + word + " and PIXSIZE=" + size
                + " but only float of 32 or 64 bits, and unsigned or signed fixed of 8 or 16, can be read");
    }

    private static ByteOrder order(Map<String, String> keys, Path file) throws IOException {
        String cpu = keys.getOrDefault("CPU", "");
        return switch (cpu) {
            case "decm", "alpha", "pc" -> ByteOrder.LITTLE_ENDIAN;
            case "sun", "sgi" -> ByteOrder.BIG_ENDIAN;
            default ->
                throw new IOException(file + " has CPU=" + cpu
                        + " but only decm, alpha, pc, sun and sgi are known; convert the file");
        };
    }

    /** Bytes of a frame. */
    int frameBytes() {
        return Math.multiplyExact(shape.values(), type.bytes);
    }
}
