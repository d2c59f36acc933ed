package org.amacrine.core.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Samplers by their moments: a sample's mean lies within five standard errors of the distribution's. */
class RandomSequenceTest {
    private static final long SEED = 7;
    private static final long KEY = CounterRandom.key(SEED, "test", 0);
    private static final int DRAWS = 40_000;

    private final RandomSequence random = new RandomSequence().start(KEY, 3);

    private static void checkMean(String what, double mean, double variance, DoubleSupplier draw) {
        double sum = 0;
        for (int i = 0; i < DRAWS; i++) {
            sum += draw.getAsDouble();
        }
        double score = (sum / DRAWS - mean) / Math.sqrt(variance / DRAWS);
        assertTrue(
                Math.abs(score) < 5,
                what + ": mean " + sum / DRAWS + " instead of " + mean + ", " + score + " standard errors off, seed "
                        + SEED);
    }

    /** Derivative of log gamma: by recurrence up to 20, then its asymptotic series. */
    private static double digamma(double x) {
        double shift = 0;
        for (; x < 20; x++) {
            shift -= 1 / x;
        }
        return shift + Math.log(x) - 1 / (2 * x) - 1 / (12 * x * x) + 1 / (120 * Math.pow(x, 4));
    }

    /** Second derivative of log gamma, likewise. */
    private static double trigamma(double x) {
        double shift = 0;
        for (; x < 20; x++) {
            shift += 1 / (x * x);
        }
        return shift + 1 / x + 1 / (2 * x * x) + 1 / (6 * Math.pow(x, 3)) - 1 / (30 * Math.pow(x, 5));
    }

    @Test
    void shouldDrawTheSameNumbersAgain() {
        double first = random.normal();
        double second = random.normal();
        double third = random.gamma(0.3);

        random.start(KEY, 3);

        assertEquals(first, random.normal());
        assertEquals(second, random.normal());
        assertEquals(third, random.gamma(0.3));
        assertNotEquals(first, random.start(KEY, 4).normal());
        assertNotEquals(first, random.start(KEY + 1, 3).normal());
    }

    @Test
    void shouldForgetHalfAPairAtTheBeginningOfASequence() {
        double first = random.start(KEY, 5).normal();
        random.start(KEY, 6).normal();

        assertEquals(first, random.start(KEY, 5).normal());
    }

    @Test
    void shouldNumberUniformNumbers() {
        assertEquals(RandomSequence.uniform(KEY, 3, 0), random.uniform());
        assertEquals(RandomSequence.uniform(KEY, 3, 1), random.uniform());
    }

    @Test
    void shouldDrawUniformNumbers() {
        checkMean("uniform", 0.5, 1.0 / 12, random::uniform);
        checkMean("squared", 1.0 / 3, 4.0 / 45, () -> Math.pow(random.uniform(), 2));
    }

    @Test
    void shouldDrawNormalNumbers() {
        checkMean("normal", 0, 1, random::normal);
        checkMean("squared", 1, 2, () -> Math.pow(random.normal(), 2));
        checkMean("to the fourth", 3, 96, () -> Math.pow(random.normal(), 4));
        checkMean("product of neighbours", 0, 1, () -> random.normal() * random.normal());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.3, 1, 2.5, 40, 1e6})
    void shouldDrawGammaNumbers(double shape) {
        checkMean("gamma", shape, shape, () -> random.gamma(shape));
        checkMean("logarithm", digamma(shape), trigamma(shape), () -> random.logGamma(shape));
    }

    @Test
    void shouldStayFiniteForTinyShapes() {
        double shape = 1e-300;
        checkMean("logarithm times shape", -1, 1, () -> random.logGamma(shape) * shape);
    }

    @Test
    void shouldDrawChiSquareNumbers() {
        checkMean("chi-square", 3, 6, () -> random.chiSquare(3));
    }

    @ParameterizedTest
    @CsvSource({"0.5,0.5", "3,1.5", "200,100"})
    void shouldDrawBetaNumbers(double a, double b) {
        double mean = a / (a + b);
        double variance = a * b / ((a + b) * (a + b) * (a + b + 1));
        checkMean("beta", mean, variance, () -> random.beta(a, b));
    }

    /** Mean n p; variance n p q; fourth central moment n p q (1 + (3 n - 6) p q). */
    @ParameterizedTest
    @CsvSource({"1,0.3", "16,0.5", "17,0.9", "100,0.01", "5000,0.37", "100000,0.999"})
    void shouldDrawBinomialNumbers(int trials, double p) {
        double variance = trials * p * (1 - p);
        double fourth = variance * (1 + (3.0 * trials - 6) * p * (1 - p));
        checkMean("binomial", trials * p, variance, () -> random.binomial(trials, p));
        checkMean("squared", variance, fourth - variance * variance, () -> {
            double off = random.binomial(trials, p) - trials * p;
            return off * off;
        });
    }

    @Test
    void shouldBeCertainOfCertainBinomials() {
        for (int i = 0; i < 100; i++) {
            assertEquals(0, random.binomial(1000, 0));
            assertEquals(1000, random.binomial(1000, 1));
            assertEquals(0, random.binomial(0, 0.5));
        }
    }

    @Test
    void shouldDrawDirichletNumbers() {
        double[] shapes = {0, 0.2, 3, 7};
        double[] drawn = new double[5];
        for (int j = 1; j < 4; j++) {
            int value = j;
            double mean = shapes[j] / 10.2;
            checkMean("value " + j, mean, mean * (1 - mean) / 11.2, () -> {
                random.dirichlet(shapes, 1, drawn, 2, 3, 0);
                return drawn[value + 1];
            });
        }
        assertEquals(1, drawn[2] + drawn[3] + drawn[4], 1e-15);
        assertEquals(0, drawn[0] + drawn[1]);
    }

    @Test
    void shouldKeepTinyDirichletNumbersAboveTheFloor() {
        double[] shapes = {1e-5, 1e-5, 1e-5};
        double[] drawn = new double[3];
        for (int i = 0; i < 1000; i++) {
            random.dirichlet(shapes, 0, drawn, 0, 3, 1e-38);
            assertEquals(1, drawn[0] + drawn[1] + drawn[2], 1e-15);
            assertTrue(drawn[0] > 0 && drawn[1] > 0 && drawn[2] > 0);
        }
        random.start(KEY, 9).dirichlet(shapes, 0, drawn, 0, 3, 0);
        double[] again = new double[3];
        random.start(KEY, 9).dirichlet(shapes, 0, again, 0, 3, 0);
        assertArrayEquals(drawn, again);
    }

    @Test
    void shouldRejectWhatIsNoDistribution() {
        assertEquals(
                "the shape of a gamma distribution must be > 0 and finite but was 0.0",
                assertThrows(IllegalArgumentException.class, () -> random.gamma(0))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> random.gamma(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> random.binomial(-1, 0.5));
        assertThrows(IllegalArgumentException.class, () -> random.binomial(1, 1.5));
    }
}
