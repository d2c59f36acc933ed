package org.amacrine.operators.latent;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;

/** Makes models from their description in the manifest, with their stored parameters. */
final class GoldenModels {
    private static final Map<Kind, String> KEYS = new EnumMap<>(Map.of(
            Kind.P, "p",
            Kind.U, "u",
            Kind.DIRECT_MAPPINGS, "direct_mappings",
            Kind.SCALES, "scales",
            Kind.OFFSETS, "offsets",
            Kind.PSI, "psi"));

    private GoldenModels() {}

    /** The key of a kind in the manifest. */
    static String key(Kind kind) {
        return KEYS.get(kind);
    }

    static int[] ints(Object list) {
        return ((List<?>) list).stream().mapToInt(n -> ((Number) n).intValue()).toArray();
    }

    static LatentRegressionModel.Builder builder(LatentGolden.Case golden) {
        Map<?, ?> description = golden.map("model");
        LatentRegressionModel.Builder builder = LatentRegressionModel.builder(
                        ints(description.get("d_in")),
                        ints(description.get("d_out")),
                        ints(description.get("d_proj")),
                        ints(description.get("d_trans")))
                .useScales((Boolean) description.get("use_scales"))
                .useOffsets((Boolean) description.get("use_offsets"));
        List<TensorModule> s = new ArrayList<>();
        ((List<?>) description.get("s")).forEach(one -> s.add(GoldenModules.tensor(golden, one)));
        builder.s(s);
        if (description.get("direct_pairs") != null) {
            List<DirectPair> pairs = new ArrayList<>();
            for (Object pair : (List<?>) description.get("direct_pairs")) {
                pairs.add(new DirectPair(ints(pair)[0], ints(pair)[1]));
            }
            builder.directPairs(pairs);
        }
        KEYS.forEach((kind, key) -> {
            List<?> values = (List<?>) description.get(key);
            if (values != null && !values.isEmpty()) {
                boolean[] flags = new boolean[values.size()];
                for (int i = 0; i < flags.length; i++) {
                    flags[i] = values.get(i) != null;
                }
                builder.assign(kind, flags);
            }
        });
        return builder;
    }

    /** The map m of the case's model. */
    static GroupMap map(LatentGolden.Case golden) {
        Map<?, ?> description = golden.map("model");
        return GoldenModules.map(golden, description.get("m"), ints(description.get("d_proj")));
    }

    static LatentRegressionModel model(LatentGolden.Case golden) {
        return filled(golden, builder(golden).build(map(golden)));
    }

    /** A model whose map is a chain, as a model of two parts. */
    static SharedMLatentRegressionModel sharedM(LatentGolden.Case golden) {
        MapChain chain = (MapChain) map(golden);
        return filled(
                golden,
                new SharedMLatentRegressionModel(
                        builder(golden), chain.maps().get(0), chain.maps().get(1)));
    }

    private static <T extends LatentRegressionModel> T filled(LatentGolden.Case golden, T model) {
        KEYS.forEach((kind, key) -> {
            List<?> values = (List<?>) golden.map("model").get(key);
            for (int i = 0; values != null && i < values.size(); i++) {
                NdArray stored = golden.arrayOf(values.get(i));
                if (stored != null) {
                    model.tensor(kind, i).set(Tensor.of(stored.doubles(), stored.shape()));
                }
            }
        });
        return model;
    }

    static Groups groups(LatentGolden.Case golden, String key) {
        return Groups.of(golden.arrays(key).toArray(NdArray[]::new));
    }

    /** Values that take the place of a model's own, from a map of lists by the manifest's keys. */
    static Overrides overrides(LatentGolden.Case golden, Map<?, ?> lists) {
        Overrides overrides = Overrides.NONE;
        for (Map.Entry<Kind, String> entry : KEYS.entrySet()) {
            if (lists.get(entry.getValue()) != null) {
                overrides = overrides.with(entry.getKey(), values(golden, lists.get(entry.getValue())));
            }
        }
        return overrides;
    }

    static List<double[]> values(LatentGolden.Case golden, Object list) {
        List<double[]> values = new ArrayList<>();
        for (NdArray array : golden.arraysOf(list)) {
            values.add(array == null ? null : array.doubles());
        }
        return values;
    }

    /** The parameters by the names of the manifest: {@code p0}, {@code scales1}, {@code m.<path>}, {@code s0.<path>}. */
    static Map<String, Tensor> named(LatentRegressionModel model) {
        Map<String, Tensor> named = new LinkedHashMap<>();
        KEYS.forEach((kind, key) -> {
            for (int i = 0; i < model.count(kind); i++) {
                named.put(key + i, model.tensor(kind, i));
            }
        });
        model.m().eachParameter("m.", named::put);
        for (int h = 0; h < model.s().size(); h++) {
            model.s().get(h).eachParameter("s" + h + ".", named::put);
        }
        return named;
    }

    /** Arrays of parameters by the names of {@link #named}, from a description such as {@code grad} or {@code final}. */
    static Map<String, NdArray> described(LatentGolden.Case golden, Map<?, ?> description) {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        KEYS.values().forEach(key -> {
            if (description.get(key) != null) {
                List<NdArray> list = golden.arraysOf(description.get(key));
                for (int i = 0; i < list.size(); i++) {
                    if (list.get(i) != null) {
                        arrays.put(key + i, list.get(i));
                    }
                }
            }
        });
        golden.named(description.get("m")).forEach((path, array) -> arrays.put("m." + path, array));
        List<?> s = (List<?>) description.get("s");
        for (int h = 0; h < s.size(); h++) {
            String prefix = "s" + h + ".";
            golden.named(s.get(h)).forEach((path, array) -> arrays.put(prefix + path, array));
        }
        return arrays;
    }

    /** Noise that is the stored arrays of the output groups, {@code [T][d_out]}. */
    static Noise noise(LatentGolden.Case golden) {
        List<NdArray> stored = golden.arrays("noise");
        return (group, step, eps) ->
                System.arraycopy(stored.get(group).doubles(), (int) step * eps.length, eps, 0, eps.length);
    }
}
