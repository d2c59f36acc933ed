package org.amacrine.operators.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amacrine.core.layer.Graph;
import org.amacrine.core.layer.Layer;
import org.amacrine.operators.filter.Concatenate;
import org.amacrine.operators.filter.Sum;

/** Layers without names of their own put together as graphs: their nodes are called {@code layer_0}, {@code layer_1}, …. */
public final class Lists {
    private Lists() {}

    /** What becomes of the outputs of layers side by side. */
    public enum Combination {
        /** Their channels one behind the other. */
        CONCATENATE,
        /** Their sum, channel by channel. */
        SUM,
        /** The sum of all their channels: one channel. */
        SUM_CHANNELS;

        private Layer of(int count) {
            float[] ones = new float[count];
            Arrays.fill(ones, 1);
            return switch (this) {
                case CONCATENATE -> new Concatenate("together", count);
                case SUM -> new Sum("together", 0, ones);
                case SUM_CHANNELS -> new Sum("together", 1, ones);
            };
        }
    }

    /** The layers one after the other. */
    public static Graph sequential(String name, List<? extends Layer> layers) {
        Graph.Builder builder = Graph.builder(name);
        String from = "input";
        for (int i = 0; i < layers.size(); i++) {
            builder.node("layer_" + i, layers.get(i), List.of(from));
            from = "layer_" + i;
        }
        return builder.output("output", from).build();
    }

    /** The layers side by side on the same input, and their first outputs put together. */
    public static Graph parallel(String name, Combination combination, List<? extends Layer> layers) {
        return parallel(name, combination.of(layers.size()), layers);
    }

    /**
     * The layers side by side on the same input, and what another layer makes of their first outputs.
     *
     * @param together takes as many inputs as there are layers, in their order; its first output is that of the graph
     */
    public static Graph parallel(String name, Layer together, List<? extends Layer> layers) {
        Graph.Builder builder = Graph.builder(name);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            builder.node("layer_" + i, layers.get(i), List.of("input"));
            names.add("layer_" + i);
        }
        return builder.node("together", together, names)
                .output("output", "together")
                .build();
    }

    /** Layers and lists of them, where what is side by side is summed up: {@link #alternating(String, Combination, List)}. */
    public static Graph alternating(String name, List<?> nested) {
        return alternating(name, Combination.SUM, nested);
    }

    /**
     * Layers and lists of them, lists within lists: the outermost one after the other, each list within side by side, those within
     * these one after the other again, and so on. A list in a list of its own begins side by side.
     *
     * @param combination what becomes of the outputs of layers side by side
     * @param nested layers, and lists of the same kind
     * @throws IllegalArgumentException when something else is in a list
     */
    public static Graph alternating(String name, Combination combination, List<?> nested) {
        return alternating(name, combination, nested, true);
    }

    private static Graph alternating(String name, Combination combination, List<?> nested, boolean oneAfterTheOther) {
        List<Layer> layers = new ArrayList<>();
        for (Object each : nested) {
            if (each instanceof Layer layer) {
                layers.add(layer);
            } else if (each instanceof List<?> inner) {
                layers.add(alternating(name + ".layer_" + layers.size(), combination, inner, !oneAfterTheOther));
            } else {
                throw new IllegalArgumentException(
                        name + " can hold layers and lists of layers but was given " + each + "; wrap it in a layer");
            }
        }
        return oneAfterTheOther ? sequential(name, layers) : parallel(name, combination, layers);
    }
}
