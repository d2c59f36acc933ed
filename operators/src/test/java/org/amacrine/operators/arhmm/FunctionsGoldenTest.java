package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All batch functions against stored numbers, within the manifest's tolerances. */
class FunctionsGoldenTest {
    private final Functions functions = new Functions(ScalarKernels.INSTANCE, Bands.ALONE);

    static List<ArHmmGolden.Case> batchCases() {
        return ArHmmGolden.cases("b").stream()
                .filter(c -> c.id().matches("b(0[1-9]|1[0-3])_.*"))
                .toList();
    }

    private static Hyperparameters prior(ArHmmGolden.Case golden) {
        return Hyperparameters.of(
                new Hyperparameters.Transitions(
                        golden.integer("K"), golden.number("alpha"), golden.number("kappa"), golden.number("gamma")),
                new Hyperparameters.Scales(
                        golden.integer("D"),
                        golden.integer("L"),
                        golden.number("S_0_scale"),
                        golden.number("K_0_scale")));
    }

    private static int[] path(ArHmmGolden.Case golden) {
        return Arrays.stream(golden.input("z").doubles()).mapToInt(z -> (int) z).toArray();
    }

    private static Observations observations(ArHmmGolden.Case golden) {
        return new Observations(Sequences.of(golden.input("x"), golden.input("mask")), golden.integer("L"));
    }

    @Test
    void shouldFormatHyperparameters() {
        for (ArHmmGolden.Case golden : ArHmmGolden.cases("b00")) {
            Hyperparameters prior = functions.initHyperparams(
                    new Hyperparameters.Transitions(2, 1, 1, 1),
                    new Hyperparameters.Scales(
                            golden.integer("D"),
                            golden.integer("L"),
                            golden.number("S_0_scale"),
                            golden.number("K_0_scale")));
            golden.check("nu_0", prior.autoregression().nu0());
            golden.check("S_0", prior.autoregression().s0());
            golden.check("M_0", prior.autoregression().m0());
            golden.check("K_0", prior.autoregression().k0());
        }
    }

    @ParameterizedTest
    @MethodSource("batchCases")
    void shouldComputeLogProbabilities(ArHmmGolden.Case golden) {
        NdArray x = golden.input("x");
        NdArray mask = golden.input("mask");
        NdArray z = golden.input("z");
        NdArray ab = golden.input("Ab");
        NdArray q = golden.input("Q");
        NdArray pi = golden.input("pi");
        ArHmmParameters parameters = ArHmmParameters.of(golden.input("betas"), pi, ab, q);

        golden.check("discrete_stateseq_log_prob", functions.discreteStateseqLogProb(z, pi));
        golden.check("continuous_stateseq_log_prob", functions.continuousStateseqLogProb(x, z, ab, q));
        LogJoint joint = functions.logJointLikelihood(x, mask, z, pi, ab, q);
        golden.check("log_joint_z", joint.z());
        golden.check("log_joint_x", joint.x());
        assertEquals(
                joint,
                functions.modelLikelihood(
                        Sequences.of(x, mask), Functions.perSequence(observations(golden), path(golden)), parameters));
        golden.check("state_cross_likelihoods", functions.stateCrossLikelihoods(parameters, x, z, mask));
        Observations unmasked = new Observations(Sequences.of(x, null), golden.integer("L"));
        golden.check(
                "ar_log_likelihood",
                new BatchInference(unmasked, parameters.states(), ScalarKernels.INSTANCE, Bands.ALONE, false)
                        .parameters(parameters)
                        .logLikelihoods());
    }

    @ParameterizedTest
    @MethodSource("batchCases")
    void shouldComputeRecursions(ArHmmGolden.Case golden) {
        NdArray x = golden.input("x");
        NdArray mask = golden.input("mask");
        NdArray ab = golden.input("Ab");
        NdArray q = golden.input("Q");
        NdArray pi = golden.input("pi");

        golden.check("marginal_log_likelihood", functions.marginalLogLikelihood(mask, x, ab, q, pi));
        golden.check("stateseq_marginals", functions.stateseqMarginals(x, mask, ab, q, pi));
        Functions.Filtered filtered = functions.filter(x, mask, ab, q, pi);
        golden.check("filtered", filtered.filtered());
        golden.check("predicted", filtered.predictive());
        golden.check("log_evidence", filtered.logEvidence());
        golden.check("expected_transitions", functions.expectedTransitions(x, mask, ab, q, pi));
        Functions.BestPaths best = functions.viterbi(x, mask, ab, q, pi);
        golden.check("viterbi_path", best.path());
        golden.check("viterbi_score", best.score());
    }

    @ParameterizedTest
    @MethodSource("batchCases")
    void shouldFollowTheReferenceWhereThatIsWished(ArHmmGolden.Case golden) {
        NdArray x = golden.input("x");
        NdArray mask = golden.input("mask");
        NdArray ab = golden.input("Ab");
        NdArray q = golden.input("Q");
        NdArray pi = golden.input("pi");
        functions.referenceNumerics(true);

        golden.check("marginal_log_likelihood_compat", functions.marginalLogLikelihood(mask, x, ab, q, pi));
        golden.check("stateseq_marginals_compat", functions.stateseqMarginals(x, mask, ab, q, pi));
    }

    @ParameterizedTest
    @MethodSource("batchCases")
    void shouldTakeStatistics(ArHmmGolden.Case golden) {
        Observations observations = observations(golden);
        int[] z = path(golden);
        int states = golden.integer("K");
        int dims = golden.integer("D");
        Hyperparameters prior = prior(golden);
        HdpTransitions hdp = new HdpTransitions(prior.transitions());
        double[] betas = golden.input("betas").doubles();

        double[] counts = HdpTransitions.counts(observations, z, states);
        golden.check("transition_counts", counts);
        golden.check("pi_dirichlet_conc", hdp.rowShapes(counts, betas));

        ArStatistics statistics = new ArStatistics(states, observations.regressors(), 1);
        statistics.take(observations, z, Bands.ALONE);
        checkStatistics(golden, statistics, states, dims, observations.regressors());
        checkPosterior(golden, "post_", statistics, prior.autoregression(), ArPosterior.REFERENCE_BOOST);
        if (golden.hasOutput("post0_S")) {
            checkPosterior(golden, "post0_", statistics, prior.autoregression(), 0);
        }
    }

    private static void checkStatistics(
            ArHmmGolden.Case golden, ArStatistics statistics, int states, int dims, int size) {
        golden.check("suff_n", statistics.counts());
        int columns = size - dims;
        golden.check("suff_Shh", part(statistics, states, size, 0, 0, columns, columns));
        golden.check("suff_Sxh", part(statistics, states, size, columns, 0, dims, columns));
        golden.check("suff_Sxx", part(statistics, states, size, columns, columns, dims, dims));
    }

    private static double[] part(
            ArStatistics statistics, int states, int size, int row, int column, int rows, int columns) {
        double[] out = new double[states * rows * columns];
        for (int k = 0; k < states; k++) {
            for (int i = 0; i < rows; i++) {
                int from = (k * size + row + i) * size + column;
                System.arraycopy(statistics.products(), from, out, (k * rows + i) * columns, columns);
            }
        }
        return out;
    }

    private static void checkPosterior(
            ArHmmGolden.Case golden,
            String prefix,
            ArStatistics statistics,
            Hyperparameters.Autoregression prior,
            double boost) {
        int states = statistics.counts().length;
        int dims = prior.dims();
        int columns = prior.columns();
        int size = dims + columns;
        double[] nu = new double[states];
        double[] s = new double[states * dims * dims];
        double[] m = new double[states * dims * columns];
        double[] kn = new double[states * columns * columns];
        ArPosterior posterior = new ArPosterior(prior, boost);
        for (int k = 0; k < states; k++) {
            posterior.update(k, statistics.counts()[k], statistics.products(), k * size * size);
            nu[k] = posterior.nu();
            System.arraycopy(posterior.s(), 0, s, k * dims * dims, dims * dims);
            System.arraycopy(posterior.m(), 0, m, k * dims * columns, dims * columns);
            System.arraycopy(posterior.k(), 0, kn, k * columns * columns, columns * columns);
        }
        if (golden.hasOutput(prefix + "nu")) {
            golden.check(prefix + "nu", nu);
        }
        golden.check(prefix + "S", s);
        golden.check(prefix + "M", m);
        golden.check(prefix + "K", kn);
        assertEquals(0, posterior.jitters());
    }

    @Test
    void shouldOrderRegressorsFromTheOldestLag() {
        for (String id : List.of("b02_tailmask", "b03_gaps")) {
            ArHmmGolden.Case golden = ArHmmGolden.theCase(id);
            Observations observations = observations(golden);
            int columns = golden.integer("D") * golden.integer("L") + 1;
            double[] g = new double[observations.regressors()];
            double[] all = new double[observations.total() * columns];
            for (int n = 0; n < observations.count(); n++) {
                for (int s = 0; s < observations.length(n); s++) {
                    observations.regressors(n, s, g, 0);
                    System.arraycopy(g, 0, all, (observations.offset(n) + s) * columns, columns);
                }
            }
            golden.check("regressors", all);
        }
    }

    @Test
    void shouldSkipMaskedFramesThatAreNotNumbers() {
        ArHmmGolden.Case golden = ArHmmGolden.theCase("b14_nan_masked");
        NdArray x = golden.input("x");
        NdArray mask = golden.input("mask");
        NdArray ab = golden.input("Ab");
        NdArray q = golden.input("Q");
        NdArray pi = golden.input("pi");

        LogJoint joint = functions.logJointLikelihood(x, mask, golden.input("z"), pi, ab, q);
        golden.check("log_joint_z", joint.z());
        golden.check("log_joint_x", joint.x());
        golden.check("marginal_log_likelihood", functions.marginalLogLikelihood(mask, x, ab, q, pi));
        golden.check("stateseq_marginals", functions.stateseqMarginals(x, mask, ab, q, pi));

        Observations observations = observations(golden);
        ArStatistics statistics = new ArStatistics(golden.integer("K"), observations.regressors(), 1);
        statistics.take(observations, path(golden), Bands.ALONE);
        checkStatistics(golden, statistics, golden.integer("K"), golden.integer("D"), observations.regressors());
        golden.check("transition_counts", HdpTransitions.counts(observations, path(golden), golden.integer("K")));
        assertEquals(0, observations.framesWithoutLags());
    }

    @Test
    void shouldGenerateFromGivenDraws() {
        ArHmmGolden.Case golden = ArHmmGolden.theCase("s05_generate");
        int steps = golden.integer("n_steps");
        int dims = golden.integer("D");
        NdArray pi = golden.input("pi");
        double[] betas = new double[golden.integer("K")];
        ArHmmParameters parameters = ArHmmParameters.of(
                new NdArray(new int[] {betas.length}, betas), pi, golden.input("Ab"), golden.input("Q"));
        Generator generator = new Generator(
                parameters,
                new Generator.State(golden.integer("z0"), golden.input("xlags0").doubles()));
        double[] uniforms = golden.input("uniforms").doubles();
        double[] normals = golden.input("normals").doubles();
        double[] zs = new double[steps];
        double[] xs = new double[steps * dims];

        for (int t = 0; t < steps; t++) {
            generator.next(uniforms[t], normals, t * dims);
            zs[t] = generator.z();
            generator.x(xs, t * dims);
        }

        golden.check("zs", zs);
        golden.check("xs", xs);
        double[] lags = Arrays.copyOfRange(xs, (steps - golden.integer("L")) * dims, steps * dims);
        assertArrayEquals(lags, generator.state().lags());
    }
}
