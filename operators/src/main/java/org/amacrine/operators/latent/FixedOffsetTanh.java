package org.amacrine.operators.latent;

import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A tensor module with a hyperbolic tangent for each column that never falls below m:
 * {@code y = |s| ∘ (tanh(x) + 1) + m}. Its scales begin at 1; the derivative of a magnitude at 0 is 0.
 */
public final class FixedOffsetTanh extends ColumnWise {
    private final double m;
    private final Tensor s;

    /**
     * Tangents for d columns.
     *
     * @param m the lowest value
     */
    public FixedOffsetTanh(int d, double m) {
        super("FixedOffsetTanh", d);
        this.m = Initial.finite("m", m);
        s = Initial.constant(1, d);
    }

    @Override
    public ModuleStructure structure() {
        return ModuleStructure.of("FixedOffsetTanh", Map.of("d", s.count(), "m", m));
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        parameter.accept(prefix + "s", s);
    }

    @Override
    void forward(double[] x, int rows, double[] y) {
        double[] scale = s.values();
        for (int n = 0, i = 0; n < rows; n++) {
            for (int j = 0; j < scale.length; j++, i++) {
                y[i] = Math.abs(scale[j]) * (StrictMath.tanh(x[i]) + 1) + m;
            }
        }
    }

    @Override
    void adjoint(double[] x, int rows, double[] dy, double[] dx) {
        double[] scale = s.values();
        double[] gradient = s.gradient();
        for (int n = 0, i = 0; n < rows; n++) {
            for (int j = 0; j < scale.length; j++, i++) {
                double tanh = StrictMath.tanh(x[i]);
                gradient[j] += dy[i] * (tanh + 1) * Math.signum(scale[j]);
                dx[i] = dy[i] * Math.abs(scale[j]) * (1 - tanh * tanh);
            }
        }
    }
}
