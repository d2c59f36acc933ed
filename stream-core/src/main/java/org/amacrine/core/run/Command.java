package org.amacrine.core.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.amacrine.core.layer.ParameterTree;

/**
 * A wish to change parameters of a layer, all or none, on its way to the thread that owns them, where it is applied between
 * two chunks.
 *
 * @param values by dotted name within the layer, each as {@link org.amacrine.core.layer.Parameter#set} takes it; null for back
 *     to the default
 * @param expected values that parameters must have at that moment; else nothing is changed
 * @param done completes with the index of the first frame that the change is in force for, or with the error
 */
public record Command(Map<String, Object> values, Map<String, Object> expected, CompletableFuture<Long> done) {

    /** Somebody else set parameters first. */
    public static final class OvertakenException extends IllegalStateException {
        private static final long serialVersionUID = 1;

        private OvertakenException(String message) {
            super(message);
        }
    }

    /** Copies the maps. */
    public Command {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        expected = Collections.unmodifiableMap(new LinkedHashMap<>(expected));
    }

    /** A command that waits to be applied. */
    public static Command set(Map<String, ?> values) {
        return setIfStill(Map.of(), values);
    }

    /** A command that changes nothing unless parameters have the expected values still when its turn comes. */
    public static Command setIfStill(Map<String, ?> expected, Map<String, ?> values) {
        return new Command(new LinkedHashMap<>(values), new LinkedHashMap<>(expected), new CompletableFuture<>());
    }

    /** A command for one parameter. */
    public static Command set(String parameter, Object value) {
        return set(Collections.singletonMap(parameter, value));
    }

    /**
     * Sets the values. Called by the thread that owns the parameters.
     *
     * @throws OvertakenException when a parameter has not the value that was expected
     * @throws IllegalArgumentException when a value is not allowed; then none is set
     */
    void apply(ParameterTree parameters) {
        expected.forEach((name, value) -> {
            if (!Objects.equals(parameters.get(name).value(), value)) {
                throw new OvertakenException(name + " was set to something else meanwhile");
            }
        });
        parameters.set(values);
    }
}
