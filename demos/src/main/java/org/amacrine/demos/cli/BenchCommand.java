package org.amacrine.demos.cli;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Callable;
import org.amacrine.core.backend.Backends;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code amacrine bench}: how fast this machine is. The benchmarks are a module of their own, which the launcher adds. */
@Command(
        name = "bench",
        description = "Measures the retina under JMH: the whole and each stage, and OpenCV's retina beside it.",
        mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
    private static final String BENCH = "org.amacrine.benchmarks.Bench";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "Backend (${DEFAULT-VALUE}).")
    private String backend;

    @Option(names = "--quick", description = "Rough figures in two minutes instead of six.")
    private boolean quick;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        // An unknown or unusable backend is an error now, not minutes later.
        Backends.choose(backend);
        try {
            Class.forName(BENCH)
                    .getMethod("run", String.class, boolean.class, PrintWriter.class)
                    .invoke(null, backend, quick, out);
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(
                    "the benchmarks are not on the class path; run ./amacrine bench from the checkout", e);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        return CommandLine.ExitCode.OK;
    }
}
