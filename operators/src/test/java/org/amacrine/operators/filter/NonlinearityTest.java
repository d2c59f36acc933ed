package org.amacrine.operators.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.Resolution;
import org.amacrine.operators.filter.Nonlinearity.Function;
import org.junit.jupiter.api.Test;

/** Gradients where a nonlinearity bends: they pass from 0 to 1e6, both included, and {@code relu} only above 0. */
class NonlinearityTest {
    private static final float[] X = {
        -1e30f, -1, -Float.MIN_VALUE, -0f, 0, Float.MIN_VALUE, 1, 1e6f, Math.nextUp(1e6f), 1e30f
    };

    private static float[] gradients(Function function) {
        Shape frame = Shape.vector(X.length);
        Nonlinearity layer = new Nonlinearity("nl", function);
        layer.keepGradients(true);
        layer.prepare(
                new LayerContext("nl", List.of(frame), Resolution.DEFAULT, ScalarKernels.INSTANCE, Bands.ALONE, 0, 1));
        Chunk in = Chunk.unpooled(frame, 1);
        in.frames(1);
        System.arraycopy(X, 0, in.values(), 0, X.length);
        Chunk out = Chunk.unpooled(frame, 1);
        out.headerFrom(in);
        layer.process(new Chunk[] {in}, new Chunk[] {out});
        Arrays.fill(out.values(), -3f);
        layer.backward(new Chunk[] {out}, new Chunk[] {in});
        return in.toArray();
    }

    private static void assertGradients(Function function, float... expected) {
        float[] actual = gradients(function);
        for (int i = 0; i < X.length; i++) {
            assertEquals(expected[i], actual[i] + 0f, function + " at " + X[i]);
        }
    }

    @Test
    void shouldPassGradientsWhereNothingIsCutOff() {
        assertGradients(Function.RECTIFY, 0, 0, 0, -3, -3, -3, -3, -3, 0, 0);
        assertGradients(Function.RECTIFY_SCALE, 0, 0, 0, -3, -3, -3, -3, -3, 0, 0);
        assertGradients(Function.RECTIFY_SQUARE, 0, 0, 0, 0, 0, -6 * Float.MIN_VALUE, -6, -6e6f, 0, 0);
        assertGradients(Function.RELU, 0, 0, 0, 0, 0, -3, -3, -3, -3, -3);
    }
}
