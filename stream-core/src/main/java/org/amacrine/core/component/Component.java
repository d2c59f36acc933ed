package org.amacrine.core.component;

import java.util.function.Function;
import java.util.function.Supplier;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;

/**
 * A kind of source, layer or sink that pipelines can name: what it is called, what can be chosen before it is made, and how
 * it is made.
 *
 * @param <T> {@link org.amacrine.core.source.FrameSource}, {@link org.amacrine.core.layer.Layer} or
 *     {@link org.amacrine.core.sink.ChunkSink}
 */
public final class Component<T> {

    /** Makes one; throws {@link IllegalArgumentException} when the settings do not fit together. */
    @FunctionalInterface
    public interface Maker<T> extends Function<ParameterTree, T> {}

    private final String name;
    private final String doc;
    private final Supplier<ParameterTree> settings;
    private final Maker<T> maker;

    private Component(String name, String doc, Supplier<ParameterTree> settings, Maker<T> maker) {
        this.name = name;
        this.doc = doc;
        this.settings = settings;
        this.maker = maker;
    }

    /**
     * A kind of component.
     *
     * @param name lower case with dots and hyphens, for example {@code retina.opl-recursive}
     * @param doc one line
     * @param maker makes one from settings
     * @param settings what can be chosen; called for a new set each time, for parameters hold their values
     */
    @SafeVarargs
    public static <T> Component<T> of(String name, String doc, Maker<T> maker, Supplier<Parameter>... settings) {
        return new Component<>(
                name,
                doc,
                () -> {
                    ParameterTree tree = new ParameterTree(name);
                    for (Supplier<Parameter> setting : settings) {
                        tree.add(setting.get());
                    }
                    return tree;
                },
                maker);
    }

    /** What it is called. */
    public String name() {
        return name;
    }

    /** One line about it. */
    public String doc() {
        return doc;
    }

    /** A new set of settings with their defaults. */
    public ParameterTree settings() {
        return settings.get();
    }

    /** Makes one; throws {@link IllegalArgumentException} when a required setting has no value. */
    public T make(ParameterTree chosen) {
        chosen.all().forEach((setting, parameter) -> {
            if (parameter.isRequired() && parameter.value() == null) {
                throw new IllegalArgumentException(
                        name + " needs " + setting + ": " + parameter.doc() + "; there is no default");
            }
        });
        return maker.apply(chosen);
    }
}
