package org.amacrine.operators.latent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A map that has parameters and a derivative: a {@link TensorModule} or a {@link GroupMap}. It holds nothing of a call:
 * that is in the pass which computes it, so one object may be used at several places and by several models.
 */
public interface Differentiable {

    /**
     * Tells of each parameter, in order of registration, by its path below this one, such as {@code nn.weight}.
     *
     * @param prefix what each path begins with: empty, or ending in a dot
     */
    default void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {}

    /** The parameters by path, in order of registration; one used at two places is there under both paths. */
    default Map<String, Tensor> parameters() {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        eachParameter("", parameters::put);
        return parameters;
    }

    /** The modules that this one is made of; none of those that are whole in themselves. */
    default List<? extends Differentiable> parts() {
        return List.of();
    }

    /**
     * What to write into a file so that the same module can be made again, values of parameters aside.
     *
     * @throws IllegalStateException of a module that a program made from its own functions, which no file can hold
     */
    ModuleStructure structure();
}
