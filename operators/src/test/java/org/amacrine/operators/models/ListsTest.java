package org.amacrine.operators.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.Layer;
import org.amacrine.operators.filter.CausalConvolution.Border;
import org.amacrine.operators.filter.Convolution;
import org.amacrine.operators.filter.Sum;
import org.amacrine.operators.models.Lists.Combination;
import org.junit.jupiter.api.Test;

/** Numbers of graphs of layers that each multiply by a number. */
class ListsTest {
    private static final Frames X = new Frames(Shape.image(1, 2), 2, new float[] {1, 2, 3, -4});

    private static Layer times(double factor) {
        Layer layer = new Convolution("times", Border.REPEAT, false, 1);
        layer.parameters().set("weight", factor);
        return layer;
    }

    private static float[] output(Layer layer) {
        return layer.run(X, 2).get("output").values();
    }

    @Test
    void shouldPutLayersTogetherByAnyLayer() {
        Layer minus = new Sum("minus", 0, 1, -1);

        assertArrayEquals(
                new float[] {2, 4, 6, -8}, output(Lists.parallel("list", minus, List.of(times(5), times(3)))));
    }

    @Test
    void shouldAlternateWithSums() {
        Layer layer = Lists.alternating("list", List.of(times(2), List.of(times(3), List.of(times(4), times(5)))));

        assertArrayEquals(new float[] {46, 92, 138, -184}, output(layer));
    }

    @Test
    void shouldAlternateWithEachCombination() {
        List<?> sideBySide = List.of(List.of(times(2), times(3)));

        Layer concatenated = Lists.alternating("list", Combination.CONCATENATE, sideBySide);
        assertArrayEquals(new float[] {2, 4, 3, 6, 6, -8, 9, -12}, output(concatenated));
        assertEquals(new Shape(2, 1, 2), concatenated.run(X, 1).get("output").shape());
        assertArrayEquals(
                new float[] {5, 10, 15, -20}, output(Lists.alternating("list", Combination.SUM_CHANNELS, sideBySide)));
    }
}
