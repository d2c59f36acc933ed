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
import org.amacrine.core.io.NdArray;
import org.amacrine.operators.latent.Feedback;
import org.amacrine.operators.latent.Groups;
import org.amacrine.operators.latent.LatentModelFile;
import org.amacrine.operators.latent.LatentRegressionModel;
import org.amacrine.operators.latent.Noise;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code amacrine latent generate}. */
@Command(
        name = "generate",
        description = {
            "Activity that a model generates, step by step. NaN in an input is free: where an output is fed back it becomes what the model"
                    + " itself gave at the step before. The first row must be complete. Writes y0, y1, ..., one for each output group."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class LatentGenerateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--model", paramLabel = "FILE.npz", required = true, description = "The model.")
    private Path file;

    @Option(
            names = "--x",
            paramLabel = "FILE",
            required = true,
            arity = "1..*",
            description = "Inputs, a file for each group, a row for each step; see amacrine latent fit --help.")
    private List<String> x = new ArrayList<>();

    @Option(
            names = "--feedback",
            paramLabel = "H:G",
            split = ",",
            description =
                    "Which output group supplies the free entries of which input group, such as 0:1 (what the model's file says).")
    private List<String> feedback = new ArrayList<>();

    @Option(
            names = "--free-after",
            paramLabel = "N",
            description =
                    "Frees the groups that are fed back from row N on, whatever their files say; 1 keeps the first row only.")
    private Integer freeAfter;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Goes on to N steps where the files end, with all groups free; they must all be fed back.")
    private Integer steps;

    @Option(names = "--mean", description = "Leaves out the noise.")
    private boolean mean;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of the noise (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--out", paramLabel = "FILE.npz", required = true, description = "Where to write.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        ModelFiles.prepareOutput(out);
        LatentModelFile read = LatentModelFile.read(file);
        LatentRegressionModel model = read.model();
        List<Feedback> pairs = feedback.isEmpty() ? read.feedback() : GroupPairs.feedback(feedback);
        Groups inputs = extended(GroupFiles.read(x));
        free(inputs, pairs);
        Noise noise = mean ? Noise.NONE : Noise.counted(seed, "latent.generator", 0);
        Groups y = model.recursiveGenerate(inputs, pairs, noise);
        int finite = finiteSteps(y);
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        for (int h = 0; h < y.count(); h++) {
            int width = model.dOut()[h];
            double[] values = Arrays.copyOf(y.group(h), finite * width);
            arrays.put("y" + h, new NdArray(new int[] {finite, width}, values));
        }
        ModelFiles.write(out, arrays);
        PrintWriter text = spec.commandLine().getOut();
        text.println(out + ": " + finite + " steps of outputs " + Arrays.toString(model.dOut()));
        text.flush();
        if (finite < y.rows()) {
            throw new IllegalStateException("the model runs away: its outputs are not finite at step " + finite
                    + "; the steps before it are in " + out);
        }
        return CommandLine.ExitCode.OK;
    }

    private Groups extended(Groups given) {
        if (steps == null) {
            return given;
        }
        if (steps < given.rows()) {
            throw new IllegalArgumentException(
                    "--steps must be >= " + given.rows() + ", the rows of the files, but was " + steps);
        }
        int[] widths = GroupFiles.widths(given);
        double[][] longer = new double[widths.length][];
        for (int g = 0; g < widths.length; g++) {
            longer[g] = Arrays.copyOf(given.group(g), steps * widths[g]);
            Arrays.fill(longer[g], given.rows() * widths[g], longer[g].length, Double.NaN);
        }
        return new Groups(steps, longer);
    }

    private void free(Groups inputs, List<Feedback> pairs) {
        if (freeAfter == null) {
            return;
        }
        if (freeAfter < 1) {
            throw new IllegalArgumentException(
                    "--free-after must be >= 1, for the first row cannot be free, but was " + freeAfter);
        }
        int[] widths = GroupFiles.widths(inputs);
        for (Feedback pair : pairs) {
            if (pair.input() < widths.length) {
                double[] group = inputs.group(pair.input());
                Arrays.fill(group, Math.min(group.length, freeAfter * widths[pair.input()]), group.length, Double.NaN);
            }
        }
    }

    /** Steps before the first one with a value that is not finite. */
    private static int finiteSteps(Groups y) {
        for (int t = 0; t < y.rows(); t++) {
            for (double[] group : y.values()) {
                int width = group.length / y.rows();
                for (int j = 0; j < width; j++) {
                    if (!Double.isFinite(group[t * width + j])) {
                        return t;
                    }
                }
            }
        }
        return y.rows();
    }
}
