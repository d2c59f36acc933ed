package org.amacrine.core.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.chunk.ChunkPool;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.flux.LayerOperator;
import org.amacrine.core.flux.LayerStage;
import org.amacrine.core.flux.SinkStage;
import org.amacrine.core.flux.SourceStage;
import org.amacrine.core.flux.StageGraph;
import org.amacrine.core.flux.StageThread;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.metrics.StageMetrics;
import org.amacrine.core.ring.Ledger;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceFormat;

/**
 * One execution of a pipeline: its threads, pools and connections, from preparation to the last chunk. Made, used and torn
 * down by the runner's thread.
 */
final class Run {
    private final Pipeline pipeline;
    private final Clock clock;
    private final List<ChunkSink> chunkSinks;
    private final Backends.Choice backend;
    private final WorkerPool workers;
    private final SourceStage source;
    private final List<LayerStage> layers = new ArrayList<>();
    /** Also read by those who send commands or look at the metrics. */
    private final Map<LayerStage, StageThread> layerThreads = new ConcurrentHashMap<>();

    private final List<SinkStage> sinks = new CopyOnWriteArrayList<>();
    private final Map<String, Signal> signals = new LinkedHashMap<>();
    private final List<ChunkPool> pools = new ArrayList<>();
    private final StageGraph graph = new StageGraph();
    private final CompletableFuture<Throwable> ended = new CompletableFuture<>();

    /** Everything that a pipeline is made of, made; used by one run after the other. */
    record Parts(FrameSource source, List<Layer> layers, List<ChunkSink> sinks) {

        static Parts make(Pipeline pipeline, Catalog catalog) {
            List<Layer> layers = new ArrayList<>();
            for (Stage stage : pipeline.layers()) {
                Layer layer = PipelineCheck.make(stage, Layer.class, catalog::layer);
                layer.parameters().set(stage.parameters());
                layers.add(layer);
            }
            List<ChunkSink> sinks = new ArrayList<>();
            for (Stage stage : pipeline.sinks()) {
                sinks.add(PipelineCheck.make(stage, ChunkSink.class, catalog::sink));
            }
            return new Parts(PipelineCheck.make(pipeline.source(), FrameSource.class, catalog::source), layers, sinks);
        }

        /** Those that serve the runner beyond single runs. */
        List<RunnerPart> served() {
            return Stream.concat(Stream.of(source), Stream.concat(layers.stream(), sinks.stream()))
                    .filter(RunnerPart.class::isInstance)
                    .map(RunnerPart.class::cast)
                    .toList();
        }
    }

    /** A command that was applied, and the first frame that it is in force for. */
    record Applied(String layer, Command command, long frame) {}

    Run(Pipeline pipeline, Parts parts, Clock clock, Consumer<Applied> journal) {
        this.pipeline = pipeline;
        this.clock = clock;
        this.chunkSinks = parts.sinks;
        backend = Backends.choose(pipeline.backend());
        Kernels kernels = backend.backend().open();
        int count = pipeline.workers() > 0
                ? pipeline.workers()
                : Runtime.getRuntime().availableProcessors();
        workers = new WorkerPool(count);
        source = new SourceStage(
                parts.source,
                new SourceStage.Settings(
                        pipeline.sourceName(),
                        pipeline.resolution(),
                        kernels,
                        pipeline.seed(),
                        pipeline.dt(),
                        pipeline.ringFrames(),
                        pipeline.overflow(),
                        pipeline.interpolation(),
                        pipeline.maxSteps(),
                        pipeline.paced(),
                        clock));
        LayerStage.Settings settings =
                new LayerStage.Settings(pipeline.resolution(), kernels, workers, pipeline.seed(), pipeline.dt(), clock);
        try {
            addLayers(parts, settings, journal);
        } catch (RuntimeException | Error e) {
            workers.close();
            throw e;
        }
    }

    private void addLayers(Parts parts, LayerStage.Settings settings, Consumer<Applied> journal) {
        for (int i = 0; i < parts.layers.size(); i++) {
            String name = pipeline.layers().get(i).name();
            LayerStage stage = new LayerStage(name, parts.layers.get(i), settings);
            stage.journal((command, frame) -> journal.accept(new Applied(name, command, frame)));
            Stage blueprint = pipeline.layers().get(i);
            List<String> inputs = stage.layer().inputs();
            for (int input = 0; input < inputs.size(); input++) {
                FeedbackEdge edge = blueprint.feedback().get(inputs.get(input));
                if (edge != null) {
                    stage.feedBack(input, edge);
                } else if (!inputs.get(input).equals(inStep(blueprint))) {
                    stage.align(input);
                }
            }
            layers.add(stage);
        }
    }

    /** The input that takes the signal which the layer keeps step with; null when everything is fed back. */
    private static String inStep(Stage layer) {
        return layer.inputs().isEmpty() ? null : layer.inputs().get(0);
    }

    /** What goes to an input of a layer: a signal that goes there, or one that goes back there. */
    private static String signal(Stage layer, String input) {
        FeedbackEdge edge = layer.feedback().get(input);
        return edge != null ? edge.signal() : layer.from().get(layer.inputs().indexOf(input));
    }

    /** Opens the source and prepares the layers; throws what any of them says. */
    PipelinePlan prepare() {
        try {
            return prepareAll();
        } catch (OutOfMemoryError e) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "pipeline %s does not fit into the heap's %d MB; use a smaller dt (now %d), fewer ringFrames"
                                    + " (now %d) or smaller frames, or a larger heap (java -Xmx8g,"
                                    + " or AMACRINE_JVM_OPTS=-Xmx8g ./amacrine)",
                            pipeline.name(),
                            Runtime.getRuntime().maxMemory() >> 20,
                            pipeline.dt(),
                            pipeline.ringFrames()),
                    e);
        }
    }

    private PipelinePlan prepareAll() {
        SourceFormat format = source.open();
        double rate = pipeline.resolution().stepsPerSecond();
        put(new Signal(pipeline.sourceName() + ".output", format.shape(), rate, ""));
        pools.add(source.pool());
        for (int i = 0; i < layers.size(); i++) {
            LayerStage stage = layers.get(i);
            Stage blueprint = pipeline.layers().get(i);
            List<Shape> shapes = stage.prepare(stage.layer().inputs().stream()
                    .map(input -> blueprint.feedback().containsKey(input)
                            ? blueprint.feedback().get(input).shape()
                            : signals.get(signal(blueprint, input)).shape())
                    .toList());
            for (int port = 0; port < shapes.size(); port++) {
                String output = stage.layer().outputs().get(port);
                put(new Signal(
                        stage.path() + "." + output,
                        shapes.get(port),
                        rate,
                        stage.layer().unit(output)));
            }
            pools.addAll(stage.pools());
        }
        pipeline.layers().forEach(this::checkFeedback);
        long chunkBytes = pools.stream().mapToLong(ChunkPool::bytes).sum()
                + layers.stream().mapToLong(LayerStage::feedbackBytes).sum();
        return new PipelinePlan(
                pipeline,
                backend.reason(),
                workers.workers(),
                format,
                new ArrayList<>(signals.values()),
                source.ringBytes(),
                chunkBytes);
    }

    /** What goes back is of the shape that was said, and neither end of it tells of earlier frames than others do. */
    private void checkFeedback(Stage layer) {
        layer.feedback().forEach((input, edge) -> {
            String where = "feedback " + input + " of " + layer.name();
            Shape shape = signals.get(edge.signal()).shape();
            if (!shape.equals(edge.shape())) {
                throw new IllegalArgumentException(where + " was said to be of the shape " + edge.shape()
                        + " but the signal " + edge.signal() + " is " + shape + "; set shape to " + shape);
            }
            Set<String> before = new LinkedHashSet<>();
            collectBefore(layer.name(), before);
            for (int i = 0; i < layers.size(); i++) {
                if (before.contains(layers.get(i).path())
                        && layers.get(i).layer().holdsBack()) {
                    throw new IllegalArgumentException(where + " comes by way of "
                            + layers.get(i).path() + ", which tells of earlier frames; feed back a signal before it");
                }
            }
        });
    }

    /** Adds the stage, and those that what it takes comes from, by any way. */
    private void collectBefore(String stage, Set<String> before) {
        if (!before.add(stage)) {
            return;
        }
        for (Stage layer : pipeline.layers()) {
            if (layer.name().equals(stage)) {
                Stream.concat(
                                layer.from().stream(),
                                layer.feedback().values().stream().map(FeedbackEdge::signal))
                        .forEach(signal -> collectBefore(signal.substring(0, signal.indexOf('.')), before));
            }
        }
    }

    private void put(Signal signal) {
        signals.put(signal.name(), signal);
    }

    /** Opens the sinks; throws what any of them says. */
    void openSinks() throws InterruptedException {
        for (int i = 0; i < chunkSinks.size(); i++) {
            Stage stage = pipeline.sinks().get(i);
            List<Signal> taken = stage.from().stream().map(signals::get).toList();
            SinkStage sink = new SinkStage(stage.name(), chunkSinks.get(i), taken, clock);
            sinks.add(sink);
            try {
                sink.open().get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : new CompletionException(e.getCause());
            }
        }
    }

    /** Connects everything, the source last, and lets frames flow. */
    void begin() {
        for (SinkStage sink : sinks) {
            sink.ended().thenAccept(this::sinkEnded);
        }
        for (int i = 0; i < layers.size(); i++) {
            StageThread thread = new StageThread("op-" + layers.get(i).path(), Thread.MAX_PRIORITY);
            layerThreads.put(layers.get(i), thread);
            Stage blueprint = pipeline.layers().get(i);
            List<String> inputs = layers.get(i).layer().inputs();
            Map<Integer, String> sides = new LinkedHashMap<>();
            for (int input = 0; input < inputs.size(); input++) {
                if (!inputs.get(input).equals(inStep(blueprint))) {
                    sides.put(input, signal(blueprint, inputs.get(input)));
                }
            }
            graph.layer(
                    new LayerOperator(layers.get(i)), thread, blueprint.from().get(0), sides);
        }
        for (SinkStage sink : sinks) {
            graph.sink(sink);
        }
        graph.connect(pipeline.sourceName(), source.chunks());
    }

    /** The first sink that fails ends the run; otherwise the last one that ends does. */
    private void sinkEnded(Throwable why) {
        if (why != null) {
            ended.complete(why);
        } else if (sinks.stream().allMatch(sink -> sink.ended().isDone())) {
            ended.complete(null);
        }
    }

    /** Waits for the end; false when it has not come by then. */
    boolean awaitEnd(long nanos) throws InterruptedException {
        try {
            ended.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Calls {@code action} at the end. */
    void onEnd(Runnable action) {
        ended.thenRun(action);
    }

    /** What ended the run before its time, or null. */
    Throwable failure() {
        return ended.getNow(null);
    }

    void pause() {
        source.pause();
    }

    void resume() {
        source.resume();
    }

    /** Ends the source; what is under way goes on. */
    void stop() {
        source.stop();
    }

    /** Goes on without a source that does not come back. */
    void cutOff() {
        source.cutOff();
    }

    /** Lets the sinks that still run take what is on its way to them after another one has failed. */
    void drainOthers(long nanos) throws InterruptedException {
        source.stop();
        long limit = System.nanoTime() + nanos;
        for (SinkStage sink : sinks) {
            try {
                sink.ended().get(Math.max(1, limit - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException | ExecutionException e) {
                return;
            }
        }
    }

    /** Has a command applied soon, also when no frames flow. */
    void submit(int layer, Command command) {
        LayerStage stage = layers.get(layer);
        stage.commands().submit(command);
        StageThread thread = layerThreads.get(stage);
        if (thread != null) {
            try {
                thread.schedule(stage::applyCommands);
            } catch (RejectedExecutionException e) {
                stage.commands().refuseAll("the run is ending");
            }
        }
    }

    /** Refuses the commands that nobody will apply any more. */
    void refuseCommands() {
        layers.forEach(layer -> layer.commands().refuseAll("the run has ended"));
    }

    /** What went wrong with the sinks, in their order. */
    List<Throwable> sinkErrors() {
        return sinks.stream()
                .map(sink -> sink.ended().getNow(null))
                .filter(Objects::nonNull)
                .toList();
    }

    /** The threads that have not done with what was under way, and where they are, in words. */
    String busy() {
        List<String> busy = new ArrayList<>();
        for (StageThread thread : stageThreads()) {
            if (thread.isBusy()) {
                busy.add(place(thread.name(), thread.stack()));
            }
        }
        Thread reading = source.sourceThread();
        // A source that waits for those behind it is not what is wrong.
        if (busy.isEmpty() && reading.isAlive()) {
            busy.add(place(reading.getName(), reading.getStackTrace()));
        }
        return busy.isEmpty() ? "it was slow" : String.join("; ", busy);
    }

    /** Whether the calling thread is one of the run's, which its end waits for. */
    boolean isCurrent() {
        return source.isCurrent() || stageThreads().stream().anyMatch(StageThread::isCurrent);
    }

    private List<StageThread> stageThreads() {
        List<StageThread> threads = new ArrayList<>(layerThreads.values());
        sinks.forEach(sink -> threads.add(sink.thread()));
        return threads;
    }

    Ledger.Counts ledger() {
        return source.ledger().counts();
    }

    /** Frames of each signal that each sink has taken, by {@code sink <- signal}. */
    Map<String, Long> delivered() {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (SinkStage sink : sinks) {
            for (int i = 0; i < sink.signals().size(); i++) {
                counts.put(sink.name() + " <- " + sink.signals().get(i).name(), sink.delivered(i));
            }
        }
        return counts;
    }

    List<StageMetrics.Snapshot> metrics() {
        List<StageMetrics.Snapshot> all = new ArrayList<>();
        all.add(source.metrics().snapshot());
        layers.forEach(layer -> all.add(layer.metrics().snapshot()));
        sinks.forEach(sink -> all.add(sink.metrics().snapshot()));
        return all;
    }

    /** Gives everything back, of a run that was prepared and never begun. */
    void abandon() {
        source.close();
        workers.close();
    }

    /**
     * Ends whatever still runs and gives everything back.
     *
     * @return what could not be ended, in words; empty when all is well
     */
    List<String> tearDown(long millis) throws InterruptedException {
        List<String> complaints = new ArrayList<>();
        source.close();
        graph.disconnect();
        for (SinkStage sink : sinks) {
            sink.abandon(null);
        }
        List<StageThread> threads = stageThreads();
        threads.forEach(StageThread::dispose);
        long limit = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (StageThread thread : threads) {
            if (!thread.join(left(limit) / 2)) {
                thread.interrupt();
                if (!thread.join(left(limit))) {
                    complaints.add("did not end: " + place(thread.name(), thread.stack()));
                }
            }
        }
        Thread sourceThread = source.join(Math.max(1, left(limit)));
        if (sourceThread != null) {
            complaints.add("did not end: " + place(sourceThread.getName(), sourceThread.getStackTrace()));
        }
        workers.close();
        if (complaints.isEmpty()) {
            List<String> notFull = ChunkPool.notFull(pools);
            if (!notFull.isEmpty()) {
                complaints.add("chunks did not come home: " + notFull);
            }
        }
        return complaints;
    }

    private static long left(long limit) {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(limit - System.nanoTime()));
    }

    private static String place(String thread, StackTraceElement[] stack) {
        return "thread " + thread + " is at "
                + (stack.length == 0
                        ? "an unknown place"
                        : String.join(
                                " < ",
                                Arrays.stream(stack)
                                        .limit(4)
                                        .map(String::valueOf)
                                        .toList()));
    }
}
