package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.amacrine.operators.latent.LatentModelFile;
import org.amacrine.operators.latent.LatentRegressionModel;
import org.amacrine.operators.latent.ModuleText;
import org.amacrine.operators.latent.Tensor;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code amacrine latent describe}. */
@Command(
        name = "describe",
        description = "What a model is made of: groups, modules, and the range of each parameter.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class LatentDescribeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--model", paramLabel = "FILE.npz", required = true, description = "The model.")
    private Path file;

    @Override
    public Integer call() throws IOException {
        LatentModelFile read = LatentModelFile.read(file);
        LatentRegressionModel model = read.model();
        PrintWriter out = spec.commandLine().getOut();
        out.println(inOneLine(model));
        out.println("m  " + ModuleText.of(model.m().structure()));
        for (int h = 0; h < model.s().size(); h++) {
            out.println("s" + h + " " + ModuleText.of(model.s().get(h).structure()));
        }
        if (!model.directPairs().isEmpty()) {
            out.println(model.directPairs().stream()
                    .map(pair -> pair.input() + ":" + pair.output())
                    .collect(Collectors.joining(", ", "direct pairs ", "")));
        }
        if (!read.feedback().isEmpty()) {
            out.println(read.feedback().stream()
                    .map(pair -> pair.output() + ":" + pair.input())
                    .collect(Collectors.joining(", ", "feedback ", "")));
        }
        read.provenance().forEach((topic, words) -> out.println(topic + ": " + words));
        model.stateDict().forEach((name, tensor) -> out.println(line(name, tensor)));
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private static String line(String name, Tensor tensor) {
        DoubleSummaryStatistics values = Arrays.stream(tensor.values()).summaryStatistics();
        return String.format(
                Locale.ROOT,
                "%-16s %-14s min %.4g, mean %.4g, max %.4g",
                name,
                Arrays.toString(tensor.shape()),
                values.getMin(),
                values.getAverage(),
                values.getMax());
    }

    /** Groups and sizes of a model. */
    static String inOneLine(LatentRegressionModel model) {
        return "inputs " + Arrays.toString(model.dIn()) + " on " + Arrays.toString(model.dProj())
                + " modes, outputs " + Arrays.toString(model.dOut()) + " on " + Arrays.toString(model.dTrans())
                + " modes, "
                + model.parameters().stream().mapToInt(Tensor::count).sum() + " parameters";
    }
}
