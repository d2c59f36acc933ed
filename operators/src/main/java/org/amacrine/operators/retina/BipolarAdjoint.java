package org.amacrine.operators.retina;

import java.util.Arrays;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.Parameter;
import org.amacrine.operators.filter.Fields;
import org.amacrine.operators.filter.SpatialFilter;

/**
 * The way back through {@link Bipolar}: keeps input, potential and inhibition of each frame of a chunk, and takes gradients from
 * the last frame to the first, in double precision. Owned by the operator's thread.
 */
final class BipolarAdjoint {
    private final Shape shape;
    private final int values;
    private final SpatialFilter pooling;
    private final Parameter feedback;
    private final Parameter leak;
    private final Parameter input;
    private final float[] x;
    /** V and J before each frame. */
    private final float[] v;

    private final float[] j;
    /** Q less its mean, of one frame. */
    private final float[] drive;
    /** Gradients for V and J before the frame at hand, then for the one before. */
    private final double[] ofV;

    private final double[] ofJ;
    private final double[] ofDrive;
    private int frames;
    // Of the chunk that was processed.
    private float step;
    private float keep;
    private double gain;
    private float[] feedbackField;
    private float[] leakField;
    private float[] inputField;

    BipolarAdjoint(LayerContext context, SpatialFilter pooling, Parameter feedback, Parameter leak, Parameter input) {
        shape = context.input();
        values = shape.values();
        this.pooling = pooling;
        this.feedback = feedback;
        this.leak = leak;
        this.input = input;
        int size = Math.multiplyExact(context.maxFrames(), values);
        x = new float[size];
        v = new float[size];
        j = new float[size];
        drive = new float[values];
        ofV = new double[values];
        ofJ = new double[values];
        ofDrive = new double[values];
    }

    /**
     * What the layer computes with.
     *
     * @param step h, in seconds
     * @param keep k
     * @param gain of the drive: 1 + k, or 1 - k
     * @param feedbackField feedbackHertz times the gain
     */
    void coefficients(
            float step, float keep, double gain, float[] feedbackField, float[] leakField, float[] inputField) {
        this.step = step;
        this.keep = keep;
        this.gain = gain;
        this.feedbackField = feedbackField;
        this.leakField = leakField;
        this.inputField = inputField;
    }

    void begin(Chunk in) {
        frames = in.frames();
        System.arraycopy(in.values(), in.start(0), x, 0, frames * values);
    }

    /** Keeps V and J as they are before a frame. */
    void before(int frame, float[] potential, float[] inhibition) {
        System.arraycopy(potential, 0, v, frame * values, values);
        System.arraycopy(inhibition, 0, j, frame * values, values);
    }

    /** Goes back; {@code inputGradient} may be null. */
    void run(Chunk ofOutput, Chunk inputGradient) {
        Arrays.fill(ofV, 0);
        Arrays.fill(ofJ, 0);
        for (int t = frames - 1; t >= 0; t--) {
            inhibitionBack(t);
            for (int i = 0; i < values; i++) {
                double g = ofV[i] + ofOutput.values()[ofOutput.start(t) + i];
                double ofInput = relaxBack(t * values + i, i, g);
                if (inputGradient != null) {
                    inputGradient.values()[inputGradient.start(t) + i] = (float) ofInput;
                }
            }
        }
    }

    private static float at(float[] field, int i) {
        return field.length == 1 ? field[0] : field[i];
    }

    /** From gradients for J behind a frame to those for Q, in {@code ofDrive}. */
    private void inhibitionBack(int t) {
        for (int channel = 0; channel < shape.channels(); channel++) {
            int from = channel * shape.pixels();
            double sum = 0;
            for (int i = from; i < from + shape.pixels(); i++) {
                sum += q(t, i);
            }
            float mean = (float) (sum / shape.pixels());
            for (int i = from; i < from + shape.pixels(); i++) {
                drive[i] = q(t, i) - mean;
            }
        }
        pooling.adjoint(drive, 0, ofJ, ofDrive, 1);
        for (int channel = 0; channel < shape.channels(); channel++) {
            int from = channel * shape.pixels();
            double ofMean = 0;
            for (int i = from; i < from + shape.pixels(); i++) {
                ofMean += ofJ[i] - ofDrive[i];
            }
            for (int i = from; i < from + shape.pixels(); i++) {
                ofDrive[i] += ofMean / shape.pixels();
            }
        }
    }

    private float q(int t, int i) {
        float potential = v[t * values + i];
        return Math.fma(at(feedbackField, i) * potential, potential, keep * j[t * values + i]);
    }

    /** One pixel of one frame; returns the gradient for its input and leaves those for V and J before the frame. */
    private double relaxBack(int now, int i, double g) {
        double rate = (double) at(leakField, i) + j[now];
        double e = x[now] * (at(inputField, i) / rate);
        double decay = Math.exp(-step * rate);
        double ofE = g * (1 - decay);
        double ofRate = -step * decay * g * (v[now] - e) - ofE * e / rate;
        double ofQ = ofDrive[i];
        ofV[i] = g * decay + 2 * at(feedbackField, i) * v[now] * ofQ;
        ofJ[i] = ofRate + keep * ofQ;
        Fields.add(feedback.gradient(), i, shape, gain * v[now] * v[now] * ofQ);
        Fields.add(leak.gradient(), i, shape, ofRate);
        Fields.add(input.gradient(), i, shape, ofE * x[now] / rate);
        return ofE * at(inputField, i) / rate;
    }
}
