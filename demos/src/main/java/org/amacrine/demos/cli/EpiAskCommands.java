package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.layer.Names;
import org.amacrine.operators.epi.Distribution;
import org.amacrine.operators.epi.SavedRun;
import org.amacrine.operators.epi.SavedRuns;
import org.amacrine.operators.epi.Sensitivity;
import org.amacrine.sinks.OutputFiles;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands that ask a fitted distribution: sample, logprob, modes, sensitivity. */
final class EpiAskCommands {
    private static final int STARTS = 1000;

    private EpiAskCommands() {}

    /** What these commands share: a saved run, or a folder above several. */
    abstract static class Ask implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private BackendOption compute;

        @Parameters(paramLabel = "RUN", description = "Folder of a fit, or one above several: their best is asked.")
        private Path folder;

        @Option(
                names = "--epoch",
                paramLabel = "K",
                description = "Epoch of the fit, from the end when negative (the converged one of largest entropy).")
        private Integer epoch;

        final PrintWriter out() {
            return spec.commandLine().getOut();
        }

        final PrintWriter err() {
            return spec.commandLine().getErr();
        }

        final List<SavedRun> runs() throws IOException {
            return find(folder);
        }

        final Distribution open() throws IOException {
            return choose().distribution();
        }

        /** A fit, and the distribution of an epoch. */
        record Chosen(SavedRun run, Distribution distribution) {}

        /** The epoch that was asked for, or the best one. */
        final Chosen choose() throws IOException {
            List<SavedRun> runs = runs();
            Kernels kernels = compute.kernels();
            if (runs.size() == 1) {
                SavedRun run = runs.get(0);
                if (epoch != null) {
                    return new Chosen(run, run.distribution(epoch, kernels));
                }
                Distribution best = run.best(kernels);
                if (run.bestEpoch() < 0) {
                    err().println(run.unconverged() + " with --epoch");
                }
                return new Chosen(run, best);
            }
            if (epoch != null) {
                throw new IllegalArgumentException("--epoch is of one fit but there are " + runs.size() + " below "
                        + folder + ", such as " + runs.get(0).folder());
            }
            SavedRuns.Best best = SavedRuns.largestEntropy(runs, kernels)
                    .orElseThrow(() -> new IOException("none of the " + runs.size() + " fits below " + folder
                            + " converged; give the folder of one, such as "
                            + runs.get(0).folder()));
            return new Chosen(best.run(), best.distribution());
        }
    }

    /** The fits in a folder; throws {@link IOException} when there is none. */
    static List<SavedRun> find(Path folder) throws IOException {
        List<SavedRun> runs = SavedRuns.find(folder);
        if (runs.isEmpty()) {
            throw new IOException("no fit in " + folder + "; give the folder that amacrine epi fit names");
        }
        return runs;
    }

    /** Points that are saved, [points][D]. */
    static double[] points(Path file, Distribution distribution) throws IOException {
        NdArray z = NpyReader.readAll(file);
        int[] shape = z.shape();
        if (shape.length != 2 || shape[1] != distribution.dims()) {
            throw new IllegalArgumentException(file + " must have a column for each of "
                    + String.join(", ", distribution.names()) + " but is of " + Arrays.toString(shape));
        }
        return z.doubles();
    }

    /** The most probable of some samples. */
    static double[] mostProbable(Distribution distribution) {
        double[] z = distribution.sample(STARTS, 1);
        double[] logs = distribution.logProbability(z);
        int best = 0;
        for (int n = 1; n < STARTS; n++) {
            best = logs[n] > logs[best] ? n : best;
        }
        return Arrays.copyOfRange(z, best * distribution.dims(), (best + 1) * distribution.dims());
    }

    static String row(double[] values, int at, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = at; i < at + count; i++) {
            text.append(String.format(Locale.ROOT, "%12.5g", values[i]));
        }
        return text.toString();
    }

    static String header(Distribution distribution) {
        StringBuilder text = new StringBuilder();
        distribution.names().forEach(name -> text.append(String.format("%12s", name)));
        return text.toString();
    }

    /** {@code amacrine epi sample}. */
    @Command(
            name = "sample",
            description = "Draws parameters: prints them, or writes them as an .npy array of a row for each.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Sample extends Ask {
        @Option(names = "--count", paramLabel = "N", description = "How many (${DEFAULT-VALUE}).")
        private int count = 10;

        @Option(names = "--seed", paramLabel = "N", description = "Gives the same samples again (${DEFAULT-VALUE}).")
        private long seed = 1;

        @Option(names = "--out", paramLabel = "FILE.npy", description = "Where to write them.")
        private Path file;

        @Override
        public Integer call() throws IOException {
            Distribution distribution = open();
            int dims = distribution.dims();
            double[] z = distribution.sample(count, seed);
            if (file != null) {
                OutputFiles.prepare(file, true);
                ModelFiles.write(file, new NdArray(new int[] {count, dims}, z));
                out().println(file + ": " + count + " samples of " + String.join(", ", distribution.names()));
            } else {
                double[] logs = distribution.logProbability(z);
                out().println(header(distribution) + "       log q");
                for (int n = 0; n < count; n++) {
                    out().println(row(z, n * dims, dims) + row(logs, n, 1));
                }
            }
            out().flush();
            return CommandLine.ExitCode.OK;
        }
    }

    /** {@code amacrine epi logprob}. */
    @Command(
            name = "logprob",
            description = "Log densities of points, in nats: prints them, or writes them as an .npy array.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class LogProb extends Ask {
        @Option(
                names = "--points",
                paramLabel = "FILE.npy",
                required = true,
                description = "A row for each point, a column for each parameter.")
        private Path points;

        @Option(names = "--out", paramLabel = "FILE.npy", description = "Where to write them.")
        private Path file;

        @Override
        public Integer call() throws IOException {
            Distribution distribution = open();
            double[] logs = distribution.logProbability(points(points, distribution));
            if (file != null) {
                OutputFiles.prepare(file, true);
                ModelFiles.write(file, new NdArray(new int[] {logs.length}, logs));
                out().println(file + ": log densities of " + logs.length + " points");
            } else {
                for (double value : logs) {
                    out().println(value);
                }
            }
            out().flush();
            return CommandLine.ExitCode.OK;
        }
    }

    /** {@code amacrine epi modes}. */
    @Command(
            name = "modes",
            description = "The most probable parameters with one of them held at several values, by gradient ascent.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Modes extends Ask {
        @Option(names = "--hold", paramLabel = "NAME", required = true, description = "The parameter that is held.")
        private String name;

        @Option(
                names = "--at",
                paramLabel = "X",
                split = ",",
                required = true,
                description = "The values that it is held at.")
        private double[] values;

        @Option(
                names = "--start",
                paramLabel = "X",
                split = ",",
                description = "Where to begin, all parameters (the most probable of 1000 samples).")
        private double[] start;

        @Option(names = "--rate", paramLabel = "R", description = "Length of a step per slope (${DEFAULT-VALUE}).")
        private double rate = 1e-3;

        @Option(names = "--steps", paramLabel = "N", description = "Steps of the ascent (${DEFAULT-VALUE}).")
        private int steps = 1000;

        @Option(
                names = "--out",
                paramLabel = "FILE.npy",
                description =
                        "Where to write them, a row for each value: for the source array, or epi plot --trajectory.")
        private Path file;

        @Override
        public Integer call() throws IOException {
            Distribution distribution = open();
            int dims = distribution.dims();
            int dim = distribution.names().indexOf(name);
            if (dim < 0) {
                throw new IllegalArgumentException("no parameter \"" + name + "\" in this fit"
                        + Names.suggest(name, distribution.names()) + "; there are "
                        + String.join(", ", distribution.names()));
            }
            double[] from = start != null ? start : mostProbable(distribution);
            Distribution.Climb climb = new Distribution.Climb(rate, steps, 1, 1);
            double[] modes = new double[values.length * dims];
            out().println(header(distribution) + "       log q");
            for (int v = 0; v < values.length; v++) {
                Distribution.ModePath path = distribution.conditionalMode(dim, values[v], from, climb);
                System.arraycopy(path.z(), steps * dims, modes, v * dims, dims);
                out().println(row(modes, v * dims, dims) + row(path.logProbability(), steps, 1));
            }
            if (file != null) {
                OutputFiles.prepare(file, true);
                ModelFiles.write(file, new NdArray(new int[] {values.length, dims}, modes));
                out().println(file + ": " + values.length + " modes of " + String.join(", ", distribution.names()));
            }
            out().flush();
            return CommandLine.ExitCode.OK;
        }
    }

    /** {@code amacrine epi sensitivity}. */
    @Command(
            name = "sensitivity",
            description =
                    "The directions in which the distribution falls off around a point, from the steepest on: there the model"
                            + " tolerates least. Curvature of the log density, and a vector of length 1 for each.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Sensitivities extends Ask {
        @Option(
                names = "--at",
                paramLabel = "X",
                split = ",",
                description = "The point, all parameters (the most probable of 1000 samples).")
        private double[] at;

        @Override
        public Integer call() throws IOException {
            Distribution distribution = open();
            double[] point = at != null ? at : mostProbable(distribution);
            Sensitivity found = Sensitivity.of(distribution, point);
            out().println("   curvature" + header(distribution));
            for (int d = 0; d < point.length; d++) {
                out().println(row(found.curvatures(), d, 1) + row(found.directions()[d], 0, point.length));
            }
            out().println("          at" + row(point, 0, point.length));
            out().flush();
            return CommandLine.ExitCode.OK;
        }
    }
}
