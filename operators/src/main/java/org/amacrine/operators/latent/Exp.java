package org.amacrine.operators.latent;

import java.util.function.BiConsumer;
import org.amacrine.core.random.RandomSequence;

/** A tensor module with an exponential for each column: {@code y = o + exp(g ∘ x + s)}. */
public final class Exp extends ColumnWise {
    private static final double INIT_STD = 0.1;

    private final Tensor o;
    private final Tensor s;
    private final Tensor g;

    /**
     * Exponentials with initial values drawn from N(0, 0.1²).
     *
     * @param d number of columns
     */
    public Exp(int d, RandomSequence random) {
        super("Exp", d);
        o = Initial.normal(random, 0, INIT_STD, d);
        s = Initial.normal(random, 0, INIT_STD, d);
        g = Initial.normal(random, 0, INIT_STD, d);
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        parameter.accept(prefix + "o", o);
        parameter.accept(prefix + "s", s);
        parameter.accept(prefix + "g", g);
    }

    private double exponential(double x, int column) {
        return StrictMath.exp(Math.fma(g.values()[column], x, s.values()[column]));
    }

    @Override
    void forward(double[] x, int rows, double[] y) {
        double[] offset = o.values();
        for (int n = 0, i = 0; n < rows; n++) {
            for (int j = 0; j < offset.length; j++, i++) {
                y[i] = offset[j] + exponential(x[i], j);
            }
        }
    }

    @Override
    void adjoint(double[] x, int rows, double[] dy, double[] dx) {
        double[] gain = g.values();
        for (int n = 0, i = 0; n < rows; n++) {
            for (int j = 0; j < gain.length; j++, i++) {
                double inner = dy[i] * exponential(x[i], j);
                o.gradient()[j] += dy[i];
                s.gradient()[j] += inner;
                g.gradient()[j] += inner * x[i];
                dx[i] = inner * gain[j];
            }
        }
    }
}
