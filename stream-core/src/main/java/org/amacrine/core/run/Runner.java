package org.amacrine.core.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.layer.Names;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.metrics.StageMetrics;
import org.amacrine.core.ring.Ledger;
import reactor.core.publisher.Flux;

/**
 * Executes a {@link Pipeline}: can be started, paused, resumed, stopped and started again, from any thread, any number of
 * times, and leaves no thread, device or file behind. Each start begins anew, with states and random numbers as at the first;
 * parameters keep what was set.
 *
 * <p>All work of a run's beginning and end is done by one thread, {@code runner-NAME}; other threads ask it.
 */
public final class Runner implements AutoCloseable {
    /** How long {@link #stop()} lets frames that are under way arrive. */
    public static final Duration DRAIN_LIMIT = Duration.ofSeconds(10);

    private static final System.Logger LOG = System.getLogger(Runner.class.getName());
    /** How long threads have to end after they were told to. */
    private static final long END_MILLIS = 2_000;
    /** Changes that the journal keeps; older ones go. */
    private static final int JOURNAL_SIZE = 10_000;

    private final Pipeline pipeline;
    private final Clock clock;
    private final Run.Parts parts;
    private final AtomicReference<RunnerState> state = new AtomicReference<>(RunnerState.NEW);
    private final List<Consumer<RunnerState>> listeners = new CopyOnWriteArrayList<>();
    /** States that listeners are still to be told; guards the change of state, so that they are told in order. */
    private final Queue<RunnerState> transitions = new ArrayDeque<>();

    private final AtomicInteger telling = new AtomicInteger();
    /** The thread that is just telling the listeners, or null. */
    private volatile Thread teller;

    private final AtomicInteger runs = new AtomicInteger();
    private long changes;
    private final Deque<Change> journal = new ArrayDeque<>();
    private volatile Attempt attempt;
    private volatile Throwable failure;
    /** Guarded by {@code transitions}. */
    private boolean closed;

    /**
     * A parameter that was changed.
     *
     * @param number counts the changes, from 1
     * @param run number of the run, from 1; 0 before the first
     * @param layer name of the layer
     * @param parameter dotted name within the layer
     * @param value what it was set to
     * @param frame index of the first frame that the change is in force for; -1 between two runs
     */
    public record Change(long number, int run, String layer, String parameter, Object value, long frame) {}

    /**
     * How far a run is.
     *
     * @param state where the runner is
     * @param ledger account of the frames
     * @param delivered frames that each sink has taken of each signal
     * @param stages what each stage has counted
     */
    public record Progress(
            RunnerState state, Ledger.Counts ledger, Map<String, Long> delivered, List<StageMetrics.Snapshot> stages) {}

    /** One start and what became of it. */
    private static final class Attempt {
        private final CompletableFuture<Void> started = new CompletableFuture<>();
        private final CompletableFuture<RunnerState> finished = new CompletableFuture<>();
        private final CompletableFuture<Void> wake = new CompletableFuture<>();
        private volatile long drainNanos = DRAIN_LIMIT.toNanos();
        private volatile boolean stopAsked;
        private volatile Run run;
        private volatile PipelinePlan plan;
        private Thread thread;
        /** Whether no layer works any more; guarded by {@code parts}. */
        private boolean over;
    }

    /** A runner for a pipeline, with what the class path offers. */
    public Runner(Pipeline pipeline) {
        this(pipeline, Catalog.load(), Clock.SYSTEM);
    }

    /** A runner with a catalog and a clock of its own. */
    public Runner(Pipeline pipeline, Catalog catalog, Clock clock) {
        this.pipeline = pipeline;
        this.clock = clock;
        parts = Run.Parts.make(pipeline, catalog);
        attach();
    }

    /** Attaches all parts or none. */
    private void attach() {
        Deque<RunnerPart> attached = new ArrayDeque<>();
        try {
            for (RunnerPart part : parts.served()) {
                part.attached(this);
                attached.push(part);
            }
        } catch (RuntimeException e) {
            attached.forEach(RunnerPart::detached);
            throw e;
        }
    }

    /** The blueprint. */
    public Pipeline pipeline() {
        return pipeline;
    }

    /** Where the runner is. */
    public RunnerState state() {
        return state.get();
    }

    /** Why the last run failed; null when it did not. */
    public Throwable failure() {
        return failure;
    }

    /** The plan of the present or last run; null before the first was prepared. */
    public PipelinePlan plan() {
        Attempt last = attempt;
        return last == null ? null : last.plan;
    }

    /**
     * Tells {@code listener} each new state, in order, on the thread that brings it about. A listener must not wait for the
     * runner; it may call {@link #stop()}, which does not wait there.
     */
    public void onState(Consumer<RunnerState> listener) {
        listeners.add(listener);
    }

    private boolean move(RunnerState from, RunnerState to) {
        boolean moved = change(from, to);
        if (moved) {
            tellAll();
        }
        return moved;
    }

    private boolean change(RunnerState from, RunnerState to) {
        synchronized (transitions) {
            return from.next().contains(to) && state.compareAndSet(from, to) && transitions.add(to);
        }
    }

    /** Tells the listeners one more state, or leaves that to the thread that is just telling them. */
    private void tellAll() {
        if (telling.getAndIncrement() == 0) {
            do {
                RunnerState next;
                synchronized (transitions) {
                    next = transitions.poll();
                }
                teller = Thread.currentThread();
                for (Consumer<RunnerState> listener : listeners) {
                    tell(listener, next);
                }
                teller = null;
            } while (telling.decrementAndGet() != 0);
        }
    }

    private static void tell(Consumer<RunnerState> listener, RunnerState next) {
        try {
            listener.accept(next);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a listener failed at state " + next, e);
        }
    }

    // ------------------------------------------------------------------------------------------------ start and stop

    /**
     * Starts, and returns when frames flow.
     *
     * @throws IllegalStateException when it runs already, or is closed
     * @throws RuntimeException with the words of the source, layer or sink that could not begin; the state is then FAILED
     */
    public void start() {
        Attempt begun = new Attempt();
        begun.thread = new Thread(() -> execute(begun), "runner-" + pipeline.name());
        begun.thread.setDaemon(true);
        synchronized (transitions) {
            if (closed) {
                throw new IllegalStateException(
                        "pipeline " + pipeline.name() + " is closed; make a new runner to run it again");
            }
            RunnerState now = state.get();
            if (!now.canStart()) {
                throw new IllegalStateException(
                        "pipeline " + pipeline.name() + " is " + now + "; stop it before starting it again");
            }
            change(now, RunnerState.STARTING);
            failure = null;
            attempt = begun;
        }
        runs.getAndIncrement();
        tellAll();
        begun.thread.start();
        try {
            begun.started.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Holds the source back; what is under way goes on. Without effect unless RUNNING. */
    public void pause() {
        Attempt now = attempt;
        if (now != null && now.run != null && move(RunnerState.RUNNING, RunnerState.PAUSED)) {
            holdOrLetGo(now.run);
        }
    }

    /** Goes on after {@link #pause()}. Without effect unless PAUSED. */
    public void resume() {
        Attempt now = attempt;
        if (now != null && now.run != null && move(RunnerState.PAUSED, RunnerState.RUNNING)) {
            holdOrLetGo(now.run);
        }
    }

    /** Does what the state asks for. Looks again afterwards, for others may change it meanwhile: the last one is right. */
    private void holdOrLetGo(Run run) {
        boolean hold;
        do {
            hold = state.get() == RunnerState.PAUSED;
            if (hold) {
                run.pause();
            } else {
                run.resume();
            }
        } while (hold != (state.get() == RunnerState.PAUSED));
    }

    /**
     * Stops, lets frames that are under way arrive, and returns when all is closed. Without effect when nothing runs. Called
     * from inside of a source, layer, sink or listener, on a thread that it would wait for, it returns at once, as
     * {@link #requestStop()} does.
     */
    public void stop() {
        stop(DRAIN_LIMIT);
    }

    /**
     * Stops and returns when all is closed. What is under way has this long to arrive, and a source or sink that is being
     * opened this long to be ready; then it is broken off, threads that hang are interrupted, and the run counts as FAILED, with
     * the name of the thread. On one of the run's own threads it returns at once, as {@link #stop()} does.
     */
    public void stop(Duration drainLimit) {
        Attempt now = attempt;
        if (now == null) {
            return;
        }
        now.drainNanos = drainLimit.toNanos();
        requestStop();
        if (isOwn(now)) {
            return;
        }
        try {
            if (!isFinished(now, drainLimit) && state.get() == RunnerState.STARTING) {
                now.thread.interrupt();
            }
            now.finished.get(4 * END_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("pipeline " + pipeline.name() + " does not stop; it is " + state.get(), e);
        }
    }

    /** Whether the calling thread is one that the end of this attempt waits for. */
    private boolean isOwn(Attempt now) {
        Thread current = Thread.currentThread();
        Run run = now.run;
        return current == now.thread || current == teller || run != null && run.isCurrent();
    }

    private static boolean isFinished(Attempt now, Duration limit) throws InterruptedException, ExecutionException {
        try {
            now.finished.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** Asks for the end and returns at once: for listeners, sinks and signal handlers. */
    public void requestStop() {
        Attempt now = attempt;
        if (now != null) {
            now.stopAsked = true;
            now.wake.complete(null);
        }
    }

    /** Waits until the run is over, for at most that long; returns the state then. */
    public RunnerState awaitEnd(Duration limit) throws InterruptedException {
        Attempt now = attempt;
        if (now != null) {
            try {
                now.finished.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                return state.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
        return state.get();
    }

    /**
     * Stops for good, and lets go of the parts that serve it: at the end of the run, when it is called on one of the run's
     * threads. Without effect when it is closed already.
     */
    @Override
    public void close() {
        synchronized (transitions) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try {
            stop();
        } finally {
            Attempt now = attempt;
            if (now == null) {
                detach();
            } else {
                now.finished.thenRun(this::detach);
            }
        }
    }

    private void detach() {
        parts.served().forEach(RunnerPart::detached);
    }

    // ------------------------------------------------------------------------------------------------ runner thread

    private void execute(Attempt now) {
        Throwable why = null;
        try {
            synchronized (parts) {
                now.run = new Run(pipeline, parts, clock, this::note);
            }
            now.plan = now.run.prepare();
            now.run.openSinks();
            LOG.log(System.Logger.Level.DEBUG, () -> now.plan.toString());
            if (!now.stopAsked) {
                flow(now);
                why = now.run.failure();
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            why = e;
        }
        finish(now, why);
    }

    private void flow(Attempt now) throws InterruptedException {
        now.run.onEnd(() -> now.wake.complete(null));
        now.run.begin();
        move(RunnerState.STARTING, RunnerState.RUNNING);
        now.started.complete(null);
        now.wake.join();
        leave();
        long limit = System.nanoTime() + now.drainNanos;
        now.run.stop();
        if (!now.run.awaitEnd(now.drainNanos / 2)) {
            now.run.cutOff();
        }
        if (!now.run.awaitEnd(Math.max(1, limit - System.nanoTime()))) {
            throw new IllegalStateException("pipeline " + pipeline.name() + " did not end within "
                    + now.drainNanos / 1_000_000 + " ms and was broken off: " + now.run.busy());
        } else if (now.run.failure() != null) {
            now.run.drainOthers(Math.max(1, limit - System.nanoTime()));
        }
    }

    /** From whatever state to STOPPING. */
    private void leave() {
        for (RunnerState from = state.get(); from != RunnerState.STOPPING; from = state.get()) {
            move(from, RunnerState.STOPPING);
        }
    }

    private void finish(Attempt now, Throwable cause) {
        boolean early = state.get() == RunnerState.STARTING && cause != null;
        if (!early) {
            leave();
        }
        Throwable why = now.run == null ? cause : tearDown(now, cause);
        failure = why;
        RunnerState end = why == null ? RunnerState.STOPPED : RunnerState.FAILED;
        move(state.get(), end);
        if (why != null) {
            now.started.completeExceptionally(why);
        } else {
            now.started.complete(null);
        }
        now.finished.complete(end);
    }

    /** Gives everything back; returns the first thing that went wrong, with all that went wrong later added to it. */
    private Throwable tearDown(Attempt now, Throwable cause) {
        Throwable why = cause;
        try {
            List<String> complaints = now.run.tearDown(END_MILLIS);
            for (Throwable error : now.run.sinkErrors()) {
                why = add(why, error);
            }
            if (!complaints.isEmpty()) {
                why = add(
                        why,
                        new IllegalStateException(
                                "pipeline " + pipeline.name() + ": " + String.join("; ", complaints)));
            }
        } catch (InterruptedException | RuntimeException e) {
            why = add(why, e);
        }
        synchronized (parts) {
            now.over = true;
            now.run.refuseCommands();
        }
        return why;
    }

    private static Throwable add(Throwable first, Throwable next) {
        if (first == null) {
            return next;
        }
        if (first != next && !List.of(first.getSuppressed()).contains(next)) {
            first.addSuppressed(next);
        }
        return first;
    }

    private void note(Run.Applied applied) {
        note(applied.layer(), applied.command(), applied.frame());
    }

    private void note(String layer, Command command, long frame) {
        ParameterTree tree = parameters(layer);
        synchronized (journal) {
            for (String parameter : command.values().keySet()) {
                if (journal.size() == JOURNAL_SIZE) {
                    journal.removeFirst();
                }
                String name = tree.resolve(parameter);
                journal.add(new Change(
                        ++changes, runs.get(), layer, name, tree.get(name).value(), frame));
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ parameters

    /** The parameters of a layer, to read; set them with {@link #set}. */
    public ParameterTree parameters(String layer) {
        return parts.layers().get(index(layer)).parameters();
    }

    private int index(String layer) {
        List<String> names = pipeline.layers().stream().map(Stage::name).toList();
        int index = names.indexOf(layer);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "no layer \"" + layer + "\"" + Names.suggest(layer, names) + "; there are " + names);
        }
        return index;
    }

    /**
     * Sets a parameter, between two chunks when frames flow.
     *
     * @param path {@code layer.parameter}
     * @param value as {@link org.amacrine.core.layer.Parameter#set} takes it; null for back to the default
     * @return completes with the index of the first frame that the change is in force for; fails when the value is not allowed
     * @throws IllegalArgumentException when there is no such layer
     */
    public CompletableFuture<Long> set(String path, Object value) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            throw new IllegalArgumentException("a parameter is named layer.parameter but was \"" + path + "\"");
        }
        return set(path.substring(0, dot), Collections.singletonMap(path.substring(dot + 1), value));
    }

    /**
     * Sets several parameters of a layer, all or none, at the same frame.
     *
     * @param layer name of the layer
     * @param values by name within the layer; null for back to the default
     * @return as that of {@link #set(String, Object)}
     * @throws IllegalArgumentException when there is no such layer
     */
    public CompletableFuture<Long> set(String layer, Map<String, ?> values) {
        return submit(layer, Command.set(values));
    }

    /**
     * The same, unless somebody else comes first: when the command's turn comes and a parameter has not its expected value any more,
     * nothing is set.
     *
     * @param expected values of parameters, as {@link org.amacrine.core.layer.Parameter#value} gives them, by name within the layer
     * @return fails with {@link Command.OvertakenException} when a parameter had another value
     */
    public CompletableFuture<Long> setIfStill(String layer, Map<String, ?> expected, Map<String, ?> values) {
        return submit(layer, Command.setIfStill(expected, values));
    }

    private CompletableFuture<Long> submit(String layer, Command command) {
        int index = index(layer);
        synchronized (parts) {
            Attempt now = attempt;
            if (now == null || now.run == null || now.over) {
                setAtRest(index, layer, command);
            } else {
                now.run.submit(index, command);
            }
        }
        return command.done();
    }

    private void setAtRest(int index, String layer, Command command) {
        try {
            command.apply(parts.layers().get(index).parameters());
        } catch (RuntimeException e) {
            command.done().completeExceptionally(e);
            return;
        }
        note(layer, command, -1);
        command.done().complete(0L);
    }

    /** The changes that came after the one of that number, the oldest first; the last {@value #JOURNAL_SIZE} are kept. */
    public List<Change> changesAfter(long number) {
        synchronized (journal) {
            return journal.stream().filter(change -> change.number() > number).toList();
        }
    }

    /** The changes of the present or last run, the oldest first, as far as they are kept. */
    public List<Change> journal() {
        return changesAfter(0).stream()
                .filter(change -> change.run() == runs.get())
                .toList();
    }

    /** Number of starts so far. */
    public int runs() {
        return runs.get();
    }

    /** The parts that serve it beyond single runs, such as a dashboard. */
    public List<RunnerPart> served() {
        return parts.served();
    }

    // ------------------------------------------------------------------------------------------------ what it does

    /** How far the present or last run is. */
    public Progress progress() {
        Attempt now = attempt;
        Run run = now == null ? null : now.run;
        return run == null
                ? new Progress(state.get(), new Ledger().counts(), Map.of(), List.of())
                : new Progress(state.get(), run.ledger(), run.delivered(), run.metrics());
    }

    /** How far it is, told every {@code period} for as long as somebody listens; it ends with the run. */
    public Flux<Progress> progress(Duration period) {
        return Flux.interval(period)
                .onBackpressureDrop()
                .map(tick -> progress())
                .takeUntil(progress -> progress.state().isOver());
    }
}
