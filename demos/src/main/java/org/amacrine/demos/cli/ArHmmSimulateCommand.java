package org.amacrine.demos.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.amacrine.core.io.NdArray;
import org.amacrine.operators.arhmm.ArHmmParameters;
import org.amacrine.operators.arhmm.Functions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code amacrine arhmm simulate}. */
@Command(
        name = "simulate",
        description = {
            "A recording that a model makes up. Writes:",
            "  x   features, (frames, dims)",
            "  z   its states, (frames - lags); the first belongs to frame lags, as everywhere"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ArHmmSimulateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "FILE",
            required = true,
            description = "The model: .npz of a fit, or a checkpoint .h5 of keypoint-moseq.")
    private Path model;

    @Option(
            names = "--frames",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Frames, more than the model has lags (${DEFAULT-VALUE}).")
    private int frames;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of all random numbers (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--out", paramLabel = "FILE.npz", required = true, description = "Where to write.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        ModelFiles.prepareOutput(out);
        ArHmmParameters p = ModelFiles.parameters(model);
        int lags = p.lags();
        int dims = p.dims();
        if (frames <= lags) {
            throw new IllegalArgumentException(
                    "--frames must be > " + lags + ", the lags of the model, but was " + frames);
        }
        NdArray ab = new NdArray(new int[] {p.states(), dims, p.columns()}, p.ab());
        NdArray q = new NdArray(new int[] {p.states(), dims, dims}, p.q());
        NdArray pi = new NdArray(new int[] {p.states(), p.states()}, p.pi());
        Functions functions = new Functions();
        var start = functions.generateInitialState(seed, pi, ab, q);
        Functions.Generated made = functions.generateStates(seed, pi, ab, q, frames - lags, start);
        double[] x = new double[frames * dims];
        System.arraycopy(start.lags(), 0, x, 0, lags * dims);
        System.arraycopy(made.xs().doubles(), 0, x, lags * dims, (frames - lags) * dims);
        for (int i = 0; i < x.length; i++) {
            if (!Double.isFinite(x[i])) {
                throw new IllegalStateException("the model runs away: frame " + i / dims
                        + " is not finite; it has a state that grows without bound");
            }
        }
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        arrays.put("x", new NdArray(new int[] {frames, dims}, x));
        arrays.put("z", made.zs());
        ModelFiles.write(out, arrays);
        spec.commandLine().getOut().println(out + ": " + frames + " frames of " + dims + " features");
        spec.commandLine().getOut().flush();
        return CommandLine.ExitCode.OK;
    }
}
