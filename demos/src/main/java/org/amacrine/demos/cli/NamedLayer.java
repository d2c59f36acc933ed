package org.amacrine.demos.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.Names;
import org.amacrine.core.layer.ParameterTree;

/** Makes a layer by its name, with settings and parameters from the command line. */
final class NamedLayer {
    private NamedLayer() {}

    /**
     * Makes it.
     *
     * @param name kind of layer
     * @param set pairs {@code name=value} of settings or parameters
     * @param model file of a fitted model, for layers that have one; null for none
     * @param params file of parameters, also VirtualRetina's {@code .xml}; null for none
     * @throws IllegalArgumentException for unknown names and values that are not allowed
     */
    static Layer make(String name, List<String> set, Path model, Path params) throws IOException {
        Component<Layer> component = Catalog.load().layer(name);
        ParameterTree settings = component.settings();
        Map<String, Object> parameters = new LinkedHashMap<>();
        Assignments.parse(set).forEach((each, value) -> {
            if (settings.resolve(each) != null) {
                settings.set(each, value);
            } else {
                parameters.put(each, value);
            }
        });
        if (model != null) {
            settings.set("model", model.toString());
        }
        boolean xml =
                params != null && params.toString().toLowerCase(Locale.ROOT).endsWith(".xml");
        if (xml) {
            settings.set("config", params.toString());
        }
        Layer layer = component.make(settings);
        if (params != null && !xml) {
            layer.parameters().load(params);
        }
        for (String each : parameters.keySet()) {
            if (layer.parameters().resolve(each) == null) {
                List<String> known = new ArrayList<>(settings.all().keySet());
                known.addAll(layer.parameters().all().keySet());
                String near = Names.closest(each, new ArrayList<>(settings.all().keySet()));
                if (near != null) {
                    throw new IllegalArgumentException("no setting or parameter \"" + each + "\""
                            + Names.suggest(each, known) + " `amacrine params " + name + "` lists all");
                }
            }
        }
        layer.parameters().set(parameters);
        return layer;
    }
}
