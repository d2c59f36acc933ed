package org.amacrine.operators.latent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Names;

/** Parameters as arrays by name: what goes to Python and comes from there, as {@code .npz}. */
public final class StateDict {
    private StateDict() {}

    /** Copies of parameters. */
    public static Map<String, NdArray> arrays(Map<String, Tensor> parameters) {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        Given.require(parameters, "parameters")
                .forEach((name, tensor) -> arrays.put(
                        name, new NdArray(tensor.shape(), tensor.values().clone())));
        return arrays;
    }

    /** The names of each parameter, in order: one that is used at several places has one for each of them. */
    static Map<Tensor, List<String>> names(Map<String, Tensor> parameters) {
        Map<Tensor, List<String>> names = new LinkedHashMap<>();
        parameters.forEach((name, tensor) ->
                names.computeIfAbsent(tensor, t -> new ArrayList<>()).add(name));
        return names;
    }

    /**
     * Sets parameters, all or none. One that has several names may be given under any of them.
     *
     * @throws IllegalArgumentException when an array is missing, unknown, of another shape, or holds NaN or an infinity; or when
     *     a parameter is given under two names with different values
     */
    public static void load(Map<String, Tensor> parameters, Map<String, NdArray> arrays) {
        Given.require(parameters, "parameters");
        for (String name : Given.require(arrays, "arrays").keySet()) {
            if (!parameters.containsKey(name)) {
                throw new IllegalArgumentException("no parameter \"" + name + "\""
                        + Names.suggest(name, parameters.keySet()) + "; the model has " + parameters.keySet());
            }
        }
        Map<Tensor, double[]> values = new LinkedHashMap<>();
        names(parameters).forEach((tensor, names) -> values.put(tensor, given(tensor, names, arrays)));
        values.forEach((tensor, numbers) -> System.arraycopy(numbers, 0, tensor.values(), 0, tensor.count()));
    }

    private static double[] given(Tensor tensor, List<String> names, Map<String, NdArray> arrays) {
        List<String> given = names.stream().filter(arrays::containsKey).toList();
        if (given.isEmpty()) {
            throw new IllegalArgumentException(
                    "parameter \"" + names.get(0) + "\" is missing; give all of the model's");
        }
        given.forEach(name -> require(name, tensor, arrays.get(name)));
        double[] values = arrays.get(given.get(0)).doubles();
        for (String name : given) {
            if (!Arrays.equals(values, arrays.get(name).doubles())) {
                throw new IllegalArgumentException("\"" + given.get(0) + "\" and \"" + name
                        + "\" are one parameter but were given different values; give the same, or only one of them");
            }
        }
        return values;
    }

    private static void require(String name, Tensor tensor, NdArray array) {
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
