package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An animal that is seen for the first time later than another one. */
class JoiningAnimalsTest {
    private static final int STATES = 4;
    private static final int DIMS = 2;
    private static final int FRAMES = 50;
    private static final int JOINS = 17;
    private static final ArHmmParameters MODEL = Models.random(STATES, DIMS, 2, 8);

    /** Features of one animal, [T][D]. */
    private static float[] alone(long seed, int frames) {
        double[] x = Models.stream(MODEL, frames, seed);
        float[] floats = new float[x.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) x[i];
        }
        return floats;
    }

    /** Two animals side by side, [T][D][2]; the second one is missing until it joins. */
    private static float[] together(float[] first, float[] second) {
        float[] x = new float[FRAMES * DIMS * 2];
        Arrays.fill(x, Float.NaN);
        for (int t = 0; t < FRAMES; t++) {
            for (int d = 0; d < DIMS; d++) {
                x[(t * DIMS + d) * 2] = first[t * DIMS + d];
                if (t >= JOINS) {
                    x[(t * DIMS + d) * 2 + 1] = second[(t - JOINS) * DIMS + d];
                }
            }
        }
        return x;
    }

    private static float[] filtered(Layer layer, Shape shape, int frames, float[] x) {
        layer.parameters().set("missing", "skip");
        return LayerRun.of("layer", layer)
                .apply(new Frames(shape, frames, x))
                .get("filtered")
                .values();
    }

    @Test
    void shouldBeginLikeAStreamOfItsOwn() {
        float[] second = alone(3, FRAMES - JOINS);
        float[] expected = filtered(new ArHmmFilter(MODEL), Shape.vector(DIMS), FRAMES - JOINS, second);

        float[] both =
                filtered(new ArHmmFilter(MODEL), new Shape(DIMS, 2, 1), FRAMES, together(alone(2, FRAMES), second));

        for (int t = 0; t < FRAMES; t++) {
            for (int k = 0; k < STATES; k++) {
                float actual = both[(t * STATES + k) * 2 + 1];
                float wanted = t < JOINS ? Float.NaN : expected[(t - JOINS) * STATES + k];
                assertEquals(wanted, actual, "state " + k + " of frame " + t);
            }
        }
    }

    /** Frames of an animal that is not there change nothing that is learned from the other one. */
    @ParameterizedTest
    @EnumSource
    void shouldTeachNothingBeforeItJoins(ArHmmLearner.Weights weights) {
        float[] first = alone(2, FRAMES);
        float[] never = new float[FRAMES * DIMS * 2];
        Arrays.fill(never, Float.NaN);
        for (int t = 0; t < FRAMES; t++) {
            for (int d = 0; d < DIMS; d++) {
                never[(t * DIMS + d) * 2 + 1] = first[t * DIMS + d];
            }
        }
        float[] expected = filtered(learner(weights), Shape.vector(DIMS), FRAMES, first);

        float[] both = filtered(learner(weights), new Shape(DIMS, 2, 1), FRAMES, never);

        float[] ofFirst = new float[expected.length];
        for (int i = 0; i < ofFirst.length; i++) {
            ofFirst[i] = both[2 * i + 1];
            assertTrue(Float.isNaN(both[2 * i]));
        }
        assertArrayEquals(expected, ofFirst);
    }

    private static ArHmmLearner learner(ArHmmLearner.Weights weights) {
        ArHmmLearner learner = new ArHmmLearner("learner", MODEL, weights, 3, List.of("filtered"));
        learner.parameters().set("leastTicks", 5);
        return learner;
    }
}
