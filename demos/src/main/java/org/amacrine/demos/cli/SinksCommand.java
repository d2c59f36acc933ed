package org.amacrine.demos.cli;

import java.util.concurrent.Callable;
import org.amacrine.core.component.Catalog;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code amacrine sinks}: the kinds of sinks. */
@Command(name = "sinks", description = "Lists the kinds of sinks.", mixinStandardHelpOptions = true)
public final class SinksCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-s", "--settings"},
            description = "Show the settings of each sink too.")
    private boolean settings;

    @Override
    public Integer call() {
        Listing.components(Catalog.load().sinks(), settings, spec.commandLine().getOut());
        return CommandLine.ExitCode.OK;
    }
}
