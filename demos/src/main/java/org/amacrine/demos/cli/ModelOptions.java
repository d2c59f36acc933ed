package org.amacrine.demos.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.PipelineFile;
import org.amacrine.core.run.PipelineModel;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What commands take that look at a model: a kind of layer with its parameters, or the layers of a pipeline. */
final class ModelOptions {
    @Parameters(
            paramLabel = "LAYER|PIPELINE.yaml",
            completionCandidates = Candidates.Layers.class,
            description = "Kind of layer, see: amacrine layers; or a pipeline, of which the layers are looked at.")
    private String name;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description =
                    "A setting or parameter, for example stages=opl or bipolar.leakHertz=40; @FILE.npy is an array.")
    private List<String> set = new ArrayList<>();

    @Option(
            names = "--params",
            paramLabel = "FILE",
            description = "Parameters, .yaml, .json or .npz; for a retina also VirtualRetina .xml.")
    private Path params;

    @Option(
            names = "--model",
            paramLabel = "FILE.npz",
            description = "The fitted model of a layer that has one, as --set model=FILE.npz.")
    private Path model;

    private Resolution resolution = Resolution.DEFAULT;

    /** Name of the layer, or of the pipeline's file. */
    String name() {
        return name;
    }

    /** Makes it; throws {@link IllegalArgumentException} for unknown names and values that are not allowed. */
    Layer make() throws IOException {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!lower.endsWith(".yaml") && !lower.endsWith(".yml")) {
            return NamedLayer.make(name, set, model, params);
        }
        if (model != null || params != null) {
            throw new IllegalArgumentException("--params and --model are for a layer, but " + name
                    + " is a pipeline; change it with --set, for example" + " retina.bipolar.leakHertz=40");
        }
        Catalog catalog = Catalog.load();
        Pipeline pipeline = PipelineFile.read(Path.of(name), Assignments.parse(set), catalog);
        resolution = pipeline.resolution();
        return PipelineModel.of(pipeline, catalog);
    }

    /** That of the pipeline, once it is made; the default one for a layer. */
    Resolution resolution() {
        return resolution;
    }
}
