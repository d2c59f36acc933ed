package org.amacrine.operators.latent;

import java.util.List;

/** Arguments that must be given: where one is null, the error says which. */
final class Given {
    private Given() {}

    /** The argument. */
    static <T> T require(T argument, String name) {
        if (argument == null) {
            throw new IllegalArgumentException(name + " must be given but was null");
        }
        return argument;
    }

    /** A copy of a list without null. */
    static <T> List<T> list(List<? extends T> arguments, String name) {
        require(arguments, name);
        for (int i = 0; i < arguments.size(); i++) {
            require(arguments.get(i), name + "[" + i + "]");
        }
        return List.copyOf(arguments);
    }
}
