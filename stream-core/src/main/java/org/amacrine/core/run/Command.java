package org.amacrine.core.run;

import java.util.concurrent.CompletableFuture;

/**
 * A wish to change a parameter, on its way to the thread that owns it, where it is applied between two chunks.
 *
 * @param parameter dotted name within the layer
 * @param value as {@link org.amacrine.core.layer.Parameter#set} takes it
 * @param done completes with the index of the first frame that the change is in force for, or with the error
 */
public record Command(String parameter, Object value, CompletableFuture<Long> done) {

    /** A command that waits to be applied. */
    public static Command set(String parameter, Object value) {
        return new Command(parameter, value, new CompletableFuture<>());
    }
}
