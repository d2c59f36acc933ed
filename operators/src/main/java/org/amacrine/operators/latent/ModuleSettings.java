package org.amacrine.operators.latent;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.amacrine.core.layer.Names;

/** The settings of a module that is being made by name: read one by one, with errors for what is missing, wrong or too much. */
final class ModuleSettings {
    private final ModuleStructure structure;
    private final Set<String> known = new TreeSet<>();
    private boolean childrenRead;

    ModuleSettings(ModuleStructure structure) {
        this.structure = structure;
    }

    /** The modules it is made of, at least one. */
    List<ModuleStructure> children() {
        childrenRead = true;
        if (structure.children().isEmpty()) {
            throw new IllegalArgumentException(structure.type() + " is made of other modules but has none; for example "
                    + structure.type() + "(Identity)");
        }
        return structure.children();
    }

    /** The one module it is made of. */
    ModuleStructure child() {
        if (children().size() != 1) {
            throw new IllegalArgumentException(structure.type() + " is made of one module but was given "
                    + structure.children().size() + "; put these into a Chain(...)");
        }
        return structure.children().get(0);
    }

    int integer(String name) {
        return integer(name, required(name, "an integer"));
    }

    double number(String name) {
        return number(name, required(name, "a number"));
    }

    double number(String name, double otherwise) {
        Object value = optional(name);
        return value == null ? otherwise : number(name, value);
    }

    boolean flag(String name, boolean otherwise) {
        Object value = optional(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, value, "true or false");
    }

    int[] integers(String name) {
        return integers(name, required(name, "a list of integers"));
    }

    /** A list of numbers, or null. */
    double[] numbers(String name) {
        Object value = optional(name);
        if (value == null) {
            return null;
        }
        List<?> list = list(name, value);
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(name, list.get(i));
        }
        return numbers;
    }

    /** Lists of integers. */
    int[][] integerLists(String name) {
        return list(name, required(name, "a list of lists of integers")).stream()
                .map(one -> integers(name, one))
                .toArray(int[][]::new);
    }

    /** Lists of lists of integers. */
    int[][][] integerListLists(String name) {
        return list(name, required(name, "a list of lists of lists of integers")).stream()
                .map(output -> list(name, output).stream()
                        .map(one -> integers(name, one))
                        .toArray(int[][]::new))
                .toArray(int[][][]::new);
    }

    /** Lists of true and false. */
    boolean[][] flagLists(String name) {
        List<boolean[]> rows = new ArrayList<>();
        for (Object row : list(name, required(name, "a list of lists of true and false"))) {
            List<?> values = list(name, row);
            boolean[] flags = new boolean[values.size()];
            for (int i = 0; i < flags.length; i++) {
                if (!(values.get(i) instanceof Boolean flag)) {
                    throw wrong(name, values.get(i), "lists of true and false");
                }
                flags[i] = flag;
            }
            rows.add(flags);
        }
        return rows.toArray(boolean[][]::new);
    }

    /** Fails when there is something that was not asked for. */
    void requireNothingElse() {
        for (String name : structure.settings().keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("no setting \"" + name + "\" of " + structure.type()
                        + Names.suggest(name, known) + (known.isEmpty() ? "; it has none" : "; it has " + known));
            }
        }
        if (!childrenRead && !structure.children().isEmpty()) {
            throw new IllegalArgumentException(structure.type() + " is not made of other modules but was given "
                    + structure.children().get(0).type() + "; for one after the other write Chain(" + structure.type()
                    + ", ...)");
        }
    }

    private Object optional(String name) {
        known.add(name);
        return structure.settings().get(name);
    }

    private Object required(String name, String kind) {
        Object value = optional(name);
        if (value == null) {
            // What is left over may be this one, misspelt.
            String close = Names.closest(name, structure.settings().keySet());
            throw new IllegalArgumentException(structure.type() + " needs " + name + ", " + kind
                    + (close == null || known.contains(close) ? "" : "; \"" + close + "\" is no setting of it"));
        }
        return value;
    }

    private int integer(String name, Object value) {
        if (value instanceof Integer number) {
            return number;
        }
        throw wrong(name, value, "an integer");
    }

    private double number(String name, Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw wrong(name, value, "a number");
    }

    private int[] integers(String name, Object value) {
        List<?> list = list(name, value);
        int[] numbers = new int[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = integer(name, list.get(i));
        }
        return numbers;
    }

    private List<?> list(String name, Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw wrong(name, value, "a list in []");
    }

    private IllegalArgumentException wrong(String name, Object value, String kind) {
        return new IllegalArgumentException(
                name + " of " + structure.type() + " must be " + kind + " but was " + value);
    }
}
