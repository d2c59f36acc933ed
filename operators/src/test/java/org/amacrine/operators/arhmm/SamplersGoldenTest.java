package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Consumer;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Samplers against exact moments: every entry's mean lies within five standard errors. */
class SamplersGoldenTest {
    private static final long SEED = 4;
    private static final int DRAWS = 20_000;

    /** Fails unless the means of draws lie within five standard errors of what is expected. */
    private static void checkMeans(String what, double[] expected, double[] variances, Consumer<double[]> draw) {
        double[] sums = new double[expected.length];
        double[] one = new double[expected.length];
        for (int i = 0; i < DRAWS; i++) {
            draw.accept(one);
            for (int j = 0; j < sums.length; j++) {
                sums[j] += one[j];
            }
        }
        for (int j = 0; j < sums.length; j++) {
            double off = Math.abs(sums[j] / DRAWS - expected[j]);
            double limit = 5 * Math.sqrt(variances[j] / DRAWS) + 1e-12;
            assertTrue(
                    off <= limit,
                    what + "[" + j + "]: mean " + sums[j] / DRAWS + " instead of " + expected[j] + ", off by more than "
                            + limit + ", seed " + SEED);
        }
    }

    static List<ArHmmGolden.Case> drawCases() {
        return ArHmmGolden.cases("s01");
    }

    static List<ArHmmGolden.Case> momentCases() {
        return ArHmmGolden.cases("s02");
    }

    @ParameterizedTest
    @MethodSource("drawCases")
    void shouldMakeAnInverseWishartMatrixOfElementaryDraws(ArHmmGolden.Case golden) {
        int dims = golden.integer("D");
        double[] scale = golden.input("S").doubles().clone();
        double[] chi2 = golden.input("chi2").doubles();
        double[] normals = golden.input("normals").doubles();
        double[] r = new double[dims * dims];
        int next = 0;
        for (int i = 0; i < dims; i++) {
            r[i * dims + i] = Math.sqrt(chi2[i]);
            for (int j = i + 1; j < dims; j++) {
                r[i * dims + j] = normals[next++];
            }
        }
        double[] q = new double[dims * dims];

        assertTrue(SmallMatrix.cholesky(scale, 0, dims));
        ArPosterior.inverseWishart(scale, r, dims, new double[dims * dims], q, 0);

        golden.check("Q", q);
    }

    /** The prior with the case's parameters: without frames it is its own posterior. */
    private static ArPosterior withoutFrames(ArHmmGolden.Case golden) {
        int dims = golden.integer("D");
        int columns = golden.integer("p");
        int size = dims + columns;
        ArPosterior posterior = new ArPosterior(
                new Hyperparameters.Autoregression(
                        dims,
                        (columns - 1) / dims,
                        golden.number("nu"),
                        golden.input("S").doubles(),
                        golden.input("M").doubles(),
                        golden.input("Kcov").doubles()),
                0);
        posterior.update(0, 0, new double[size * size], 0);
        return posterior;
    }

    @ParameterizedTest
    @MethodSource("momentCases")
    void shouldDrawAutoregressions(ArHmmGolden.Case golden) {
        int dims = golden.integer("D");
        int columns = golden.integer("p");
        ArPosterior posterior = withoutFrames(golden);
        RandomSequence random = new RandomSequence().start(CounterRandom.key(SEED, "test", 0), dims);
        double[] ab = new double[dims * columns];
        double[] q = new double[dims * dims];

        checkMeans(
                "Q", golden.output("mean_Q").doubles(), golden.output("var_Q").doubles(), out -> {
                    posterior.draw(random, ab, 0, q, 0);
                    System.arraycopy(q, 0, out, 0, q.length);
                });
        checkMeans(
                "Ab",
                golden.output("mean_Ab").doubles(),
                golden.output("var_Ab").doubles(),
                out -> {
                    posterior.draw(random, ab, 0, q, 0);
                    System.arraycopy(ab, 0, out, 0, ab.length);
                });
        checkMeans(
                "Q inverse",
                golden.output("mean_Qinv").doubles(),
                golden.output("var_Qinv").doubles(),
                out -> {
                    posterior.draw(random, ab, 0, q, 0);
                    assertTrue(SmallMatrix.invert(q, 0, dims, out, 0));
                });
        checkMeans(
                "log det Q",
                golden.output("mean_logdet_Q").doubles(),
                golden.output("var_logdet_Q").doubles(),
                out -> {
                    posterior.draw(random, ab, 0, q, 0);
                    assertTrue(SmallMatrix.cholesky(q, 0, dims));
                    out[0] = 2 * SmallMatrix.logDiagonal(q, 0, dims);
                });
    }

    /** How far values spread around their mean, by its exact variance: what checkMeans cannot see. */
    @ParameterizedTest
    @MethodSource("momentCases")
    void shouldSpreadAutoregressions(ArHmmGolden.Case golden) {
        int dims = golden.integer("D");
        ArPosterior posterior = withoutFrames(golden);
        RandomSequence random = new RandomSequence().start(CounterRandom.key(SEED, "test", 1), dims);
        double[] mean = golden.output("mean_Ab").doubles();
        double[] variance = golden.output("var_Ab").doubles();
        double[] sums = new double[mean.length];
        double[] ab = new double[mean.length];
        for (int i = 0; i < DRAWS; i++) {
            posterior.draw(random, ab, 0, new double[dims * dims], 0);
            for (int j = 0; j < sums.length; j++) {
                sums[j] += (ab[j] - mean[j]) * (ab[j] - mean[j]) / DRAWS;
            }
        }
        // A has Student's t distribution with nu - D + 1 degrees of freedom f; its kurtosis is 3 + 6 / (f - 4).
        double kurtosis = 3 + 6 / (golden.number("nu") - dims + 1 - 4);
        for (int j = 0; j < sums.length; j++) {
            double limit = 5 * variance[j] * Math.sqrt((kurtosis - 1) / DRAWS);
            assertEquals(variance[j], sums[j], limit, "variance of Ab[" + j + "], seed " + SEED);
        }
    }

    @Test
    void shouldDrawTransitions() {
        ArHmmGolden.Case golden = ArHmmGolden.theCase("s03_hdp");
        int states = golden.integer("K");
        HdpTransitions hdp = new HdpTransitions(new Hyperparameters.Transitions(
                states, golden.number("alpha"), golden.number("kappa"), golden.number("gamma")));
        double[] counts = golden.input("counts").doubles();
        double[] betas = golden.input("betas").doubles();
        long[] draw = {0};

        checkMeans(
                "tables",
                golden.output("tables_mean").doubles(),
                golden.output("tables_var").doubles(),
                out -> {
                    int[] tables = hdp.tables(counts, betas, HdpTransitions.key(SEED, "tables", draw[0]++));
                    for (int i = 0; i < out.length; i++) {
                        out[i] = tables[i];
                        assertTrue(counts[i] > 0 || tables[i] == 0);
                    }
                });
        checkMeans(
                "pi",
                golden.output("pi_given_betas_mean").doubles(),
                golden.output("pi_given_betas_var").doubles(),
                out -> System.arraycopy(
                        hdp.drawPi(counts, betas, HdpTransitions.key(SEED, "pi", draw[0]++)), 0, out, 0, out.length));
        double[] sd = golden.output("mc_betas_sd").doubles();
        double[] variances = new double[states];
        for (int k = 0; k < states; k++) {
            // Theirs are means of draws too.
            variances[k] = sd[k] * sd[k] * (1 + DRAWS / golden.number("mc_draws"));
        }
        checkMeans("betas", golden.output("mc_betas_mean").doubles(), variances, out -> {
            int[] tables = hdp.tables(counts, betas, HdpTransitions.key(SEED, "tables", draw[0]));
            double[] drawn = hdp.drawBetas(tables, HdpTransitions.key(SEED, "betas", draw[0]++));
            System.arraycopy(drawn, 0, out, 0, states);
        });
    }

    @Test
    void shouldSumTablesOfAColumn() {
        ArHmmGolden.Case golden = ArHmmGolden.theCase("s03_hdp");
        int states = golden.integer("K");
        HdpTransitions hdp = new HdpTransitions(new Hyperparameters.Transitions(
                states, golden.number("alpha"), golden.number("kappa"), golden.number("gamma")));
        long[] draw = {0};
        checkMeans(
                "beta statistics",
                golden.output("beta_stat_mean").doubles(),
                golden.output("beta_stat_var").doubles(),
                out -> {
                    int[] tables = hdp.tables(
                            golden.input("counts").doubles(),
                            golden.input("betas").doubles(),
                            HdpTransitions.key(SEED, "columns", draw[0]++));
                    for (int j = 0; j < states; j++) {
                        out[j] = golden.number("gamma") / states;
                        for (int i = 0; i < states; i++) {
                            out[j] += tables[i * states + j];
                        }
                    }
                });
    }

    /** The usual prior of keypoint data: rows nearly all of whose mass is on the diagonal, and weights far below one. */
    @Test
    void shouldKeepRowsPositiveUnderExtremePriors() {
        int states = 100;
        HdpTransitions hdp = new HdpTransitions(new Hyperparameters.Transitions(states, 5.7, 1e6, 0.01));
        double[] betas = hdp.drawBetas(HdpTransitions.key(SEED, "betas", 0));
        double[] pi = hdp.drawPi(new double[states * states], betas, HdpTransitions.key(SEED, "pi", 0));
        for (int i = 0; i < states; i++) {
            double sum = 0;
            for (int j = 0; j < states; j++) {
                assertTrue(pi[i * states + j] > 0, "pi is 0");
                sum += pi[i * states + j];
            }
            assertEquals(1, sum, 1e-12);
            assertTrue(pi[i * states + i] > 0.99);
            assertTrue(betas[i] > 0, "beta is 0");
        }
    }
}
