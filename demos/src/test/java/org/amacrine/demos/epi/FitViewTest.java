package org.amacrine.demos.epi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.operators.epi.EpiExample;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is drawn of a fit whose samples all lie at one point. */
class FitViewTest {
    /** Four squares of 96 pixels, with 4 between and around them. */
    private static final int SIZE = 4 * 96 + 5 * 4;

    private static int corner(int square) {
        return 4 + square * 100;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldDrawSamplesAboveTheDiagonalAndTheirDensityBelow(int dt) {
        int width = FitSource.size(4, 4);
        float[] frames = new float[2 * width];
        for (int t = 0; t < 2; t++) {
            frames[t * width + FitSource.ENTROPY] = 3 + t;
            frames[t * width + FitSource.VIOLATION] = 100;
            for (int n = 0; n < FitSource.SAMPLES; n++) {
                float[] z = {0, 10, -10, 0};
                System.arraycopy(z, 0, frames, t * width + FitSource.PARAMETERS + 4 * n, 4);
                // The first statistic, which should be 0 on average, is -1 for a quarter of the samples, else 1.
                frames[t * width + FitSource.statistics(4) + n] = n % 4 == 0 ? -1 : 1;
            }
            frames[t * width + FitSource.tests(4, 4) + 3] = 0.25f;
            frames[t * width + FitSource.tests(4, 4) + 4] = -3;
        }

        Map<String, Frames> out = LayerRun.of("view", new FitView(EpiExample.of("linear")))
                .dt(dt)
                .apply(new Frames(Shape.vector(width), 2, frames));

        assertArrayEquals(new float[] {3, 4}, out.get("entropy").values());
        assertArrayEquals(new float[] {2, 2}, out.get("violation").values());
        assertEquals(new Shape(1, SIZE, SIZE), out.get("posterior").shape());
        float[] all = out.get("posterior").values();
        float[] image = Arrays.copyOfRange(all, SIZE * SIZE, 2 * SIZE * SIZE);
        // a12 = 10 across, at the right edge; a11 = 0 upwards, in the middle of 95 places.
        assertEquals(1, image[(corner(0) + 47) * SIZE + corner(1) + 94]);
        assertEquals(0, image[(corner(0) + 44) * SIZE + corner(1) + 94]);
        // a11 = 0 across, in the middle; a12 = 10 upwards, at the top: the densest of all places.
        assertEquals(1, image[corner(1) * SIZE + corner(0) + 47]);
        assertEquals(0, image[(corner(1) + 90) * SIZE + corner(0) + 47], 1e-3);
        assertEquals(0.2f, image[0], "the frame around the squares");

        assertArrayEquals(
                new float[] {0, 0, 0, 0.25f, 0, 0, 0, 0.25f}, out.get("p").values());
        assertArrayEquals(new float[] {-3, -3}, out.get("penalty").values());
        assertEquals(new Shape(1, 96, 4 * 96 + 3 * 4), out.get("statistics").shape());
        float[] bars = out.get("statistics").values();
        int columns = 4 * 96 + 3 * 4;
        assertEquals(0.6f, bars[95 * columns], "a low bar at the left");
        assertEquals(0.6f, bars[(96 - 32) * columns], "of a third of the height");
        assertEquals(0, bars[(96 - 33) * columns]);
        assertEquals(0.6f, bars[95], "a bar of the whole height at the right");
        assertEquals(1, bars[48], "a line where the mean should be");
        assertEquals(0, bars[95 * columns + 30], "nothing between");
        assertEquals(0.2f, bars[96], "between two histograms");
    }
}
