package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.amacrine.core.io.NdArray;
import org.amacrine.operators.arhmm.Sequences;
import org.amacrine.operators.features.PrincipalComponents;
import org.amacrine.sinks.OutputFiles;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code amacrine arhmm pca}. */
@Command(
        name = "pca",
        description =
                "Fits principal components to features or keypoints, for --pca of the other commands and for the layer"
                        + " features.pca. Frames with a missing value, and masked ones, are left out.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ArHmmPcaCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private FeatureFiles files;

    @Option(
            names = "--dims",
            paramLabel = "D",
            defaultValue = "10",
            description = "How many components; 0 for all (${DEFAULT-VALUE}).")
    private int dims;

    @Option(names = "--out", paramLabel = "FILE.npz", required = true, description = "Where to write the components.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        ModelFiles.prepareOutput(out);
        Sequences all = files.read().sequences();
        PrincipalComponents fitted = fit(all, dims);
        try {
            fitted.save(out);
        } catch (IOException e) {
            throw OutputFiles.failure(out, e);
        }
        PrintWriter text = spec.commandLine().getOut();
        double total = 0;
        for (double variance : fit(all, 0).variances().doubles()) {
            total += variance;
        }
        double sum = 0;
        for (int i = 0; i < fitted.count(); i++) {
            sum += fitted.variances().at(i);
            text.printf(
                    Locale.ROOT,
                    "component %2d  variance %.4g  %.1f %% of all so far%n",
                    i,
                    fitted.variances().at(i),
                    100 * sum / total);
        }
        text.println(out + ": " + fitted.count() + " components of " + fitted.dims() + " features");
        text.flush();
        return CommandLine.ExitCode.OK;
    }

    /** Components of all sequences together. */
    static PrincipalComponents fit(Sequences all, int dims) {
        int frames = 0;
        for (int n = 0; n < all.count(); n++) {
            frames += all.frames(n);
        }
        double[] x = new double[frames * all.dims()];
        double[] mask = new double[frames];
        int at = 0;
        for (int n = 0; n < all.count(); n++) {
            System.arraycopy(all.x(n), 0, x, at * all.dims(), all.x(n).length);
            for (int t = 0; t < all.frames(n); t++) {
                mask[at + t] = all.weight(n, t);
            }
            at += all.frames(n);
        }
        return PrincipalComponents.fit(
                new NdArray(new int[] {frames, all.dims()}, x), new NdArray(new int[] {frames}, mask), dims);
    }
}
