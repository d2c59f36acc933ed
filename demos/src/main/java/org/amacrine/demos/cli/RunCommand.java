package org.amacrine.demos.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.run.Clock;
import org.amacrine.core.run.PipelineFile;
import org.amacrine.core.run.Runner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code amacrine run PIPELINE.yaml}: runs a pipeline to its end, or until Ctrl-C. */
@Command(
        name = "run",
        description = "Runs a pipeline to the end of its source, for --duration, or until Ctrl-C.",
        mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Catalog catalog = Catalog.load();
        Runner runner = new Runner(PipelineFile.read(options.file, options.changes(), catalog), catalog, Clock.SYSTEM);
        return new LiveRun(runner, spec.commandLine().getOut(), progress -> "").run();
    }
}
