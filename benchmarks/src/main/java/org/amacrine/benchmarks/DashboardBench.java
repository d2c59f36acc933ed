package org.amacrine.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.flux.FluxSink;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.Stage;
import org.amacrine.sinks.dashboard.Dashboard;
import org.amacrine.sinks.dashboard.DashboardSettings;

/**
 * {@code amacrine bench dashboard}: what viewers change for the pipeline. Blocks without viewers and blocks with 30 of them take
 * turns in one run, the first of a pair being now the one, now the other; compared is the age of each chunk's newest frame
 * when a reactive subscriber has its spikes.
 */
public final class DashboardBench {
    private static final Duration WARM_UP = Duration.ofSeconds(25);
    /** Left out at the beginning of each block. */
    private static final Duration SETTLE = Duration.ofSeconds(1);

    /** Short, so that a machine that is slower for a while is so with and without viewers. */
    private static final Duration BLOCK = Duration.ofSeconds(5);

    private final Recorder age = new Recorder(3);
    private final Histogram without = new Histogram(3);
    private final Histogram with = new Histogram(3);
    private final List<Double> ratios = new ArrayList<>();
    private long images;
    private double watchedSeconds;

    private DashboardBench() {}

    /**
     * Measures and prints the table.
     *
     * @param quick for 6 pairs of blocks instead of 24
     */
    public static void run(boolean quick, PrintWriter out) throws IOException, InterruptedException {
        new DashboardBench().measure(quick ? 6 : 24, out);
    }

    private void measure(int pairs, PrintWriter out) throws IOException, InterruptedException {
        out.println(Figures.machine());
        out.println(BenchPipelines.GRATING);
        out.printf(
                Locale.ROOT,
                "%d viewers: %d good, %d that read %d bytes per second, %d that read nothing; each wants %d images per second of"
                        + " %s, 8 bits, and the metrics%n",
                Viewers.GOOD + Viewers.SLOW + Viewers.STALLED,
                Viewers.GOOD,
                Viewers.SLOW,
                Viewers.SLOW_BYTES_PER_SECOND,
                Viewers.STALLED,
                Viewers.RATE,
                String.join(" and ", Viewers.WATCHED));
        out.println(
                "the viewers are a process of their own, which yields to the program, as if they were on other machines");
        out.flush();
        FluxSink sink = new FluxSink();
        sink.flux().subscribe(this::take);
        Dashboard dashboard = new Dashboard(DashboardSettings.local(0));
        try (Runner runner = new Runner(BenchPipelines.grating()
                .sink(Stage.of(() -> sink).named("subscriber").from("retina.ganglion_spikes_ON"))
                .sink(Stage.of(() -> dashboard).named("dashboard").from("*"))
                .build())) {
            runner.start();
            URI address = URI.create(dashboard.viewAddress());
            watched(runner, address, WARM_UP);
            images = 0;
            watchedSeconds = 0;
            out.println("  pair   without viewers: p50      p99     with: p50      p99     p99 with / without  (ms)");
            for (int pair = 1; pair <= pairs; pair++) {
                boolean alone = pair % 2 == 1;
                Histogram first = alone ? unwatched(runner) : watched(runner, address, BLOCK);
                Histogram second = alone ? watched(runner, address, BLOCK) : unwatched(runner);
                pair(pair, alone ? first : second, alone ? second : first, out);
            }
            print(out);
            out.printf(
                    "late frames of the source: %,d%n",
                    runner.progress().ledger().late());
            out.flush();
        }
    }

    private void take(Chunk chunk) {
        age.recordValue(System.nanoTime() - chunk.captureNanos(chunk.frames() - 1));
    }

    private Histogram unwatched(Runner runner) throws InterruptedException {
        runner.awaitEnd(SETTLE);
        age.reset();
        runner.awaitEnd(BLOCK);
        return age.getIntervalHistogram();
    }

    private Histogram watched(Runner runner, URI address, Duration block) throws IOException, InterruptedException {
        try (Viewers viewers = new Viewers(address)) {
            runner.awaitEnd(SETTLE);
            long before = viewers.images();
            age.reset();
            runner.awaitEnd(block);
            Histogram ages = age.getIntervalHistogram();
            images += viewers.images() - before;
            watchedSeconds += block.toMillis() * 1e-3;
            return ages;
        }
    }

    private void pair(int number, Histogram alone, Histogram watched, PrintWriter out) {
        without.add(alone);
        with.add(watched);
        ratios.add(p99(watched) / p99(alone));
        line(String.valueOf(number), alone, watched, out);
    }

    private static void line(String what, Histogram alone, Histogram watched, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "  %-6s %21.3f %8.3f %13.3f %8.3f %22.3f%n",
                what,
                alone.getValueAtPercentile(50) * 1e-6,
                p99(alone) * 1e-6,
                watched.getValueAtPercentile(50) * 1e-6,
                p99(watched) * 1e-6,
                p99(watched) / p99(alone));
        out.flush();
    }

    private static double p99(Histogram histogram) {
        return histogram.getValueAtPercentile(99);
    }

    private void print(PrintWriter out) {
        line("all", without, with, out);
        double[] sorted =
                ratios.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        out.printf(
                Locale.ROOT,
                "p99 with viewers against without, by pair: median %+.1f %%, quartiles %+.1f %% and %+.1f %%; %,d + %,d chunks%n",
                percent((sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2),
                percent(sorted[sorted.length / 4]),
                percent(sorted[sorted.length - 1 - sorted.length / 4]),
                without.getTotalCount(),
                with.getTotalCount());
        out.printf(
                Locale.ROOT,
                "a good viewer got %.1f images per second of each of %d signals%n",
                images / watchedSeconds / Viewers.GOOD / Viewers.WATCHED.length,
                Viewers.WATCHED.length);
    }

    private static double percent(double ratio) {
        return 100 * (ratio - 1);
    }
}
