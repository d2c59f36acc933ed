package org.amacrine.core.run;

import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.Names;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.source.FrameSource;

/**
 * Checks the stages of a pipeline and collects every problem: unknown kinds, names, settings, parameters and signals, values
 * that are not allowed, and stages that lead nowhere. Nothing is opened.
 */
final class PipelineCheck {
    private final Catalog catalog;
    private final List<PipelineException.Problem> problems;
    private final Set<String> names = new LinkedHashSet<>();
    /** Outputs of each stage so far, in order. */
    private final Map<String, List<String>> outputs = new LinkedHashMap<>();

    /** Where in the pipeline each of them is. */
    private final Map<String, String> paths = new LinkedHashMap<>();

    /** All layers, also those that are still to come. */
    private final Set<String> layerNames = new LinkedHashSet<>();

    private final Map<String, Layer> models = new LinkedHashMap<>();
    private final Set<String> taken = new LinkedHashSet<>();
    /** Files that stages read or write, and what to call that stage. */
    private final Map<Path, String> files = new LinkedHashMap<>();

    private String last;

    PipelineCheck(Catalog catalog, List<PipelineException.Problem> problemsSoFar) {
        this.catalog = catalog;
        this.problems = new ArrayList<>(problemsSoFar);
    }

    List<PipelineException.Problem> problems() {
        return problems;
    }

    private void problem(String path, String message) {
        problems.add(new PipelineException.Problem(path, 0, message));
    }

    /** Name of a layer or sink: its own, or its type's last word. */
    static String nameOf(Stage stage) {
        if (stage.name() != null) {
            return stage.name();
        }
        return stage.type() == null || stage.type().isEmpty()
                ? "stage"
                : stage.type().replace('.', '-');
    }

    private void claim(String path, String name) {
        if (!name.matches("[A-Za-z0-9_-]+")) {
            problem(path + ".name", "the name \"" + name + "\" may have letters, digits, _ and - only");
        }
        if (!names.add(name)) {
            problem(path + ".name", "two stages are called \"" + name + "\"; give one another name");
        }
    }

    void backend(String name) {
        try {
            Backends.choose(name);
        } catch (IllegalArgumentException e) {
            problem("backend", e.getMessage());
        }
    }

    Stage source(Stage source) {
        if (source == null) {
            problem(
                    "source",
                    "a pipeline needs a source; there are "
                            + catalog.sources().stream().map(Component::name).toList());
            return null;
        }
        Stage named = source.named(source.name() == null ? "source" : source.name());
        claim("source", named.name());
        requireNoInputs("source", named);
        make("source", named, FrameSource.class, catalog::source, catalog.sources());
        claimFile("source", named);
        put("source", named.name(), List.of("output"));
        last = named.name();
        return named;
    }

    List<Stage> layers(List<Stage> layers) {
        List<Stage> result = new ArrayList<>();
        layers.forEach(layer -> layerNames.add(nameOf(layer)));
        for (int i = 0; i < layers.size(); i++) {
            String path = "layers[" + i + "]";
            Stage layer = layers.get(i).named(nameOf(layers.get(i)));
            claim(path, layer.name());
            List<String> from = new ArrayList<>();
            List<String> wanted = layer.fromOr(last == null ? List.of() : List.of(last));
            wanted.forEach(signal -> from.addAll(resolve(path + ".from", signal, false)));
            Object made = make(path, layer, Layer.class, catalog::layer, catalog.layers());
            if (made instanceof Layer model) {
                setParameters(path, layer, model.parameters());
                put(path, layer.name(), model.outputs());
                models.put(layer.name(), model);
                if (from.size() == wanted.size()) {
                    layer = inputs(path, layer, model, from);
                }
            } else {
                put(path, layer.name(), List.of());
            }
            last = layer.name();
            result.add(layer);
        }
        return result;
    }

    /** The layer with a signal for each input that nothing is fed back to, in the order of its inputs. */
    private Stage inputs(String path, Stage layer, Layer model, List<String> from) {
        List<String> open = new ArrayList<>(model.inputs());
        open.removeAll(layer.feedback().keySet());
        List<String> names = layer.inputs();
        if (names.isEmpty()) {
            // A layer that is all fed back still keeps step with one signal.
            if (from.size() != Math.max(1, open.size())) {
                problem(
                        path + ".from",
                        open.isEmpty()
                                ? "every input of the layer is fed back, so it takes one signal to keep step with, but "
                                        + from + " were given"
                                : "the layer takes " + (open.size() == 1 ? "one signal" : open.size() + " signals")
                                        + ", for " + String.join(", ", open) + ", but was given " + from);
            }
            return layer.taking(from, open);
        }
        List<String> signals = new ArrayList<>();
        for (String input : new LinkedHashSet<>(names)) {
            if (!model.inputs().contains(input)) {
                problem(path + ".from." + input, noInput(layer, input, model));
            } else if (layer.feedback().containsKey(input)) {
                problem(path + ".from." + input, "the input " + input + " is fed back already; leave one of them out");
            } else if (names.indexOf(input) != names.lastIndexOf(input)) {
                problem(path + ".from." + input, "the input " + input + " is given two signals; leave one out");
            }
        }
        for (String input : open) {
            int at = names.indexOf(input);
            if (at < 0) {
                problem(path + ".from", "nothing goes to the input " + input + "; give it a signal");
            } else {
                signals.add(from.get(at));
            }
        }
        return layer.taking(signals, open);
    }

    private static String noInput(Stage layer, String input, Layer model) {
        return "stage " + layer.name() + " has no input \"" + input + "\"" + Names.suggest(input, model.inputs())
                + "; it has " + String.join(", ", model.inputs());
    }

    /** What goes back, which may come from any stage: the layers with their signals as {@code stage.output}. */
    List<Stage> feedback(List<Stage> layers, int dt) {
        List<Stage> result = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            Stage layer = layers.get(i);
            Layer model = models.get(layer.name());
            for (Map.Entry<String, FeedbackEdge> entry : layer.feedback().entrySet()) {
                String input = entry.getKey();
                String path = "layers[" + i + "].feedback." + input;
                FeedbackEdge edge = entry.getValue();
                List<String> signal = resolve(path + ".signal", edge.signal(), false, "");
                if (edge.delayFrames() < dt) {
                    problem(
                            path + ".delayFrames",
                            "delayFrames must be at least the dt of the pipeline, " + dt + ", but was "
                                    + edge.delayFrames() + "; feed back later, or use a smaller dt");
                }
                if (model != null && !model.inputs().contains(input)) {
                    problem(path, noInput(layer, input, model));
                } else if (model != null && Float.isNaN(edge.initial()) && !model.takesMissing(input)) {
                    problem(
                            path + ".initial",
                            "the input " + input + " of stage " + layer.name()
                                    + " takes no missing values; give a number, for example 0");
                }
                if (signal.size() == 1) {
                    layer = layer.feedback(input, edge.from(signal.get(0)));
                }
            }
            result.add(layer);
        }
        return result;
    }

    private void requireNoInputs(String path, Stage stage) {
        if (!stage.feedback().isEmpty()) {
            problem(path + ".feedback", "only layers have inputs that signals can go back to");
        }
        if (!stage.inputs().isEmpty()) {
            problem(path + ".from", "only layers have inputs with names; give the signals as a list");
        }
    }

    private void put(String path, String stage, List<String> itsOutputs) {
        outputs.put(stage, itsOutputs);
        paths.put(stage, path);
    }

    private void setParameters(String path, Stage layer, ParameterTree parameters) {
        layer.parameters().forEach((name, value) -> {
            try {
                parameters.check(name, value);
            } catch (IllegalArgumentException e) {
                problem(path + ".parameters." + name, e.getMessage());
            }
        });
    }

    List<Stage> sinks(List<Stage> sinks) {
        List<Stage> result = new ArrayList<>();
        for (int i = 0; i < sinks.size(); i++) {
            String path = "sinks[" + i + "]";
            Stage sink = sinks.get(i).named(nameOf(sinks.get(i)));
            claim(path, sink.name());
            requireNoInputs(path, sink);
            List<String> from = new ArrayList<>();
            for (String signal : sink.fromOr(last == null ? List.of() : List.of(last))) {
                if (signal.equals("*")) {
                    List.copyOf(outputs.keySet()).forEach(stage -> from.addAll(resolve(path + ".from", stage, true)));
                } else {
                    from.addAll(resolve(path + ".from", signal, true));
                }
            }
            make(path, sink, ChunkSink.class, catalog::sink, catalog.sinks());
            claimFile(path, sink);
            result.add(sink.from(from.toArray(String[]::new)));
        }
        if (sinks.isEmpty()) {
            problem(
                    "sinks",
                    "a pipeline needs a sink, or nobody sees what it computes; there are "
                            + catalog.sinks().stream().map(Component::name).toList());
        } else {
            for (String stage : outputs.keySet()) {
                if (!taken.contains(stage)) {
                    problem(
                            paths.get(stage),
                            "nothing takes what " + stage + " gives; connect a layer or a sink, or leave it out");
                }
            }
        }
        return result;
    }

    /** The signals {@code stage.output} that a name means; several only where {@code all} is allowed. */
    private List<String> resolve(String path, String signal, boolean all) {
        return resolve(path, signal, all, " before this one");
    }

    private List<String> resolve(String path, String signal, boolean all, String where) {
        int dot = signal.indexOf('.');
        String stage = dot < 0 ? signal : signal.substring(0, dot);
        List<String> ports = outputs.get(stage);
        if (ports == null && layerNames.contains(stage)) {
            problem(
                    path,
                    "stage \"" + stage + "\" does not come before this one, and signals go one way; let it go back as"
                            + " feedback, such as feedback: {x1: {signal: " + signal
                            + ", delayFrames: 100, shape: 4x1x1, initial: 0}}");
            return List.of();
        }
        if (ports == null) {
            problem(
                    path,
                    "no stage \"" + stage + "\"" + where + Names.suggest(stage, outputs.keySet()) + "; there are "
                            + String.join(", ", outputs.keySet()));
            return List.of();
        }
        taken.add(stage);
        if (dot >= 0) {
            String port = signal.substring(dot + 1);
            if (!ports.contains(port) && !ports.isEmpty()) {
                problem(
                        path,
                        "stage " + stage + " has no output \"" + port + "\"" + Names.suggest(port, ports) + "; it has "
                                + String.join(", ", ports));
            }
            return List.of(signal);
        }
        if (!all && ports.size() > 1) {
            problem(
                    path,
                    "stage " + stage + " has the outputs " + String.join(", ", ports) + "; say which, for example "
                            + stage + "." + ports.get(0));
        }
        return ports.stream().map(port -> stage + "." + port).toList();
    }

    private <T> Object make(
            String path,
            Stage stage,
            Class<T> kind,
            Function<String, Component<T>> find,
            Collection<Component<T>> known) {
        if (stage.type() == null) {
            return made(path, stage, kind);
        }
        if (stage.type().isEmpty()) {
            problem(
                    path,
                    "needs a type, after the key type; there are "
                            + known.stream().map(Component::name).toList());
            return null;
        }
        Component<T> component;
        try {
            component = find.apply(stage.type());
        } catch (IllegalArgumentException e) {
            problem(path + ".type", e.getMessage());
            return null;
        }
        ParameterTree settings = component.settings();
        boolean fine = true;
        for (Map.Entry<String, Object> setting : stage.settings().entrySet()) {
            try {
                settings.set(setting.getKey(), setting.getValue());
            } catch (IllegalArgumentException e) {
                problem(path + ".settings." + setting.getKey(), e.getMessage());
                fine = false;
            }
        }
        if (!fine) {
            return null;
        }
        try {
            return component.make(settings);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            problem(path + ".settings", e.getMessage());
            return null;
        }
    }

    /** Two stages must not use one file: a sink empties it before the other has read or written its frames. */
    private void claimFile(String path, Stage stage) {
        claimFile(path + ".settings.file", stage, stage.settings().get("file"));
        if (stage.settings().get("folder") instanceof String folder) {
            Object prefix = stage.settings().getOrDefault("prefix", "frame");
            claimFile(path + ".settings.folder", stage, folder + "/" + prefix + "*");
        }
    }

    private void claimFile(String path, Stage stage, Object setting) {
        if (!(setting instanceof String text) || text.isBlank() || text.contains("://")) {
            return;
        }
        Path file;
        try {
            file = Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            problem(path, "no name of a file: " + e.getMessage());
            return;
        }
        String other = files.putIfAbsent(file, stage.name());
        if (other != null) {
            problem(
                    path,
                    "stage " + other + " uses " + text + " already; give stage " + stage.name() + " another file");
        }
    }

    private Object made(String path, Stage stage, Class<?> kind) {
        Object made = stage.maker().get();
        if (!kind.isInstance(made)) {
            problem(
                    path,
                    "a " + kind.getSimpleName() + " is needed but the program made "
                            + (made == null ? "null" : made.getClass().getName()));
        }
        if (!stage.settings().isEmpty()) {
            problem(path + ".settings", "a stage that the program makes has no settings; give them to it directly");
        }
        return made;
    }

    /** Makes what a checked stage describes. */
    static <T> T make(Stage stage, Class<T> kind, Function<String, Component<T>> find) {
        if (stage.type() == null) {
            return kind.cast(stage.maker().get());
        }
        Component<T> component = find.apply(stage.type());
        ParameterTree settings = component.settings();
        stage.settings().forEach(settings::set);
        return component.make(settings);
    }
}
