package org.amacrine.operators.fit;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.DifferentiableLayer;
import org.amacrine.core.layer.TrainableParameters;

/**
 * The loss of a model along a line through its parameters: {@code L(p0 + k d)}, where p0 are the parameters as they were and the
 * direction d is the gradient of the loss at p0, unless another one is set for some parameters. It tells how long a step may be, and
 * whether a fit has arrived. The layer's parameters are p0 again after each call.
 *
 * <p>Frozen parameters stay as they are. Owned by one thread, as the layer is.
 */
public final class GradientLine {
    private final LayerFit fit;
    private final DifferentiableLayer layer;
    private final TrainableParameters parameters;
    private final double[] origin;
    private final double[] gradient;
    private final double[] direction;
    private final double lossAtOrigin;

    /**
     * The line of a fit that does not begin: its layer, data, loss, chunks, resolution and kernels; with chunks the gradient is the sum of
     * theirs, each of which takes what came before it for a constant. Prepares the layer.
     *
     * @throws IllegalArgumentException when layer and data do not go together, or the fit skips frames, which count in no gradient
     * @throws IllegalStateException where the loss is not 0 but its gradient is: there is no line then
     */
    public GradientLine(LayerFit.Builder what) {
        if (what.skipFrames() > 0) {
            throw new IllegalArgumentException("the loss along a line is that of all frames but " + what.skipFrames()
                    + " are skipped; cut the data instead");
        }
        layer = what.layer();
        Recorder recorder = new Recorder();
        fit = what.optimiser(size -> recorder).iterations(1).build();
        parameters = TrainableParameters.of(layer);
        origin = new double[parameters.size()];
        parameters.get(origin);
        gradient = new double[parameters.size()];
        recorder.into = gradient;
        boolean isWhole = false;
        while (!isWhole) {
            isWhole = fit.step();
        }
        lossAtOrigin = fit.objectives().get("loss");
        direction = gradient.clone();
    }

    /** Evaluates and adds up gradients, but moves nothing. */
    private static final class Recorder implements Optimiser {
        private double[] into;

        @Override
        public double step(double[] theta, Objective objective) {
            double[] gradient = new double[theta.length];
            double loss = objective.evaluate(theta, gradient);
            for (int i = 0; i < gradient.length; i++) {
                into[i] += gradient[i];
            }
            return loss;
        }

        @Override
        public Map<String, NdArray> save() {
            return Map.of();
        }

        @Override
        public void restore(Map<String, NdArray> saved) {}
    }

    /** The loss at p0. */
    public double loss() {
        return lossAtOrigin;
    }

    /** The gradient at p0 of each parameter, by name, in its shape. */
    public Map<String, NdArray> gradient() {
        Map<String, NdArray> byName = new LinkedHashMap<>();
        for (int i = 0; i < parameters.names().size(); i++) {
            String name = parameters.names().get(i);
            double[] part = Arrays.copyOfRange(gradient, parameters.start(i), end(i));
            Object value = layer.parameters().get(name).value();
            byName.put(
                    name,
                    new NdArray(value instanceof NdArray array ? array.shape().clone() : new int[0], part));
        }
        return byName;
    }

    private int end(int parameter) {
        return parameter + 1 < parameters.names().size() ? parameters.start(parameter + 1) : parameters.size();
    }

    /**
     * Sets the direction of one parameter.
     *
     * @param value as many numbers as it has, or one for all; 0 to keep the parameter where it is
     * @throws IllegalArgumentException for an unknown name, another number of values, or one that is no finite number
     */
    public GradientLine direction(String parameter, NdArray value) {
        String name = layer.parameters().resolve(parameter);
        int at = name == null ? -1 : parameters.names().indexOf(name);
        if (at < 0) {
            throw new IllegalArgumentException("no parameter \"" + parameter + "\" that is fitted; there are "
                    + String.join(", ", parameters.names()));
        }
        int from = parameters.start(at);
        int count = end(at) - from;
        if (value.size() != 1 && value.size() != count) {
            throw new IllegalArgumentException("the direction of " + name + " has " + count
                    + " values, or one for all, but " + value.size() + " were given");
        }
        for (int i = 0; i < count; i++) {
            double each = value.at(value.size() == 1 ? 0 : i);
            if (!Double.isFinite(each)) {
                throw new IllegalArgumentException("the direction of " + name + " is finite numbers but was " + each);
            }
            direction[from + i] = each;
        }
        return this;
    }

    /** The same for one number for all values of a parameter. */
    public GradientLine direction(String parameter, double value) {
        return direction(parameter, NdArray.of(value));
    }

    /** Back to the gradient for all parameters. */
    public GradientLine followGradient() {
        System.arraycopy(gradient, 0, direction, 0, gradient.length);
        return this;
    }

    /**
     * The loss at each distance along the line; below 0 is where gradient descent goes.
     *
     * @throws IllegalArgumentException when the parameters there are not allowed
     * @throws IllegalStateException when the loss there is no finite number
     */
    public double[] losses(double... distances) {
        double[] losses = new double[distances.length];
        double[] at = new double[origin.length];
        try {
            for (int n = 0; n < losses.length; n++) {
                double k = distances[n];
                Arrays.setAll(at, i -> origin[i] + k * direction[i]);
                parameters.set(at);
                losses[n] = Arrays.stream(fit.losses()).sum();
            }
        } finally {
            parameters.set(origin);
        }
        return losses;
    }

    /** Names of the parameters that the line goes along. */
    public List<String> names() {
        return parameters.names();
    }
}
