package org.amacrine.operators.filter;

import java.util.List;
import java.util.Locale;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.RowDot;
import org.amacrine.core.kernel.RowSum;
import org.amacrine.core.layer.DifferentiableBaseLayer;
import org.amacrine.core.layer.Parameter;

/** A function of each value by itself, {@code y = f(bias + scale x)}; see {@link Function}. Without unit. */
public final class Nonlinearity extends DifferentiableBaseLayer {
    private static final float HIGHEST = 1e6f;
    private static final int GRAIN = 4096;

    /** The functions f. */
    public enum Function {
        /** {@code min(max(u, 0), 1e6)}, without bias and scale. */
        RECTIFY(false),
        /** {@code min(max(u, 0), 1e6)}. */
        RECTIFY_SCALE(true),
        /** {@code u²}. */
        SQUARE(true),
        /** {@code min(max(u, 0), 1e6)²}. */
        RECTIFY_SQUARE(true),
        /** {@code max(u, 0)}, without bias and scale; no gradient where u is 0. */
        RELU(false);

        private final boolean hasParameters;

        Function(boolean hasParameters) {
            this.hasParameters = hasParameters;
        }

        /** Its name on the command line: {@code rectify-square}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Function function;
    private final Bands.Band band = this::apply;
    private final Bands.Band backBand = this::applySlopes;
    /** Null where the function has none. */
    private final Parameter scale;

    private final Parameter bias;
    private float a = 1;
    private float b;
    private Chunk in;
    private Chunk out;
    /** With gradients: the input of the last chunk. */
    private float[] x;
    /** With gradients: how the loss changes with u. */
    private float[] ofArgument;

    /**
     * A layer with scale 1 and bias 0.
     *
     * @param name what it is called in messages
     */
    public Nonlinearity(String name, Function function) {
        super(name);
        this.function = function;
        scale = function.hasParameters
                ? add(Parameter.number("scale", 1).trainable().doc("What the input is multiplied by"))
                : null;
        bias = function.hasParameters
                ? add(Parameter.number("bias", 0).trainable().doc("What is added to the scaled input"))
                : null;
    }

    @Override
    protected void derive() {
        if (function.hasParameters) {
            a = (float) scale.number();
            b = (float) bias.number();
        }
    }

    @Override
    protected List<Shape> allocate(boolean forGradients) {
        int size = forGradients
                ? Math.multiplyExact(context().maxFrames(), context().input().values())
                : 0;
        x = new float[size];
        ofArgument = new float[size];
        return List.of(context().input());
    }

    @Override
    public void process(Chunk[] inputs, Chunk[] outputs) {
        in = inputs[0];
        out = outputs[0];
        context().bands().run(band, in.frames() * in.shape().values(), GRAIN);
        in = null;
        out = null;
    }

    private void apply(int worker, int from, int to) {
        float[] inputs = in.values();
        float[] y = out.values();
        int inAt = in.start(0);
        if (keepsGradients()) {
            System.arraycopy(inputs, inAt + from, x, from, to - from);
        }
        // In place: vector code is made only of loops with the same index in all arrays.
        int begin = out.start(0) + from;
        int end = out.start(0) + to;
        System.arraycopy(inputs, inAt + from, y, begin, to - from);
        switch (function) {
            case RECTIFY -> rectify(y, begin, end);
            case RECTIFY_SCALE -> {
                scale(y, begin, end, a, b);
                rectify(y, begin, end);
            }
            case RELU -> {
                for (int i = begin; i < end; i++) {
                    y[i] = Math.max(y[i], 0f);
                }
            }
            case SQUARE -> {
                scale(y, begin, end, a, b);
                square(y, begin, end);
            }
            case RECTIFY_SQUARE -> {
                scale(y, begin, end, a, b);
                rectify(y, begin, end);
                square(y, begin, end);
            }
        }
    }

    private static void scale(float[] y, int begin, int end, float a, float b) {
        for (int i = begin; i < end; i++) {
            y[i] = Math.fma(a, y[i], b);
        }
    }

    private static void rectify(float[] y, int begin, int end) {
        for (int i = begin; i < end; i++) {
            y[i] = rectified(y[i]);
        }
    }

    private static float rectified(float u) {
        return Math.min(Math.max(u, 0f), HIGHEST);
    }

    /** 0 for 0 and else 1, without a branch, so that loops become vector code: 2^150 times the least number but 0 is 2. */
    private static float isNotZero(float value) {
        return Math.min(Math.abs(value) * 0x1p126f * 0x1p24f, 1f);
    }

    private static void square(float[] y, int begin, int end) {
        for (int i = begin; i < end; i++) {
            y[i] *= y[i];
        }
    }

    @Override
    protected void adjoint(Chunk[] gradientsOut, Chunk[] gradientsIn) {
        out = gradientsOut[0];
        in = gradientsIn[0];
        int values = out.shape().values();
        int frames = out.frames();
        context().bands().run(backBand, frames * values, GRAIN);
        double[] ofScale = function.hasParameters ? scale.gradient() : null;
        double[] ofBias = function.hasParameters ? bias.gradient() : null;
        for (int t = 0; t < frames; t++) {
            if (ofScale != null) {
                ofScale[0] += RowDot.of(ofArgument, t * values, x, t * values, values);
            }
            if (ofBias != null) {
                ofBias[0] += RowSum.of(ofArgument, t * values, values);
            }
        }
        in = null;
        out = null;
    }

    private void applySlopes(int worker, int from, int to) {
        // In place, as on the way forward.
        float[] argument = x;
        float[] g = ofArgument;
        System.arraycopy(out.values(), out.start(0) + from, g, from, to - from);
        switch (function) {
            case RECTIFY, RECTIFY_SCALE -> rectifySlopes(argument, g, from, to, a, b);
            case RELU -> {
                for (int i = from; i < to; i++) {
                    g[i] *= isNotZero(Math.max(argument[i], 0f));
                }
            }
            case SQUARE -> {
                for (int i = from; i < to; i++) {
                    g[i] *= 2f * Math.fma(a, argument[i], b);
                }
            }
            case RECTIFY_SQUARE -> {
                rectifySlopes(argument, g, from, to, a, b);
                for (int i = from; i < to; i++) {
                    g[i] *= 2f * rectified(Math.fma(a, argument[i], b));
                }
            }
        }
        if (in != null) {
            context().kernels().scale(ofArgument, 0, in.values(), in.start(0), from, to, a, 0f);
        }
    }

    private static void rectifySlopes(float[] x, float[] g, int from, int to, float a, float b) {
        for (int i = from; i < to; i++) {
            float u = Math.fma(a, x[i], b);
            g[i] *= 1f - isNotZero(u - rectified(u));
        }
    }
}
