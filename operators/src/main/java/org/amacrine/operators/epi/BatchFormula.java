package org.amacrine.operators.epi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amacrine.core.random.RandomSequence;

/**
 * An emergent property written as formulas over batch vectors, which bring their adjoint along: each value is a vector over the
 * samples of a batch, and gradients go back through the formulas in reverse order.
 *
 * <pre>{@code
 * BatchFormula formula = new BatchFormula(2);
 * Value radius = formula.parameter(0).square().plus(formula.parameter(1).square()).sqrt();
 * EmergentProperty property = formula.property(radius, radius.minus(1).square());
 * }</pre>
 *
 * Formulas are written once; evaluating them allocates nothing once the largest batch has been seen. The property is owned by one
 * thread.
 */
public final class BatchFormula {
    private final int dims;
    private final List<Value> values = new ArrayList<>();
    private boolean finished;

    /**
     * Formulas of a model's parameters.
     *
     * @param dims number of elements of z
     */
    public BatchFormula(int dims) {
        if (dims < 1) {
            throw new IllegalArgumentException("formulas need 1 or more parameters but were given " + dims);
        }
        this.dims = dims;
        for (int d = 0; d < dims; d++) {
            new Value();
        }
    }

    /** The element of z at an index from 0. */
    public Value parameter(int index) {
        if (index < 0 || index >= dims) {
            throw new IllegalArgumentException(
                    "there are parameters 0 to " + (dims - 1) + " but " + index + " was asked for");
        }
        return values.get(index);
    }

    /** The same number for all samples. */
    public Value constant(double number) {
        return new Value() {
            @Override
            void evaluate(int samples, long noiseKey) {
                Arrays.fill(x, 0, samples, number);
            }
        };
    }

    /** A standard normal number for each sample, another one in each batch. */
    public Value noise() {
        int item = values.size();
        RandomSequence random = new RandomSequence();
        return new Value() {
            @Override
            void evaluate(int samples, long noiseKey) {
                random.start(noiseKey, item);
                for (int n = 0; n < samples; n++) {
                    x[n] = random.normal();
                }
            }
        };
    }

    /** The statistics of the model, in their order. No more formulas can be written behind this. */
    public EmergentProperty property(Value... statistics) {
        if (statistics.length == 0) {
            throw new IllegalArgumentException("an emergent property needs 1 or more statistics but was given none");
        }
        for (Value each : statistics) {
            if (!values.contains(each)) {
                throw new IllegalArgumentException("a statistic belongs to other formulas; write it with these");
            }
        }
        finished = true;
        return new Property(statistics.clone());
    }

    /** A function of one number. */
    @FunctionalInterface
    private interface Function {
        double of(double x);
    }

    /** The slope of a function, from its argument and its result. */
    @FunctionalInterface
    private interface Slope {
        double of(double x, double y);
    }

    /** A value for each sample of a batch. */
    public class Value {
        double[] x = {};
        double[] gradient = {};

        private Value() {
            if (finished) {
                throw new IllegalStateException("the statistics were named before; write all formulas first");
            }
            values.add(this);
        }

        void evaluate(int samples, long noiseKey) {
            // A parameter, which is copied in.
        }

        void pull(int samples) {
            // Nothing lies behind a parameter, a constant or noise.
        }

        private Value map(Function f, Slope slope) {
            Value of = this;
            return new Value() {
                @Override
                void evaluate(int samples, long noiseKey) {
                    for (int n = 0; n < samples; n++) {
                        x[n] = f.of(of.x[n]);
                    }
                }

                @Override
                void pull(int samples) {
                    for (int n = 0; n < samples; n++) {
                        of.gradient[n] += gradient[n] * slope.of(of.x[n], x[n]);
                    }
                }
            };
        }

        /** {@code this + other}. */
        public Value plus(Value other) {
            return combine(other, 1);
        }

        /** {@code this - other}. */
        public Value minus(Value other) {
            return combine(other, -1);
        }

        private Value combine(Value other, double sign) {
            Value of = this;
            return new Value() {
                @Override
                void evaluate(int samples, long noiseKey) {
                    for (int n = 0; n < samples; n++) {
                        x[n] = of.x[n] + sign * other.x[n];
                    }
                }

                @Override
                void pull(int samples) {
                    for (int n = 0; n < samples; n++) {
                        of.gradient[n] += gradient[n];
                        other.gradient[n] += sign * gradient[n];
                    }
                }
            };
        }

        /** {@code this * other}. */
        public Value times(Value other) {
            Value of = this;
            return new Value() {
                @Override
                void evaluate(int samples, long noiseKey) {
                    for (int n = 0; n < samples; n++) {
                        x[n] = of.x[n] * other.x[n];
                    }
                }

                @Override
                void pull(int samples) {
                    for (int n = 0; n < samples; n++) {
                        of.gradient[n] += gradient[n] * other.x[n];
                        other.gradient[n] += gradient[n] * of.x[n];
                    }
                }
            };
        }

        /** {@code this / other}. */
        public Value over(Value other) {
            return times(other.map(v -> 1 / v, (v, y) -> -y * y));
        }

        /** {@code this + number}. */
        public Value plus(double number) {
            return map(v -> v + number, (v, y) -> 1);
        }

        /** {@code this - number}. */
        public Value minus(double number) {
            return plus(-number);
        }

        /** {@code number * this}. */
        public Value times(double number) {
            return map(v -> number * v, (v, y) -> number);
        }

        /** {@code -this}. */
        public Value negated() {
            return times(-1);
        }

        /** {@code this * this}. */
        public Value square() {
            return map(v -> v * v, (v, y) -> 2 * v);
        }

        /** The square root; where it is 0, its slope is taken as 0. */
        public Value sqrt() {
            return map(Math::sqrt, (v, y) -> y == 0 ? 0 : 0.5 / y);
        }

        /** max(this, 0). */
        public Value rectified() {
            return map(v -> Math.max(v, 0), (v, y) -> v > 0 ? 1 : 0);
        }

        /** e to the power of this. */
        public Value exp() {
            return map(Numbers::exp, (v, y) -> y);
        }

        /** The natural logarithm. */
        public Value log() {
            return map(Math::log, (v, y) -> 1 / v);
        }

        /** The hyperbolic tangent. */
        public Value tanh() {
            return map(Numbers::tanh, (v, y) -> 1 - y * y);
        }

        /** {@code 1 / (1 + e^-this)}. */
        public Value sigmoid() {
            return map(Numbers::sigmoid, (v, y) -> y * (1 - y));
        }

        /** {@code log(1 + e^this)}. */
        public Value softplus() {
            return map(Numbers::softplus, (v, y) -> Numbers.sigmoid(v));
        }

        /** The sine, in radians. */
        public Value sin() {
            return map(Math::sin, (v, y) -> Math.cos(v));
        }

        /** The cosine, in radians. */
        public Value cos() {
            return map(Math::cos, (v, y) -> -Math.sin(v));
        }
    }

    private final class Property implements EmergentProperty {
        private final Value[] statistics;

        Property(Value[] statistics) {
            this.statistics = statistics;
        }

        @Override
        public int dims() {
            return dims;
        }

        @Override
        public int statistics() {
            return statistics.length;
        }

        @Override
        public void simulate(double[] z, int samples, long noiseKey, double[] t) {
            for (int i = 0; i < values.size(); i++) {
                Value value = values.get(i);
                if (value.x.length < samples) {
                    value.x = new double[samples];
                    value.gradient = new double[samples];
                }
                if (i < dims) {
                    System.arraycopy(z, i * samples, value.x, 0, samples);
                }
                value.evaluate(samples, noiseKey);
            }
            for (int i = 0; i < statistics.length; i++) {
                System.arraycopy(statistics[i].x, 0, t, i * samples, samples);
            }
        }

        @Override
        public void pull(double[] z, int samples, long noiseKey, double[] tGradient, double[] zGradient) {
            for (Value value : values) {
                Arrays.fill(value.gradient, 0, samples, 0);
            }
            for (int i = 0; i < statistics.length; i++) {
                for (int n = 0; n < samples; n++) {
                    statistics[i].gradient[n] += tGradient[i * samples + n];
                }
            }
            for (int i = values.size() - 1; i >= 0; i--) {
                values.get(i).pull(samples);
            }
            for (int d = 0; d < dims; d++) {
                System.arraycopy(values.get(d).gradient, 0, zGradient, d * samples, samples);
            }
        }
    }
}
