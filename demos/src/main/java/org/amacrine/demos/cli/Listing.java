package org.amacrine.demos.cli;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.Map;
import org.amacrine.core.component.Component;
import org.amacrine.core.io.NdArray;
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
        String value = parameter.kind() == Parameter.Kind.ARRAY ? array(parameter) : value(parameter);
        String alias =
                parameter.aliases().isEmpty() ? "" : " = " + parameter.aliases().get(0);
        return parameter.doc() + " [" + value + "]" + alias;
    }

    private static String value(Parameter parameter) {
        StringBuilder text = new StringBuilder(
                parameter.isRequired() && parameter.defaultValue() == null ? "required" : parameter.defaultText());
        if (!parameter.unit().isEmpty()) {
            text.append(' ').append(parameter.unit());
        }
        if (!parameter.isDefault()) {
            text.append(", now ").append(parameter.valueText());
        }
        return text.append("; ").append(parameter.allowed()).toString();
    }

    private static String array(Parameter parameter) {
        String shape = parameter.value() instanceof NdArray array ? " " + NdArray.text(array.shape()) : "";
        return (parameter.isDefault() ? "derived" : "set") + ", array" + shape
                + (parameter.unit().isEmpty() ? "" : " of " + parameter.unit()) + "; finite numbers";
    }

    static void tree(ParameterTree tree, String search, PrintWriter out) {
        parameters(search == null ? tree.all() : tree.search(search), "", out);
    }
}
