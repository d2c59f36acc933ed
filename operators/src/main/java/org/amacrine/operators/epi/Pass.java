package org.amacrine.operators.epi;

import org.amacrine.core.kernel.Kernels;

/**
 * What the steps of one batch share. Samples are worked on in slices that stay in the nearest cache.
 *
 * <pre>
 *   an array of R rows: [slice][row][sample of the slice]
 *   slice s begins at R * start(s), its rows are width(s) values apart
 * </pre>
 *
 * Owned by one thread.
 */
final class Pass {
    private static final int SLICE = 32;

    final Kernels kernels;
    final int samples;
    final int slices;
    /** Parameters of the flow. */
    double[] theta;
    /** Whether batch norm takes the statistics of this batch. */
    boolean batchStatistics;
    /** Sum of the log determinants of the steps so far, [samples]. */
    final double[] logDet;
    /** What theta's gradients are added to, like theta. */
    double[] gradient;
    /** The objective's derivative by the log determinant of each sample. */
    double logDetGradient;

    Pass(Kernels kernels, int samples) {
        this.kernels = kernels;
        this.samples = samples;
        slices = (samples + SLICE - 1) / SLICE;
        logDet = new double[samples];
    }

    int start(int slice) {
        return slice * SLICE;
    }

    int width(int slice) {
        return Math.min(SLICE, samples - slice * SLICE);
    }

    int widest() {
        return Math.min(SLICE, samples);
    }

    /** Copies [rows][samples] into slices. */
    void spread(double[] from, int rows, double[] to) {
        for (int s = 0; s < slices; s++) {
            for (int r = 0; r < rows; r++) {
                System.arraycopy(from, r * samples + start(s), to, rows * start(s) + r * width(s), width(s));
            }
        }
    }

    /** Copies slices into [rows][samples]. */
    void gather(double[] from, int rows, double[] to) {
        for (int s = 0; s < slices; s++) {
            for (int r = 0; r < rows; r++) {
                System.arraycopy(from, rows * start(s) + r * width(s), to, r * samples + start(s), width(s));
            }
        }
    }
}
