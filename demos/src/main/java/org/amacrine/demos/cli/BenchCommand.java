package org.amacrine.demos.cli;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.concurrent.Callable;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.layer.Names;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code amacrine bench}: how fast this machine is. The benchmarks are a module of their own, which the launcher adds. */
@Command(
        name = "bench",
        description = {
            "Measures under JMH.",
            "retina: the whole and each stage, and OpenCV's retina beside it.",
            "arhmm: live frames of filter, smoother, decoder and learner, whole sequences, and how both grow.",
            "latent: steps of generators and iterations of fits, and what bounds both.",
            "epi: optimisation steps and single points of emergent property inference, and how steps grow.",
            "filters: convolutions, recursive filters and an LN model, forward and with gradients."
        },
        mixinStandardHelpOptions = true,
        subcommands = {
            BenchCommand.Latency.class,
            BenchCommand.Viewers.class,
            BenchCommand.Screen.class,
            BenchCommand.EpiSeeds.class
        })
public final class BenchCommand implements Callable<Integer> {
    private static final List<String> SUBJECTS = List.of("retina", "arhmm", "latent", "epi", "filters");
    private static final String PACKAGE = "org.amacrine.benchmarks.";

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SUBJECT",
            arity = "0..1",
            defaultValue = "retina",
            description = "retina, arhmm, latent, epi or filters (${DEFAULT-VALUE}).")
    private String subject;

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "Backend (${DEFAULT-VALUE}).")
    private String backend;

    @Option(names = "--quick", description = "Rough figures in two to four minutes instead of six or more.")
    private boolean quick;

    @Override
    public Integer call() throws Exception {
        if (!SUBJECTS.contains(subject)) {
            throw new IllegalArgumentException("nothing to measure is called \"" + subject + "\""
                    + Names.suggest(subject, SUBJECTS) + "; there are " + String.join(", ", SUBJECTS));
        }
        // An unknown or unusable backend is an error now, not minutes later.
        Backends.choose(backend);
        return run(
                "Bench",
                new Class<?>[] {String.class, String.class, boolean.class, PrintWriter.class},
                subject,
                backend,
                quick,
                spec.commandLine().getOut());
    }

    private static int run(String benchmark, Class<?>[] types, Object... arguments) throws Exception {
        try {
            Class.forName(PACKAGE + benchmark).getMethod("run", types).invoke(null, arguments);
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(
                    "the benchmarks are not on the class path; run ./amacrine bench from the checkout", e);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        return CommandLine.ExitCode.OK;
    }

    /** What a live pipeline is measured with. */
    private abstract static class Live implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Option(names = "--quick", description = "Rough figures in two minutes at most.")
        private boolean quick;

        private final String benchmark;

        private Live(String benchmark) {
            this.benchmark = benchmark;
        }

        @Override
        public final Integer call() throws Exception {
            return run(
                    benchmark,
                    new Class<?>[] {boolean.class, PrintWriter.class},
                    quick,
                    spec.commandLine().getOut());
        }
    }

    /** {@code amacrine bench latency}. */
    @Command(
            name = "latency",
            description =
                    "From a frame's arrival, through the retina, to a reactive subscriber and to a viewer's WebSocket:"
                            + " 640 x 480 at 100 frames per second (two minutes and a half).",
            mixinStandardHelpOptions = true)
    static final class Latency extends Live {
        Latency() {
            super("LatencyBench");
        }
    }

    /** {@code amacrine bench dashboard}. */
    @Command(
            name = "dashboard",
            description =
                    "What 30 viewers, 10 of them slow or stalled, change for the pipeline: blocks with and without them in"
                            + " turn (six minutes).",
            mixinStandardHelpOptions = true)
    static final class Viewers extends Live {
        Viewers() {
            super("DashboardBench");
        }
    }

    /** {@code amacrine bench screen}. */
    @Command(
            name = "screen",
            description =
                    "Frames per second of four 640 x 480 streams in a browser: delivered, and drawn. Needs Chromium and"
                            + " chromedriver (one minute).",
            mixinStandardHelpOptions = true)
    static final class Screen extends Live {
        Screen() {
            super("ScreenBench");
        }
    }

    /** {@code amacrine bench epi-seeds}. */
    @Command(
            name = "epi-seeds",
            description =
                    "What fits of emergent properties reach from eight seeds of the linear system and three of a Gaussian, held"
                            + " against the exact optima (ten minutes or more; with --quick the Gaussian only).",
            mixinStandardHelpOptions = true)
    static final class EpiSeeds extends Live {
        EpiSeeds() {
            super("EpiSeedsBench");
        }
    }
}
