package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.random.RandomSequence;
import org.junit.jupiter.api.Test;

/** First values against the distributions that the reference draws its own from. */
class InitialValuesGoldenTest {
    /** Bounds are so many standard errors: of a mean {@code s / sqrt(n)}, of a deviation at most {@code s / sqrt(2 n)}. */
    private static final double STANDARD_ERRORS = 4.5;

    /** What the entries of the manifest are about. */
    private static Map<String, double[]> values() {
        RandomSequence random = new RandomSequence().start(7, 0);
        LatentRegressionModel plain = LatentRegressionModel.builder(
                        new int[] {4000}, new int[] {3000}, new int[] {60}, new int[] {40})
                .s(List.of(new Identity()))
                .useScales(true)
                .useOffsets(true)
                .build(new LinearMap(new int[] {60}, new int[] {40}, false, random));
        LatentRegressionModel chosen = LatentRegressionModel.builder(
                        new int[] {3000}, new int[] {3000}, new int[] {60}, new int[] {60})
                .s(List.of(new Identity()))
                .useScales(true)
                .directPairs(List.of(new DirectPair(0, 0)))
                .wGain(5)
                .scaleDeviation(0.3)
                .directDeviation(0.7)
                .noiseRange(1, 3)
                .build(new IdentityMap());
        Map<String, Tensor> transform = new GroupLinearTransform(
                        new int[] {5000}, true, false, new GroupLinearTransform.Init(0.5, 0.2, -1, 0.3), random)
                .parameters();
        double[] biases = new double[5000];
        for (int i = 0; i < biases.length; i += 50) {
            double[] some =
                    new Linear(100, 50, true, random).parameters().get("bias").values();
            System.arraycopy(some, 0, biases, i, 50);
        }
        Map<String, double[]> values = new LinkedHashMap<>();
        values.put("p, d_in 4000, d_proj 60, w_gain 1", plain.tensor(Kind.P, 0).values());
        values.put(
                "u, d_out 3000, d_trans 40, w_gain 1", plain.tensor(Kind.U, 0).values());
        values.put("scales, sc_std .01", plain.tensor(Kind.SCALES, 0).values());
        values.put("offsets", plain.tensor(Kind.OFFSETS, 0).values());
        values.put("psi, noise_range (.1,.2)", plain.tensor(Kind.PSI, 0).values());
        values.put("p, d_in 3000, d_proj 60, w_gain 5", chosen.tensor(Kind.P, 0).values());
        values.put("scales, sc_std .3", chosen.tensor(Kind.SCALES, 0).values());
        values.put(
                "direct mapping, dm_std .7",
                chosen.tensor(Kind.DIRECT_MAPPINGS, 0).values());
        values.put("psi, noise_range (1,3)", chosen.tensor(Kind.PSI, 0).values());
        values.put(
                "GroupLinearTransform v (mean .5, std .2)", transform.get("v0").values());
        values.put(
                "GroupLinearTransform o (mean -1, std .3)", transform.get("o0").values());
        values.put(
                "Linear weight, in 100, out 50 (also LinearMap)",
                new Linear(100, 50, true, random).parameters().get("weight").values());
        values.put("Linear bias, in 100", biases);
        return values;
    }

    @Test
    void shouldDrawFirstValuesFromTheDistributionsOfTheReference() {
        Map<String, double[]> values = values();
        List<?> entries = (List<?>) LatentGolden.manifest("init_statistics");
        assertEquals(values.size(), entries.size());
        for (Object each : entries) {
            Map<?, ?> entry = (Map<?, ?>) each;
            String what = (String) entry.get("what");
            double[] drawn = values.get(what);
            assertEquals(number(entry, "n"), drawn.length, what);
            assertDrawnFrom(number(entry, "expected_mean"), number(entry, "expected_std"), drawn, what);
            if (((String) entry.get("distribution")).startsWith("uniform")) {
                assertFills(number(entry, "expected_mean"), number(entry, "expected_std"), drawn, what);
            }
        }
    }

    private static double number(Map<?, ?> entry, String key) {
        return ((Number) entry.get(key)).doubleValue();
    }

    private static void assertDrawnFrom(double mean, double deviation, double[] drawn, String what) {
        double average = Arrays.stream(drawn).average().orElseThrow();
        double squares = Arrays.stream(drawn)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow();
        double bound = STANDARD_ERRORS * deviation / Math.sqrt(drawn.length);
        assertEquals(mean, average, bound, what + ": mean");
        assertEquals(deviation, Math.sqrt(squares), bound / Math.sqrt(2), what + ": standard deviation");
    }

    /** A uniform distribution of that deviation is {@code 2 sqrt(3) deviation} wide; among 3000 values some are within 1 % of either end. */
    private static void assertFills(double mean, double deviation, double[] drawn, String what) {
        double half = Math.sqrt(3) * deviation;
        DoubleSummaryStatistics range = Arrays.stream(drawn).summaryStatistics();
        assertTrue(range.getMin() >= mean - half - 1e-12 && range.getMin() < mean - 0.98 * half, what + ": " + range);
        assertTrue(range.getMax() <= mean + half + 1e-12 && range.getMax() > mean + 0.98 * half, what + ": " + range);
    }
}
