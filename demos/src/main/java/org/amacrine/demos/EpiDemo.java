package org.amacrine.demos;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.Stage;
import org.amacrine.demos.cli.LiveRun;
import org.amacrine.demos.epi.FitSource;
import org.amacrine.demos.epi.FitView;
import org.amacrine.demos.picture.EpiPicture;
import org.amacrine.operators.epi.EpiExample;
import org.amacrine.sinks.video.VideoSink;

/**
 * A distribution over the parameters of a model, as it learns which of them make the model do what it should.
 *
 * <p>Change first: the model; the number of {@code epochs}; and what is drawn, in {@link FitView}.
 */
public final class EpiDemo {

    /**
     * What the demo can be told.
     *
     * @param model name of a built-in model
     * @param epochs of the fit
     * @param iterations training steps of an epoch
     * @param initialIterations steps before the first epoch, that bring the distribution to a Gaussian
     * @param seed of all random numbers
     * @param backend where kernels run
     */
    public record Options(String model, int epochs, int iterations, int initialIterations, long seed, String backend) {
        /** The linear system in two dimensions, 13 epochs of 1000 steps. */
        public static final Options DEFAULT = new Options("linear", 13, 1000, 5000, 0, "auto");
    }

    private static final int STEPS_PER_FRAME = 50;
    private static final double FRAMES_PER_SECOND = 30;

    private final Options options;
    private final EpiExample example;
    private final FitSource source;
    private final Path picture;
    private final EpiPicture sink;
    private final Path movie;
    private final PrintWriter out;

    /**
     * A demo that draws to a file, and prints what it does.
     *
     * @param movie where to write a video of the fit, .mp4 or .mkv; null for none
     */
    public EpiDemo(Options options, Path picture, Path movie, PrintWriter out) {
        this.options = options;
        this.example = EpiExample.of(options.model);
        this.movie = movie;
        this.out = out;
        if (options.iterations < STEPS_PER_FRAME) {
            throw new IllegalArgumentException("--iterations must be >= " + STEPS_PER_FRAME
                    + ", the steps between two frames, but was " + options.iterations);
        }
        source = new FitSource(new FitSource.Options(
                example, options.epochs, options.iterations, options.initialIterations, STEPS_PER_FRAME));
        this.picture = picture;
        sink = new EpiPicture(picture, source, STEPS_PER_FRAME);
    }

    /** Runs the demo with its defaults. */
    public static void main(String[] args) throws InterruptedException {
        Path file = Path.of("out", "epi.png");
        new EpiDemo(Options.DEFAULT, file, null, new PrintWriter(System.out)).run(pipeline -> {});
    }

    /**
     * Fits; returns the exit code.
     *
     * @param finish completes the pipeline, for example with a dashboard
     */
    public int run(Consumer<Pipeline.Builder> finish) throws InterruptedException {
        Pipeline.Builder pipeline = Pipeline.builder()
                .name("epi")
                .resolution(10, FRAMES_PER_SECOND)
                .dt(1)
                .backend(options.backend)
                .seed(options.seed)
                .source(Stage.of(() -> source).named("fit"))
                .layer(Stage.of(() -> new FitView(example)).named("view"))
                .sink(Stage.of(() -> sink).named("picture").from("view.entropy", "view.violation"));
        if (movie != null) {
            pipeline.sink(Stage.of(() -> new VideoSink(movie).framesPerSecond(FRAMES_PER_SECOND))
                    .named("movie")
                    .from("view.posterior"));
        }
        finish.accept(pipeline);
        int code = new LiveRun(new Runner(pipeline.build()), out, p -> "").run();
        out.println(sink.summary());
        out.println("picture: " + picture + (movie == null ? "" : ", movie: " + movie));
        out.flush();
        return code;
    }
}
