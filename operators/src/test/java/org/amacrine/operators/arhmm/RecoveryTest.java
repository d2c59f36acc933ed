package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;

/**
 * A simulated data set with known states, found again by fits that begin at the prior. {@code -Damacrine.recovery.seeds=12}
 * runs as many chains as the stored ones were, instead of two, and prints the accuracy of each.
 */
class RecoveryTest {
    private static final int SEEDS = Integer.getInteger("amacrine.recovery.seeds", 2);
    private static final int SWEEPS = 150;
    private static final int TAIL = 50;
    /** Accuracy from which on no two of the true states are taken for one. */
    private static final double GOOD = 0.93;

    private final ArHmmGolden.Case golden = ArHmmGolden.theCase("r01_recovery");
    private final int[] truth = Arrays.stream(golden.input("z_true").doubles())
            .mapToInt(z -> (int) z)
            .toArray();

    /** Share of frames that agree after the best one-to-one matching of labels, over all subsets of the true ones. */
    private static double accuracy(int[] truth, int[] found, int trueStates, int foundStates) {
        int[][] together = new int[foundStates][trueStates];
        for (int i = 0; i < truth.length; i++) {
            together[found[i]][truth[i]]++;
        }
        int[] best = new int[1 << trueStates];
        for (int[] row : together) {
            for (int taken = best.length - 1; taken > 0; taken--) {
                for (int t = 0; t < trueStates; t++) {
                    if ((taken >> t & 1) != 0) {
                        best[taken] = Math.max(best[taken], best[taken - (1 << t)] + row[t]);
                    }
                }
            }
        }
        return (double) best[best.length - 1] / truth.length;
    }

    @Test
    void shouldMatchLabelsOneToOne() {
        int[] truth = {0, 0, 0, 1, 1, 2};
        assertEquals(1, accuracy(truth, new int[] {2, 2, 2, 0, 0, 1}, 3, 3));
        assertEquals(4 / 6.0, accuracy(truth, new int[] {2, 2, 2, 2, 2, 1}, 3, 4));
        assertEquals(5 / 6.0, accuracy(truth, new int[] {2, 2, 3, 0, 0, 1}, 3, 4));
    }

    /** Means over the last sweeps of a chain. */
    private record Tail(double accuracy, double logJointX, double logJointZ) {

        boolean isGood() {
            return accuracy >= GOOD;
        }
    }

    private Tail fit(int states, long seed) {
        Hyperparameters prior = Hyperparameters.of(
                new Hyperparameters.Transitions(
                        states, golden.number("alpha"), golden.number("kappa"), golden.number("gamma")),
                golden.integer("D"),
                golden.integer("L"),
                golden.number("S_0_scale"),
                golden.number("K_0_scale"));
        Fit fit = Fit.of(Sequences.of(golden.input("x"), null), ScalarKernels.INSTANCE, Bands.ALONE)
                .seed(seed)
                .sweeps(SWEEPS)
                .from(prior);
        double accuracy = 0;
        double x = 0;
        double z = 0;
        while (!fit.done()) {
            boolean ended = fit.step();
            if (ended && fit.iteration() > SWEEPS - TAIL) {
                int[] path = Arrays.stream(fit.result().states())
                        .flatMapToInt(Arrays::stream)
                        .toArray();
                accuracy += accuracy(truth, path, golden.integer("K_true"), states) / TAIL;
                x += fit.objectives().get("log_joint_x") / TAIL;
                z += fit.objectives().get("log_joint_z") / TAIL;
            }
        }
        return new Tail(accuracy, x, z);
    }

    /** Fails unless good chains are like the stored good ones of as many states. */
    private void assertLikeTheirs(int states, List<Tail> ours) {
        double[][] accuracy = tails("accuracy_K" + states);
        int[] good = IntStream.range(0, accuracy.length)
                .filter(chain -> mean(accuracy[chain]) >= GOOD)
                .toArray();
        assertLike("accuracy_K" + states, good, ours, Tail::accuracy);
        assertLike("log_joint_x_K" + states, good, ours, Tail::logJointX);
        assertLike("log_joint_z_K" + states, good, ours, Tail::logJointZ);
    }

    /**
     * Fails unless means differ by less than five standard errors. Sweeps of a chain depend on each other, so that each chain counts
     * as one draw only, with the spread of single sweeps.
     */
    private void assertLike(String output, int[] good, List<Tail> ours, ToDoubleFunction<Tail> quantity) {
        double[][] tails = tails(output);
        double[] theirs = Arrays.stream(good)
                .mapToObj(chain -> tails[chain])
                .flatMapToDouble(Arrays::stream)
                .toArray();
        double expected = mean(theirs);
        double variance = mean(
                Arrays.stream(theirs).map(v -> (v - expected) * (v - expected)).toArray());
        double[] means =
                ours.stream().filter(Tail::isGood).mapToDouble(quantity).toArray();
        double limit = 5 * Math.sqrt(variance * (1.0 / good.length + 1.0 / means.length));
        assertTrue(means.length > 0, "no chain is good: " + ours);
        assertEquals(expected, mean(means), limit, output + " of " + ours);
    }

    /** The last sweeps of each stored chain. */
    private double[][] tails(String output) {
        double[] values = golden.output(output).doubles();
        double[][] tails = new double[golden.integer("chains")][];
        Arrays.setAll(tails, i -> Arrays.copyOfRange(values, (i + 1) * SWEEPS - TAIL, (i + 1) * SWEEPS));
        return tails;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private List<Tail> chains(int states) {
        List<Tail> chains =
                IntStream.range(0, SEEDS).mapToObj(seed -> fit(states, seed)).toList();
        if (Integer.getInteger("amacrine.recovery.seeds") != null) {
            System.out.println(chains.stream()
                    .map(tail -> String.format(Locale.ROOT, "%.4f", tail.accuracy))
                    .collect(Collectors.joining(" ", states + " states allowed, accuracies ", "")));
        }
        return chains;
    }

    @Test
    void shouldFindTheStatesAgain() {
        List<Tail> chains = chains(12);

        long good = chains.stream()
                .filter(tail -> tail.isGood() && Math.abs(tail.logJointX() - 5517) <= 15)
                .count();
        assertTrue(good * 12 >= SEEDS * 10L, good + " of " + SEEDS + " chains are good: " + chains);
        assertLikeTheirs(12, chains);
    }

    /** With no state to spare some chains stay in a place where two states are one, as the stored ones do; the others agree. */
    @Test
    void shouldFindTheStatesAgainWithNoneToSpare() {
        List<Tail> chains = chains(4);

        assertLikeTheirs(4, chains);
    }

    /** The data set itself, from the draws that it was made with. */
    @Test
    void shouldMakeTheDataAgain() {
        int lags = golden.integer("L");
        int dims = golden.integer("D");
        int frames = golden.integer("T");
        NdArray pi = golden.input("pi_true");
        int states = golden.integer("K_true");
        NdArray betas = new NdArray(new int[] {states}, new double[states]);
        ArHmmParameters parameters = ArHmmParameters.of(betas, pi, golden.input("Ab_true"), golden.input("Q_true"));
        double[] first = golden.input("gen_xlags0").doubles();
        double[] uniforms = golden.input("gen_uniforms").doubles();
        double[] normals = golden.input("gen_normals").doubles();
        int sequences = golden.integer("N");
        double[] x = new double[sequences * frames * dims];
        int[] z = new int[sequences * (frames - lags)];
        for (int n = 0; n < sequences; n++) {
            double[] before = Arrays.copyOfRange(first, n * lags * dims, (n + 1) * lags * dims);
            System.arraycopy(before, 0, x, n * frames * dims, before.length);
            Generator generator = new Generator(
                    parameters, new Generator.State((int) golden.input("gen_z0").at(n), before));
            for (int s = 0; s < frames - lags; s++) {
                int at = n * (frames - lags) + s;
                generator.next(uniforms[at], normals, at * dims);
                z[at] = generator.z();
                generator.x(x, (n * frames + lags + s) * dims);
            }
        }

        assertArrayEquals(truth, z);
        assertArrayEquals(golden.input("x").doubles(), x, 1e-9);
    }

    @Test
    void shouldKnowTheTruthAsWellAsTheSmootherCan() {
        NdArray ab = golden.input("Ab_true");
        NdArray q = golden.input("Q_true");
        NdArray pi = golden.input("pi_true");
        NdArray x = golden.input("x");
        int states = golden.integer("K_true");
        Functions functions = new Functions(ScalarKernels.INSTANCE, Bands.ALONE);

        double[] smoothed = functions.stateseqMarginals(x, null, ab, q, pi).doubles();
        LogJoint joint = functions.logJointLikelihood(x, null, golden.input("z_true"), pi, ab, q);

        int right = 0;
        for (int i = 0; i < truth.length; i++) {
            int best = 0;
            for (int k = 1; k < states; k++) {
                best = smoothed[i * states + k] > smoothed[i * states + best] ? k : best;
            }
            right += best == truth[i] ? 1 : 0;
        }
        assertEquals(0.9803070761014686, (double) right / truth.length, 1e-12);
        assertEquals(5537.2716492779955, joint.x(), 1e-5);
        assertEquals(-394.86717073641347, joint.z(), 1e-6);
    }
}
