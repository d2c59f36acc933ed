package org.amacrine.operators.retina;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.layer.DifferentiableBaseLayer;
import org.amacrine.core.layer.Parameter;
import org.amacrine.operators.filter.DericheFilter;
import org.amacrine.operators.filter.Recursive;
import org.amacrine.operators.filter.SpatialFilter;

/**
 * Outer plexiform layer with recursive temporal filters: what cones and horizontal cells make of luminance (Wohrer and
 * Kornprobst 2009, eq. 1 to 3).
 *
 * <pre>
 *   luminance ─▶ G(center) ─▶ low pass ─▶ high pass ─┬────────────────────────────────▶ C ─┐
 *                                                    └▶ G(surround) ─▶ low pass ─▶ S ─▶ C - w S ─▶ output
 * </pre>
 *
 * <p>G is a truncated Gaussian ({@link Smoothing#GAUSSIAN}, the reference's half-recursive filter) or Deriche's recursive
 * smoothing ({@link Smoothing#DERICHE}, its recursive filter). All states begin at 0, so a constant luminance begins with a
 * large transient.
 *
 * <p>Differs from the reference: the high pass carries its last sample from chunk to chunk, so that any chunking equals the
 * reference run in one chunk. With {@code restartsEachChunk} the first sample of each chunk is used twice, as there.
 *
 * <p>It gives gradients of time constants and weights; with truncated Gaussians also of kernels and biases but not of the standard
 * deviations, as in the reference; with Deriche's smoothing of the standard deviations.
 */
public final class Opl extends DifferentiableBaseLayer {

    /** How frames are smoothed in space. */
    public enum Smoothing {
        /** Convolution with a truncated Gaussian. */
        GAUSSIAN,
        /** Deriche's recursive smoothing. */
        DERICHE
    }

    private static final int GRAIN = 1024;
    /** Pixels that pass through all temporal filters before the next ones do: few enough to stay in the nearest cache. */
    private static final int TILE = 2048;

    private final Smoothing smoothing;
    private final boolean restartsEachChunk;
    private final OplParameters p;
    private final SpatialFilter centerFilter;
    private final SpatialFilter surroundFilter;
    private final DericheFilter centerDeriche = new DericheFilter();
    private final DericheFilter surroundDeriche = new DericheFilter();
    private final Bands.Band centerBand = this::center;
    private final Bands.Band surroundBand = this::surround;

    private Recursive.FirstOrder centerPass;
    private Recursive.FirstOrder undershootPass;
    private Recursive.FirstOrder surroundPass;
    private float[] centerLow;
    private float[] undershootLow;
    private float[] surroundLow;
    private boolean started;
    /** Null when nobody wants gradients. */
    private OplAdjoint adjoint;

    private int values;
    private Chunk c;
    private Chunk s;
    private Chunk out;

    /** The default filter, with the defaults of a single layer (amplification 1). */
    public Opl() {
        this("retina.opl", Smoothing.GAUSSIAN, 1, false);
    }

    /**
     * A layer with a choice of filter.
     *
     * @param name what it is called in messages
     * @param smoothing how frames are smoothed
     * @param amplification default of the amplification: 1 by itself, 10 within a retina
     * @param restartsEachChunk whether to reproduce the reference's chunk artefact
     */
    public Opl(String name, Smoothing smoothing, double amplification, boolean restartsEachChunk) {
        super(name);
        this.smoothing = smoothing;
        this.restartsEachChunk = restartsEachChunk;
        this.p = new OplParameters(amplification, this::add);
        p.makeTrainable();
        if (smoothing == Smoothing.GAUSSIAN) {
            Parameter centerKernel = add(Parameter.array("centerKernel")
                    .derivedFrom(p.centerSigma)
                    .trainable()
                    .doc("Center kernel, [rows][columns]"));
            Parameter centerBias = add(Parameter.number("centerBias", 0)
                    .trainable()
                    .alias("center_G.bias", "opl_filter.center_G.bias")
                    .doc("Constant added after the center kernel"));
            Parameter surroundKernel = add(Parameter.array("surroundKernel")
                    .derivedFrom(p.surroundSigma)
                    .trainable()
                    .doc("Surround kernel, [rows][columns]"));
            Parameter surroundBias = add(Parameter.number("surroundBias", 0)
                    .trainable()
                    .alias("surround_G.bias", "opl_filter.surround_G.bias")
                    .doc("Constant added after the surround kernel"));
            centerFilter = new SpatialFilter(centerKernel, centerBias, true);
            surroundFilter = new SpatialFilter(surroundKernel, surroundBias, true);
        } else {
            p.centerSigma.trainable();
            p.surroundSigma.trainable();
            centerFilter = null;
            surroundFilter = null;
        }
    }

    @Override
    public List<String> outputs() {
        return List.of("output", "center_signal", "surround_signal");
    }

    @Override
    protected void derive() {
        double step = context().resolution().stepSeconds();
        centerPass = Recursive.lowPass(p.centerTau.number(), step);
        undershootPass = Recursive.lowPass(p.undershootTau.number(), step);
        surroundPass = Recursive.lowPass(p.surroundTau.number(), step);
        double centerPixels = context().resolution().toPixels(p.centerSigma.number());
        double surroundPixels = context().resolution().toPixels(p.surroundSigma.number());
        Shape shape = context().input();
        if (smoothing == Smoothing.GAUSSIAN) {
            centerFilter.build(context(), shape, centerPixels, false, true);
            surroundFilter.build(context(), shape, surroundPixels, false, true);
        } else {
            centerDeriche.build(context(), shape, 1 / requirePositive(p.centerSigma));
            surroundDeriche.build(context(), shape, 1 / requirePositive(p.surroundSigma));
        }
    }

    /** The way back through one of the two smoothings; density is one over the standard deviation. */
    private OplAdjoint.Smoothing back(SpatialFilter filter, DericheFilter deriche, Parameter sigma) {
        if (smoothing == Smoothing.GAUSSIAN) {
            return (from, gradient, to, frames) -> filter.adjoint(from, 0, gradient, to, frames);
        }
        return (from, gradient, to, frames) -> {
            double density = 1 / requirePositive(sigma);
            double ofDensity = deriche.adjoint(from, 0, gradient, to, frames);
            OplAdjoint.add(sigma, -ofDensity * density / sigma.number());
        };
    }

    private double requirePositive(Parameter sigma) {
        if (sigma.number() == 0) {
            throw new IllegalArgumentException(sigma.name()
                    + " must be > 0 for recursive smoothing but was 0; use the Gaussian filter for no smoothing");
        }
        return context().resolution().toPixels(sigma.number());
    }

    @Override
    protected List<Shape> allocate(boolean forGradients) {
        Shape shape = context().input();
        adjoint = forGradients
                ? new OplAdjoint(
                        context(),
                        p,
                        back(centerFilter, centerDeriche, p.centerSigma),
                        back(surroundFilter, surroundDeriche, p.surroundSigma))
                : null;
        values = shape.values();
        int[] axes = {shape.channels(), shape.rows(), shape.columns()};
        centerLow = new float[values];
        undershootLow = new float[values];
        surroundLow = new float[values];
        states().add("centerLowPass", centerLow, axes);
        states().add("undershootLowPass", undershootLow, axes);
        states().add("surroundLowPass", surroundLow, axes);
        states().add("started", () -> NdArray.of(started ? 1L : 0L), v -> started = v.integer() != 0);
        states().onClear(() -> {
            Arrays.fill(centerLow, 0);
            Arrays.fill(undershootLow, 0);
            Arrays.fill(surroundLow, 0);
            started = false;
        });
        return List.of(shape, shape, shape);
    }

    @Override
    public void process(Chunk[] in, Chunk[] outputs) {
        out = outputs[0];
        c = outputs[1];
        s = outputs[2];
        int frames = in[0].frames();
        smooth(true, in[0], c, frames);
        if (adjoint != null) {
            adjoint.begin(in[0], c, !started || restartsEachChunk, centerLow, undershootLow, surroundLow);
        }
        context().bands().run(centerBand, values, GRAIN);
        started = true;
        smooth(false, c, s, frames);
        if (adjoint != null) {
            adjoint.keepCenter(c, s);
        }
        context().bands().run(surroundBand, values, GRAIN);
        out = null;
        c = null;
        s = null;
    }

    @Override
    protected void adjoint(Chunk[] gradientsOut, Chunk[] gradientsIn) {
        adjoint.run(gradientsOut, gradientsIn[0], centerPass, undershootPass, surroundPass);
    }

    private void smooth(boolean center, Chunk x, Chunk y, int frames) {
        if (smoothing == Smoothing.GAUSSIAN) {
            (center ? centerFilter : surroundFilter).apply(x.values(), x.start(0), y.values(), y.start(0), frames);
        } else {
            (center ? centerDeriche : surroundDeriche).apply(x.values(), x.start(0), y.values(), y.start(0), frames);
        }
    }

    /** Low pass, then high pass, in place. */
    private void center(int worker, int from, int to) {
        Kernels kernels = context().kernels();
        float gain = (float) (p.amplification.number() * centerPass.b());
        float weight = (float) p.undershootWeight.number();
        boolean restarts = !started || restartsEachChunk;
        for (int tile = from; tile < to; tile += TILE) {
            int end = Math.min(to, tile + TILE);
            if (restarts) {
                beginHighPass(kernels, tile, end, gain, weight);
            }
            int first = restarts ? 1 : 0;
            int at = c.start(first);
            kernels.bandPass(
                    c.values(),
                    at,
                    c.values(),
                    at,
                    centerLow,
                    undershootLow,
                    c.frames() - first,
                    values,
                    tile,
                    end,
                    gain,
                    centerPass.a(),
                    undershootPass.b(),
                    undershootPass.a(),
                    weight);
        }
    }

    /** The first frame of the high pass, which takes the frame itself for the one before it. */
    private void beginHighPass(Kernels kernels, int from, int to, float gain, float weight) {
        float[] y = c.values();
        int at = c.start(0);
        kernels.firstOrder(y, at, y, at, centerLow, 1, values, from, to, gain, centerPass.a());
        kernels.firstOrder(y, at, y, at, undershootLow, 1, values, from, to, undershootPass.b(), undershootPass.a());
        kernels.addScaled(centerLow, 0, undershootLow, 0, y, at, 1, values, from, to, -weight);
    }

    /** Low pass in place, then the difference. */
    private void surround(int worker, int from, int to) {
        Kernels kernels = context().kernels();
        float weight = (float) -p.surroundWeight.number();
        for (int t = 0; t < s.frames(); t++) {
            int at = s.start(t);
            for (int tile = from; tile < to; tile += TILE) {
                int end = Math.min(to, tile + TILE);
                kernels.firstOrder(
                        s.values(),
                        at,
                        s.values(),
                        at,
                        surroundLow,
                        1,
                        values,
                        tile,
                        end,
                        surroundPass.b(),
                        surroundPass.a());
                kernels.addScaled(
                        c.values(),
                        c.start(t),
                        s.values(),
                        at,
                        out.values(),
                        out.start(t),
                        1,
                        values,
                        tile,
                        end,
                        weight);
            }
        }
    }
}
