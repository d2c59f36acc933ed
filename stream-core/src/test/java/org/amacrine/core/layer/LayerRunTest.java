package org.amacrine.core.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.testing.Late;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerRunTest {
    private static final Shape SHAPE = Shape.image(1, 2);

    private static Frames counting(int count) {
        Frames frames = Frames.zeros(SHAPE, count);
        for (int i = 0; i < frames.values().length; i++) {
            frames.values()[i] = i;
        }
        return frames;
    }

    @Test
    void shouldCutAnArrayIntoChunks() {
        TestLayers.Recording gain = new TestLayers.Recording(2);

        Frames y = LayerRun.of("gain", gain).dt(4).apply(counting(10)).get("output");

        assertEquals(List.of("0+4", "4+4", "8+2"), gain.chunks);
        assertEquals(10, y.count());
        for (int i = 0; i < 20; i++) {
            assertEquals(2 * i, y.values()[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10, 1000})
    void shouldContinueTheStreamWithTheNextArray(int dt) {
        LayerRun run = LayerRun.of("leaky", new TestLayers.Leaky(1)).dt(dt);

        run.apply(counting(4));
        Frames y = run.apply(counting(2)).get("output");

        // Sums: even pixels 0 + 2 + 4 + 6 = 12, odd ones 1 + 3 + 5 + 7 = 16; then + 0, + 1, + 2, + 3.
        assertArrayEquals(new float[] {12, 17, 14, 20}, y.values());
    }

    @Test
    void shouldGoOnAsIfNothingHadBeenAfterWhatWasAside() {
        LayerRun run = LayerRun.of("leaky", new TestLayers.Leaky(1)).dt(3);
        run.apply(counting(4));

        Frames aside = run.aside(new Frames(Shape.image(1, 1), 3, new float[] {5, 6, 7}))
                .get("output");
        Frames y = run.apply(counting(2)).get("output");

        assertArrayEquals(new float[] {5, 11, 18}, aside.values());
        assertArrayEquals(new float[] {12, 17, 14, 20}, y.values());
    }

    @Test
    void shouldGoOnAfterWhatFailedAside() {
        LayerRun run = LayerRun.of("leaky", new TestLayers.Leaky(1)).dt(3);
        run.apply(counting(4));

        assertThrows(LayerException.class, () -> run.aside(new Frames(Shape.image(1, 1), 1, new float[] {Float.NaN})));

        assertArrayEquals(
                new float[] {12, 17, 14, 20},
                run.apply(counting(2)).get("output").values());
    }

    @Test
    void shouldContinueASavedStreamAtItsNextFrame(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("saved.npz");
        LayerRun first = LayerRun.of("leaky", new TestLayers.Leaky(1)).dt(3);
        first.apply(counting(4));
        first.save(file);
        LayerRun second = LayerRun.of("leaky", new TestLayers.Leaky(1)).dt(3);
        second.prepare(SHAPE);

        second.load(file);

        assertArrayEquals(
                new float[] {12, 17, 14, 20},
                second.apply(counting(2)).get("output").values());
        assertEquals(6, second.output(0).endFrame());
    }

    @Test
    void shouldNumberFramesThroughAllArrays() {
        TestLayers.Recording gain = new TestLayers.Recording(1);
        LayerRun run = LayerRun.of("gain", gain).dt(3);

        run.apply(counting(4));
        run.apply(counting(2));

        assertEquals(List.of("0+3", "3+1", "4+2"), gain.chunks);
    }

    @Test
    void shouldTakeSeveralInputsAndGiveAllOutputs() {
        Frames a = new Frames(SHAPE, 2, new float[] {1, 2, 3, 4});
        Frames b = new Frames(SHAPE, 2, new float[] {10, 20, 30, 40});

        Map<String, Frames> y =
                LayerRun.of("sum", new TestLayers.SumAndDifference()).dt(1).apply(a, b);

        assertEquals(List.of("sum", "difference"), List.copyOf(y.keySet()));
        assertArrayEquals(new float[] {11, 22, 33, 44}, y.get("sum").values());
        assertArrayEquals(new float[] {-9, -18, -27, -36}, y.get("difference").values());
    }

    @Test
    void shouldRunStepByStep() {
        LayerRun run = LayerRun.of("leaky", new TestLayers.Leaky(0.5)).dt(2);
        run.prepare(Shape.vector(1));

        run.input(0).values()[0] = 8;
        run.input(0).values()[1] = 0;
        run.step(2);
        assertArrayEquals(new float[] {8, 4}, run.output(0).toArray());
        run.input(0).values()[0] = 1;
        run.step(1);

        assertArrayEquals(new float[] {3}, run.output(0).toArray());
        assertEquals(2, run.output(0).firstFrame());
    }

    @Test
    void shouldGiveAnEmptyArrayForAnEmptyArray() {
        assertEquals(
                Frames.zeros(SHAPE, 0),
                new TestLayers.Gain(2).run(Frames.zeros(SHAPE, 0), 5).get("output"));
    }

    @Test
    void shouldRunALayerByItself() {
        assertArrayEquals(
                new float[] {0, 3, 6, 9},
                new TestLayers.Gain(3).run(counting(2), 7).get("output").values());
    }

    // ------------------------------------------------------------------------------------------------ errors

    @Test
    void shouldRejectChunksOfNoFrames() {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> LayerRun.of("gain", new TestLayers.Gain(2)).dt(0));

        assertEquals("dt must be >= 1 frame but was 0; for example 100", e.getMessage());
    }

    @Test
    void shouldRejectAnotherNumberOfInputs() {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> LayerRun.of("sum", new TestLayers.SumAndDifference()).apply(counting(3)));

        assertEquals("layer sum takes the inputs [a, b] but was given 1 arrays", e.getMessage());
    }

    @Test
    void shouldRejectAnArrayOfAnotherExtentLater() {
        LayerRun run = LayerRun.of("gain", new TestLayers.Gain(2));
        run.apply(counting(3));

        var e = assertThrows(IllegalArgumentException.class, () -> run.apply(Frames.zeros(Shape.image(2, 2), 3)));

        assertEquals(
                "layer gain was prepared for 1x1x2 frames but the array holds 1x2x2; resize it or begin another run",
                e.getMessage());
    }

    @Test
    void shouldRejectInputsOfDifferentLengths() {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> LayerRun.of("sum", new TestLayers.SumAndDifference()).apply(counting(3), counting(2)));

        assertEquals(
                "layer sum takes arrays of the same number of frames but was given 3 and 2; cut the longer one",
                e.getMessage());
    }

    @Test
    void shouldNameTheFrameThatIsNotFinite() {
        Frames x = counting(10);
        x.values()[15] = Float.NaN;

        var e = assertThrows(
                LayerException.class,
                () -> LayerRun.of("gain", new TestLayers.Gain(2)).dt(4).apply(x));

        assertEquals(
                "layer gain at frame 7: channel 0, row 0, column 1 is NaN; replace it before it reaches the layer",
                e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10})
    void shouldGiveOutWhatWasHeldBackWhenTheStreamEnds(int dt) {
        LayerRun run = LayerRun.of("late", new Late(4)).dt(dt);

        Map<String, Frames> y = run.apply(new Frames(Shape.vector(1), 6, new float[] {0, 1, 2, 3, 4, 5}));
        Map<String, Frames> rest = run.finish();

        assertArrayEquals(new float[] {-1, -1, -1, -1, 0, 1}, y.get("late").values());
        assertArrayEquals(new float[] {2, 3, 4, 5}, rest.get("late").values());
        assertEquals(0, rest.get("now").count());
    }
}
