package org.amacrine.demos.cli;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.amacrine.core.layer.Names;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.demos.epi.RunMovie;
import org.amacrine.demos.picture.FitCharts;
import org.amacrine.demos.picture.MatrixPicture;
import org.amacrine.demos.picture.PairPlot;
import org.amacrine.demos.picture.PngFile;
import org.amacrine.demos.picture.PointColours;
import org.amacrine.operators.epi.Distribution;
import org.amacrine.operators.epi.EmergentProperty;
import org.amacrine.operators.epi.EpiEpoch;
import org.amacrine.operators.epi.EpiExample;
import org.amacrine.operators.epi.EpiPlan;
import org.amacrine.operators.epi.EpiRecord;
import org.amacrine.operators.epi.NumberCheck;
import org.amacrine.operators.epi.SavedRun;
import org.amacrine.operators.epi.SavedRuns;
import org.amacrine.sinks.OutputFiles;
import org.knowm.xchart.XYChart;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands that show saved fits: plot, movie, runs. */
final class EpiPictureCommands {
    private EpiPictureCommands() {}

    /** {@code amacrine epi plot}. */
    @Command(
            name = "plot",
            description = {
                "Draws a fit:",
                "  pairs        the distribution of each pair of parameters: samples coloured by log density, and their density",
                "  matrix       the most probable of 1000 samples as a square matrix, for models whose parameters are one",
                "  fit          entropy and violations over the training steps; the entropies of all fits below a folder",
                "  statistics   histograms of the statistics of simulations, with the wished means, and two standard deviations"
                        + " where --mu has a variance for each mean"
            },
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Plot extends EpiAskCommands.Ask {
        private static final List<String> KINDS = List.of("pairs", "matrix", "fit", "statistics");
        private static final int WIDTH = 560;
        private static final int HEIGHT = 320;

        @Option(
                names = "--of",
                paramLabel = "WHAT",
                description = "pairs, matrix, fit or statistics (${DEFAULT-VALUE}).")
        private String kind = "pairs";

        @Option(names = "--count", paramLabel = "N", description = "Samples to draw (${DEFAULT-VALUE}).")
        private int count = 1000;

        @Option(names = "--seed", paramLabel = "N", description = "Gives the same samples again (${DEFAULT-VALUE}).")
        private long seed = 1;

        @Option(names = "--epochs", paramLabel = "K", description = "Draws a fit up to this epoch (all).")
        private int epochs = Integer.MAX_VALUE;

        @Option(
                names = "--limits",
                paramLabel = "LOW,HIGH",
                split = ",",
                description = "Log densities that colours of pairs span; points below are black, those above white.")
        private double[] limits;

        @Option(
                names = "--outliers-apart",
                description = "Colours of pairs span all log densities within ten standard deviations of their mean.")
        private boolean outliersApart;

        @Option(names = "--stars", paramLabel = "FILE.npy", description = "Points that pairs mark with stars.")
        private Path stars;

        @Option(names = "--trajectory", paramLabel = "FILE.npy", description = "Points that pairs draw a line through.")
        private Path trajectory;

        @Option(names = "--unity-line", description = "Draws a line where both parameters of a pair are equal.")
        private boolean unityLine;

        @Option(names = "--out", paramLabel = "FILE.png", description = "Where to draw (${DEFAULT-VALUE}).")
        private Path file = Path.of("out", "epi.png");

        @Override
        public Integer call() throws IOException {
            switch (kind) {
                case "pairs" -> pairs();
                case "matrix" -> matrix();
                case "fit" -> write(fit());
                case "statistics" -> write(statistics());
                default ->
                    throw new IllegalArgumentException("--of must be pairs, matrix, fit or statistics but was \"" + kind
                            + "\"" + Names.suggest(kind, KINDS));
            }
            out().println("picture: " + file);
            out().flush();
            return CommandLine.ExitCode.OK;
        }

        private void pairs() throws IOException {
            if (limits != null && limits.length != 2) {
                throw new IllegalArgumentException("--limits must be two log densities but are " + limits.length);
            }
            if (limits != null && outliersApart) {
                throw new IllegalArgumentException("--limits and --outliers-apart exclude each other; leave one out");
            }
            Distribution distribution = open();
            PairPlot plot = PairPlot.of(distribution, count, seed).unityLine(unityLine);
            if (limits != null) {
                plot.colours(new PointColours(limits[0], limits[1]));
            } else if (outliersApart) {
                plot.outliersApart();
            }
            if (stars != null) {
                plot.stars(EpiAskCommands.points(stars, distribution));
            }
            if (trajectory != null) {
                plot.trajectory(EpiAskCommands.points(trajectory, distribution));
            }
            plot.write(file);
        }

        private void matrix() throws IOException {
            Distribution distribution = open();
            MatrixPicture picture = new MatrixPicture(
                    String.join(", ", distribution.names()), EpiAskCommands.mostProbable(distribution));
            picture.write(file);
            out().print(picture.text());
        }

        private List<XYChart> fit() throws IOException {
            List<SavedRun> runs = runs();
            List<String> names = new ArrayList<>();
            List<List<EpiRecord>> fits = new ArrayList<>();
            for (SavedRun run : runs) {
                names.add((names.size() + 1) + ": " + run.flow());
                List<EpiRecord> records = run.records().stream()
                        .filter(record -> record.epoch() <= epochs)
                        .toList();
                if (records.isEmpty()) {
                    throw new IOException("the fit in " + run.folder() + " has no rows to draw"
                            + (epochs == Integer.MAX_VALUE
                                    ? ": it ended while its flow was initialised; go on with --resume"
                                    : " up to epoch " + epochs));
                }
                fits.add(records);
            }
            List<XYChart> charts = new ArrayList<>(List.of(FitCharts.entropy(names, fits)));
            fits.forEach(records -> charts.add(FitCharts.violation(records)));
            return charts;
        }

        private List<XYChart> statistics() throws IOException {
            Chosen chosen = choose();
            Distribution distribution = chosen.distribution();
            EpiPlan plan = plan(chosen.run());
            EmergentProperty property = example(plan).model().property();
            double[] z = distribution.sample(count, seed);
            double[] columns = new double[z.length];
            int dims = distribution.dims();
            for (int i = 0; i < z.length; i++) {
                columns[i % dims * count + i / dims] = z[i];
            }
            double[] t = new double[property.statistics() * count];
            property.simulate(columns, count, CounterRandom.key(seed, "epi.plot", 0), t);
            double[] mu = plan.mu();
            int half = mu.length / 2;
            List<XYChart> charts = new ArrayList<>();
            for (int i = 0; i < mu.length; i++) {
                double deviation = mu.length % 2 == 0 && i < half ? Math.sqrt(Math.max(0, mu[i + half])) : 0;
                double[] values = Arrays.copyOfRange(t, i * count, (i + 1) * count);
                NumberCheck check = NumberCheck.of(values);
                if (check.any()) {
                    err().println(check.message("T" + (i + 1)) + ", which are left out");
                }
                charts.add(FitCharts.statistic("T" + (i + 1), values, mu[i], deviation));
            }
            return charts;
        }

        /** Two charts in a row. */
        private void write(List<XYChart> charts) throws IOException {
            PngFile.prepare(file);
            int rows = (charts.size() + 1) / 2;
            BufferedImage image = new BufferedImage(2 * WIDTH, rows * HEIGHT, BufferedImage.TYPE_INT_RGB);
            Graphics2D g = image.createGraphics();
            g.setColor(Color.WHITE);
            g.fillRect(0, 0, image.getWidth(), image.getHeight());
            for (int i = 0; i < charts.size(); i++) {
                charts.get(i).paint((Graphics2D) g.create(i % 2 * WIDTH, i / 2 * HEIGHT, WIDTH, HEIGHT), WIDTH, HEIGHT);
            }
            g.dispose();
            PngFile.write(file, image);
        }
    }

    private static EpiPlan plan(SavedRun run) throws IOException {
        return run.plan()
                .orElseThrow(() -> new IOException(
                        "the run in " + run.folder() + " does not tell its model and means; fit it again"));
    }

    private static EpiExample example(EpiPlan plan) {
        return EpiExample.ofModel(plan.model())
                .orElseThrow(() -> new IllegalArgumentException("the model " + plan.model()
                        + " of this fit is none of the built-in ones, so it cannot be simulated here"));
    }

    /** {@code amacrine epi movie}. */
    @Command(
            name = "movie",
            description =
                    "Writes a video of a fit that kept its samples (epi fit --movie-data): entropy, violations and pairs of parameters,"
                            + " a frame for each row of its table.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Movie implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "RUN", description = "Folder of a fit.")
        private Path folder;

        @Option(names = "--out", paramLabel = "FILE.mp4", description = "The video (epi_opt.mp4 in RUN).")
        private Path file;

        @Override
        public Integer call() throws IOException, InterruptedException {
            List<SavedRun> runs = EpiAskCommands.find(folder);
            if (runs.size() > 1) {
                throw new IllegalArgumentException("a video is of one fit but there are " + runs.size() + " below "
                        + folder + ", such as " + runs.get(0).folder());
            }
            RunMovie movie = new RunMovie(runs.get(0));
            Path to = file == null ? runs.get(0).folder().resolve("epi_opt.mp4") : file;
            movie.write(to);
            spec.commandLine().getOut().println("movie: " + to + ", " + movie.frames() + " frames");
            spec.commandLine().getOut().flush();
            return CommandLine.ExitCode.OK;
        }
    }

    /** {@code amacrine epi runs}. */
    @Command(
            name = "runs",
            description = "Lists the fits below a folder, and writes their tables as one.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Runs implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "DIR", description = "Folder above the fits.")
        private Path folder;

        @Option(names = "--out", paramLabel = "FILE.csv", description = "Where to write all rows of all fits.")
        private Path file;

        @Override
        public Integer call() throws IOException {
            List<SavedRun> runs = EpiAskCommands.find(folder);
            for (SavedRun run : runs) {
                int best = run.bestEpoch();
                List<EpiEpoch> epochs = run.epochs();
                String outcome = best < 0
                        ? "no epoch converged"
                        : String.format(
                                Locale.ROOT,
                                "best is epoch %d, H %.3f",
                                best,
                                epochs.get(best - 1).entropy());
                String time = run.timing()
                        .map(timing -> String.format(Locale.ROOT, ", %.1f s", timing.seconds()))
                        .orElse("");
                spec.commandLine().getOut().println(run.folder() + ": " + epochs.size() + " epochs, " + outcome + time);
            }
            if (file != null) {
                OutputFiles.prepare(file, true);
                try {
                    Files.write(file, SavedRuns.table(runs));
                } catch (IOException e) {
                    throw OutputFiles.failure(file, e);
                }
                spec.commandLine().getOut().println(file + ": the tables of " + runs.size() + " fits");
            }
            spec.commandLine().getOut().flush();
            return CommandLine.ExitCode.OK;
        }
    }
}
