package org.amacrine.operators.filter;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.RowSum;
import org.amacrine.core.layer.DifferentiableBaseLayer;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.Resolution;

/**
 * A convolution in time and space, with several channels:
 * {@code y[o][t][i][j] = bias[o] + sum_c sum_p sum_q sum_r w[o][c][p][q][r] x[c][t - p][i + cq - q][j + cr - r]}, where
 * {@code cq = K - 1 - K / 2} is the middle of an odd kernel and the lower middle of an even one. The impulse response is w. With one
 * step it filters each frame by itself, with one row and column each pixel.
 *
 * <p>Before the first frame stand copies of it. Frames of more channels than the kernel takes are independent streams, one behind
 * the other, such as the batches of the reference: kernel {@code [3][2][..]} makes 6 channels of 4.
 *
 * <p>Follows the reference: new kernels and biases are zero.
 *
 * <p>Differs from the reference: the past is kept exactly for any chunk length, where the reference needs chunks at least as long as
 * the kernel.
 */
public final class Convolution extends DifferentiableBaseLayer {
    private final CausalConvolution.Border border;
    private final int[] firstAxes;
    /** The kernel while nobody has set one. */
    private NdArray first;
    /** What that kernel follows from; null when it stays as it is. */
    private Function<Resolution, NdArray> firstOf;

    private boolean preservesChannels;

    private final Parameter weight;
    /** Null when nothing is added. */
    private final Parameter bias;

    private final CausalConvolution convolution;
    private Shape result;

    /**
     * A layer with a kernel of zeros; at the corner of frames, the mean over the frame and the kernel's steps.
     *
     * @param name what it is called in messages
     * @param border what happens at the edges of a frame
     * @param hasBias whether a number is added to each output channel
     * @param kernel its extent: (time), (rows, columns), (time, rows, columns) or (out, in, time, rows, columns)
     */
    public Convolution(String name, CausalConvolution.Border border, boolean hasBias, int... kernel) {
        super(name);
        this.border = border;
        firstAxes = CausalConvolution.axes(kernel);
        convolution = new CausalConvolution(CausalConvolution.History.FIRST_FRAME, border);
        weight = add(Parameter.array("weight")
                .trainable()
                .checked(value -> fiveAxes((NdArray) value))
                .doc(
                        "Impulse response, [out][in][time][row][column]; fewer axes: time, or rows and columns, or all three;"
                                + " one number fills it"));
        bias = hasBias
                ? add(Parameter.array("bias")
                        .trainable()
                        .checked(value -> filled((NdArray) value, axes()[0]))
                        .doc("What is added, one number for each output channel, or one for all"))
                : null;
        startWith(zeros(firstAxes));
        deriveBias();
    }

    /**
     * Sets the kernel that the layer has while nobody sets another.
     *
     * @param kernel of the extent that the layer was made with, all five axes
     * @return this layer
     */
    public Convolution startWith(NdArray kernel) {
        if (!Arrays.equals(kernel.shape(), firstAxes)) {
            throw new IllegalArgumentException("the kernel to begin with must have the shape " + NdArray.text(firstAxes)
                    + " but has " + NdArray.text(kernel.shape()));
        }
        first = kernel;
        firstOf = null;
        weight.derive(first);
        return this;
    }

    /**
     * The same with a kernel that follows from the resolution, and is made anew with each preparation.
     *
     * @param kernel of any of the numbers of axes that {@code weight} may have, for example {@link Gaussian#ofDegrees}
     * @return this layer
     */
    public Convolution startWith(Function<Resolution, NdArray> kernel) {
        firstOf = kernel;
        return this;
    }

    /**
     * Has a kernel of fewer than five axes stand for all pairs of an output and an input channel of the one before, where it
     * otherwise leaves one of each.
     *
     * @return this layer
     */
    public Convolution preserveChannels() {
        preservesChannels = true;
        return this;
    }

    /** A receptive field: one pixel that sums up a whole frame, or its first rows and columns, over some steps. */
    public static Convolution receptiveField(String name, boolean hasBias, int... kernel) {
        return new Convolution(name, CausalConvolution.Border.CORNER, hasBias, kernel);
    }

    /**
     * A kernel as the reference's parameter files hold it, which is reversed along time, rows and columns; and back.
     *
     * @param kernel with any of the numbers of axes that a kernel may have
     */
    public static NdArray stored(NdArray kernel) {
        int[] axes = CausalConvolution.axes(kernel.shape());
        int block = axes[2] * axes[3] * axes[4];
        float[] from = kernel.floats();
        float[] to = new float[from.length];
        for (int i = 0; i < from.length; i++) {
            to[i - i % block + block - 1 - i % block] = from[i];
        }
        return NdArray.of(to, kernel.shape().clone());
    }

    private static NdArray zeros(int... axes) {
        return NdArray.of(new float[NdArray.count(axes)], axes.clone());
    }

    private int[] axes() {
        return ((NdArray) weight.value()).shape();
    }

    private NdArray fiveAxes(NdArray given) {
        if (given.shape().length == 0) {
            return filled(given, axes());
        }
        int[] axes = CausalConvolution.axes(given.shape());
        float[] values = given.floats();
        if (preservesChannels && given.shape().length < axes.length) {
            axes[0] = axes()[0];
            axes[1] = axes()[1];
            int block = values.length;
            values = Arrays.copyOf(values, NdArray.count(axes));
            for (int to = block; to < values.length; to += block) {
                System.arraycopy(values, 0, values, to, block);
            }
        }
        return NdArray.of(values, axes);
    }

    private static NdArray filled(NdArray given, int... axes) {
        if (given.size() != 1) {
            return given;
        }
        float[] values = new float[NdArray.count(axes)];
        Arrays.fill(values, given.floats()[0]);
        return NdArray.of(values, axes.clone());
    }

    @Override
    protected void derive() {
        Shape frames = context().input();
        if (firstOf != null) {
            first = fiveAxes(firstOf.apply(context().resolution()));
        }
        weight.derive(border == CausalConvolution.Border.CORNER ? mean(frames) : first);
        deriveBias();
        if (bias != null && bias.size() != axes()[0]) {
            throw new IllegalArgumentException("bias has " + bias.size() + " values but the kernel " + axes()[0]
                    + " output channels; give one for each");
        }
        Shape next = convolution.resultOf(frames, axes());
        if (!isPreparing() && !next.equals(result)) {
            throw new IllegalArgumentException("a kernel of the shape " + NdArray.text(axes())
                    + " would change the frames from " + result + " to " + next
                    + " while they flow; stop, set it, and start again");
        }
        result = convolution.build(context(), frames, (NdArray) weight.value(), keepsGradients());
    }

    /** The mean over as many rows and columns as the frame has, where the kernel was given none. */
    private NdArray mean(Shape frames) {
        int[] axes = firstAxes.clone();
        if (axes[3] == 1 && axes[4] == 1) {
            axes[3] = frames.rows();
            axes[4] = frames.columns();
        }
        float[] values = new float[NdArray.count(axes)];
        Arrays.fill(values, 1f / (axes[1] * axes[2] * axes[3] * axes[4]));
        return NdArray.of(values, axes);
    }

    private void deriveBias() {
        if (bias != null) {
            bias.derive(zeros(axes()[0]));
        }
    }

    @Override
    protected List<Shape> allocate(boolean forGradients) {
        convolution.register(states(), "past");
        return List.of(result);
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        Chunk y = out[0];
        convolution.apply(in[0].values(), in[0].start(0), y.values(), y.start(0), in[0].frames());
        if (bias != null) {
            float[] offsets = bias.values();
            int pixels = result.pixels();
            for (int plane = 0; plane < in[0].frames() * result.channels(); plane++) {
                float offset = offsets[plane % result.channels() % offsets.length];
                int at = y.start(0) + plane * pixels;
                if (offset != 0) {
                    context().kernels().scale(y.values(), at, y.values(), at, 0, pixels, 1f, offset);
                }
            }
        }
    }

    @Override
    protected void adjoint(Chunk[] gradientsOut, Chunk[] gradientsIn) {
        Chunk g = gradientsOut[0];
        double[] ofBias = bias == null ? null : bias.gradient();
        if (ofBias != null) {
            for (int plane = 0; plane < g.frames() * result.channels(); plane++) {
                ofBias[plane % result.channels() % ofBias.length] +=
                        RowSum.of(g.values(), g.start(0) + plane * result.pixels(), result.pixels());
            }
        }
        Chunk input = gradientsIn[0];
        convolution.backward(
                g.values(),
                g.start(0),
                g.frames(),
                weight.gradient(),
                input == null ? null : input.values(),
                input == null ? 0 : input.start(0));
    }
}
