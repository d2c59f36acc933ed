package org.amacrine.core.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.amacrine.core.ring.Ledger;
import org.amacrine.core.run.RefitSink;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.RunnerState;
import org.amacrine.core.run.Stage;

/**
 * Exports what a {@link Runner} counts through Micrometer, under names that begin with {@code amacrine.} and tagged with the
 * pipeline and, where it applies, the stage:
 *
 * <ul>
 *   <li>{@code amacrine.running}: 1 while frames flow or are held back, else 0
 *   <li>{@code amacrine.source.frames}, tag {@code fate}: read, used, dropped, passed-over, never-arrived, late
 *   <li>{@code amacrine.steps}: model steps sent on
 *   <li>{@code amacrine.stage.frames}, {@code amacrine.stage.chunks}, {@code amacrine.stage.queue}
 *   <li>{@code amacrine.stage.work} and {@code amacrine.stage.age} in seconds, tag {@code quantile}: 0.5, 0.99, 0.999, 1
 *   <li>{@code amacrine.refits}, tags {@code layer} and {@code outcome}: set, kept, overtaken, failed, cancelled; counted over all runs and
 *       over all sinks that fit that layer
 * </ul>
 *
 * <p>The other counts begin at zero with each start.
 */
public final class RunnerMeters implements MeterBinder {
    private final Runner runner;

    /** The meters of a runner; bind them to a registry. */
    public RunnerMeters(Runner runner) {
        this.runner = runner;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Tags pipeline = Tags.of("pipeline", runner.pipeline().name());
        Gauge.builder("amacrine.running", runner, RunnerMeters::isRunning)
                .tags(pipeline)
                .register(registry);
        bindLedger(registry, pipeline);
        for (String stage : stages()) {
            Tags tags = pipeline.and("stage", stage);
            FunctionCounter.builder("amacrine.stage.frames", runner, r -> of(r, stage, StageMetrics.Snapshot::frames))
                    .tags(tags)
                    .register(registry);
            FunctionCounter.builder("amacrine.stage.chunks", runner, r -> of(r, stage, StageMetrics.Snapshot::chunks))
                    .tags(tags)
                    .register(registry);
            Gauge.builder("amacrine.stage.queue", runner, r -> of(r, stage, StageMetrics.Snapshot::queueDepth))
                    .tags(tags)
                    .register(registry);
            bindPercentiles(registry, tags, stage, "amacrine.stage.work", StageMetrics.Snapshot::work);
            bindPercentiles(registry, tags, stage, "amacrine.stage.age", StageMetrics.Snapshot::age);
        }
        refits(runner).map(RefitSink::layer).distinct().forEach(layer -> bindRefits(registry, pipeline, layer));
    }

    private static Stream<RefitSink> refits(Runner runner) {
        return runner.served().stream().filter(RefitSink.class::isInstance).map(RefitSink.class::cast);
    }

    /** Of all sinks that fit the same layer together: a meter is known by its tags. */
    private void bindRefits(MeterRegistry registry, Tags pipeline, String layer) {
        for (RefitSink.Outcome outcome : RefitSink.Outcome.values()) {
            FunctionCounter.builder(
                            "amacrine.refits",
                            runner,
                            r -> refits(r)
                                    .filter(refit -> refit.layer().equals(layer))
                                    .mapToLong(refit -> refit.count(outcome))
                                    .sum())
                    .tags(pipeline.and("layer", layer, "outcome", outcome.name().toLowerCase(Locale.ROOT)))
                    .register(registry);
        }
    }

    private List<String> stages() {
        List<String> names = new ArrayList<>();
        names.add(runner.pipeline().sourceName());
        runner.pipeline().layers().stream().map(Stage::name).forEach(names::add);
        runner.pipeline().sinks().stream().map(Stage::name).forEach(names::add);
        return names;
    }

    private static double isRunning(Runner runner) {
        RunnerState state = runner.state();
        return state == RunnerState.RUNNING || state == RunnerState.PAUSED ? 1 : 0;
    }

    private void bindLedger(MeterRegistry registry, Tags tags) {
        counter(registry, tags, "read", Ledger.Counts::read);
        counter(registry, tags, "used", Ledger.Counts::used);
        counter(registry, tags, "dropped", Ledger.Counts::dropped);
        counter(registry, tags, "passed-over", Ledger.Counts::passedOver);
        counter(registry, tags, "never-arrived", Ledger.Counts::neverArrived);
        counter(registry, tags, "late", Ledger.Counts::late);
        FunctionCounter.builder(
                        "amacrine.steps", runner, r -> r.progress().ledger().steps())
                .tags(tags)
                .register(registry);
    }

    private void counter(MeterRegistry registry, Tags tags, String fate, ToDoubleFunction<Ledger.Counts> count) {
        FunctionCounter.builder(
                        "amacrine.source.frames",
                        runner,
                        r -> count.applyAsDouble(r.progress().ledger()))
                .tags(tags.and("fate", fate))
                .register(registry);
    }

    private void bindPercentiles(
            MeterRegistry registry,
            Tags tags,
            String stage,
            String name,
            Function<StageMetrics.Snapshot, StageMetrics.Percentiles> which) {
        percentile(registry, tags, stage, name, "0.5", which, StageMetrics.Percentiles::p50);
        percentile(registry, tags, stage, name, "0.99", which, StageMetrics.Percentiles::p99);
        percentile(registry, tags, stage, name, "0.999", which, StageMetrics.Percentiles::p999);
        percentile(registry, tags, stage, name, "1", which, StageMetrics.Percentiles::max);
    }

    private void percentile(
            MeterRegistry registry,
            Tags tags,
            String stage,
            String name,
            String quantile,
            Function<StageMetrics.Snapshot, StageMetrics.Percentiles> which,
            ToDoubleFunction<StageMetrics.Percentiles> value) {
        Gauge.builder(name, runner, r -> of(r, stage, snapshot -> value.applyAsDouble(which.apply(snapshot)) * 1e-9))
                .tags(tags.and("quantile", quantile))
                .baseUnit("seconds")
                .register(registry);
    }

    private static double of(Runner runner, String stage, ToDoubleFunction<StageMetrics.Snapshot> value) {
        return runner.progress().stages().stream()
                .filter(snapshot -> snapshot.stage().equals(stage))
                .mapToDouble(value)
                .findFirst()
                .orElse(0);
    }
}
