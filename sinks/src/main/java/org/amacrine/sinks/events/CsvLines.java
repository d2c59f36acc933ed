package org.amacrine.sinks.events;

import java.io.IOException;
import java.io.OutputStream;

/** Builds lines of numbers in one block of bytes and sends whole lines on; allocates nothing after it was made. */
final class CsvLines implements AutoCloseable {
    private static final int BLOCK_BYTES = 1 << 16;
    private final OutputStream out;
    private final int longestLine;
    private final byte[] block;
    private int length;

    /**
     * Lines for {@code out}, which is closed with them.
     *
     * @param longestLine the most bytes a line has
     */
    CsvLines(OutputStream out, int longestLine) {
        this.out = out;
        this.longestLine = longestLine;
        this.block = new byte[Math.max(BLOCK_BYTES, 2 * longestLine)];
    }

    /** Appends one ASCII character. */
    void character(char c) {
        block[length++] = (byte) c;
    }

    /** Appends bytes as they are. */
    void bytes(byte[] text) {
        System.arraycopy(text, 0, block, length, text.length);
        length += text.length;
    }

    /** Appends a number >= 0. */
    void number(long number) {
        int digits = 1;
        for (long left = number / 10; left > 0; left /= 10) {
            digits++;
        }
        number(number, digits);
    }

    /** Appends the last {@code digits} digits of a number >= 0, with leading zeros. */
    void number(long number, int digits) {
        long left = number;
        for (int i = length + digits - 1; i >= length; i--) {
            block[i] = (byte) ('0' + left % 10);
            left /= 10;
        }
        length += digits;
    }

    /** Ends the line; sends the lines on when there may be no room for another one. */
    void endLine() throws IOException {
        character('\n');
        if (length > block.length - longestLine) {
            flush();
        }
    }

    /** Sends all lines on. */
    void flush() throws IOException {
        int count = length;
        length = 0;
        out.write(block, 0, count);
    }

    @Override
    public void close() throws IOException {
        try (out) {
            flush();
        }
    }
}
