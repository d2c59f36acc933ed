package org.amacrine.core.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.io.InputFiles;
import org.amacrine.core.io.YamlText;
import org.amacrine.core.layer.Names;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads a {@link Pipeline} from a YAML file, with the words of the builder:
 *
 * <pre>{@code
 * name: retina on a grating
 * pixelsPerDegree: 10
 * stepsPerSecond: 1000
 * dt: 100
 * source:
 *   type: stimulus.grating
 *   settings: {rows: 64, columns: 64}
 * layers:
 *   - name: retina
 *     type: retina
 *     parameters: {bipolar.leakHertz: 50}
 * sinks:
 *   - type: spikes
 *     from: [retina.ganglion_spikes_ON, retina.ganglion_spikes_OFF]
 *     settings: {file: spikes.csv}
 * }</pre>
 */
public final class PipelineFile {
    private static final List<String> STAGE_KEYS =
            List.of("type", "name", "from", "feedback", "settings", "parameters");
    private static final List<String> EDGE_KEYS = List.of("signal", "delayFrames", "shape", "initial");
    private static final String EDGE_EXAMPLE = "x1: {signal: other.y0, delayFrames: 100, shape: 4x1x1, initial: 0}";
    private static final List<String> PARTS = List.of("source", "layers", "sinks");

    private final Pipeline.Builder builder = Pipeline.builder();
    private final List<PipelineException.Problem> problems = new ArrayList<>();
    /** Line of each path, from 1. */
    private final Map<String, Integer> lines = new LinkedHashMap<>();

    private final Path file;

    private PipelineFile(Path file) {
        this.file = file;
    }

    /**
     * Reads and checks a file.
     *
     * @throws IOException when it cannot be read or is not YAML; the message has the line
     * @throws PipelineException with every problem and its line
     */
    public static Pipeline read(Path file, Catalog catalog) throws IOException {
        return read(file, Map.of(), catalog);
    }

    /**
     * Reads a file, changes some things by their paths, and checks the result.
     *
     * @param changes what to change, as {@link Pipeline.Builder#change} takes it
     */
    public static Pipeline read(Path file, Map<String, ?> changes, Catalog catalog) throws IOException {
        PipelineFile reader = new PipelineFile(file);
        reader.root(parse(file));
        for (Map.Entry<String, ?> change : changes.entrySet()) {
            reader.builder.change(change.getKey(), change.getValue(), catalog);
        }
        return reader.build(catalog);
    }

    private static Node parse(Path file) throws IOException {
        return YamlText.nodes(InputFiles.text(file, "a pipeline in YAML"), file.toString())
                .orElseThrow(() -> new IOException(file + " is empty; a pipeline has a source, layers and sinks"));
    }

    private Pipeline build(Catalog catalog) {
        try {
            Pipeline pipeline = builder.build(catalog);
            if (problems.isEmpty()) {
                return pipeline;
            }
        } catch (PipelineException e) {
            for (PipelineException.Problem problem : e.problems()) {
                problems.add(new PipelineException.Problem(problem.path(), lineOf(problem.path()), problem.message()));
            }
        }
        throw new PipelineException(file.toString(), problems);
    }

    /** The line of a path, or of the nearest thing around it. */
    private int lineOf(String path) {
        for (String at = path; !at.isEmpty(); at = outer(at)) {
            Integer line = lines.get(at);
            if (line != null) {
                return line;
            }
        }
        return 1;
    }

    private static String outer(String path) {
        int cut = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
        return cut < 0 ? "" : path.substring(0, cut);
    }

    private void problem(Node node, String path, String message) {
        problems.add(new PipelineException.Problem(path, YamlText.line(node), message));
    }

    private void root(Node root) {
        if (!(root instanceof MappingNode map)) {
            problem(root, "pipeline", "a pipeline begins with keys such as source, layers and sinks");
            return;
        }
        List<String> known = new ArrayList<>(Pipeline.options().all().keySet());
        known.addAll(PARTS);
        entries(map, "").forEach((key, node) -> {
            switch (key) {
                case "source" -> builder.source(stage(node, "source"));
                case "layers" -> stages(node, "layers", builder::layer);
                case "sinks" -> stages(node, "sinks", builder::sink);
                default -> {
                    if (known.contains(key)) {
                        builder.set(key, value(node));
                    } else {
                        problem(
                                node,
                                key,
                                "no such key" + Names.suggest(key, known) + "; there are " + String.join(", ", known));
                    }
                }
            }
        });
    }

    /** The entries of a map by key; notes their lines, and says which keys stand twice. */
    private Map<String, Node> entries(MappingNode map, String prefix) {
        Map<String, Node> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : map.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            lines.put(prefix + key, YamlText.line(tuple.getKeyNode()));
            if (entries.put(key, tuple.getValueNode()) != null) {
                problem(tuple.getKeyNode(), prefix + key, "stands twice; remove one");
            }
        }
        return entries;
    }

    private void stages(Node node, String path, java.util.function.Consumer<Stage> add) {
        if (!(node instanceof SequenceNode list)) {
            problem(node, path, "must be a list, with a - before each entry");
            return;
        }
        int index = 0;
        for (Node entry : list.getValue()) {
            add.accept(stage(entry, path + "[" + index++ + "]"));
        }
    }

    /** The stage as it stands there; one of type "" where the file names none, which the check of the pipeline tells. */
    private Stage stage(Node node, String path) {
        lines.putIfAbsent(path, YamlText.line(node));
        if (!(node instanceof MappingNode map)) {
            return Stage.of("");
        }
        Map<String, Node> entries = entries(map, path + ".");
        Node type = entries.get("type");
        Stage stage = Stage.of(type == null ? "" : String.valueOf(value(type)));
        for (Map.Entry<String, Node> entry : entries.entrySet()) {
            String key = entry.getKey();
            Node given = entry.getValue();
            switch (key) {
                case "type" -> {}
                case "name" -> stage = stage.named(String.valueOf(value(given)));
                case "from" -> stage = from(stage, given, path + ".from.");
                case "feedback" -> stage = feedback(stage, given, path + ".feedback");
                case "settings" -> {
                    for (Map.Entry<String, Object> setting :
                            flat(given, path + ".settings").entrySet()) {
                        stage = stage.setting(setting.getKey(), setting.getValue());
                    }
                }
                case "parameters" -> {
                    for (Map.Entry<String, Object> parameter :
                            flat(given, path + ".parameters").entrySet()) {
                        stage = stage.parameter(parameter.getKey(), parameter.getValue());
                    }
                }
                default ->
                    problem(
                            given,
                            path + "." + key,
                            "no such key" + Names.suggest(key, STAGE_KEYS) + "; there are "
                                    + String.join(", ", STAGE_KEYS)
                                    + "; what the stage is made with stands in settings");
            }
        }
        return stage;
    }

    /** A signal, a list of them, or signals by inputs. */
    private Stage from(Stage stage, Node node, String path) {
        if (node instanceof MappingNode map) {
            Stage named = stage;
            for (Map.Entry<String, Node> entry : entries(map, path).entrySet()) {
                named = named.input(entry.getKey(), text(entry.getValue()));
            }
            return named;
        }
        return stage.from(
                node instanceof SequenceNode list
                        ? list.getValue().stream().map(PipelineFile::text).toArray(String[]::new)
                        : new String[] {text(node)});
    }

    private static String text(Node node) {
        return String.valueOf(value(node));
    }

    /** What goes back to which inputs. */
    private Stage feedback(Stage stage, Node node, String path) {
        if (!(node instanceof MappingNode map)) {
            problem(node, path, "must have inputs and what goes back to them, for example " + EDGE_EXAMPLE);
            return stage;
        }
        Stage fed = stage;
        for (Map.Entry<String, Node> entry : entries(map, path + ".").entrySet()) {
            FeedbackEdge edge = edge(entry.getValue(), path + "." + entry.getKey());
            if (edge != null) {
                fed = fed.feedback(entry.getKey(), edge);
            }
        }
        return fed;
    }

    /** What goes back to an input, or null after telling what is wrong with it. */
    private FeedbackEdge edge(Node node, String path) {
        if (!(node instanceof MappingNode map)) {
            problem(node, path, "must say what goes back, for example " + EDGE_EXAMPLE);
            return null;
        }
        Map<String, Node> entries = entries(map, path + ".");
        boolean fine = true;
        for (String key : entries.keySet()) {
            if (!EDGE_KEYS.contains(key)) {
                problem(
                        entries.get(key),
                        path + "." + key,
                        "no such key" + Names.suggest(key, EDGE_KEYS) + "; there are " + String.join(", ", EDGE_KEYS));
                fine = false;
            }
        }
        for (String key : EDGE_KEYS) {
            if (!entries.containsKey(key)) {
                problem(node, path, "needs " + key + ", for example " + EDGE_EXAMPLE);
                fine = false;
            }
        }
        if (!fine) {
            return null;
        }
        try {
            return new FeedbackEdge(
                    text(entries.get("signal")),
                    delayFrames(text(entries.get("delayFrames"))),
                    shape(text(entries.get("shape"))),
                    initial(text(entries.get("initial"))));
        } catch (IllegalArgumentException e) {
            problem(node, path, e.getMessage());
            return null;
        }
    }

    private static int delayFrames(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException(
                    "delayFrames must be a whole number but was " + text + "; give at least the dt of the pipeline");
        }
        return Integer.parseInt(text);
    }

    private static Shape shape(String text) {
        if (!text.matches("\\d{1,9}x\\d{1,9}x\\d{1,9}")) {
            throw new IllegalArgumentException("shape must be channels, rows and columns, for example 4x1x1, but was "
                    + text + "; ./amacrine check prints the shapes of all signals");
        }
        String[] extents = text.split("x");
        return new Shape(Integer.parseInt(extents[0]), Integer.parseInt(extents[1]), Integer.parseInt(extents[2]));
    }

    private static float initial(String text) {
        if (text.equalsIgnoreCase(".nan") || text.equalsIgnoreCase("nan")) {
            return Float.NaN;
        }
        try {
            return Float.parseFloat(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "initial must be a number, or .nan for missing values, but was " + text + "; for example 0", e);
        }
    }

    /** Names and values; nested maps mean dotted names. */
    private Map<String, Object> flat(Node node, String path) {
        Map<String, Object> values = new LinkedHashMap<>();
        if (!(node instanceof MappingNode)) {
            if (!Tag.NULL.equals(node.getTag())) {
                problem(node, path, "must have names and values, for example bipolar.leakHertz: 50");
            }
            return values;
        }
        flatten((MappingNode) node, path + ".", "", values);
        return values;
    }

    private void flatten(MappingNode map, String path, String prefix, Map<String, Object> into) {
        entries(map, path + prefix).forEach((key, node) -> {
            if (node instanceof MappingNode inner) {
                flatten(inner, path, prefix + key + ".", into);
            } else if (into.put(prefix + key, value(node)) != null) {
                problem(node, path + prefix + key, "stands twice; remove one");
            }
        });
    }

    /** A scalar as its text, so that each setting reads it as what it needs; a list as a list. */
    private static Object value(Node node) {
        if (node instanceof SequenceNode list) {
            return list.getValue().stream().map(PipelineFile::value).toList();
        }
        return node instanceof ScalarNode scalar ? scalar.getValue() : node.toString();
    }
}
