package org.amacrine.demos.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.amacrine.core.backend.Backend;
import org.amacrine.core.backend.Backends;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code amacrine backends}: where kernels can run, and why not elsewhere. */
@Command(
        name = "backends",
        description = "Lists the backends, the best first, with what was found or what is missing.",
        mixinStandardHelpOptions = true)
public final class BackendsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        for (Backend backend : Backends.all()) {
            Backend.Availability availability = backend.availability();
            out.printf(
                    "%-8s %-10s %s%n",
                    backend.name(), availability.usable() ? "usable" : "not usable", availability.reason());
        }
        out.println("auto takes: " + Backends.choose("auto").reason());
        out.flush();
        return CommandLine.ExitCode.OK;
    }
}
