package org.amacrine.operators.latent;

import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.amacrine.core.kernel.DoubleMath;

/**
 * A tensor module without parameters that applies one function to every entry, whatever the width. Exponentials and
 * hyperbolic tangents are those of {@link StrictMath}, the same to the bit on every machine.
 */
public final class ElementWise implements TensorModule {
    private final ModuleStructure structure;
    private final DoubleUnaryOperator value;
    private final DoubleBinaryOperator slope;

    /** @param slope dy/dx, given x and y */
    private ElementWise(
            String type, Map<String, Object> settings, DoubleUnaryOperator value, DoubleBinaryOperator slope) {
        structure = ModuleStructure.of(type, settings);
        this.value = value;
        this.slope = slope;
    }

    /** {@code BasicExp}: {@code e^x}. */
    public static ElementWise basicExp() {
        return new ElementWise("BasicExp", Map.of(), StrictMath::exp, (x, y) -> y);
    }

    /** {@code FixedOffsetExp}: {@code e^x + o}. */
    public static ElementWise fixedOffsetExp(double o) {
        Initial.finite("o", o);
        return new ElementWise(
                "FixedOffsetExp", Map.of("o", o), x -> StrictMath.exp(x) + o, (x, y) -> StrictMath.exp(x));
    }

    /** {@code FixedOffsetAbs}: {@code |x| + o}; the derivative at 0 is 0. */
    public static ElementWise fixedOffsetAbs(double o) {
        Initial.finite("o", o);
        return new ElementWise("FixedOffsetAbs", Map.of("o", o), x -> Math.abs(x) + o, (x, y) -> Math.signum(x));
    }

    /** {@code FixedOffsetCELU}: {@code celu(x) + alpha + o}, never below o; see {@link #celu}. */
    public static ElementWise fixedOffsetCelu(double alpha, double o) {
        requirePositive("alpha", alpha);
        Initial.finite("o", o);
        return new ElementWise(
                "FixedOffsetCELU",
                Map.of("alpha", alpha, "o", o),
                x -> celuOf(x, alpha) + alpha + o,
                (x, y) -> celuSlope(x, alpha));
    }

    /** {@code ElementWiseTanh}: {@code s tanh(x) + o}, with constants. */
    public static ElementWise elementWiseTanh(double o, double s) {
        Initial.finite("o", o);
        Initial.finite("s", s);
        return new ElementWise("ElementWiseTanh", Map.of("o", o, "s", s), x -> s * StrictMath.tanh(x) + o, (x, y) -> {
            double tanh = StrictMath.tanh(x);
            return s * (1 - tanh * tanh);
        });
    }

    /** {@code RBF}: {@code exp(-x²)}. */
    public static ElementWise rbf() {
        return new ElementWise("RBF", Map.of(), x -> DoubleMath.exp(-x * x), (x, y) -> -2 * x * y);
    }

    /** {@code ReLU}: {@code max(0, x)}; the derivative at 0 is 0. */
    public static ElementWise relu() {
        return new ElementWise("ReLU", Map.of(), x -> Math.max(0, x), (x, y) -> x > 0 ? 1 : x <= 0 ? 0 : x);
    }

    /** {@code Tanh}: the hyperbolic tangent. */
    public static ElementWise tanh() {
        return new ElementWise("Tanh", Map.of(), StrictMath::tanh, (x, y) -> 1 - y * y);
    }

    /** {@code Sigmoid}: {@code 1 / (1 + e^-x)}. */
    public static ElementWise sigmoid() {
        return new ElementWise("Sigmoid", Map.of(), ElementWise::sigmoidOf, (x, y) -> y * (1 - y));
    }

    /** {@code Softplus}: {@code log(1 + e^(beta x)) / beta}, and x itself where {@code beta x > threshold}. */
    public static ElementWise softplus(double beta, double threshold) {
        requirePositive("beta", beta);
        Initial.finite("threshold", threshold);
        return new ElementWise(
                "Softplus",
                Map.of("beta", beta, "threshold", threshold),
                x -> {
                    double z = beta * x;
                    // log(1 + e^z) without an overflow of e^z.
                    return z > threshold ? x : (Math.max(z, 0) + StrictMath.log1p(DoubleMath.exp(-Math.abs(z)))) / beta;
                },
                (x, y) -> beta * x > threshold ? 1 : sigmoidOf(beta * x));
    }

    /** {@code ELU}: x above 0, else {@code alpha (e^x - 1)}. */
    public static ElementWise elu(double alpha) {
        Initial.finite("alpha", alpha);
        return new ElementWise(
                "ELU",
                Map.of("alpha", alpha),
                x -> x > 0 ? x : alpha * StrictMath.expm1(x),
                (x, y) -> x > 0 ? 1 : alpha * StrictMath.exp(x));
    }

    /** {@code CELU}: x above 0, else {@code alpha (e^(x / alpha) - 1)}. */
    public static ElementWise celu(double alpha) {
        requirePositive("alpha", alpha);
        return new ElementWise("CELU", Map.of("alpha", alpha), x -> celuOf(x, alpha), (x, y) -> celuSlope(x, alpha));
    }

    /** {@code LeakyReLU}: x above 0, else x times the negative slope, which is the derivative at 0 too. */
    public static ElementWise leakyRelu(double negativeSlope) {
        Initial.finite("negative_slope", negativeSlope);
        return new ElementWise(
                "LeakyReLU",
                Map.of("negative_slope", negativeSlope),
                x -> x > 0 ? x : negativeSlope * x,
                (x, y) -> x > 0 ? 1 : negativeSlope);
    }

    private static double celuOf(double x, double alpha) {
        return x > 0 ? x : alpha * StrictMath.expm1(x / alpha);
    }

    private static double celuSlope(double x, double alpha) {
        return x > 0 ? 1 : StrictMath.exp(x / alpha);
    }

    private static double sigmoidOf(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " must be > 0 and finite but was " + value);
        }
    }

    @Override
    public ModuleStructure structure() {
        return structure;
    }

    @Override
    public Pass pass(int width, int maxRows) {
        return new Pass() {
            private double[] lastX;
            private double[] lastY;
            private int count;

            @Override
            public int outWidth() {
                return width;
            }

            @Override
            public void forward(double[] x, int rows, double[] y) {
                lastX = x;
                lastY = y;
                count = rows * width;
                for (int i = 0; i < count; i++) {
                    y[i] = value.applyAsDouble(x[i]);
                }
            }

            @Override
            public void adjoint(double[] dy, double[] dx) {
                for (int i = 0; i < count; i++) {
                    dx[i] = dy[i] * slope.applyAsDouble(lastX[i], lastY[i]);
                }
            }
        };
    }
}
