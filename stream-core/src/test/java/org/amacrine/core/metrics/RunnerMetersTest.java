package org.amacrine.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.RunnerState;
import org.amacrine.core.run.Stage;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Gain;
import org.amacrine.core.testing.TestSink;
import org.amacrine.core.testing.TestSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RunnerMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private Runner bound(TestSource source) {
        Gain gain = new Gain();
        TestSink sink = new TestSink();
        Runner runner = new Runner(Pipeline.builder()
                .name("live")
                .backend("scalar")
                .workers(1)
                .dt(4)
                .resolution(10, 1000)
                .source(Stage.of(() -> source).named("eye"))
                .layer(Stage.of(() -> gain).named("gain"))
                .sink(Stage.of(() -> sink).named("keep"))
                .build());
        new RunnerMeters(runner).bindTo(registry);
        return runner;
    }

    private double source(String fate) {
        return registry.get("amacrine.source.frames")
                .tags("pipeline", "live", "fate", fate)
                .functionCounter()
                .count();
    }

    private double stage(String meter, String stage) {
        return registry.get(meter)
                .tags("pipeline", "live", "stage", stage)
                .functionCounter()
                .count();
    }

    @Test
    void shouldExportWhatARunHasCounted() throws InterruptedException {
        Runner runner = bound(TestSource.of(10));
        assertEquals(0, source("read"), "nothing ran yet");

        runner.start();
        assertEquals(RunnerState.STOPPED, runner.awaitEnd(Duration.ofSeconds(Await.LIMIT_SECONDS)));

        assertEquals(10, source("read"));
        assertEquals(10, source("used"));
        assertEquals(0, source("dropped"));
        assertEquals(0, source("passed-over"));
        assertEquals(0, source("never-arrived"));
        assertEquals(0, source("late"));
        assertEquals(10, registry.get("amacrine.steps").functionCounter().count());
        for (String stage : Set.of("eye", "gain", "keep")) {
            assertEquals(10, stage("amacrine.stage.frames", stage), stage);
            assertEquals(3, stage("amacrine.stage.chunks", stage), stage);
            assertEquals(
                    0,
                    registry.get("amacrine.stage.queue")
                            .tag("stage", stage)
                            .gauge()
                            .value(),
                    stage);
        }
    }

    @Test
    void shouldTellTimesInSecondsByQuantile() throws InterruptedException {
        Runner runner = bound(TestSource.of(10));
        runner.start();
        runner.awaitEnd(Duration.ofSeconds(Await.LIMIT_SECONDS));

        StageMetrics.Percentiles work = runner.progress().stages().get(1).work();

        for (String meter : Set.of("amacrine.stage.work", "amacrine.stage.age")) {
            Set<String> quantiles = registry.get(meter).tag("stage", "gain").gauges().stream()
                    .map(gauge -> gauge.getId().getTag("quantile"))
                    .collect(Collectors.toSet());
            assertEquals(Set.of("0.5", "0.99", "0.999", "1"), quantiles);
        }
        Meter.Id id = registry.get("amacrine.stage.work")
                .tag("stage", "gain")
                .gauges()
                .iterator()
                .next()
                .getId();
        assertEquals("seconds", id.getBaseUnit());
        assertEquals(
                work.max() * 1e-9,
                registry.get("amacrine.stage.work")
                        .tags("stage", "gain", "quantile", "1")
                        .gauge()
                        .value(),
                1e-15);
        assertTrue(work.max() > 0);
    }

    @Test
    void shouldTellWhetherItRuns() {
        Runner runner = bound(TestSource.endless());
        assertEquals(0, registry.get("amacrine.running").gauge().value());

        runner.start();
        assertEquals(1, registry.get("amacrine.running").gauge().value());
        runner.pause();
        assertEquals(1, registry.get("amacrine.running").gauge().value());
        runner.stop();

        assertEquals(0, registry.get("amacrine.running").gauge().value());
    }
}
