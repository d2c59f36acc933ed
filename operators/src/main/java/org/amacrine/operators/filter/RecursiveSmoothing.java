package org.amacrine.operators.filter;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.DifferentiableBaseLayer;
import org.amacrine.core.layer.Parameter;

/**
 * Smoothing of each frame by a second-order recursion down the columns and along the rows (Deriche 1990), nearly with a Gaussian of
 * standard deviation {@code 1 / density} pixels. The cost per pixel does not depend on it.
 *
 * <p>Follows the reference: the first pixel of each line leaks into the far end of the line.
 */
public final class RecursiveSmoothing extends DifferentiableBaseLayer {
    private final Parameter density = add(
            Parameter.number("density", 1).unit("1/pixel").above(0).trainable().doc("One over the standard deviation"));
    private final DericheFilter filter = new DericheFilter();
    private DericheAdjoint adjoint;
    /** With gradients: the input of the last chunk. */
    private float[] x;
    /** With gradients: what nobody wants to know of the input. */
    private float[] unwanted;

    private double[] ofCoefficients;

    /**
     * A layer of density 1.
     *
     * @param name what it is called in messages
     */
    public RecursiveSmoothing(String name) {
        super(name);
    }

    @Override
    protected void derive() {
        filter.build(context(), context().input(), density.number());
    }

    @Override
    protected List<Shape> allocate(boolean forGradients) {
        Shape shape = context().input();
        adjoint =
                forGradients ? new DericheAdjoint(context().kernels(), context().bands(), shape) : null;
        x = new float[forGradients ? Math.multiplyExact(context().maxFrames(), shape.values()) : 0];
        unwanted = new float[forGradients ? shape.values() : 0];
        ofCoefficients = new double[DericheAdjoint.COEFFICIENTS];
        return List.of(shape);
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        int frames = in[0].frames();
        if (keepsGradients()) {
            System.arraycopy(
                    in[0].values(), in[0].start(0), x, 0, frames * in[0].shape().values());
        }
        filter.apply(in[0].values(), in[0].start(0), out[0].values(), out[0].start(0), frames);
    }

    @Override
    protected void adjoint(Chunk[] gradientsOut, Chunk[] gradientsIn) {
        Chunk g = gradientsOut[0];
        Chunk ofInput = gradientsIn[0];
        Arrays.fill(ofCoefficients, 0);
        for (int t = 0; t < g.frames(); t++) {
            adjoint.frame(
                    filter.coefficients(),
                    x,
                    t * g.shape().values(),
                    g.values(),
                    g.start(t),
                    ofInput == null ? unwanted : ofInput.values(),
                    ofInput == null ? 0 : ofInput.start(t),
                    ofCoefficients);
        }
        double[] ofDensity = density.gradient();
        if (ofDensity != null) {
            ofDensity[0] += Recursive.dericheSlope(density.number(), ofCoefficients);
        }
    }
}
