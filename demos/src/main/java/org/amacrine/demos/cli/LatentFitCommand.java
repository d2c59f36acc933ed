package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.amacrine.core.flux.JobRun;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;
import org.amacrine.operators.latent.Feedback;
import org.amacrine.operators.latent.Fit;
import org.amacrine.operators.latent.FitResult;
import org.amacrine.operators.latent.GroupMap;
import org.amacrine.operators.latent.LatentModelFile;
import org.amacrine.operators.latent.LatentRegressionModel;
import org.amacrine.operators.latent.LearningRates;
import org.amacrine.operators.latent.Modules;
import org.amacrine.operators.latent.TensorModule;
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

    @Option(
            names = "--d-proj",
            paramLabel = "N",
            split = ",",
            required = true,
            description = "Modes of the input groups, one number for each or one for all.")
    private int[] dProj;

    @Option(
            names = "--d-trans",
            paramLabel = "N",
            split = ",",
            required = true,
            description = "Modes of the output groups, one number for each or one for all.")
    private int[] dTrans;

    @Option(
            names = "--m",
            paramLabel = "MAP",
            description =
                    "How latents are mapped, for example \"LinearMap(d_in=[3, 4], d_out=[4], bias=true)\", which is the"
                            + " default with the numbers of --d-proj and --d-trans. See docs/latent.md for all maps.")
    private String m;

    @Option(
            names = "--s",
            paramLabel = "MODULE",
            description = "What outputs pass through, one for each group or one for all (Identity), for example"
                    + " \"FixedOffsetExp(o=0.1)\".")
    private List<String> s = new ArrayList<>(List.of("Identity"));

    @Option(names = "--scales", description = "Outputs have scales.")
    private boolean scales;

    @Option(names = "--offsets", description = "Outputs have offsets.")
    private boolean offsets;

    @Option(
            names = "--direct",
            paramLabel = "G:H",
            split = ",",
            description = "Input and output groups that are also joined directly, variable by variable.")
    private List<String> direct = new ArrayList<>();

    @Option(
            names = "--feedback",
            paramLabel = "H:G",
            split = ",",
            description =
                    "Which output group will be fed back to which input group, such as 0:1, for those who generate with"
                            + " this model.")
    private List<String> feedback = new ArrayList<>();

    @Option(
            names = "--iterations",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Iterations in all, those before --resume included (${DEFAULT-VALUE}).")
    private int iterations;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "100",
            description = "Rows of a batch (${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--rate",
            paramLabel = "R",
            split = ",",
            description = "Learning rate, or rates by the iteration from which on they hold, 0:0.01,500:0.001 (0.01).")
    private List<String> rates = new ArrayList<>(List.of("0.01"));

    @Option(
            names = "--min-variance",
            paramLabel = "V",
            defaultValue = "0.01",
            description = "The least variance of the noise, in squared units of the outputs (${DEFAULT-VALUE}).")
    private double minVariance;

    @Option(
            names = "--l1-p",
            paramLabel = "L",
            split = ",",
            description = "Weights of the mean absolute value of the input modes, by group.")
    private double[] l1P = {};

    @Option(
            names = "--l1-u",
            paramLabel = "L",
            split = ",",
            description = "Weights of the mean absolute value of the output modes, by group.")
    private double[] l1U = {};

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

    @Option(names = "--log", paramLabel = "FILE.csv", description = "Where to write the objective of each iteration.")
    private Path log;

    @Option(names = "--out", paramLabel = "FILE.npz", required = true, description = "Where to write the model.")
    private Path out;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ModelFiles.prepareOutput(out);
        LatentData.Pairs pairs = data.read();
        LatentRegressionModel model = model(GroupFiles.widths(pairs.x()), GroupFiles.widths(pairs.y()));
        try (WorkerPool pool = compute.pool()) {
            return fit(model, pairs, pool);
        }
    }

    private int fit(LatentRegressionModel model, LatentData.Pairs pairs, WorkerPool pool)
            throws IOException, InterruptedException {
        PrintWriter text = spec.commandLine().getOut();
        Fit fit = Fit.of(model, pairs.x(), pairs.y())
                .kernels(compute.kernels())
                .bands(pool)
                .maxIterations(iterations)
                .batchSize(batch)
                .sendSize(batch)
                .learningRates(rates())
                .minVariance(minVariance)
                .l1P(l1P)
                .l1U(l1U)
                .seed(seed)
                .build();
        new LatentModelFile(model, GroupPairs.feedback(feedback), Map.of());
        if (resume) {
            restore(fit);
        }
        text.println(pairs.x().rows() + " rows; " + LatentDescribeCommand.inOneLine(model));
        text.flush();
        JobRun<FitResult> run = JobRun.of("fit", fit).checkpoint(checkpoint(), saveEvery);
        return FitRun.run(run, FitProgress.ofIterations(text, fit.iteration()), log, result -> {
            write(model);
            text.println(out + ": after " + fit.iteration() + " of " + iterations + " iterations");
            text.flush();
        });
    }

    private LatentRegressionModel model(int[] dIn, int[] dOut) {
        int[] proj = forEach("--d-proj", dProj, dIn.length);
        int[] trans = forEach("--d-trans", dTrans, dOut.length);
        RandomSequence random = new RandomSequence().start(CounterRandom.key(seed, "latent.modules", 0), 0);
        String map = m != null
                ? m
                : "LinearMap(d_in=" + Arrays.toString(proj) + ", d_out=" + Arrays.toString(trans) + ", bias=true)";
        LatentRegressionModel.Builder builder = LatentRegressionModel.builder(dIn, dOut, proj, trans)
                .useScales(scales)
                .useOffsets(offsets)
                .seed(seed);
        if (!direct.isEmpty()) {
            builder.directPairs(GroupPairs.direct(direct));
        }
        GroupMap groupMap = Modules.map(map, random);
        if (s.size() != 1 && s.size() != dOut.length) {
            throw new IllegalArgumentException("--s takes one module, or one for each of the " + dOut.length
                    + " output groups, but was given " + s.size());
        }
        List<TensorModule> modules = new ArrayList<>();
        for (int h = 0; h < dOut.length; h++) {
            modules.add(Modules.tensor(s.get(s.size() == 1 ? 0 : h), random));
        }
        return builder.s(modules).build(groupMap);
    }

    private static int[] forEach(String option, int[] numbers, int groups) {
        if (numbers.length == groups) {
            return numbers;
        }
        if (numbers.length != 1) {
            throw new IllegalArgumentException(option + " takes one number, or one for each of the " + groups
                    + " groups, but was given " + Arrays.toString(numbers));
        }
        int[] all = new int[groups];
        Arrays.fill(all, numbers[0]);
        return all;
    }

    private LearningRates rates() {
        LearningRates.Entry[] entries = new LearningRates.Entry[rates.size()];
        for (int i = 0; i < entries.length; i++) {
            String text = rates.get(i);
            int colon = text.indexOf(':');
            try {
                entries[i] = new LearningRates.Entry(
                        colon < 0 ? 0 : Long.parseLong(text.substring(0, colon)),
                        Double.parseDouble(text.substring(colon + 1)));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "--rate takes a number, or ITERATION:RATE several times, but was \"" + text + "\"", e);
            }
        }
        return LearningRates.of(entries);
    }

    private Path checkpoint() {
        return FitRun.checkpoint(out);
    }

    private void restore(Fit fit) throws IOException {
        FitRun.resume(fit, checkpoint());
        if (fit.done()) {
            throw new IllegalArgumentException(checkpoint() + " is of iteration " + fit.iteration()
                    + " and --iterations is " + iterations + "; give more");
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
