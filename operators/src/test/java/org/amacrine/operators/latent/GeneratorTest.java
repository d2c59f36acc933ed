package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.random.RandomSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GeneratorTest {
    private static final List<Feedback> CROSSED = List.of(new Feedback(0, 1), new Feedback(1, 0));

    private static Generator generator(LatentRegressionModel model, List<Feedback> feedback, int trajectories) {
        return new Generator(model, feedback, ScalarKernels.INSTANCE, trajectories, 9, "live");
    }

    static List<LatentGolden.Case> recursive() {
        return LatentGolden.cases("recursive_generate");
    }

    /** A step rounds to single precision; the golden runs neither grow nor shrink such errors by much. */
    private static final double ROUNDING = 2e-5;

    /** The noise of a golden case is not the generator's, so only its means are compared, given the case's own outputs. */
    @ParameterizedTest
    @MethodSource("recursive")
    void shouldAgreeWithTheReferenceOneStepAhead(LatentGolden.Case golden) {
        LatentRegressionModel model = GoldenModels.model(golden);
        List<Feedback> feedback = LatentRegressionModelGoldenTest.feedback(golden);
        Groups x = GoldenModels.groups(golden, "x");
        Groups y = GoldenModels.groups(golden, "y_intended");
        Groups eps = GoldenModels.groups(golden, "noise");
        Generator generator = generator(model, feedback, 1);
        double[][] deviations = model.deviations();
        for (int t = 0; t < x.rows(); t++) {
            if (t > 0) {
                generator.restore(t, rows(y, t - 1));
            }
            float[][] given = rows(x, t);
            for (int g = 0; g < given.length; g++) {
                System.arraycopy(given[g], 0, generator.x(g), 0, given[g].length);
            }

            generator.advance();

            for (int h = 0; h < y.count(); h++) {
                int width = deviations[h].length;
                for (int j = 0; j < width; j++) {
                    double expected = y.group(h)[t * width + j] - deviations[h][j] * eps.group(h)[t * width + j];
                    assertEquals(
                            expected,
                            generator.mean(h)[j],
                            ROUNDING * Math.max(1, Math.abs(expected)),
                            golden + ", step " + t + ", output " + h + "[" + j + "]");
                }
            }
        }
    }

    private static float[][] rows(Groups groups, int row) {
        float[][] rows = new float[groups.count()][];
        for (int g = 0; g < rows.length; g++) {
            int width = groups.group(g).length / groups.rows();
            rows[g] = new float[width];
            for (int j = 0; j < width; j++) {
                rows[g][j] = (float) groups.group(g)[row * width + j];
            }
        }
        return rows;
    }

    @Test
    void shouldFollowTheSameNoiseAsTheModelInDoublePrecision() {
        LatentRegressionModel model = LatentModels.everything(1);
        int steps = 40;
        double[] five = new double[5 * steps];
        double[] four = new double[4 * steps];
        Arrays.fill(five, 5, five.length, Double.NaN);
        Arrays.fill(four, 4, four.length, Double.NaN);
        four[4 * 7 + 2] = 3;
        Groups expected = model.recursiveGenerate(
                new Groups(steps, new double[][] {five, four}), CROSSED, Noise.counted(9, "live", 1));
        Generator generator = generator(model, CROSSED, 2);
        Arrays.fill(generator.x(0), 0);
        Arrays.fill(generator.x(1), 0);

        for (int t = 0; t < steps; t++) {
            if (t == 7) {
                generator.x(1)[4 + 2] = 3;
            }
            generator.advance();
            for (int j = 0; j < 5; j++) {
                assertEquals(expected.group(1)[5 * t + j], generator.y(1)[5 + j], 1e-4, "step " + t);
            }
            generator.freeAll();
        }
    }

    @Test
    void shouldGiveATrajectoryTheSameBitsHoweverManyThereAre() {
        Generator one = generator(LatentModels.everything(2), CROSSED, 1);
        Generator five = generator(LatentModels.everything(2), CROSSED, 5);
        for (int t = 0; t < 20; t++) {
            one.freeAll();
            five.freeAll();
            if (t == 0) {
                one.restore(0, new float[][] {new float[4], new float[5]});
                five.restore(0, new float[][] {new float[20], new float[25]});
            }
            five.x(0)[5 * 3 + 1] = t;
            one.advance();
            five.advance();

            assertArrayEquals(one.y(0), Arrays.copyOf(five.y(0), 4), "step " + t);
            assertArrayEquals(one.y(1), Arrays.copyOf(five.y(1), 5), "step " + t);
        }
        assertTrue(Math.abs(five.y(0)[0] - five.y(0)[4]) > 1e-6, "trajectories have noise of their own");
    }

    @Test
    void shouldLookAheadWithoutDisturbingTheOriginal() {
        Generator original = generator(LatentModels.everything(3), CROSSED, 2);
        Generator undisturbed = generator(LatentModels.everything(3), CROSSED, 2);
        original.advance();
        undisturbed.advance();
        float[] before = original.y(0).clone();

        Generator fork = original.fork();
        float[] ahead = null;
        for (int t = 0; t < 5; t++) {
            fork.freeAll();
            fork.advance();
            ahead = fork.y(0).clone();
        }

        assertArrayEquals(before, original.y(0));
        for (int t = 0; t < 5; t++) {
            original.freeAll();
            original.advance();
        }
        assertArrayEquals(ahead, original.y(0), "the fork had the same noise");
        assertEquals(6, original.step());
    }

    @Test
    void shouldRunOnItsMeansWithoutNoise() {
        Generator generator = generator(LatentModels.everything(3), CROSSED, 1);
        generator.noise(false);

        generator.advance();

        assertArrayEquals(generator.mean(0), generator.y(0));
    }

    @Test
    void shouldTakeOverChangedParametersBetweenTwoSteps() {
        LatentRegressionModel model = LatentModels.plain(2, 1).useOffsets(true).build(new IdentityMap());
        Generator generator = generator(model, List.of(new Feedback(0, 0)), 1);
        generator.noise(false);
        generator.advance();
        model.tensor(Kind.OFFSETS, 0).set(Tensor.vector(3, 4));
        Arrays.fill(generator.x(0), 0);

        generator.readModel();
        generator.advance();

        assertArrayEquals(new float[] {3, 4}, generator.y(0));
    }

    @Test
    void shouldLeaveTheStateWhenARowIsRefused() {
        LatentRegressionModel model = LatentRegressionModel.builder(
                        new int[] {1, 2}, new int[] {2}, new int[] {1, 1}, new int[] {2})
                .s(List.of(new ScaledTanh(2, new RandomSequence().start(1, 0))))
                .build(new ConcatenateMap(new boolean[][] {{true, true}}));
        Generator generator = generator(model, List.of(new Feedback(0, 1)), 1);
        generator.freeAll();
        generator.x(0)[0] = 1;
        IllegalArgumentException first = assertThrows(IllegalArgumentException.class, generator::advance);
        assertTrue(
                first.getMessage()
                        .startsWith("step 0 has no value for variable 0 of input group 1, trajectory 0; give all"),
                first.getMessage());
        generator.x(1)[0] = 0;
        generator.x(1)[1] = 0;
        generator.advance();
        float[] before = generator.y(0).clone();
        generator.freeAll();

        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, generator::advance);

        assertTrue(e.getMessage().contains("input group 0, trajectory 0; nothing is fed back"), e.getMessage());
        assertArrayEquals(before, generator.y(0));
        assertEquals(1, generator.step());
    }
}
