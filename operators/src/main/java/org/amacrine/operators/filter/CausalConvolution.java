package org.amacrine.operators.filter;

import java.util.Arrays;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.StateTree;

/**
 * A convolution in time and space that belongs to a layer, channel by channel: frames keep their size, edge pixels are
 * repeated outwards, and the frames that the kernel reaches back to are kept exactly, for any chunk length.
 *
 * <pre>
 *   buffer of a channel   │ the last kt - 1 frames │ the frames of this chunk │      each (rows + kh - 1) x (columns + kw - 1)
 *                         └──────── after the chunk its last frames move here
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

    private final History before;
    private final Bands.Band band = this::convolveRows;
    private float[] weights;
    private int kt;
    private int kh;
    private int kw;
    private Shape shape;
    private int maxFrames;
    private Kernels kernels;
    private Bands bands;
    private float[] buffer;
    private boolean started;
    private float[] y;
    private int yAt;
    private int frames;

    /**
     * A convolution without kernel yet.
     *
     * @param before what stands before the first frame
     */
    public CausalConvolution(History before) {
        this.before = before;
    }

    /**
     * Sets kernel, extent and memory. Frames remembered so far stay remembered as far as the new kernel reaches.
     *
     * @param kernel impulse response, [time], or [time][rows][columns]
     */
    public void build(LayerContext context, Shape frameShape, NdArray kernel) {
        int[] size = kernel.shape();
        if (size.length != 1 && size.length != 3) {
            throw new IllegalArgumentException(
                    "a kernel must have the axes (time) or (time, rows, columns) but has the shape "
                            + NdArray.text(size));
        }
        boolean sameFrames = buffer != null && frameShape.equals(shape);
        float[] kept = sameFrames ? history() : null;
        int keptFrames = kt - 1;
        weights = kernel.floats();
        kt = size[0];
        kh = size.length == 3 ? size[1] : 1;
        kw = size.length == 3 ? size[2] : 1;
        shape = frameShape;
        maxFrames = context.maxFrames();
        kernels = context.kernels();
        bands = context.bands();
        buffer = new float[Math.multiplyExact(shape.channels() * (kt - 1 + maxFrames), paddedSize())];
        if (kept == null) {
            clear();
        } else {
            remember(kept, keptFrames);
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
                    remember(array.floats(), kt - 1);
                });
        states.add(name + ".started", () -> NdArray.of(started ? 1L : 0L), v -> started = v.integer() != 0);
        states.onClear(this::clear);
    }

    /** Forgets all frames. */
    public void clear() {
        Arrays.fill(buffer, 0);
        started = false;
    }

    /** Filters {@code count} frames, on all workers; {@code to} may be {@code from}. */
    public void apply(float[] from, int fromAt, float[] to, int toAt, int count) {
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
        bands.run(band, shape.channels() * shape.rows(), 1);
        y = null;
        int size = paddedSize();
        for (int c = 0; c < shape.channels(); c++) {
            int start = c * (kt - 1 + maxFrames) * size;
            System.arraycopy(buffer, start + count * size, buffer, start, (kt - 1) * size);
        }
    }

    private void convolveRows(int worker, int from, int to) {
        for (int row = from; row < to; ) {
            int channel = row / shape.rows();
            int until = Math.min(to, (channel + 1) * shape.rows());
            int first = row - channel * shape.rows();
            kernels.convolveDense(
                    buffer,
                    channel * (kt - 1 + maxFrames) * paddedSize(),
                    y,
                    yAt + channel * shape.pixels(),
                    shape.values(),
                    frames,
                    shape.rows(),
                    shape.columns(),
                    first,
                    first + until - row,
                    weights,
                    kt,
                    kh,
                    kw);
            row = until;
        }
    }

    private int paddedSize() {
        return (shape.rows() + kh - 1) * (shape.columns() + kw - 1);
    }

    /** Puts one frame, with its edges repeated, into slot {@code slot} of each channel. */
    private void store(float[] x, int xAt, int slot) {
        int width = shape.columns() + kw - 1;
        for (int c = 0; c < shape.channels(); c++) {
            int at = (c * (kt - 1 + maxFrames) + slot) * paddedSize();
            for (int i = 0; i < shape.rows() + kh - 1; i++) {
                int row = xAt + c * shape.pixels() + inside(i - kh / 2, shape.rows()) * shape.columns();
                for (int j = 0; j < kw / 2; j++) {
                    buffer[at + j] = x[row];
                }
                System.arraycopy(x, row, buffer, at + kw / 2, shape.columns());
                for (int j = kw / 2 + shape.columns(); j < width; j++) {
                    buffer[at + j] = x[row + shape.columns() - 1];
                }
                at += width;
            }
        }
    }

    private static int inside(int i, int length) {
        return Math.max(0, Math.min(length - 1, i));
    }

    /** The remembered frames, the oldest first, without their borders. */
    private float[] history() {
        float[] out = new float[(kt - 1) * shape.values()];
        int width = shape.columns() + kw - 1;
        for (int c = 0; c < shape.channels(); c++) {
            for (int t = 0; t < kt - 1; t++) {
                for (int i = 0; i < shape.rows(); i++) {
                    int from = (c * (kt - 1 + maxFrames) + t) * paddedSize() + (i + kh / 2) * width + kw / 2;
                    int to = t * shape.values() + c * shape.pixels() + i * shape.columns();
                    System.arraycopy(buffer, from, out, to, shape.columns());
                }
            }
        }
        return out;
    }

    /** Takes over the newest of {@code count} frames; older ones than given count as zero, or as the oldest given. */
    private void remember(float[] frames, int count) {
        for (int t = 0; t < kt - 1; t++) {
            int from = count - (kt - 1) + t;
            if (from >= 0) {
                store(frames, from * shape.values(), t);
            } else if (before == History.FIRST_FRAME && count > 0) {
                store(frames, 0, t);
            }
        }
    }
}
