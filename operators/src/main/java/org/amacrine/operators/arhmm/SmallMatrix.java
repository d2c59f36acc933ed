package org.amacrine.operators.arhmm;

import java.util.Arrays;

/**
 * Linear algebra for matrices of a few dozen rows, row by row in flat arrays; those of several states lie one behind the
 * other, and {@code at} says where one begins. Everything works in place and allocates nothing.
 */
final class SmallMatrix {
    /** What is added to a diagonal, in units of its mean, when the factorisation fails without it. */
    private static final double[] JITTERS = {0, 1e-12, 1e-10, 1e-8, 1e-6};

    private SmallMatrix() {}

    /**
     * Cholesky factor in place: {@code A = R R^T}, R lower triangular.
     *
     * @param a symmetric matrix, [n][n], of which the lower triangle is read; receives R with zeros above its diagonal
     * @return whether the matrix was positive definite; if not, {@code a} holds nothing of use
     */
    static boolean cholesky(double[] a, int at, int n) {
        for (int i = 0; i < n; i++) {
            int row = at + i * n;
            for (int j = 0; j < i; j++) {
                int other = at + j * n;
                a[row + j] = (a[row + j] - dot(a, row, a, other, j)) / a[other + j];
                a[other + i] = 0;
            }
            double pivot = a[row + i] - dot(a, row, a, row, i);
            if (!(pivot > 0) || pivot == Double.POSITIVE_INFINITY) {
                return false;
            }
            a[row + i] = Math.sqrt(pivot);
        }
        return true;
    }

    /**
     * The same for a matrix that rounding may have left just short of positive definite: 1e-12, 1e-10, 1e-8 and 1e-6 times
     * the mean of the diagonal are added to it until it is.
     *
     * @param spare room for [n][n] values
     * @return what was added, in units of the mean of the diagonal: 0 in almost all cases; NaN when nothing helped
     */
    static double choleskyWithJitter(double[] a, int at, int n, double[] spare) {
        System.arraycopy(a, at, spare, 0, n * n);
        double mean = 0;
        for (int i = 0; i < n; i++) {
            mean += spare[i * n + i] / n;
        }
        for (double jitter : JITTERS) {
            System.arraycopy(spare, 0, a, at, n * n);
            for (int i = 0; i < n; i++) {
                a[at + i * n + i] += jitter * mean;
            }
            if (cholesky(a, at, n)) {
                return jitter;
            }
        }
        return Double.NaN;
    }

    /** The sum of products of two runs of values, in four partial sums. */
    static double dot(double[] a, int aAt, double[] b, int bAt, int count) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            s0 = Math.fma(a[aAt + i], b[bAt + i], s0);
            s1 = Math.fma(a[aAt + i + 1], b[bAt + i + 1], s1);
            s2 = Math.fma(a[aAt + i + 2], b[bAt + i + 2], s2);
            s3 = Math.fma(a[aAt + i + 3], b[bAt + i + 3], s3);
        }
        for (; i < count; i++) {
            s0 = Math.fma(a[aAt + i], b[bAt + i], s0);
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** The sum of the logarithms of the diagonal: half the logarithm of the determinant of {@code R R^T}. */
    static double logDiagonal(double[] r, int at, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.log(r[at + i * n + i]);
        }
        return sum;
    }

    /** Puts {@code R^-1 B} in the place of B, for R lower triangular, [n][n], and B, [n][columns]. */
    static void solveLower(double[] r, int rAt, int n, double[] b, int bAt, int columns) {
        for (int i = 0; i < n; i++) {
            int row = bAt + i * columns;
            for (int j = 0; j < i; j++) {
                subtractRow(b, row, bAt + j * columns, r[rAt + i * n + j], columns);
            }
            scaleRow(b, row, 1 / r[rAt + i * n + i], columns);
        }
    }

    /** Puts {@code R^-T B} in the place of B, for R lower triangular, [n][n], and B, [n][columns]. */
    static void solveLowerTransposed(double[] r, int rAt, int n, double[] b, int bAt, int columns) {
        for (int i = n - 1; i >= 0; i--) {
            int row = bAt + i * columns;
            for (int j = i + 1; j < n; j++) {
                subtractRow(b, row, bAt + j * columns, r[rAt + j * n + i], columns);
            }
            scaleRow(b, row, 1 / r[rAt + i * n + i], columns);
        }
    }

    /**
     * Puts {@code B R^-1} in the place of B.
     *
     * @param r lower triangular, the first n rows and columns of a matrix with rows of {@code rStride} values
     * @param b [rows][n], rows of {@code bStride} values
     */
    static void divideByLower(double[] r, int rAt, int rStride, int n, double[] b, int bAt, int bStride, int rows) {
        for (int row = 0; row < rows; row++) {
            int at = bAt + row * bStride;
            for (int j = n - 1; j >= 0; j--) {
                int rRow = rAt + j * rStride;
                double x = b[at + j] / r[rRow + j];
                b[at + j] = x;
                for (int i = 0; i < j; i++) {
                    b[at + i] = Math.fma(-x, r[rRow + i], b[at + i]);
                }
            }
        }
    }

    /**
     * The inverse of a symmetric positive definite matrix, exactly symmetric.
     *
     * @param a [n][n], of which the lower triangle is read; left holding its Cholesky factor
     * @param inverse receives the result, [n][n]
     * @return whether the matrix was positive definite
     */
    static boolean invert(double[] a, int at, int n, double[] inverse, int inverseAt) {
        if (!cholesky(a, at, n)) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                inverse[inverseAt + i * n + j] = i == j ? 1 : 0;
            }
        }
        solveLower(a, at, n, inverse, inverseAt, n);
        solveLowerTransposed(a, at, n, inverse, inverseAt, n);
        symmetrise(inverse, inverseAt, n);
        return true;
    }

    /** Puts {@code (A + A^T) / 2} in the place of A. */
    static void symmetrise(double[] a, int at, int n) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double mean = 0.5 * (a[at + i * n + j] + a[at + j * n + i]);
                a[at + i * n + j] = mean;
                a[at + j * n + i] = mean;
            }
        }
    }

    /** {@code C = A B}, for A, [rows][inner], and B, [inner][columns]; C is neither of them. */
    static void multiply(
            double[] a, int aAt, double[] b, int bAt, double[] c, int cAt, int rows, int inner, int columns) {
        for (int i = 0; i < rows; i++) {
            int row = cAt + i * columns;
            Arrays.fill(c, row, row + columns, 0);
            for (int j = 0; j < inner; j++) {
                double factor = a[aAt + i * inner + j];
                for (int k = 0; k < columns; k++) {
                    c[row + k] = Math.fma(factor, b[bAt + j * columns + k], c[row + k]);
                }
            }
        }
    }

    /** {@code C = A B^T}, for A, [rows][inner], and B, [columns][inner]; C is neither of them. */
    static void multiplyTransposed(
            double[] a, int aAt, double[] b, int bAt, double[] c, int cAt, int rows, int inner, int columns) {
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < columns; k++) {
                c[cAt + i * columns + k] = dot(a, aAt + i * inner, b, bAt + k * inner, inner);
            }
        }
    }

    private static void subtractRow(double[] b, int row, int other, double factor, int columns) {
        for (int k = 0; k < columns; k++) {
            b[row + k] = Math.fma(-factor, b[other + k], b[row + k]);
        }
    }

    private static void scaleRow(double[] b, int row, double factor, int columns) {
        for (int k = 0; k < columns; k++) {
            b[row + k] *= factor;
        }
    }
}
