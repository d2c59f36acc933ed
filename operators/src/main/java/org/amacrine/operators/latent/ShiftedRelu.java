package org.amacrine.operators.latent;

import java.util.function.BiConsumer;
import org.amacrine.core.random.RandomSequence;

/**
 * A tensor module with a rectifier for each column, shifted in both directions: {@code y = o + max(0, x + s)}; the derivative
 * of the rectifier at 0 is 0. The reference calls it Relu.
 */
public final class ShiftedRelu extends ColumnWise {
    private static final double INIT_STD = 0.1;

    private final Tensor o;
    private final Tensor s;

    /**
     * Rectifiers with initial values drawn from N(0, 0.1²).
     *
     * @param d number of columns
     */
    public ShiftedRelu(int d, RandomSequence random) {
        super("ShiftedRelu", d);
        o = Initial.normal(random, 0, INIT_STD, d);
        s = Initial.normal(random, 0, INIT_STD, d);
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        parameter.accept(prefix + "o", o);
        parameter.accept(prefix + "s", s);
    }

    @Override
    void forward(double[] x, int rows, double[] y) {
        double[] offset = o.values();
        double[] shift = s.values();
        for (int n = 0, i = 0; n < rows; n++) {
            for (int j = 0; j < offset.length; j++, i++) {
                y[i] = offset[j] + Math.max(0, x[i] + shift[j]);
            }
        }
    }

    @Override
    void adjoint(double[] x, int rows, double[] dy, double[] dx) {
        double[] shift = s.values();
        double[] offsetGradient = o.gradient();
        double[] shiftGradient = s.gradient();
        for (int n = 0, i = 0; n < rows; n++) {
            for (int j = 0; j < shift.length; j++, i++) {
                double inner = x[i] + shift[j] > 0 ? dy[i] : 0;
                offsetGradient[j] += dy[i];
                shiftGradient[j] += inner;
                dx[i] = inner;
            }
        }
    }
}
