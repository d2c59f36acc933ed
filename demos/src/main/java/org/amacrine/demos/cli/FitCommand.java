package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.flux.JobRun;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.core.layer.DifferentiableLayer;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.TrainableParameters;
import org.amacrine.operators.fit.FittedLayer;
import org.amacrine.operators.fit.LayerFit;
import org.amacrine.operators.fit.Loss;
import org.amacrine.operators.fit.Optimisers;
import org.amacrine.sinks.OutputFiles;
import org.amacrine.sources.arrays.ArrayLayout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code amacrine fit LAYER --in x.npy --goal y.npy --out params.npz}: fits a layer's parameters to a response. */
@Command(
        name = "fit",
        description = {
            "Fits the parameters of a layer, such as model.ln, so that its first output comes near a response that is given. Ctrl-C"
                    + " keeps the parameters of the last iteration; --resume goes on from there, with the same numbers as if it had"
                    + " never stopped. Writes:",
            "  FILE.npz              all parameters, for amacrine apply LAYER --params FILE.npz",
            "  FILE.checkpoint.npz   what --resume needs"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class FitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "LAYER",
            completionCandidates = Candidates.Layers.class,
            description = "Kind of layer; see: amacrine layers")
    private String layerName;

    @Option(
            names = "--in",
            paramLabel = "FILE.npy",
            required = true,
            description =
                    "The stimulus: (T), (T,D), (T,H,W), (T,C,H,W) or (B,C,T,H,W), whose B batches are fitted together.")
    private Path in;

    @Option(
            names = "--goal",
            paramLabel = "FILE.npy",
            required = true,
            description = "The response: what the first output should be, frame by frame.")
    private Path goal;

    @Option(names = "--out", paramLabel = "FILE.npz", required = true, description = "Where to write the parameters.")
    private Path out;

    @Option(names = "--params", paramLabel = "FILE", description = "Parameters to begin with, .yaml, .json or .npz.")
    private Path params;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description =
                    "A setting or parameter, for example kernel=10,5,5 or conv.weight=0.01; @FILE.npy is an array.")
    private List<String> set = new ArrayList<>();

    @Option(
            names = "--freeze",
            paramLabel = "PARAMETER",
            split = ",",
            description = "Parameters to be left as they are.")
    private List<String> freeze = new ArrayList<>();

    @Option(
            names = "--optimiser",
            paramLabel = "NAME[:ARGUMENTS]",
            defaultValue = "adam",
            description =
                    "For example lbfgs, adam:lr=0.01 or sgd:lr=0.001,momentum=0.9 (${DEFAULT-VALUE}). See docs/filters.md.")
    private String optimiser;

    @Option(
            names = "--loss",
            paramLabel = "NAME",
            defaultValue = "sum-squares",
            description = "sum-squares, mean-squares, sum-absolute or poisson (${DEFAULT-VALUE}).")
    private String loss;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            defaultValue = "100",
            description = "Times through the stimulus in all, those before --resume included (${DEFAULT-VALUE}).")
    private long iterations;

    @Option(
            names = "--dt",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Frames of a chunk, each of which is a step of the optimiser; 0 for all frames as one (${DEFAULT-VALUE}).")
    private int dt;

    @Option(
            names = "--skip",
            paramLabel = "N",
            defaultValue = "0",
            description = "Frames at the beginning that are not fitted (${DEFAULT-VALUE}).")
    private int skip;

    @Option(
            names = "--gradient-chunks",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Chunks that gradients go back through, the one of the step included (${DEFAULT-VALUE}: the past is a constant).")
    private int gradientChunks;

    @Option(
            names = "--start-noise",
            paramLabel = "SD",
            defaultValue = "0",
            description =
                    "Standard deviation of what is added to each parameter at first (${DEFAULT-VALUE}): several layers of"
                            + " kernels of zeros would not move.")
    private double startNoise;

    @Mixin
    private ResolutionOptions resolution;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of all random numbers (${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private ComputeOptions compute;

    @Option(
            names = "--resume",
            description =
                    "Goes on from the checkpoint beside --out; give the other options again, all but --iterations as they were.")
    private boolean resume;

    @Option(
            names = "--save-every",
            paramLabel = "N",
            defaultValue = "100",
            description = "Iterations between two checkpoints (${DEFAULT-VALUE}).")
    private long saveEvery;

    @Option(names = "--log", paramLabel = "FILE.csv", description = "Where to write the loss of each iteration.")
    private Path log;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ModelFiles.prepareOutput(out);
        DifferentiableLayer layer = layer();
        NdArray x = NpyReader.readAll(in);
        NdArray y = NpyReader.readAll(goal);
        requireStreams(layer, x, y);
        try (WorkerPool pool = compute.pool()) {
            return fit(layer, frames(in, x), frames(goal, y), pool);
        }
    }

    private DifferentiableLayer layer() throws IOException {
        Layer layer = NamedLayer.make(layerName, set, null, params);
        if (!(layer instanceof DifferentiableLayer differentiable)) {
            throw new IllegalArgumentException(layerName
                    + " gives no gradients and cannot be fitted here; take a filter or a model, such as model.ln");
        }
        for (String name : freeze) {
            layer.parameters().get(name).freeze(true);
        }
        return differentiable;
    }

    private static long[] extents(NdArray array) {
        return Arrays.stream(array.shape()).asLongStream().toArray();
    }

    /** The frames of an array; batches become streams one behind the other among the channels. */
    private static Frames frames(Path file, NdArray array) {
        long[] extents = extents(array);
        if (ArrayLayout.ofBatches(file.toString(), extents).batches() > 1) {
            extents[1] *= extents[0];
            extents[0] = 1;
        }
        return ArrayLayout.of(file.toString(), extents).toFrames(array);
    }

    /** Throws unless the layer takes the batches for streams that know nothing of each other. */
    private void requireStreams(DifferentiableLayer layer, NdArray x, NdArray y) {
        ArrayLayout stimulus = ArrayLayout.ofBatches(in.toString(), extents(x));
        long batches = stimulus.batches();
        long goals = ArrayLayout.ofBatches(goal.toString(), extents(y)).batches();
        if (batches != goals) {
            throw new IllegalArgumentException(in + " has " + batches + " batches but " + goal + " has " + goals
                    + "; give as many goals as stimuli");
        }
        if (batches > 1) {
            Shape one = stimulus.shape();
            int channels = Math.toIntExact(batches * one.channels());
            LayerRun run = LayerRun.of(layerName, layer)
                    .resolution(resolution.resolution())
                    .kernels(compute.kernels())
                    .dt(1);
            Shape ofOne = run.prepare(one).get(0);
            Shape ofAll =
                    run.prepare(new Shape(channels, one.rows(), one.columns())).get(0);
            if (ofAll.channels() != batches * ofOne.channels()) {
                throw new IllegalArgumentException(layerName + " puts all channels together and cannot be fitted to "
                        + batches + " batches at once; fit it to one, array[:1], and go on with the next by --params");
            }
        }
    }

    private Loss loss() {
        for (Loss each : Loss.values()) {
            if (each.word().equals(loss.toLowerCase(Locale.ROOT))) {
                return each;
            }
        }
        throw new IllegalArgumentException(
                "--loss is sum-squares, mean-squares, sum-absolute or poisson but was \"" + loss + "\"");
    }

    private int fit(DifferentiableLayer layer, Frames x, Frames y, WorkerPool pool)
            throws IOException, InterruptedException {
        PrintWriter text = spec.commandLine().getOut();
        LayerFit fit = LayerFit.of(layer, x, y)
                .optimiser(size -> Optimisers.parse(optimiser, size))
                .loss(loss())
                .iterations(iterations)
                .chunkFrames(dt)
                .skipFrames(skip)
                .gradientChunks(gradientChunks)
                .startNoise(startNoise)
                .resolution(resolution.resolution())
                .kernels(compute.kernels())
                .bands(pool)
                .seed(seed)
                .build();
        if (resume) {
            FitRun.resume(fit, FitRun.checkpoint(out));
            if (fit.done()) {
                throw new IllegalArgumentException(FitRun.checkpoint(out) + " is of iteration " + fit.iteration()
                        + " and --iterations is " + iterations + "; give more");
            }
        }
        TrainableParameters fitted = TrainableParameters.of(layer);
        text.println(x + " to " + y + "; fits " + fitted.size() + " numbers: " + String.join(", ", fitted.names()));
        text.flush();
        JobRun<FittedLayer> run = JobRun.of("fit", fit).checkpoint(FitRun.checkpoint(out), saveEvery);
        FitProgress progress = new FitProgress(
                text,
                fit.iteration(),
                "iteration",
                objectives -> String.format(Locale.ROOT, "loss %.6g", objectives.get("loss")));
        return FitRun.run(run, progress, log, result -> {
            layer.parameters().set(result.parameters());
            write(layer);
            text.println(out + ": after " + fit.iteration() + " of " + iterations + " iterations");
            text.flush();
        });
    }

    private void write(Layer layer) throws IOException {
        try {
            layer.parameters().save(out);
        } catch (IOException e) {
            throw OutputFiles.failure(out, e);
        }
    }
}
