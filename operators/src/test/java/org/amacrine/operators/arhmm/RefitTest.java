package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;

class RefitTest {
    private static final int FRAMES = 2000;
    private static final int SWEEPS = 10;
    /** Three states of one feature: they hold x at these values, with the variance 0.04. */
    private static final double[] LEVELS = {-2, 0, 2};

    private static final double VARIANCE = 0.04;
    private static final Hyperparameters PRIOR = prior(0.01);

    private static Hyperparameters prior(double s0Scale) {
        return Hyperparameters.of(new Hyperparameters.Transitions(3, 5.7, 50, 1000), 1, 1, s0Scale, 10);
    }

    private static ArHmmParameters model(double... levels) {
        double[] pi = new double[9];
        Arrays.fill(pi, 0.02);
        pi[0] = pi[4] = pi[8] = 0.96;
        double[] ab = {0, levels[0], 0, levels[1], 0, levels[2]};
        double[] q = {VARIANCE, VARIANCE, VARIANCE};
        return new ArHmmParameters(3, 1, 1, new double[] {0.4, 0.3, 0.3}, pi, ab, q);
    }

    /** Frames of animals that follow each other in their states. */
    private static Frames window(ArHmmParameters truth, int animals) {
        float[] values = new float[FRAMES * animals];
        for (int a = 0; a < animals; a++) {
            double[] x = Models.stream(truth, FRAMES, 7 + a);
            for (int t = 0; t < FRAMES; t++) {
                values[t * animals + a] = (float) x[t];
            }
        }
        return new Frames(new Shape(1, animals, 1), FRAMES, values);
    }

    private static Refit refit(Frames window, ArHmmParameters live) {
        return new Refit(window, live, PRIOR, SWEEPS, 1, ScalarKernels.INSTANCE);
    }

    private static Map<String, NdArray> run(Refit refit) {
        while (!refit.done()) {
            assertTrue(refit.result().isEmpty(), "nothing may be set before the sweeps are done");
            refit.step();
        }
        return refit.result();
    }

    private static ArHmmParameters parameters(Map<String, NdArray> found) {
        return ArHmmParameters.of(found.get("betas"), found.get("pi"), found.get("Ab"), found.get("Q"));
    }

    private static void assertHolds(double level, ArHmmParameters found, int state) {
        // Where x is held at a level, coefficient and bias trade off against each other: what x is drawn to counts.
        double fixed = found.ab()[2 * state + 1] / (1 - found.ab()[2 * state]);
        assertEquals(level, fixed, 0.05, "state " + state);
        assertEquals(VARIANCE, found.q()[state], 0.01, "state " + state);
    }

    @Test
    void shouldFollowStatesThatMovedUnderTheirLabels() {
        ArHmmParameters live = model(LEVELS);
        Refit refit = refit(window(model(-1.6, 0.3, 2.5), 1), live);

        ArHmmParameters found = parameters(run(refit));

        assertHolds(-1.6, found, 0);
        assertHolds(0.3, found, 1);
        assertHolds(2.5, found, 2);
        for (int k = 0; k < 3; k++) {
            assertEquals(0.96, found.pi()[4 * k], 0.02, "state " + k);
        }
        assertEquals(SWEEPS, refit.iteration());
        assertTrue(refit.objectives().get("gain") > 0.5, refit.objectives()::toString);
        assertEquals(0, refit.objectives().get("relabelled"), 0.02);
    }

    @Test
    void shouldFitAllAnimalsTogether() {
        ArHmmParameters found = parameters(run(refit(window(model(-1.6, 0.3, 2.5), 2), model(LEVELS))));
        assertHolds(-1.6, found, 0);
        assertHolds(2.5, found, 2);
    }

    @Test
    void shouldKeepAStateThatTheWindowDoesNotShow() {
        Frames all = window(model(-1.6, 0.3, 2.5), 1);
        float[] without = all.values().clone();
        for (int t = 0; t < FRAMES; t++) {
            // Without the frames of the last state the ones before and behind it stand side by side.
            without[t] = without[t] > 1.2 ? Float.NaN : without[t];
        }
        ArHmmParameters live = model(LEVELS);
        Frames window = new Frames(all.shape(), FRAMES, without);
        // A state drawn from this prior is too wide to take frames from those that are there.
        Refit refit = new Refit(window, live, prior(4), SWEEPS, 1, ScalarKernels.INSTANCE);

        ArHmmParameters found = parameters(run(refit));

        assertHolds(-1.6, found, 0);
        assertHolds(0.3, found, 1);
        assertArrayEquals(Arrays.copyOfRange(live.ab(), 4, 6), Arrays.copyOfRange(found.ab(), 4, 6));
        assertEquals(live.q()[2], found.q()[2]);
        assertArrayEquals(Arrays.copyOfRange(live.pi(), 6, 9), Arrays.copyOfRange(found.pi(), 6, 9));
    }

    @Test
    void shouldLeaveAModelThatExplainsTheFramesBetter() {
        Frames window = window(model(LEVELS), 1);
        // This prior makes of each state one that moves ten times as much.
        Refit refit = new Refit(window, model(LEVELS), prior(4000), SWEEPS, 1, ScalarKernels.INSTANCE);
        assertEquals(Map.of(), run(refit));
        assertTrue(refit.objectives().get("gain") < 0, refit.objectives()::toString);
    }

    @Test
    void shouldSetNothingWhenAllIsMissing() {
        float[] nothing = new float[50];
        Arrays.fill(nothing, Float.NaN);
        assertEquals(Map.of(), run(refit(new Frames(Shape.vector(1), 50, nothing), model(LEVELS))));
    }

    @Test
    void shouldBeTheSameAgainAlsoWhenItIsTakenUpInBetween() {
        Frames window = window(model(-1.6, 0.3, 2.5), 1);
        Map<String, NdArray> straight = run(refit(window, model(LEVELS)));
        Refit broken = refit(window, model(LEVELS));
        for (int i = 0; i < 8; i++) {
            broken.step();
        }
        Refit resumed = refit(window, model(LEVELS));
        resumed.restore(broken.save());
        assertEquals(straight, run(resumed));
    }

    @Test
    void shouldRefuseWhatDoesNotFitTogether() {
        ArHmmParameters live = model(LEVELS);
        Frames wide = Frames.zeros(Shape.vector(2), 10);
        assertEquals(
                "a model of 1 dims is fitted to frames of 1x1x1, or 1xAx1 for A animals, but was given 2x1x1",
                assertThrows(IllegalArgumentException.class, () -> refit(wide, live))
                        .getMessage());
        Frames one = Frames.zeros(Shape.vector(1), 1);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> refit(one, live))
                .getMessage()
                .contains("needs at least 2"));
        Frames window = Frames.zeros(Shape.vector(1), 10);
        assertThrows(
                IllegalArgumentException.class, () -> new Refit(window, live, PRIOR, 0, 1, ScalarKernels.INSTANCE));
    }
}
