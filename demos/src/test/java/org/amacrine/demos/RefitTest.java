package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.RefitSink;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.Stage;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.operators.arhmm.ArHmmModel;
import org.amacrine.operators.arhmm.ArHmmModelFile;
import org.amacrine.operators.arhmm.ArHmmParameters;
import org.amacrine.operators.arhmm.Hyperparameters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A live model that is fitted anew while frames go on. */
@Timeout(120)
class RefitTest {
    /** Two states that hold x at a level, for fifty frames on the average. */
    private static final double[] LEVELS = {-1, 1};

    private static final double[] MOVED = {-0.5, 1.5};
    private static final double DEVIATION = 0.2;
    private static final int FRAMES_AFTER = 1000;

    /** Held here, because what is set on a logger that nobody holds is forgotten. */
    private static final Logger LOG = Logger.getLogger(RefitSink.class.getName());

    @TempDir
    Path folder;

    @BeforeAll
    static void beQuiet() {
        LOG.setLevel(Level.WARNING);
    }

    @AfterAll
    static void beLoudAgain() {
        LOG.setLevel(null);
    }

    private static ArHmmParameters model() {
        double variance = DEVIATION * DEVIATION;
        return new ArHmmParameters(
                2,
                1,
                1,
                new double[] {0.5, 0.5},
                new double[] {0.98, 0.02, 0.02, 0.98},
                new double[] {0, LEVELS[0], 0, LEVELS[1]},
                new double[] {variance, variance});
    }

    /** Frames of an animal whose states have moved. */
    private static final class MovedAnimal implements FrameSource {
        private final Random random = new Random(3);
        private int state;

        @Override
        public SourceFormat open(SourceContext context) {
            return new SourceFormat(Shape.vector(1), 0, -1, false);
        }

        @Override
        public boolean read(Frame frame) {
            state = random.nextDouble() < 0.02 ? 1 - state : state;
            frame.values()[0] = (float) (MOVED[state] + DEVIATION * random.nextGaussian());
            return true;
        }

        @Override
        public void close() {}
    }

    /** Means of the log evidence before the model changes, and behind. */
    private static final class Evidence implements ChunkSink {
        private final CompletableFuture<double[]> means = new CompletableFuture<>();
        private final double[] sums = new double[2];
        private final long[] counts = new long[2];
        private volatile Runner runner;

        @Override
        public void open(List<Signal> signals) {}

        @Override
        public void accept(int signal, Chunk chunk) {
            List<Runner.Change> changes = runner.journal();
            int part = changes.isEmpty() || chunk.firstFrame() < changes.get(0).frame() ? 0 : 1;
            for (int t = 0; t < chunk.frames(); t++) {
                float log = chunk.values()[chunk.start(t)];
                if (!Float.isNaN(log)) {
                    sums[part] += log;
                    counts[part]++;
                }
            }
            if (counts[1] >= FRAMES_AFTER) {
                means.complete(new double[] {sums[0] / counts[0], sums[1] / counts[1]});
            }
        }

        @Override
        public void close() {}
    }

    @Test
    void shouldFollowAnAnimalThatChanged() throws Exception {
        Path file = folder.resolve("model.npz");
        Hyperparameters prior = Hyperparameters.of(new Hyperparameters.Transitions(2, 5.7, 50, 1000), 1, 1, 0.01, 10);
        ArHmmModelFile.of(new ArHmmModel(0, 0, prior, model(), new int[][] {})).write(file);
        Evidence evidence = new Evidence();
        Runner runner = new Runner(Pipeline.builder()
                .resolution(10, 100)
                .dt(8)
                .source(Stage.of(MovedAnimal::new).named("animal"))
                .layer(Stage.of("arhmm.filter").named("behaviour").setting("model", file.toString()))
                .sink(Stage.of(() -> evidence).named("evidence").from("behaviour.logEvidence"))
                .sink(Stage.of("arhmm.refit")
                        .named("refit")
                        .from("animal")
                        .setting("layer", "behaviour")
                        .setting("model", file.toString())
                        .setting("windowFrames", 1000)
                        .setting("everyFrames", 1000)
                        .setting("sweeps", 5))
                .build());
        evidence.runner = runner;
        try (runner) {
            runner.start();
            double[] means = evidence.means.get(60, TimeUnit.SECONDS);

            // Half a unit beside the level costs 0.5^2 / (2 0.2^2) = 3.1 nats of the 0.2 that a frame has at best.
            assertEquals(-2.9, means[0], 0.3);
            assertTrue(means[1] > 0, means[1] + " nats with the new model");
        }
        // Others may have followed.
        List<Runner.Change> changes = runner.journal().subList(0, 4);
        assertEquals(
                List.of("Ab", "Q", "betas", "pi"),
                changes.stream().map(Runner.Change::parameter).sorted().toList());
        assertEquals(1, changes.stream().map(Runner.Change::frame).distinct().count());
        NdArray ab = (NdArray) runner.parameters("behaviour").get("Ab").value();
        for (int k = 0; k < 2; k++) {
            assertEquals(MOVED[k], ab.at(2 * k + 1) / (1 - ab.at(2 * k)), 0.05, "state " + k);
        }
    }
}
