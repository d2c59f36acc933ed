package org.amacrine.operators.epi;

import static org.amacrine.operators.epi.EpiGolden.assertClose;
import static org.amacrine.operators.epi.EpiGolden.doubles;
import static org.amacrine.operators.epi.EpiGolden.number;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Map;
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

        Distribution.Densities densities = distribution.densities(doubles(golden.get("z")));

        assertClose("log q", doubles("epi_lds_post_logq.npy"), densities.values(), 1e-9);
        assertClose("gradient", doubles("epi_lds_post_grad.npy"), densities.gradients(), 1e-8);
        assertClose("Hessian", doubles("epi_lds_post_hess.npy"), densities.hessians(), 1e-7);
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
