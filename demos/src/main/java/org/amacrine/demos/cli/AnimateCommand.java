package org.amacrine.demos.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;
import org.amacrine.demos.picture.AnimatedPicture;
import org.amacrine.demos.picture.ColourMap;
import org.amacrine.sinks.images.AnimationSink;
import org.amacrine.sinks.images.Brightness;
import org.amacrine.sinks.video.VideoSink;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code amacrine animate FILE}: an array as an animation. */
@Command(
        name = "animate",
        description = {
            "Shows the frames of an array one after the other, in one scale of colours: as a GIF, a video, or a page with a player,"
                    + " which is one file and needs no network.",
            "In a pipeline, the sinks animation and video do so while it runs."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class AnimateCommand implements Callable<Integer> {
    private static final int CHANNELS = 3;
    private static final double SHORTEST_SECONDS = 0.02;
    private static final double LONGEST_SECONDS = 100;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The array, .npy, or an .npz that holds it; axes as for plot.")
    private Path file;

    @Option(names = "--name", paramLabel = "NAME", description = "Which array of an .npz.")
    private String name;

    @Option(
            names = "--every",
            paramLabel = "N",
            defaultValue = "10",
            description = "Show each Nth frame, beginning with the first (${DEFAULT-VALUE}).")
    private int every;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "100ms",
            description = "How long each is shown (${DEFAULT-VALUE}).")
    private String interval;

    @Option(
            names = "--plot",
            description =
                    "Below the frames, scroll a plot of their range, deviation, mean and the pixel in the middle.")
    private boolean plot;

    @Option(
            names = "--window",
            paramLabel = "N",
            defaultValue = "200",
            description = "Frames that the plot shows (${DEFAULT-VALUE}).")
    private int window;

    @Option(names = "--min", paramLabel = "X", description = "Least value of the scale; that of the array without.")
    private Double min;

    @Option(names = "--max", paramLabel = "X", description = "Greatest value of the scale; that of the array without.")
    private Double max;

    @Option(
            names = "--colours",
            paramLabel = "MAP",
            description = "${COMPLETION-CANDIDATES}; signed where values are below 0 and else heat by default.")
    private ColourMap colours;

    @Option(names = "--steps-per-second", paramLabel = "F", description = "Shows time in seconds instead of frames.")
    private double stepsPerSecond;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "What to write: .gif, .html, .mp4 or .mkv (lossless).")
    private Path out;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (every < 1 || window < 1) {
            throw new IllegalArgumentException(
                    "--every and --window must be >= 1 but were " + every + " and " + window);
        }
        if (!(stepsPerSecond >= 0) || Double.isInfinite(stepsPerSecond)) {
            throw new IllegalArgumentException(
                    "--steps-per-second must be a finite number > 0 but was " + stepsPerSecond + "; for example 1000");
        }
        ChunkSink sink = sink(Durations.seconds(interval));
        AnimatedPicture pictures =
                new AnimatedPicture(ArrayFiles.read(file, name), colours, range(), stepsPerSecond, plot ? window : 0);
        Shape shape = new Shape(CHANNELS, pictures.height(), pictures.width());
        sink.open(List.of(new Signal(file.getFileName().toString(), shape, 1)));
        int shown = 0;
        try (sink) {
            Chunk chunk = Chunk.unpooled(shape, 1);
            for (int t = 0; t < pictures.count(); t += every) {
                chunk.begin(t, 0);
                chunk.frames(1);
                colours(pictures.frame(t), chunk.values());
                sink.accept(0, chunk);
                shown++;
            }
        }
        PrintWriter text = spec.commandLine().getOut();
        text.println(out + ": " + shown + " pictures of " + shape.columns() + "x" + shape.rows());
        text.flush();
        return CommandLine.ExitCode.OK;
    }

    private ChunkSink sink(double seconds) {
        double framesPerSecond = 1 / seconds;
        String lower = out.toString().toLowerCase(Locale.ROOT);
        Brightness bytes = Brightness.fixed(0, 255);
        if (lower.endsWith(".gif") || lower.endsWith(".html")) {
            if (seconds < SHORTEST_SECONDS || seconds > LONGEST_SECONDS) {
                throw new IllegalArgumentException("--interval must be from 20ms to 100s for a .gif or .html but was "
                        + interval + "; for example 100ms, and another --every");
            }
            return new AnimationSink(out).framesPerSecond(framesPerSecond).brightness(bytes);
        }
        if (lower.endsWith(".mp4") || lower.endsWith(".mkv")) {
            return new VideoSink(out).framesPerSecond(framesPerSecond).brightness(bytes);
        }
        throw new IllegalArgumentException(
                "--out must end with .gif, .html, .mp4 or .mkv but was \"" + out + "\"; for example " + out + ".gif");
    }

    private double[] range() {
        if (min == null && max == null) {
            return null;
        }
        if (min == null || max == null || !(min < max)) {
            throw new IllegalArgumentException(
                    "--min and --max are given together, the first below the second, but were " + min + " and " + max);
        }
        return new double[] {min, max};
    }

    /** Red, green and blue of a picture as the channels of a frame, 0 to 255. */
    private static void colours(BufferedImage picture, float[] values) {
        int columns = picture.getWidth();
        int pixels = columns * picture.getHeight();
        for (int p = 0; p < pixels; p++) {
            int rgb = picture.getRGB(p % columns, p / columns);
            values[p] = rgb >> 16 & 0xff;
            values[pixels + p] = rgb >> 8 & 0xff;
            values[2 * pixels + p] = rgb & 0xff;
        }
    }
}
