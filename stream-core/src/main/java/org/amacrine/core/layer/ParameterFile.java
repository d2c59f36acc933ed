package org.amacrine.core.layer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amacrine.core.io.InputFiles;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.core.io.YamlText;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/**
 * Parameter sets on disk. In {@code .npz} each parameter is an array under its dotted name, words as the index of their
 * choice; in YAML (and JSON, which is YAML) each is a line, arrays as nested lists; nested maps mean dotted names.
 */
public final class ParameterFile {
    private ParameterFile() {}

    /** Values by name as YAML, one line each. */
    public static String text(Map<String, ?> values) {
        Map<String, Object> plain = new LinkedHashMap<>();
        values.forEach((name, value) -> plain.put(name, toPlain(value)));
        return new Dump(DumpSettings.builder().build()).dumpToString(plain);
    }

    /**
     * Values by dotted name from YAML or JSON.
     *
     * @param what where the text is from, for messages
     * @throws IOException when it is no YAML or holds no parameters
     */
    public static Map<String, Object> parse(String text, String what) throws IOException {
        Object root = YamlText.values(text, what);
        if (!(root instanceof Map<?, ?> map)) {
            throw new IOException(what + " holds no parameters; write lines like: bipolar.leakHertz: 50");
        }
        Map<String, Object> flat = new LinkedHashMap<>();
        flatten(what, "", map, flat);
        return flat;
    }

    static void write(Path file, ParameterTree tree) throws IOException {
        if (isNpz(file)) {
            Map<String, NdArray> arrays = new LinkedHashMap<>();
            tree.values().forEach((name, value) -> arrays.put(name, toArray(tree.get(name), value)));
            Npz.write(file, arrays);
            return;
        }
        Files.writeString(file, text(tree.values()));
    }

    static Map<String, Object> read(Path file) throws IOException {
        if (isNpz(file)) {
            return new LinkedHashMap<>(Npz.read(file));
        }
        return parse(InputFiles.text(file, "a set of parameters"), file.toString());
    }

    private static boolean isNpz(Path file) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".npz")) {
            return true;
        }
        if (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json")) {
            return false;
        }
        throw new IOException("a parameter file ends in .npz, .yaml, .yml or .json but was " + file);
    }

    private static void flatten(String file, String prefix, Map<?, ?> map, Map<String, Object> into)
            throws IOException {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String name = prefix + entry.getKey();
            if (entry.getValue() instanceof Map<?, ?> inner) {
                flatten(file, name + ".", inner, into);
            } else if (into.put(name, entry.getValue()) != null) {
                throw new IOException(file + " gives " + name + " twice; remove one");
            }
        }
    }

    private static NdArray toArray(Parameter parameter, Object value) {
        if (value instanceof NdArray array) {
            return array;
        }
        if (value instanceof Double number) {
            return NdArray.of(number);
        }
        int index = parameter.choices().indexOf(value);
        if (index < 0) {
            throw new IllegalStateException(parameter.name() + " is the word \"" + value
                    + "\", which an .npz file cannot hold; save the parameters as .yaml");
        }
        return NdArray.of((long) index);
    }

    private static Object toPlain(Object value) {
        if (!(value instanceof NdArray array)) {
            return value;
        }
        return array.shape().length == 0 ? (Object) shortest(array, 0) : nest(array, 0, new int[] {0});
    }

    private static List<Object> nest(NdArray array, int depth, int[] next) {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < array.shape()[depth]; i++) {
            list.add(depth == array.shape().length - 1 ? shortest(array, next[0]++) : nest(array, depth + 1, next));
        }
        return list;
    }

    /** The shortest decimal that reads back as the same {@code float32}, or {@code float64}. */
    private static Double shortest(NdArray array, int i) {
        return array.data() instanceof double[] values
                ? values[i]
                : Double.parseDouble(Float.toString((float) array.at(i)));
    }
}
