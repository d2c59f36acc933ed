package org.amacrine.operators.retina;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amacrine.core.io.InputFiles;
import org.amacrine.core.io.YamlText;
import org.amacrine.core.layer.Names;
import org.amacrine.core.layer.ParameterTree;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * A VirtualRetina configuration: a tree of named values, read from and written to XML, YAML or JSON, whose values become the
 * parameters of a {@link Retina}.
 *
 * <p>Paths have dots, numbers for entries of lists, and {@code *} for all entries:
 * {@code ganglion-layers.0.spiking-channel.sigma-V}.
 *
 * <p>Differs from the reference, which drops in silence what it does not know or cannot convert: an unknown key or a value
 * that is no number is an error with its path. Keys of the format that describe what is not simulated (resolution, unit
 * positions, microsaccades, magnocellular layers) are listed by {@link #applyTo}.
 */
public final class RetinaConfiguration {
    private static final String OPL = "outer-plexiform-layers.0.linear-version.";
    private static final String GAIN = "contrast-gain-control.";
    /** Key of the format, to parameter of the retina. */
    private static final Map<String, String> PARAMETERS = parameters();

    private static final List<String> UNDERSHOOT = List.of("relative-weight", "tau__sec");

    private final Map<String, Object> root = new LinkedHashMap<>();

    private static Map<String, String> parameters() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put(OPL + "center-sigma__deg", "opl.centerSigmaDegrees");
        keys.put(OPL + "surround-sigma__deg", "opl.surroundSigmaDegrees");
        keys.put(OPL + "center-tau__sec", "opl.centerTauSeconds");
        keys.put(OPL + "center-n__uint", "opl.centerOrder");
        keys.put(OPL + "surround-tau__sec", "opl.surroundTauSeconds");
        keys.put(OPL + "opl-amplification", "opl.amplification");
        keys.put(OPL + "opl-relative-weight", "opl.surroundWeight");
        keys.put(OPL + "undershoot.relative-weight", "opl.undershootWeight");
        keys.put(OPL + "undershoot.tau__sec", "opl.undershootTauSeconds");
        keys.put(GAIN + "opl-amplification__Hz", "bipolar.inputHertz");
        keys.put(GAIN + "bipolar-inert-leaks__Hz", "bipolar.leakHertz");
        keys.put(GAIN + "adaptation-sigma__deg", "bipolar.adaptationSigmaDegrees");
        keys.put(GAIN + "adaptation-tau__sec", "bipolar.adaptationTauSeconds");
        keys.put(GAIN + "adaptation-feedback-amplification__Hz", "bipolar.feedbackHertz");
        String[] cells = {"on", "off"};
        for (int i = 0; i < cells.length; i++) {
            String layer = "ganglion-layers." + i + ".";
            keys.put(layer + "sign", cells[i] + ".input.sign");
            keys.put(layer + "transient-tau__sec", cells[i] + ".input.transientTauSeconds");
            keys.put(layer + "transient-relative-weight", cells[i] + ".input.transientWeight");
            keys.put(layer + "bipolar-linear-threshold", cells[i] + ".input.threshold");
            keys.put(layer + "value-at-linear-threshold__Hz", cells[i] + ".input.currentAtThresholdHertz");
            keys.put(layer + "bipolar-amplification__Hz", cells[i] + ".input.gainHertz");
            keys.put(layer + "sigma-pool__deg", cells[i] + ".input.poolingSigmaDegrees");
            String channel = layer + "spiking-channel.";
            keys.put(channel + "g-leak__Hz", cells[i] + ".spiking.leakHertz");
            keys.put(channel + "sigma-V", cells[i] + ".spiking.noiseSigma");
            keys.put(channel + "refr-mean__sec", cells[i] + ".spiking.refractoryMeanSeconds");
            keys.put(channel + "refr-stdev__sec", cells[i] + ".spiking.refractorySigmaSeconds");
        }
        return keys;
    }

    /** An empty configuration: applied, it changes nothing. */
    public RetinaConfiguration() {}

    /** The reference's default: human parvocellular cells. */
    public static RetinaConfiguration humanParvo() {
        try (InputStream in = RetinaConfiguration.class.getResourceAsStream("human-parvo.yaml")) {
            RetinaConfiguration configuration = new RetinaConfiguration();
            configuration.merge(
                    asMap(new Load(LoadSettings.builder().build()).loadFromInputStream(in), "human-parvo.yaml"));
            return configuration;
        } catch (IOException e) {
            throw new IllegalStateException("the built-in configuration cannot be read", e);
        }
    }

    /** Reads {@code .xml}, or YAML or JSON; throws {@link IOException} that says what is wrong. */
    public static RetinaConfiguration read(Path file) throws IOException {
        RetinaConfiguration configuration = new RetinaConfiguration();
        if (isXml(file)) {
            configuration.merge(RetinaXml.read(file));
            return configuration;
        }
        String text = InputFiles.text(file, "a retina configuration");
        configuration.merge(asMap(YamlText.values(text, file.toString()), file.toString()));
        return configuration;
    }

    private static boolean isXml(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".xml");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(Object tree, String what) throws IOException {
        if (tree instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new IOException(what + " holds no configuration; it must begin with keys such as outer-plexiform-layers");
    }

    /** Writes {@code .xml}, {@code .json} or else YAML. */
    public void write(Path file) throws IOException {
        if (isXml(file)) {
            RetinaXml.write(file, root);
            return;
        }
        boolean json = file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".json");
        DumpSettings settings = json
                ? DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.FLOW)
                        .setDefaultScalarStyle(org.snakeyaml.engine.v2.common.ScalarStyle.JSON_SCALAR_STYLE)
                        .setMultiLineFlow(true)
                        .build()
                : DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
        Files.writeString(file, new Dump(settings).dumpToString(copyOf(root)));
    }

    /** Merges a tree into this one: maps and lists entry by entry, values replaced. */
    public void merge(Map<String, Object> updates) {
        mergeMap(root, updates);
    }

    private static void mergeMap(Map<String, Object> into, Map<String, Object> from) {
        from.forEach((key, value) -> into.put(key, merged(into.get(key), value)));
    }

    @SuppressWarnings("unchecked")
    private static Object merged(Object old, Object update) {
        if (update instanceof Map<?, ?> map) {
            Map<String, Object> result = old instanceof Map<?, ?> m ? (Map<String, Object>) m : new LinkedHashMap<>();
            mergeMap(result, (Map<String, Object>) map);
            return result;
        }
        if (update instanceof List<?> list) {
            List<Object> result = old instanceof List<?> l ? (List<Object>) l : new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                Object next = merged(i < result.size() ? result.get(i) : null, list.get(i));
                if (i < result.size()) {
                    result.set(i, next);
                } else {
                    result.add(next);
                }
            }
            return result;
        }
        return update;
    }

    private static Object copyOf(Object tree) {
        return merged(null, tree);
    }

    /**
     * The value at a path, a list of values where the path has {@code *}, or {@code otherwise} when there is none.
     * {@code pixels-per-degree} alone means that of the retina.
     */
    public Object get(String path, Object otherwise) {
        String full = path.equals("pixels-per-degree") ? "retina.pixels-per-degree" : path;
        Object found = find(root, List.of(full.split("\\.")));
        return found == null ? otherwise : found;
    }

    private static Object find(Object tree, List<String> path) {
        if (tree == null || path.isEmpty()) {
            return tree;
        }
        String head = path.get(0);
        List<String> rest = path.subList(1, path.size());
        if (head.equals("*")) {
            List<Object> all = new ArrayList<>();
            Iterable<?> children =
                    tree instanceof Map<?, ?> map ? map.values() : tree instanceof List<?> l ? l : List.of();
            for (Object child : children) {
                Object found = find(child, rest);
                if (found != null) {
                    all.add(found);
                }
            }
            return all;
        }
        if (tree instanceof List<?> list) {
            int i = index(head);
            return i >= 0 && i < list.size() ? find(list.get(i), rest) : null;
        }
        return tree instanceof Map<?, ?> map ? find(map.get(head), rest) : null;
    }

    private static int index(String text) {
        return text.matches("\\d{1,6}") ? Integer.parseInt(text) : -1;
    }

    /**
     * Sets the value at a path, making what is missing on the way. In lists a number picks an entry, {@code +} appends an
     * empty one, {@code =} a copy of the last, {@code =i} a copy of entry i, and {@code *} means all. Alone, any key of the
     * linear version or its undershoot means that of the first outer plexiform layer; {@code pixels-per-degree} that of the
     * retina and of the microsaccades; {@code size__deg}, {@code uniform-density__inv-deg} and {@code enabled} those of all
     * ganglion layers.
     *
     * @throws IllegalArgumentException when the path leads through a value or a list without such an entry
     */
    public void set(String path, Object value) {
        for (String full : meant(path)) {
            put(root, List.of(full.split("\\.")), value, full);
        }
    }

    /** {@code enabled} of those ganglion layers whose name contains {@code name}. */
    public void setEnabled(boolean enabled, String name) {
        List<?> layers = (List<?>) get("ganglion-layers", List.of());
        for (int i = 0; i < layers.size(); i++) {
            if (String.valueOf(get("ganglion-layers." + i + ".name", "")).contains(name)) {
                set("ganglion-layers." + i + ".enabled", enabled);
            }
        }
    }

    private static List<String> meant(String path) {
        if (path.indexOf('.') >= 0) {
            return List.of(path);
        }
        if (UNDERSHOOT.contains(path)) {
            return List.of(OPL + "undershoot." + path);
        }
        if (PARAMETERS.containsKey(OPL + path) || path.equals("leaky-heat-equation")) {
            return List.of(OPL + path);
        }
        return switch (path) {
            case "pixels-per-degree" ->
                List.of("retina.pixels-per-degree", "basic-microsaccade-generator.pixels-per-degree");
            case "size__deg" ->
                List.of(
                        "ganglion-layers.*.spiking-channel.square-array.size-x__deg",
                        "ganglion-layers.*.spiking-channel.square-array.size-y__deg");
            case "uniform-density__inv-deg" ->
                List.of("ganglion-layers.*.spiking-channel.square-array.uniform-density__inv-deg");
            case "enabled" -> List.of("ganglion-layers.*.enabled");
            default -> List.of(path);
        };
    }

    private static void put(Object tree, List<String> path, Object value, String full) {
        String head = path.get(0);
        List<String> rest = path.subList(1, path.size());
        if (!head.equals("*")) {
            putChild(tree, head, rest, value, full);
        } else if (tree instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                putChild(tree, String.valueOf(i), rest, value, full);
            }
        } else if (tree instanceof Map<?, ?> map) {
            for (Object key : List.copyOf(map.keySet())) {
                putChild(tree, String.valueOf(key), rest, value, full);
            }
        } else {
            throw throughValue(full, tree);
        }
    }

    private static IllegalArgumentException throughValue(String full, Object value) {
        return new IllegalArgumentException("the path " + full + " leads through the value " + value + "; shorten it");
    }

    @SuppressWarnings("unchecked")
    private static void putChild(Object tree, String head, List<String> rest, Object value, String full) {
        if (tree instanceof List<?> list) {
            List<Object> entries = (List<Object>) list;
            int i = entry(entries, head, full);
            if (rest.isEmpty()) {
                entries.set(i, value);
            } else {
                put(entries.get(i), rest, value, full);
            }
        } else if (tree instanceof Map<?, ?> map) {
            Map<String, Object> entries = (Map<String, Object>) map;
            if (rest.isEmpty()) {
                entries.put(head, value);
                return;
            }
            String next = rest.get(0);
            if (next.equals("*") && !entries.containsKey(head)) {
                throw new IllegalArgumentException("the path " + full + " means all entries of " + head
                        + " but there are none; append one with +");
            }
            boolean wantsList = index(next) >= 0 || next.equals("+") || next.startsWith("=");
            entries.computeIfAbsent(head, k -> wantsList ? new ArrayList<>() : new LinkedHashMap<>());
            put(entries.get(head), rest, value, full);
        } else {
            throw throughValue(full, tree);
        }
    }

    private static int entry(List<Object> list, String selector, String full) {
        if (selector.equals("+")) {
            list.add(new LinkedHashMap<>());
            return list.size() - 1;
        }
        if (selector.startsWith("=")) {
            int from = selector.length() == 1 ? list.size() - 1 : index(selector.substring(1));
            if (from < 0 || from >= list.size()) {
                throw new IllegalArgumentException("the path " + full + " copies entry " + selector.substring(1)
                        + " of a list of " + list.size() + "; append one with +");
            }
            list.add(copyOf(list.get(from)));
            return list.size() - 1;
        }
        int i = index(selector);
        if (i == list.size()) {
            list.add(new LinkedHashMap<>());
        }
        if (i < 0 || i >= list.size()) {
            throw new IllegalArgumentException("the path " + full + " names entry " + selector + " of a list of "
                    + list.size() + "; append one with +");
        }
        return i;
    }

    /**
     * Sets the parameters that the configuration has values for.
     *
     * @param parameters those of a {@link Retina}; stages that it leaves out are passed over
     * @return the paths that had no effect, because they describe what is not simulated
     * @throws IllegalArgumentException for an unknown path, or a value that is no number or not allowed; nothing is set then
     */
    public List<String> applyTo(ParameterTree parameters) {
        Map<String, Object> leaves = new LinkedHashMap<>();
        flatten("", root, leaves);
        Map<String, Object> values = new LinkedHashMap<>();
        List<String> without = new ArrayList<>();
        leaves.forEach((path, value) -> {
            String parameter = PARAMETERS.get(path);
            if (parameter == null) {
                requireKnown(path);
                without.add(path);
            } else if (parameters.resolve(parameter) == null) {
                without.add(path);
            } else {
                values.put(parameter, number(path, value));
            }
        });
        parameters.set(values);
        return without;
    }

    private static double number(String path, Object value) {
        try {
            return Double.parseDouble(String.valueOf(value).strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    path + " must be a number but was \"" + value + "\"; for example 0.05", e);
        }
    }

    private static void requireKnown(String path) {
        String general = path.replaceAll("\\.\\d+(?=\\.|$)", ".*");
        List<String> known = new ArrayList<>();
        Map<String, Object> leaves = new LinkedHashMap<>();
        flatten("", humanParvo().root, leaves);
        leaves.keySet().forEach(key -> known.add(key.replaceAll("\\.\\d+(?=\\.|$)", ".*")));
        if (!known.contains(general) && !RetinaXml.isUnitPosition(general)) {
            throw new IllegalArgumentException(
                    "no key \"" + path + "\" in a retina configuration" + Names.suggest(general, known));
        }
    }

    private static void flatten(String prefix, Object tree, Map<String, Object> into) {
        if (tree instanceof Map<?, ?> map) {
            map.forEach(
                    (key, value) -> flatten(prefix.isEmpty() ? String.valueOf(key) : prefix + "." + key, value, into));
        } else if (tree instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                flatten(prefix + "." + i, list.get(i), into);
            }
        } else {
            into.put(prefix, tree);
        }
    }
}
