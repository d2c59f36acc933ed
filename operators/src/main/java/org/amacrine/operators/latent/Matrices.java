package org.amacrine.operators.latent;

import java.util.Arrays;

/**
 * Matrices in double precision, row-major: products that work in one fixed order for each entry, so that a row comes out the
 * same to the bit whatever the number of rows. All by fused multiply-adds; loops are cut so that the compiler finds vector
 * lanes, or eight independent sums, in them.
 */
final class Matrices {
    private Matrices() {}

    /** One matrix for each width. */
    static double[][] ofWidths(int[] widths, int rows) {
        return Arrays.stream(widths).mapToObj(width -> new double[rows * width]).toArray(double[][]::new);
    }

    /**
     * {@code y = x w}, each entry a running sum from the first term to the last: unit stride in w and y.
     *
     * @param x [rows][inner]
     * @param w [inner][columns]
     * @param y [rows][columns]
     */
    static void multiply(double[] x, double[] w, double[] y, int rows, int inner, int columns) {
        Arrays.fill(y, 0, rows * columns, 0);
        for (int n = 0; n < rows; n++) {
            int k = 0;
            for (; k + 4 <= inner; k += 4) {
                int at = n * inner + k;
                addRows(x[at], x[at + 1], x[at + 2], x[at + 3], w, k * columns, columns, columns, y, n * columns);
            }
            for (; k < inner; k++) {
                addRow(x[n * inner + k], w, k * columns, columns, y, n * columns);
            }
        }
    }

    /**
     * {@code y = x wᵀ}: dot products of rows, each by eight sums over the columns modulo 8, then pairs.
     *
     * @param x [rows][inner]
     * @param w [columns][inner]
     * @param y [rows][columns]
     */
    static void multiplyTransposed(double[] x, double[] w, double[] y, int rows, int inner, int columns) {
        for (int n = 0; n < rows; n++) {
            for (int j = 0; j < columns; j++) {
                y[n * columns + j] = dot(x, n * inner, w, j * inner, inner);
            }
        }
    }

    /** Dot product by eight sums over the index modulo 8, then pairs. */
    static double dot(double[] a, int aAt, double[] b, int bAt, int count) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int i = 0;
        for (; i + 8 <= count; i += 8) {
            s0 = Math.fma(a[aAt + i], b[bAt + i], s0);
            s1 = Math.fma(a[aAt + i + 1], b[bAt + i + 1], s1);
            s2 = Math.fma(a[aAt + i + 2], b[bAt + i + 2], s2);
            s3 = Math.fma(a[aAt + i + 3], b[bAt + i + 3], s3);
            s4 = Math.fma(a[aAt + i + 4], b[bAt + i + 4], s4);
            s5 = Math.fma(a[aAt + i + 5], b[bAt + i + 5], s5);
            s6 = Math.fma(a[aAt + i + 6], b[bAt + i + 6], s6);
            s7 = Math.fma(a[aAt + i + 7], b[bAt + i + 7], s7);
        }
        for (; i < count; i++) {
            s0 = Math.fma(a[aAt + i], b[bAt + i], s0);
        }
        return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
    }

    /**
     * {@code y += aᵀ b}, row by row.
     *
     * @param a [rows][left]
     * @param b [rows][right]
     * @param y [left][right]
     */
    static void addProduct(double[] a, double[] b, double[] y, int rows, int left, int right) {
        int n = 0;
        for (; n + 4 <= rows; n += 4) {
            for (int i = 0; i < left; i++) {
                int at = n * left + i;
                addRows(
                        a[at],
                        a[at + left],
                        a[at + 2 * left],
                        a[at + 3 * left],
                        b,
                        n * right,
                        right,
                        right,
                        y,
                        i * right);
            }
        }
        for (; n < rows; n++) {
            for (int i = 0; i < left; i++) {
                addRow(a[n * left + i], b, n * right, right, y, i * right);
            }
        }
    }

    /** Adds four rows with their factors, one after the other. */
    private static void addRows(
            double f0,
            double f1,
            double f2,
            double f3,
            double[] x,
            int xAt,
            int stride,
            int count,
            double[] y,
            int yAt) {
        int x1 = xAt + stride;
        int x2 = x1 + stride;
        int x3 = x2 + stride;
        for (int j = 0; j < count; j++) {
            double sum = Math.fma(f0, x[xAt + j], y[yAt + j]);
            sum = Math.fma(f1, x[x1 + j], sum);
            sum = Math.fma(f2, x[x2 + j], sum);
            y[yAt + j] = Math.fma(f3, x[x3 + j], sum);
        }
    }

    private static void addRow(double factor, double[] x, int xAt, int count, double[] y, int yAt) {
        for (int j = 0; j < count; j++) {
            y[yAt + j] = Math.fma(factor, x[xAt + j], y[yAt + j]);
        }
    }

    /** {@code y = xᵀ} for x of [rows][columns]. */
    static void transpose(double[] x, double[] y, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                y[j * rows + i] = x[i * columns + j];
            }
        }
    }

    /** {@code y += xᵀ} for x of [rows][columns]. */
    static void addTransposed(double[] x, double[] y, int rows, int columns) {
        for (int j = 0; j < columns; j++) {
            for (int i = 0; i < rows; i++) {
                y[j * rows + i] += x[i * columns + j];
            }
        }
    }

    /** Puts the columns of all groups side by side. */
    static void join(double[][] groups, int[] widths, int rows, double[] whole) {
        int total = Widths.sum(widths);
        int at = 0;
        for (int g = 0; g < widths.length; g++) {
            for (int n = 0; n < rows; n++) {
                System.arraycopy(groups[g], n * widths[g], whole, n * total + at, widths[g]);
            }
            at += widths[g];
        }
    }

    /** Cuts columns into consecutive groups. */
    static void cut(double[] whole, int[] widths, int rows, double[][] groups) {
        int total = Widths.sum(widths);
        int at = 0;
        for (int g = 0; g < widths.length; g++) {
            for (int n = 0; n < rows; n++) {
                System.arraycopy(whole, n * total + at, groups[g], n * widths[g], widths[g]);
            }
            at += widths[g];
        }
    }
}
