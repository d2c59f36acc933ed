package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The recursions on given log likelihoods: stored numbers, and every path of small chains counted. */
class ForwardBackwardTest {
    private static final Kernels KERNELS = ScalarKernels.INSTANCE;

    /** Log likelihoods [T][K] as tiles, padded with minus infinity. */
    private static FrameLikelihoods tiles(double[] ll, int states) {
        int lanes = Kernels.stateLanes(states);
        return (from, frames, l) -> {
            Arrays.fill(l, 0, frames * lanes, Double.NEGATIVE_INFINITY);
            for (int i = 0; i < frames; i++) {
                System.arraycopy(ll, (from + i) * states, l, i * lanes, states);
            }
        };
    }

    /** Transitions with emissions that do not matter. */
    private static TransitionLanes transitions(double[] pi, int states) {
        double[] ones = new double[states];
        Arrays.fill(ones, 1);
        return new TransitionLanes(new ArHmmParameters(states, 1, 1, ones, pi, new double[2 * states], ones));
    }

    private static ForwardBackward chain(double[] pi, int states, boolean referenceNumerics, int keptValues) {
        return new ForwardBackward(KERNELS, states, referenceNumerics, keptValues).transitions(transitions(pi, states));
    }

    /** What the recursions give for a chain, [T][K] each. */
    private static final class Outcome {
        final double[] predicted;
        final double[] filtered;
        final double[] smoothed;
        final double[] logEvidence;
        final double[] pairwise;
        final double marginal;

        Outcome(double[] ll, double[] pi, int states, boolean referenceNumerics, int keptValues) {
            int frames = ll.length / states;
            ForwardBackward chain = chain(pi, states, referenceNumerics, keptValues);
            predicted = new double[ll.length];
            filtered = new double[ll.length];
            smoothed = new double[ll.length];
            logEvidence = new double[frames];
            pairwise = new double[(frames - 1) * states * states];
            marginal = chain.filter(tiles(ll, states), frames);
            chain.backward((s, r, f, at) -> {
                System.arraycopy(r, at, predicted, s * states, states);
                System.arraycopy(f, at, filtered, s * states, states);
                logEvidence[s] = chain.logEvidence(s);
            });
            chain.smooth((s, g) -> System.arraycopy(g, 0, smoothed, s * states, states));
            chain.pairs((s, xi) -> System.arraycopy(xi, 0, pairwise, s * states * states, states * states));
        }
    }

    private static Outcome outcome(ArHmmGolden.Case golden, boolean referenceNumerics) {
        NdArray ll = golden.input("ll");
        return new Outcome(
                ll.doubles(), golden.input("pi").doubles(), ll.shape()[1], referenceNumerics, Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"o01a", "o01b", "o01c"})
    void shouldAgreeWithAllPathsCounted(String id) {
        for (ArHmmGolden.Case golden : ArHmmGolden.cases(id)) {
            Outcome outcome = outcome(golden, false);

            golden.check("filtered", outcome.filtered);
            golden.check("predicted", outcome.predicted);
            golden.check("log_evidence", outcome.logEvidence);
            golden.check("smoothed", outcome.smoothed);
            golden.check("pairwise", outcome.pairwise);
            golden.check("marginal", outcome.marginal);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"o01a", "o01b", "o01c"})
    void shouldFindTheBestPath(String id) {
        for (ArHmmGolden.Case golden : ArHmmGolden.cases(id)) {
            NdArray ll = golden.input("ll");
            int states = ll.shape()[1];
            int[] path = new int[ll.shape()[0]];

            double score = chain(golden.input("pi").doubles(), states, false, Integer.MAX_VALUE)
                    .viterbi(tiles(ll.doubles(), states), path.length, path, 0);

            golden.check("viterbi_path", Arrays.stream(path).asDoubleStream().toArray());
            golden.check("viterbi_score", score);
        }
    }

    @Test
    void shouldBeExactWhereTransitionsAreTiny() {
        ArHmmGolden.Case golden = ArHmmGolden.theCase("b15_tiny_switch");
        Outcome exact = outcome(golden, false);
        Outcome reference = outcome(golden, true);

        golden.check("filtered", exact.filtered);
        golden.check("smoothed", exact.smoothed);
        golden.check("log_evidence", exact.logEvidence);
        golden.check("marginal", exact.marginal);
        golden.check("filtered_compat", reference.filtered);
        golden.check("smoothed_compat", reference.smoothed);
        golden.check("marginal_compat", reference.marginal);
    }

    @Test
    void shouldDrawPathsFromGivenUniforms() {
        ArHmmGolden.Case golden = ArHmmGolden.theCase("s04_ffbs");
        Outcome outcome = outcome(golden, false);
        golden.check("filtered", outcome.filtered);
        golden.check("smoothed", outcome.smoothed);
        golden.check("pairwise", outcome.pairwise);

        NdArray ll = golden.input("ll");
        int states = ll.shape()[1];
        int frames = ll.shape()[0];
        NdArray uniforms = golden.input("uniforms");
        int draws = uniforms.shape()[0];
        double[] paths = new double[draws * frames];
        ForwardBackward chain = chain(golden.input("pi").doubles(), states, false, Integer.MAX_VALUE);
        chain.filter(tiles(ll.doubles(), states), frames);
        for (int i = 0; i < draws; i++) {
            int row = i * frames;
            int[] z = new int[frames];
            chain.sample(s -> uniforms.at(row + s), z, 0);
            for (int s = 0; s < frames; s++) {
                paths[row + s] = z[s];
            }
        }
        golden.check("paths", paths);
    }

    // ------------------------------------------------------------------------------------------------ properties

    private static double[] randomPi(Random random, int states) {
        double[] pi = new double[states * states];
        for (int i = 0; i < states; i++) {
            double sum = 0;
            for (int j = 0; j < states; j++) {
                pi[i * states + j] = Math.pow(random.nextDouble(), 4) + (i == j ? 1 : 0);
                sum += pi[i * states + j];
            }
            for (int j = 0; j < states; j++) {
                pi[i * states + j] /= sum;
            }
        }
        return pi;
    }

    private static double[] randomLikelihoods(Random random, int frames, int states) {
        return random.doubles(frames * (long) states).map(u -> 6 * Math.log(u)).toArray();
    }

    /** All paths of a chain with their joint probabilities: the definition, whatever it costs. */
    @ParameterizedTest
    @CsvSource({"1,1,1", "1,4,2", "2,1,3", "2,9,4", "3,6,5", "4,5,6", "9,3,7", "17,2,8"})
    void shouldAgreeWithEveryPathOfARandomChain(int states, int frames, long seed) {
        Random random = new Random(seed);
        double[] pi = randomPi(random, states);
        double[] ll = randomLikelihoods(random, frames, states);
        Outcome outcome = new Outcome(ll, pi, states, false, Integer.MAX_VALUE);
        double[] smoothed = new double[ll.length];
        double[] pairwise = new double[Math.max(0, frames - 1) * states * states];
        double total = 0;
        int[] best = null;
        double bestLog = Double.NEGATIVE_INFINITY;
        int paths = (int) Math.round(Math.pow(states, frames));
        for (int i = 0; i < paths; i++) {
            int[] z = new int[frames];
            for (int s = 0, rest = i; s < frames; s++, rest /= states) {
                z[s] = rest % states;
            }
            double log = -Math.log(states);
            for (int s = 0; s < frames; s++) {
                log += ll[s * states + z[s]] + (s > 0 ? Math.log(pi[z[s - 1] * states + z[s]]) : 0);
            }
            double p = Math.exp(log);
            total += p;
            for (int s = 0; s < frames; s++) {
                smoothed[s * states + z[s]] += p;
                if (s > 0) {
                    pairwise[((s - 1) * states + z[s - 1]) * states + z[s]] += p;
                }
            }
            if (log > bestLog) {
                bestLog = log;
                best = z;
            }
        }
        double sum = total;
        int[] path = new int[frames];
        double score = chain(pi, states, false, Integer.MAX_VALUE).viterbi(tiles(ll, states), frames, path, 0);

        String where = "seed " + seed;
        assertEquals(Math.log(total), outcome.marginal, 1e-12, where);
        assertArrayEquals(Arrays.stream(smoothed).map(p -> p / sum).toArray(), outcome.smoothed, 1e-13, where);
        assertArrayEquals(Arrays.stream(pairwise).map(p -> p / sum).toArray(), outcome.pairwise, 1e-13, where);
        assertArrayEquals(best, path, where);
        assertEquals(bestLog, score, 1e-12, where);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 128, 300})
    void shouldComputeTheSameBitsAgainAsItWouldKeep(int frames) {
        int states = 3;
        Random random = new Random(11);
        double[] pi = randomPi(random, states);
        double[] ll = randomLikelihoods(random, frames, states);
        double[] uniforms = random.doubles(frames).toArray();

        Outcome kept = new Outcome(ll, pi, states, false, Integer.MAX_VALUE);
        Outcome again = new Outcome(ll, pi, states, false, 0);

        assertEquals(kept.marginal, again.marginal);
        assertArrayEquals(kept.predicted, again.predicted);
        assertArrayEquals(kept.filtered, again.filtered);
        assertArrayEquals(kept.smoothed, again.smoothed);
        assertArrayEquals(kept.pairwise, again.pairwise);
        assertArrayEquals(path(ll, pi, states, uniforms, Integer.MAX_VALUE), path(ll, pi, states, uniforms, 0));
    }

    private static int[] path(double[] ll, double[] pi, int states, double[] uniforms, int keptValues) {
        int[] z = new int[uniforms.length];
        ForwardBackward chain = chain(pi, states, false, keptValues);
        chain.filter(tiles(ll, states), z.length);
        chain.sample(s -> uniforms[s], z, 0);
        return z;
    }

    /** A chain that alternates for certain, over tiles: the best path is known whatever its length. */
    @Test
    void shouldFollowAPathOverManyTiles() {
        int frames = 1000;
        double[] pi = {0.1, 0.9, 0.9, 0.1};
        double[] ll = new double[2 * frames];
        ll[2 * (frames - 1)] = 3;
        int[] path = new int[frames + 2];

        double score = chain(pi, 2, false, 0).viterbi(tiles(ll, 2), frames, path, 2);

        for (int s = 0; s < frames; s++) {
            assertEquals((frames - 1 - s) % 2, path[s + 2], "frame " + s);
        }
        assertEquals(Math.log(0.5) + 999 * Math.log(0.9) + 3, score, 1e-9);
    }

    /**
     * Log likelihoods of -700 are rounded to 1e-13, and so are the probabilities that leave with them; memory of 1 / 0.03
     * frames adds that up to 4e-12.
     */
    @Test
    void shouldNotUnderflowOverAMillionFrames() {
        int frames = 1_000_000;
        double[] pi = {0.99, 0.01, 0.02, 0.98};
        ForwardBackward chain = chain(pi, 2, false, 1 << 16);
        FrameLikelihoods likelihoods = (from, count, l) -> {
            Arrays.fill(l, 0, count * 8, Double.NEGATIVE_INFINITY);
            for (int i = 0; i < count; i++) {
                l[8 * i] = -700;
                l[8 * i + 1] = -700;
            }
        };

        double marginal = chain.filter(likelihoods, frames);
        double[] first = new double[2];
        double[] middle = new double[2];
        chain.smooth((s, g) -> {
            assertTrue(Double.isFinite(g[0]) && Math.abs(g[0] + g[1] - 1) < 1e-12);
            System.arraycopy(g, 0, s == 0 ? first : s == frames / 2 ? middle : new double[2], 0, 2);
        });

        assertEquals(-7e8, marginal, 1e-2);
        assertArrayEquals(new double[] {0.5, 0.5}, first, 1e-12);
        assertArrayEquals(new double[] {2.0 / 3, 1.0 / 3}, middle, 4e-12);
    }

    @Test
    void shouldSayWhereNoStateIsPossible() {
        double[] identity = {1, 0, 0, 1};
        double impossible = Double.NEGATIVE_INFINITY;
        double[] ll = {0, impossible, impossible, 0, 0, 0};
        ForwardBackward chain = chain(identity, 2, false, Integer.MAX_VALUE);

        assertEquals(
                1,
                assertThrows(ImpossibleFrameException.class, () -> chain.filter(tiles(ll, 2), 3))
                        .position());
        assertEquals(
                1,
                assertThrows(ImpossibleFrameException.class, () -> chain.viterbi(tiles(ll, 2), 3, new int[3], 0))
                        .position());
    }
}
