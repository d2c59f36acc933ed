package org.amacrine.operators.latent;

import java.util.function.BiConsumer;
import org.amacrine.core.random.RandomSequence;

/**
 * A tensor module that scales each column and adds to it: {@code y = w ∘ x + o}, or {@code |w| ∘ x + o}, where the derivative
 * of the magnitude at 0 is 0.
 */
public final class BiasAndScale extends ColumnWise {
    private final boolean positive;
    private final Tensor w;
    private final Tensor o;

    private BiasAndScale(boolean positive, int d, Init init, RandomSequence random) {
        super(positive ? "BiasAndPositiveScale" : "BiasAndScale", d);
        this.positive = positive;
        Given.require(init, "init");
        w = Initial.normal(random, init.scaleMean, init.scaleStd, d);
        o = Initial.normal(random, init.offsetMean, init.offsetStd, d);
    }

    /**
     * Means and standard deviations that initial values are drawn with.
     *
     * @param scaleMean of w
     * @param scaleStd of w, >= 0
     * @param offsetMean of o
     * @param offsetStd of o, >= 0
     */
    public record Init(double scaleMean, double scaleStd, double offsetMean, double offsetStd) {
        /** Means of 0, standard deviations of 0.1. */
        public static final Init DEFAULT = new Init(0, 0.1, 0, 0.1);
    }

    /** {@code BiasAndScale}: {@code y = w ∘ x + o}, for d columns. */
    public static BiasAndScale of(int d, Init init, RandomSequence random) {
        return new BiasAndScale(false, d, init, random);
    }

    /** {@code BiasAndPositiveScale}: {@code y = |w| ∘ x + o}, for d columns. */
    public static BiasAndScale positive(int d, Init init, RandomSequence random) {
        return new BiasAndScale(true, d, init, random);
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        parameter.accept(prefix + "w", w);
        parameter.accept(prefix + "o", o);
    }

    @Override
    void forward(double[] x, int rows, double[] y) {
        double[] scale = w.values();
        double[] offset = o.values();
        for (int n = 0, i = 0; n < rows; n++) {
            for (int j = 0; j < scale.length; j++, i++) {
                y[i] = Math.fma(positive ? Math.abs(scale[j]) : scale[j], x[i], offset[j]);
            }
        }
    }

    @Override
    void adjoint(double[] x, int rows, double[] dy, double[] dx) {
        double[] scale = w.values();
        double[] scaleGradient = w.gradient();
        double[] offsetGradient = o.gradient();
        for (int n = 0, i = 0; n < rows; n++) {
            for (int j = 0; j < scale.length; j++, i++) {
                double inner = positive ? Math.signum(scale[j]) : 1;
                scaleGradient[j] += dy[i] * x[i] * inner;
                offsetGradient[j] += dy[i];
                dx[i] = dy[i] * scale[j] * inner;
            }
        }
    }
}
