package org.amacrine.demos.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.amacrine.core.io.NdArray;
import org.amacrine.demos.picture.ArrayPicture;
import org.amacrine.demos.picture.ColourMap;
import org.amacrine.demos.picture.PngFile;
import org.amacrine.operators.analysis.ArrayDifference;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code amacrine plot FILE}: draws an array or a kernel. */
@Command(
        name = "plot",
        description = {
            "Draws an array: a recording, a response, or a kernel out of a file of parameters. Axes: time; rows and columns; time,"
                    + " rows and columns; time, channels, rows and columns; or out, in, time, rows and columns."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class PlotCommand implements Callable<Integer> {
    /** What of an array is drawn. */
    private enum As {
        /** One line, one image or an overview, whichever suits the array. */
        AUTO,
        /** Values over time. */
        LINES,
        /** Frames as images. */
        FRAMES,
        /** Range, mean and pixels over time, and some frames. */
        OVERVIEW
    }

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The array, .npy, or an .npz that holds it.")
    private Path file;

    @Option(names = "--name", paramLabel = "NAME", description = "Which array of an .npz, for example conv.weight.")
    private String name;

    @Option(
            names = "--minus",
            paramLabel = "FILE",
            description =
                    "Draw the difference to this array, .npy or .npz: time begins together, frames have the same middle, and the"
                            + " smaller one fades to 0.")
    private Path minus;

    @Option(
            names = "--as",
            paramLabel = "WHAT",
            defaultValue = "auto",
            description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}: what suits the array).")
    private As as;

    @Option(
            names = "--mean",
            paramLabel = "AXIS",
            split = ",",
            description =
                    "Axes that lines are the mean over: 0 batch or output channel, 1 channel, 3 row, 4 column; 0,1,3,4 for one"
                            + " line.")
    private int[] mean = {};

    @Option(
            names = "--frames",
            paramLabel = "N",
            defaultValue = "10",
            description = "Most frames that are shown, from the first to the last (${DEFAULT-VALUE}).")
    private int frames;

    @Option(names = "--steps-per-second", paramLabel = "F", description = "Shows time in seconds instead of frames.")
    private double stepsPerSecond;

    @Option(
            names = "--colours",
            paramLabel = "MAP",
            description = "${COMPLETION-CANDIDATES}; signed where values are below 0 and else heat by default.")
    private ColourMap colours;

    @Option(names = "--title", paramLabel = "TEXT", description = "Title; the name of the file without.")
    private String title;

    @Option(names = "--out", paramLabel = "FILE.png", required = true, description = "The picture to write.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        if (!(stepsPerSecond >= 0) || Double.isInfinite(stepsPerSecond)) {
            throw new IllegalArgumentException(
                    "--steps-per-second must be a finite number > 0 but was " + stepsPerSecond + "; for example 1000");
        }
        if (mean.length > 0 && as != As.LINES) {
            throw new IllegalArgumentException("--mean is for lines; add --as lines, or leave it out");
        }
        NdArray array = ArrayFiles.read(file, name);
        if (minus != null) {
            array = ArrayDifference.of(array, ArrayFiles.read(minus, ModelFiles.isNpy(minus) ? null : name));
        }
        PngFile.prepare(out);
        String heading = title != null ? title : file.getFileName() + (name == null ? "" : ": " + name);
        ArrayPicture picture = new ArrayPicture(heading, "", stepsPerSecond, colours);
        BufferedImage drawn = switch (as) {
            case AUTO -> picture.best(array);
            case LINES -> picture.lines(array, mean);
            case FRAMES -> picture.frames(array, frames);
            case OVERVIEW -> picture.overview(array);
        };
        PngFile.write(out, drawn);
        PrintWriter text = spec.commandLine().getOut();
        text.println(out + ": " + array);
        text.flush();
        return CommandLine.ExitCode.OK;
    }
}
