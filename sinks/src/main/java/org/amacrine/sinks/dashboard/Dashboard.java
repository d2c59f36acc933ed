package org.amacrine.sinks.dashboard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.layer.Names;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.RunnerPart;
import org.amacrine.core.run.RunnerState;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;

/**
 * A sink that people watch in the browser, and from which they steer the runner. The server is up from the moment the runner is
 * made until it is closed, over any number of runs.
 *
 * <pre>
 *   sink-dashboard ──▶ Tap ──▶ Feed (newest image, last steps, last events)
 *                                ▲ cursor of each viewer
 *   event loops     StreamSession ┘      ControlSession ──▶ Steering ──▶ Runner
 * </pre>
 *
 * <p>The pipeline's thread only copies what somebody looks at; encoding and sending is done by the viewers' event loops. See
 * {@code docs/dashboard-protocol.md}.
 */
public final class Dashboard implements ChunkSink, RunnerPart {
    private static final long METRICS_MILLIS = 500;
    private static final long CHANGES_MILLIS = 50;
    private static final int MOST_CHANGES = 10_000;

    private final DashboardSettings settings;
    private final Access access;
    private final Set<ControlSession> controls = ConcurrentHashMap.newKeySet();
    private final Set<StreamSession> streams = ConcurrentHashMap.newKeySet();
    /** Replaced as a whole when a run begins. */
    private volatile Map<String, Tap> taps = Map.of();

    /** What is kept for viewers of all signals, in bytes. */
    private final AtomicLong keptBytes = new AtomicLong();

    private volatile Tap[] byNumber = {};
    private volatile Runner runner;
    private volatile Steering steering;
    private volatile DashboardServer server;
    private ScheduledExecutorService timer;
    private volatile ObjectNode lastMetrics = Json.message("metrics");
    /** Messages {@code change}, the oldest first; guarded by itself. */
    private final Deque<ObjectNode> changes = new ArrayDeque<>();

    private long lastChange;

    /** A dashboard that begins to listen when its runner is made. */
    public Dashboard(DashboardSettings settings) {
        this.settings = settings;
        this.access = new Access(settings);
    }

    // ------------------------------------------------------------------------------------------------ as a part of the
    // runner

    /** Begins to listen; throws {@link IllegalStateException} when the port is taken. */
    @Override
    public void attached(Runner newRunner) {
        runner = newRunner;
        steering = new Steering(newRunner);
        server = new DashboardServer(this, settings, access);
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "dashboard-timer");
            thread.setDaemon(true);
            thread.setPriority(Thread.MIN_PRIORITY);
            return thread;
        });
        MetricsSampler sampler = new MetricsSampler(newRunner);
        timer.scheduleWithFixedDelay(() -> sendMetrics(sampler), METRICS_MILLIS, METRICS_MILLIS, TimeUnit.MILLISECONDS);
        timer.scheduleWithFixedDelay(this::sendChanges, CHANGES_MILLIS, CHANGES_MILLIS, TimeUnit.MILLISECONDS);
        newRunner.onState(this::stateChanged);
    }

    @Override
    public String notice() {
        String view = settings.viewToken().isEmpty() && access.isLoopback() ? "" : "\n  to look only: " + viewAddress();
        return "dashboard: " + address() + view;
    }

    @Override
    public void detached() {
        timer.shutdownNow();
        server.close();
        steering.close();
    }

    /** Where it listens, with the control token: the address to open. */
    public String address() {
        return server.address() + "/?token=" + access.controlToken();
    }

    /** Where it listens, for those who only look. */
    public String viewAddress() {
        return server.address() + "/" + (access.viewToken() == null ? "" : "?token=" + access.viewToken());
    }

    private void stateChanged(RunnerState state) {
        ObjectNode message = RunnerJson.state(runner).put("state", state.name());
        controls.forEach(control -> control.send(message));
        if (state == RunnerState.RUNNING) {
            streams.forEach(stream -> stream.channel().eventLoop().execute(stream::renew));
        }
    }

    private void sendMetrics(MetricsSampler sampler) {
        ObjectNode metrics = sampler.sample(streams.size());
        lastMetrics = metrics;
        if (!controls.isEmpty()) {
            String text = Json.text(metrics);
            controls.forEach(control -> control.sendIfIdle(text));
        }
    }

    private void sendChanges() {
        synchronized (changes) {
            for (Runner.Change change : runner.changesAfter(lastChange)) {
                lastChange = change.number();
                ObjectNode message = RunnerJson.change(runner, change).put("time", System.currentTimeMillis());
                if (changes.size() == MOST_CHANGES) {
                    changes.removeFirst();
                }
                changes.add(message);
                controls.forEach(control -> control.send(message));
            }
        }
    }

    /** All messages {@code change} so far, as far as they are kept. */
    List<ObjectNode> changes() {
        sendChanges();
        synchronized (changes) {
            return List.copyOf(changes);
        }
    }

    /** The last message {@code metrics}. */
    ObjectNode lastMetrics() {
        return lastMetrics;
    }

    // ------------------------------------------------------------------------------------------------ as a sink

    @Override
    public void open(List<Signal> signals) {
        Map<String, Tap> now = new LinkedHashMap<>();
        for (Signal signal : signals) {
            Tap old = taps.get(signal.name());
            Tap tap = old != null && old.signal().equals(signal) ? old : new Tap(signal, keptBytes);
            tap.begin(runner == null ? 1 : runner.runs());
            now.put(signal.name(), tap);
        }
        taps = now;
        byNumber = now.values().toArray(Tap[]::new);
        controls.forEach(ControlSession::greet);
    }

    @Override
    public void accept(int signal, Chunk chunk) {
        byNumber[signal].accept(chunk);
    }

    @Override
    public void close() {
        // Viewers stay, and the last images with them.
    }

    // ------------------------------------------------------------------------------------------------ for its sessions

    DashboardSettings settings() {
        return settings;
    }

    Runner runner() {
        return runner;
    }

    Steering steering() {
        return steering;
    }

    Collection<Tap> taps() {
        return taps.values();
    }

    /** The tap of that signal; throws {@link IllegalArgumentException} with a suggestion when there is none. */
    Tap tap(String signal) {
        Tap tap = taps.get(signal);
        if (tap == null) {
            throw new IllegalArgumentException("no signal \"" + signal + "\"" + Names.suggest(signal, taps.keySet())
                    + (taps.isEmpty() ? "; nothing has run yet" : "; there are " + String.join(", ", taps.keySet())));
        }
        return tap;
    }

    Tap tapOrNull(String signal) {
        return taps.get(signal);
    }

    void joined(ControlSession control) {
        controls.add(control);
        control.greet();
    }

    void left(ControlSession control) {
        controls.remove(control);
    }

    void joined(StreamSession stream) {
        streams.add(stream);
    }

    void left(StreamSession stream) {
        streams.remove(stream);
    }
}
