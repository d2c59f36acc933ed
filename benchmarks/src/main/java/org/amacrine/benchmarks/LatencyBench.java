package org.amacrine.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.flux.FluxSink;
import org.amacrine.core.metrics.StageMetrics;
import org.amacrine.core.ring.Ledger;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.Stage;
import org.amacrine.sinks.dashboard.Dashboard;
import org.amacrine.sinks.dashboard.DashboardSettings;

/**
 * {@code amacrine bench latency}: how old a frame is when it has gone through the retina and reaches a subscriber, and when its
 * image reaches a viewer. All clocks are one: the arrival is the stamp of the camera's thread, the end is taken in the
 * subscriber, and in the viewer behind its socket, in the same program.
 */
public final class LatencyBench {
    private static final int WARM_UP_SECONDS = 20;
    private static final int SECONDS = 120;
    private static final int QUICK_SECONDS = 20;
    /** Time for which there is room: what is measured, and starting and stopping. */
    private static final int MOST_SECONDS = 300;

    private static final int FRAMES_PER_SECOND = 100;
    private static final int VIEWER_RATE = 60;
    private static final String WATCHED = "retina.ganglion_spikes_ON";
    private static final String LAST = "retina.ganglion_spikes_OFF";

    /** When each frame arrived, by its index; written by the subscriber, 0 where none came. */
    private final long[] arrivalNanos = new long[MOST_SECONDS * FRAMES_PER_SECOND];
    /** When the image of each frame was received; written by the viewer, 0 where none came. */
    private final long[] imageNanos = new long[arrivalNanos.length];

    /** Index of the frame after the last one that the subscriber got. */
    private volatile long endFrame;

    private final Recorder subscriberAge = new Recorder(3);
    private final Recorder writtenAge = new Recorder(3);

    private LatencyBench() {}

    /**
     * Measures and prints the table.
     *
     * @param quick for 20 seconds instead of 120
     */
    public static void run(boolean quick, PrintWriter out) throws IOException, InterruptedException {
        new LatencyBench().measure(quick ? QUICK_SECONDS : SECONDS, out);
    }

    private void measure(int seconds, PrintWriter out) throws IOException, InterruptedException {
        out.println(Figures.machine());
        out.printf("%s, %d frames per second%n", BenchPipelines.CAMERA, FRAMES_PER_SECOND);
        out.printf("one viewer of the image of %s, 8 bits, %d per second%n", WATCHED, VIEWER_RATE);
        out.flush();
        FluxSink sink = new FluxSink();
        sink.flux().subscribe(this::take);
        Dashboard dashboard = new Dashboard(DashboardSettings.local(0));
        try (Runner runner = new Runner(BenchPipelines.camera(FRAMES_PER_SECOND)
                        .sink(Stage.of(() -> sink).named("subscriber").from(WATCHED, LAST))
                        .sink(Stage.of(() -> dashboard).named("dashboard").from("*"))
                        .build());
                Viewer viewer = watch(runner, dashboard)) {
            runner.awaitEnd(Duration.ofSeconds(WARM_UP_SECONDS));
            Ledger.Counts before = runner.progress().ledger();
            long firstFrame = endFrame;
            subscriberAge.reset();
            writtenAge.reset();
            runner.awaitEnd(Duration.ofSeconds(seconds));
            Histogram toSubscriber = subscriberAge.getIntervalHistogram();
            Histogram toSocket = writtenAge.getIntervalHistogram();
            Runner.Progress progress = runner.progress();
            Ledger.Counts after = progress.ledger();
            long end = endFrame;
            runner.stop();
            viewer.close();
            out.println(Figures.heading("milliseconds from arrival to"));
            out.println(Figures.row("reactive subscriber", toSubscriber));
            out.println(Figures.row("image written to the WebSocket", toSocket));
            out.println(Figures.row("WebSocket message in the viewer", toViewer(firstFrame, end)));
            out.printf(
                    "%,d frames, %,d dropped, %,d never arrived; %,d lost in the %d s before, while code was compiled; %s%n",
                    after.used() - before.used(),
                    after.dropped() - before.dropped(),
                    after.neverArrived() - before.neverArrived(),
                    before.dropped() + before.neverArrived(),
                    WARM_UP_SECONDS,
                    Figures.collections());
            out.println("  milliseconds since the start, by stage      work p50      p99      age p50      p99");
            for (StageMetrics.Snapshot stage : progress.stages()) {
                out.printf(
                        Locale.ROOT,
                        "  %-40s %11.2f %8.2f %12.2f %8.2f%n",
                        stage.stage(),
                        stage.work().p50() * 1e-6,
                        stage.work().p99() * 1e-6,
                        stage.age().p50() * 1e-6,
                        stage.age().p99() * 1e-6);
            }
            out.flush();
        }
    }

    private Viewer watch(Runner runner, Dashboard dashboard) throws IOException {
        runner.start();
        return Viewer.ofImages(
                URI.create(dashboard.viewAddress()), Viewer.UNLIMITED, VIEWER_RATE, this::receive, WATCHED);
    }

    private void receive(long frame, double writtenMillis, long nanos) {
        writtenAge.recordValue((long) (writtenMillis * 1e6));
        imageNanos[(int) frame] = nanos;
    }

    private void take(Chunk chunk) {
        // Each frame comes twice; it is there when its last signal is.
        if (chunk.output().equals("ganglion_spikes_OFF")) {
            long arrival = chunk.captureNanos(0);
            subscriberAge.recordValue(System.nanoTime() - arrival);
            arrivalNanos[(int) chunk.firstFrame()] = arrival;
            endFrame = chunk.endFrame();
        }
        chunk.release();
    }

    private Histogram toViewer(long firstFrame, long endFrame) {
        Histogram ages = new Histogram(3);
        for (int frame = (int) firstFrame; frame < endFrame; frame++) {
            if (imageNanos[frame] != 0 && arrivalNanos[frame] != 0) {
                ages.recordValue(imageNanos[frame] - arrivalNanos[frame]);
            }
        }
        return ages;
    }
}
