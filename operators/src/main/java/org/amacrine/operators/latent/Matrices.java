package org.amacrine.operators.latent;

import java.util.Arrays;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.ScalarKernels;

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

    /** {@code y = x w} for x of [rows][inner] and w of [inner][columns]. */
    static void multiply(double[] x, double[] w, double[] y, int rows, int inner, int columns) {
        multiply(ScalarKernels.INSTANCE, x, 0, w, y, rows, inner, columns);
    }

    /** The same by these kernels, with x from a row on. */
    static void multiply(
            Kernels kernels, double[] x, int xRow, double[] w, double[] y, int rows, int inner, int columns) {
        Arrays.fill(y, 0, rows * columns, 0);
        kernels.addProduct(x, xRow * inner, inner, 1, w, 0, columns, y, 0, columns, rows, inner, columns);
    }

    /** {@code y = x wᵀ}; see {@link org.amacrine.core.kernel.Kernels#multiplyTransposed}. */
    static void multiplyTransposed(double[] x, double[] w, double[] y, int rows, int inner, int columns) {
        ScalarKernels.INSTANCE.multiplyTransposed(x, 0, w, y, 0, rows, inner, columns);
    }

    /** {@code y += aᵀ b} for a of [rows][left] and b of [rows][right]. */
    static void addProduct(double[] a, double[] b, double[] y, int rows, int left, int right) {
        addProduct(ScalarKernels.INSTANCE, a, 0, b, y, rows, left, right);
    }

    /** The same by these kernels, with a from a row on. */
    static void addProduct(
            Kernels kernels, double[] a, int aRow, double[] b, double[] y, int rows, int left, int right) {
        kernels.addProduct(a, aRow * left, 1, left, b, 0, right, y, 0, right, left, rows, right);
    }

    /** {@code y += x}. */
    static void add(double[] x, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] += x[i];
        }
    }

    /** {@code y = xᵀ} for x of [rows][columns], some rows of x. */
    static void transpose(double[] x, double[] y, int rows, int columns, int from, int to) {
        for (int i = from; i < to; i++) {
            for (int j = 0; j < columns; j++) {
                y[j * rows + i] = x[i * columns + j];
            }
        }
    }

    /** {@code y += xᵀ} for x of [rows][columns], some columns of x. */
    static void addTransposed(double[] x, double[] y, int rows, int columns, int from, int to) {
        for (int j = from; j < to; j++) {
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
