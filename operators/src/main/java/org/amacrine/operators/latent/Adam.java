package org.amacrine.operators.latent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;

/**
 * Adam (Kingma and Ba, ICLR 2015): steps against the gradient whose size follows running moments of it. For each parameter, with t
 * counting its steps from 1:
 *
 * <pre>
 *   g  = gradient + weightDecay theta
 *   m  = beta1 m + (1 - beta1) g      v = beta2 v + (1 - beta2) g²      v' = v, or its running maximum with amsgrad
 *   theta -= rate / (1 - beta1^t) m / (sqrt(v') / sqrt(1 - beta2^t) + epsilon)
 * </pre>
 *
 * <p>A parameter that no adjoint has ever given a gradient is left alone. Owned by one thread.
 */
public final class Adam {

    /**
     * What the steps are like.
     *
     * @param beta1 share of the first moment that is kept, in [0, 1)
     * @param beta2 share of the second moment that is kept, in [0, 1)
     * @param epsilon added to the root of the second moment, at least 0
     * @param weightDecay factor of the parameter itself in its gradient, at least 0
     * @param amsgrad whether the largest second moment so far is used
     */
    public record Settings(double beta1, double beta2, double epsilon, double weightDecay, boolean amsgrad) {
        /** The reference's. */
        public static final Settings DEFAULTS = new Settings(0.9, 0.999, 1e-8, 0, false);

        /** Checks the ranges. */
        public Settings {
            requireShare("beta1", beta1);
            requireShare("beta2", beta2);
            requireNotNegative("epsilon", epsilon);
            requireNotNegative("weightDecay", weightDecay);
        }

        private static void requireShare(String name, double value) {
            if (!(value >= 0 && value < 1)) {
                throw new IllegalArgumentException(name + " must be within [0, 1) but was " + value);
            }
        }

        private static void requireNotNegative(String name, double value) {
            if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(name + " must be >= 0 and finite but was " + value);
            }
        }
    }

    /** The fewest numbers that are worth a worker. */
    private static final int LEAST_NUMBERS = 1024;

    private final List<Tensor> parameters;
    private final Settings settings;
    private final Bands bands;
    private final Bands.Band part = this::stepOfPart;
    private final double[][] first;
    private final double[][] second;
    private final double[][] largest;
    private final long[] steps;
    /** What the workers are at. */
    private int index;

    private double size;
    private double inverseRoot;

    /** Moments of zero for these parameters. */
    public Adam(List<Tensor> parameters, Settings settings) {
        this(parameters, settings, Bands.ALONE);
    }

    /** The same, with workers that share each step. */
    public Adam(List<Tensor> parameters, Settings settings, Bands bands) {
        this.parameters = Given.list(parameters, "parameters");
        this.settings = Given.require(settings, "settings");
        this.bands = Given.require(bands, "bands");
        first = zeros();
        second = zeros();
        largest = settings.amsgrad() ? zeros() : new double[0][];
        steps = new long[parameters.size()];
    }

    private double[][] zeros() {
        return parameters.stream().map(p -> new double[p.count()]).toArray(double[][]::new);
    }

    /**
     * Takes a step with the gradients as they are.
     *
     * @param rate how far, at least 0
     */
    public void step(double rate) {
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).hasGradient()) {
                steps[i]++;
                index = i;
                size = rate / (1 - Math.pow(settings.beta1(), steps[i]));
                inverseRoot = 1 / Math.sqrt(1 - Math.pow(settings.beta2(), steps[i]));
                bands.run(part, first[i].length, LEAST_NUMBERS);
            }
        }
    }

    private void stepOfPart(int worker, int from, int to) {
        double[] theta = parameters.get(index).values();
        double[] gradient = parameters.get(index).gradient();
        double[] m = first[index];
        double[] v = second[index];
        double[] used = settings.amsgrad() ? largest[index] : v;
        double beta1 = settings.beta1();
        double beta2 = settings.beta2();
        double decay = settings.weightDecay();
        double epsilon = settings.epsilon();
        double rate = size;
        double root = inverseRoot;
        for (int i = from; i < to; i++) {
            double g = gradient[i] + decay * theta[i];
            m[i] = beta1 * m[i] + (1 - beta1) * g;
            v[i] = beta2 * v[i] + (1 - beta2) * g * g;
        }
        for (int i = from; settings.amsgrad() && i < to; i++) {
            used[i] = Math.max(used[i], v[i]);
        }
        for (int i = from; i < to; i++) {
            theta[i] -= rate * m[i] / (Math.sqrt(used[i]) * root + epsilon);
        }
    }

    /** Moments and counts, to go on from elsewhere. */
    public Map<String, NdArray> save() {
        Map<String, NdArray> saved = new LinkedHashMap<>();
        saved.put("steps", new NdArray(new int[] {steps.length}, steps.clone()));
        save(saved, "first.", first);
        save(saved, "second.", second);
        save(saved, "largest.", largest);
        return saved;
    }

    private static void save(Map<String, NdArray> saved, String prefix, double[][] moments) {
        for (int i = 0; i < moments.length; i++) {
            saved.put(prefix + i, new NdArray(new int[] {moments[i].length}, moments[i].clone()));
        }
    }

    /**
     * Goes to where another one, for the same parameters, was saved.
     *
     * @throws IllegalArgumentException when it does not fit
     */
    public void restore(Map<String, NdArray> saved) {
        NdArray counts = require(Given.require(saved, "saved"), "steps", steps.length);
        for (int i = 0; i < steps.length; i++) {
            steps[i] = (long) counts.at(i);
        }
        restore(saved, "first.", first);
        restore(saved, "second.", second);
        restore(saved, "largest.", largest);
    }

    private static void restore(Map<String, NdArray> saved, String prefix, double[][] moments) {
        for (int i = 0; i < moments.length; i++) {
            double[] values = require(saved, prefix + i, moments[i].length).doubles();
            System.arraycopy(values, 0, moments[i], 0, values.length);
        }
    }

    private static NdArray require(Map<String, NdArray> saved, String name, int count) {
        NdArray array = saved.get(name);
        if (array == null || array.size() != count) {
            throw new IllegalArgumentException("the optimiser needs " + count + " values of \"" + name + "\" but "
                    + (array == null ? "there are none" : array.size() + " were saved")
                    + "; take what a fit of the same parameters saved");
        }
        return array;
    }
}
