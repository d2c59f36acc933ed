package org.amacrine.core.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * One stage of a {@link Pipeline}, as the blueprint describes it: which kind of source, layer or sink, under which name, with
 * which settings and parameters, and where its signals come from. Immutable; the methods return changed copies.
 *
 * @param type name of the kind in the catalog; null when {@code maker} makes it
 * @param maker makes the source, layer or sink; null when the catalog does
 * @param name name in the pipeline; null for the default: {@code source} for the source, else the type
 * @param from signals that it takes; empty for the default: those of the stage before it
 * @param inputs inputs of a layer that these signals go to, one for each; empty for its inputs in their order
 * @param feedback signals that go back to inputs of a layer, by input
 * @param settings what is chosen before it is made
 * @param parameters what is set on the layer
 */
public record Stage(
        String type,
        Supplier<?> maker,
        String name,
        List<String> from,
        List<String> inputs,
        Map<String, FeedbackEdge> feedback,
        Map<String, Object> settings,
        Map<String, Object> parameters) {

    /** Copies lists and maps. */
    public Stage {
        from = List.copyOf(from);
        inputs = List.copyOf(inputs);
        feedback = unmodifiable(feedback);
        settings = unmodifiable(settings);
        parameters = unmodifiable(parameters);
    }

    private static <T> Map<String, T> unmodifiable(Map<String, T> map) {
        return java.util.Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** A stage of a kind that the catalog knows. */
    public static Stage of(String type) {
        return new Stage(Objects.requireNonNull(type), null, null, List.of(), List.of(), Map.of(), Map.of(), Map.of());
    }

    /**
     * A stage that the program makes.
     *
     * @param maker makes a source, layer or sink; called once for each {@link Runner}
     */
    public static Stage of(Supplier<?> maker) {
        return new Stage(null, Objects.requireNonNull(maker), null, List.of(), List.of(), Map.of(), Map.of(), Map.of());
    }

    /** The same under a name of its own. */
    public Stage named(String newName) {
        return new Stage(type, maker, newName, from, inputs, feedback, settings, parameters);
    }

    /**
     * The same, taking these signals: {@code stage} or {@code stage.output}, or for a sink {@code *} for all there are. A layer
     * takes one for each of its inputs that nothing is fed back to, in their order; one that is all fed back takes a signal
     * whose frames it keeps step with.
     */
    public Stage from(String... signals) {
        return taking(List.of(signals), List.of());
    }

    /** The same, an input of the layer taking that signal; each input that nothing is fed back to needs one. */
    public Stage input(String input, String signal) {
        List<String> signals = new ArrayList<>(from);
        List<String> names = new ArrayList<>(inputs);
        signals.add(signal);
        names.add(input);
        return taking(signals, names);
    }

    Stage taking(List<String> signals, List<String> names) {
        return new Stage(type, maker, name, signals, names, feedback, settings, parameters);
    }

    /** The same, with a signal that goes back to an input of the layer, some frames later. */
    public Stage feedback(String input, FeedbackEdge edge) {
        Map<String, FeedbackEdge> more = new LinkedHashMap<>(feedback);
        more.put(input, edge);
        return new Stage(type, maker, name, from, inputs, more, settings, parameters);
    }

    /** The same with one more setting. */
    public Stage setting(String key, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(settings);
        more.put(key, value);
        return new Stage(type, maker, name, from, inputs, feedback, more, parameters);
    }

    /** The same with one more parameter. */
    public Stage parameter(String key, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(parameters);
        more.put(key, value);
        return new Stage(type, maker, name, from, inputs, feedback, settings, more);
    }

    /** The type, or a word for a stage without. */
    String typeText() {
        return type == null ? "made by the program" : type;
    }

    List<String> fromOr(List<String> otherwise) {
        return from.isEmpty() ? new ArrayList<>(otherwise) : from;
    }
}
