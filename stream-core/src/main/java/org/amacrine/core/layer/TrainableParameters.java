package org.amacrine.core.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;

/**
 * The trainable parameters of a layer that are not frozen, as one vector: one after the other in the order of the tree, and
 * each in its own order. So an optimiser needs to know nothing of layers.
 *
 * <p>Owned by the thread that owns the layer, which must be prepared: shapes of kernels are known then.
 */
public final class TrainableParameters {
    private final List<String> names = new ArrayList<>();
    private final List<Parameter> parameters = new ArrayList<>();
    private final int[] starts;

    private TrainableParameters(ParameterTree tree) {
        for (Map.Entry<String, Parameter> entry : tree.all().entrySet()) {
            Parameter parameter = entry.getValue();
            if (parameter.isTrainable() && !parameter.isFrozen()) {
                names.add(entry.getKey());
                parameters.add(parameter);
            }
        }
        starts = new int[parameters.size() + 1];
        for (int i = 0; i < parameters.size(); i++) {
            starts[i + 1] = Math.addExact(starts[i], parameters.get(i).size());
        }
    }

    /** The vector of a prepared layer's parameters, as they are trainable and frozen now. */
    public static TrainableParameters of(Layer layer) {
        return new TrainableParameters(layer.parameters());
    }

    /** Dotted names, in the order of the vector. */
    public List<String> names() {
        return List.copyOf(names);
    }

    /** Number of values of the vector. */
    public int size() {
        return starts[parameters.size()];
    }

    /** Where in the vector a parameter begins; the one after the last begins at {@link #size()}. */
    public int start(int parameter) {
        return starts[parameter];
    }

    /** Copies the values into a vector. */
    public void get(double[] into) {
        for (int i = 0; i < parameters.size(); i++) {
            Object value = parameters.get(i).value();
            if (value instanceof NdArray array) {
                for (int j = 0; j < array.size(); j++) {
                    into[starts[i] + j] = array.at(j);
                }
            } else {
                into[starts[i]] = (Double) value;
            }
        }
    }

    /**
     * Sets all values from a vector; kernels round them to {@code float32}.
     *
     * @throws IllegalArgumentException that names the parameter when a value is not allowed; those before it are set then
     */
    public void set(double[] from) {
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            double[] part = Arrays.copyOfRange(from, starts[i], starts[i + 1]);
            try {
                parameter.set(
                        parameter.value() instanceof NdArray array
                                ? new NdArray(array.shape().clone(), part)
                                : (Object) part[0]);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("parameter " + names.get(i) + ": " + e.getMessage(), e);
            }
        }
    }

    /** Copies the gradients that were added up since they were cleared. */
    public void gradients(double[] into) {
        for (int i = 0; i < parameters.size(); i++) {
            double[] gradient = gradient(i);
            System.arraycopy(gradient, 0, into, starts[i], gradient.length);
        }
    }

    /** Sets all gradients to zero. */
    public void clearGradients() {
        for (int i = 0; i < parameters.size(); i++) {
            Arrays.fill(gradient(i), 0);
        }
    }

    private double[] gradient(int i) {
        double[] gradient = parameters.get(i).gradient();
        if (gradient == null) {
            throw new IllegalStateException(
                    names.get(i) + " keeps no gradient; call keepGradients(true) before the layer is prepared");
        }
        return gradient;
    }
}
