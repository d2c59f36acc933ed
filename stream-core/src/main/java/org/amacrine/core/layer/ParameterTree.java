package org.amacrine.core.layer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The parameters of a layer under dotted names, for example {@code bipolar.leakHertz}: found by name, by the name that the
 * reference uses, or by search; set one by one or all together; kept on a stack; saved and loaded.
 *
 * <p>Owned by the operator's thread; other threads read, and send commands to set.
 */
public final class ParameterTree {
    /** More names than these are not listed in a message when there is a command that lists them. */
    private static final int MOST_LISTED = 12;

    private final String owner;
    private final String command;
    private final Map<String, Parameter> byName = new LinkedHashMap<>();
    private final Map<String, String> nameOfAlias = new LinkedHashMap<>();
    private final Deque<Map<String, Object>> stack = new ArrayDeque<>();
    private final Map<String, Map<String, Object>> stored = new LinkedHashMap<>();

    /**
     * An empty tree.
     *
     * @param owner what the parameters belong to, for messages
     */
    public ParameterTree(String owner) {
        this(owner, "");
    }

    /**
     * An empty tree.
     *
     * @param owner what the parameters belong to, for messages
     * @param command what lists them on the command line, for messages; empty when there is none
     */
    public ParameterTree(String owner, String command) {
        this.owner = owner;
        this.command = command;
    }

    /** What the parameters belong to. */
    public String owner() {
        return owner;
    }

    /** Adds a parameter at the top of the tree. */
    public Parameter add(Parameter parameter) {
        put(parameter.name(), parameter);
        for (String alias : parameter.aliases()) {
            nameOfAlias.put(flat(alias), parameter.name());
        }
        return parameter;
    }

    /**
     * Adds all parameters of a part under {@code prefix}.
     *
     * @param otherPrefixes prefixes under which the reference knows the part
     */
    public void mount(String prefix, ParameterTree part, String... otherPrefixes) {
        for (Map.Entry<String, Parameter> entry : part.byName.entrySet()) {
            put(prefix + "." + entry.getKey(), entry.getValue());
        }
        List<String> prefixes = new ArrayList<>(List.of(otherPrefixes));
        prefixes.add(prefix);
        for (String other : prefixes) {
            for (String name : part.byName.keySet()) {
                nameOfAlias.putIfAbsent(flat(other + "." + name), prefix + "." + name);
            }
            for (Map.Entry<String, String> alias : part.nameOfAlias.entrySet()) {
                nameOfAlias.putIfAbsent(flat(other) + "_" + alias.getKey(), prefix + "." + alias.getValue());
            }
        }
    }

    private void put(String name, Parameter parameter) {
        if (byName.putIfAbsent(name, parameter) != null) {
            throw new IllegalStateException("two parameters are called " + name + " in " + owner);
        }
    }

    private static String flat(String name) {
        return name.replace('.', '_');
    }

    /** All parameters by their dotted names, in a fixed order. */
    public Map<String, Parameter> all() {
        return java.util.Collections.unmodifiableMap(byName);
    }

    /** The dotted name for a name, a name of the reference, or one with underscores for dots; null when unknown. */
    public String resolve(String name) {
        return byName.containsKey(name) ? name : nameOfAlias.get(flat(name));
    }

    /** The parameter of that name; throws {@link IllegalArgumentException} with a suggestion when there is none. */
    public Parameter get(String name) {
        String known = resolve(name);
        if (known == null) {
            throw unknown(name);
        }
        return byName.get(known);
    }

    private IllegalArgumentException unknown(String name) {
        List<String> candidates = new ArrayList<>(byName.keySet());
        String near = Names.closest(name, candidates);
        if (near == null || !near.equals(name)) {
            String nearAlias = Names.closest(flat(name), new ArrayList<>(nameOfAlias.keySet()));
            near = nearAlias != null ? nameOfAlias.get(nearAlias) : near;
        }
        return new IllegalArgumentException(
                "no parameter \"" + name + "\"; " + (near == null ? "" : "did you mean \"" + near + "\"? ") + known());
    }

    private String known() {
        if (byName.isEmpty()) {
            return owner + " has none";
        }
        return byName.size() > MOST_LISTED && !command.isEmpty()
                ? "`" + command + "` lists all " + byName.size()
                : "parameters of " + owner + ": " + String.join(", ", byName.keySet());
    }

    /** Sets one parameter; throws {@link IllegalArgumentException} that names it when the value is not allowed. */
    public void set(String name, Object value) {
        Parameter parameter = get(name);
        try {
            parameter.set(value);
        } catch (IllegalArgumentException e) {
            throw named(resolve(name), e);
        }
    }

    private IllegalArgumentException named(String name, IllegalArgumentException cause) {
        String text = cause.getMessage();
        String own = byName.get(name).name();
        return new IllegalArgumentException(
                text.startsWith(own + " ") ? name + text.substring(own.length()) : name + ": " + text, cause);
    }

    /** Checks a value for a parameter without setting it. */
    public void check(String name, Object value) {
        Parameter parameter = get(name);
        try {
            parameter.accept(value);
        } catch (IllegalArgumentException e) {
            throw named(resolve(name), e);
        }
    }

    /** Parameters whose name, reference name or description contains the text, in any case. */
    public Map<String, Parameter> search(String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        Map<String, Parameter> found = new LinkedHashMap<>();
        for (Map.Entry<String, Parameter> entry : byName.entrySet()) {
            Parameter parameter = entry.getValue();
            String all = entry.getKey() + " " + parameter.aliases() + " " + parameter.doc();
            if (all.toLowerCase(Locale.ROOT).contains(wanted)) {
                found.put(entry.getKey(), parameter);
            }
        }
        return found;
    }

    /** The values that differ from what the layer would have or derive by itself, by name. */
    public Map<String, Object> changed() {
        Map<String, Object> values = new LinkedHashMap<>();
        byName.forEach((name, parameter) -> {
            if (!parameter.isDefault()) {
                values.put(name, parameter.value());
            }
        });
        return values;
    }

    /** All values by name, without derived arrays that nobody set. */
    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        byName.forEach((name, parameter) -> {
            boolean derived = parameter.kind() == Parameter.Kind.ARRAY && !parameter.overridden();
            if (parameter.value() != null && !derived) {
                values.put(name, parameter.value());
            }
        });
        return values;
    }

    /**
     * Sets several parameters, all or none: every name and value is checked first, and the first one that is not allowed, or
     * that the layer refuses, is thrown as an {@link IllegalArgumentException}. They take effect in the order of the tree, so
     * that an array that is given outlasts the quantities it would be derived from.
     *
     * @param values by name; null for back to the default
     */
    public void set(Map<String, ?> values) {
        Map<String, Object> known = new LinkedHashMap<>();
        for (Map.Entry<String, ?> entry : values.entrySet()) {
            if (entry.getValue() == null) {
                get(entry.getKey());
            } else {
                check(entry.getKey(), entry.getValue());
            }
            String name = resolve(entry.getKey());
            if (known.containsKey(name)) {
                throw new IllegalArgumentException(name + " is given twice, under two names; remove one");
            }
            known.put(name, entry.getValue());
        }
        Map<String, Object> before = values();
        try {
            for (String name : byName.keySet()) {
                if (known.containsKey(name) && known.get(name) == null) {
                    byName.get(name).reset();
                } else if (known.containsKey(name)) {
                    set(name, known.get(name));
                }
            }
        } catch (RuntimeException e) {
            restore(before);
            throw e;
        }
    }

    /** All parameters back to their defaults. */
    public void reset() {
        byName.values().forEach(Parameter::reset);
    }

    /** Keeps the present values on a stack. */
    public void push() {
        stack.push(values());
    }

    /** Takes the values kept last from the stack and sets them; arrays set since are derived again. */
    public void pop() {
        if (stack.isEmpty()) {
            throw new IllegalStateException("pop without push; push the parameters of " + owner + " first");
        }
        restore(stack.pop());
    }

    /** Keeps the present values under a name; those that were kept under it before are forgotten. */
    public void store(String name) {
        stored.put(name, values());
    }

    /** Sets the values kept under a name, any number of times; throws {@link IllegalArgumentException} when there are none. */
    public void retrieve(String name) {
        Map<String, Object> kept = stored.get(name);
        if (kept == null) {
            throw new IllegalArgumentException("no parameters of " + owner + " are stored as \"" + name + "\""
                    + Names.suggest(name, stored.keySet()) + "; stored are " + stored.keySet());
        }
        restore(kept);
    }

    private void restore(Map<String, Object> kept) {
        byName.forEach((name, parameter) -> {
            Object value = kept.get(name);
            if (value == null) {
                parameter.reset();
            } else if (!Objects.equals(value, parameter.value())) {
                parameter.set(value);
            }
        });
    }

    /** Saves the values, without derived arrays: {@code .npz}, or {@code .yaml} / {@code .yml} as text. */
    public void save(Path file) throws IOException {
        ParameterFile.write(file, this);
    }

    /** Loads what {@link #save} wrote, all or none; unknown names are errors. */
    public void load(Path file) throws IOException {
        Map<String, Object> values = ParameterFile.read(file);
        for (Map.Entry<String, Object> entry : values.entrySet()) {
            check(entry.getKey(), entry.getValue());
        }
        set(values);
    }

    /** One line for each parameter. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        byName.forEach((name, p) -> text.append(name)
                .append(" = ")
                .append(p.valueText())
                .append(p.unit().isEmpty() ? "" : " " + p.unit())
                .append('\n'));
        return text.toString();
    }
}
