package org.amacrine.core.component;

import java.util.Collection;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.Names;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.source.FrameSource;

/** All kinds of sources, layers and sinks that pipelines can name. */
public final class Catalog {
    private final Map<String, Component<FrameSource>> sources = new TreeMap<>();
    private final Map<String, Component<Layer>> layers = new TreeMap<>();
    private final Map<String, Component<ChunkSink>> sinks = new TreeMap<>();

    private Catalog() {}

    /** What all modules on the class path bring. */
    public static Catalog load() {
        Catalog catalog = new Catalog();
        for (Components module : ServiceLoader.load(Components.class)) {
            module.sources().forEach(c -> put(catalog.sources, c));
            module.layers().forEach(c -> put(catalog.layers, c));
            module.sinks().forEach(c -> put(catalog.sinks, c));
        }
        return catalog;
    }

    private static <T> void put(Map<String, Component<T>> into, Component<T> component) {
        if (into.putIfAbsent(component.name(), component) != null) {
            throw new IllegalStateException("two components are called " + component.name());
        }
    }

    /** Kinds of sources, by name. */
    public Collection<Component<FrameSource>> sources() {
        return sources.values();
    }

    /** Kinds of layers, by name. */
    public Collection<Component<Layer>> layers() {
        return layers.values();
    }

    /** Kinds of sinks, by name. */
    public Collection<Component<ChunkSink>> sinks() {
        return sinks.values();
    }

    /** The source of that name; throws {@link IllegalArgumentException} with a suggestion when there is none. */
    public Component<FrameSource> source(String name) {
        return find("source", sources, name);
    }

    /** The layer of that name; throws {@link IllegalArgumentException} with a suggestion when there is none. */
    public Component<Layer> layer(String name) {
        return find("layer", layers, name);
    }

    /** The sink of that name; throws {@link IllegalArgumentException} with a suggestion when there is none. */
    public Component<ChunkSink> sink(String name) {
        return find("sink", sinks, name);
    }

    private static <T> Component<T> find(String kind, Map<String, Component<T>> known, String name) {
        Component<T> component = known.get(name);
        if (component == null) {
            throw new IllegalArgumentException("no " + kind + " \"" + name + "\"" + Names.suggest(name, known.keySet())
                    + "; there are " + (known.isEmpty() ? "none" : String.join(", ", known.keySet())));
        }
        return component;
    }
}
