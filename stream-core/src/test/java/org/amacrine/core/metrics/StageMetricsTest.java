package org.amacrine.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import org.amacrine.core.testing.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StageMetricsTest {
    private static final StageMetrics.Percentiles NOTHING = new StageMetrics.Percentiles(0, 0, 0, 0, 0);

    private final StageMetrics metrics = new StageMetrics("retina");

    @Test
    void shouldBeginWithNothing() {
        assertEquals(
                new StageMetrics.Snapshot("retina", 0, 0, 0, 0, NOTHING, NOTHING, NOTHING, NOTHING),
                metrics.snapshot());
    }

    /** The same count, and times to 1 %. */
    private static void assertNear(StageMetrics.Percentiles expected, StageMetrics.Percentiles actual) {
        assertEquals(expected.count(), actual.count());
        assertEquals(expected.p50(), actual.p50(), 0.01 * expected.p50());
        assertEquals(expected.p99(), actual.p99(), 0.01 * expected.p99());
        assertEquals(expected.p999(), actual.p999(), 0.01 * expected.p999());
        assertEquals(expected.max(), actual.max(), 0.01 * expected.max());
    }

    @Test
    void shouldCountChunksFramesAndTime() {
        metrics.queueDepth(() -> 3);
        metrics.chunkDone(100, 1_000, 1_500, 900);
        metrics.chunkDone(20, 2_000, 2_200, 0);

        StageMetrics.Snapshot snapshot = metrics.snapshot();

        assertEquals(2, snapshot.chunks());
        assertEquals(120, snapshot.frames());
        assertEquals(700, snapshot.busyNanos());
        assertEquals(3, snapshot.queueDepth());
        assertNear(new StageMetrics.Percentiles(2, 200, 500, 500, 500), snapshot.work());
        // The second has no stamp.
        assertNear(new StageMetrics.Percentiles(1, 600, 600, 600, 600), snapshot.age());
    }

    @Test
    void shouldKeepWhatEarlierSnapshotsSaw() {
        for (int i = 1; i <= 1_000; i++) {
            metrics.chunkDone(1, 0, i, 0);
            if (i % 100 == 0) {
                assertEquals(i, metrics.snapshot().work().count());
            }
        }

        assertNear(
                new StageMetrics.Percentiles(1_000, 500, 990, 999, 1_000),
                metrics.snapshot().work());
    }

    @Test
    void shouldTakeTimesThatMakeNoSense() {
        metrics.chunkDone(1, 1_000, 500, 2_000);
        metrics.chunkDone(1, 0, Long.MAX_VALUE, 0);

        StageMetrics.Snapshot snapshot = metrics.snapshot();

        assertEquals(0, snapshot.work().p50());
        assertEquals(100e9, snapshot.work().max(), 100e9 / 100, "longer ones count as 100 s, to 1 %");
        assertEquals(new StageMetrics.Percentiles(1, 0, 0, 0, 0), snapshot.age());
    }

    @Test
    void shouldLoseNoCountWhileOthersLook() throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        Task<Long> observer = Task.start("observer", () -> {
            long before = 0;
            while (!over.get()) {
                StageMetrics.Snapshot snapshot = metrics.snapshot();
                assertTrue(snapshot.chunks() >= before);
                before = snapshot.chunks();
            }
            return before;
        });

        for (int i = 0; i < 200_000; i++) {
            metrics.chunkDone(2, i, i + 7, i);
        }
        over.set(true);
        observer.result();

        StageMetrics.Snapshot snapshot = metrics.snapshot();
        assertEquals(200_000, snapshot.chunks());
        assertEquals(400_000, snapshot.frames());
        assertEquals(200_000, snapshot.work().count());
        assertEquals(7, snapshot.work().max());
    }
}
