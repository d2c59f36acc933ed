package org.amacrine.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.flux.FluxSink;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.Stage;
import org.amacrine.sinks.dashboard.Dashboard;
import org.amacrine.sinks.dashboard.DashboardSettings;

/**
 * {@code amacrine bench dashboard}: what viewers change for the pipeline. Blocks without viewers, with 30 of them, and with 30 of
 * which 10 are slow or stalled take turns in one run; compared is the age of each chunk's newest frame when a reactive
 * subscriber has its spikes.
 */
public final class DashboardBench {
    private static final Duration WARM_UP = Duration.ofSeconds(25);
    /** Left out at the beginning of each block. */
    private static final Duration SETTLE = Duration.ofSeconds(1);
    /** Short, so that a machine that is slower for a while is so for all kinds. */
    private static final Duration BLOCK = Duration.ofSeconds(5);

    private final Recorder age = new Recorder(3);
    private final Map<Kind, List<Double>> p99 = new EnumMap<>(Kind.class);
    private long images;
    private double watchedSeconds;

    /** Who watches in a block. */
    private enum Kind {
        NOBODY,
        ALL_GOOD,
        SOME_THROTTLED
    }

    private DashboardBench() {
        for (Kind kind : Kind.values()) {
            p99.put(kind, new ArrayList<>());
        }
    }

    /**
     * Measures and prints the table.
     *
     * @param quick for 4 rounds of blocks instead of 16
     */
    public static void run(boolean quick, PrintWriter out) throws IOException, InterruptedException {
        new DashboardBench().measure(quick ? 4 : 16, out);
    }

    private void measure(int rounds, PrintWriter out) throws IOException, InterruptedException {
        out.println(Figures.machine());
        out.println(BenchPipelines.GRATING);
        int all = Viewers.GOOD + Viewers.SLOW + Viewers.STALLED;
        out.printf(
                Locale.ROOT,
                "%d viewers, a process of its own; each wants %d images per second of %s, 8 bits, and the metrics;%n"
                        + "some throttled: %d read %d bytes per second, %d read nothing%n",
                all,
                Viewers.RATE,
                String.join(" and ", Viewers.WATCHED),
                Viewers.SLOW,
                Viewers.SLOW_BYTES_PER_SECOND,
                Viewers.STALLED);
        out.println("age at the subscriber in ms, p50 / p99, in blocks that take turns");
        out.printf("  %-6s %16s %16s %16s%n", "round", "nobody", "all good", "some throttled");
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
            watched(runner, address, true, WARM_UP);
            images = 0;
            watchedSeconds = 0;
            for (int round = 1; round <= rounds; round++) {
                round(runner, address, round, out);
            }
            compare("some throttled against all good", Kind.SOME_THROTTLED, Kind.ALL_GOOD, out);
            compare("some throttled against nobody", Kind.SOME_THROTTLED, Kind.NOBODY, out);
            out.printf(
                    Locale.ROOT,
                    "beside throttled ones, a good viewer got %.1f images per second of each signal%n",
                    images / watchedSeconds / Viewers.GOOD / Viewers.WATCHED.length);
            out.flush();
        }
    }

    /** A block of each kind, beginning with another one each time. */
    private void round(Runner runner, URI address, int round, PrintWriter out)
            throws IOException, InterruptedException {
        Map<Kind, Histogram> blocks = new EnumMap<>(Kind.class);
        for (int i = 0; i < Kind.values().length; i++) {
            Kind kind = Kind.values()[(round + i) % Kind.values().length];
            Histogram ages = kind == Kind.NOBODY
                    ? unwatched(runner)
                    : watched(runner, address, kind == Kind.SOME_THROTTLED, BLOCK);
            blocks.put(kind, ages);
            p99.get(kind).add(ages.getValueAtPercentile(99) * 1e-6);
        }
        out.printf("  %-6d", round);
        blocks.values()
                .forEach(ages -> out.printf(
                        Locale.ROOT,
                        " %7.3f /%7.3f",
                        ages.getValueAtPercentile(50) * 1e-6,
                        ages.getValueAtPercentile(99) * 1e-6));
        out.println();
        out.flush();
    }

    private void take(Chunk chunk) {
        age.recordValue(System.nanoTime() - chunk.captureNanos(chunk.frames() - 1));
        chunk.release();
    }

    private Histogram unwatched(Runner runner) throws InterruptedException {
        runner.awaitEnd(SETTLE);
        age.reset();
        runner.awaitEnd(BLOCK);
        return age.getIntervalHistogram();
    }

    private Histogram watched(Runner runner, URI address, boolean throttled, Duration block)
            throws IOException, InterruptedException {
        try (Viewers viewers = new Viewers(address, throttled)) {
            runner.awaitEnd(SETTLE);
            long before = viewers.images();
            age.reset();
            runner.awaitEnd(block);
            Histogram ages = age.getIntervalHistogram();
            if (throttled) {
                images += viewers.images() - before;
                watchedSeconds += block.toMillis() * 1e-3;
            }
            return ages;
        }
    }

    private void compare(String what, Kind kind, Kind other, PrintWriter out) {
        double[] ratios = IntStream.range(0, p99.get(kind).size())
                .mapToDouble(i -> p99.get(kind).get(i) / p99.get(other).get(i))
                .sorted()
                .toArray();
        out.printf(
                Locale.ROOT,
                "p99, %s: median %+.1f %% (quartiles %+.1f %% and %+.1f %%); of the medians %+.1f %%%n",
                what,
                percent(median(ratios)),
                percent(ratios[ratios.length / 4]),
                percent(ratios[ratios.length - 1 - ratios.length / 4]),
                percent(median(p99.get(kind)) / median(p99.get(other))));
    }

    private static double median(List<Double> values) {
        return median(values.stream().mapToDouble(Double::doubleValue).sorted().toArray());
    }

    private static double median(double[] sorted) {
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static double percent(double ratio) {
        return 100 * (ratio - 1);
    }
}
