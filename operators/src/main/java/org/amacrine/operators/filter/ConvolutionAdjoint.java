package org.amacrine.operators.filter;

import java.util.Arrays;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;

/**
 * The way back through a {@link CausalConvolution}. The gradient g of the result stands in a buffer with zeros around and behind
 * it, so that the gradient of the input is a convolution of it with the kernel turned round, and that of the kernel its
 * correlation with the input:
 *
 * <pre>
 *   dL/dw[o][c][p][q][r] = sum_t sum_i sum_j g[o][t][i][j] x[c][t - p][i + cq - q][j + cr - r]
 *   dL/dx[c][t][i][j]    = sum_o sum_p sum_q sum_r w[o][c][p][q][r] g[o][t + p][i - cq + q][j - cr + r]
 *
 *   buffer of a stream   │ the frames of this chunk │ kt - 1 frames of zeros │      each [channel][rows + 2 (kh - 1)][width]
 *   row                  │ kw - 1 zeros │ g │ zeros: at least kw - 1, and so many that g ends with a whole block │
 * </pre>
 *
 * <p>Owned by the operator's thread.
 */
final class ConvolutionAdjoint {
    private final Bands.Band kernelBand = this::correlate;
    private final Bands.Band inputBand = this::convolveFrames;
    private final int outs;
    private final int ins;
    private final int kt;
    private final int kh;
    private final int kw;
    private final Shape shape;
    private final Shape result;
    private final int maxFrames;
    private final int streams;
    /** Columns of a padded frame of the input, as the kernel's gradient sees it. */
    private final int inputColumns;

    private final int inputRows;
    /** Columns of g with zeros up to a whole block. */
    private final int blockColumns;

    private final int width;
    private final int height;
    /** Where in the input's buffer stands what a weight is for, from the first padded pixel of the first channel. */
    private final int[][] offsets;

    private final float[] buffer;
    /** For each input channel: the kernel turned round, {@code [kt x outs][kh][kw]}. */
    private final float[][] turned;
    /** For each worker: the gradient of one padded frame of one channel. */
    private final float[][] padded;

    private Kernels kernels;
    private Bands bands;
    private int frames;
    private float[] x;
    private int streamSize;
    private double[] ofKernel;
    private float[] ofInput;
    private int ofInputAt;
    private CausalConvolution.Border border;

    ConvolutionAdjoint(int[] size, Shape shape, Shape result, int maxFrames, int workers) {
        outs = size[0];
        ins = size[1];
        kt = size[2];
        kh = size[3];
        kw = size[4];
        this.shape = shape;
        this.result = result;
        this.maxFrames = maxFrames;
        streams = shape.channels() / ins;
        inputColumns = result.columns() + kw - 1;
        inputRows = result.rows() + kh - 1;
        blockColumns =
                (result.columns() + Kernels.CORRELATE_BLOCK - 1) / Kernels.CORRELATE_BLOCK * Kernels.CORRELATE_BLOCK;
        width = kw - 1 + Math.max(blockColumns, inputColumns);
        height = result.rows() + 2 * (kh - 1);
        offsets = new int[ins][kt * kh * kw];
        for (int c = 0; c < ins; c++) {
            for (int n = 0; n < offsets[c].length; n++) {
                int p = n / (kh * kw);
                int q = n / kw % kh;
                int r = n % kw;
                int plane = (kt - 1 - p) * ins + c;
                offsets[c][n] = (plane * inputRows + kh - 1 - q) * inputColumns + kw - 1 - r;
            }
        }
        String what = "the gradient of a kernel of " + kt + " steps of " + kh + "x" + kw + " pixels";
        buffer = new float
                [FrameMemory.length(what, (long) streams * (maxFrames + kt - 1), (long) outs * height * width)];
        turned = new float[ins][kt * outs * kh * kw];
        padded = new float[workers][isPoint() ? inputRows * inputColumns : inputRows * (width - kw + 1)];
    }

    /** Whether the result is one pixel, so that most of a convolution would be with zeros. */
    private boolean isPoint() {
        return result.pixels() == 1;
    }

    void build(Kernels backend, Bands workers, float[] w) {
        kernels = backend;
        bands = workers;
        int block = kh * kw;
        for (int c = 0; c < ins; c++) {
            for (int o = 0; o < outs; o++) {
                for (int p = 0; p < kt; p++) {
                    int from = ((o * ins + c) * kt + p) * block;
                    int to = (kt * outs - 1 - (p * outs + o)) * block;
                    for (int n = 0; n < block; n++) {
                        turned[c][to + block - 1 - n] = w[from + n];
                    }
                }
            }
        }
    }

    /** Puts the gradient of the result into the buffer. */
    void take(float[] g, int gAt, int count) {
        frames = count;
        int slot = outs * height * width;
        for (int b = 0; b < streams; b++) {
            int start = b * (maxFrames + kt - 1) * slot;
            for (int t = 0; t < count; t++) {
                for (int o = 0; o < outs; o++) {
                    int from = gAt + t * result.values() + (b * outs + o) * result.pixels();
                    int to = start + t * slot + (o * height + kh - 1) * width + kw - 1;
                    for (int i = 0; i < result.rows(); i++) {
                        System.arraycopy(g, from + i * result.columns(), buffer, to + i * width, result.columns());
                    }
                }
            }
            Arrays.fill(buffer, start + count * slot, start + (count + kt - 1) * slot, 0f);
        }
    }

    /**
     * Adds the gradient of the kernel.
     *
     * @param input the buffer of the input, where a stream takes {@code inputStream} values
     */
    void ofKernel(float[] input, int inputStream, double[] gradient) {
        x = input;
        streamSize = inputStream;
        ofKernel = gradient;
        bands.run(kernelBand, outs * ins * kt * kh * kw, 4);
        x = null;
        ofKernel = null;
    }

    private void correlate(int worker, int from, int to) {
        int each = kt * kh * kw;
        for (int n = from; n < to; ) {
            int pair = n / each;
            int until = Math.min(to, (pair + 1) * each);
            for (int b = 0; b < streams; b++) {
                for (int t = 0; t < frames; t++) {
                    int slot = (b * (maxFrames + kt - 1) + t) * outs + pair / ins;
                    kernels.correlate(
                            buffer,
                            (slot * height + kh - 1) * width + kw - 1,
                            width,
                            x,
                            b * streamSize + t * ins * inputRows * inputColumns,
                            inputColumns,
                            result.rows(),
                            blockColumns,
                            offsets[pair % ins],
                            n - pair * each,
                            until - pair * each,
                            ofKernel,
                            pair * each);
                }
            }
            n = until;
        }
    }

    /** Writes the gradient of the input. */
    void ofInput(float[] gradient, int gradientAt, CausalConvolution.Border edges) {
        ofInput = gradient;
        ofInputAt = gradientAt;
        border = edges;
        bands.run(inputBand, shape.channels() * frames, 1);
        ofInput = null;
    }

    private void convolveFrames(int worker, int from, int to) {
        float[] frame = padded[worker];
        for (int n = from; n < to; n++) {
            int t = n / shape.channels();
            int channel = n % shape.channels();
            int start = (channel / ins * (maxFrames + kt - 1) + t) * outs * height * width;
            if (isPoint()) {
                spread(frame, start, channel % ins);
                fold(frame, inputColumns, t, channel);
            } else {
                int columns = width - kw + 1;
                kernels.convolveDense(
                        buffer,
                        start,
                        frame,
                        0,
                        0,
                        1,
                        inputRows,
                        columns,
                        0,
                        inputRows,
                        turned[channel % ins],
                        kt * outs,
                        kh,
                        kw);
                fold(frame, columns, t, channel);
            }
        }
    }

    /** One pixel of the result spreads over the whole kernel. */
    private void spread(float[] frame, int start, int c) {
        int block = kh * kw;
        Arrays.fill(frame, 0, block, 0f);
        for (int s = 0; s < kt * outs; s++) {
            float g = buffer[start + (s * height + kh - 1) * width + kw - 1];
            int at = (kt * outs - 1 - s) * block;
            kernels.addScaled(frame, 0, turned[c], at, frame, 0, 1, block, 0, block, g);
        }
    }

    /** Adds what came to the pixels beyond an edge to the pixels that were repeated there. */
    private void fold(float[] frame, int columns, int t, int channel) {
        int at = ofInputAt + t * shape.values() + channel * shape.pixels();
        Arrays.fill(ofInput, at, at + shape.pixels(), 0f);
        boolean repeats = border == CausalConvolution.Border.REPEAT;
        int above = repeats ? kh / 2 : 0;
        int left = repeats ? kw / 2 : 0;
        int rows = repeats ? inputRows : Math.min(inputRows, shape.rows());
        int count = Math.min(shape.columns(), inputColumns - left);
        for (int i = 0; i < rows; i++) {
            int row = at + Math.max(0, Math.min(shape.rows() - 1, i - above)) * shape.columns();
            int from = i * columns;
            for (int j = 0; j < left; j++) {
                ofInput[row] += frame[from + j];
            }
            for (int j = 0; j < count; j++) {
                ofInput[row + j] += frame[from + left + j];
            }
            for (int j = left + count; repeats && j < inputColumns; j++) {
                ofInput[row + shape.columns() - 1] += frame[from + j];
            }
        }
    }
}
