package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;

/**
 * A simulated data set with known states, found again by fits that begin at the prior. {@code -Damacrine.recovery.seeds=12}
 * runs as many chains as the stored ones were, instead of two.
 */
class RecoveryTest {
    private static final int SEEDS = Integer.getInteger("amacrine.recovery.seeds", 2);
    private static final int SWEEPS = 150;
    private static final int TAIL = 50;

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

    @Test
    void shouldFindTheStatesAgain() {
        int states = 12;
        Hyperparameters prior = Hyperparameters.of(
                new Hyperparameters.Transitions(
                        states, golden.number("alpha"), golden.number("kappa"), golden.number("gamma")),
                golden.integer("D"),
                golden.integer("L"),
                golden.number("S_0_scale"),
                golden.number("K_0_scale"));
        Sequences data = Sequences.of(golden.input("x"), null);
        List<String> chains = new ArrayList<>();
        int good = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Fit fit = Fit.of(data, ScalarKernels.INSTANCE, Bands.ALONE)
                    .seed(seed)
                    .sweeps(SWEEPS)
                    .from(prior);
            double accuracy = 0;
            double logJoint = 0;
            while (!fit.done()) {
                boolean ended = fit.step();
                if (ended && fit.iteration() > SWEEPS - TAIL) {
                    int[] z = Arrays.stream(fit.result().states())
                            .flatMapToInt(Arrays::stream)
                            .toArray();
                    accuracy += accuracy(truth, z, golden.integer("K_true"), states) / TAIL;
                    logJoint += fit.objectives().get("log_joint_x") / TAIL;
                }
            }
            chains.add("seed " + seed + ": accuracy " + accuracy + ", log joint x " + logJoint);
            good += accuracy >= 0.93 && Math.abs(logJoint - 5517) <= 15 ? 1 : 0;
        }
        assertTrue(good * 12 >= SEEDS * 10, good + " of " + SEEDS + " chains are good: " + chains);
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
