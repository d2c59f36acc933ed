package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.amacrine.core.flux.JobRun;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.operators.epi.BoundedParameter;
import org.amacrine.operators.epi.Distribution;
import org.amacrine.operators.epi.EpiEpoch;
import org.amacrine.operators.epi.EpiExample;
import org.amacrine.operators.epi.EpiFit;
import org.amacrine.operators.epi.EpiFitBuilder;
import org.amacrine.operators.epi.EpiModel;
import org.amacrine.operators.epi.EpiResult;
import org.amacrine.operators.epi.Gaussian;
import org.amacrine.operators.epi.InitialCache;
import org.amacrine.operators.epi.LagrangianSettings;
import org.amacrine.operators.epi.NormalizingFlow;
import org.amacrine.operators.epi.RunNames;
import org.amacrine.operators.epi.SavedRun;
import org.amacrine.sinks.OutputFiles;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code amacrine epi fit}. */
@Command(
        name = "fit",
        description = {
            "Finds the distribution of largest entropy over a model's parameters whose simulations have the wished means. Ctrl-C keeps"
                    + " what was reached; --resume goes on from it, with the same numbers as if it had never stopped. Each seed is"
                    + " saved in a folder of its own, below --out:",
            "  run.json, opt_data.csv, opt_data.npz, ckpt-K.npz   the fit, and the flow at the end of each epoch",
            "  timing.npz                                         seconds of each epoch, and of a training step",
            "  movie_data.npz                                     samples for amacrine epi movie, with --movie-data",
            "  checkpoint.npz                                     what --resume needs"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class EpiFitCommand implements Callable<Integer> {

    /** Names of the built-in models, for completion. */
    static final class Models implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return EpiExample.names().iterator();
        }
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private ComputeOptions compute;

    @Mixin
    private EpiFlowOptions flowOptions;

    @Mixin
    private EpiInitialOptions initialOptions;

    @Parameters(
            paramLabel = "MODEL",
            completionCandidates = Models.class,
            description = "A built-in model: ${COMPLETION-CANDIDATES}.")
    private String name;

    @Option(
            names = "--mu",
            paramLabel = "X",
            split = ",",
            description = "Wished means of the statistics (the model's).")
    private double[] mu;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "How many fits, of consecutive seeds (${DEFAULT-VALUE}).")
    private int seeds = 1;

    @Option(names = "--seed", paramLabel = "N", description = "The first seed (${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--epochs", paramLabel = "K", description = "Epochs (${DEFAULT-VALUE}).")
    private int epochs = 13;

    @Option(names = "--iterations", paramLabel = "N", description = "Training steps of an epoch (${DEFAULT-VALUE}).")
    private int iterations = 1000;

    @Option(names = "--samples", paramLabel = "N", description = "Samples of a batch (${DEFAULT-VALUE}).")
    private int samples = 500;

    @Option(names = "--rate", paramLabel = "R", description = "Learning rate (${DEFAULT-VALUE}).")
    private double rate = 1e-3;

    @Option(names = "--c0", paramLabel = "C", description = "First coefficient of the penalty (the model's).")
    private Double c0;

    @Option(names = "--gamma", paramLabel = "G", description = "What the violation must shrink to (${DEFAULT-VALUE}).")
    private double gamma = 0.25;

    @Option(names = "--beta", paramLabel = "B", description = "What the penalty grows by otherwise (${DEFAULT-VALUE}).")
    private double beta = 4;

    @Option(
            names = "--clip",
            paramLabel = "NORM",
            description = "Norm that gradients are scaled down to; Infinity for none (${DEFAULT-VALUE}).")
    private double clip = 5;

    @Option(
            names = "--log-rate",
            paramLabel = "N",
            description = "Training steps between two rows of the table (${DEFAULT-VALUE}, but an epoch at most).")
    private int logRate = 50;

    @Option(
            names = "--alpha",
            paramLabel = "P",
            description = "Significance of the test of convergence (${DEFAULT-VALUE}).")
    private double alpha = 0.05;

    @Option(
            names = "--nu",
            paramLabel = "SHARE",
            description = "Share of --samples that each mean of the test is taken over (${DEFAULT-VALUE}).")
    private double nu = 1;

    @Option(names = "--norm-batches", paramLabel = "N", description = "Batches that decide on c (${DEFAULT-VALUE}).")
    private int normBatches = 200;

    @Option(
            names = "--test-batches",
            paramLabel = "N",
            description = "Batches of the test of convergence (${DEFAULT-VALUE}).")
    private int testBatches = 200;

    @Option(
            names = "--settling",
            paramLabel = "SHARE",
            description = "Last part of each epoch, in which the learning rate falls; 0 as in the package"
                    + " (${DEFAULT-VALUE}).")
    private double settling = 0.5;

    @Option(
            names = "--settling-floor",
            paramLabel = "SHARE",
            description = "What is left of the learning rate in the end (${DEFAULT-VALUE}).")
    private double settlingFloor = 0.05;

    @Option(
            names = "--last-batch-multipliers",
            description =
                    "Moves multipliers by the violation of an epoch's last batch, as in the package; otherwise by that of"
                            + " the whole test.")
    private boolean lastBatchMultipliers;

    @Option(names = "--movie-data", description = "Keeps samples at each row of the table, for amacrine epi movie.")
    private boolean movieData;

    @Option(names = "--stop-early", description = "Ends with the first epoch that converged.")
    private boolean stopEarly;

    @Option(
            names = "--exclude-nan",
            description = "Leaves out simulations that are no numbers, and counts them; otherwise they end the fit.")
    private boolean excludeNaN;

    @Option(
            names = "--from",
            paramLabel = "RUN",
            description =
                    "Branches off a saved fit: begins with its flow, as of its best epoch, without its penalty. One seed"
                            + " only, and no options of the flow.")
    private Path from;

    @Option(
            names = "--from-epoch",
            paramLabel = "K",
            description = "Epoch of --from, from the end when negative (the converged one of largest entropy).")
    private Integer fromEpoch;

    @Option(
            names = "--resume",
            description =
                    "Goes on from checkpoints; give the other options again. Seeds behind the first that have none begin.")
    private boolean resume;

    @Option(names = "--log", paramLabel = "FILE.csv", description = "Where to write objectives; one seed only.")
    private Path log;

    @Option(names = "--out", paramLabel = "DIR", description = "Folder of all fits (${DEFAULT-VALUE}).")
    private Path out = Path.of("out", "epi");

    private boolean cancelled;
    private boolean resumed;

    @Override
    public Integer call() throws IOException, InterruptedException {
        EpiExample example = EpiExample.of(name);
        if (fromEpoch != null && from == null) {
            throw new IllegalArgumentException("--from-epoch is of --from, which is missing");
        }
        if (seeds < 1) {
            throw new IllegalArgumentException("--seeds must be >= 1 but was " + seeds);
        }
        if (log != null && seeds > 1) {
            throw new IllegalArgumentException("--log takes one seed but --seeds is " + seeds);
        }
        if (from != null) {
            checkBranch();
        }
        int code = CommandLine.ExitCode.OK;
        try (WorkerPool pool = compute.pool()) {
            for (long each = seed; each < seed + seeds && !cancelled; each++) {
                code = Math.max(code, fit(example, each, pool));
            }
        }
        return code;
    }

    private void checkBranch() {
        if (seeds > 1) {
            throw new IllegalArgumentException("--from takes one seed but --seeds is " + seeds
                    + "; a branch is saved under its flow, the same for all: give each its --seed and --out");
        }
        EpiFlowOptions.given(spec.commandLine().getParseResult()).ifPresent(option -> {
            throw new IllegalArgumentException("--from begins with the flow of " + from + " but " + option
                    + " asks for another; leave out " + option + " or --from");
        });
    }

    private int fit(EpiExample example, long each, Bands bands) throws IOException, InterruptedException {
        PrintWriter text = spec.commandLine().getOut();
        EpiModel model = example.model();
        Distribution start = from == null ? null : start(model);
        NormalizingFlow flow = start == null ? flowOptions.flow(example, each) : start.flow();
        double[] wished = mu == null ? example.mu() : mu;
        if (wished.length != example.mu().length) {
            throw new IllegalArgumentException("--mu must have a value for each of the " + example.mu().length
                    + " statistics of " + name + " but has " + wished.length);
        }
        LagrangianSettings settings =
                new LagrangianSettings(samples, rate, c0 == null ? example.c0() : c0, gamma, beta);
        InitialCache cache = new InitialCache(out);
        Gaussian initial = initialOptions.gaussian(model, wished, cache);
        Path folder = out.resolve(RunNames.run(model, initial, flow, wished, settings));
        Path checkpoint = folder.resolve("checkpoint.npz");
        if (Files.exists(checkpoint) && !resume) {
            throw new IllegalArgumentException(
                    from == null
                            ? folder + " holds this fit already; go on with --resume, or choose another --seed or --out"
                            : folder
                                    + " holds a fit with this flow, --mu and settings already; choose another --out, --mu or"
                                    + " --rate (a branch is saved under its flow, whatever its --seed)");
        }
        requireWritable(folder);
        // Seeds behind the one that was interrupted have not begun.
        boolean takesUp = resume && (Files.exists(checkpoint) || !resumed);
        EpiFitBuilder builder = EpiFit.of(model, flow, wished, compute.kernels())
                .lagrangian(settings)
                .initial(initial)
                .initialIterations(initialOptions.iterations)
                .initialLearningRate(initialOptions.rate)
                .epochs(epochs)
                .iterations(iterations)
                .logRate(Math.min(logRate, iterations))
                .alpha(alpha)
                .nu(nu)
                .batches(normBatches, testBatches)
                .settling(settling, settlingFloor)
                .steadyMultipliers(!lastBatchMultipliers)
                .keepFrames(movieData)
                .stopEarly(stopEarly)
                .clipNorm(clip)
                .excludeNaN(excludeNaN)
                .bands(bands)
                .seed(each);
        if (start != null) {
            builder.start(start.theta());
        } else if (!takesUp) {
            cache.load(builder).ifPresent(builder::start);
        }
        EpiFit fit = builder.build();
        if (takesUp) {
            FitRun.resume(fit, checkpoint);
            resumed = true;
        }
        if (fit.done()) {
            save(folder, fit.result());
            report(fit.result(), folder, false);
            boolean failed = fit.result().failed();
            // Other seeds go on all the same.
            PrintWriter to = failed ? spec.commandLine().getErr() : text;
            to.println(done(fit.result(), checkpoint));
            to.flush();
            return failed ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
        }
        text.println(name + ", seed " + each + ": flow " + flow + ", " + settings);
        text.flush();
        JobRun<EpiResult> run = JobRun.of("fit", fit).checkpoint(checkpoint, 20);
        FitProgress progress = new FitProgress(text, fit.iteration(), "row", EpiFitCommand::describe);
        int code = FitRun.run(run, progress, log, result -> {
            save(folder, result);
            if (fit.initialises() && !result.checkpoints().isEmpty()) {
                keep(() -> {
                    if (cache.load(builder).isEmpty()) {
                        cache.store(builder, result);
                    }
                });
            }
            report(result, folder, run.state() == JobRun.State.CANCELLED);
        });
        cancelled = run.state() == JobRun.State.CANCELLED;
        return run.result().failed() ? CommandLine.ExitCode.SOFTWARE : code;
    }

    /** Finds out before the work whether the result can be written. */
    private static void requireWritable(Path folder) throws IOException {
        OutputFiles.folder(folder);
        try {
            Files.delete(Files.createTempFile(folder, "fit.", ".part"));
        } catch (IOException e) {
            throw OutputFiles.failure(folder, e);
        }
    }

    private interface Keeping {
        void keep() throws IOException;
    }

    /** What is only kept for later fits does not fail this one. */
    private void keep(Keeping what) {
        try {
            what.keep();
        } catch (IOException e) {
            spec.commandLine().getErr().println(e.getMessage());
        }
    }

    private Distribution start(EpiModel model) throws IOException {
        SavedRun run = SavedRun.open(from);
        Distribution start =
                fromEpoch == null ? run.best(compute.kernels()) : run.distribution(fromEpoch, compute.kernels());
        if (fromEpoch == null && run.bestEpoch() < 0) {
            spec.commandLine().getErr().println(run.unconverged() + " with --from-epoch");
        }
        List<String> names =
                model.parameters().stream().map(BoundedParameter::name).toList();
        List<String> saved =
                start.parameters().stream().map(BoundedParameter::name).toList();
        if (!saved.equals(names)) {
            throw new IllegalArgumentException("--from " + from + " is a fit of " + String.join(", ", saved) + " but "
                    + name + " has " + String.join(", ", names));
        }
        return start;
    }

    /** Why a fit that was taken up has nothing left to do, and what to do about it. */
    private String done(EpiResult result, Path checkpoint) {
        List<EpiEpoch> epochs = result.epochs();
        if (result.failed()) {
            return checkpoint + " is of a fit that failed and cannot go on: " + result.failure()
                    + ", in a fit without --resume and with another --out";
        }
        return stopEarly && !epochs.isEmpty() && epochs.get(epochs.size() - 1).converged()
                ? checkpoint + " is of a fit that ended early, with epoch " + epochs.size()
                        + ", which converged; leave out --stop-early to go on, with --epochs of more than "
                        + epochs.size()
                : checkpoint + " is of a fit that is done; give more --epochs to go on";
    }

    private void save(Path folder, EpiResult result) throws IOException {
        try {
            SavedRun.write(folder, result, new VersionCommand().getVersion()[0]);
        } catch (IOException e) {
            throw new IOException(
                    "the fit cannot be saved in " + folder + ": " + OutputFiles.reason(e)
                            + "; it is whole in its checkpoint: make room, and repeat the command with --resume",
                    e);
        }
    }

    private static String describe(Map<String, Double> objectives) {
        if (objectives.containsKey("loss")) {
            return String.format(Locale.ROOT, "initialises, loss %.3f", objectives.get("loss"));
        }
        return String.format(
                Locale.ROOT,
                "epoch %.0f, H %.3f, cost %.3f, |R|^2 %.2e, c %.2e",
                objectives.get("epoch"),
                objectives.get("H"),
                objectives.get("cost"),
                objectives.get("R_squared"),
                objectives.get("c"));
    }

    private void report(EpiResult result, Path folder, boolean stopped) {
        PrintWriter text = spec.commandLine().getOut();
        for (EpiEpoch epoch : result.epochs()) {
            text.printf(
                    Locale.ROOT,
                    "epoch %2d  H %7.3f  least p %.3f  c %.2e%s%s%n",
                    epoch.epoch(),
                    epoch.entropy(),
                    Arrays.stream(epoch.p()).min().orElse(Double.NaN),
                    epoch.c(),
                    epoch.converged() ? "  converged" : "",
                    epoch.collapsed() ? "  collapsed" : "");
        }
        if (result.excludedSamples() > 0) {
            text.println(result.excludedSamples() + " simulations were no numbers and left out");
        }
        if (result.failed()) {
            text.println(result.failure());
        }
        if (result.collapsed()) {
            text.println(
                    "the entropy collapsed: a penalty that goes on growing costs entropy; fewer epochs, --stop-early or another"
                            + " --seed may keep it");
        }
        text.println(folder + ": "
                + (result.converged() ? "best is epoch " + result.bestEpoch() : "no epoch converged so far")
                + (stopped ? "; --resume goes on" : ""));
        text.flush();
    }
}
