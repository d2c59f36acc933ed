package org.amacrine.demos;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.job.JobProgress;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.RunnerState;
import org.amacrine.core.run.Stage;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.demos.behaviour.BehaviourFeatures;
import org.amacrine.demos.behaviour.FirstFeatures;
import org.amacrine.demos.behaviour.FittedBehaviour;
import org.amacrine.demos.behaviour.SimulatedArena;
import org.amacrine.demos.behaviour.VisitSeconds;
import org.amacrine.demos.cli.LiveRun;
import org.amacrine.demos.picture.BehaviourPicture;
import org.amacrine.operators.arhmm.ArHmmFilter;
import org.amacrine.operators.arhmm.Hyperparameters;
import org.amacrine.operators.features.Pca;
import org.amacrine.operators.vision.Tracker;
import org.amacrine.sources.SourceComponents;

/**
 * A model learns what an animal does from the first part of a video from above, then says live what it does in the rest: video
 * to features, fit; then video, features, components, filter.
 *
 * <p>Change first: {@code kappa}, for longer or shorter states; {@code lags}; the number of {@code states}; and the features,
 * which are those of the layer {@code vision.tracker}.
 */
public final class BehaviourDemo {

    /**
     * What the demo can be told.
     *
     * @param video a video file, or null for a simulated arena
     * @param learnSeconds stream time that the model learns from; 0 for half of a video, 90 s of the arena
     * @param seconds stream time to watch afterwards; 0 for all
     * @param states the most states the model may use
     * @param lags steps that the next one depends on
     * @param kappa stickiness: larger for longer states
     * @param sweeps of the fit
     * @param seed of all random numbers
     * @param backend where kernels run
     */
    public record Options(
            Path video,
            double learnSeconds,
            double seconds,
            int states,
            int lags,
            double kappa,
            long sweeps,
            long seed,
            String backend) {

        /** The defaults, on a video or, with null, on the simulated arena. */
        public static Options of(Path video) {
            return new Options(video, 0, video == null ? 60 : 0, 12, 1, 100, 100, 0, "auto");
        }
    }

    private static final List<String> LIVE_SIGNALS = List.of(
            "source",
            "behaviour.filtered",
            "visit",
            "features",
            "tracker.speed",
            "behaviour.logEvidence",
            "behaviour.changeProbability");

    private static final double ARENA_LEARN_SECONDS = 90;
    /**
     * Steps per second of the model. At the rate of a video the next frame is so much like the last one that what animals do
     * for longer, such as how fast they walk, makes hardly any difference to it.
     */
    private static final double STEPS_PER_SECOND = 10;
    /** Forwards, to the right, and turning. */
    private static final int VELOCITIES = 3;
    /** Larger videos are made smaller: a tracker needs no more rows. */
    private static final int MOST_ROWS = 240;

    private final Options options;
    private final Path picture;
    private final boolean parts;
    private final PrintWriter out;
    private final double framesPerSecond;
    private final double learnSeconds;
    private final double scale;
    private NdArray background;

    /**
     * A demo that draws to a file, and prints what it does.
     *
     * @param parts whether each part of the picture is written as a picture of its own too
     */
    public BehaviourDemo(Options options, Path picture, boolean parts, PrintWriter out) throws IOException {
        this.options = options;
        this.picture = picture;
        this.parts = parts;
        this.out = out;
        double wanted = options.learnSeconds;
        if (options.video == null) {
            framesPerSecond = SimulatedArena.FRAMES_PER_SECOND;
            learnSeconds = wanted > 0 ? wanted : ARENA_LEARN_SECONDS;
            scale = 1;
        } else {
            SourceFormat format = format(options.video);
            framesPerSecond = format.framesPerSecond();
            scale = Math.min(1, MOST_ROWS / (double) format.shape().rows());
            learnSeconds = wanted > 0 ? wanted : format.frames() / framesPerSecond / 2;
            if (!(learnSeconds > 0)) {
                throw new IllegalArgumentException("the length of " + options.video
                        + " is not known; say with --learn how much of it to learn from, for example 60s");
            }
        }
    }

    private static SourceFormat format(Path video) throws IOException {
        Kernels kernels = Backends.choose("scalar").backend().open();
        try (FrameSource source = SourceComponents.source("video", Map.of("file", video.toString()))) {
            return source.open(new SourceContext("video", Resolution.DEFAULT, 0, kernels));
        }
    }

    /** Runs the demo with its defaults. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path file = Path.of("out", "behaviour.png");
        new BehaviourDemo(Options.of(null), file, false, new PrintWriter(System.out))
                .run(progress -> {}, pipeline -> {});
    }

    /**
     * Learns, then watches; returns the exit code.
     *
     * @param progress told after each sweep of the fit
     * @param finish completes the pipeline of the live part, for example with a dashboard
     */
    public int run(Consumer<JobProgress> progress, Consumer<Pipeline.Builder> finish) throws InterruptedException {
        FittedBehaviour fitted = learn(progress);
        BehaviourPicture sink = picture(fitted).parts(parts);
        Pipeline.Builder live = live(fitted, sink);
        finish.accept(live);
        int code = new LiveRun(new Runner(live.build()), out, p -> "").run();
        out.print(sink.table());
        out.println(sink.summary());
        out.println("picture: " + picture);
        out.flush();
        return code;
    }

    /**
     * Adds to the pipeline of the live part what is only looked at, how long the animal is in its state already.
     *
     * @return the signals to look at: the animal, its states, and why
     */
    public static String[] live(Pipeline.Builder pipeline) {
        pipeline.layer(Stage.of(VisitSeconds::new).named("visit").from("behaviour.state"));
        return LIVE_SIGNALS.toArray(String[]::new);
    }

    /** Source, tracker, features; then the fit. */
    private FittedBehaviour learn(Consumer<JobProgress> progress) throws InterruptedException {
        BehaviourFeatures features = new BehaviourFeatures();
        Tracker tracker = new Tracker("vision.tracker");
        tracker.parameters().set("smoothingSeconds", 0);
        Runner runner = new Runner(tracked(0, Stage.of(() -> tracker))
                .name("learning")
                .durationSeconds(learnSeconds)
                .sink(Stage.of(() -> features).named("collected").from("features"))
                .build());
        out.printf("learns from the first %.0f s%n", learnSeconds);
        out.flush();
        try (runner) {
            runner.start();
            RunnerState end = RunnerState.RUNNING;
            while (!end.isOver()) {
                end = runner.awaitEnd(Duration.ofMinutes(1));
            }
            if (end == RunnerState.FAILED) {
                throw new IllegalStateException(runner.failure().getMessage(), runner.failure());
            }
        }
        background = tracker.states().get("background");
        return FittedBehaviour.fit(
                features.features(),
                new Hyperparameters.Transitions(options.states, 5.7, options.kappa, 1000),
                options.lags,
                options.sweeps,
                options.seed,
                Backends.choose(options.backend).backend().open(),
                progress);
    }

    /** Source, tracker, and of its features the velocities. */
    private Pipeline.Builder tracked(double fromSeconds, Stage tracker) {
        Stage source = options.video == null
                ? Stage.of(() -> new SimulatedArena(Math.round(fromSeconds * framesPerSecond)))
                        .named("source")
                : Stage.of("video")
                        .setting("file", options.video.toString())
                        .setting("startSeconds", fromSeconds)
                        .setting("scale", scale);
        return Pipeline.builder()
                .resolution(10, STEPS_PER_SECOND)
                .dt(1)
                .backend(options.backend)
                .seed(options.seed)
                .source(source)
                .layer(tracker.named("tracker"))
                .layer(Stage.of(() -> new FirstFeatures(VELOCITIES))
                        .named("features")
                        .from("tracker.features"));
    }

    private Pipeline.Builder live(FittedBehaviour fitted, BehaviourPicture sink) {
        // The tracker begins with what it learned of the arena without the animal.
        return tracked(
                        learnSeconds,
                        Stage.of("vision.tracker")
                                .parameter("background", background)
                                .parameter("smoothingSeconds", 0))
                .name("behaviour")
                .durationSeconds(options.seconds)
                .layer(Stage.of(() -> new Pca("features.pca", fitted.components()))
                        .named("components")
                        .from("features")
                        .parameter("whiten", true))
                .layer(Stage.of(() -> new ArHmmFilter("arhmm.filter", fitted.parameters(), ArHmmFilter.DEFAULT_OUTPUTS))
                        .named("behaviour")
                        .parameter("missing", "skip"))
                .sink(Stage.of(() -> sink)
                        .named("picture")
                        .from(
                                "source",
                                "tracker.centroid",
                                "tracker.speed",
                                "behaviour.filtered",
                                "behaviour.state",
                                "features"));
    }

    private BehaviourPicture picture(FittedBehaviour fitted) {
        if (options.video != null) {
            return new BehaviourPicture(picture, fitted, null);
        }
        int skipped = (int) Math.round(learnSeconds * framesPerSecond);
        int framesPerStep = (int) Math.round(framesPerSecond / STEPS_PER_SECOND);
        // Velocities of a step are those since the step before it: the truth in the middle of that time.
        IntFunction<int[]> truth = steps -> {
            int[] all = SimulatedArena.truth(options.seed, skipped + steps * framesPerStep);
            return IntStream.range(0, steps)
                    .map(t -> all[Math.max(0, skipped + t * framesPerStep - framesPerStep / 2)])
                    .toArray();
        };
        return new BehaviourPicture(picture, fitted, truth, SimulatedArena.STATES);
    }
}
