package org.amacrine.demos.cli;

import java.util.concurrent.Callable;
import org.amacrine.core.component.Catalog;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code amacrine layers}: the kinds of layers. */
@Command(name = "layers", description = "Lists the kinds of layers.", mixinStandardHelpOptions = true)
public final class LayersCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-s", "--settings"},
            description = "Show the settings of each layer too.")
    private boolean settings;

    @Override
    public Integer call() {
        Listing.components(Catalog.load().layers(), settings, spec.commandLine().getOut());
        return CommandLine.ExitCode.OK;
    }
}
