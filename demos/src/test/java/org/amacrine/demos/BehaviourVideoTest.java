package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.RunnerState;
import org.amacrine.core.run.Stage;
import org.amacrine.demos.behaviour.BehaviourFeatures;
import org.amacrine.demos.behaviour.SimulatedArena;
import org.amacrine.sinks.images.Brightness;
import org.amacrine.sinks.video.VideoSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a video file to states: a recorded one of an animal whose states are known. */
@Timeout(300)
class BehaviourVideoTest {
    private static final long SEED = 0;
    private static final double LEARN_SECONDS = 60;
    private static final double WATCH_SECONDS = 20;
    private static final int STEPS_PER_SECOND = 10;

    @TempDir
    Path folder;

    /** A video of the arena; in a lossless codec, which gives the same bytes on every machine. */
    private Path record() throws InterruptedException {
        Path video = folder.resolve("arena.mkv");
        Pipeline pipeline = Pipeline.builder()
                .name("recording")
                .resolution(10, SimulatedArena.FRAMES_PER_SECOND)
                .dt(10)
                .backend("scalar")
                .seed(SEED)
                .durationSeconds(LEARN_SECONDS + WATCH_SECONDS)
                .source(Stage.of(() -> new SimulatedArena(0)).named("source"))
                .sink(Stage.of(() -> new VideoSink(video)
                                .framesPerSecond(SimulatedArena.FRAMES_PER_SECOND)
                                .brightness(Brightness.fixed(0, 1)))
                        .named("video")
                        .from("source"))
                .build();
        try (Runner runner = new Runner(pipeline)) {
            runner.start();
            assertEquals(RunnerState.STOPPED, runner.awaitEnd(Duration.ofMinutes(2)));
        }
        return video;
    }

    /** Share of steps in the right state, each found state counted for the true one that it meets most. */
    private static double right(double[] found, int[] truth) {
        int[][] together = new int[64][SimulatedArena.STATES.length];
        int count = 0;
        for (int t = 0; t < found.length; t++) {
            if (Double.isFinite(found[t])) {
                together[(int) found[t]][truth[t]]++;
                count++;
            }
        }
        assertTrue(count > 0.95 * found.length, count + " of " + found.length + " steps have a state");
        return Arrays.stream(together)
                        .mapToInt(row -> Arrays.stream(row).max().orElseThrow())
                        .sum()
                / (double) count;
    }

    @Test
    void shouldFindTheStatesOfAnAnimalInAVideo() throws IOException, InterruptedException {
        Path video = record();
        Path picture = folder.resolve("behaviour.png");
        BehaviourFeatures states = new BehaviourFeatures();
        StringWriter out = new StringWriter();
        BehaviourDemo.Options options =
                new BehaviourDemo.Options(video, LEARN_SECONDS, 0, 12, 1, 100, 40, SEED, "scalar");

        int code = new BehaviourDemo(options, picture, true, new PrintWriter(out))
                .run(
                        progress -> {},
                        pipeline -> pipeline.sink(
                                Stage.of(() -> states).named("states").from("behaviour.state")));

        assertEquals(0, code, out::toString);
        double[] found = states.features().doubles();
        assertEquals(WATCH_SECONDS * STEPS_PER_SECOND, found.length, 3, "steps");
        int framesPerStep = (int) SimulatedArena.FRAMES_PER_SECOND / STEPS_PER_SECOND;
        int learned = (int) (LEARN_SECONDS * SimulatedArena.FRAMES_PER_SECOND);
        int[] all = SimulatedArena.truth(SEED, learned + (found.length + 1) * framesPerStep);
        int[] truth = new int[found.length];
        Arrays.setAll(truth, t -> all[learned + t * framesPerStep - framesPerStep / 2]);
        double right = right(found, truth);
        assertTrue(right > 0.85, right + " of the steps are right; " + out);

        assertTrue(Files.size(picture) > 10_000);
        for (String part : List.of("path", "fit", "durations", "states", "transitions", "cross-likelihoods")) {
            BufferedImage image =
                    ImageIO.read(folder.resolve("behaviour-" + part + ".png").toFile());
            assertTrue(image.getWidth() > 400 && image.getHeight() > 200, part);
        }
        assertTrue(
                out.toString().contains("state  of time  visits  mean     speed     forwards  turning"), out::toString);
        assertTrue(out.toString().contains("picture: " + picture), out::toString);
    }
}
