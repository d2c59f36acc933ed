package org.amacrine.operators.epi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.amacrine.core.layer.Names;

/**
 * A model to infer parameters of: its name, its parameters in the order in which the emergent property takes them, and that
 * property. Immutable.
 *
 * @param name a part of the paths of saved runs
 * @param parameters in the order of the elements of z
 * @param propertyName name of the emergent property, a part of the paths of saved runs
 * @param property the statistics of simulations
 */
public record EpiModel(String name, List<BoundedParameter> parameters, String propertyName, EmergentProperty property) {

    /** Checks that names differ and that the property takes as many elements as the parameters have. */
    public EpiModel {
        parameters = List.copyOf(parameters);
        Set<String> names = new HashSet<>();
        for (BoundedParameter parameter : parameters) {
            if (!names.add(parameter.name())) {
                throw new IllegalArgumentException(
                        "Invalid parameter list. The name " + parameter.name() + " stands for two parameters.");
            }
        }
        int dims = parameters.stream().mapToInt(BoundedParameter::dims).sum();
        if (dims != property.dims()) {
            throw new IllegalArgumentException("the emergent property " + propertyName + " takes " + property.dims()
                    + " elements but the parameters " + parameters + " have " + dims);
        }
    }

    /**
     * A model whose property takes the parameters in an order of its own.
     *
     * @param arguments names of all parameters, each once, in the order in which the property takes them
     */
    public static EpiModel of(
            String name,
            List<BoundedParameter> parameters,
            String propertyName,
            List<String> arguments,
            EmergentProperty property) {
        List<String> names = parameters.stream().map(BoundedParameter::name).toList();
        List<BoundedParameter> ordered = new ArrayList<>();
        for (String argument : arguments) {
            int index = names.indexOf(argument);
            if (index < 0) {
                throw new IllegalArgumentException("Function eps has argument " + argument
                        + " not in model parameter list." + Names.suggest(argument, names));
            }
            ordered.add(parameters.get(index));
        }
        if (arguments.size() != names.size() || !new HashSet<>(arguments).containsAll(names)) {
            throw new IllegalArgumentException(
                    "the emergent property must name each of " + names + " once but names " + arguments);
        }
        return new EpiModel(name, ordered, propertyName, property);
    }

    /** Number of elements of z, D. */
    public int dims() {
        return property.dims();
    }

    /** Lower bounds of all elements, [D]. */
    public double[] lower() {
        return parameters.stream()
                .flatMapToDouble(p -> Arrays.stream(p.lower()))
                .toArray();
    }

    /** Upper bounds of all elements, [D]. */
    public double[] upper() {
        return parameters.stream()
                .flatMapToDouble(p -> Arrays.stream(p.upper()))
                .toArray();
    }
}
