package org.amacrine.operators.retina;

import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.layer.DifferentiableBaseLayer;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.Parameter;
import org.amacrine.operators.filter.Fields;
import org.amacrine.operators.filter.SpatialFilter;

/**
 * Current into ganglion cells: a transient of the bipolar potential, a static nonlinearity, and spatial pooling (Wohrer and
 * Kornprobst 2009, eq. 14 to 17).
 *
 * <pre>
 *   V ─▶ transient ─▶ u = sign · … ─▶ n = i0 + lambda (u - v0)              where u > v0
 *                                     n = i0 / (1 - lambda (u - v0) / i0)   elsewhere
 *                                     ─▶ G(pooling) ─▶ output, in hertz
 * </pre>
 *
 * <p>Follows the reference: pooling covers only pixels where its kernel fits, so that the frame shrinks by the kernel's size
 * less one; with {@code poolsToEdge} edge pixels are repeated instead. The kernel is not normalised.
 *
 * <p>It gives gradients of all parameters but the standard deviation of pooling; not with a transient kernel that somebody set.
 */
public final class GanglionInput extends DifferentiableBaseLayer {
    private static final int GRAIN = 1024;

    private final Parameter sign;
    private final Parameter tau;
    private final Parameter weight;
    private final Parameter threshold;
    private final Parameter currentAtThreshold;
    private final Parameter gain;
    private final Parameter poolingSigma;
    private final Parameter transientKernel;
    private final Parameter transientBias;
    private final boolean normalizesPooling;
    private final SpatialFilter pooling;
    private final Transient highPass = new Transient();
    private final Bands.Band band = this::compress;
    private float[] signField;
    private float[] thresholdField;
    private float[] currentField;
    private float[] inverseField;
    private float[] gainField;
    private float[] compressed;
    private Shape outputShape;
    private boolean hasCustomKernel;
    /** Null when nobody wants gradients. */
    private GanglionAdjoint adjoint;

    private float[] y;
    private int yAt;
    private int frames;

    /** ON cells with the reference's pooling. */
    public GanglionInput() {
        this("retina.ganglion-input", 1, false, false);
    }

    /**
     * A layer with a choice of pooling.
     *
     * @param name what it is called in messages
     * @param defaultSign 1 for ON cells, -1 for OFF cells
     * @param poolsToEdge whether pooling keeps the size of the frame
     * @param normalizesPooling whether the pooling kernel is scaled to the sum 1
     */
    public GanglionInput(String name, double defaultSign, boolean poolsToEdge, boolean normalizesPooling) {
        super(name);
        this.normalizesPooling = normalizesPooling;
        sign = add(Parameter.field("sign", defaultSign).trainable().doc("1 for ON cells, -1 for OFF cells"));
        tau = add(Parameter.number("transientTauSeconds", 0.02)
                .unit("s")
                .above(0)
                .trainable()
                .alias("transient_tau_center")
                .doc("Time constant of the transient"));
        weight = add(Parameter.number("transientWeight", 0.7)
                .atLeast(0)
                .trainable()
                .alias("transient_relative_weight_center")
                .doc("Weight of the past in the transient; 1 removes a constant input"));
        currentAtThreshold = add(Parameter.field("currentAtThresholdHertz", 37)
                .unit("Hz")
                .above(0)
                .trainable()
                .alias("i_0")
                .doc("Current at the threshold of linearity"));
        threshold = add(Parameter.field("threshold", 0)
                .trainable()
                .alias("v_0")
                .doc("Potential from which the current is linear"));
        gain = add(Parameter.field("gainHertz", 100)
                .unit("Hz")
                .atLeast(0)
                .trainable()
                .alias("lambda_G")
                .doc("Slope of the current above the threshold"));
        poolingSigma = add(Parameter.number("poolingSigmaDegrees", 0)
                .unit("deg")
                .atLeast(0)
                .alias("sigma_surround")
                .doc("Standard deviation of spatial pooling; 0 for none"));
        transientKernel = add(Parameter.array("transientKernel")
                .derivedFrom(tau, weight)
                .doc("Kernel of the transient along time, the impulse itself first"));
        transientBias = add(Parameter.number("transientBias", 0)
                .trainable()
                .alias("transient.bias")
                .doc("Constant added to the transient"));
        Parameter poolingKernel = add(Parameter.array("poolingKernel")
                .derivedFrom(poolingSigma)
                .trainable()
                .doc("Kernel of spatial pooling, [rows][columns]"));
        Parameter poolingBias = add(Parameter.number("poolingBias", 0)
                .trainable()
                .alias("spatial_pooling.bias")
                .doc("Constant added after pooling"));
        pooling = new SpatialFilter(poolingKernel, poolingBias, poolsToEdge);
    }

    /** Shares the transient with {@code leader}, which gets each chunk first, while both are the same. */
    void mayFollow(GanglionInput leader) {
        highPass.mayFollow(leader.highPass);
    }

    /** Decides whether the transient is shared; to be called before the leader gets a chunk. */
    void decideToFollow() {
        highPass.decide();
    }

    @Override
    public String unit(String output) {
        return "Hz";
    }

    @Override
    protected void derive() {
        LayerContext context = context();
        Shape shape = context.input();
        if (!isPreparing() && transientKernel.overridden() != hasCustomKernel) {
            throw new IllegalArgumentException(
                    "transientKernel changes what the layer remembers, so it cannot be set or unset"
                            + " while frames flow; stop, set it, and start again");
        }
        hasCustomKernel = transientKernel.overridden();
        highPass.build(
                context, tau.number(), weight.number(), hasCustomKernel ? (NdArray) transientKernel.value() : null);
        transientKernel.derive(highPass.kernel());
        signField = Fields.of(sign, shape);
        thresholdField = Fields.of(threshold, shape);
        currentField = Fields.of(currentAtThreshold, shape);
        inverseField = new float[currentField.length];
        for (int p = 0; p < currentField.length; p++) {
            inverseField[p] = 1 / currentField[p];
        }
        gainField = Fields.of(gain, shape);
        double sigmaPixels = context.resolution().toPixels(poolingSigma.number());
        outputShape = pooling.build(context, shape, sigmaPixels, normalizesPooling, isPreparing());
        boolean pools = !pooling.isIdentity();
        compressed = pools ? new float[Math.multiplyExact(context.maxFrames(), shape.values())] : null;
    }

    @Override
    public void keepGradients(boolean keep) {
        if (keep) {
            requireExponential();
        }
        super.keepGradients(keep);
    }

    private void requireExponential() {
        if (transientKernel.overridden()) {
            throw new IllegalArgumentException(parameters().owner()
                    + " gives no gradients through a transientKernel that was set; fit transientTauSeconds and"
                    + " transientWeight instead");
        }
    }

    @Override
    protected List<Shape> allocate(boolean forGradients) {
        adjoint = null;
        if (forGradients) {
            requireExponential();
            GanglionAdjoint.Trained trained =
                    new GanglionAdjoint.Trained(sign, tau, weight, transientBias, currentAtThreshold, threshold, gain);
            adjoint = new GanglionAdjoint(context(), trained, outputShape, pooling);
        }
        highPass.alone(forGradients);
        highPass.register(states(), "transient");
        return List.of(outputShape);
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        frames = in[0].frames();
        if (adjoint != null) {
            adjoint.coefficients(signField, thresholdField, currentField, gainField);
            adjoint.begin(in[0], highPass);
        }
        highPass.apply(in[0]);
        y = compressed == null ? out[0].values() : compressed;
        yAt = compressed == null ? out[0].start(0) : 0;
        context().bands().run(band, context().input().values(), GRAIN);
        if (compressed != null) {
            pooling.apply(compressed, 0, out[0].values(), out[0].start(0), frames);
        }
        y = null;
    }

    @Override
    protected void adjoint(Chunk[] gradientsOut, Chunk[] gradientsIn) {
        adjoint.run(gradientsOut[0], gradientsIn[0], highPass);
    }

    private void compress(int worker, int from, int to) {
        int stride = context().input().values();
        context()
                .kernels()
                .compress(
                        highPass.output(),
                        0,
                        y,
                        yAt,
                        frames,
                        stride,
                        from,
                        to,
                        signField,
                        (float) transientBias.number(),
                        currentField,
                        inverseField,
                        thresholdField,
                        gainField);
    }
}
