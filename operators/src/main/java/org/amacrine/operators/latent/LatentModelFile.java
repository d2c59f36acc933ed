package org.amacrine.operators.latent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amacrine.core.io.JsonText;
import org.amacrine.core.io.Npz;
import org.amacrine.core.io.YamlText;
import org.amacrine.core.random.RandomSequence;

/**
 * A model on disk: an {@code .npz} file, which {@code numpy.load} reads, with {@code model.json} inside.
 *
 * <pre>
 *   model.json       format "amacrine-latent/1", d_in, d_out, d_proj, d_trans, m or specific_m and shared_m, s, direct_pairs,
 *                    feedback, what is assigned, provenance; modules as {@link ModuleText}
 *   p0 u0 c0_1 …     parameters by the names of the reference's state dictionary
 * </pre>
 *
 * @param model with its parameters
 * @param feedback which outputs go back to which inputs when it generates; empty when that is not known
 * @param provenance where the model is from, in words, by topic
 */
public record LatentModelFile(LatentRegressionModel model, List<Feedback> feedback, Map<String, String> provenance) {
    private static final String FORMAT = "amacrine-latent/";
    private static final int MAJOR = 1;
    private static final String DESCRIPTION = "model.json";

    /** Checks that the feedback fits the model. */
    public LatentModelFile {
        Given.require(model, "model");
        feedback = Given.list(feedback, "feedback");
        Given.require(provenance, "provenance");
        Recursion.requireFits(feedback, model.dIn(), model.dOut());
    }

    /** A model without feedback and provenance. */
    public static LatentModelFile of(LatentRegressionModel model) {
        return new LatentModelFile(model, List.of(), Map.of());
    }

    /**
     * Writes the file, replacing an old one only once the new one is whole.
     *
     * @throws IllegalStateException when a module was made by a program from its own functions, which no file can hold
     */
    public void write(Path file) throws IOException {
        Given.require(file, "file");
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("format", FORMAT + MAJOR);
        description.put("d_in", list(model.dIn()));
        description.put("d_out", list(model.dOut()));
        description.put("d_proj", list(model.dProj()));
        description.put("d_trans", list(model.dTrans()));
        if (model instanceof SharedMLatentRegressionModel sharing) {
            describe(description, "specific_m", sharing.specificM());
            describe(description, "shared_m", sharing.sharedM());
        } else {
            describe(description, "m", model.m());
        }
        description.put(
                "s", model.s().stream().map(s -> ModuleText.of(s.structure())).toList());
        description.put(
                "direct_pairs",
                model.directPairs().stream()
                        .map(pair -> List.of(pair.input(), pair.output()))
                        .toList());
        description.put(
                "feedback",
                feedback.stream()
                        .map(pair -> List.of(pair.output(), pair.input()))
                        .toList());
        Map<String, Object> assigned = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            if (model.uses(kind)) {
                List<Boolean> flags = new ArrayList<>();
                for (boolean flag : model.assigned(kind)) {
                    flags.add(flag);
                }
                assigned.put(kind.name().toLowerCase(Locale.ROOT), flags);
            }
        }
        description.put("assigned", assigned);
        description.put("provenance", provenance);
        Npz.write(file, StateDict.arrays(model.stateDict()), Map.of(DESCRIPTION, JsonText.of(description)));
    }

    private static List<Integer> list(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static void describe(Map<String, Object> description, String name, GroupMap map) {
        if (map != null) {
            description.put(name, ModuleText.of(map.structure()));
        }
    }

    /**
     * Reads a file.
     *
     * @throws IOException when it is no model, was cut off, or is of a newer format
     */
    public static LatentModelFile read(Path file) throws IOException {
        Given.require(file, "file");
        String what = DESCRIPTION + " in " + file;
        if (!(YamlText.values(Npz.readText(file, DESCRIPTION), what) instanceof Map<?, ?> description)) {
            throw new IOException(what + " is no map of words; give a model that a fit wrote");
        }
        requireFormat(file, description.get("format"));
        try {
            LatentRegressionModel model = model(description);
            model.load(Npz.read(file));
            List<Feedback> feedback = new ArrayList<>();
            for (int[] pair : pairs(description, "feedback")) {
                feedback.add(new Feedback(pair[0], pair[1]));
            }
            Map<String, String> provenance = new LinkedHashMap<>();
            if (description.get("provenance") instanceof Map<?, ?> words) {
                words.forEach((key, value) -> provenance.put(String.valueOf(key), String.valueOf(value)));
            }
            return new LatentModelFile(model, feedback, provenance);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " holds no usable model: " + e.getMessage(), e);
        }
    }

    private static void requireFormat(Path file, Object format) throws IOException {
        if (!(format instanceof String name) || !name.matches(FORMAT + "\\d{1,6}(\\.\\d+)*")) {
            throw new IOException(file + " is of the format \"" + format + "\", not \"" + FORMAT + MAJOR
                    + "\"; give a model that a fit wrote");
        }
        if (Integer.parseInt(name.substring(FORMAT.length()).split("\\.")[0]) > MAJOR) {
            throw new IOException(file + " is of the format \"" + name + "\" but this program reads up to \"" + FORMAT
                    + MAJOR + "\"; take a newer program, or write the model with an older one");
        }
    }

    private static LatentRegressionModel model(Map<?, ?> description) {
        LatentRegressionModel.Builder builder = LatentRegressionModel.builder(
                integers(description, "d_in"),
                integers(description, "d_out"),
                integers(description, "d_proj"),
                integers(description, "d_trans"));
        List<TensorModule> s = new ArrayList<>();
        for (Object one : items(description, "s")) {
            s.add(Modules.tensor(String.valueOf(one), new RandomSequence()));
        }
        builder.s(s);
        Map<?, ?> assigned = description.get("assigned") instanceof Map<?, ?> flags ? flags : Map.of();
        for (Kind kind : Kind.values()) {
            String name = kind.name().toLowerCase(Locale.ROOT);
            if (assigned.containsKey(name)) {
                use(builder, kind, description, items(assigned, name));
            }
        }
        GroupMap m = map(description, "m");
        return m != null
                ? builder.build(m)
                : new SharedMLatentRegressionModel(
                        builder, map(description, "specific_m"), map(description, "shared_m"));
    }

    private static void use(LatentRegressionModel.Builder builder, Kind kind, Map<?, ?> description, List<?> flags) {
        boolean[] assigned = new boolean[flags.size()];
        for (int i = 0; i < assigned.length; i++) {
            assigned[i] = Boolean.TRUE.equals(flags.get(i));
        }
        if (assigned.length > 0) {
            builder.assign(kind, assigned);
        }
        builder.useScales(builder.usesScales() || kind == Kind.SCALES);
        builder.useOffsets(builder.usesOffsets() || kind == Kind.OFFSETS);
        if (kind == Kind.DIRECT_MAPPINGS) {
            List<DirectPair> direct = new ArrayList<>();
            for (int[] pair : pairs(description, "direct_pairs")) {
                direct.add(new DirectPair(pair[0], pair[1]));
            }
            builder.directPairs(direct);
        }
    }

    private static GroupMap map(Map<?, ?> description, String name) {
        Object text = description.get(name);
        return text == null ? null : Modules.map(String.valueOf(text), new RandomSequence());
    }

    private static List<?> items(Map<?, ?> description, String name) {
        if (!(description.get(name) instanceof List<?> items)) {
            throw new IllegalArgumentException(name + " must be a list but is " + description.get(name));
        }
        return items;
    }

    private static int[] integers(Map<?, ?> description, String name) {
        return integers(items(description, name), name);
    }

    private static int[] integers(List<?> items, String name) {
        int[] integers = new int[items.size()];
        for (int i = 0; i < integers.length; i++) {
            if (!(items.get(i) instanceof Integer value)) {
                throw new IllegalArgumentException(name + " must hold whole numbers but holds " + items.get(i));
            }
            integers[i] = value;
        }
        return integers;
    }

    private static List<int[]> pairs(Map<?, ?> description, String name) {
        List<int[]> pairs = new ArrayList<>();
        for (Object item : items(description, name)) {
            int[] pair = item instanceof List<?> two ? integers(two, name) : new int[0];
            if (pair.length != 2) {
                throw new IllegalArgumentException(name + " must hold pairs of groups but holds " + item);
            }
            pairs.add(pair);
        }
        return pairs;
    }
}
