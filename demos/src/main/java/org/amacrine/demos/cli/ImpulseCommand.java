package org.amacrine.demos.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.Resolution;
import org.amacrine.demos.picture.ArrayPicture;
import org.amacrine.demos.picture.PngFile;
import org.amacrine.operators.analysis.ImpulseResponse;
import org.amacrine.sinks.OutputFiles;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code amacrine impulse LAYER}: what a layer answers to one lit pixel. */
@Command(
        name = "impulse",
        description = {
            "The impulse response of a layer, or of the layers of a pipeline: after as many frames of zeros, the pixel in the middle"
                    + " is lit in one frame.",
            "Draws it in time (500 frames of 10x10) or with --space in space (1 frame of 20x20), and writes the numbers."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ImpulseCommand implements Callable<Integer> {
    private static final int MOST_FRAMES = 12;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Option(names = "--space", description = "Draw frames as images instead of values over time.")
    private boolean space;

    @Option(names = "--frames", paramLabel = "N", description = "Frames to look at (500; with --space 1).")
    private Integer frames;

    @Option(names = "--rows", paramLabel = "N", description = "Rows of a frame (10; with --space 20).")
    private Integer rows;

    @Option(names = "--columns", paramLabel = "N", description = "Columns of a frame (10; with --space 20).")
    private Integer columns;

    @Option(
            names = "--channels",
            paramLabel = "N",
            defaultValue = "1",
            description = "Channels of a frame, of which the first is lit (${DEFAULT-VALUE}).")
    private int channels;

    @Option(
            names = "--height",
            paramLabel = "X",
            defaultValue = "1",
            description = "Value of the lit pixel (${DEFAULT-VALUE}).")
    private float height;

    @Mixin
    private ResolutionOptions resolution;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of all random numbers (${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private BackendOption backend;

    @Option(names = "--out", paramLabel = "FILE.png", description = "The picture to write.")
    private Path out;

    @Option(
            names = "--npy",
            paramLabel = "FILE",
            description =
                    "The numbers: .npy (frames,channels,rows,columns) of the only output, or .npz of all by name.")
    private Path npy;

    @Override
    public Integer call() throws IOException {
        Layer layer = model.make();
        ImpulseResponse usual = space ? ImpulseResponse.IN_SPACE : ImpulseResponse.IN_TIME;
        Shape shape = new Shape(
                channels,
                rows == null ? usual.shape().rows() : rows,
                columns == null ? usual.shape().columns() : columns);
        ImpulseResponse impulse = new ImpulseResponse(shape, frames == null ? usual.frames() : frames, height);
        prepare(layer.outputs());
        Resolution at = resolution.resolution(model.resolution());
        Map<String, Frames> responses = impulse.of(LayerRun.of(model.name(), layer)
                .resolution(at)
                .kernels(backend.kernels())
                .seed(seed));
        if (npy != null) {
            write(responses);
        }
        if (out != null) {
            PngFile.write(out, picture(responses, at));
        }
        PrintWriter text = spec.commandLine().getOut();
        responses.forEach((output, response) -> text.println(output + ": " + summary(response)));
        text.flush();
        return CommandLine.ExitCode.OK;
    }

    private void prepare(List<String> outputs) throws IOException {
        if (out != null) {
            PngFile.prepare(out);
        }
        if (npy == null) {
            return;
        }
        boolean isOne = ModelFiles.isNpy(npy);
        if (!isOne && !npy.toString().toLowerCase(Locale.ROOT).endsWith(".npz")) {
            throw new IllegalArgumentException("--npy is an .npy or .npz file but was " + npy);
        }
        if (isOne && outputs.size() > 1) {
            throw new IllegalArgumentException(model.name() + " has " + outputs.size() + " outputs, "
                    + String.join(", ", outputs) + ", which go into one .npz but --npy was " + npy + "; name it .npz");
        }
        OutputFiles.prepare(npy, true);
    }

    private void write(Map<String, Frames> responses) throws IOException {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        responses.forEach((output, response) -> arrays.put(output, framesFirst(response)));
        if (ModelFiles.isNpy(npy)) {
            ModelFiles.write(npy, arrays.values().iterator().next());
        } else {
            ModelFiles.write(npy, arrays);
        }
    }

    private static NdArray framesFirst(Frames frames) {
        Shape shape = frames.shape();
        return NdArray.of(frames.values(), frames.count(), shape.channels(), shape.rows(), shape.columns());
    }

    private BufferedImage picture(Map<String, Frames> responses, Resolution at) {
        List<BufferedImage> pictures = new ArrayList<>();
        responses.forEach((output, response) -> {
            ArrayPicture picture =
                    new ArrayPicture(model.name() + ": " + output + " after an impulse", "", at.stepsPerSecond(), null);
            NdArray array = framesFirst(response);
            pictures.add(space ? picture.frames(array, MOST_FRAMES) : picture.overview(array));
        });
        return ArrayPicture.below(pictures);
    }

    private static String summary(Frames response) {
        int least = 0;
        int greatest = 0;
        float[] values = response.values();
        for (int i = 1; i < values.length; i++) {
            least = values[i] < values[least] || Float.isNaN(values[least]) ? i : least;
            greatest = values[i] > values[greatest] || Float.isNaN(values[greatest]) ? i : greatest;
        }
        int each = response.shape().values();
        return String.format(
                Locale.ROOT,
                "%s, least %.4g at frame %d, greatest %.4g at frame %d",
                response,
                values[least],
                least / each,
                values[greatest],
                greatest / each);
    }
}
