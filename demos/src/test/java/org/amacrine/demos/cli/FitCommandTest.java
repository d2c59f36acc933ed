package org.amacrine.demos.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.core.io.Npz;
import org.amacrine.core.layer.Layer;
import org.amacrine.demos.Cli;
import org.amacrine.operators.models.Cascades;
import org.amacrine.operators.retina.Retina;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FitCommandTest {
    private static final Shape SHAPE = Shape.image(5, 6);
    private static final int FRAMES = 60;

    @TempDir
    Path folder;

    private NdArray kernel;
    private Path x;
    private Path y;

    @BeforeEach
    void writeStimulusAndResponse() throws IOException {
        Random random = new Random(3);
        kernel = NdArray.of(gaussian(random, 12), 3, 2, 2);
        Layer truth = Cascades.ln("ln", 1, true, false, 3, 2, 2);
        truth.parameters().set("conv.weight", kernel);
        Frames stimulus = new Frames(SHAPE, FRAMES, gaussian(random, FRAMES * SHAPE.values()));
        x = write("x.npy", stimulus.values());
        y = write("y.npy", truth.run(stimulus, 10).get("output").values());
    }

    private static float[] gaussian(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private Path write(String name, float[] values) throws IOException {
        Path file = folder.resolve(name);
        NpyWriter.write(file, NdArray.of(values, FRAMES, SHAPE.rows(), SHAPE.columns()));
        return file;
    }

    private Cli fit(String layer, Path goal, String out, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "fit",
                layer,
                "--in",
                x.toString(),
                "--goal",
                goal.toString(),
                "--out",
                folder.resolve(out).toString()));
        args.addAll(List.of(more));
        return Cli.run(args.toArray(String[]::new));
    }

    @Test
    void shouldFindTheKernelOfAnLnModelAndApplyIt() throws IOException {
        Cli cli = fit(
                "model.ln",
                y,
                "ln.npz",
                "--set",
                "kernel=3,2,2",
                "--set",
                "conv.weight=0.01",
                "--optimiser",
                "lbfgs",
                "--iterations",
                "5",
                "--log",
                folder.resolve("log.csv").toString());

        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.out().contains("fits 12 numbers: conv.weight"), cli.out());
        float[] found = Npz.read(folder.resolve("ln.npz")).get("conv.weight").floats();
        assertArrayEquals(kernel.floats(), found, 1e-3f);
        assertTrue(Files.readString(folder.resolve("log.csv")).startsWith("iteration,loss,seconds\n1,"));
        Cli apply = Cli.run(
                "apply",
                "model.ln",
                "--params",
                folder.resolve("ln.npz").toString(),
                "--in",
                x.toString(),
                "--out",
                folder.toString());
        assertEquals(0, apply.code(), apply.err());
        assertArrayEquals(
                NpyReader.readAll(y).floats(),
                NpyReader.readAll(folder.resolve("output.npy")).floats(),
                1e-2f);
    }

    @Test
    void shouldGoOnFromACheckpointAsIfItHadNeverStopped() throws IOException {
        String[] options = {"--set", "kernel=3,2,2", "--start-noise", "0.1", "--dt", "25", "--seed", "4"};

        List<String> straight = new ArrayList<>(List.of(options));
        straight.addAll(List.of("--iterations", "6"));
        assertEquals(
                0, fit("model.ln", y, "a.npz", straight.toArray(String[]::new)).code());
        List<String> half = new ArrayList<>(List.of(options));
        half.addAll(List.of("--iterations", "3"));
        assertEquals(0, fit("model.ln", y, "b.npz", half.toArray(String[]::new)).code());
        straight.add("--resume");
        Cli resumed = fit("model.ln", y, "b.npz", straight.toArray(String[]::new));

        assertEquals(0, resumed.code(), resumed.err());
        assertEquals(Npz.read(folder.resolve("a.npz")), Npz.read(folder.resolve("b.npz")));
    }

    /** All is frozen but the gain of the bipolar cells, which the currents of the ganglion cells tell. */
    @Test
    void shouldFitARetinaWithoutSpikes() throws IOException {
        Retina truth = Retina.builder()
                .stages(EnumSet.complementOf(EnumSet.of(Retina.Stage.SPIKES)))
                .build();
        truth.parameters().set("bipolar.inputHertz", 60);
        Frames stimulus = new Frames(SHAPE, FRAMES, NpyReader.readAll(x).floats());
        Path on = write(
                "on.npy", truth.run(stimulus, 10).get("ganglion_spikes_ON").values());
        String others = truth.parameters().all().entrySet().stream()
                .filter(entry ->
                        entry.getValue().isTrainable() && !entry.getKey().equals("bipolar.inputHertz"))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(","));

        Cli cli = fit(
                "retina",
                on,
                "retina.npz",
                "--set",
                "stages=opl,bipolar,ganglion",
                "--freeze",
                others,
                "--optimiser",
                "rprop:lr=1,mostStep=5",
                "--iterations",
                "30");

        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.out().contains("fits 1 numbers: bipolar.inputHertz"), cli.out());
        assertEquals(
                60,
                Npz.read(folder.resolve("retina.npz")).get("bipolar.inputHertz").at(0),
                0.1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--dt=30; dt = 25 but this one has 30",
                "--seed=5; seed = 4 but this one has 5",
                "--start-noise=0.2; start-noise = 0.1 but this one has 0.2",
                "--loss=poisson; loss = sum-squares but this one has poisson",
                "--optimiser=adam:lr=0.1; lr of adam is 0.1 but 0.001 was saved",
                "--steps-per-second=500; steps-per-second = 1000.0 but this one has 500.0"
            })
    void shouldResumeOnlyWithTheSameOptions(String option, String part) {
        List<String> options = new ArrayList<>(
                List.of("--set", "kernel=3,2,2", "--start-noise=0.1", "--dt=25", "--seed=4", "--iterations=2"));
        assertEquals(
                0, fit("model.ln", y, "b.npz", options.toArray(String[]::new)).code());
        options.removeIf(each -> each.startsWith(option.substring(0, option.indexOf('=') + 1)));
        options.addAll(List.of(option, "--iterations=3", "--resume"));
        options.remove("--iterations=2");

        Cli cli = fit("model.ln", y, "b.npz", options.toArray(String[]::new));

        assertTrue(cli.code() != 0, cli.out());
        assertTrue(cli.err().contains(part), cli.err());
    }

    /** The loss of batches is the sum of their losses alone, each with a history of its own. */
    @Test
    void shouldFitBatchesTogether() throws IOException {
        double alone = 0;
        for (int batch = 0; batch < 2; batch++) {
            alone += firstLoss(1, batch, 1);
        }

        assertEquals(alone, firstLoss(2, 0, 5), 1e-5 * alone);
        float[] found = Npz.read(folder.resolve("ln.npz")).get("conv.weight").floats();
        assertArrayEquals(kernel.floats(), found, 1e-3f);
    }

    /** Fits to the first or second half of a stimulus, or to both as batches, and returns the loss at the beginning. */
    private double firstLoss(int batches, int first, int iterations) throws IOException {
        int half = FRAMES / 2 * SHAPE.values();
        float[] stimulus = Arrays.copyOfRange(NpyReader.readAll(x).floats(), first * half, (first + batches) * half);
        float[] response = new float[stimulus.length];
        Layer truth = Cascades.ln("ln", 1, true, false, 3, 2, 2);
        truth.parameters().set("conv.weight", kernel);
        for (int batch = 0; batch < batches; batch++) {
            float[] alone = Arrays.copyOfRange(stimulus, batch * half, (batch + 1) * half);
            float[] goal = truth.run(new Frames(SHAPE, FRAMES / 2, alone), 10)
                    .get("output")
                    .values();
            System.arraycopy(goal, 0, response, batch * half, half);
        }
        Path in = folder.resolve("batches.npy");
        Path goal = folder.resolve("goals.npy");
        int[] extents = {batches, 1, FRAMES / 2, SHAPE.rows(), SHAPE.columns()};
        NpyWriter.write(in, NdArray.of(stimulus, extents));
        NpyWriter.write(goal, NdArray.of(response, extents));
        Path log = folder.resolve("log.csv");

        Cli cli = Cli.run(
                "fit",
                "model.ln",
                "--in",
                in.toString(),
                "--goal",
                goal.toString(),
                "--out",
                folder.resolve("ln.npz").toString(),
                "--set",
                "kernel=3,2,2",
                "--set",
                "conv.weight=0.01",
                "--optimiser",
                "lbfgs",
                "--iterations",
                String.valueOf(iterations),
                "--log",
                log.toString());

        assertEquals(0, cli.code(), cli.err());
        return Double.parseDouble(Files.readAllLines(log).get(1).split(",")[1]);
    }

    @Test
    void shouldRefuseBatchesThatALayerWouldMix() throws IOException {
        float[] values = new float[2 * FRAMES / 2 * SHAPE.values()];
        Path two = folder.resolve("two.npy");
        NpyWriter.write(two, NdArray.of(values, 2, 1, FRAMES / 2, SHAPE.rows(), SHAPE.columns()));
        x = two;

        Cli sum = fit("filter.sum", two, "sum.npz", "--set", "channels=1", "--set", "weights=1");
        Cli convolution = fit("filter.convolution", two, "c.npz", "--set", "kernel=1,2,3,2,2");
        Cli goals = fit("model.ln", y, "ln.npz");

        assertTrue(sum.err().contains("filter.sum puts all channels together"), sum.err());
        assertTrue(convolution.code() != 0, convolution.out());
        assertTrue(goals.err().contains("has 2 batches but " + y + " has 1"), goals.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "retina; --iterations=1; gives no gradients through spikes",
                "model.ln; --optimiser=adma; did you mean \"adam\"",
                "model.ln; --loss=squares; --loss is sum-squares",
                "model.ln; --freeze=conv.weigth; did you mean \"conv.weight\"",
                "model.ln; --freeze=conv.weight; has no parameters to fit",
                "model.ln; --set=kernel=3,x; kernel must be whole numbers",
                "model.ln; --skip=60; fewer than the 60",
                "model.ln; --resume; no checkpoint"
            })
    void shouldSayWhatIsWrong(String layer, String option, String part) {
        Cli cli = fit(layer, y, "ln.npz", option);

        assertTrue(cli.code() != 0, cli.out());
        assertTrue(cli.err().contains(part), cli.err());
    }

    @Test
    void shouldKeepTheLastGoodParametersWhenAFitRunsAway() throws IOException {
        Cli cli = fit("filter.convolution", y, "ln.npz", "--set", "kernel=3,2,2", "--optimiser", "sgd:lr=1e30");

        assertTrue(cli.code() != 0, cli.out());
        assertTrue(cli.err().contains("smaller rate"), cli.err());
        for (float weight : Npz.read(folder.resolve("ln.npz")).get("weight").floats()) {
            assertTrue(Float.isFinite(weight), "finite");
        }
    }
}
