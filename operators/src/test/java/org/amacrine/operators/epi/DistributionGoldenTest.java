package org.amacrine.operators.epi;

import static org.amacrine.operators.epi.EpiGolden.assertClose;
import static org.amacrine.operators.epi.EpiGolden.doubles;
import static org.amacrine.operators.epi.EpiGolden.number;
import static org.amacrine.operators.epi.EpiGolden.numbers;
import static org.amacrine.operators.epi.EpiGolden.transposed;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Densities, gradients and Hessians against stored outputs of an independent program. */
class DistributionGoldenTest {

    static Stream<String> flows() {
        return EpiGolden.map("flows").keySet().stream().map(String.class::cast);
    }

    private static Distribution distribution(Map<?, ?> golden) {
        return new Distribution(
                EpiGolden.flow((Map<?, ?>) golden.get("cfg")), doubles(golden.get("theta")), ScalarKernels.INSTANCE);
    }

    @ParameterizedTest
    @MethodSource("flows")
    void shouldGiveDensitiesGradientsAndHessians(String name) {
        Map<?, ?> golden = EpiGolden.map("flows", name);
        Distribution distribution = distribution(golden);
        double[] z = doubles(golden.get("query"));

        Distribution.Densities densities = distribution.densities(z);

        assertClose("log q", doubles(golden.get("query_logp")), densities.values(), 1e-9);
        assertClose("gradient", doubles(golden.get("query_grad")), densities.gradients(), 1e-8);
        assertClose("Hessian", doubles(golden.get("query_hess")), densities.hessians(), 1e-7);
        assertArrayEquals(densities.values(), distribution.logProbability(z), 1e-12);
        assertArrayEquals(densities.gradients(), distribution.gradient(z), 1e-10);
        assertArrayEquals(densities.hessians(), distribution.hessian(z));
    }

    static Stream<String> boundedFlows() {
        return flows().filter(name -> EpiGolden.map("flows", name).containsKey("query_logp_epi_eps"));
    }

    @ParameterizedTest
    @MethodSource("boundedFlows")
    void shouldGiveTheDensitiesOfTheReferencesInverse(String name) {
        Map<?, ?> golden = EpiGolden.map("flows", name);
        Distribution distribution = distribution(golden).withReferenceInverse();
        double[] z = doubles(golden.get("query"));
        assertClose("log q", doubles(golden.get("query_logp_epi_eps")), distribution.logProbability(z), 1e-9);
        assertArrayEquals(
                distribution.logProbability(z), distribution.densities(z).values(), 1e-12);
    }

    @ParameterizedTest
    @MethodSource("flows")
    void shouldTellTheDensityOfItsOwnSamples(String name) {
        Map<?, ?> golden = EpiGolden.map("flows", name);
        double[] z = doubles(golden.get("z"));
        assertClose("log q", doubles(golden.get("log_q")), distribution(golden).logProbability(z), 1e-8);
    }

    @Test
    void shouldGiveTheDensityOfAFittedPosterior() {
        Map<?, ?> golden = EpiGolden.map("epi_lds", "posterior_seed15");
        Distribution distribution = distribution(golden);

        double[] w = doubles(golden.get("w"));
        int samples = w.length / 4;
        FlowBatch batch = distribution.batch(samples);
        System.arraycopy(transposed(w, samples, 4), 0, batch.noise(), 0, w.length);
        batch.forward(distribution.theta(), false);
        Distribution.Densities densities = distribution.densities(doubles(golden.get("z")));

        assertClose("z", doubles(golden.get("z")), transposed(batch.z(), 4, samples), 1e-9);
        assertClose("log q of samples", doubles(golden.get("log_q")), batch.logDensity(), 1e-9);
        assertClose("log q", doubles(golden.get("log_q")), densities.values(), 1e-9);
        assertClose("gradient", doubles(golden.get("grad")), densities.gradients(), 1e-8);
        assertClose("Hessian", doubles(golden.get("hess")), densities.hessians(), 1e-7);
    }

    /** The golden means and quantiles are of 200000 samples: 5 standard errors of both numbers of samples. */
    @Test
    void shouldSampleAFittedPosterior() {
        Map<?, ?> golden = EpiGolden.map("epi_lds", "posterior_seed15");
        Map<?, ?> expected = (Map<?, ?>) golden.get("samples200k");
        Distribution distribution = distribution(golden);
        int count = 20_000;
        double[] z = distribution.sample(count, 1);
        double errors = 5 * Math.sqrt(1.0 / count + 1.0 / 200_000);
        double[] logs = distribution.logProbability(z);

        double entropy = -Arrays.stream(logs).average().orElseThrow();
        double squares =
                Arrays.stream(logs).map(l -> (l + entropy) * (l + entropy)).sum();
        assertEquals(number(expected.get("H")), entropy, errors * Math.sqrt(squares / count));

        double[] mean = numbers(expected.get("mean"));
        double[] cov = numbers(expected.get("cov"));
        double[] quantiles = numbers(expected.get("quantiles_5_25_50_75_95"));
        double[] below = {0.05, 0.25, 0.5, 0.75, 0.95};
        for (int d = 0; d < 4; d++) {
            double[] column = column(z, d);
            assertEquals(mean[d], Arrays.stream(column).average().orElseThrow(), errors * Math.sqrt(cov[d * 5]));
            for (int q = 0; q < below.length; q++) {
                double limit = quantiles[q * 4 + d];
                double share =
                        (double) Arrays.stream(column).filter(v -> v < limit).count() / count;
                assertEquals(below[q], share, errors * Math.sqrt(below[q] * (1 - below[q])), "element " + d);
            }
            for (int e = 0; e < 4; e++) {
                double[] products = column(z, e);
                for (int n = 0; n < count; n++) {
                    products[n] = (products[n] - mean[e]) * (column[n] - mean[d]);
                }
                double average = Arrays.stream(products).average().orElseThrow();
                double spread = Math.sqrt(Arrays.stream(products)
                        .map(p -> (p - average) * (p - average))
                        .average()
                        .orElseThrow());
                assertEquals(cov[d * 4 + e], average, errors * spread, "covariance of " + d + " and " + e);
            }
        }
        double modes = number(expected.get("fraction_a12>0>a21"));
        long first = IntStream.range(0, count)
                .filter(n -> z[n * 4 + 1] > 0 && z[n * 4 + 2] < 0)
                .count();
        assertEquals(modes, (double) first / count, errors * Math.sqrt(modes * (1 - modes)));
    }

    private static double[] column(double[] z, int d) {
        return IntStream.range(0, z.length / 4).mapToDouble(n -> z[n * 4 + d]).toArray();
    }

    @Test
    void shouldClimbToAConditionalMode() {
        Map<?, ?> golden = EpiGolden.map("conditional_mode");
        Distribution distribution = distribution(EpiGolden.map("flows", (String) golden.get("flow")));
        Distribution.Climb climb = new Distribution.Climb(
                number(golden.get("lr")), (int) golden.get("num_steps"), number(golden.get("decay")), (int)
                        golden.get("decay_steps"));

        Distribution.ModePath path =
                distribution.conditionalMode((int) golden.get("ind"), number(golden.get("val")), null, climb);

        assertClose("z", doubles(golden.get("zs")), path.z(), 1e-8);
        assertClose("log q", doubles(golden.get("log_q")), path.logProbability(), 1e-8);
    }
}
