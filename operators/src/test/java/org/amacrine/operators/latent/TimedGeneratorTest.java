package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;

class TimedGeneratorTest {
    private static final float NAN = Float.NaN;
    private static final List<Feedback> ONE_OF_TWO = List.of(new Feedback(0, 1));
    private static final int STEPS = 20;

    private final LatentRegressionModel model = LatentModels.everything(3);

    /** Input group 0, of 5 variables, is not fed back; group 1, of 4, is. */
    private Generator generator() {
        return new Generator(model, ONE_OF_TWO, ScalarKernels.INSTANCE, 1, 7, "timed");
    }

    private static float[][] row(int step) {
        SplittableRandom random = new SplittableRandom(step);
        float[][] row = new float[2][];
        row[0] = new float[5];
        row[1] = new float[4];
        for (int i = 0; i < 5; i++) {
            row[0][i] = (float) random.nextDouble();
        }
        for (int i = 0; i < 4; i++) {
            row[1][i] = step > 0 && random.nextInt(3) == 0 ? NAN : (float) random.nextDouble();
        }
        return row;
    }

    /** All rows in time; those of steps in {@code free} without what clamps, and with the stimuli of the step before. */
    private float[] straight(int steps, Integer... free) {
        Generator generator = generator();
        for (int t = 0; t < steps; t++) {
            boolean missing = Arrays.asList(free).contains(t);
            float[][] row = row(missing ? t - 1 : t);
            System.arraycopy(row[0], 0, generator.x(0), 0, 5);
            if (missing) {
                Arrays.fill(generator.x(1), NAN);
            } else {
                System.arraycopy(row[1], 0, generator.x(1), 0, 4);
            }
            generator.advance();
        }
        return generator.y(0).clone();
    }

    @Test
    void shouldComputeAgainFromALateRowOn() {
        TimedGenerator timed = new TimedGenerator(generator(), 6, TimedGenerator.Late.RECOMPUTE);
        for (int t = 0; t < STEPS; t++) {
            if (t != 13 && t != 16) {
                timed.give(t, row(t));
            }
        }
        assertArrayEquals(straight(STEPS, 13, 16), timed.generator().y(0), "missing steps are done freely");

        assertTrue(timed.give(16, row(16)));
        assertArrayEquals(straight(STEPS, 13), timed.generator().y(0));
        assertFalse(timed.give(13, row(13)), "7 steps ago, 6 are kept");
        assertArrayEquals(straight(STEPS, 13), timed.generator().y(0));
        assertEquals(1, timed.recomputed());
        assertEquals(1, timed.dropped());
        assertEquals(STEPS, timed.generator().step());
    }

    @Test
    void shouldComputeAgainFromTheOldestStepThatIsKept() {
        TimedGenerator timed = new TimedGenerator(generator(), STEPS, TimedGenerator.Late.RECOMPUTE);
        float[][] first = row(0);
        first[0][2] += 1;
        timed.give(0, first);
        for (int t = 1; t < STEPS; t++) {
            timed.give(t, row(t));
        }

        assertTrue(timed.give(0, row(0)), "the first step has nothing before it");

        assertArrayEquals(straight(STEPS), timed.generator().y(0));
    }

    @Test
    void shouldDropLateRowsAndCountThem() {
        TimedGenerator timed = new TimedGenerator(generator(), 6, TimedGenerator.Late.DROP);
        for (int t = 0; t < STEPS; t++) {
            if (t != 16) {
                timed.give(t, row(t));
            }
        }

        assertFalse(timed.give(16, row(16)));

        assertArrayEquals(straight(STEPS, 16), timed.generator().y(0));
        assertEquals(1, timed.dropped());
        assertEquals(0, timed.recomputed());
    }

    @Test
    void shouldKeepOfALateRowWhatWasGivenInTime() {
        TimedGenerator timed = new TimedGenerator(generator(), 6, TimedGenerator.Late.RECOMPUTE);
        for (int t = 0; t < STEPS; t++) {
            float[][] row = row(t);
            row[1][1] = t == 17 ? NAN : row[1][1];
            timed.give(t, row);
        }
        float[][] rest = {new float[5], {NAN, row(17)[1][1], NAN, NAN}};
        Arrays.fill(rest[0], NAN);

        timed.give(17, rest);

        assertArrayEquals(straight(STEPS), timed.generator().y(0));
    }

    @Test
    void shouldDoNoStepOfARowThatItRefuses() {
        TimedGenerator timed = new TimedGenerator(generator(), 6, TimedGenerator.Late.RECOMPUTE);
        assertRefuses(
                "step 0 has no value for variable 0 of input group 0, trajectory 0; nothing is fed back to this group, so give"
                        + " all of it",
                () -> timed.give(2, row(2)));
        for (int t = 0; t < 8; t++) {
            timed.give(t, row(t));
        }
        float[][] bad = row(11);
        bad[0][3] = NAN;

        assertRefuses(
                "step 11 has no value for variable 3 of input group 0, trajectory 0; nothing is fed back to this group, so"
                        + " give all of it",
                () -> timed.give(11, bad));

        assertEquals(8, timed.generator().step());
        assertArrayEquals(straight(8), timed.generator().y(0));
        assertTrue(timed.give(3, row(3)), "what is kept for late rows is kept");
        assertArrayEquals(straight(8), timed.generator().y(0));
        for (int t = 8; t < STEPS; t++) {
            timed.give(t, row(t));
        }
        assertArrayEquals(straight(STEPS), timed.generator().y(0));
    }

    @Test
    void shouldRefuseRowsThatDoNotFit() {
        assertRefuses(
                "keptSteps must be >= 1 but was 0", () -> new TimedGenerator(generator(), 0, TimedGenerator.Late.DROP));
        TimedGenerator timed = new TimedGenerator(generator(), 1, TimedGenerator.Late.DROP);
        assertRefuses("a step takes rows of 2 input groups but was given 1", () -> timed.give(0, new float[1][5]));
        assertRefuses(
                "input group 1 takes 4 values, those of all trajectories, but was given 5",
                () -> timed.give(0, new float[2][5]));
        assertRefuses(
                "input group 0 takes 5 values, those of all trajectories, but was given none",
                () -> timed.give(0, new float[2][]));
    }

    private static void assertRefuses(String expected, Runnable call) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
        assertEquals(expected, e.getMessage());
    }
}
