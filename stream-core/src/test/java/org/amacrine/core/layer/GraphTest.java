package org.amacrine.core.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.testing.Late;
import org.junit.jupiter.api.Test;

class GraphTest {
    private static final Frames X = new Frames(Shape.image(1, 2), 3, new float[] {1, 2, 3, 4, 5, 6});

    private static Map<String, Layer> layers(Object... namesAndLayers) {
        Map<String, Layer> layers = new LinkedHashMap<>();
        for (int i = 0; i < namesAndLayers.length; i += 2) {
            layers.put((String) namesAndLayers[i], (Layer) namesAndLayers[i + 1]);
        }
        return layers;
    }

    private static Map<String, Frames> run(Graph graph, int dt, Frames... inputs) {
        return LayerRun.of("net", graph).dt(dt).apply(inputs);
    }

    // ------------------------------------------------------------------------------------------------ wiring

    @Test
    void shouldChainLayers() {
        Graph graph = Graph.sequential("net", layers("a", new TestLayers.Leaky(1), "b", new TestLayers.Gain(10)));

        Map<String, Frames> y = run(graph, 2, X);

        assertEquals(List.of("output"), List.copyOf(y.keySet()));
        assertArrayEquals(new float[] {10, 20, 40, 60, 90, 120}, y.get("output").values());
    }

    @Test
    void shouldTakeMissingValuesWhereEveryLayerBehindTheInputDoes() {
        Layer tolerant = new TestLayers.Gain(1) {
            @Override
            public boolean takesMissing(String input) {
                return true;
            }
        };
        Graph graph = Graph.builder("net")
                .input("left")
                .input("right")
                .node("a", tolerant, List.of("left"))
                .node("b", new TestLayers.Gain(1), List.of("right"))
                .output("a", "a")
                .output("b", "b")
                .build();

        assertTrue(graph.takesMissing("left"));
        assertFalse(graph.takesMissing("right"));
    }

    @Test
    void shouldRunLayersSideBySide() {
        Graph graph = Graph.parallel("net", layers("on", new TestLayers.Gain(1), "off", new TestLayers.Gain(-1)));

        Map<String, Frames> y = run(graph, 2, X);

        assertEquals(List.of("on", "off"), List.copyOf(y.keySet()));
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, y.get("on").values());
        assertArrayEquals(new float[] {-1, -2, -3, -4, -5, -6}, y.get("off").values());
    }

    @Test
    void shouldConnectNamedOutputsToNamedInputs() {
        Graph graph = Graph.builder("net")
                .input("left")
                .input("right")
                .node("double", new TestLayers.Gain(2), List.of("right"))
                .node("both", new TestLayers.SumAndDifference(), List.of("left", "double"))
                .node("ten", new TestLayers.Gain(10), List.of("both.difference"))
                .output("sum", "both")
                .output("ten", "ten")
                .build();
        Frames ones = new Frames(Shape.image(1, 2), 3, new float[] {1, 1, 1, 1, 1, 1});

        Map<String, Frames> y = run(graph, 2, X, ones);

        assertEquals(List.of("left", "right"), graph.inputs());
        assertEquals(List.of("sum", "ten"), graph.outputs());
        assertArrayEquals(new float[] {3, 4, 5, 6, 7, 8}, y.get("sum").values());
        assertArrayEquals(new float[] {-10, 0, 10, 20, 30, 40}, y.get("ten").values());
    }

    @Test
    void shouldGiveOneSignalAsSeveralOutputs() {
        Graph graph = Graph.builder("net")
                .node("a", new TestLayers.Gain(2), List.of("input"))
                .node("b", new TestLayers.Gain(3), List.of("a"))
                .output("first", "a")
                .output("last", "b")
                .output("again", "a")
                .output("oncemore", "a.output")
                .build();

        Map<String, Frames> y = run(graph, 2, X);

        float[] doubled = {2, 4, 6, 8, 10, 12};
        assertArrayEquals(doubled, y.get("first").values());
        assertArrayEquals(doubled, y.get("again").values());
        assertArrayEquals(doubled, y.get("oncemore").values());
        assertArrayEquals(new float[] {6, 12, 18, 24, 30, 36}, y.get("last").values());
    }

    @Test
    void shouldPassTheInputThrough() {
        Graph graph = Graph.builder("net")
                .node("a", new TestLayers.Gain(2), List.of("input"))
                .output("raw", "input")
                .output("a", "a")
                .build();

        Map<String, Frames> y = run(graph, 2, X);

        assertArrayEquals(X.values(), y.get("raw").values());
        assertArrayEquals(new float[] {2, 4, 6, 8, 10, 12}, y.get("a").values());
    }

    @Test
    void shouldPassTheInputThroughWithoutAnyNode() {
        assertArrayEquals(
                X.values(),
                run(Graph.builder("net").output("same", "input").build(), 2, X)
                        .get("same")
                        .values());
    }

    @Test
    void shouldFollowShapesFromNodeToNode() {
        Graph graph = Graph.sequential(
                "net", layers("half", new TestLayers.EverySecondRow(), "quarter", new TestLayers.EverySecondRow()));
        Frames x = new Frames(Shape.image(4, 1), 1, new float[] {1, 2, 3, 4});

        Frames y = run(graph, 1, x).get("output");

        assertEquals(Shape.image(1, 1), y.shape());
        assertArrayEquals(new float[] {1}, y.values());
    }

    @Test
    void shouldNestInAGraph() {
        Graph inner = Graph.sequential("inner", layers("a", new TestLayers.Leaky(1)));
        Graph outer = Graph.sequential("net", layers("deep", inner, "b", new TestLayers.Gain(2)));

        assertArrayEquals(
                new float[] {2, 4, 8, 12, 18, 24},
                run(outer, 2, X).get("output").values());
        assertEquals(
                List.of("deep.a.decay", "b.gain"),
                List.copyOf(outer.parameters().all().keySet()));
        assertEquals(List.of("deep.a.last"), outer.states().names());
    }

    // ------------------------------------------------------------------------------------------------ slices

    @Test
    void shouldCutChunksIntoSlicesThatFitTheCache() {
        TestLayers.Recording a = new TestLayers.Recording(2);
        TestLayers.Recording b = new TestLayers.Recording(3);
        Graph graph = Graph.sequential("net", layers("a", a, "b", b));
        // 65536 values hold 6 frames of 100 x 100.
        Frames x = Frames.zeros(Shape.image(100, 100), 20);
        for (int t = 0; t < 20; t++) {
            x.values()[t * 10_000 + 17] = t;
        }

        Frames y = run(graph, 14, x).get("output");

        assertEquals(List.of("0+6", "6+6", "12+2", "14+6"), a.chunks);
        assertEquals(a.chunks, b.chunks);
        for (int t = 0; t < 20; t++) {
            assertEquals(6 * t, y.values()[t * 10_000 + 17]);
        }
    }

    @Test
    void shouldSliceByTheLargestInput() {
        TestLayers.Recording a = new TestLayers.Recording(1);
        TestLayers.Recording b = new TestLayers.Recording(1);
        Graph graph = Graph.builder("net")
                .input("small")
                .input("large")
                .node("a", a, List.of("small"))
                .node("b", b, List.of("large"))
                .output("a", "a")
                .output("b", "b")
                .build();

        run(graph, 3, Frames.zeros(Shape.image(1, 1), 3), Frames.zeros(Shape.image(200, 200), 3));

        assertEquals(List.of("0+1", "1+1", "2+1"), a.chunks);
    }

    @Test
    void shouldGiveWholeChunksWithoutSlices() {
        TestLayers.Recording a = new TestLayers.Recording(1);
        Graph graph = Graph.builder("net")
                .node("a", a, List.of("input"))
                .output("y", "a")
                .withoutSlices()
                .build();

        run(graph, 14, Frames.zeros(Shape.image(100, 100), 20));

        assertEquals(List.of("0+14", "14+6"), a.chunks);
    }

    @Test
    void shouldGiveSlicesOfOneFrameWhenFramesAreLarge() {
        TestLayers.Recording a = new TestLayers.Recording(1);

        run(Graph.sequential("net", layers("a", a)), 2, Frames.zeros(Shape.image(300, 300), 3));

        assertEquals(List.of("0+1", "1+1", "2+1"), a.chunks);
    }

    // ------------------------------------------------------------------------------------------------ trees

    @Test
    void shouldGatherParametersAndStatesUnderTheNamesOfNodes() {
        Graph graph = Graph.builder("net")
                .node("on.input", new TestLayers.Leaky(1), List.of("input"), "gang_0")
                .output("y", "on.input")
                .build();
        LayerRun run = LayerRun.of("net", graph).dt(2);
        run.prepare(X.shape());

        graph.parameters().set("gang_0.decay", 0);
        graph.states().set("on.input.last", NdArray.of(new float[] {100, 100}, 2));
        Frames y = run.apply(X).get("y");

        assertArrayEquals(X.values(), y.values());
        assertArrayEquals(
                new float[] {5, 6}, graph.states().get("on.input.last").floats());
        graph.states().clear();
        assertArrayEquals(
                new float[] {0, 0}, graph.states().get("on.input.last").floats());
    }

    @Test
    void shouldHaveNoStatesOfAnEarlierPreparation() {
        Graph graph = Graph.sequential("net", layers("a", new TestLayers.Leaky(1)));
        run(graph, 2, X);

        Frames y = run(graph, 1, Frames.zeros(Shape.image(2, 2), 1)).get("output");

        assertArrayEquals(new float[4], y.values());
        assertArrayEquals(new int[] {4}, graph.states().get("a.last").shape());
    }

    // ------------------------------------------------------------------------------------------------ errors

    @Test
    void shouldNameTheNodeThatCannotBePrepared() {
        Graph graph =
                Graph.sequential("net", layers("a", new TestLayers.Gain(1), "half", new TestLayers.EverySecondRow()));

        var e = assertThrows(IllegalArgumentException.class, () -> run(graph, 2, X));

        assertTrue(
                e.getMessage().endsWith("layer net.half: frames need at least 2 rows but have the extent 1x1x2"),
                e.getMessage());
    }

    @Test
    void shouldNameTheNodeAndTheSliceThatFailed() {
        Graph graph = Graph.sequential(
                "net",
                layers("a", new TestLayers.Gain(1), "b", new TestLayers.Fragile(new ArithmeticException("it broke"))));
        Frames x = Frames.zeros(Shape.image(100, 100), 20);
        x.values()[13 * 10_000] = 101;

        var e = assertThrows(LayerException.class, () -> run(graph, 20, x));

        assertEquals("layer net.b at frame 12: it broke", e.getMessage());
        assertEquals("net.b", e.layer());
    }

    @Test
    void shouldNameAnUnknownSignal() {
        Graph.Builder builder = Graph.builder("net").node("bipolar", new TestLayers.Gain(1), List.of("input"));

        var from = assertThrows(
                IllegalArgumentException.class, () -> builder.node("b", new TestLayers.Gain(1), List.of("bipolr")));
        assertEquals("no signal \"bipolr\" in net; did you mean \"bipolar\"?", from.getMessage());
        assertThrows(IllegalArgumentException.class, () -> builder.output("y", "bipolar.sum"));
    }

    @Test
    void shouldRejectWhatDoesNotFitTogether() {
        Graph.Builder builder = Graph.builder("net").node("a", new TestLayers.Gain(1), List.of("input"));

        var inputs = assertThrows(
                IllegalArgumentException.class,
                () -> builder.node("b", new TestLayers.SumAndDifference(), List.of("a")));
        assertEquals("node b of net takes the inputs [a, b] but was given [a]", inputs.getMessage());

        var twice = assertThrows(
                IllegalArgumentException.class, () -> builder.node("a", new TestLayers.Gain(1), List.of("input")));
        assertEquals("two signals of net are called a", twice.getMessage());

        var none = assertThrows(IllegalArgumentException.class, builder::build);
        assertEquals("net has no output; name one with output(name, signal)", none.getMessage());

        builder.output("y", "a");
        var output = assertThrows(IllegalArgumentException.class, () -> builder.output("y", "input"));
        assertEquals("two outputs of net are called y", output.getMessage());
    }

    @Test
    void shouldSayOfWhichFramesLateOutputsTell() {
        Graph graph = Graph.sequential("net", layers("a", new Late(3), "b", new Late(2)));
        LayerRun run = LayerRun.of("net", graph).dt(4);
        run.prepare(Shape.vector(1));
        for (int t = 0; t < 4; t++) {
            run.input(0).values()[t] = t;
        }

        run.step(4);

        assertEquals(-5, run.output(0).firstFrame());
        assertArrayEquals(new float[] {-1, -1, -1, -1}, run.output(0).toArray());
        List<String> rest = new ArrayList<>();
        while (run.flush()) {
            rest.add(run.output(0).firstFrame() + " "
                    + Arrays.toString(run.output(0).toArray()));
        }
        // The first layer gives out its 3 frames, through the second one, which then has 2 of its own.
        assertEquals(List.of("-1 [-1.0, 0.0, 1.0]", "2 [2.0, 3.0]"), rest);
    }

    @Test
    void shouldRefuseToPutDifferentFramesTogether() {
        Graph graph = Graph.builder("net")
                .node("late", new Late(2), List.of("input"))
                .node("sum", new TestLayers.SumAndDifference(), List.of("input", "late"))
                .output("sum", "sum")
                .build();
        LayerRun run = LayerRun.of("net", graph).dt(4);

        LayerException e = assertThrows(LayerException.class, () -> run.apply(Frames.zeros(Shape.vector(1), 4)));

        assertTrue(
                e.getMessage().startsWith("layer net.sum at frame 0: its inputs must hold the same frames"),
                e::getMessage);
        assertTrue(e.getMessage().endsWith("delay both alike"), e::getMessage);
    }

    // ------------------------------------------------------------------------------------------------ gradients

    @Test
    void shouldNameTheLayerThatGivesNoGradients() {
        Graph graph = Graph.sequential("net", layers("leak", new TestLayers.Leaky(0.5)));

        var e = assertThrows(IllegalArgumentException.class, () -> graph.keepGradients(true));

        assertEquals(
                "layer leak of net gives no gradients; fit the layers before it, as a graph of their own",
                e.getMessage());
    }

    /** y = 3 x x at x = 2: dy/dx = 12, dy/dgain = 4; through z = 5 y y = 720: dz/dx = 10 y 12 = 1440. */
    @Test
    void shouldSumTheGradientsOfAllWaysOfASignal() {
        Graph graph = Graph.builder("net")
                .node("y", new TestLayers.Product(3), List.of("input", "input"))
                .node("z", new TestLayers.Product(5), List.of("y", "y"))
                .output("z", "z")
                .build();
        Shape one = Shape.vector(1);
        graph.keepGradients(true);
        graph.prepare(TestLayers.context("net", 1, one));
        Chunk z = TestLayers.chunk(one, 0, 0);
        Chunk gradient = TestLayers.chunk(one, 0, 0);

        graph.process(new Chunk[] {TestLayers.chunk(one, 0, 2)}, new Chunk[] {z});
        graph.backward(new Chunk[] {TestLayers.chunk(one, 0, 1)}, new Chunk[] {gradient});

        assertEquals(720, z.values()[0]);
        assertEquals(1440, gradient.values()[0]);
        double[] gains = new double[2];
        TrainableParameters.of(graph).gradients(gains);
        assertArrayEquals(new double[] {10 * 12 * 4, 144}, gains);
    }
}
