package org.amacrine.core.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.junit.jupiter.api.Test;

class TrainableParametersTest {

    private static final class Kernels extends BaseLayer {
        final Parameter first = add(Parameter.array("first").trainable());
        final Parameter fixed = add(Parameter.number("fixed", 7));
        final Parameter tau = add(Parameter.number("tau", 0.5).above(0).trainable());

        Kernels() {
            super("kernels");
            first.set(NdArray.of(new float[] {1, 2, 3, 4}, 2, 2));
        }

        @Override
        protected List<Shape> allocate() {
            return List.of(context().input());
        }

        @Override
        public void process(Chunk[] in, Chunk[] out) {
            System.arraycopy(in[0].values(), 0, out[0].values(), 0, in[0].values().length);
        }
    }

    @Test
    void shouldPutParametersIntoOneVectorAndBack() {
        Kernels layer = new Kernels();
        TrainableParameters trainable = TrainableParameters.of(layer);
        double[] values = new double[5];

        trainable.get(values);

        assertEquals(List.of("first", "tau"), trainable.names());
        assertArrayEquals(new double[] {1, 2, 3, 4, 0.5}, values);
        assertEquals(4, trainable.start(1));
        trainable.set(new double[] {5, 6, 7, 8, 0.25});
        assertEquals(NdArray.of(new float[] {5, 6, 7, 8}, 2, 2), layer.first.value());
        assertEquals(0.25, layer.tau.number());
    }

    @Test
    void shouldLeaveOutFrozenParameters() {
        Kernels layer = new Kernels();
        layer.first.freeze(true);

        assertEquals(List.of("tau"), TrainableParameters.of(layer).names());
        layer.first.keepGradient(true);
        assertNull(layer.first.gradient());
    }

    @Test
    void shouldNameTheParameterWhoseValueIsNotAllowed() {
        TrainableParameters trainable = TrainableParameters.of(new Kernels());

        var e = assertThrows(IllegalArgumentException.class, () -> trainable.set(new double[] {5, 6, 7, 8, -0.25}));

        assertEquals("parameter tau: tau must be a finite number > 0 but was -0.25, for example 0.5", e.getMessage());
    }

    @Test
    void shouldSayThatGradientsMustBeAskedFor() {
        TrainableParameters trainable = TrainableParameters.of(new Kernels());

        var e = assertThrows(IllegalStateException.class, trainable::clearGradients);

        assertTrue(e.getMessage().contains("keepGradients(true)"), e.getMessage());
    }

    @Test
    void shouldForgetAGradientOfAnotherExtent() {
        Parameter first = new Kernels().first;
        first.keepGradient(true);
        first.gradient()[0] = 1;

        first.set(NdArray.of(new float[] {1, 2}, 2));

        assertArrayEquals(new double[2], first.gradient());
    }
}
