package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.component.Component;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratorSourceTest {
    private static final List<Feedback> CROSSED = List.of(new Feedback(0, 1), new Feedback(1, 0));
    private static final SourceContext CONTEXT =
            new SourceContext("brain", Resolution.DEFAULT, 4, ScalarKernels.INSTANCE);

    @Test
    void shouldRunFreelyFromZerosWithTheNoiseOfItsName() throws IOException, InterruptedException {
        LatentRegressionModel model = LatentModels.everything(2);
        int steps = 6;
        double[] five = new double[5 * steps];
        double[] four = new double[4 * steps];
        Arrays.fill(five, 5, five.length, Double.NaN);
        Arrays.fill(four, 4, four.length, Double.NaN);
        Groups expected = model.recursiveGenerate(
                new Groups(steps, new double[][] {five, four}), CROSSED, Noise.counted(4, "brain", 1));
        GeneratorSource source = new GeneratorSource(model, new GeneratorSource.Options(CROSSED, 1, 2, true, steps));

        assertEquals(new Shape(5, 2, 1), source.open(CONTEXT).shape());

        Frame frame = new Frame(new Shape(5, 2, 1));
        for (int t = 0; t < steps; t++) {
            assertTrue(source.read(frame));
            for (int j = 0; j < 5; j++) {
                assertEquals(expected.group(1)[5 * t + j], frame.values()[2 * j + 1], 1e-4, "step " + t);
            }
        }
        assertFalse(source.read(frame));
        source.close();
        assertThrows(IllegalStateException.class, () -> source.read(frame));
    }

    @Test
    void shouldSayAtWhichStepItLeftTheFiniteRange(@TempDir Path folder) throws IOException, InterruptedException {
        LatentRegressionModel model = LatentModels.plain(2, 1).useOffsets(true).build(new IdentityMap());
        model.tensor(Kind.OFFSETS, 0).set(Tensor.vector(1e30, 1e30));
        model.tensor(Kind.P, 0).set(Tensor.of(new double[] {1e4, 1e4}, 2, 1));
        model.tensor(Kind.U, 0).set(Tensor.of(new double[] {1, 1}, 2, 1));
        GeneratorSource source =
                new GeneratorSource(model, new GeneratorSource.Options(List.of(new Feedback(0, 0)), 0, 1, false, -1));
        Path file = folder.resolve("state.npz");
        source.stateFile(file).open(CONTEXT);
        Frame frame = new Frame(new Shape(2, 1, 1));
        assertTrue(source.read(frame));
        assertTrue(source.read(frame));
        assertArrayEquals(new float[] {2e34f, 2e34f}, frame.values(), 1e31f);

        IllegalStateException e = assertThrows(IllegalStateException.class, () -> source.read(frame));
        source.close();

        assertFalse(Files.exists(file), "nothing to go on from");
        assertTrue(e.getMessage().startsWith("trajectory 0 left the finite range at step 2"), e.getMessage());
    }

    private static GeneratorSource noisy(int trajectories, long frames) {
        return new GeneratorSource(
                LatentModels.everything(2), new GeneratorSource.Options(CROSSED, 1, trajectories, true, frames));
    }

    /** The next frames of a source that is open, one behind the other. */
    private static float[] read(GeneratorSource source, int frames) throws IOException, InterruptedException {
        Frame frame = new Frame(new Shape(5, 2, 1));
        float[] all = new float[10 * frames];
        for (int t = 0; t < frames; t++) {
            assertTrue(source.read(frame));
            System.arraycopy(frame.values(), 0, all, 10 * t, 10);
        }
        return all;
    }

    @Test
    void shouldGoOnFromItsStatesWithTheSameBits() throws IOException, InterruptedException {
        GeneratorSource straight = noisy(2, -1);
        straight.open(CONTEXT);
        read(straight, 4);
        Map<String, NdArray> states = straight.states().values();
        assertEquals(List.of("y0", "y1", "step"), List.copyOf(states.keySet()));
        assertEquals(4, states.get("step").integer());
        float[] expected = read(straight, 5);
        GeneratorSource other = noisy(2, -1);
        other.open(CONTEXT);
        read(other, 7);

        other.states().set(states);

        assertArrayEquals(expected, read(other, 5), 0);
        other.close();
        assertEquals(List.of(), other.states().names());
        straight.close();
    }

    @Test
    void shouldGoOnFromItsFileEachTimeItIsOpened(@TempDir Path folder) throws IOException, InterruptedException {
        GeneratorSource straight = noisy(2, -1);
        straight.open(CONTEXT);
        float[] first = read(straight, 4);
        float[] second = read(straight, 4);
        Path file = folder.resolve("state.npz");
        GeneratorSource kept = noisy(2, 4).stateFile(file);

        for (float[] expected : List.of(first, second)) {
            kept.open(CONTEXT);
            assertArrayEquals(expected, read(kept, 4), 0);
            assertFalse(kept.read(new Frame(new Shape(5, 2, 1))), "that many frames a run");
            kept.close();
            kept.close();
        }

        assertEquals(8, Npz.read(file).get("step").integer());
    }

    @Test
    void shouldWriteNothingUnlessAFrameWasRead(@TempDir Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("new").resolve("deep").resolve("state.npz");
        GeneratorSource source = noisy(2, -1).stateFile(file);

        source.open(CONTEXT);
        source.close();
        assertFalse(Files.exists(folder.resolve("new")), "as when a pipeline is checked");

        source.open(CONTEXT);
        read(source, 1);
        source.close();
        assertEquals(1, Npz.read(file).get("step").integer());
    }

    @Test
    void shouldRefuseAPlaceForItsStatesWhenItIsOpened(@TempDir Path folder) throws IOException {
        Path taken = Files.writeString(folder.resolve("taken"), "a file");
        for (Path file : List.of(folder, taken.resolve("state.npz"))) {
            GeneratorSource source = noisy(2, -1).stateFile(file);

            IOException e = assertThrows(IOException.class, () -> source.open(CONTEXT));
            source.close();

            assertTrue(
                    e.getMessage().startsWith("stateFile must be a file that can be written but was " + file),
                    e.getMessage());
        }
    }

    @Test
    void shouldRefuseStatesThatDoNotFitAndLeaveTheFileAlone(@TempDir Path folder)
            throws IOException, InterruptedException {
        Path file = folder.resolve("state.npz");
        GeneratorSource source = noisy(2, -1).stateFile(file);
        source.open(CONTEXT);
        read(source, 1);
        source.close();
        Map<String, NdArray> states = Npz.read(file);
        Map<String, NdArray> nan = new LinkedHashMap<>(states);
        nan.put("y1", NdArray.of(new float[] {0, Float.NaN, 0, 0, 0, 0, 0, 0, 0, 0}, 2, 5));
        Map<String, NdArray> before = new LinkedHashMap<>(states);
        before.put("step", NdArray.of(-1L));

        assertCannotGoOn(file, states, noisy(3, -1), "state y0 of source latent.generator needs the shape (3, 4)");
        assertCannotGoOn(
                file, nan, noisy(2, -1), "state y1 of source latent.generator must be finite but value 1 is NaN");
        assertCannotGoOn(file, before, noisy(2, -1), "step of source latent.generator must be one number >= 0");
        assertCannotGoOn(file, Map.of("y0", states.get("y0")), noisy(2, -1), "is missing");
        Files.writeString(file, "no numbers");
        GeneratorSource broken = noisy(2, -1).stateFile(file);
        assertThrows(IOException.class, () -> broken.open(CONTEXT));
        broken.close();
        assertEquals("no numbers", Files.readString(file));
    }

    private static void assertCannotGoOn(Path file, Map<String, NdArray> states, GeneratorSource source, String why)
            throws IOException {
        Npz.write(file, states);
        source.stateFile(file);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> source.open(CONTEXT));
        source.close();
        assertTrue(e.getMessage().startsWith("a run cannot go on from " + file + ": "), e.getMessage());
        assertTrue(e.getMessage().contains(why), e.getMessage());
        assertEquals(states, Npz.read(file), "as it was");
    }

    @Test
    void shouldRefuseModelsThatCannotRunFreely() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> new GeneratorSource(
                        LatentModels.everything(1),
                        new GeneratorSource.Options(List.of(new Feedback(0, 1)), 0, 1, true, -1)));

        assertTrue(e.getMessage().startsWith("nothing is fed back to input group 0"), e.getMessage());
    }

    @Test
    void shouldRefuseParametersThatAreNoNumbersWhenItIsOpened() {
        LatentRegressionModel model = LatentModels.everything(1);
        model.tensor(Kind.U, 1).values()[3] = Double.NaN;
        GeneratorSource source = new GeneratorSource(model, new GeneratorSource.Options(CROSSED, 0, 1, true, -1));

        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> source.open(CONTEXT));

        assertEquals("value 3 of parameter \"u1\" is NaN; all must be finite numbers", e.getMessage());
    }

    @Test
    void shouldBeMadeFromAFileByName(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("model.npz");
        new LatentModelFile(LatentModels.everything(2), CROSSED, Map.of()).write(file);
        Catalog catalog = Catalog.load();
        Component<FrameSource> source = catalog.source("latent.generator");
        Component<Layer> layer = catalog.layer("latent.generator");

        FrameSource made = make(source, Map.of("model", file.toString(), "group", 1, "trajectories", 3));
        Layer driven = make(layer, Map.of("model", file.toString(), "driven", "1", "outputs", "y1, tran0"));

        assertEquals(new Shape(5, 3, 1), made.open(CONTEXT).shape());
        assertEquals(List.of("x1"), driven.inputs());
        assertEquals(List.of("y1", "tran0"), driven.outputs());
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> make(layer, Map.of("model", file.toString(), "feedback", "0-1")));
        assertTrue(e.getMessage().contains("feedback must hold pairs output:input"), e.getMessage());
        made.close();
    }

    private static <T> T make(Component<T> component, Map<String, Object> chosen) {
        ParameterTree settings = component.settings();
        settings.set(chosen);
        return component.make(settings);
    }
}
