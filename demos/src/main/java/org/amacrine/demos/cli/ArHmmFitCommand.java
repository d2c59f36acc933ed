package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.amacrine.core.flux.JobRun;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.operators.arhmm.ArHmmModel;
import org.amacrine.operators.arhmm.ArHmmModelFile;
import org.amacrine.operators.arhmm.Fit;
import org.amacrine.operators.arhmm.Sequences;
import org.amacrine.sinks.OutputFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code amacrine arhmm fit}. */
@Command(
        name = "fit",
        description = {
            "Fits a model to recordings by Gibbs sampling. Ctrl-C keeps the model of the last sweep; --resume goes on from it,"
                    + " with the same numbers as if it had never stopped. The same seed gives the same model for any number of"
                    + " workers and on every backend. Writes:",
            "  FILE.npz              the model: betas, pi, Ab, Q, its prior, and the states z of the recordings",
            "  FILE.checkpoint.npz   what --resume needs"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ArHmmFitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private FeatureFiles files;

    @Mixin
    private ArHmmFitOptions options;

    @Option(
            names = "--sweeps",
            paramLabel = "N",
            defaultValue = "50",
            description = "Sweeps in all, those before --resume included (${DEFAULT-VALUE}).")
    private long sweeps;

    @Option(
            names = "--kappa",
            paramLabel = "X",
            defaultValue = "1e6",
            description = "Stickiness: larger for longer states (${DEFAULT-VALUE}).")
    private double kappa;

    @Option(names = "--resume", description = "Goes on from the checkpoint beside --out; give the other options again.")
    private boolean resume;

    @Option(
            names = "--save-every",
            paramLabel = "N",
            defaultValue = "25",
            description = "Sweeps between two checkpoints (${DEFAULT-VALUE}).")
    private long saveEvery;

    @Option(names = "--log", paramLabel = "FILE.csv", description = "Where to write the log joint of each sweep.")
    private Path log;

    @Mixin
    private ComputeOptions compute;

    @Option(names = "--out", paramLabel = "FILE.npz", required = true, description = "Where to write the model.")
    private Path out;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ModelFiles.prepareOutput(out);
        FeatureFiles.Named features = files.read();
        PrintWriter text = spec.commandLine().getOut();
        try (WorkerPool pool = compute.pool()) {
            Fit fit = options.fit(features.sequences(), kappa, sweeps, compute.kernels(), pool);
            if (resume) {
                restore(fit);
            }
            describe(features.sequences(), fit, text);
            return run(fit, text);
        }
    }

    private Path checkpoint() {
        return FitRun.checkpoint(out);
    }

    private void restore(Fit fit) throws IOException {
        FitRun.resume(fit, checkpoint());
        if (fit.done()) {
            throw new IllegalArgumentException(
                    checkpoint() + " is of sweep " + fit.iteration() + " and --sweeps is " + sweeps + "; give more");
        }
    }

    private static void describe(Sequences data, Fit fit, PrintWriter text) {
        long frames = 0;
        for (int n = 0; n < data.count(); n++) {
            frames += data.frames(n);
        }
        text.println(data.count() + " sequences, " + frames + " frames of " + data.dims() + " features; "
                + fit.result().parameters() + " to fit");
        if (fit.framesWithoutLags() > 0) {
            text.println(fit.framesWithoutLags() + " frames do not count because of a missing value just before them");
        }
        text.flush();
    }

    private int run(Fit fit, PrintWriter text) throws IOException, InterruptedException {
        JobRun<ArHmmModel> run = JobRun.of("fit", fit).checkpoint(checkpoint(), saveEvery);
        return FitRun.run(run, FitProgress.ofSweeps(text, fit.iteration()), log, model -> {
            write(model);
            text.println(out + ": " + model.parameters() + ", after " + model.sweep() + " of " + sweeps + " sweeps, "
                    + usedStates(model) + " states in use"
                    + (run.state() == JobRun.State.CANCELLED ? "; --resume goes on" : ""));
            text.flush();
        });
    }

    private void write(ArHmmModel model) throws IOException {
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("made by", "amacrine arhmm fit");
        provenance.put("inputs", files.files().stream().map(Path::toString).collect(Collectors.joining(", ")));
        provenance.put("seed and sweeps", model.seed() + ", " + model.sweep());
        try {
            new ArHmmModelFile(model, List.of(), provenance, Map.of()).write(out);
        } catch (IOException e) {
            throw OutputFiles.failure(out, e);
        }
    }

    private static long usedStates(ArHmmModel model) {
        boolean[] used = new boolean[model.parameters().states()];
        long count = 0;
        for (int[] sequence : model.states()) {
            for (int z : sequence) {
                count += used[z] ? 0 : 1;
                used[z] = true;
            }
        }
        return count;
    }
}
