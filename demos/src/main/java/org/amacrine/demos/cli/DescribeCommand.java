package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.demos.picture.DescriptionPage;
import org.amacrine.operators.analysis.Description;
import org.amacrine.sinks.OutputFiles;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code amacrine describe LAYER}: what a layer is made of, and how it stands. */
@Command(
        name = "describe",
        description =
                "What a layer, or the layers of a pipeline, are made of: the tree of parts, with each parameter's value, unit,"
                        + " bounds, meaning and the reference's name, and the states, prepared for frames of --rows and"
                        + " --columns. As text, or as a page that draws kernels and states.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class DescribeCommand implements Callable<Integer> {
    private static final int COLUMNS = 100;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "20",
            description = "Rows of a frame (${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--columns",
            paramLabel = "N",
            defaultValue = "20",
            description = "Columns of a frame (${DEFAULT-VALUE}).")
    private int columns;

    @Option(
            names = "--channels",
            paramLabel = "N",
            defaultValue = "1",
            description = "Channels of a frame (${DEFAULT-VALUE}).")
    private int channels;

    @Mixin
    private ResolutionOptions resolution;

    @Option(names = "--html", paramLabel = "FILE.html", description = "Write a page instead: one file, light and dark.")
    private Path html;

    @Override
    public Integer call() throws IOException {
        Layer layer = model.make();
        Shape[] inputs = new Shape[layer.inputs().size()];
        Arrays.fill(inputs, new Shape(channels, rows, columns));
        LayerRun run = LayerRun.of(model.name(), layer)
                .resolution(resolution.resolution(model.resolution()))
                .dt(1);
        String refusal = "";
        try {
            run.prepare(inputs);
        } catch (IllegalArgumentException e) {
            refusal = "Without states and derived kernels: " + e.getMessage();
        }
        Description description = Description.of(layer);
        PrintWriter text = spec.commandLine().getOut();
        if (html == null) {
            text.print(description.text(COLUMNS));
        } else {
            OutputFiles.prepare(html, true);
            try {
                Files.writeString(html, DescriptionPage.html(description, about()));
            } catch (IOException e) {
                throw OutputFiles.failure(html, e);
            }
            text.println(html + ": " + layer.parameters().all().size() + " parameters, "
                    + layer.states().names().size() + " states");
        }
        if (!refusal.isEmpty()) {
            spec.commandLine().getErr().println(refusal);
        }
        text.flush();
        return CommandLine.ExitCode.OK;
    }

    /** What the kind of layer says of itself; nothing for a pipeline. */
    private String about() {
        return Catalog.load().layers().stream()
                .filter(each -> each.name().equals(model.name()))
                .map(Component::doc)
                .findFirst()
                .orElse("");
    }
}
