package org.amacrine.operators.analysis;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.layer.StateTree;

/**
 * What a layer is made of: its parts by their dotted names, and of each its parameters and states as they are now. Derived kernels and
 * states are there once the layer is prepared.
 *
 * @param name own name of the layer or part
 * @param parameters its own, by their own names
 * @param states its own, by their own names; null for one that cannot be read
 * @param parts parts within, by name
 */
public record Description(
        String name, Map<String, Parameter> parameters, Map<String, NdArray> states, Map<String, Description> parts) {
    private static final int INDENT = 2;
    /** Narrower than this nothing is wrapped. */
    private static final int LEAST_WIDTH = 40;

    private Description(String name) {
        this(name, new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    /** Of a layer, with its states. */
    public static Description of(Layer layer) {
        Description description = of(layer.parameters());
        StateTree states = layer.states();
        for (String path : states.names()) {
            description.part(path).states.put(last(path), read(states, path));
        }
        return description;
    }

    /** Of parameters. */
    public static Description of(ParameterTree tree) {
        Description description = new Description(tree.owner());
        tree.all()
                .forEach((path, parameter) -> description.part(path).parameters.put(last(path), parameter));
        return description;
    }

    private static NdArray read(StateTree states, String path) {
        try {
            return states.get(path);
        } catch (IllegalStateException e) {
            return null;
        }
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** The part that something with this path belongs to. */
    private Description part(String path) {
        int dot = path.indexOf('.');
        return dot < 0
                ? this
                : parts.computeIfAbsent(path.substring(0, dot), Description::new)
                        .part(path.substring(dot + 1));
    }

    /**
     * As text, lines no longer than so many columns as far as names and values allow.
     *
     * @param columns at least 40
     */
    public String text(int columns) {
        if (columns < LEAST_WIDTH) {
            throw new IllegalArgumentException(
                    "a description needs at least " + LEAST_WIDTH + " columns but was given " + columns);
        }
        StringBuilder text = new StringBuilder();
        addTo(text, 0, columns);
        return text.toString();
    }

    private void addTo(StringBuilder text, int indent, int columns) {
        line(text, indent, name, columns);
        parameters.forEach((own, parameter) -> {
            line(text, indent + INDENT, own + " = " + valueText(parameter), columns);
            if (!parameter.doc().isEmpty()) {
                line(text, indent + 3 * INDENT, parameter.doc(), columns);
            }
            line(text, indent + 3 * INDENT, factsText(parameter), columns);
        });
        states.forEach((own, state) -> line(text, indent + INDENT, "state " + own + " = " + stateText(state), columns));
        parts.values().forEach(part -> part.addTo(text, indent + INDENT, columns));
    }

    /** Adds a text, broken between words. */
    private static void line(StringBuilder text, int indent, String words, int columns) {
        int used = 0;
        for (String word : words.split(" ")) {
            if (used == 0 || used + 1 + word.length() > columns) {
                text.append(used == 0 ? "" : "\n").append(" ".repeat(used == 0 ? indent : indent + INDENT));
                used = (used == 0 ? indent : indent + INDENT) + word.length();
            } else {
                text.append(' ');
                used += 1 + word.length();
            }
            text.append(word);
        }
        text.append('\n');
    }

    /** The value with its unit; of an array its shape and range. */
    public static String valueText(Parameter parameter) {
        String value = parameter.value() instanceof NdArray array ? arrayText(array) : parameter.valueText();
        return parameter.unit().isEmpty() ? value : value + " " + parameter.unit();
    }

    /** The shape and range of a state, or that it cannot be read. */
    public static String stateText(NdArray state) {
        return state == null ? "cannot be read" : arrayText(state);
    }

    private static String arrayText(NdArray array) {
        if (array.size() == 1) {
            return number(array.at(0)) + (array.shape().length == 0 ? "" : " " + NdArray.text(array.shape()));
        }
        if (array.size() == 0) {
            return NdArray.text(array.shape());
        }
        DoubleSummaryStatistics s = Arrays.stream(array.doubles()).summaryStatistics();
        return NdArray.text(array.shape()) + " from " + number(s.getMin()) + " to " + number(s.getMax()) + ", mean "
                + number(s.getAverage());
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e6
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.4g", value);
    }

    /** What is allowed, the default, the reference's names, and whether a fit changes it. */
    public static String factsText(Parameter parameter) {
        StringBuilder facts = new StringBuilder(parameter.allowed());
        if (!parameter.isDefault()) {
            facts.append("; default ").append(parameter.defaultText());
        }
        if (parameter.isTrainable()) {
            facts.append(parameter.isFrozen() ? "; frozen" : "; trainable");
        }
        if (!parameter.aliases().isEmpty()) {
            facts.append("; also ").append(String.join(", ", parameter.aliases()));
        }
        return facts.toString();
    }
}
