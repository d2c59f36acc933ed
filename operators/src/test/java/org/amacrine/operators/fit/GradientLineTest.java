package org.amacrine.operators.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.DifferentiableLayer;
import org.amacrine.operators.models.Cascades;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of y = max(w x + b, 0) with w = 2 and b = 1, for x = 1, 2 and the goal 1, 3: the differences are 2 and 2. */
class GradientLineTest {
    private static final Shape ONE = Shape.image(1, 1);
    private static final Frames X = new Frames(ONE, 2, new float[] {1, 2});
    private static final Frames GOAL = new Frames(ONE, 2, new float[] {1, 3});

    private DifferentiableLayer model;

    @BeforeEach
    void makeModel() {
        model = Cascades.ln("ln", 1, true, true, 1, 1, 1);
        model.parameters().set("conv.weight", 2);
        model.parameters().set("conv.bias", 1);
    }

    private LayerFit.Builder fit() {
        return LayerFit.of(model, X, GOAL);
    }

    /** (w + b - 1)² + (2 w + b - 3)². */
    private static double loss(double w, double b) {
        return (w + b - 1) * (w + b - 1) + (2 * w + b - 3) * (2 * w + b - 3);
    }

    @Test
    void shouldTellTheLossAlongTheGradient() {
        GradientLine line = new GradientLine(fit());

        assertEquals(List.of("conv.weight", "conv.bias"), line.names());
        assertEquals(8, line.loss());
        // 2 (2 1 + 2 2) and 2 (2 + 2).
        assertArrayEquals(new double[] {12}, line.gradient().get("conv.weight").doubles());
        assertArrayEquals(
                new int[] {1, 1, 1, 1, 1}, line.gradient().get("conv.weight").shape());
        assertArrayEquals(new double[] {8}, line.gradient().get("conv.bias").doubles());
        double[] distances = {-0.05, -0.01, 0, 0.5};
        double[] losses = line.losses(distances);
        for (int i = 0; i < distances.length; i++) {
            assertEquals(loss(2 + 12 * distances[i], 1 + 8 * distances[i]), losses[i], 1e-4);
        }
    }

    @Test
    void shouldLeaveTheParametersAsTheyWere() {
        GradientLine line = new GradientLine(fit());
        line.losses(-0.1, 3);

        assertEquals(2, ((NdArray) model.parameters().get("conv.weight").value()).at(0));
        assertEquals(1, ((NdArray) model.parameters().get("conv.bias").value()).at(0));
        assertThrows(RuntimeException.class, () -> line.losses(1, Double.NaN));
        assertEquals(2, ((NdArray) model.parameters().get("conv.weight").value()).at(0));
    }

    @Test
    void shouldGoAnotherWayWhereAsked() {
        GradientLine line = new GradientLine(fit()).direction("conv.weight", 1).direction("conv.bias", 0);

        assertArrayEquals(new double[] {loss(1.5, 1), loss(2, 1), loss(3, 1)}, line.losses(-0.5, 0, 1), 1e-5);
        assertEquals(loss(2 + 1.2, 1 + 0.8), line.followGradient().losses(0.1)[0], 1e-4);
    }

    @Test
    void shouldLeaveFrozenParametersAlone() {
        model.parameters().get("conv.bias").freeze(true);

        GradientLine line = new GradientLine(fit());

        assertEquals(List.of("conv.weight"), line.names());
        assertEquals(loss(2 + 1.2, 1), line.losses(0.1)[0], 1e-5);
    }

    @Test
    void shouldAddUpTheGradientsOfChunks() {
        GradientLine whole = new GradientLine(fit());
        double[] expected = whole.losses(-0.02, 0.3);

        GradientLine chunks = new GradientLine(fit().chunkFrames(1));

        assertEquals(whole.gradient(), chunks.gradient());
        assertArrayEquals(expected, chunks.losses(-0.02, 0.3), 1e-6);
        assertEquals(8, chunks.loss());
    }

    @Test
    void shouldTakeAnotherLoss() {
        assertEquals(4, new GradientLine(fit().loss(Loss.MEAN_SQUARES)).loss());
    }

    @Test
    void shouldRejectWhatIsNoDirection() {
        GradientLine line = new GradientLine(fit());

        String unknown = assertThrows(IllegalArgumentException.class, () -> line.direction("wieght", 1))
                .getMessage();
        assertEquals("no parameter \"wieght\" that is fitted; there are conv.weight, conv.bias", unknown);
        assertThrows(
                IllegalArgumentException.class, () -> line.direction("conv.weight", NdArray.of(new float[] {1, 2}, 2)));
        assertThrows(IllegalArgumentException.class, () -> line.direction("conv.weight", Double.NaN));
        String skips = assertThrows(IllegalArgumentException.class, () -> new GradientLine(fit().skipFrames(1)))
                .getMessage();
        assertTrue(skips.contains("1 are skipped"), skips);
    }
}
