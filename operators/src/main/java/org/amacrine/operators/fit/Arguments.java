package org.amacrine.operators.fit;

import java.util.LinkedHashMap;
import java.util.Map;
import org.amacrine.core.layer.Names;

/** What an optimiser was given by name; knows what it was asked for, so that nothing is ignored. */
final class Arguments {
    private final String owner;
    private final Map<String, Double> given;
    /** What was asked for, with its value. */
    private final Map<String, Double> known = new LinkedHashMap<>();

    Arguments(String owner, Map<String, Double> given) {
        this.owner = owner;
        this.given = new LinkedHashMap<>(given);
    }

    /** The value of an argument, at least 0; NaN as the default means that it must be given. */
    double get(String name, double otherwise) {
        double value = given.getOrDefault(name, otherwise);
        known.put(name, value);
        if (!given.containsKey(name) && Double.isNaN(otherwise)) {
            throw new IllegalArgumentException(
                    owner + " needs " + name + "; for example " + owner + ":" + name + "=0.01");
        }
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(
                    name + " of " + owner + " must be a finite number >= 0 but was " + value);
        }
        return value;
    }

    /** A share, in [0, 1). */
    double share(String name, double otherwise) {
        double value = get(name, otherwise);
        if (value >= 1) {
            throw new IllegalArgumentException(
                    name + " of " + owner + " must be >= 0 and < 1 but was " + value + "; for example 0.9");
        }
        return value;
    }

    /** A switch, off unless given: 0 or 1. */
    boolean isOn(String name) {
        double value = get(name, 0);
        if (value != 0 && value != 1) {
            throw new IllegalArgumentException(name + " of " + owner + " must be 0 or 1 but was " + value);
        }
        return value == 1;
    }

    /** A whole number, at least 1. */
    int count(String name, int otherwise) {
        double value = get(name, otherwise);
        if (value < 1 || value != (int) value) {
            throw new IllegalArgumentException(name + " of " + owner + " must be a whole number from 1 to "
                    + Integer.MAX_VALUE + " but was " + value + "; for example " + otherwise);
        }
        return (int) value;
    }

    /** All arguments of the optimiser, those that were not given with their defaults. */
    Map<String, Double> all() {
        return Map.copyOf(known);
    }

    /** Throws {@link IllegalArgumentException} when something was given that was not asked for. */
    void requireAllKnown() {
        for (String name : given.keySet()) {
            if (!known.containsKey(name)) {
                throw new IllegalArgumentException(owner + " has no argument \"" + name + "\""
                        + Names.suggest(name, known.keySet()) + "; it takes " + String.join(", ", known.keySet()));
            }
        }
    }
}
