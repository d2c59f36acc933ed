package org.amacrine.core.run;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.layer.Graph;
import org.amacrine.core.layer.Layer;

/**
 * The layers of a pipeline as one layer, without its source and sinks: to look at a model offline. The input is the source's
 * signal; outputs are the signals that no other layer takes, under their full names.
 */
public final class PipelineModel {
    private PipelineModel() {}

    /**
     * Makes the layers and sets their parameters.
     *
     * @throws IllegalArgumentException when there are no layers, or a signal goes back to one: such a loop is closed by a runner only
     */
    public static Layer of(Pipeline pipeline, Catalog catalog) {
        Graph.Builder graph = Graph.builder(pipeline.name()).input(pipeline.sourceName());
        Set<String> untaken = new LinkedHashSet<>();
        for (Stage stage : pipeline.layers()) {
            if (!stage.feedback().isEmpty()) {
                throw new IllegalArgumentException("layer " + stage.name() + " of pipeline " + pipeline.name()
                        + " takes a signal that goes back, which only a run does; leave the feedback out");
            }
            Layer layer = PipelineCheck.make(stage, Layer.class, catalog::layer);
            layer.parameters().set(stage.parameters());
            List<String> from = new ArrayList<>();
            for (String signal : stage.from()) {
                untaken.remove(signal);
                from.add(signal.startsWith(pipeline.sourceName() + ".") ? pipeline.sourceName() : signal);
            }
            graph.node(stage.name(), layer, from);
            layer.outputs().forEach(output -> untaken.add(stage.name() + "." + output));
        }
        if (untaken.isEmpty()) {
            throw new IllegalArgumentException("pipeline " + pipeline.name() + " has no layers to look at");
        }
        untaken.forEach(signal -> graph.output(signal, signal));
        return graph.build();
    }
}
