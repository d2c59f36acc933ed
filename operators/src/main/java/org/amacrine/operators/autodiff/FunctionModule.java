package org.amacrine.operators.autodiff;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.amacrine.operators.latent.GradientCheck;
import org.amacrine.operators.latent.ModuleStructure;
import org.amacrine.operators.latent.Tensor;
import org.amacrine.operators.latent.TensorModule;

/**
 * A tensor module that somebody writes as a function of a row and its adjoint by hand. {@link GradientCheck} says whether these
 * two agree. For example a square with a gain for each column:
 *
 * <pre>
 *   Tensor gain = Tensor.vector(1, 1);
 *   TensorModule square = new FunctionModule(2, 2, Map.of("gain", gain),
 *       (x, y) -&gt; {
 *           for (int j = 0; j &lt; 2; j++) y[j] = gain.values()[j] * x[j] * x[j];
 *       },
 *       (x, y, dy, dx) -&gt; {
 *           for (int j = 0; j &lt; 2; j++) {
 *               dx[j] += dy[j] * gain.values()[j] * 2 * x[j];
 *               gain.gradient()[j] += dy[j] * x[j] * x[j];
 *           }
 *       });
 * </pre>
 */
public final class FunctionModule implements TensorModule {
    private final int in;
    private final int out;
    private final Map<String, Tensor> parameters;
    private final Forward forward;
    private final Adjoint adjoint;

    /** The function of one row. */
    @FunctionalInterface
    public interface Forward {
        /**
         * Computes a row.
         *
         * @param x [in], not to be changed
         * @param y [out], becomes the output
         */
        void apply(double[] x, double[] y);
    }

    /** The adjoint of the function of one row. */
    @FunctionalInterface
    public interface Adjoint {
        /**
         * Takes a gradient back through a row, and adds to the gradients of the parameters.
         *
         * @param x [in], as the function was given it; not to be changed
         * @param y [out], what came of it; not to be changed
         * @param dy [out], derivative of the objective with respect to y; not to be changed
         * @param dx [in], zeros; becomes that with respect to x
         */
        void apply(double[] x, double[] y, double[] dy, double[] dx);
    }

    /**
     * A module of a function.
     *
     * @param in columns of the input
     * @param out columns of the output
     * @param parameters what the function reads besides, by name, in order of registration; empty for none
     */
    public FunctionModule(int in, int out, Map<String, Tensor> parameters, Forward forward, Adjoint adjoint) {
        if (in < 1 || out < 1) {
            throw new IllegalArgumentException(
                    "a function has at least one column in and one out but was given " + in + " and " + out);
        }
        this.in = in;
        this.out = out;
        this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        this.forward = forward;
        this.adjoint = adjoint;
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        parameters.forEach((name, tensor) -> parameter.accept(prefix + name, tensor));
    }

    @Override
    public ModuleStructure structure() {
        throw new IllegalStateException(
                "a module made of a function cannot be written to a file; write its parameters, and"
                        + " make the module again in the program");
    }

    @Override
    public Pass pass(int width, int maxRows) {
        if (width != in) {
            throw new IllegalArgumentException(
                    "the function is of " + in + " columns but its input has " + width + "; make these the same");
        }
        return new RowPass();
    }

    private final class RowPass implements Pass {
        private final double[] x = new double[in];
        private final double[] y = new double[out];
        private final double[] dx = new double[in];
        private final double[] dy = new double[out];
        private double[] lastX;
        private double[] lastY;
        private int lastRows;

        @Override
        public int outWidth() {
            return out;
        }

        @Override
        public void forward(double[] allX, int rows, double[] allY) {
            lastX = allX;
            lastY = allY;
            lastRows = rows;
            for (int n = 0; n < rows; n++) {
                System.arraycopy(allX, n * in, x, 0, in);
                forward.apply(x, y);
                System.arraycopy(y, 0, allY, n * out, out);
            }
        }

        @Override
        public void adjoint(double[] allDy, double[] allDx) {
            for (int n = 0; n < lastRows; n++) {
                System.arraycopy(lastX, n * in, x, 0, in);
                System.arraycopy(lastY, n * out, y, 0, out);
                System.arraycopy(allDy, n * out, dy, 0, out);
                Arrays.fill(dx, 0);
                adjoint.apply(x, y, dy, dx);
                System.arraycopy(dx, 0, allDx, n * in, in);
            }
        }
    }
}
