package org.amacrine.sinks.dashboard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.metrics.StageMetrics;
import org.amacrine.core.ring.Ledger;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.RunnerState;

/** The message {@code metrics}: counts since the start, and rates since the sample before. Owned by the dashboard's timer. */
final class MetricsSampler {
    /** Age that is still fine, besides that of the chunks that are under way by design. */
    private static final double BUDGET_MILLIS = 50;
    /** Chunks that are under way by design: one in each stage's work and queue. */
    private static final double BUDGET_CHUNKS = 4;

    private final Runner runner;
    private final Map<String, StageMetrics.Snapshot> before = new HashMap<>();
    private long lastNanos = System.nanoTime();
    private long lastSteps;
    private long lastDropped;

    MetricsSampler(Runner runner) {
        this.runner = runner;
    }

    ObjectNode sample(int viewers) {
        Runner.Progress progress = runner.progress();
        long now = System.nanoTime();
        double seconds = Math.max(1e-3, (now - lastNanos) * 1e-9);
        Ledger.Counts ledger = progress.ledger();
        double model = runner.pipeline().resolution().stepsPerSecond();
        double rate = Math.max(0, ledger.steps() - lastSteps) / seconds;
        long dropped = Math.max(0, ledger.dropped() - lastDropped);
        boolean flows = progress.state() == RunnerState.RUNNING;
        ObjectNode message = Json.message("metrics")
                .put("seconds", ledger.steps() / model)
                .put("steps", ledger.steps())
                .put("stepsPerSecond", rate)
                .put("realTime", rate / model)
                .put("viewers", viewers);
        message.set("frames", Json.of(frames(ledger)));
        List<Map<String, Object>> stages = new ArrayList<>();
        List<StageMetrics.Snapshot> all = progress.stages();
        for (int i = 0; i < all.size(); i++) {
            StageMetrics.Snapshot stage = all.get(i);
            int layers = runner.pipeline().layers().size();
            String role = i == 0 ? "source" : i <= layers ? "layer" : "sink";
            int signals = i <= layers
                    ? 1
                    : runner.pipeline().sinks().get(i - 1 - layers).from().size();
            stages.add(stage(stage, role, signals, seconds, i == 0 ? dropped : 0, rate / model, flows));
            before.put(stage.stage(), stage);
        }
        message.set("stages", Json.of(stages));
        lastNanos = now;
        lastSteps = ledger.steps();
        lastDropped = ledger.dropped();
        return message;
    }

    private static Map<String, Object> frames(Ledger.Counts ledger) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("read", ledger.read());
        map.put("used", ledger.used());
        map.put("dropped", ledger.dropped());
        map.put("passedOver", ledger.passedOver());
        map.put("waiting", ledger.waiting());
        map.put("neverArrived", ledger.neverArrived());
        map.put("late", ledger.late());
        return map;
    }

    private Map<String, Object> stage(
            StageMetrics.Snapshot stage,
            String role,
            int signals,
            double seconds,
            long dropped,
            double realTime,
            boolean flows) {
        StageMetrics.Snapshot last = before.get(stage.stage());
        boolean same = last != null && last.frames() <= stage.frames();
        // A source works while it waits for its frames.
        double busy = same && !role.equals("source") ? (stage.busyNanos() - last.busyNanos()) * 1e-9 / seconds : 0;
        double rate = same ? (stage.frames() - last.frames()) / seconds / signals : 0;
        double chunkMillis =
                1e3 * runner.pipeline().dt() / runner.pipeline().resolution().stepsPerSecond();
        Lamp lamp = Lamp.of(
                flows ? busy : 0,
                stage.queueDepth() / signals,
                dropped,
                stage.recentAge().p99() * 1e-6,
                BUDGET_MILLIS + BUDGET_CHUNKS * chunkMillis,
                flows ? realTime : 0,
                runner.pipeline().paced());
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", stage.stage());
        map.put("role", role);
        map.put("framesPerSecond", rate);
        map.put("queue", stage.queueDepth());
        map.put("dropped", dropped);
        map.put("workMillis", millis(stage.recentWork()));
        map.put("ageMillis", millis(stage.recentAge()));
        map.put("busy", Math.min(1, busy));
        map.put("lamp", lamp.colour());
        map.put("why", lamp.why());
        return map;
    }

    private static Map<String, Object> millis(StageMetrics.Percentiles percentiles) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("p50", percentiles.p50() * 1e-6);
        map.put("p99", percentiles.p99() * 1e-6);
        map.put("p999", percentiles.p999() * 1e-6);
        map.put("max", percentiles.max() * 1e-6);
        return map;
    }
}
