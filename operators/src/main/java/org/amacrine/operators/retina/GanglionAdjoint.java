package org.amacrine.operators.retina;

import java.util.Arrays;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.Parameter;
import org.amacrine.operators.filter.Fields;
import org.amacrine.operators.filter.SpatialFilter;

/**
 * The way back through {@link GanglionInput}: keeps the input of a chunk and the frames before it that its transient remembers,
 * and takes gradients back through pooling, nonlinearity and transient, in double precision. Owned by the operator's thread.
 */
final class GanglionAdjoint {

    /** The parameters whose gradients it gives, beside those of pooling. */
    record Trained(
            Parameter sign,
            Parameter tau,
            Parameter weight,
            Parameter bias,
            Parameter current,
            Parameter threshold,
            Parameter gain) {}

    private final Trained p;
    private final Shape shape;
    private final int values;
    private final int outputValues;
    private final SpatialFilter pooling;
    private final double stepsPerSecond;
    /** Remembered frames, the oldest first, then those of the chunk. */
    private float[] x = {};

    private int remembered;
    private int frames;
    /** What the nonlinearity gave. */
    private final float[] current;

    private final double[] ofOutput;
    private final double[] gradient;
    private final double[] ofInput;
    private double[] ofTaps = {};
    // Of the chunk that was processed.
    private float[] signField;
    private float[] thresholdField;
    private float[] currentField;
    private float[] gainField;

    GanglionAdjoint(LayerContext context, Trained parameters, Shape output, SpatialFilter pooling) {
        p = parameters;
        shape = context.input();
        values = shape.values();
        outputValues = output.values();
        this.pooling = pooling;
        stepsPerSecond = context.resolution().toSteps(1);
        current = new float[Math.multiplyExact(context.maxFrames(), values)];
        ofOutput = new double[Math.multiplyExact(context.maxFrames(), outputValues)];
        gradient = new double[current.length];
        ofInput = new double[current.length];
    }

    /** What the nonlinearity computes with. */
    void coefficients(float[] sign, float[] threshold, float[] current, float[] gain) {
        signField = sign;
        thresholdField = threshold;
        currentField = current;
        gainField = gain;
    }

    /** Keeps what a chunk will be computed from; allocates only where the transient reaches further back than before. */
    void begin(Chunk in, Transient highPass) {
        frames = in.frames();
        remembered = highPass.remembered();
        int size = remembered * values + current.length;
        if (x.length < size) {
            x = new float[size];
            ofTaps = new double[remembered + 1];
        }
        highPass.history(x);
        System.arraycopy(in.values(), in.start(0), x, remembered * values, frames * values);
    }

    /** Goes back; {@code inputGradient} may be null. */
    void run(Chunk gradientOut, Chunk inputGradient, Transient highPass) {
        for (int t = 0, i = 0; t < frames; t++) {
            for (int n = 0; n < outputValues; n++, i++) {
                ofOutput[i] = gradientOut.values()[gradientOut.start(t) + n];
            }
        }
        for (int i = 0; i < frames * values; i++) {
            current[i] = (float) nonlinearity(i, highPass.output()[i]);
        }
        pooling.adjoint(current, 0, ofOutput, gradient, frames);
        for (int i = 0; i < frames * values; i++) {
            gradient[i] = nonlinearityBack(i % values, highPass.output()[i], gradient[i]);
        }
        transientBack(highPass, inputGradient);
    }

    private double nonlinearity(int index, double transientValue) {
        int i = index % values;
        double i0 = at(currentField, i);
        double above = above(i, transientValue);
        double w = at(gainField, i) * above;
        return above > 0 ? i0 + w : i0 / (1 - w / i0);
    }

    /** u - v0. */
    private double above(int i, double transientValue) {
        return at(signField, i) * (transientValue + p.bias().number()) - at(thresholdField, i);
    }

    private static double at(float[] field, int i) {
        return field.length == 1 ? field[0] : field[i];
    }

    /** From the gradient for the current to that for the transient. */
    private double nonlinearityBack(int i, double transientValue, double g) {
        double i0 = at(currentField, i);
        double lambda = at(gainField, i);
        double sign = at(signField, i);
        double above = above(i, transientValue);
        double rest = 1 - lambda * above / i0;
        double ofW = above > 0 ? g : g / (rest * rest);
        double ofCurrent = above > 0 ? g : g * (2 * rest - 1) / (rest * rest);
        double biased = transientValue + p.bias().number();
        Fields.add(p.current().gradient(), i, shape, ofCurrent);
        Fields.add(p.gain().gradient(), i, shape, ofW * above);
        Fields.add(p.threshold().gradient(), i, shape, -ofW * lambda);
        Fields.add(p.sign().gradient(), i, shape, ofW * lambda * biased);
        Fields.add(p.bias().gradient(), i, shape, ofW * lambda * sign);
        return ofW * lambda * sign;
    }

    private void transientBack(Transient highPass, Chunk inputGradient) {
        float[] taps = highPass.taps();
        int count = frames * values;
        Arrays.fill(ofInput, 0, count, 0);
        for (int tap = 0; tap < taps.length; tap++) {
            int from = (remembered - tap) * values;
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += gradient[i] * x[from + i];
            }
            ofTaps[tap] = sum;
            for (int i = tap * values; i < count; i++) {
                ofInput[i - tap * values] += taps[tap] * gradient[i];
            }
        }
        addTapGradients();
        for (int t = 0, i = 0; inputGradient != null && t < frames; t++) {
            for (int n = 0; n < values; n++, i++) {
                inputGradient.values()[inputGradient.start(t) + n] = (float) ofInput[i];
            }
        }
    }

    /** Of taps {@code -(weight / tau) exp(-(p - 0.6) / tau)} for p from 1 on; how many there are is taken as given. */
    private void addTapGradients() {
        double tau = p.tau().number() * stepsPerSecond;
        double ofWeight = 0;
        double ofTau = 0;
        for (int tap = 1; tap <= remembered; tap++) {
            double unit = -Math.exp(-(tap - 0.6) / tau) / tau;
            ofWeight += ofTaps[tap] * unit;
            ofTau += ofTaps[tap] * p.weight().number() * unit * ((tap - 0.6) / tau - 1) / tau;
        }
        Fields.add(p.weight().gradient(), 0, shape, ofWeight);
        Fields.add(p.tau().gradient(), 0, shape, ofTau * stepsPerSecond);
    }
}
