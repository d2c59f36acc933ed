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
        multiply(ScalarKernels.INSTANCE, x, w, y, rows, inner, columns);
    }

    /** The same by these kernels. */
    static void multiply(Kernels kernels, double[] x, double[] w, double[] y, int rows, int inner, int columns) {
        Arrays.fill(y, 0, rows * columns, 0);
        kernels.addProduct(x, 0, inner, 1, w, 0, columns, y, 0, columns, rows, inner, columns);
    }

    /** {@code y = x wᵀ}; see {@link org.amacrine.core.kernel.Kernels#multiplyTransposed}. */
    static void multiplyTransposed(double[] x, double[] w, double[] y, int rows, int inner, int columns) {
        ScalarKernels.INSTANCE.multiplyTransposed(x, w, y, rows, inner, columns);
    }

    /** {@code y += aᵀ b} for a of [rows][left] and b of [rows][right]. */
    static void addProduct(double[] a, double[] b, double[] y, int rows, int left, int right) {
        addProduct(ScalarKernels.INSTANCE, a, b, y, rows, left, right);
    }

    /** The same by these kernels. */
    static void addProduct(Kernels kernels, double[] a, double[] b, double[] y, int rows, int left, int right) {
        kernels.addProduct(a, 0, 1, left, b, 0, right, y, 0, right, left, rows, right);
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
