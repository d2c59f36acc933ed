package org.amacrine.demos;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.RunnerState;
import org.amacrine.core.run.Stage;
import org.amacrine.demos.cli.LiveRun;
import org.amacrine.demos.picture.RetinaPicture;
import org.amacrine.sources.SourceComponents;
import org.amacrine.sources.camera.CameraSource;
import org.amacrine.sources.camera.CameraStatus;

/**
 * A virtual retina watches a live camera, or a simulated one: pull the plug and put it in again, and the gap is in the stream
 * with its length.
 *
 * <p>Change first: the camera's {@code script}, which says what goes wrong with the simulated one; {@code stepsPerSecond} and
 * the camera's {@code rows} and {@code columns}, which are what the computer has to keep up with; {@code opl.amplification},
 * which is the contrast the retina sees.
 */
public final class CameraDemo {
    private static final double SECONDS = 4;
    private static final double STEPS_PER_SECOND = 200;

    private CameraDemo() {}

    /** Runs the demo on the simulated camera. */
    public static void main(String[] args) throws InterruptedException {
        Path file = Path.of("out", "camera.png");
        RetinaPicture picture = new RetinaPicture(file);
        CameraSource camera = camera(
                Map.of("backend", "simulated", "rows", 120, "columns", 160, "script", "30 drop 5; 60 unplug 0.5s"));
        run(pipeline(camera, SECONDS, picture), camera, picture, file, new PrintWriter(System.out));
    }

    /** A camera with these settings. */
    public static CameraSource camera(Map<String, ?> settings) {
        return (CameraSource) SourceComponents.source("camera", settings);
    }

    /**
     * The pipeline: camera, retina, picture. When the computer cannot keep up, the oldest frames are dropped.
     *
     * @param seconds stream time after which it ends; 0 for no end
     */
    public static Pipeline.Builder pipeline(CameraSource camera, double seconds, RetinaPicture picture) {
        return Pipeline.builder()
                .name("camera")
                .resolution(10, STEPS_PER_SECOND)
                .dt(10)
                .set("overflow", "drop-oldest")
                .set("ringFrames", 4)
                .durationSeconds(seconds)
                .source(Stage.of(() -> camera).named("camera"))
                .layer(Stage.of("retina")
                        .setting("outputs", List.of("opl", "bipolar"))
                        .parameter("opl.amplification", 5))
                .sink(Stage.of(() -> picture)
                        .named("picture")
                        .from(
                                "camera",
                                "retina.opl",
                                "retina.bipolar",
                                "retina.ganglion_spikes_ON",
                                "retina.ganglion_spikes_OFF"));
    }

    /** Runs the demo in front of a person; returns the exit code. */
    public static int run(
            Pipeline.Builder builder, CameraSource camera, RetinaPicture picture, Path file, PrintWriter out)
            throws InterruptedException {
        return new LiveRun(new Runner(builder.build()), out, progress -> line(progress.state(), camera.status()))
                .run(() -> {
                    summarize(camera.status(), out);
                    out.println("picture: " + file);
                });
    }

    private static void summarize(CameraStatus status, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "camera: %,d frames, %,d missing (%,d came damaged, %,d came too fast), found again %,d times%s%n",
                status.frames(),
                status.lost(),
                status.corrupt(),
                status.overrun(),
                status.reopened(),
                status.lastError() == null ? "" : "; lost last because " + status.lastError());
    }

    private static String line(RunnerState state, CameraStatus status) {
        boolean away = !state.isOver() && !status.connected() && status.lastError() != null;
        return String.format(
                Locale.ROOT,
                "  camera %,d frames, %,d missing%s",
                status.frames(),
                status.lost(),
                away ? ", LOST: " + status.lastError() : "");
    }
}
