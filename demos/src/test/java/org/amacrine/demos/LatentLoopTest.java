package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.random.RandomSequence;
import org.amacrine.core.run.Clock;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.PipelineFile;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.RunnerState;
import org.amacrine.operators.latent.Feedback;
import org.amacrine.operators.latent.Generator;
import org.amacrine.operators.latent.Identity;
import org.amacrine.operators.latent.LatentModelFile;
import org.amacrine.operators.latent.LatentRegressionModel;
import org.amacrine.operators.latent.LinearMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Generators in a closed loop with each other and with a retina: the pipeline file of docs/latent.md, and one with missing values. */
@Timeout(120)
class LatentLoopTest {
    private static final List<Feedback> ITSELF = List.of(new Feedback(0, 0));
    private static final int UNITS = 3;
    private static final int STEPS = 200;
    private static final int DELAY = 10;

    @TempDir
    Path folder;

    private final LatentRegressionModel left = model(1, UNITS, 16, UNITS);
    private final LatentRegressionModel right = model(2, UNITS, UNITS);

    @BeforeEach
    void writeModels() throws IOException {
        new LatentModelFile(left, ITSELF, Map.of()).write(folder.resolve("left.npz"));
        new LatentModelFile(right, ITSELF, Map.of()).write(folder.resolve("right.npz"));
    }

    private static LatentRegressionModel model(long seed, int... dIn) {
        int[] dProj = new int[dIn.length];
        Arrays.fill(dProj, 2);
        RandomSequence random = new RandomSequence().start(seed, 0);
        return LatentRegressionModel.builder(dIn, new int[] {UNITS}, dProj, new int[] {2})
                .s(List.of(new Identity()))
                .useOffsets(true)
                .seed(seed)
                .build(new LinearMap(dProj, new int[] {2}, false, random));
    }

    private static String pageExample() throws IOException {
        Matcher matcher = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..", "docs", "latent.md")));
        assertEquals(true, matcher.find());
        return matcher.group(1);
    }

    /** Runs a pipeline whose files are those of the folder. */
    private void run(String yaml, Map<String, String> changes) throws IOException, InterruptedException {
        String text = yaml.replaceAll("([a-z]+\\.np[yz])", Matcher.quoteReplacement(folder.toString()) + "/$1");
        Path file = Files.writeString(folder.resolve("loop.yaml"), text);
        Pipeline pipeline = PipelineFile.read(file, changes, Catalog.load());
        Runner runner = new Runner(pipeline, Catalog.load(), Clock.SYSTEM);
        runner.start();
        assertEquals(RunnerState.STOPPED, runner.awaitEnd(Duration.ofSeconds(60)), () -> "" + runner.failure());
    }

    private float[] written(String file) throws IOException {
        return NpyReader.readAll(folder.resolve(file)).floats();
    }

    private static Generator generator(LatentRegressionModel model, String name) {
        Generator generator = new Generator(model, ITSELF, ScalarKernels.INSTANCE, 1, 0, name);
        generator.restore(0, new float[][] {new float[UNITS]});
        return generator;
    }

    @ParameterizedTest
    @CsvSource({"10, 1, scalar", "10, 2, auto", "7, 2, scalar", "1, 1, auto"})
    void shouldEqualALoopWrittenByHand(int dt, int workers, String backend) throws IOException, InterruptedException {
        Map<String, String> changes = new HashMap<>();
        changes.put("dt", "" + dt);
        changes.put("workers", "" + workers);
        changes.put("backend", backend);

        run(pageExample(), changes);

        float[] seen = written("seen.npy");
        assertEquals(STEPS * 16, seen.length);
        assertNotEquals(seen[16 * 150], seen[16 * 199], "the retina answers");
        Generator one = generator(left, "left");
        Generator other = generator(right, "right");
        float[] ofLeft = new float[STEPS * UNITS];
        float[] ofRight = new float[STEPS * UNITS];
        for (int t = 0; t < STEPS; t++) {
            one.freeAll();
            System.arraycopy(seen, 16 * t, one.x(1), 0, 16);
            Arrays.fill(one.x(2), 0);
            if (t >= DELAY) {
                System.arraycopy(ofRight, UNITS * (t - DELAY), one.x(2), 0, UNITS);
            }
            one.advance();
            System.arraycopy(one.y(0), 0, ofLeft, UNITS * t, UNITS);
            other.freeAll();
            System.arraycopy(one.y(0), 0, other.x(1), 0, UNITS);
            other.advance();
            System.arraycopy(other.y(0), 0, ofRight, UNITS * t, UNITS);
        }
        assertArrayEquals(ofLeft, written("left.npy"));
        assertArrayEquals(ofRight, written("right.npy"));
    }

    private float[] runFreely(int frames, String more) throws IOException, InterruptedException {
        run("""
                dt: 4
                backend: scalar
                source:
                  type: latent.generator
                  settings: {model: right.npz, feedback: "0:0,0:1", frames: %d%s}
                sinks:
                  - {type: array, from: source, settings: {file: free.npy}}
                """.formatted(frames, more), Map.of());
        return written("free.npy");
    }

    @Test
    void shouldGoOnFromTheStatesThatARunKept() throws IOException, InterruptedException {
        float[] straight = runFreely(31, "");

        float[] first = runFreely(10, ", stateFile: state.npz");
        float[] second = runFreely(21, ", stateFile: state.npz");

        assertArrayEquals(Arrays.copyOf(straight, 10 * UNITS), first);
        assertArrayEquals(Arrays.copyOfRange(straight, 10 * UNITS, 31 * UNITS), second);
    }

    @Test
    void shouldRunFreelyUntilSomethingComesBack() throws IOException, InterruptedException {
        run("""
                dt: 4
                backend: scalar
                source: {type: random, settings: {rows: 3, columns: 1, frames: 40}}
                layers:
                  - name: left
                    type: latent.generator
                    feedback:
                      x0: {signal: right.y0, delayFrames: 6, shape: 3x1x1, initial: .nan}
                      x1: {signal: left.y0, delayFrames: 4, shape: 3x1x1, initial: 0.5}
                    settings: {model: right.npz}
                    parameters: {start: zero}
                  - name: right
                    type: latent.generator
                    from: {x0: source, x1: left.y0}
                    settings: {model: right.npz}
                sinks:
                  - {type: array, from: left.y0, settings: {file: left.npy}}
                  - {name: other, type: array, from: right.y0, settings: {file: right.npy}}
                """, Map.of());

        float[] ofRight = written("right.npy");
        Generator one = generator(right, "left");
        float[] expected = new float[40 * UNITS];
        for (int t = 0; t < 40; t++) {
            one.freeAll();
            for (int j = 0; j < UNITS; j++) {
                one.x(0)[j] = t < 6 ? Float.NaN : ofRight[UNITS * (t - 6) + j];
                one.x(1)[j] = t < 4 ? 0.5f : expected[UNITS * (t - 4) + j];
            }
            one.advance();
            System.arraycopy(one.y(0), 0, expected, UNITS * t, UNITS);
        }
        assertArrayEquals(expected, written("left.npy"));
    }
}
