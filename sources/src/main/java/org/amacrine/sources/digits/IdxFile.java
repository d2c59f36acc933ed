package org.amacrine.sources.digits;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.amacrine.core.io.InputFiles;

/**
 * A file of bytes in the form of the MNIST database (LeCun, Cortes and Burges), plain or compressed with gzip:
 *
 * <pre>
 *   0  0  8  number of axes  │  extent of each axis, 4 bytes, big-endian  │  the bytes, last axis fastest
 * </pre>
 *
 * @param extents extents of the axes
 * @param bytes the values, 0 to 255
 */
record IdxFile(int[] extents, byte[] bytes) {
    private static final int GZIP = 0x1f8b;
    private static final int UNSIGNED_BYTES = 8;
    private static final int MOST_AXES = 8;

    /**
     * Reads a file.
     *
     * @param axes how many axes it must have
     * @param kind what it should be, for messages
     * @throws IOException when it is missing, of another form, cut off, or too long
     */
    static IdxFile read(Path file, int axes, String kind) throws IOException {
        InputFiles.require(file, kind);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return read(new DataInputStream(unpacked(in)), file, axes, kind);
        } catch (EOFException e) {
            throw new IOException(file + " is cut off; get it again", e);
        } catch (ZipException e) {
            throw new IOException(file + " cannot be unpacked: " + e.getMessage() + "; get it again", e);
        }
    }

    private static InputStream unpacked(InputStream in) throws IOException {
        in.mark(2);
        int magic = in.read() << Byte.SIZE | in.read();
        in.reset();
        return magic == GZIP ? new BufferedInputStream(new GZIPInputStream(in)) : in;
    }

    private static IdxFile read(DataInputStream in, Path file, int axes, String kind) throws IOException {
        int magic = in.readInt();
        int found = magic & 0xff;
        if (magic >>> 16 != 0 || (magic >>> Byte.SIZE & 0xff) != UNSIGNED_BYTES || found == 0 || found > MOST_AXES) {
            throw new IOException(file + " is no file of bytes in MNIST's form: it begins with "
                    + String.format("%08x", magic) + " instead of " + String.format("%08x", 0x800 + axes) + "; give "
                    + kind);
        }
        if (found != axes) {
            throw new IOException(file + " has " + found + " axes but " + axes + " are needed; give " + kind);
        }
        int[] extents = new int[axes];
        long count = 1;
        for (int i = 0; i < axes; i++) {
            extents[i] = in.readInt();
            count = extents[i] < 1 ? 0 : count * extents[i];
            if (count < 1 || count > Integer.MAX_VALUE - Long.BYTES) {
                throw new IOException(file + " says that its extents are "
                        + Arrays.toString(Arrays.copyOf(extents, i + 1)) + ", which cannot be; get it again");
            }
        }
        byte[] bytes = in.readNBytes((int) count);
        if (bytes.length < count) {
            throw new EOFException();
        }
        if (in.read() >= 0) {
            throw new IOException(file + " goes on behind the " + count + " values of its header; get it again");
        }
        return new IdxFile(extents, bytes);
    }

    /** A value, 0 to 255. */
    int at(int index) {
        return bytes[index] & 0xff;
    }
}
