package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.amacrine.core.io.NdArray;
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

    /**
     * Their coefficients are {@code M + chol(Q) G chol(K)^T}, ours {@code M + chol(Q) G R11^-1} with {@code R11 R11^T = K^-1}: of the
     * same distribution, and equal for {@code G chol(K)^T R11} in the place of G.
     */
    @ParameterizedTest
    @MethodSource("drawCases")
    void shouldMakeAnAutoregressionOfElementaryDraws(ArHmmGolden.Case golden) {
        int dims = golden.integer("D");
        int columns = golden.integer("p");
        double[] root = golden.input("Kcov").doubles().clone();
        double[] precision = new double[columns * columns];
        assertTrue(SmallMatrix.invert(root, 0, columns, precision, 0));
        assertTrue(SmallMatrix.cholesky(precision, 0, columns));
        double[] spread = new double[dims * columns];
        SmallMatrix.multiplyTransposed(golden.input("G").doubles(), 0, root, 0, spread, 0, dims, columns, columns);
        double[] normals = new double[dims * columns];
        SmallMatrix.multiply(spread, 0, precision, 0, normals, 0, dims, columns, columns);
        double[] ab = new double[dims * columns];

        withoutFrames(golden).autoregression(golden.output("Q").doubles(), 0, normals, ab, 0);

        golden.check("Ab", ab);
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

    /** The means of another program's draws, which have errors of their own. */
    @ParameterizedTest
    @MethodSource("momentCases")
    void shouldDrawAutoregressionsLikeAnotherSampler(ArHmmGolden.Case golden) {
        int dims = golden.integer("D");
        ArPosterior posterior = withoutFrames(golden);
        RandomSequence random = new RandomSequence().start(CounterRandom.key(SEED, "test", 2), dims);
        double[] ab = new double[dims * golden.integer("p")];
        double[] q = new double[dims * dims];
        for (String what : List.of("Q", "Ab", "Qinv")) {
            double[] variances = golden.output("var_" + what).doubles().clone();
            for (int j = 0; j < variances.length; j++) {
                variances[j] *= 1 + DRAWS / golden.number("mc_draws");
            }
            checkMeans("their " + what, golden.output("mc_mean_" + what).doubles(), variances, out -> {
                posterior.draw(random, ab, 0, q, 0);
                if (what.equals("Qinv")) {
                    assertTrue(SmallMatrix.invert(q, 0, dims, out, 0));
                } else {
                    System.arraycopy(what.equals("Q") ? q : ab, 0, out, 0, out.length);
                }
            });
        }
        checkStandardErrors(golden, "Q");
        checkStandardErrors(golden, "Ab");
    }

    /** Their standard errors are what the exact variances say, but for how far they are estimates: a tenth is far beyond that. */
    private static void checkStandardErrors(ArHmmGolden.Case golden, String what) {
        double[] variances = golden.output("var_" + what).doubles();
        double[] errors = golden.output("mc_se_" + what).doubles();
        for (int j = 0; j < errors.length; j++) {
            double expected = Math.sqrt(variances[j] / golden.number("mc_draws"));
            assertEquals(expected, errors[j], 0.1 * expected, golden + " " + what + "[" + j + "]");
        }
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
        HdpTransitions hdp = hdp(golden);
        double[] counts = golden.input("counts").doubles();
        double[] betas = golden.input("betas").doubles();
        long[] draw = {0};

        checkMeans(
                "pi",
                golden.output("pi_given_betas_mean").doubles(),
                golden.output("pi_given_betas_var").doubles(),
                out -> System.arraycopy(
                        hdp.drawPi(counts, betas, HdpTransitions.key(SEED, "pi", draw[0]++)), 0, out, 0, out.length));
    }

    /** Beta with its tables, then pi with the new beta, against the means and spreads of another program's draws. */
    @Test
    void shouldDrawBetasAndTransitionsLikeAnotherSampler() {
        ArHmmGolden.Case golden = ArHmmGolden.theCase("s03_hdp");
        int states = golden.integer("K");
        HdpTransitions hdp = hdp(golden);
        double[] counts = golden.input("counts").doubles();
        double[] before = golden.input("betas").doubles();
        double[][] betas = new double[DRAWS][];
        double[][] pi = new double[DRAWS][];
        for (int i = 0; i < DRAWS; i++) {
            int[] tables = hdp.tables(counts, before, HdpTransitions.key(SEED, "tables", i));
            betas[i] = hdp.drawBetas(tables, HdpTransitions.key(SEED, "betas", i));
            pi[i] = hdp.drawPi(counts, betas[i], HdpTransitions.key(SEED, "pi", i));
        }
        double theirs = golden.number("mc_draws");
        double[] betaMean = golden.output("mc_betas_mean").doubles();
        double[] betaDeviation = golden.output("mc_betas_sd").doubles();
        double[] covariance = golden.output("mc_betas_cov").doubles();
        double[] piMean = golden.output("mc_pi_mean").doubles();
        double[] piDeviation = golden.output("mc_pi_sd").doubles();

        for (int i = 0; i < states; i++) {
            checkMean("beta " + i, betaMean[i], betas, i, theirs);
            checkProduct("beta " + i, betaDeviation[i] * betaDeviation[i], betas, i, i, theirs);
            for (int j = 0; j < states; j++) {
                checkProduct("betas " + i + " and " + j, covariance[i * states + j], betas, i, j, theirs);
            }
        }
        for (int i = 0; i < piMean.length; i++) {
            checkMean("pi " + i, piMean[i], pi, i, theirs);
            checkProduct("pi " + i, piDeviation[i] * piDeviation[i], pi, i, i, theirs);
        }
    }

    private static HdpTransitions hdp(ArHmmGolden.Case golden) {
        return new HdpTransitions(new Hyperparameters.Transitions(
                golden.integer("K"), golden.number("alpha"), golden.number("kappa"), golden.number("gamma")));
    }

    private static double mean(double[][] draws, ToDoubleFunction<double[]> value) {
        return Arrays.stream(draws).mapToDouble(value).average().orElseThrow();
    }

    /** Fails unless the mean of an entry is that of so many other draws, within five standard errors of their difference. */
    private static void checkMean(String what, double expected, double[][] draws, int entry, double others) {
        double mean = mean(draws, x -> x[entry]);
        double variance = mean(draws, x -> (x[entry] - mean) * (x[entry] - mean));
        double limit = 5 * Math.sqrt(variance * (1.0 / DRAWS + 1 / others));
        assertEquals(expected, mean, limit, "mean of " + what + ", seed " + SEED);
    }

    /** The same of the covariance of two entries, whose own variance is estimated from the draws. */
    private static void checkProduct(String what, double expected, double[][] draws, int i, int j, double others) {
        double meanI = mean(draws, x -> x[i]);
        double meanJ = mean(draws, x -> x[j]);
        ToDoubleFunction<double[]> product = x -> (x[i] - meanI) * (x[j] - meanJ);
        double covariance = mean(draws, product);
        double variance = mean(draws, x -> Math.pow(product.applyAsDouble(x) - covariance, 2));
        double limit = 5 * Math.sqrt(variance * (1.0 / DRAWS + 1 / others));
        assertEquals(expected, covariance, limit, "covariance of " + what + ", seed " + SEED);
    }

    static Stream<ArHmmGolden.Case> tableCases() {
        return Stream.concat(ArHmmGolden.cases("b").stream(), ArHmmGolden.cases("s03").stream())
                .filter(golden -> golden.hasOutput("tables_mean"));
    }

    /** Tables of each transition, and of each column with beta's prior: what beta is drawn from. */
    @ParameterizedTest
    @MethodSource("tableCases")
    void shouldDrawTables(ArHmmGolden.Case golden) {
        int states = golden.integer("K");
        HdpTransitions hdp = hdp(golden);
        double[] counts = (golden.hasOutput("transition_counts")
                        ? golden.output("transition_counts")
                        : golden.input("counts"))
                .doubles();
        double[] betas = golden.input("betas").doubles();
        long[] draw = {0};
        checkMeans(
                golden + " tables",
                concatenated(golden.output("tables_mean"), golden.output("beta_stat_mean")),
                concatenated(golden.output("tables_var"), golden.output("beta_stat_var")),
                out -> {
                    int[] tables = hdp.tables(counts, betas, HdpTransitions.key(SEED, "columns", draw[0]++));
                    Arrays.fill(out, tables.length, out.length, golden.number("gamma") / states);
                    for (int i = 0; i < tables.length; i++) {
                        out[i] = tables[i];
                        out[tables.length + i % states] += tables[i];
                        assertTrue(counts[i] > 0 || tables[i] == 0);
                    }
                });
    }

    private static double[] concatenated(NdArray first, NdArray second) {
        return DoubleStream.concat(Arrays.stream(first.doubles()), Arrays.stream(second.doubles()))
                .toArray();
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
