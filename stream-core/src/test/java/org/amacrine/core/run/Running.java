package org.amacrine.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.ring.Ledger;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.testing.Await;

/** What tests of the runner have in common: small pipelines on the scalar backend, and the waits for their ends. */
final class Running {
    static final Duration LIMIT = Duration.ofSeconds(Await.LIMIT_SECONDS);

    private Running() {}

    /** A pipeline without stages: chunks of 4 frames, 1000 steps a second. */
    static Pipeline.Builder pipeline() {
        return Pipeline.builder()
                .name("test")
                .backend("scalar")
                .workers(1)
                .dt(4)
                .resolution(10, 1000);
    }

    static Stage source(FrameSource source) {
        return Stage.of(() -> source);
    }

    static Stage layer(String name, Layer layer) {
        return Stage.of(() -> layer).named(name);
    }

    static Stage sink(String name, ChunkSink sink) {
        return Stage.of(() -> sink).named(name);
    }

    static Runner runner(FrameSource source, Layer layer, ChunkSink sink) {
        return new Runner(pipeline()
                .source(source(source))
                .layer(layer("model", layer))
                .sink(sink("sink", sink))
                .build());
    }

    static Runner runner(FrameSource source, ChunkSink sink) {
        return new Runner(
                pipeline().source(source(source)).sink(sink("sink", sink)).build());
    }

    /** Waits for the end of a run, which must be an ordinary one. */
    static void awaitStopped(Runner runner) throws InterruptedException {
        RunnerState end = runner.awaitEnd(LIMIT);
        if (end != RunnerState.STOPPED) {
            throw new AssertionError("the run should have stopped but is " + end, runner.failure());
        }
    }

    /** Waits for the end of a run, which must be a failure; returns its cause. */
    static Throwable awaitFailure(Runner runner) throws InterruptedException {
        assertEquals(RunnerState.FAILED, runner.awaitEnd(LIMIT));
        return runner.failure();
    }

    /** Numbers from 0, times a factor. */
    static List<Float> multiples(int count, float factor) {
        List<Float> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(factor * i);
        }
        return values;
    }

    /** Every frame was read and used, or is left over; and as many steps were made as frames were used. */
    static Ledger.Counts assertAccountsBalance(Runner runner, long delivered) {
        Ledger.Counts counts = runner.progress().ledger();
        assertEquals(
                counts.read(),
                counts.used() + counts.dropped() + counts.passedOver() + counts.waiting(),
                () -> "the account is " + counts);
        assertEquals(delivered, counts.steps(), () -> "the account is " + counts);
        return counts;
    }
}
