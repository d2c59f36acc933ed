package org.amacrine.operators.filter;

import java.util.Arrays;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.layer.LayerContext;

/**
 * Recursive smoothing of each frame, channel by channel, first down the columns, then along the rows (Deriche 1990). The
 * cost per pixel does not depend on sigma.
 *
 * <p>Follows the reference: pixel 0 of each line leaks into the far end of the line.
 *
 * <p>Owned by the operator's thread.
 */
public final class DericheFilter {
    /** Columns that are worth a worker. */
    private static final int COLUMN_GRAIN = 16;

    private final Bands.Band columnBand = this::smoothColumns;
    private final Bands.Band rowBand = this::smoothRows;
    private double density;
    private float[] coefficients;
    private Shape shape;
    private Kernels kernels;
    private Bands bands;
    private float[] between;
    private float[] x;
    private int xAt;
    private float[] y;
    private int yAt;
    // For the way back, made with the first: a frame of gradients each way.
    private DericheAdjoint adjoint;
    private float[] ofOutput;
    private float[] ofInput;
    private double[] ofCoefficients;

    /**
     * Sets density and extent.
     *
     * @param density 1 / sigma, per pixel
     */
    public void build(LayerContext context, Shape frames, double density) {
        this.density = density;
        coefficients = Recursive.deriche(density);
        if (kernels != context.kernels() || bands != context.bands()) {
            adjoint = null;
        }
        kernels = context.kernels();
        bands = context.bands();
        if (!frames.equals(shape)) {
            shape = frames;
            between = new float[frames.values()];
            adjoint = null;
        }
    }

    /** Coefficients A1, A2, A3, A4, B1, B2; not to be written to. */
    float[] coefficients() {
        return coefficients;
    }

    /** Filters {@code count} frames, on all workers. */
    public void apply(float[] from, int fromAt, float[] to, int toAt, int count) {
        x = from;
        y = to;
        for (int t = 0; t < count; t++) {
            xAt = fromAt + t * shape.values();
            yAt = toAt + t * shape.values();
            bands.run(columnBand, shape.channels() * shape.columns(), COLUMN_GRAIN);
            bands.run(rowBand, shape.channels() * shape.rows(), 1);
        }
        x = null;
        y = null;
    }

    /**
     * The adjoint of {@link #apply}. Allocates with the first call for frames of an extent only.
     *
     * @param from the frames that were filtered
     * @param gradient for the result, frames from index 0 on
     * @param to receives the gradient for the input, frames from index 0 on; null when nobody wants it
     * @return how the loss changes with the density, in pixels
     */
    public double adjoint(float[] from, int fromAt, double[] gradient, double[] to, int count) {
        int values = shape.values();
        if (adjoint == null) {
            adjoint = new DericheAdjoint(kernels, bands, shape);
            ofOutput = new float[values];
            ofInput = new float[values];
            ofCoefficients = new double[DericheAdjoint.COEFFICIENTS];
        }
        Arrays.fill(ofCoefficients, 0);
        for (int t = 0; t < count; t++) {
            for (int i = 0; i < values; i++) {
                ofOutput[i] = (float) gradient[t * values + i];
            }
            adjoint.frame(coefficients, from, fromAt + t * values, ofOutput, 0, ofInput, 0, ofCoefficients);
            for (int i = 0; to != null && i < values; i++) {
                to[t * values + i] = ofInput[i];
            }
        }
        return Recursive.dericheSlope(density, ofCoefficients);
    }

    private void smoothColumns(int worker, int from, int to) {
        for (int c = from; c < to; ) {
            int channel = c / shape.columns();
            int until = Math.min(to, (channel + 1) * shape.columns());
            int plane = channel * shape.pixels();
            int first = channel * shape.columns();
            kernels.smoothColumns(
                    x,
                    xAt + plane,
                    between,
                    plane,
                    shape.rows(),
                    shape.columns(),
                    c - first,
                    until - first,
                    coefficients,
                    true);
            c = until;
        }
    }

    private void smoothRows(int worker, int from, int to) {
        int rows = shape.channels() * shape.rows();
        kernels.smoothRows(between, 0, y, yAt, rows, shape.columns(), from, to, coefficients, true);
    }
}
