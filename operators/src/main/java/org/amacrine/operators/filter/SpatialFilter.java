package org.amacrine.operators.filter;

import java.util.Arrays;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.Taps;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.Parameter;

/**
 * A convolution of each frame, channel by channel, that belongs to a layer: with a Gaussian, in two passes, or with
 * whatever kernel somebody sets in its place. Either the frame keeps its size and its edge pixels are repeated outwards, or
 * the result covers only pixels where the kernel fits.
 *
 * <p>Owned by the operator's thread.
 */
public final class SpatialFilter {
    private final Parameter kernel;
    private final Parameter bias;
    private final boolean keepsSize;
    private final Bands.Band band = this::convolveRows;
    private Taps taps;
    private float[] dense;
    private float[] weights;
    private int denseRows;
    private int denseColumns;
    private Shape in;
    private Shape out;
    private Kernels kernels;
    private Bands bands;
    private float[][] scratch;
    // For the way back: a plane with its border, and gradients for that; made with the first.
    private double[] bordered = {};
    private double[] borderedGradient = {};
    private float[] x;
    private int xAt;
    private float[] y;
    private int yAt;
    private int frames;

    /**
     * A filter whose kernel and bias are parameters of the layer.
     *
     * @param kernel array that shows the kernel, [rows][columns], and replaces it when set
     * @param bias number that is added to the result
     * @param keepsSize whether edge pixels are repeated so that the frame keeps its size
     */
    public SpatialFilter(Parameter kernel, Parameter bias, boolean keepsSize) {
        this.kernel = kernel;
        this.bias = bias;
        this.keepsSize = keepsSize;
    }

    /**
     * Builds the kernel, a Gaussian unless somebody set another, and the scratch memory of each worker.
     *
     * @param shape extent of the input frames
     * @param sigmaPixels standard deviation of the Gaussian, >= 0
     * @param normalized whether the Gaussian is scaled to the sum 1
     * @param mayResize whether the extent of the result may differ from the one before
     * @return extent of the result
     * @throws IllegalArgumentException when the kernel is not two-dimensional, does not fit into a frame, or would change the
     *     extent of the result though it must not
     */
    public Shape build(LayerContext context, Shape shape, double sigmaPixels, boolean normalized, boolean mayResize) {
        float[] gaussian = gaussian(sigmaPixels, context.resolution().filterEpsilon());
        float[] line = normalized ? Gaussian.normalized(gaussian) : gaussian;
        kernel.derive(Gaussian.outer(line, line));
        int[] size = ((NdArray) kernel.value()).shape();
        if (size.length != 2) {
            throw new IllegalArgumentException(
                    kernel.name() + " must have two axes, rows and columns, but has the shape " + NdArray.text(size));
        }
        Shape result = resultShape(shape, size[0], size[1]);
        if (!mayResize && !result.equals(out)) {
            throw new IllegalArgumentException(
                    kernel.name() + " of " + size[0] + "x" + size[1] + " would change the frames from " + out + " to "
                            + result + " while they flow; stop, set it, and start again");
        }
        taps = keepsSize ? Taps.same(line) : Taps.valid(line);
        weights = kernel.values();
        dense = kernel.overridden() ? weights : null;
        denseRows = size[0];
        denseColumns = size[1];
        in = shape;
        out = result;
        kernels = context.kernels();
        bands = context.bands();
        int need = dense == null
                ? Kernels.convolveScratch(out.columns(), taps, taps)
                : (out.rows() + denseRows - 1) * (out.columns() + denseColumns - 1);
        scratch = new float[bands.workers()][need];
        return result;
    }

    private float[] gaussian(double sigmaPixels, double epsilon) {
        try {
            return Gaussian.taps(sigmaPixels, epsilon);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(kernel.name() + ": " + e.getMessage(), e);
        }
    }

    private Shape resultShape(Shape shape, int kernelRows, int kernelColumns) {
        if (keepsSize) {
            return shape;
        }
        int rows = shape.rows() - kernelRows + 1;
        int columns = shape.columns() - kernelColumns + 1;
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException("a kernel of " + kernelRows + "x" + kernelColumns
                    + " pixels does not fit into frames of " + shape + "; use a smaller sigma or larger frames");
        }
        return new Shape(shape.channels(), rows, columns);
    }

    /** Whether the result is the input as it is. */
    public boolean isIdentity() {
        return dense == null && taps.length() == 1 && taps.weights()[0] == 1 && !hasBias();
    }

    /** Whether a constant is added to the result. */
    public boolean hasBias() {
        return bias.number() != 0;
    }

    /** Filters {@code count} frames, on all workers. */
    public void apply(float[] from, int fromAt, float[] to, int toAt, int count) {
        x = from;
        xAt = fromAt;
        y = to;
        yAt = toAt;
        frames = count;
        bands.run(band, out.channels() * out.rows(), Kernels.CONVOLVE_ROWS);
        x = null;
        y = null;
    }

    private void convolveRows(int worker, int from, int to) {
        for (int t = 0; t < frames; t++) {
            for (int row = from; row < to; ) {
                int channel = row / out.rows();
                int until = Math.min(to, (channel + 1) * out.rows());
                int planeX = xAt + t * in.values() + channel * in.pixels();
                int planeY = yAt + t * out.values() + channel * out.pixels();
                int first = row - channel * out.rows();
                int last = until - channel * out.rows();
                convolvePlane(planeX, planeY, first, last, scratch[worker]);
                row = until;
            }
        }
    }

    private void convolvePlane(int planeX, int planeY, int fromRow, int toRow, float[] work) {
        if (dense == null) {
            kernels.convolve(
                    x, planeX, in.rows(), in.columns(), y, planeY, out.columns(), fromRow, toRow, taps, taps, work);
        } else {
            pad(planeX, fromRow, toRow, work);
            int start = planeY + fromRow * out.columns();
            int rows = toRow - fromRow;
            kernels.convolveDense(
                    work, 0, y, start, 0, 1, rows, out.columns(), 0, rows, dense, 1, denseRows, denseColumns);
        }
        float offset = (float) bias.number();
        if (offset != 0) {
            kernels.scale(y, planeY, y, planeY, fromRow * out.columns(), toRow * out.columns(), 1f, offset);
        }
    }

    /** The input rows that the output rows need, edge pixels repeated. */
    private void pad(int planeX, int fromRow, int toRow, float[] work) {
        int above = keepsSize ? denseRows / 2 : 0;
        int left = keepsSize ? denseColumns / 2 : 0;
        int width = out.columns() + denseColumns - 1;
        for (int i = 0; i < toRow - fromRow + denseRows - 1; i++) {
            int row = planeX + Math.max(0, Math.min(in.rows() - 1, fromRow + i - above)) * in.columns();
            for (int j = 0; j < width; j++) {
                work[i * width + j] = x[row + Math.max(0, Math.min(in.columns() - 1, j - left))];
            }
        }
    }

    /**
     * The adjoint of {@link #apply}: adds to the gradients of kernel and bias where they are kept, and gives that of the input.
     * Allocates with the first call after {@link #build} only.
     *
     * @param from the frames that were filtered
     * @param gradient for the result, frames from index 0 on
     * @param to receives the gradient for the input, frames from index 0 on; null when nobody wants it
     */
    public void adjoint(float[] from, int fromAt, double[] gradient, double[] to, int count) {
        double[] kernelGradient = kernel.gradient();
        double[] biasGradient = bias.gradient();
        int width = out.columns() + denseColumns - 1;
        int size = (out.rows() + denseRows - 1) * width;
        if (bordered.length < size) {
            bordered = new double[size];
            borderedGradient = new double[size];
        }
        if (to != null) {
            Arrays.fill(to, 0, count * in.values(), 0);
        }
        for (int plane = 0; plane < count * in.channels(); plane++) {
            int g = plane * out.pixels();
            if (kernelGradient != null) {
                border(from, fromAt + plane * in.pixels(), size, width);
                addKernelGradient(gradient, g, width, kernelGradient);
            }
            if (to != null) {
                spread(gradient, g, width, size);
                fold(to, plane * in.pixels(), size, width);
            }
            for (int i = g; biasGradient != null && i < g + out.pixels(); i++) {
                biasGradient[0] += gradient[i];
            }
        }
    }

    /** Index of the pixel of a plane that stands at an index of the bordered one. */
    private int source(int index, int width) {
        int above = keepsSize ? denseRows / 2 : 0;
        int left = keepsSize ? denseColumns / 2 : 0;
        int row = Math.max(0, Math.min(in.rows() - 1, index / width - above));
        return row * in.columns() + Math.max(0, Math.min(in.columns() - 1, index % width - left));
    }

    private void border(float[] from, int plane, int size, int width) {
        for (int i = 0; i < size; i++) {
            bordered[i] = from[plane + source(i, width)];
        }
    }

    private void fold(double[] to, int plane, int size, int width) {
        for (int i = 0; i < size; i++) {
            to[plane + source(i, width)] += borderedGradient[i];
        }
    }

    private void addKernelGradient(double[] gradient, int g, int width, double[] kernelGradient) {
        for (int q = 0; q < denseRows; q++) {
            for (int r = 0; r < denseColumns; r++) {
                int first = (denseRows - 1 - q) * width + denseColumns - 1 - r;
                double sum = 0;
                for (int i = 0; i < out.rows(); i++) {
                    int row = g + i * out.columns();
                    for (int j = 0; j < out.columns(); j++) {
                        sum += gradient[row + j] * bordered[first + i * width + j];
                    }
                }
                kernelGradient[q * denseColumns + r] += sum;
            }
        }
    }

    private void spread(double[] gradient, int g, int width, int size) {
        Arrays.fill(borderedGradient, 0, size, 0);
        for (int q = 0; q < denseRows; q++) {
            for (int r = 0; r < denseColumns; r++) {
                int first = (denseRows - 1 - q) * width + denseColumns - 1 - r;
                double weight = weights[q * denseColumns + r];
                for (int i = 0; i < out.rows(); i++) {
                    int row = g + i * out.columns();
                    int at = first + i * width;
                    for (int j = 0; j < out.columns(); j++) {
                        borderedGradient[at + j] += weight * gradient[row + j];
                    }
                }
            }
        }
    }
}
