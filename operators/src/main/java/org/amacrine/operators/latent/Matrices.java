package org.amacrine.operators.latent;

import java.util.Arrays;

/**
 * Matrices in double precision, row-major: products that work in one fixed order for each entry, so that a row comes out the
 * same to the bit whatever the number of rows. Each entry is one running sum of fused multiply-adds, from the first term to
 * the last.
 */
final class Matrices {
    private Matrices() {}

    /** One matrix for each width. */
    static double[][] ofWidths(int[] widths, int rows) {
        return Arrays.stream(widths).mapToObj(width -> new double[rows * width]).toArray(double[][]::new);
    }

    /**
     * {@code y = x w}, term by term: unit stride in w and y.
     *
     * @param x [rows][inner]
     * @param w [inner][columns]
     * @param y [rows][columns]
     */
    static void multiply(double[] x, double[] w, double[] y, int rows, int inner, int columns) {
        Arrays.fill(y, 0, rows * columns, 0);
        for (int n = 0; n < rows; n++) {
            int at = n * columns;
            for (int k = 0; k < inner; k++) {
                double value = x[n * inner + k];
                int row = k * columns;
                for (int j = 0; j < columns; j++) {
                    y[at + j] = Math.fma(value, w[row + j], y[at + j]);
                }
            }
        }
    }

    /**
     * {@code y = x wᵀ}: dot products of rows.
     *
     * @param x [rows][inner]
     * @param w [columns][inner]
     * @param y [rows][columns]
     */
    static void multiplyTransposed(double[] x, double[] w, double[] y, int rows, int inner, int columns) {
        for (int n = 0; n < rows; n++) {
            for (int j = 0; j < columns; j++) {
                double sum = 0;
                for (int k = 0; k < inner; k++) {
                    sum = Math.fma(x[n * inner + k], w[j * inner + k], sum);
                }
                y[n * columns + j] = sum;
            }
        }
    }

    /**
     * {@code y += aᵀ b}, row by row.
     *
     * @param a [rows][left]
     * @param b [rows][right]
     * @param y [left][right]
     */
    static void addProduct(double[] a, double[] b, double[] y, int rows, int left, int right) {
        for (int n = 0; n < rows; n++) {
            for (int i = 0; i < left; i++) {
                double value = a[n * left + i];
                int at = i * right;
                for (int j = 0; j < right; j++) {
                    y[at + j] = Math.fma(value, b[n * right + j], y[at + j]);
                }
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
