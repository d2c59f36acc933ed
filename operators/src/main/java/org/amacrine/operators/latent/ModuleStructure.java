package org.amacrine.operators.latent;

import java.util.List;
import java.util.Map;

/**
 * How a module is made: the name of its type, the settings of its constructor by name, and the modules it is made of.
 *
 * @param type such as {@code LinearMap}
 * @param settings numbers, booleans, texts, and lists of these or of lists; what is absent is at its default
 * @param children in order
 */
public record ModuleStructure(String type, Map<String, Object> settings, List<ModuleStructure> children) {
    public ModuleStructure {
        Given.require(type, "type");
        settings = Map.copyOf(Given.require(settings, "settings"));
        children = Given.list(children, "children");
    }

    /** Of a module without settings or children. */
    public static ModuleStructure of(String type) {
        return new ModuleStructure(type, Map.of(), List.of());
    }

    /** Of a module without children. */
    public static ModuleStructure of(String type, Map<String, Object> settings) {
        return new ModuleStructure(type, settings, List.of());
    }
}
