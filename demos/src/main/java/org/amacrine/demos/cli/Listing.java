package org.amacrine.demos.cli;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.Map;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;

/** Components, settings and parameters as tables of text. */
final class Listing {
    private Listing() {}

    static void components(Collection<? extends Component<?>> components, boolean withSettings, PrintWriter out) {
        int width = components.stream().mapToInt(c -> c.name().length()).max().orElse(1);
        for (Component<?> component : components) {
            out.printf("%-" + width + "s  %s%n", component.name(), component.doc());
            if (withSettings) {
                parameters(component.settings().all(), "    ", out);
            }
        }
        out.flush();
    }

    static void parameters(Map<String, Parameter> parameters, String indent, PrintWriter out) {
        int width = parameters.keySet().stream().mapToInt(String::length).max().orElse(1);
        parameters.forEach((name, parameter) -> {
            out.printf("%s%-" + width + "s  %s%n", indent, name, describe(parameter));
        });
        out.flush();
    }

    private static String describe(Parameter parameter) {
        StringBuilder text = new StringBuilder(parameter.doc());
        text.append(" [")
                .append(
                        parameter.isRequired() && parameter.defaultValue() == null
                                ? "required"
                                : parameter.defaultText());
        if (!parameter.unit().isEmpty()) {
            text.append(' ').append(parameter.unit());
        }
        if (!parameter.isDefault()) {
            text.append(", now ").append(parameter.valueText());
        }
        text.append("; ").append(parameter.allowed()).append(']');
        if (!parameter.aliases().isEmpty()) {
            text.append(" = ").append(parameter.aliases().get(0));
        }
        return text.toString();
    }

    static void tree(ParameterTree tree, String search, PrintWriter out) {
        parameters(search == null ? tree.all() : tree.search(search), "", out);
    }
}
