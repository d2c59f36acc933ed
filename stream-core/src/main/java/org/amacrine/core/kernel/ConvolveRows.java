package org.amacrine.core.kernel;

import java.util.Arrays;

/**
 * The part of a separable convolution that no backend changes: which rows are needed, how the edges are repeated, and how
 * filtered rows are kept from one block of output rows to the next. Filtered rows wait in strips of {@link #STRIP} columns,
 * each strip with its rows one after the other, so that a strip fits the nearest cache.
 *
 * <pre>
 *   x row ──pad──▶ line ──horizontal──▶ strips of CONVOLVE_ROWS + length - 1 rows ──vertical──▶ y rows
 * </pre>
 */
public final class ConvolveRows {
    private ConvolveRows() {}

    /** Columns of a strip. */
    public static final int STRIP = 64;

    /** {@code y[j] = sum_k w[last - k] x[j + k]} for j below {@code columns}. */
    @FunctionalInterface
    public interface Columns {
        /**
         * Weighs one padded row, x from index 0, into its place in all strips: y of column j is at
         * {@code yAt + j / STRIP * stripSize + j % STRIP}. The last strip may be filled beyond {@code columns}.
         */
        void weigh(float[] x, float[] y, int yAt, int stripSize, int columns, float[] w);
    }

    /** {@code y[i][j] = sum_k w[last - k] x[i + k][j]} for i below {@code rows} and j below {@code width}. */
    @FunctionalInterface
    public interface Rows {
        /** Weighs the rows of one strip; rows of x lie {@link #STRIP} apart, those of y {@code yStride}. */
        void weigh(float[] x, int xAt, float[] y, int yAt, int yStride, int rows, int width, float[] w);
    }

    /** Size of the scratch: a padded line, as long as whole strips need, and the strips. */
    static int scratchSize(int outColumns, Taps vertical, Taps horizontal) {
        int strips = strips(outColumns);
        return strips * STRIP
                + horizontal.length()
                - 1
                + strips * STRIP * (Kernels.CONVOLVE_ROWS + vertical.length() - 1);
    }

    private static int strips(int columns) {
        return (columns + STRIP - 1) / STRIP;
    }

    /** Runs {@link Kernels#convolve} with the two inner loops given. */
    public static void run(
            Columns columnsLoop,
            Rows rowsLoop,
            float[] x,
            int xAt,
            int rows,
            int columns,
            float[] y,
            int yAt,
            int outColumns,
            int fromRow,
            int toRow,
            Taps vertical,
            Taps horizontal,
            float[] scratch) {
        int lineLength = strips(outColumns) * STRIP + horizontal.length() - 1;
        int stripSize = STRIP * (Kernels.CONVOLVE_ROWS + vertical.length() - 1);
        int left = horizontal.length() - 1 - horizontal.centre();
        int above = vertical.length() - 1 - vertical.centre();
        int overlap = vertical.length() - 1;
        for (int row = fromRow; row < toRow; row += Kernels.CONVOLVE_ROWS) {
            int count = Math.min(Kernels.CONVOLVE_ROWS, toRow - row);
            int kept = row > fromRow ? overlap : 0;
            if (kept > 0) {
                for (int strip = lineLength; strip < lineLength + strips(outColumns) * stripSize; strip += stripSize) {
                    System.arraycopy(scratch, strip + Kernels.CONVOLVE_ROWS * STRIP, scratch, strip, overlap * STRIP);
                }
            }
            for (int k = kept; k < count + overlap; k++) {
                pad(x, xAt + clamp(row - above + k, rows) * columns, columns, scratch, lineLength, left);
                columnsLoop.weigh(
                        scratch, scratch, lineLength + k * STRIP, stripSize, outColumns, horizontal.weights());
            }
            for (int j = 0; j < outColumns; j += STRIP) {
                int strip = lineLength + j / STRIP * stripSize;
                int width = Math.min(STRIP, outColumns - j);
                rowsLoop.weigh(
                        scratch, strip, y, yAt + row * outColumns + j, outColumns, count, width, vertical.weights());
            }
        }
    }

    private static void pad(float[] x, int from, int columns, float[] line, int length, int left) {
        int copied = Math.min(columns, length - left);
        Arrays.fill(line, 0, left, x[from]);
        System.arraycopy(x, from, line, left, copied);
        Arrays.fill(line, left + copied, length, x[from + columns - 1]);
    }

    private static int clamp(int i, int length) {
        return Math.max(0, Math.min(length - 1, i));
    }
}
