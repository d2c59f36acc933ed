package org.amacrine.operators.retina;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.layer.DifferentiableBaseLayer;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.Resolution;
import org.amacrine.operators.filter.CausalConvolution;
import org.amacrine.operators.filter.Exponential;
import org.amacrine.operators.filter.SpatialFilter;

/**
 * Outer plexiform layer of truncated convolutions: Gaussians in space, exponential kernels in time.
 *
 * <pre>
 *   luminance ─▶ G(center) ─▶ exponential ─▶ high pass ─┬───────────────────────────────▶ C ─┐
 *                                                       └▶ G(surround) ─▶ exponential ─▶ S ─▶ C - w S ─▶ output
 * </pre>
 *
 * <p>Follows the reference: the amplification has no effect.
 *
 * <p>Differs from the reference: before the first frame all is dark, and what a chunk leaves is carried into the next one
 * exactly. The reference puts the first frames of each chunk, which lie in its future, in place of its past, so that its
 * output depends strongly on the chunk length; {@code restartsEachChunk} reproduces that.
 *
 * <p>It gives gradients of the kernels and the weight of the surround, but not of the numbers that kernels are built from, and none
 * where it restarts with each chunk.
 */
public final class SeparableOpl extends DifferentiableBaseLayer {
    private static final int GRAIN = 1024;

    private final OplParameters p;
    private final Parameter centerKernel;
    private final Parameter undershootKernel;
    private final Parameter surroundKernel;
    private final SpatialFilter centerSpace;
    private final SpatialFilter surroundSpace;
    private final boolean restartsEachChunk;
    private final CausalConvolution centerTime;
    private final CausalConvolution undershootTime = new CausalConvolution(CausalConvolution.History.ZERO);
    private final CausalConvolution surroundTime;
    private final Bands.Band difference = this::subtract;
    private int margin;
    private float[] c;
    private float[] s;
    private int signalAt;
    private Chunk out;
    // For the way back; null without.
    private float[] seen;
    private float[] later;
    private float[] earlier;
    private double[] wide;
    private double[] wideEarlier;

    /**
     * A layer with the reference's defaults.
     *
     * @param name what it is called in messages
     * @param restartsEachChunk whether to reproduce the reference's chunk artefact
     */
    public SeparableOpl(String name, boolean restartsEachChunk) {
        super(name);
        this.restartsEachChunk = restartsEachChunk;
        CausalConvolution.History before =
                restartsEachChunk ? CausalConvolution.History.FIRST_FRAME : CausalConvolution.History.ZERO;
        centerTime = new CausalConvolution(before);
        surroundTime = new CausalConvolution(before);
        p = new OplParameters(1, this::add);
        p.surroundWeight.trainable();
        centerKernel = add(Parameter.array("centerTimeKernel")
                .derivedFrom(p.centerTau, p.centerOrder)
                .trainable()
                .doc("Kernel of the center along time"));
        undershootKernel = add(Parameter.array("undershootKernel")
                .derivedFrom(p.undershootTau, p.undershootWeight)
                .trainable()
                .doc("Kernel of the high pass along time"));
        surroundKernel = add(Parameter.array("surroundTimeKernel")
                .derivedFrom(p.surroundTau)
                .trainable()
                .doc("Kernel of the surround along time"));
        Parameter none = Parameter.number("bias", 0);
        centerSpace = new SpatialFilter(
                add(Parameter.array("centerKernel")
                        .derivedFrom(p.centerSigma)
                        .trainable()
                        .doc("Center kernel, [rows][columns]")),
                none,
                true);
        surroundSpace = new SpatialFilter(
                add(Parameter.array("surroundKernel")
                        .derivedFrom(p.surroundSigma)
                        .trainable()
                        .doc("Surround kernel, [rows][columns]")),
                none,
                true);
    }

    @Override
    public void keepGradients(boolean keep) {
        if (keep && restartsEachChunk) {
            throw new IllegalArgumentException(parameters().owner()
                    + " gives no gradients where it restarts with each chunk; leave restartsEachChunk off");
        }
        super.keepGradients(keep);
    }

    @Override
    protected void derive() {
        TimeKernels kernels = TimeKernels.of(p, context().resolution());
        centerKernel.derive(NdArray.of(kernels.center(), kernels.center().length));
        undershootKernel.derive(NdArray.of(kernels.undershoot(), kernels.undershoot().length));
        surroundKernel.derive(NdArray.of(kernels.surround(), kernels.surround().length));
        Shape shape = context().input();
        centerSpace.build(context(), shape, context().resolution().toPixels(p.centerSigma.number()), false, true);
        surroundSpace.build(context(), shape, context().resolution().toPixels(p.surroundSigma.number()), false, true);
        margin = restartsEachChunk ? ((NdArray) undershootKernel.value()).size() - 1 : 0;
        int frames = context().maxFrames() + 2 * margin;
        LayerContext padded = context().withMaxFrames(frames);
        centerTime.build(padded, shape, CausalConvolution.alongTime((NdArray) centerKernel.value()), keepsGradients());
        undershootTime.build(
                padded, shape, CausalConvolution.alongTime((NdArray) undershootKernel.value()), keepsGradients());
        surroundTime.build(
                padded, shape, CausalConvolution.alongTime((NdArray) surroundKernel.value()), keepsGradients());
        c = new float[Math.multiplyExact(frames, shape.values())];
        s = new float[Math.multiplyExact(frames, shape.values())];
        boolean forGradients = keepsGradients();
        seen = forGradients ? new float[c.length] : null;
        later = forGradients ? new float[c.length] : null;
        earlier = forGradients ? new float[c.length] : null;
        wide = forGradients ? new double[c.length] : null;
        wideEarlier = forGradients ? new double[c.length] : null;
    }

    @Override
    protected List<Shape> allocate(boolean forGradients) {
        centerTime.register(states(), "centerHistory");
        if (!restartsEachChunk) {
            undershootTime.register(states(), "undershootHistory");
            surroundTime.register(states(), "surroundHistory");
        }
        return List.of(context().input());
    }

    @Override
    public void process(Chunk[] in, Chunk[] outputs) {
        int frames = in[0].frames();
        int values = in[0].shape().values();
        if (restartsEachChunk) {
            center(in[0], frames, values);
        } else {
            if (seen != null) {
                System.arraycopy(in[0].values(), in[0].start(0), seen, 0, frames * values);
            }
            centerSpace.apply(in[0].values(), in[0].start(0), c, 0, frames);
            centerTime.apply(c, 0, c, 0, frames);
            undershootTime.apply(c, 0, c, 0, frames);
        }
        signalAt = margin * values;
        surroundSpace.apply(c, signalAt, s, signalAt, frames);
        surroundTime.apply(s, signalAt, s, signalAt, frames);
        out = outputs[0];
        context().bands().run(difference, frames * values, GRAIN);
        out = null;
    }

    /**
     * The center signal as the reference has it: the chunk between two margins, each zeros that end in the chunk's own first
     * frames; the center's kernel remembers the end of the second margin, the other kernels nothing.
     */
    private void center(Chunk x, int frames, int values) {
        int copied = Math.min(frames, margin);
        int before = (margin - copied) * values;
        int after = (margin + frames) * values;
        Arrays.fill(s, 0, (2 * margin + frames) * values, 0);
        System.arraycopy(x.values(), x.start(0), s, before, copied * values);
        System.arraycopy(x.values(), x.start(0), s, margin * values, frames * values);
        System.arraycopy(x.values(), x.start(0), s, after + before, copied * values);
        centerSpace.apply(s, 0, c, 0, 2 * margin + frames);
        centerTime.apply(c, 0, c, 0, 2 * margin + frames);
        undershootTime.clear();
        undershootTime.apply(c, 0, c, 0, margin + frames);
        surroundTime.clear();
    }

    private void subtract(int worker, int from, int to) {
        float weight = (float) -p.surroundWeight.number();
        context().kernels().addScaled(c, signalAt, s, signalAt, out.values(), out.start(0), 1, 0, from, to, weight);
    }

    /** Backwards through the stages of {@link #process}. */
    @Override
    protected void adjoint(Chunk[] gradientsOut, Chunk[] gradientsIn) {
        Chunk g = gradientsOut[0];
        int frames = g.frames();
        int count = frames * g.shape().values();
        surroundBack(g, frames, count);
        for (int i = 0; i < count; i++) {
            later[i] = (float) (g.values()[g.start(0) + i] + wideEarlier[i]);
        }
        undershootTime.backward(later, 0, frames, undershootKernel.gradient(), earlier, 0);
        centerTime.backward(earlier, 0, frames, centerKernel.gradient(), later, 0);
        for (int i = 0; i < count; i++) {
            wide[i] = later[i];
        }
        Chunk input = gradientsIn[0];
        centerSpace.adjoint(seen, 0, wide, input == null ? null : wideEarlier, frames);
        for (int i = 0; input != null && i < count; i++) {
            input.values()[input.start(0) + i] = (float) wideEarlier[i];
        }
    }

    /** Leaves the gradient that comes to C through the surround. */
    private void surroundBack(Chunk g, int frames, int count) {
        double[] ofWeight = p.surroundWeight.gradient();
        float weight = (float) p.surroundWeight.number();
        double sum = 0;
        for (int i = 0; i < count; i++) {
            float change = g.values()[g.start(0) + i];
            later[i] = -weight * change;
            sum += (double) change * s[i];
        }
        if (ofWeight != null) {
            ofWeight[0] -= sum;
        }
        surroundTime.backward(later, 0, frames, surroundKernel.gradient(), earlier, 0);
        for (int i = 0; i < count; i++) {
            wide[i] = earlier[i];
        }
        surroundSpace.adjoint(c, 0, wide, wideEarlier, frames);
    }

    /** The three kernels along time. */
    record TimeKernels(float[] center, float[] undershoot, float[] surround) {
        static TimeKernels of(OplParameters p, Resolution resolution) {
            double epsilon = resolution.filterEpsilon();
            return new TimeKernels(
                    Exponential.taps(
                            resolution.toSteps(p.centerTau.number()),
                            p.centerOrder.integer(),
                            1,
                            true,
                            Exponential.Parity.ANY,
                            epsilon),
                    Exponential.highPass(
                            resolution.toSteps(p.undershootTau.number()), p.undershootWeight.number(), epsilon),
                    Exponential.taps(
                            resolution.toSteps(p.surroundTau.number()), 0, 1, true, Exponential.Parity.ANY, epsilon));
        }
    }
}
