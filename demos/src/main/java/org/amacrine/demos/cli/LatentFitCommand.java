package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.amacrine.core.flux.JobRun;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.operators.latent.Feedback;
import org.amacrine.operators.latent.Fit;
import org.amacrine.operators.latent.FitResult;
import org.amacrine.operators.latent.LatentModelFile;
import org.amacrine.operators.latent.LatentRegressionModel;
import org.amacrine.sinks.OutputFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code amacrine latent fit}. */
@Command(
        name = "fit",
        description = {
            "Fits a model to inputs and outputs by Adam on random batches. Ctrl-C keeps the model of the last iteration; --resume"
                    + " goes on from it, with the same numbers as if it had never stopped. Writes:",
            "  FILE.npz              the model: its parameters by the names of the Python package, and its modules",
            "  FILE.checkpoint.npz   what --resume needs"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class LatentFitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private LatentData data;

    @Mixin
    private ComputeOptions compute;

    @Mixin
    private LatentModelOptions made;

    @Mixin
    private LatentFitOptions fitted;

    @Option(
            names = "--feedback",
            paramLabel = "H:G",
            split = ",",
            description =
                    "Which output group will be fed back to which input group, such as 0:1, for those who generate with"
                            + " this model.")
    private List<String> feedback = new ArrayList<>();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of initial values and batches (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--resume", description = "Goes on from the checkpoint beside --out; give the other options again.")
    private boolean resume;

    @Option(
            names = "--save-every",
            paramLabel = "N",
            defaultValue = "500",
            description = "Iterations between two checkpoints (${DEFAULT-VALUE}).")
    private long saveEvery;

    @Option(
            names = "--report-every",
            paramLabel = "N",
            description =
                    "Iterations between two lines of progress, 0 for none (a tenth of all, or a bar at a terminal).")
    private Long reportEvery;

    @Option(names = "--log", paramLabel = "FILE.csv", description = "Where to write the objective of each iteration.")
    private Path log;

    @Option(names = "--out", paramLabel = "FILE.npz", required = true, description = "Where to write the model.")
    private Path out;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ModelFiles.prepareOutput(out);
        LatentData.Pairs pairs = data.read();
        LatentRegressionModel model = made.build(GroupFiles.widths(pairs.x()), GroupFiles.widths(pairs.y()), seed);
        try (WorkerPool pool = compute.pool()) {
            return fit(model, pairs, pool);
        }
    }

    private int fit(LatentRegressionModel model, LatentData.Pairs pairs, WorkerPool pool)
            throws IOException, InterruptedException {
        PrintWriter text = spec.commandLine().getOut();
        Fit fit = fitted.set(Fit.of(model, pairs.x(), pairs.y()), model)
                .kernels(compute.kernels())
                .bands(pool)
                .seed(seed)
                .build();
        new LatentModelFile(model, GroupPairs.feedback(feedback), Map.of());
        if (resume) {
            restore(fit);
        }
        text.println(pairs.x().rows() + " rows; " + LatentDescribeCommand.inOneLine(model));
        text.flush();
        JobRun<FitResult> run = JobRun.of("fit", fit).checkpoint(checkpoint(), saveEvery);
        FitProgress progress = FitProgress.ofIterations(text, fit.iteration());
        if (reportEvery != null) {
            progress.every(reportEvery);
        }
        return FitRun.run(run, progress, log, result -> {
            write(model);
            text.println(out + ": after " + fit.iteration() + " of " + fit.iterations() + " iterations"
                    + (run.state() == JobRun.State.CANCELLED ? "; --resume goes on" : ""));
            text.flush();
        });
    }

    private Path checkpoint() {
        return FitRun.checkpoint(out);
    }

    private void restore(Fit fit) throws IOException {
        FitRun.resume(fit, checkpoint());
        if (fit.done()) {
            throw new IllegalArgumentException(checkpoint() + " is of iteration " + fit.iteration()
                    + " and --iterations is " + fit.iterations() + "; give more");
        }
    }

    private void write(LatentRegressionModel model) throws IOException {
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("made by", "amacrine latent fit");
        provenance.put("data", data.names());
        provenance.put("seed", String.valueOf(seed));
        List<Feedback> pairs = GroupPairs.feedback(feedback);
        try {
            new LatentModelFile(model, pairs, provenance).write(out);
        } catch (IOException e) {
            throw OutputFiles.failure(out, e);
        }
    }
}
