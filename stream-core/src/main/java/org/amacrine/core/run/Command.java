package org.amacrine.core.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A wish to change parameters of a layer, all or none, on its way to the thread that owns them, where it is applied between
 * two chunks.
 *
 * @param values by dotted name within the layer, each as {@link org.amacrine.core.layer.Parameter#set} takes it; null for back
 *     to the default
 * @param done completes with the index of the first frame that the change is in force for, or with the error
 */
public record Command(Map<String, Object> values, CompletableFuture<Long> done) {

    /** Copies the map. */
    public Command {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** A command that waits to be applied. */
    public static Command set(Map<String, ?> values) {
        return new Command(new LinkedHashMap<>(values), new CompletableFuture<>());
    }

    /** A command for one parameter. */
    public static Command set(String parameter, Object value) {
        return set(Collections.singletonMap(parameter, value));
    }
}
