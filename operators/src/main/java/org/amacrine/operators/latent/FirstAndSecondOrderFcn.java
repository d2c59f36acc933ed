package org.amacrine.operators.latent;

import java.util.Map;
import java.util.function.BiConsumer;
import org.amacrine.core.random.RandomSequence;

/**
 * A tensor module that is quadratic in each row: {@code y_i = o_i + sum_j a_ij x_j + sum_jk x_j b_ijk x_k}, with o [out],
 * a [out][in] and b [out][in][in], which need not be symmetric.
 */
public final class FirstAndSecondOrderFcn implements TensorModule {
    private static final double INIT_STD = 0.01;

    private final int in;
    private final int out;
    private final Tensor o;
    private final Tensor a;
    private final Tensor b;

    /**
     * A quadratic map with initial values drawn from N(0, 0.01²).
     *
     * @param in columns of the input
     * @param out columns of the output
     */
    public FirstAndSecondOrderFcn(int in, int out, RandomSequence random) {
        this.in = Initial.size("d_in", in);
        this.out = Initial.size("d_out", out);
        o = Initial.normal(random, 0, INIT_STD, out);
        a = Initial.normal(random, 0, INIT_STD, out, in);
        b = Initial.normal(random, 0, INIT_STD, out, in, in);
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        parameter.accept(prefix + "o", o);
        parameter.accept(prefix + "a", a);
        parameter.accept(prefix + "b", b);
    }

    @Override
    public ModuleStructure structure() {
        return ModuleStructure.of("FirstAndSecondOrderFcn", Map.of("d_in", in, "d_out", out));
    }

    @Override
    public Pass pass(int width, int maxRows) {
        Widths.require("FirstAndSecondOrderFcn", in, width);
        return new Pass() {
            private double[] lastX;
            private int lastRows;

            @Override
            public int outWidth() {
                return out;
            }

            @Override
            public void forward(double[] x, int rows, double[] y) {
                lastX = x;
                lastRows = rows;
                double[] second = b.values();
                for (int n = 0; n < rows; n++) {
                    for (int i = 0; i < out; i++) {
                        double sum = o.values()[i];
                        for (int j = 0; j < in; j++) {
                            // a_ij x_j + x_j sum_k b_ijk x_k
                            double factor = a.values()[i * in + j];
                            int row = (i * in + j) * in;
                            for (int k = 0; k < in; k++) {
                                factor = Math.fma(second[row + k], x[n * in + k], factor);
                            }
                            sum = Math.fma(factor, x[n * in + j], sum);
                        }
                        y[n * out + i] = sum;
                    }
                }
            }

            @Override
            public void adjoint(double[] dy, double[] dx) {
                double[] first = a.values();
                double[] second = b.values();
                java.util.Arrays.fill(dx, 0, lastRows * in, 0);
                for (int n = 0; n < lastRows; n++) {
                    for (int i = 0; i < out; i++) {
                        double outer = dy[n * out + i];
                        o.gradient()[i] += outer;
                        for (int j = 0; j < in; j++) {
                            double xj = lastX[n * in + j];
                            int row = (i * in + j) * in;
                            a.gradient()[i * in + j] += outer * xj;
                            dx[n * in + j] += outer * first[i * in + j];
                            for (int k = 0; k < in; k++) {
                                double xk = lastX[n * in + k];
                                b.gradient()[row + k] += outer * xj * xk;
                                dx[n * in + j] += outer * second[row + k] * xk;
                                dx[n * in + k] += outer * second[row + k] * xj;
                            }
                        }
                    }
                }
            }
        };
    }
}
