package org.amacrine.operators.latent;

import java.util.Map;
import java.util.function.BiConsumer;
import org.amacrine.core.random.RandomSequence;

/** A tensor module that is linear in each row: {@code y = x Wᵀ + b}, with {@code weight} W [out][in] and {@code bias} b [out]. */
public final class Linear implements TensorModule {
    private final Tensor weight;
    private final Tensor bias;

    /**
     * A linear map with initial values uniform on (-1/sqrt(in), 1/sqrt(in)).
     *
     * @param in columns of the input
     * @param out columns of the output
     * @param hasBias whether there is a b
     */
    public Linear(int in, int out, boolean hasBias, RandomSequence random) {
        double bound = 1 / Math.sqrt(Initial.size("in", in));
        weight = Initial.uniform(random, -bound, bound, Initial.size("out", out), in);
        bias = hasBias ? Initial.uniform(random, -bound, bound, out) : null;
    }

    /** Columns of the input. */
    int in() {
        return weight.size(1);
    }

    /** Columns of the output. */
    int out() {
        return weight.size(0);
    }

    /** Whether there is a b. */
    boolean hasBias() {
        return bias != null;
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        parameter.accept(prefix + "weight", weight);
        if (bias != null) {
            parameter.accept(prefix + "bias", bias);
        }
    }

    @Override
    public ModuleStructure structure() {
        return ModuleStructure.of("Linear", Map.of("in", in(), "out", out(), "bias", hasBias()));
    }

    @Override
    public Pass pass(int width, int maxRows) {
        Widths.require("Linear", in(), width);
        return new Pass() {
            private double[] lastX;
            private int lastRows;

            @Override
            public int outWidth() {
                return out();
            }

            @Override
            public void forward(double[] x, int rows, double[] y) {
                lastX = x;
                lastRows = rows;
                Matrices.multiplyTransposed(x, weight.values(), y, rows, in(), out());
                if (bias != null) {
                    double[] b = bias.values();
                    for (int n = 0, i = 0; n < rows; n++) {
                        for (int j = 0; j < b.length; j++, i++) {
                            y[i] += b[j];
                        }
                    }
                }
            }

            @Override
            public void adjoint(double[] dy, double[] dx) {
                Matrices.addProduct(dy, lastX, weight.gradient(), lastRows, out(), in());
                Matrices.multiply(dy, weight.values(), dx, lastRows, out(), in());
                if (bias != null) {
                    double[] gradient = bias.gradient();
                    for (int n = 0, i = 0; n < lastRows; n++) {
                        for (int j = 0; j < gradient.length; j++, i++) {
                            gradient[j] += dy[i];
                        }
                    }
                }
            }
        };
    }
}
