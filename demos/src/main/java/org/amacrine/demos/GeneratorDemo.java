package org.amacrine.demos;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.amacrine.core.job.JobProgress;
import org.amacrine.core.layer.Graph;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.Stage;
import org.amacrine.demos.cli.LiveRun;
import org.amacrine.demos.generator.FittedGenerator;
import org.amacrine.demos.generator.GivenThenFree;
import org.amacrine.demos.generator.SimulatedNetwork;
import org.amacrine.demos.picture.BumpPicture;
import org.amacrine.demos.picture.GeneratorPicture;
import org.amacrine.operators.latent.Feedback;
import org.amacrine.operators.latent.LatentGenerator;

/**
 * A model learns how activity follows from stimuli and from itself, in a recording of a simulated experiment; then it runs live
 * beside the experiment: at first it is given the activity, later only the stimuli.
 *
 * <p>Change first: the number of {@code modes}; the recording's length; and what the experiment is like, in {@link
 * SimulatedNetwork}.
 */
public final class GeneratorDemo {

    /**
     * What the demo can be told.
     *
     * @param learnSeconds length of the recording that the model learns from
     * @param seconds stream time to watch afterwards; 0 for no end
     * @param modes of the activity
     * @param iterations of the fit
     * @param seed of all random numbers
     * @param backend where kernels run
     */
    public record Options(double learnSeconds, double seconds, int modes, int iterations, long seed, String backend) {
        /** 200 s to learn from, 45 s to watch. */
        public static final Options DEFAULT = new Options(200, 45, 5, 3000, 0, "auto");
    }

    /** Steps of which the live model is given the activity. */
    private static final int GIVEN = 100;

    private static final int FEWEST_STEPS = 200;

    private final Options options;
    private final Path picture;
    private final boolean parts;
    private final PrintWriter out;
    private final int learnSteps;

    /**
     * A demo that draws to a file, and prints what it does.
     *
     * @param parts whether each part of the picture is written as a picture of its own too, and one of wandering bumps
     */
    public GeneratorDemo(Options options, Path picture, boolean parts, PrintWriter out) {
        this.options = options;
        this.picture = picture;
        this.parts = parts;
        this.out = out;
        learnSteps = (int) Math.round(options.learnSeconds * SimulatedNetwork.STEPS_PER_SECOND);
        if (learnSteps < FEWEST_STEPS) {
            throw new IllegalArgumentException("--learn must be at least "
                    + FEWEST_STEPS / SimulatedNetwork.STEPS_PER_SECOND + " s but was " + options.learnSeconds
                    + " s; there is nothing to learn from less");
        }
        if (options.iterations < 1) {
            throw new IllegalArgumentException("--iterations must be >= 1 but was " + options.iterations);
        }
    }

    /** Runs the demo with its defaults. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path file = Path.of("out", "generator.png");
        new GeneratorDemo(Options.DEFAULT, file, false, new PrintWriter(System.out))
                .run(progress -> {}, pipeline -> {});
    }

    /**
     * Learns, then runs; returns the exit code.
     *
     * @param progress told after each iteration of the fit
     * @param finish completes the pipeline of the live part, for example with a dashboard
     */
    public int run(Consumer<JobProgress> progress, Consumer<Pipeline.Builder> finish)
            throws IOException, InterruptedException {
        out.printf("learns from %.0f s of %d units%n", options.learnSeconds, SimulatedNetwork.UNITS);
        out.flush();
        FittedGenerator fitted = FittedGenerator.fit(
                SimulatedNetwork.record(options.seed, learnSteps),
                options.modes,
                options.iterations,
                options.seed,
                progress);
        GeneratorPicture sink = new GeneratorPicture(picture, fitted, GIVEN).parts(parts);
        Pipeline.Builder live = live(fitted, sink);
        finish.accept(live);
        int code = new LiveRun(new Runner(live.build()), out, p -> "").run();
        out.println(sink.summary());
        if (parts) {
            double[] missed = BumpPicture.write(picture, options.seed);
            out.printf(Locale.ROOT, "bumps miss a function by %.3f, wandering ones by %.3f%n", missed[0], missed[1]);
        }
        out.println("picture: " + picture);
        out.flush();
        return code;
    }

    private Pipeline.Builder live(FittedGenerator fitted, GeneratorPicture sink) {
        return Pipeline.builder()
                .name("generator")
                .resolution(10, SimulatedNetwork.STEPS_PER_SECOND)
                .dt(5)
                .backend(options.backend)
                .seed(options.seed)
                .durationSeconds(options.seconds)
                .source(Stage.of(() -> new SimulatedNetwork(learnSteps)).named("experiment"))
                .layer(Stage.of(() -> generator(fitted)).named("generator"))
                .sink(Stage.of(() -> sink).named("picture").from("experiment", "generator.y0"));
    }

    /** Stimuli and activity are two inputs of the model but one signal of the experiment. */
    private static Layer generator(FittedGenerator fitted) {
        List<Feedback> feedback = List.of(new Feedback(0, 1));
        return Graph.builder("generator")
                .node("inputs", new GivenThenFree(GIVEN), List.of("input"))
                .node(
                        "model",
                        new LatentGenerator("latent.generator", fitted.model(), LatentGenerator.Options.of(feedback)),
                        List.of("inputs.stimuli", "inputs.activity"))
                .output("y0", "model.y0")
                .build();
    }
}
