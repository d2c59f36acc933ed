package org.amacrine.operators.filter;

import java.util.Arrays;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.StateTree;

/**
 * A convolution in time and space that belongs to a layer, with its adjoint:
 * {@code y[o][t][i][j] = sum_c sum_p sum_q sum_r w[o][c][p][q][r] x[c][t - p][i + cq - q][j + cr - r]}. The frames that the
 * kernel reaches back to are kept exactly, for any chunk length.
 *
 * <p>A kernel of several input and output channels mixes channels. Frames of more channels than it takes are independent
 * streams, one behind the other: with 2 channels in and 3 out, frames of 4 channels give 6. So a kernel without channels filters
 * each channel by itself.
 *
 * <pre>
 *   buffer of a stream   │ the last kt - 1 frames │ the frames of this chunk │      each [channel][padded rows][padded columns]
 *                        └──────── after the chunk its last frames move here
 * </pre>
 *
 * <p>Owned by the operator's thread.
 */
public final class CausalConvolution {

    /** What stands before the first frame. */
    public enum History {
        /** Zeros: the stream was dark. */
        ZERO,
        /** Copies of the first frame: the stream stood still. */
        FIRST_FRAME
    }

    /** What happens at the edge of a frame. */
    public enum Border {
        /** Frames keep their size; edge pixels are repeated outwards, by half a kernel, the lower half of an even one. */
        REPEAT,
        /** Only pixels where the whole kernel fits: frames become smaller. */
        FIT,
        /** One pixel: the kernel lies on the first rows and columns of the frame, and zeros stand where the frame is smaller. */
        CORNER
    }

    private final History before;
    private final Border border;
    private final Bands.Band band = this::convolveRows;
    private final Bands.Band pointBand = this::convolvePoints;
    private int outs;
    private int ins;
    private int kt;
    private int kh;
    private int kw;
    /** For each output channel: {@code [kt x ins][kh][kw]}, frames and channels as one axis of the dense kernel. */
    private float[][] weights = {};

    /** At a corner, for each output channel: {@code [kt x ins][kh][blockColumns]} as the frames lie, rows filled up with zeros. */
    private float[][] field;

    private int blockColumns;
    /** Where each frame of a chunk begins in the buffer. */
    private int[] frameOffsets;
    /** For each worker: a sum for each frame. */
    private double[][] sums;

    private Shape shape;
    private Shape result;
    private int streams;
    private int paddedRows;
    private int paddedColumns;
    private int maxFrames;
    private Kernels kernels;
    private Bands bands;
    private float[] buffer;
    private boolean started;
    /** Frames of the last chunk that still stand behind those to remember: kept for the adjoint. */
    private int kept;
    /** The way back; null without. */
    private ConvolutionAdjoint adjoint;

    private float[] y;
    private int yAt;
    private int frames;

    /**
     * A convolution without kernel yet, of frames that keep their size.
     *
     * @param before what stands before the first frame
     */
    public CausalConvolution(History before) {
        this(before, Border.REPEAT);
    }

    /**
     * A convolution without kernel yet.
     *
     * @param before what stands before the first frame
     * @param border what happens at the edge of a frame
     */
    public CausalConvolution(History before, Border border) {
        this.before = before;
        this.border = border;
    }

    /**
     * {@link #build(LayerContext, Shape, NdArray, boolean)} without the adjoint, for kernels that always reach back in
     * time: [time], or [time][rows][columns].
     */
    public Shape build(LayerContext context, Shape frameShape, NdArray kernel) {
        return build(context, frameShape, alongTime(kernel), false);
    }

    /** The kernel; throws {@link IllegalArgumentException} unless it has the axes [time], or [time][rows][columns]. */
    public static NdArray alongTime(NdArray kernel) {
        int axes = kernel.shape().length;
        if (axes != 1 && axes != 3) {
            throw new IllegalArgumentException(
                    "a kernel must have the axes (time) or (time, rows, columns) but has the shape "
                            + NdArray.text(kernel.shape()));
        }
        return kernel;
    }

    /**
     * Sets kernel, extent and memory. Frames remembered so far stay remembered as far as the new kernel reaches; a kernel of one step
     * remembers none, so that one of several steps in its place begins as with the first frame.
     *
     * @param kernel impulse response: [time], [rows][columns], [time][rows][columns], or [out][in][time][rows][columns]
     * @param forGradients whether {@link #backward} is to work
     * @return extent of the result
     * @throws IllegalArgumentException when the kernel does not go with such frames
     */
    public Shape build(LayerContext context, Shape frameShape, NdArray kernel, boolean forGradients) {
        int[] size = axes(kernel.shape());
        Shape newResult = resultOf(frameShape, size);
        boolean sameFrames = frameShape.equals(shape) && buffer != null;
        boolean sameMemory = sameFrames
                && Arrays.equals(size, new int[] {outs, ins, kt, kh, kw})
                && maxFrames == context.maxFrames()
                && bands.workers() == context.bands().workers()
                && (adjoint != null) == forGradients;
        // What may fail comes before anything changes.
        int length = sameMemory ? buffer.length : bufferLength(frameShape, newResult, size, context.maxFrames());
        ConvolutionAdjoint newAdjoint = sameMemory
                ? adjoint
                : forGradients
                        ? new ConvolutionAdjoint(
                                size,
                                frameShape,
                                newResult,
                                context.maxFrames(),
                                context.bands().workers())
                        : null;
        float[] past = sameFrames && !sameMemory ? history() : null;
        int pastFrames = kt - 1;
        outs = size[0];
        ins = size[1];
        kt = size[2];
        kh = size[3];
        kw = size[4];
        shape = frameShape;
        result = newResult;
        streams = shape.channels() / ins;
        maxFrames = context.maxFrames();
        kernels = context.kernels();
        bands = context.bands();
        if (!sameMemory) {
            paddedRows = result.rows() + kh - 1;
            paddedColumns = result.columns() + kw - 1;
            kept = 0;
            // Correlations of the adjoint read whole blocks: a few values beyond the last row.
            buffer = new float[length];
            adjoint = newAdjoint;
            if (past == null) {
                clear();
            } else {
                remember(past, pastFrames);
                // Where nothing was remembered, the next frame is the first one again.
                started &= pastFrames > 0;
            }
        }
        setWeights(kernel.floats());
        if (adjoint != null) {
            adjoint.build(kernels, bands, kernel.floats());
        }
        return result;
    }

    private static int bufferLength(Shape frames, Shape result, int[] size, int maxFrames) {
        long frameValues = (long) size[1] * (result.rows() + size[3] - 1) * (result.columns() + size[4] - 1);
        long frameCount = (long) frames.channels() / size[1] * (size[2] - 1 + maxFrames);
        String what = "a kernel of " + size[2] + " steps of " + size[3] + "x" + size[4] + " pixels";
        return FrameMemory.length(what, frameCount, frameValues) + Kernels.CORRELATE_BLOCK;
    }

    /** The five axes of a kernel: output channels, input channels, time, rows, columns. */
    static int[] axes(int... size) {
        int[] axes = switch (size.length) {
            case 1 -> new int[] {1, 1, size[0], 1, 1};
            case 2 -> new int[] {1, 1, 1, size[0], size[1]};
            case 3 -> new int[] {1, 1, size[0], size[1], size[2]};
            case 5 -> size.clone();
            default -> new int[0];
        };
        double values = axes.length == 0 ? 0 : 1;
        for (int extent : axes) {
            values *= Math.max(0, extent);
        }
        if (values == 0 || values > Shape.MAX_VALUES) {
            throw new IllegalArgumentException(
                    "a kernel must have the axes (time), (rows, columns), (time, rows, columns)"
                            + " or (out, in, time, rows, columns), each at least 1, and at most " + Shape.MAX_VALUES
                            + " values, but has the shape " + NdArray.text(size));
        }
        return axes;
    }

    private static void requireChannels(Shape frames, int ins) {
        if (frames.channels() % ins != 0) {
            throw new IllegalArgumentException("a kernel of " + ins + " input channels takes frames of " + ins
                    + " channels, or a multiple, but they are " + frames);
        }
    }

    /**
     * The extent that frames of some extent become.
     *
     * @param kernel axes of the kernel, as in {@link #build(LayerContext, Shape, NdArray, boolean)}
     * @throws IllegalArgumentException when the kernel does not go with such frames
     */
    public Shape resultOf(Shape frames, int... kernel) {
        int[] size = axes(kernel);
        requireChannels(frames, size[1]);
        int channels = frames.channels() / size[1] * size[0];
        return switch (border) {
            case REPEAT -> new Shape(channels, frames.rows(), frames.columns());
            case CORNER -> new Shape(channels, 1, 1);
            case FIT -> {
                if (frames.rows() < size[3] || frames.columns() < size[4]) {
                    throw new IllegalArgumentException("a kernel of " + size[3] + "x" + size[4]
                            + " pixels does not fit into frames of " + frames + "; use a smaller one or larger frames");
                }
                yield new Shape(channels, frames.rows() - size[3] + 1, frames.columns() - size[4] + 1);
            }
        };
    }

    /** Lines the weights up with the buffer, where the channels of a frame follow each other. */
    private void setWeights(float[] w) {
        int block = kh * kw;
        if (weights.length != outs || weights[0].length != kt * ins * block) {
            weights = new float[outs][kt * ins * block];
        }
        for (int o = 0; o < outs; o++) {
            for (int c = 0; c < ins; c++) {
                for (int p = 0; p < kt; p++) {
                    int from = ((o * ins + c) * kt + p) * block;
                    System.arraycopy(w, from, weights[o], (p * ins + ins - 1 - c) * block, block);
                }
            }
        }
        if (border == Border.CORNER) {
            setField();
        }
    }

    /** The same weights turned round, so that they meet the frames in the order in which these lie. */
    private void setField() {
        int wide = (kw + Kernels.CORRELATE_BLOCK - 1) / Kernels.CORRELATE_BLOCK * Kernels.CORRELATE_BLOCK;
        int size = kt * ins * kh * wide;
        if (field == null || field.length != outs || field[0].length != size) {
            field = new float[outs][size];
        }
        if (frameOffsets == null || frameOffsets.length != maxFrames || sums.length != bands.workers()) {
            frameOffsets = new int[maxFrames];
            sums = new double[bands.workers()][maxFrames];
        }
        blockColumns = wide;
        for (int t = 0; t < maxFrames; t++) {
            frameOffsets[t] = t * ins * paddedSize();
        }
        for (int o = 0; o < outs; o++) {
            int last = weights[o].length - 1;
            for (int n = 0; n <= last; n++) {
                field[o][n / kw * wide + n % kw] = weights[o][last - n];
            }
        }
    }

    /** Registers what is remembered under {@code name}. */
    public void register(StateTree states, String name) {
        states.add(
                name + ".frames",
                () -> NdArray.of(history(), kt - 1, shape.channels(), shape.rows(), shape.columns()),
                array -> {
                    if (array.size() != (kt - 1) * shape.values()) {
                        throw new IllegalArgumentException("needs " + (kt - 1) + " frames of " + shape
                                + " but was given " + NdArray.text(array.shape()));
                    }
                    settle();
                    remember(array.floats(), kt - 1);
                });
        states.add(name + ".started", () -> NdArray.of(started ? 1L : 0L), v -> started = v.integer() != 0);
        states.onClear(this::clear);
    }

    /** Forgets all frames. */
    public void clear() {
        Arrays.fill(buffer, 0);
        kept = 0;
        started = false;
    }

    /** Filters {@code count} frames, on all workers; {@code to} may be {@code from} where frames keep their extent. */
    public void apply(float[] from, int fromAt, float[] to, int toAt, int count) {
        settle();
        if (!started && before == History.FIRST_FRAME) {
            for (int t = 0; t < kt - 1; t++) {
                store(from, fromAt, t);
            }
        }
        started = true;
        for (int t = 0; t < count; t++) {
            store(from, fromAt + t * shape.values(), kt - 1 + t);
        }
        y = to;
        yAt = toAt;
        frames = count;
        if (border == Border.CORNER) {
            bands.run(pointBand, result.channels() * count, 1);
        } else {
            bands.run(band, result.channels() * result.rows(), 1);
        }
        y = null;
        kept = count;
        if (adjoint == null) {
            settle();
        }
    }

    /**
     * The adjoint, for the frames that {@link #apply} filtered last; frames before them are constants. States must not be set in
     * between.
     *
     * @param g how a loss changes with the result
     * @param count frames of g, as many as were filtered
     * @param ofKernel how it changes with the kernel, [out][in][time][rows][columns]: is added to; null when nobody wants it
     * @param ofInput receives how it changes with the input; null when nobody wants it
     */
    public void backward(float[] g, int gAt, int count, double[] ofKernel, float[] ofInput, int ofInputAt) {
        adjoint.take(g, gAt, count);
        if (ofKernel != null) {
            adjoint.ofKernel(buffer, (kt - 1 + maxFrames) * ins * paddedSize(), ofKernel);
        }
        if (ofInput != null) {
            adjoint.ofInput(ofInput, ofInputAt, border);
        }
    }

    /** Brings the last frames to where the next chunk looks for them. */
    private void settle() {
        int size = ins * paddedSize();
        for (int b = 0; kept > 0 && b < streams; b++) {
            int start = b * (kt - 1 + maxFrames) * size;
            System.arraycopy(buffer, start + kept * size, buffer, start, (kt - 1) * size);
        }
        kept = 0;
    }

    private void convolveRows(int worker, int from, int to) {
        for (int row = from; row < to; ) {
            int plane = row / result.rows();
            int until = Math.min(to, (plane + 1) * result.rows());
            int first = row - plane * result.rows();
            convolvePlane(plane, first, first + until - row);
            row = until;
        }
    }

    /** Some frames of some output channels: each a sum of products of two frames, added up from the oldest frame on. */
    private void convolvePoints(int worker, int from, int to) {
        for (int n = from; n < to; ) {
            int plane = n / frames;
            int first = n - plane * frames;
            int until = Math.min(frames, first + to - n);
            int start = plane / outs * (kt - 1 + maxFrames) * ins * paddedSize();
            double[] each = sums[worker];
            Arrays.fill(each, first, until, 0);
            for (int s = 0; s < kt * ins; s++) {
                kernels.correlate(
                        field[plane % outs],
                        s * kh * blockColumns,
                        blockColumns,
                        buffer,
                        start + s * paddedSize(),
                        paddedColumns,
                        kh,
                        blockColumns,
                        frameOffsets,
                        first,
                        until,
                        each,
                        0);
            }
            for (int t = first; t < until; t++) {
                y[yAt + t * result.values() + plane] = (float) each[t];
            }
            n += until - first;
        }
    }

    /** Rows of one output channel of one stream, in all frames. */
    private void convolvePlane(int plane, int fromRow, int toRow) {
        int slot = ins * paddedSize();
        int start = plane / outs * (kt - 1 + maxFrames) * slot;
        // The dense kernel steps from frame to frame by one channel: frames of several take a call each.
        int calls = ins == 1 ? 1 : frames;
        for (int t = 0; t < calls; t++) {
            kernels.convolveDense(
                    buffer,
                    start + t * slot,
                    y,
                    yAt + t * result.values() + plane * result.pixels(),
                    result.values(),
                    frames / calls,
                    result.rows(),
                    result.columns(),
                    fromRow,
                    toRow,
                    weights[plane % outs],
                    kt * ins,
                    kh,
                    kw);
        }
    }

    private int paddedSize() {
        return paddedRows * paddedColumns;
    }

    private int above() {
        return border == Border.REPEAT ? kh / 2 : 0;
    }

    private int left() {
        return border == Border.REPEAT ? kw / 2 : 0;
    }

    /** Puts one frame, with what stands beyond its edges, into slot {@code slot} of each stream. */
    private void store(float[] x, int xAt, int slot) {
        int copied = Math.min(shape.columns(), paddedColumns - left());
        for (int c = 0; c < shape.channels(); c++) {
            int at = channelAt(c, slot);
            for (int i = 0; i < paddedRows; i++, at += paddedColumns) {
                int source = i - above();
                if (border == Border.CORNER && source >= shape.rows()) {
                    continue;
                }
                int row = xAt + c * shape.pixels() + inside(source, shape.rows()) * shape.columns();
                for (int j = 0; j < left(); j++) {
                    buffer[at + j] = x[row];
                }
                System.arraycopy(x, row, buffer, at + left(), copied);
                for (int j = left() + copied; border == Border.REPEAT && j < paddedColumns; j++) {
                    buffer[at + j] = x[row + shape.columns() - 1];
                }
            }
        }
    }

    private int channelAt(int channel, int slot) {
        return ((channel / ins * (kt - 1 + maxFrames) + slot) * ins + channel % ins) * paddedSize();
    }

    private static int inside(int i, int length) {
        return Math.max(0, Math.min(length - 1, i));
    }

    /** The remembered frames, the oldest first, without their borders; of those beyond a corner, zeros. */
    private float[] history() {
        float[] out = new float[(kt - 1) * shape.values()];
        int rows = Math.min(shape.rows(), paddedRows);
        int columns = Math.min(shape.columns(), paddedColumns);
        for (int c = 0; c < shape.channels(); c++) {
            for (int t = 0; t < kt - 1; t++) {
                for (int i = 0; i < rows; i++) {
                    int from = channelAt(c, kept + t) + (i + above()) * paddedColumns + left();
                    int to = t * shape.values() + c * shape.pixels() + i * shape.columns();
                    System.arraycopy(buffer, from, out, to, columns);
                }
            }
        }
        return out;
    }

    /** Takes over the newest of {@code count} frames; older ones than given count as zero, or as the oldest given. */
    private void remember(float[] past, int count) {
        for (int t = 0; t < kt - 1; t++) {
            int from = count - (kt - 1) + t;
            if (from >= 0) {
                store(past, from * shape.values(), t);
            } else if (before == History.FIRST_FRAME && count > 0) {
                store(past, 0, t);
            }
        }
    }
}
