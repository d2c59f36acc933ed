package org.amacrine.operators.retina;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.DifferentiableBaseLayer;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.Parameter;
import org.amacrine.operators.filter.CausalConvolution;

/**
 * Outer plexiform layer as one convolution of 100 steps by 11 by 11 pixels: its kernel is the response of {@link Opl} with
 * Deriche smoothing to a unit impulse in the middle of an 11 by 11 field. Before the first frame stand copies of it.
 *
 * <p>Follows the reference: within a retina the amplification of this filter is 1, not 10.
 *
 * <p>Differs from the reference: the kernel is built anew whenever any of its parameters changes, amplification and surround
 * weight included.
 *
 * <p>It gives gradients of the kernel, but not of the numbers that it is built from.
 */
public final class FullConvolutionOpl extends DifferentiableBaseLayer {
    private static final int STEPS = 100;
    private static final int SIDE = 11;

    private final OplParameters p;
    private final Parameter kernel;
    private final CausalConvolution convolution = new CausalConvolution(CausalConvolution.History.FIRST_FRAME);

    /**
     * A layer with the reference's defaults.
     *
     * @param name what it is called in messages
     */
    public FullConvolutionOpl(String name) {
        super(name);
        p = new OplParameters(1, this::add);
        kernel = add(Parameter.array("kernel")
                .derivedFrom(
                        p.centerSigma,
                        p.surroundSigma,
                        p.centerTau,
                        p.surroundTau,
                        p.undershootTau,
                        p.undershootWeight,
                        p.surroundWeight,
                        p.amplification)
                .trainable()
                .doc("Kernel, [time][rows][columns]"));
    }

    @Override
    protected void derive() {
        kernel.derive(impulseResponse());
        convolution.build(context(), context().input(), (NdArray) kernel.value(), keepsGradients());
    }

    private NdArray impulseResponse() {
        Opl opl = new Opl(parameters().owner() + ".kernel", Opl.Smoothing.DERICHE, 1, false);
        for (String name : List.of(
                "centerSigmaDegrees",
                "surroundSigmaDegrees",
                "centerTauSeconds",
                "surroundTauSeconds",
                "undershootTauSeconds",
                "undershootWeight",
                "surroundWeight",
                "amplification")) {
            opl.parameters().set(name, parameters().get(name).value());
        }
        Shape field = Shape.image(SIDE, SIDE);
        opl.prepare(new LayerContext(
                context().path() + ".kernel",
                List.of(field),
                context().resolution(),
                ScalarKernels.INSTANCE,
                Bands.ALONE,
                0,
                STEPS));
        Chunk impulse = Chunk.unpooled(field, STEPS);
        impulse.frames(STEPS);
        Arrays.fill(impulse.values(), 0);
        impulse.values()[SIDE / 2 * SIDE + SIDE / 2] = 1;
        Chunk[] out = {Chunk.unpooled(field, STEPS), Chunk.unpooled(field, STEPS), Chunk.unpooled(field, STEPS)};
        for (Chunk chunk : out) {
            chunk.frames(STEPS);
        }
        opl.process(new Chunk[] {impulse}, out);
        return NdArray.of(out[0].toArray(), STEPS, SIDE, SIDE);
    }

    @Override
    protected List<Shape> allocate(boolean forGradients) {
        convolution.register(states(), "history");
        return List.of(context().input());
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        convolution.apply(in[0].values(), in[0].start(0), out[0].values(), out[0].start(0), in[0].frames());
    }

    @Override
    protected void adjoint(Chunk[] gradientsOut, Chunk[] gradientsIn) {
        Chunk g = gradientsOut[0];
        Chunk input = gradientsIn[0];
        convolution.backward(
                g.values(),
                g.start(0),
                g.frames(),
                kernel.gradient(),
                input == null ? null : input.values(),
                input == null ? 0 : input.start(0));
    }
}
