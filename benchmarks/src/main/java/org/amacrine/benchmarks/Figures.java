package org.amacrine.benchmarks;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What the measuring programs print alike. */
final class Figures {
    private static final double MILLIS = 1e-6;

    private Figures() {}

    /** The machine in words. */
    static String machine() {
        return String.format(
                Locale.ROOT,
                "%s, %d processors, load %.1f before, Java %s",
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                System.getProperty("java.version"));
    }

    /** Heading of {@link #row}. */
    static String heading(String what) {
        return String.format("  %-34s %8s %8s %8s %8s %8s %8s", what, "count", "p50", "p90", "p99", "p99.9", "max");
    }

    /** A line with the percentiles of times in nanoseconds, in milliseconds. */
    static String row(String what, Histogram nanos) {
        return String.format(
                Locale.ROOT,
                "  %-34s %,8d %8.2f %8.2f %8.2f %8.2f %8.2f",
                what,
                nanos.getTotalCount(),
                nanos.getValueAtPercentile(50) * MILLIS,
                nanos.getValueAtPercentile(90) * MILLIS,
                nanos.getValueAtPercentile(99) * MILLIS,
                nanos.getValueAtPercentile(99.9) * MILLIS,
                nanos.getMaxValue() * MILLIS);
    }

    /** How often garbage was collected up to now, and for how long in all, in words. */
    static String collections() {
        long count = 0;
        long millis = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            count += collector.getCollectionCount();
            millis += collector.getCollectionTime();
        }
        return String.format(
                Locale.ROOT, "garbage was collected %,d times since the start, %,d ms in all", count, millis);
    }
}
