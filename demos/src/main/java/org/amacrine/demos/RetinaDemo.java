package org.amacrine.demos;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.Stage;
import org.amacrine.demos.cli.LiveRun;
import org.amacrine.demos.picture.RetinaPicture;

/**
 * A virtual retina watches a drifting grating, or a video: luminance to the spikes of ON and OFF ganglion cells, in chunks.
 *
 * <p>Change first: the grating's {@code directionDegrees} and {@code temporalFrequencyHertz}; {@code opl.amplification}, which
 * is the contrast the retina sees; {@code bipolar.feedbackHertz}, which lets it adapt to contrast; and {@code dt}, which
 * changes the speed but no number.
 */
public final class RetinaDemo {
    /** The grating lasts this long, unless told otherwise. */
    private static final double SECONDS = 4;

    private RetinaDemo() {}

    /** Runs the demo with its defaults. */
    public static void main(String[] args) throws InterruptedException {
        Pipeline pipeline = pipeline(null, SECONDS, new RetinaPicture(Path.of("out", "retina.png")))
                .build();
        new LiveRun(new Runner(pipeline), new PrintWriter(System.out), progress -> "").run();
    }

    /**
     * The pipeline: source, retina, picture.
     *
     * @param video a video file, or null for the grating
     * @param seconds stream time after which it ends; 0 for the whole video
     */
    public static Pipeline.Builder pipeline(Path video, double seconds, RetinaPicture picture) {
        Stage source = video == null
                ? Stage.of("stimulus.grating")
                        .setting("rows", 120)
                        .setting("columns", 160)
                        .setting("directionDegrees", 30)
                        .setting("spatialFrequency", 0.5)
                        .setting("temporalFrequencyHertz", 3)
                        .setting("waveform", "square")
                : Stage.of("video").setting("file", video.toString());
        return Pipeline.builder()
                .name("retina")
                .dt(100)
                .durationSeconds(seconds)
                .source(source)
                .layer(Stage.of("retina")
                        .setting("outputs", List.of("opl", "bipolar", "ganglion_input_ON"))
                        .parameter("opl.amplification", 5))
                .sink(Stage.of(() -> picture)
                        .named("picture")
                        .from(
                                "source",
                                "retina.opl",
                                "retina.bipolar",
                                "retina.ganglion_input_ON",
                                "retina.ganglion_spikes_ON",
                                "retina.ganglion_spikes_OFF"));
    }

    /** Runs the demo in front of a person; returns the exit code. */
    public static int run(Pipeline.Builder builder, RetinaPicture picture, Path file, PrintWriter out)
            throws InterruptedException {
        Runner runner = new Runner(builder.build());
        double step = 1 / runner.pipeline().resolution().stepsPerSecond();
        return new LiveRun(runner, out, progress -> {
                    double seconds = Math.max(step, progress.ledger().steps() * step);
                    return String.format(
                            Locale.ROOT, "  %,.0f spikes per second of stream", picture.spikes() / seconds);
                })
                .run(() -> out.println("picture: " + file));
    }
}
