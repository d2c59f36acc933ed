package org.amacrine.operators.retina;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.FloatMath;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.layer.DifferentiableBaseLayer;
import org.amacrine.core.layer.Parameter;
import org.amacrine.operators.filter.Fields;
import org.amacrine.operators.filter.SpatialFilter;

/**
 * Bipolar cells with contrast gain control: a leaky membrane whose conductance grows with the squared potential of its
 * neighbourhood (Wohrer and Kornprobst 2009, eq. 10 to 12).
 *
 * <pre>
 *   e = inputHertz x / (leakHertz + J)
 *   V ← (V - e) exp(-h (leakHertz + J)) + e
 *   Q = feedbackHertz V² (1 + k) + k J          with V and J of the step before
 *   J ← G * (Q - mean Q) + mean Q               G: Gaussian, the mean taken over the frame
 * </pre>
 *
 * <p>V begins at 0. Follows the reference ({@link Adaptation#REFERENCE}): J begins at 1, h is 0.001 s whatever the rate, and
 * k = exp(-0.001 / 5) whatever {@code adaptationTauSeconds}, so that J integrates over 5 s with a gain of about 10⁴. G is not
 * normalised.
 *
 * <p>Differs from the reference ({@link Adaptation#PAPER}): as the paper means it, h is the step of the resolution,
 * k = exp(-h / adaptationTauSeconds), the drive enters with 1 - k, a gain of one, and J begins at 0.
 *
 * <p>It gives gradients of the three gains, of G and of the bias, but not of its standard deviation nor of the time constant.
 */
public final class Bipolar extends DifferentiableBaseLayer {

    /** What the adaptation follows. */
    public enum Adaptation {
        /** The published code. */
        REFERENCE,
        /** The published equations. */
        PAPER
    }

    private static final int GRAIN = 1024;
    private static final double REFERENCE_STEP = 0.001;
    private static final double REFERENCE_TAU = 5;

    private final Adaptation adaptation;
    private final Parameter feedback;
    private final Parameter leak;
    private final Parameter input;
    private final Parameter adaptationSigma;
    private final Parameter adaptationTau;
    private final SpatialFilter pooling;
    private final Bands.Band uniformBand = this::relaxUniform;
    private final Bands.Band driveBand = this::relaxAndDrive;
    private final Bands.Band sumBand = this::sumRows;
    private final Bands.Band centreBand = this::subtractMean;
    private final Bands.Band restoreBand = this::addMean;

    private Shape shape;
    /** Null when nobody wants gradients. */
    private BipolarAdjoint adjoint;

    private float step;
    private float keep;
    private float gain;
    private float[] drive;
    private float[] feedbackField;
    private float[] leakField;
    private float[] inputField;
    private boolean feedsBack;
    /** V. */
    private float[] potential;
    /** J; while it is the same everywhere, only its first value is kept up. */
    private float[] inhibition;

    private boolean uniform;
    private float[] q;
    private double[] rowSums;
    private float[] means;
    private float[] rate;
    private float[] decay;
    private Chunk x;
    private Chunk y;
    private int frame;

    /** The reference's adaptation. */
    public Bipolar() {
        this("retina.bipolar", Adaptation.REFERENCE);
    }

    /**
     * A layer with a choice of adaptation.
     *
     * @param name what it is called in messages
     * @param adaptation what it follows
     */
    public Bipolar(String name, Adaptation adaptation) {
        super(name);
        this.adaptation = adaptation;
        feedback = add(Parameter.field("feedbackHertz", 0)
                .unit("Hz")
                .atLeast(0)
                .trainable()
                .alias("lambda_amp")
                .doc("Gain of the contrast gain control; 0 switches it off"));
        leak = add(Parameter.field("leakHertz", 50)
                .unit("Hz")
                .above(0)
                .trainable()
                .alias("g_leak")
                .doc("Leak conductance"));
        input = add(Parameter.field("inputHertz", 50)
                .unit("Hz")
                .trainable()
                .alias("input_amp")
                .doc("Gain of the input current"));
        adaptationSigma = add(Parameter.number("adaptationSigmaDegrees", 0.2)
                .unit("deg")
                .atLeast(0)
                .alias("adaptation_sigma")
                .doc("Standard deviation of the neighbourhood that inhibits"));
        adaptationTau = add(Parameter.number("adaptationTauSeconds", 0.005)
                .unit("s")
                .above(0)
                .alias("tau")
                .doc(
                        adaptation == Adaptation.REFERENCE
                                ? "Time constant of the adaptation; without effect, as in the reference"
                                : "Time constant of the adaptation"));
        Parameter kernel = add(Parameter.array("adaptationKernel")
                .derivedFrom(adaptationSigma)
                .trainable()
                .doc("Kernel of the neighbourhood, [rows][columns]"));
        Parameter bias = add(Parameter.number("adaptationBias", 0)
                .trainable()
                .alias("conv2d.bias")
                .doc("Constant added to the inhibition at each step"));
        pooling = new SpatialFilter(kernel, bias, true);
    }

    @Override
    protected void derive() {
        boolean paper = adaptation == Adaptation.PAPER;
        double h = paper ? context().resolution().stepSeconds() : REFERENCE_STEP;
        double tau = paper ? adaptationTau.number() : REFERENCE_TAU;
        step = (float) h;
        keep = (float) Math.exp(-h / tau);
        gain = paper ? 1f - keep : 1f + keep;
        pooling.build(
                context(), context().input(), context().resolution().toPixels(adaptationSigma.number()), false, true);
        Shape frames = context().input();
        feedbackField = Fields.of(feedback, frames).clone();
        leakField = Fields.of(leak, frames);
        inputField = Fields.of(input, frames);
        feedsBack = pooling.hasBias();
        for (int i = 0; i < feedbackField.length; i++) {
            feedsBack |= feedbackField[i] != 0;
            feedbackField[i] *= gain;
        }
    }

    @Override
    protected List<Shape> allocate(boolean forGradients) {
        shape = context().input();
        adjoint = forGradients ? new BipolarAdjoint(context(), pooling, feedback, leak, input) : null;
        potential = new float[shape.values()];
        inhibition = new float[shape.values()];
        q = new float[shape.values()];
        drive = new float[shape.values()];
        rowSums = new double[shape.channels() * shape.rows()];
        means = new float[shape.channels()];
        rate = new float[context().maxFrames()];
        decay = new float[context().maxFrames()];
        int[] axes = {shape.channels(), shape.rows(), shape.columns()};
        states().add("potential", potential, axes);
        states().add(
                        "inhibition",
                        () -> {
                            spread();
                            return NdArray.of(inhibition.clone(), axes.clone());
                        },
                        array -> {
                            if (array.size() != inhibition.length) {
                                throw new IllegalArgumentException("needs the shape " + NdArray.text(axes)
                                        + " but was given " + NdArray.text(array.shape()));
                            }
                            System.arraycopy(array.floats(), 0, inhibition, 0, inhibition.length);
                            uniform = isUniform(inhibition);
                        });
        states().onClear(() -> {
            Arrays.fill(potential, 0);
            Arrays.fill(inhibition, adaptation == Adaptation.PAPER ? 0 : 1);
            uniform = true;
        });
        return List.of(shape);
    }

    private static boolean isUniform(float[] values) {
        for (float value : values) {
            if (value != values[0]) {
                return false;
            }
        }
        return true;
    }

    /** Writes the one value that is kept up to all pixels. */
    private void spread() {
        if (uniform) {
            Arrays.fill(inhibition, inhibition[0]);
        }
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        x = in[0];
        y = out[0];
        if (adjoint != null) {
            adjoint.coefficients(step, keep, gain, feedbackField, leakField, inputField);
            adjoint.begin(x);
        }
        if (adjoint == null && uniform && !feedsBack && leakField.length == 1 && inputField.length == 1) {
            relaxAllFrames();
        } else {
            spread();
            uniform = false;
            for (frame = 0; frame < x.frames(); frame++) {
                if (adjoint != null) {
                    adjoint.before(frame, potential, inhibition);
                }
                relaxOneFrame();
            }
        }
        x = null;
        y = null;
    }

    @Override
    protected void adjoint(Chunk[] gradientsOut, Chunk[] gradientsIn) {
        adjoint.run(gradientsOut[0], gradientsIn[0]);
    }

    /** Without feedback J stays the same everywhere: Q equals its mean exactly, and each step only scales J. */
    private void relaxAllFrames() {
        float j = inhibition[0];
        for (int t = 0; t < x.frames(); t++) {
            rate[t] = leakField[0] + j;
            decay[t] = FloatMath.exp(-step * rate[t]);
            j = keep * j;
        }
        context().bands().run(uniformBand, shape.values(), GRAIN);
        inhibition[0] = j;
    }

    private void relaxUniform(int worker, int from, int to) {
        kernels()
                .relax(
                        x.values(),
                        x.start(0),
                        y.values(),
                        y.start(0),
                        potential,
                        x.frames(),
                        shape.values(),
                        from,
                        to,
                        inputField[0],
                        rate,
                        decay);
    }

    private void relaxOneFrame() {
        Bands bands = context().bands();
        bands.run(driveBand, shape.values(), GRAIN);
        bands.run(sumBand, rowSums.length, GRAIN / shape.columns() + 1);
        for (int c = 0; c < shape.channels(); c++) {
            double sum = 0;
            for (int i = c * shape.rows(); i < (c + 1) * shape.rows(); i++) {
                sum += rowSums[i];
            }
            means[c] = (float) (sum / shape.pixels());
        }
        bands.run(centreBand, shape.channels() * shape.rows(), GRAIN / shape.columns() + 1);
        pooling.apply(drive, 0, inhibition, 0, 1);
        bands.run(restoreBand, shape.channels() * shape.rows(), GRAIN / shape.columns() + 1);
    }

    private void relaxAndDrive(int worker, int from, int to) {
        kernels().feedback(potential, inhibition, q, from, to, feedbackField, keep);
        kernels()
                .relaxEach(
                        x.values(),
                        x.start(frame),
                        y.values(),
                        y.start(frame),
                        potential,
                        from,
                        to,
                        inputField,
                        leakField,
                        inhibition,
                        step);
    }

    private void sumRows(int worker, int from, int to) {
        kernels().rowSums(q, 0, shape.columns(), from, to, rowSums);
    }

    private void subtractMean(int worker, int from, int to) {
        shift(q, drive, from, to, -1);
    }

    private void addMean(int worker, int from, int to) {
        shift(inhibition, inhibition, from, to, 1);
    }

    private void shift(float[] from, float[] to, int fromRow, int toRow, int sign) {
        for (int row = fromRow; row < toRow; row++) {
            int first = row * shape.columns();
            float mean = means[row / shape.rows()];
            kernels().scale(from, 0, to, 0, first, first + shape.columns(), 1f, sign * mean);
        }
    }

    private Kernels kernels() {
        return context().kernels();
    }
}
