package org.amacrine.demos.cli;

import java.util.concurrent.Callable;
import org.amacrine.core.component.Catalog;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code amacrine sources}: the kinds of sources. */
@Command(name = "sources", description = "Lists the kinds of sources.", mixinStandardHelpOptions = true)
public final class SourcesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-s", "--settings"},
            description = "Show the settings of each source too.")
    private boolean settings;

    @Override
    public Integer call() {
        Listing.components(
                Catalog.load().sources(), settings, spec.commandLine().getOut());
        return CommandLine.ExitCode.OK;
    }
}
