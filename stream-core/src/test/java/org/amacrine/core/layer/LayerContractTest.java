package org.amacrine.core.layer;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.testing.Late;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The contract itself: layers that keep the laws pass, and each way to break one is found. */
class LayerContractTest {
    private static final Shape SHAPE = new Shape(2, 3, 5);

    @TestFactory
    Stream<DynamicContainer> layersThatKeepTheLaws(@TempDir Path folder) {
        return Stream.of(
                        LayerContract.of("gain", () -> new TestLayers.Gain(2), SHAPE)
                                .changing("gain", 3),
                        LayerContract.of("leaky", () -> new TestLayers.Leaky(0.5), SHAPE)
                                .changing("decay", 0.25),
                        LayerContract.of("two inputs", TestLayers.SumAndDifference::new, SHAPE, SHAPE),
                        LayerContract.of("missing values", Tolerant::new, SHAPE)
                                .takingMissing()
                                .givingMissing(),
                        LayerContract.of("late", () -> new Late(5), Shape.vector(1))
                                .boundToExtent(),
                        LayerContract.of("late graph", LayerContractTest::lateGraph, Shape.vector(1))
                                .boundToExtent(),
                        LayerContract.of("graph", LayerContractTest::graph, SHAPE)
                                .changing("a.decay", 0.25),
                        LayerContract.of("product", () -> new TestLayers.Product(2), SHAPE, SHAPE)
                                .changing("gain", 3),
                        LayerContract.of("differentiable graph", LayerContractTest::products, SHAPE)
                                .changing("square.gain", 0.25),
                        LayerContract.of("sliced graph", LayerContractTest::graph, Shape.image(150, 150))
                                .frames(30)
                                .changing("b.gain", 0.25))
                .map(contract -> contract.laws(folder));
    }

    /** Passes missing values on. */
    private static final class Tolerant extends TestLayers.Gain {
        Tolerant() {
            super(2);
        }

        @Override
        public boolean takesMissing(String input) {
            return true;
        }
    }

    /** Late, a gain behind it, and late again; beside a way of the same lag that joins it. */
    private static Layer lateGraph() {
        return Graph.builder("graph")
                .node("a", new Late(4), List.of("input"))
                .node("b", new TestLayers.Gain(2), List.of("a"))
                .node("c", new Late(3), List.of("b"))
                .node("other", new Late(4), List.of("input"))
                .node("sum", new TestLayers.SumAndDifference(), List.of("b", "other"))
                .output("c", "c")
                .output("sum", "sum")
                .output("soon", "c.now")
                .output("again", "a")
                .output("input", "input")
                .build();
    }

    /** The signal {@code square} goes five ways, {@code input} four. */
    private static Layer products() {
        return Graph.builder("products")
                .node("square", new TestLayers.Product(0.5), List.of("input", "input"))
                .node("cube", new TestLayers.Product(-1), List.of("square", "input"))
                .node("unused", new TestLayers.Product(1), List.of("square", "cube"))
                .node("fourth", new TestLayers.Product(2), List.of("square", "square"))
                .output("square", "square")
                .output("fourth", "fourth")
                .output("cube", "cube")
                .output("input", "input")
                .build();
    }

    private static Layer graph() {
        Map<String, Layer> layers = new LinkedHashMap<>();
        layers.put("a", new TestLayers.Leaky(0.5));
        layers.put("b", new TestLayers.Gain(2));
        layers.put("c", new TestLayers.Leaky(0.9));
        return Graph.sequential("graph", layers);
    }

    // ------------------------------------------------------------------------------------------------ broken layers

    private enum Fault {
        KEEPS_ITS_END,
        FORGETS_AT_CHUNKS,
        HIDES_ITS_STATE,
        DOES_NOT_CLEAR,
        ALLOCATES,
        IGNORES_THE_OFFSET,
        WRITES_BEYOND,
        KEEPS_OLD_MEMORY
    }

    /** {@code y[t] = x[t] + y[t-1] / 2}, with a fault. */
    private static final class Broken extends BaseLayer {
        private final Fault fault;
        private float[] last;

        Broken(Fault fault) {
            super("broken");
            this.fault = fault;
        }

        @Override
        protected List<Shape> allocate() {
            if (fault != Fault.KEEPS_OLD_MEMORY || last == null) {
                last = new float[1000];
            }
            if (fault != Fault.HIDES_ITS_STATE) {
                states().add("last", last, last.length);
            }
            if (fault != Fault.DOES_NOT_CLEAR && fault != Fault.KEEPS_OLD_MEMORY) {
                states().onClear(() -> Arrays.fill(last, 0));
            }
            return List.of(context().input());
        }

        @Override
        public void process(Chunk[] in, Chunk[] out) {
            if (fault == Fault.FORGETS_AT_CHUNKS) {
                Arrays.fill(last, 0);
            }
            float[] work = fault == Fault.ALLOCATES ? new float[last.length] : last;
            int values = in[0].shape().values();
            System.arraycopy(last, 0, work, 0, values);
            int from = fault == Fault.IGNORES_THE_OFFSET ? 0 : in[0].start(0);
            for (int i = 0; i < in[0].frames() * values; i++) {
                work[i % values] = in[0].values()[from + i] + work[i % values] / 2;
                out[0].values()[out[0].start(0) + i] = work[i % values];
            }
            System.arraycopy(work, 0, last, 0, values);
            if (fault == Fault.KEEPS_ITS_END) {
                out[0].delayBy(3);
            }
            if (fault == Fault.WRITES_BEYOND) {
                out[0].values()[out[0].start(0) + in[0].frames() * values] = 0;
            }
        }
    }

    private static LayerContract broken(Fault fault) {
        return LayerContract.of(fault.name(), () -> new Broken(fault), SHAPE);
    }

    private static void assertFound(Executable law) {
        assertThrows(AssertionError.class, law);
    }

    @Test
    void shouldFindALayerThatForgetsBetweenChunks() {
        assertFound(() -> broken(Fault.FORGETS_AT_CHUNKS).anyChunking());
    }

    @Test
    void shouldFindALayerThatDoesNotDependOnChunksThoughItSaysSo() {
        assertFound(() -> LayerContract.of("gain", () -> new TestLayers.Gain(2), SHAPE)
                .restartingEachChunk()
                .dependsOnChunks());
    }

    @Test
    void shouldFindAStateThatIsNotInTheTree(@TempDir Path folder) {
        assertFound(() -> broken(Fault.HIDES_ITS_STATE).pushAndPop());
        assertFound(() -> broken(Fault.HIDES_ITS_STATE).checkpoint(folder));
    }

    @Test
    void shouldFindALayerThatKeepsItsLastFrames(@TempDir Path folder) {
        assertFound(() -> broken(Fault.KEEPS_ITS_END).heldBack(folder));
    }

    @Test
    void shouldFindAStateThatIsNotCleared() {
        assertFound(() -> broken(Fault.DOES_NOT_CLEAR).clear());
        assertFound(() -> broken(Fault.DOES_NOT_CLEAR).errors());
    }

    @Test
    void shouldFindALayerThatAllocates() {
        assertFound(() -> broken(Fault.ALLOCATES).allocatesNothing(200_000_000L));
    }

    @Test
    void shouldFindALayerThatReadsOrWritesInTheWrongPlace() {
        assertFound(() -> broken(Fault.IGNORES_THE_OFFSET).anyChunking());
        assertFound(() -> broken(Fault.WRITES_BEYOND).anyChunking());
    }

    @Test
    void shouldFindMemoryOfAnEarlierPreparation() {
        assertFound(() -> broken(Fault.KEEPS_OLD_MEMORY).prepareAgain());
    }

    // ------------------------------------------------------------------------------------------------ broken gradients

    /** A product whose adjoint is not that of what it computes. */
    private static final class WrongGradient extends TestLayers.Product {
        private final boolean ofTheParameter;

        WrongGradient(boolean ofTheParameter) {
            super(2);
            this.ofTheParameter = ofTheParameter;
        }

        @Override
        protected void adjoint(Chunk[] gradientsOut, Chunk[] gradientsIn) {
            super.adjoint(gradientsOut, gradientsIn);
            if (ofTheParameter) {
                parameters().get("gain").gradient()[0] *= 1.01;
            } else if (gradientsIn[1] != null) {
                gradientsIn[1].values()[7] = 0;
            }
        }
    }

    private static void gradientsOf(boolean parameterIsWrong) {
        new GradientLaws(
                        "wrong",
                        () -> new WrongGradient(parameterIsWrong),
                        TestLayers.context("wrong", 1, SHAPE, SHAPE),
                        -1,
                        1,
                        1e-3,
                        0.01)
                .gradientsAgreeWithDifferences();
    }

    @Test
    void shouldFindAWrongGradient() {
        assertFound(() -> gradientsOf(true));
        assertFound(() -> gradientsOf(false));
    }
}
