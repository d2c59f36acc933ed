package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.PipelineFile;
import org.amacrine.core.run.PipelinePlan;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code amacrine check PIPELINE.yaml}: whether a pipeline can run, without running it. */
@Command(
        name = "check",
        description =
                "Checks a pipeline whole, opens its source, prepares its layers, and prints the graph with shapes, rates and"
                        + " memory in flight. Sinks are not opened.",
        mixinStandardHelpOptions = true)
public final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Catalog catalog = Catalog.load();
        Pipeline pipeline = PipelineFile.read(options.file, options.changes(), catalog);
        out.println(PipelinePlan.of(pipeline, catalog));
        out.println("valid");
        out.flush();
        return CommandLine.ExitCode.OK;
    }
}
