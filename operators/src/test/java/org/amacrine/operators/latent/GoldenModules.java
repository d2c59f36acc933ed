package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.random.RandomSequence;

/** Makes modules from their description in the manifest, with their stored parameters. */
final class GoldenModules {
    private final LatentGolden.Case golden;
    private final Map<String, NdArray> parameters;

    private GoldenModules(LatentGolden.Case golden, Map<?, ?> module) {
        this.golden = golden;
        parameters = golden.named(module.get("params"));
    }

    /** The tensor module described by {@code {structure, params}}. */
    static TensorModule tensor(LatentGolden.Case golden, Object module) {
        GoldenModules made = new GoldenModules(golden, (Map<?, ?>) module);
        TensorModule tensor = Modules.tensor(made.structure(node(module)), new RandomSequence());
        return made.filled(tensor);
    }

    /**
     * The group map described by {@code {structure, params}}.
     *
     * @param widths columns of its inputs, which the manifest leaves out
     */
    static GroupMap map(LatentGolden.Case golden, Object module, int[] widths) {
        GoldenModules made = new GoldenModules(golden, (Map<?, ?>) module);
        return made.filled(made.map(node(module), widths));
    }

    private static Map<?, ?> node(Object module) {
        return (Map<?, ?>) ((Map<?, ?>) module).get("structure");
    }

    private <T extends Differentiable> T filled(T module) {
        Map<String, Tensor> own = module.parameters();
        assertEquals(parameters.keySet(), own.keySet(), golden + ": parameters");
        assertEquals(List.copyOf(parameters.keySet()), List.copyOf(own.keySet()), golden + ": their order");
        own.forEach((path, tensor) -> {
            NdArray stored = parameters.get(path);
            assertArrayEquals(stored.shape(), tensor.shape(), golden + " " + path);
            tensor.set(Tensor.of(stored.doubles(), stored.shape()));
        });
        return module;
    }

    private GroupMap map(Map<?, ?> node, int[] widths) {
        if (!node.get("type").equals("Sequential")) {
            return Modules.map(structure(node, widths), new RandomSequence());
        }
        List<GroupMap> maps = new ArrayList<>();
        int[] next = widths;
        for (Map<?, ?> child : children(node)) {
            GroupMap map = map(child, next);
            next = map.pass(next, 1).outWidths();
            maps.add(map);
        }
        return new MapChain(maps);
    }

    private ModuleStructure structure(Map<?, ?> node, int... widths) {
        String type = (String) node.get("type");
        String prefix = (String) node.get("prefix");
        Map<String, Object> settings = new TreeMap<>();
        if (node.get("config") != null) {
            ((Map<?, ?>) node.get("config")).forEach((key, value) -> settings.put((String) key, value));
        }
        List<?> own = (List<?>) node.get("params");
        return switch (type) {
            case "Bias", "Exp" -> columnWise(type, prefix + "o", settings);
            case "BiasAndScale", "BiasAndPositiveScale" -> columnWise(type, prefix + "w", settings);
            case "FixedOffsetTanh" -> columnWise(type, prefix + "s", settings);
            case "Relu" -> columnWise("ShiftedRelu", prefix + "o", settings);
            case "Tanh" -> own.isEmpty() ? ModuleStructure.of(type) : columnWise("ScaledTanh", prefix + "o", settings);
            case "Sequential" -> new ModuleStructure("Chain", settings, structures(children(node)));
            case "DenseLNLNet" -> denseNet(node);
            case "SingleGroupDenseNetMap" -> singleGroup(node);
            case "LinearMap" -> {
                settings.put("d_in", Widths.list(widths));
                settings.put("d_out", slices(settings.remove("out_slices")));
                settings.put("bias", parameters.containsKey(prefix + "nn.bias"));
                yield ModuleStructure.of(type, settings);
            }
            case "NNMap" -> {
                settings.put("d_out", slices(settings.remove("out_slices")));
                yield new ModuleStructure(type, settings, structures(children(node)));
            }
            case "ElementWiseTransformedGroupLatents", "GroupTransform" ->
                new ModuleStructure(type, settings, structures(children(node)));
            case "GroupLinearTransform" -> {
                settings.put("d", Widths.list(widths));
                yield ModuleStructure.of(type, settings);
            }
            case "ConcatenateMap" -> {
                List<?> rows = (List<?>) settings.remove("conc_grps");
                settings.put(
                        "conc",
                        rows.stream()
                                .map(row -> ((List<?>) row)
                                        .stream().map(v -> v.equals(1)).toList())
                                .toList());
                yield ModuleStructure.of(type, settings);
            }
            case "ConcatenateAndSelectMap" -> {
                settings.put("idx", indices((List<?>) settings.remove("selected_columns"), widths));
                settings.put("d_in", Widths.list(widths));
                yield ModuleStructure.of(type, settings);
            }
            default -> ModuleStructure.of(type, settings);
        };
    }

    private ModuleStructure columnWise(String type, String parameter, Map<String, Object> settings) {
        settings.put("d", parameters.get(parameter).shape()[0]);
        return ModuleStructure.of(type, settings);
    }

    private List<ModuleStructure> structures(List<Map<?, ?>> nodes) {
        return nodes.stream().map(child -> structure(child)).toList();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<?, ?>> children(Map<?, ?> node) {
        return (List<Map<?, ?>>) node.get("children");
    }

    private ModuleStructure denseNet(Map<?, ?> node) {
        List<Map<?, ?>> layers = children(node);
        List<Map<?, ?>> first = children(children(layers.get(0)).get(0));
        Map<?, ?> linear = (Map<?, ?>) first.get(0).get("config");
        return new ModuleStructure(
                "DenseLNLNet",
                Map.of(
                        "d_in", linear.get("in"),
                        "growth", linear.get("out"),
                        "bias", linear.get("bias"),
                        "n_layers", layers.size()),
                List.of(structure(first.get(1))));
    }

    private ModuleStructure singleGroup(Map<?, ?> node) {
        List<Map<?, ?>> parts = children(children(node).get(0));
        Map<String, Object> settings = new TreeMap<>(denseNet(parts.get(0)).settings());
        settings.put("d_out", ((Map<?, ?>) parts.get(1).get("config")).get("out"));
        return ModuleStructure.of("SingleGroupDenseNetMap", settings);
    }

    /** Widths from consecutive {@code [from, to]}. */
    private static List<Integer> slices(Object slices) {
        return ((List<?>) slices)
                .stream()
                        .map(slice -> (Integer) ((List<?>) slice).get(1) - (Integer) ((List<?>) slice).get(0))
                        .toList();
    }

    /** Columns of each input, from columns of all inputs side by side. */
    private static List<List<List<Integer>>> indices(List<?> outputs, int[] widths) {
        List<List<List<Integer>>> idx = new ArrayList<>();
        for (Object output : outputs) {
            List<List<Integer>> groups = new ArrayList<>();
            int from = 0;
            for (int width : widths) {
                List<Integer> columns = new ArrayList<>();
                for (Object column : (List<?>) output) {
                    if ((Integer) column >= from && (Integer) column < from + width) {
                        columns.add((Integer) column - from);
                    }
                }
                groups.add(columns);
                from += width;
            }
            idx.add(groups);
        }
        return idx;
    }
}
