package org.amacrine.operators.latent;

import org.amacrine.core.kernel.DoubleMath;

/**
 * The mathematics of one bump of height 1, {@code e(x) = exp(-sum_j ((x_j - c_j) / w_j)²)}. Coordinate j of its centre and its
 * width is at {@code at + j stride} of c and w, so that a column of a matrix is a bump as well as a vector of its own.
 *
 * @param dims d, the number of coordinates
 * @param stride from one coordinate to the next
 */
record BumpMath(int dims, int stride) {

    /** e at a row: from 0 to 1. */
    double height(double[] x, int xAt, double[] c, double[] w, int at) {
        double sum = 0;
        for (int j = 0; j < dims; j++) {
            double z = (x[xAt + j] - c[at + j * stride]) / w[at + j * stride];
            sum = Math.fma(z, z, sum);
        }
        return DoubleMath.exp(-sum);
    }

    /**
     * Adds the gradients of centre, width and row.
     *
     * @param outer derivative of the objective with respect to the bump, times the bump's value
     * @param dc gradient of c, laid out like it
     * @param dw gradient of w, laid out like it
     * @param dx gradient of x, laid out like it
     */
    void addGradients(
            double outer, double[] x, int xAt, double[] c, double[] w, int at, double[] dc, double[] dw, double[] dx) {
        for (int j = 0; j < dims; j++) {
            int i = at + j * stride;
            double z = (x[xAt + j] - c[i]) / w[i];
            double slope = 2 * outer * z / w[i];
            dc[i] += slope;
            dw[i] += slope * z;
            dx[xAt + j] -= slope;
        }
    }
}
