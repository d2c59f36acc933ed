package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.ParameterTree;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code amacrine params LAYER}: what can be set on a layer. */
@Command(
        name = "params",
        description =
                "Lists the settings and parameters of a layer: meaning, default, unit, bounds, and the reference's name.",
        mixinStandardHelpOptions = true)
public final class ParamsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "LAYER",
            completionCandidates = Candidates.Layers.class,
            description = "Kind of layer; see: amacrine layers")
    private String layer;

    @Option(names = "--search", paramLabel = "TEXT", description = "Only those that contain this text.")
    private String search;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "Setting that shapes the layer, for example stages=opl.")
    private List<String> set = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Component<Layer> component = Catalog.load().layer(layer);
        ParameterTree settings = component.settings();
        for (Map.Entry<String, Object> setting : Assignments.parse(set).entrySet()) {
            settings.set(setting.getKey(), setting.getValue());
        }
        ParameterTree parameters = component.make(settings).parameters();
        if (search == null && !settings.all().isEmpty()) {
            out.println("Settings, chosen before the layer is made:");
            Listing.parameters(settings.all(), "  ", out);
            out.println();
            out.println("Parameters, set at any time:");
            Listing.parameters(parameters.all(), "  ", out);
        } else {
            Listing.parameters(search == null ? settings.all() : settings.search(search), "", out);
            Listing.tree(parameters, search, out);
        }
        return CommandLine.ExitCode.OK;
    }
}
