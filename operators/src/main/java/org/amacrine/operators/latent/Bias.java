package org.amacrine.operators.latent;

import java.util.function.BiConsumer;
import org.amacrine.core.random.RandomSequence;

/** A tensor module that adds to each column: {@code y = x + o}. */
public final class Bias extends ColumnWise {
    private final Tensor o;

    /**
     * A bias with initial values drawn from N(0, initStd²).
     *
     * @param d number of columns
     */
    public Bias(int d, double initStd, RandomSequence random) {
        super("Bias", d);
        o = Initial.normal(random, 0, initStd, d);
    }

    /** With a standard deviation of 0.1. */
    public Bias(int d, RandomSequence random) {
        this(d, 0.1, random);
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        parameter.accept(prefix + "o", o);
    }

    @Override
    void forward(double[] x, int rows, double[] y) {
        double[] offset = o.values();
        for (int n = 0, i = 0; n < rows; n++) {
            for (int j = 0; j < offset.length; j++, i++) {
                y[i] = x[i] + offset[j];
            }
        }
    }

    @Override
    void adjoint(double[] x, int rows, double[] dy, double[] dx) {
        double[] gradient = o.gradient();
        for (int n = 0, i = 0; n < rows; n++) {
            for (int j = 0; j < gradient.length; j++, i++) {
                gradient[j] += dy[i];
                dx[i] = dy[i];
            }
        }
    }
}
