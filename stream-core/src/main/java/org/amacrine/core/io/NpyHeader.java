package org.amacrine.core.io;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The header of a NumPy {@code .npy} file, versions 1 to 3.
 *
 * <pre>
 *   \x93NUMPY │ major │ minor │ length (2 or 4 bytes, little-endian) │ {'descr': '&lt;f4', 'fortran_order': False, 'shape': (2, 3), } │ data …
 * </pre>
 *
 * @param type letter and byte count of the numbers, for example {@code f4}
 * @param order byte order of the numbers
 * @param isFortran whether the values lie in Fortran order: the first index changes fastest
 * @param shape extents
 * @param length bytes before the data
 */
record NpyHeader(String type, ByteOrder order, boolean isFortran, long[] shape, long length) {
    private static final Set<String> READABLE =
            Set.of("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "b1");
    private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([<>|=]?)([a-zA-Z]\\d*)'");
    private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([^)]*)\\)");
    /** Python 2 wrote an L behind its long integers. */
    private static final Pattern EXTENT = Pattern.compile("(\\d{1,18})L?");

    static final int WRITTEN_LENGTH = 128;

    int bytesPerValue() {
        return type.charAt(1) - '0';
    }

    /** Number of values; throws {@link IOException} when it does not fit a {@code long}. */
    long values() throws IOException {
        try {
            long values = 1;
            for (long extent : shape) {
                values = Math.multiplyExact(values, extent);
            }
            return values;
        } catch (ArithmeticException e) {
            throw new IOException("the header claims more values than can be counted; the file is damaged", e);
        }
    }

    static NpyHeader read(InputStream in, String what) throws IOException {
        DataInputStream data = new DataInputStream(in);
        byte[] magic = new byte[8];
        try {
            data.readFully(magic);
        } catch (EOFException e) {
            throw new IOException(
                    what + " is not an .npy file: it ends inside the header; write it with numpy.save", e);
        }
        if ((magic[0] & 0xff) != 0x93 || !new String(magic, 1, 5, StandardCharsets.US_ASCII).equals("NUMPY")) {
            throw new IOException(
                    what + " is not an .npy file: it does not begin with \\x93NUMPY; write it with numpy.save");
        }
        String text;
        long length;
        try {
            length = magic[6] == 1
                    ? Short.toUnsignedLong(Short.reverseBytes(data.readShort()))
                    : Integer.toUnsignedLong(Integer.reverseBytes(data.readInt()));
            if (length > 1 << 20) {
                throw new IOException(what + " has a header of " + length + " bytes; the file is damaged");
            }
            byte[] header = new byte[(int) length];
            data.readFully(header);
            text = new String(header, StandardCharsets.UTF_8);
        } catch (EOFException e) {
            throw new IOException(
                    what + " is not an .npy file: it ends inside the header; write it with numpy.save", e);
        }
        Matcher descr = DESCR.matcher(text);
        Matcher fortran = FORTRAN.matcher(text);
        Matcher shape = SHAPE.matcher(text);
        if (!descr.find() || !fortran.find() || !shape.find()) {
            throw new IOException(what + " has an array type that cannot be read: " + text.strip()
                    + "; save plain numbers, for example array.astype('float32')");
        }
        String type = descr.group(2);
        if (!READABLE.contains(type)) {
            throw new IOException(what + " holds numbers of type '" + descr.group(1) + type
                    + "', which cannot be read; save it with array.astype('float32')");
        }
        long[] extents = extents(shape.group(1), what);
        // Of one axis the order means nothing.
        boolean isFortran = fortran.group(1).equals("True") && extents.length > 1;
        ByteOrder order = descr.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return new NpyHeader(type, order, isFortran, extents, length + (magic[6] == 1 ? 10 : 12));
    }

    private static long[] extents(String shape, String what) throws IOException {
        List<Long> extents = new ArrayList<>();
        for (String part : shape.split(",")) {
            if (part.isBlank()) {
                continue;
            }
            Matcher extent = EXTENT.matcher(part.strip());
            if (!extent.matches()) {
                throw new IOException(what + " has the shape (" + shape + "), which is none; the file is damaged");
            }
            extents.add(Long.parseLong(extent.group(1)));
        }
        return extents.stream().mapToLong(Long::longValue).toArray();
    }

    /** The header as {@value #WRITTEN_LENGTH} bytes. */
    static byte[] bytes(String type, long... shape) {
        StringBuilder text = new StringBuilder("{'descr': '");
        text.append(type.equals("b1") ? '|' : '<').append(type).append("', 'fortran_order': False, 'shape': (");
        text.append(LongStream.of(shape).mapToObj(Long::toString).collect(Collectors.joining(", ")));
        text.append(shape.length == 1 ? ",), }" : "), }");
        text.append(" ".repeat(WRITTEN_LENGTH - 11 - text.length())).append('\n');
        byte[] out = new byte[WRITTEN_LENGTH];
        byte[] magic = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) (WRITTEN_LENGTH - 10), 0};
        System.arraycopy(magic, 0, out, 0, magic.length);
        byte[] body = text.toString().getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(body, 0, out, magic.length, body.length);
        return out;
    }
}
