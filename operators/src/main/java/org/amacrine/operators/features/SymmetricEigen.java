package org.amacrine.operators.features;

/**
 * Eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's rotations: sweeps over all pairs of rows, each rotated
 * so that the value they share becomes zero, until all are (Golub and Van Loan, Matrix Computations, 8.5).
 */
public final class SymmetricEigen {
    private static final int MAX_SWEEPS = 100;

    private final int n;
    private final double[] a;
    private final double[] vectors;

    private SymmetricEigen(double[] matrix, int n) {
        this.n = n;
        a = matrix.clone();
        vectors = new double[n * n];
        for (int i = 0; i < n; i++) {
            vectors[i * n + i] = 1;
        }
    }

    /**
     * The decomposition, largest eigenvalue first. Of each vector the value farthest from zero is positive.
     *
     * @param matrix symmetric, [n][n]; not changed
     * @param values receives the eigenvalues, [n]
     * @param vectors receives the eigenvectors in rows, [n][n], of length one
     */
    public static void decompose(double[] matrix, int n, double[] values, double[] vectors) {
        SymmetricEigen work = new SymmetricEigen(matrix, n);
        for (int sweep = 0; sweep < MAX_SWEEPS && !work.isDiagonal(); sweep++) {
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    work.rotate(p, q);
                }
            }
        }
        work.sort(values, vectors);
    }

    private boolean isDiagonal() {
        double off = 0;
        double all = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double square = a[i * n + j] * a[i * n + j];
                all += square;
                off += i == j ? 0 : square;
            }
        }
        return off <= 1e-32 * all;
    }

    private void rotate(int p, int q) {
        double apq = a[p * n + q];
        if (apq == 0) {
            return;
        }
        double theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
        double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.hypot(theta, 1));
        double c = 1 / Math.hypot(t, 1);
        double s = t * c;
        for (int k = 0; k < n; k++) {
            double akp = a[k * n + p];
            double akq = a[k * n + q];
            a[k * n + p] = c * akp - s * akq;
            a[k * n + q] = s * akp + c * akq;
        }
        for (int k = 0; k < n; k++) {
            double apk = a[p * n + k];
            double aqk = a[q * n + k];
            a[p * n + k] = c * apk - s * aqk;
            a[q * n + k] = s * apk + c * aqk;
            double vp = vectors[p * n + k];
            double vq = vectors[q * n + k];
            vectors[p * n + k] = c * vp - s * vq;
            vectors[q * n + k] = s * vp + c * vq;
        }
        a[p * n + q] = 0;
        a[q * n + p] = 0;
    }

    private void sort(double[] sortedValues, double[] sortedVectors) {
        boolean[] taken = new boolean[n];
        for (int rank = 0; rank < n; rank++) {
            int best = -1;
            for (int i = 0; i < n; i++) {
                if (!taken[i] && (best < 0 || a[i * n + i] > a[best * n + best])) {
                    best = i;
                }
            }
            taken[best] = true;
            sortedValues[rank] = a[best * n + best];
            double farthest = 0;
            for (int k = 0; k < n; k++) {
                double value = vectors[best * n + k];
                farthest = Math.abs(value) > Math.abs(farthest) ? value : farthest;
            }
            for (int k = 0; k < n; k++) {
                sortedVectors[rank * n + k] = Math.copySign(1, farthest) * vectors[best * n + k];
            }
        }
    }
}
