package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.layer.LayerRun;
import org.junit.jupiter.api.Test;

/** The layer that learns on while it watches. */
class ArHmmLearnerTest {
    private static final ArHmmParameters MODEL = Models.random(3, 2, 1, 6);
    private static final int LEAST_TICKS = 20;

    @Test
    void shouldTellOfAFrameWithTheModelThatItWasSeenWith() {
        Frames x = ArHmmFilterTest.stream(MODEL, 60);
        ArHmmLearner learner =
                new ArHmmLearner("learner", MODEL, ArHmmLearner.Weights.FILTER, 0, List.of("changeProbability"));
        learner.parameters().set("leastTicks", LEAST_TICKS);
        ArHmmFilter filter = new ArHmmFilter("filter", MODEL, List.of("changeProbability"));

        float[] learned = LayerRun.of("learner", learner)
                .apply(x)
                .get("changeProbability")
                .values();
        float[] fixed =
                LayerRun.of("filter", filter).apply(x).get("changeProbability").values();

        // After that many ticks the model is set for the frame that follows; one frame more was a lag only.
        int same = 1 + LEAST_TICKS;
        assertArrayEquals(Arrays.copyOf(fixed, same), Arrays.copyOf(learned, same));
        assertNotEquals(fixed[same], learned[same]);
    }
}
