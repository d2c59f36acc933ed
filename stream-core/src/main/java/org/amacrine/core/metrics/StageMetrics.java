package org.amacrine.core.metrics;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * What a stage counts about itself: chunks and frames, how long it worked on a chunk, and how old the newest frame of a chunk
 * was when it was done with it. Written by the stage's thread alone, without locks or allocation; others read snapshots.
 */
public final class StageMetrics {
    /** Longest time that is told apart; longer ones count as this. */
    private static final long LONGEST_NANOS = 100_000_000_000L;
    /** Times are told to 1 %: finer histograms are so large that a snapshot would take milliseconds from the pipeline. */
    private static final int DIGITS = 2;
    /** Recent percentiles are those of intervals of at least this length. */
    private static final long RECENT_NANOS = 900_000_000L;

    private final String stage;
    private final AtomicLong chunks = new AtomicLong();
    private final AtomicLong frames = new AtomicLong();
    private final AtomicLong busyNanos = new AtomicLong();
    private final SingleWriterRecorder work = new SingleWriterRecorder(LONGEST_NANOS, DIGITS);
    private final SingleWriterRecorder age = new SingleWriterRecorder(LONGEST_NANOS, DIGITS);
    private final Histogram workTotal = new Histogram(LONGEST_NANOS, DIGITS);
    private final Histogram ageTotal = new Histogram(LONGEST_NANOS, DIGITS);
    private final Histogram workRecent = new Histogram(LONGEST_NANOS, DIGITS);
    private final Histogram ageRecent = new Histogram(LONGEST_NANOS, DIGITS);
    private Histogram workInterval;
    private Histogram ageInterval;
    private Percentiles lastWork = Percentiles.of(workRecent);
    private Percentiles lastAge = Percentiles.of(ageRecent);
    private long lastNanos = System.nanoTime();
    private volatile IntSupplier queueDepth = () -> 0;

    /** Metrics of the stage of that name. */
    public StageMetrics(String stage) {
        this.stage = stage;
    }

    /** Name of the stage. */
    public String stage() {
        return stage;
    }

    /** Says how to ask for the number of chunks that wait for the stage. */
    public void queueDepth(IntSupplier depth) {
        queueDepth = depth;
    }

    /**
     * Counts a chunk that the stage is done with. Called by the stage's thread.
     *
     * @param frameCount frames of the chunk
     * @param startNanos when the stage began with it
     * @param endNanos when it was done
     * @param captureNanos capture time of the newest frame; 0 when unknown
     */
    public void chunkDone(int frameCount, long startNanos, long endNanos, long captureNanos) {
        long worked = Math.max(0, endNanos - startNanos);
        work.recordValue(Math.min(worked, LONGEST_NANOS));
        if (captureNanos != 0) {
            age.recordValue(Math.min(Math.max(0, endNanos - captureNanos), LONGEST_NANOS));
        }
        busyNanos.lazySet(busyNanos.get() + worked);
        chunks.lazySet(chunks.get() + 1);
        frames.lazySet(frames.get() + frameCount);
    }

    /**
     * What a stage has counted since it started.
     *
     * @param stage name of the stage
     * @param chunks chunks done
     * @param frames frames done
     * @param busyNanos time worked
     * @param queueDepth chunks that wait now
     * @param work time per chunk, in nanoseconds
     * @param age age of the newest frame of a chunk when it was done, in nanoseconds; empty when frames have no stamps
     * @param recentWork work in the last second or so, instead of since the start
     * @param recentAge age in the last second or so
     */
    public record Snapshot(
            String stage,
            long chunks,
            long frames,
            long busyNanos,
            int queueDepth,
            Percentiles work,
            Percentiles age,
            Percentiles recentWork,
            Percentiles recentAge) {}

    /**
     * Some percentiles of a distribution, in nanoseconds, to 1 %; all 0 when nothing was recorded.
     *
     * @param count number of values
     */
    public record Percentiles(long count, long p50, long p99, long p999, long max) {
        private static Percentiles of(Histogram histogram) {
            return new Percentiles(
                    histogram.getTotalCount(),
                    histogram.getValueAtPercentile(50),
                    histogram.getValueAtPercentile(99),
                    histogram.getValueAtPercentile(99.9),
                    histogram.getMaxValue());
        }
    }

    /** What was counted up to now. */
    public synchronized Snapshot snapshot() {
        workInterval = work.getIntervalHistogram(workInterval);
        workTotal.add(workInterval);
        workRecent.add(workInterval);
        ageInterval = age.getIntervalHistogram(ageInterval);
        ageTotal.add(ageInterval);
        ageRecent.add(ageInterval);
        if (System.nanoTime() - lastNanos >= RECENT_NANOS) {
            lastNanos = System.nanoTime();
            lastWork = Percentiles.of(workRecent);
            lastAge = Percentiles.of(ageRecent);
            workRecent.reset();
            ageRecent.reset();
        }
        return new Snapshot(
                stage,
                chunks.get(),
                frames.get(),
                busyNanos.get(),
                queueDepth.getAsInt(),
                Percentiles.of(workTotal),
                Percentiles.of(ageTotal),
                lastWork,
                lastAge);
    }
}
