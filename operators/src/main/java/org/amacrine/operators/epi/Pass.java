package org.amacrine.operators.epi;

import java.util.Map;
import org.amacrine.core.kernel.Kernels;

/**
 * What the steps of one share of a batch have in common. Its samples are worked on in slices that stay in the nearest cache.
 *
 * <pre>
 *   an array of R rows: [slice][row][sample of the slice]
 *   slice s begins at R * start(s), its rows are width(s) values apart
 * </pre>
 *
 * Owned by one thread.
 */
final class Pass {
    static final int SLICE = 32;

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

    private final Map<Mlp, Mlp.Weights> weights;

    /** @param weights of the conditioners, one copy for all shares; those that are missing are put there */
    Pass(Kernels kernels, int samples, Map<Mlp, Mlp.Weights> weights) {
        this.kernels = kernels;
        this.samples = samples;
        this.weights = weights;
        slices = (samples + SLICE - 1) / SLICE;
        logDet = new double[samples];
    }

    /** Where the weights of a conditioner are. */
    Mlp.Weights weights(Mlp conditioner) {
        return weights.computeIfAbsent(conditioner, mlp -> mlp.new Weights());
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

    /** Length of a share when so many samples are split among a few: whole slices, and at most so many shares. */
    static int share(int samples, int shares) {
        int slices = (samples + SLICE - 1) / SLICE;
        return (slices + shares - 1) / shares * SLICE;
    }

    /** Copies rows into slices; they begin at {@code at}, {@code stride} values apart. */
    void spread(double[] from, int at, int stride, int rows, double[] to) {
        for (int s = 0; s < slices; s++) {
            for (int r = 0; r < rows; r++) {
                System.arraycopy(from, at + r * stride + start(s), to, rows * start(s) + r * width(s), width(s));
            }
        }
    }

    /** Copies slices into rows, which begin at {@code at}, {@code stride} values apart. */
    void gather(double[] from, int rows, double[] to, int at, int stride) {
        for (int s = 0; s < slices; s++) {
            for (int r = 0; r < rows; r++) {
                System.arraycopy(from, rows * start(s) + r * width(s), to, at + r * stride + start(s), width(s));
            }
        }
    }
}
