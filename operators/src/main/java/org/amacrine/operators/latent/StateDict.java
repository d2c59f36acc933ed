package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Names;

/** Parameters as arrays by name: what goes to Python and comes from there, as {@code .npz}. */
public final class StateDict {
    private StateDict() {}

    /** Copies of parameters. */
    public static Map<String, NdArray> arrays(Map<String, Tensor> parameters) {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        parameters.forEach((name, tensor) ->
                arrays.put(name, new NdArray(tensor.shape(), tensor.values().clone())));
        return arrays;
    }

    /**
     * Sets parameters, all or none.
     *
     * @throws IllegalArgumentException when an array is missing, unknown, of another shape, or holds NaN or an infinity
     */
    public static void load(Map<String, Tensor> parameters, Map<String, NdArray> arrays) {
        for (String name : arrays.keySet()) {
            if (!parameters.containsKey(name)) {
                throw new IllegalArgumentException("no parameter \"" + name + "\""
                        + Names.suggest(name, parameters.keySet()) + "; the model has " + parameters.keySet());
            }
        }
        parameters.forEach((name, tensor) -> require(name, tensor, arrays.get(name)));
        parameters.forEach(
                (name, tensor) -> System.arraycopy(arrays.get(name).doubles(), 0, tensor.values(), 0, tensor.count()));
    }

    private static void require(String name, Tensor tensor, NdArray array) {
        if (array == null) {
            throw new IllegalArgumentException("parameter \"" + name + "\" is missing; give all of the model's");
        }
        if (!Arrays.equals(tensor.shape(), array.shape())) {
            throw new IllegalArgumentException("parameter \"" + name + "\" has the shape "
                    + NdArray.text(tensor.shape()) + " but was given " + NdArray.text(array.shape()));
        }
        for (int i = 0; i < array.size(); i++) {
            if (!Double.isFinite(array.at(i))) {
                throw new IllegalArgumentException("value " + i + " of parameter \"" + name + "\" is " + array.at(i)
                        + "; all must be finite numbers");
            }
        }
    }
}
