package org.amacrine.operators.latent;

import java.util.function.BiConsumer;
import org.amacrine.core.random.RandomSequence;

/**
 * A tensor module with a hyperbolic tangent for each column, scaled and shifted: {@code y = s ∘ tanh(x) + o}. The reference
 * calls it Tanh.
 */
public final class ScaledTanh extends ColumnWise {
    private static final double INIT_STD = 0.1;

    private final Tensor o;
    private final Tensor s;

    /**
     * Tangents with offsets drawn from N(0, 0.1²) and scales from N(1, 0.1²).
     *
     * @param d number of columns
     */
    public ScaledTanh(int d, RandomSequence random) {
        super("ScaledTanh", d);
        o = Initial.normal(random, 0, INIT_STD, d);
        s = Initial.normal(random, 1, INIT_STD, d);
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        parameter.accept(prefix + "o", o);
        parameter.accept(prefix + "s", s);
    }

    @Override
    void forward(double[] x, int rows, double[] y) {
        double[] offset = o.values();
        double[] scale = s.values();
        for (int n = 0, i = 0; n < rows; n++) {
            for (int j = 0; j < offset.length; j++, i++) {
                y[i] = Math.fma(scale[j], StrictMath.tanh(x[i]), offset[j]);
            }
        }
    }

    @Override
    void adjoint(double[] x, int rows, double[] dy, double[] dx) {
        double[] scale = s.values();
        double[] offsetGradient = o.gradient();
        double[] scaleGradient = s.gradient();
        for (int n = 0, i = 0; n < rows; n++) {
            for (int j = 0; j < scale.length; j++, i++) {
                double tanh = StrictMath.tanh(x[i]);
                offsetGradient[j] += dy[i];
                scaleGradient[j] += dy[i] * tanh;
                dx[i] = dy[i] * scale[j] * (1 - tanh * tanh);
            }
        }
    }
}
