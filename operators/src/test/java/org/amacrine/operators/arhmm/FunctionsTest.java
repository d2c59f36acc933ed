package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.kernel.WorkerPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the documented functions do beyond stored numbers: sequences of any length, workers, generation, and bad input. */
class FunctionsTest {
    private static final Hyperparameters.Transitions TRANSITIONS = new Hyperparameters.Transitions(3, 5.7, 20, 30);
    private static final Hyperparameters.Scales SCALES = new Hyperparameters.Scales(2, 2, 0.01, 10);
    private static final Hyperparameters PRIOR = Hyperparameters.of(TRANSITIONS, SCALES);

    private final Functions functions = new Functions(ScalarKernels.INSTANCE, Bands.ALONE);
    private final ArHmmParameters parameters = functions.initParams(3, PRIOR);
    private final NdArray pi = new NdArray(new int[] {3, 3}, parameters.pi());
    private final NdArray q = new NdArray(new int[] {3, 2, 2}, parameters.q());
    /** A tenth of the drawn coefficients: nothing grows without bounds. */
    private final NdArray ab = new NdArray(
            new int[] {3, 2, 5},
            Arrays.stream(parameters.ab()).map(a -> 0.1 * a).toArray());

    private NdArray generated(int frames) {
        double[] xs = functions.generateStates(8, pi, ab, q, frames, null).xs().doubles();
        return new NdArray(new int[] {1, frames, 2}, xs);
    }

    private static void checkMessage(String part, Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(part), message);
    }

    // ------------------------------------------------------------------------------------------------ sequences

    /** Frames of two sequences, one of which ends early: padding under the mask changes nothing. */
    @Test
    void shouldTakePaddingForTheEndOfASequence() {
        NdArray x = generated(40);
        double[] longer = x.doubles();
        double[] shorter = Arrays.copyOf(longer, 2 * 25);
        double[] padded = Arrays.copyOf(shorter, 2 * 40);
        Arrays.fill(padded, 2 * 25, 2 * 40, Double.NaN);
        double[] both = new double[160];
        System.arraycopy(longer, 0, both, 0, 80);
        System.arraycopy(padded, 0, both, 80, 80);
        double[] mask = new double[80];
        Arrays.fill(mask, 0, 65, 1);
        Sequences ragged =
                new Sequences.Builder(2).add(longer, null).add(shorter, null).build();
        ArHmmParameters model = ArHmmParameters.of(new NdArray(new int[] {3}, parameters.betas()), pi, ab, q);

        double expected = functions.marginalLogLikelihood(
                new NdArray(new int[] {2, 40}, mask), new NdArray(new int[] {2, 40, 2}, both), ab, q, pi);

        assertEquals(expected, functions.marginalLogLikelihood(ragged, model), 1e-9);
    }

    @Test
    void shouldGiveTheSameBitsOnEveryBackendWithAnyNumberOfWorkers() {
        NdArray x = new NdArray(new int[] {5, 60, 2}, generated(300).doubles());
        try (WorkerPool pool = new WorkerPool(3)) {
            Functions shared = new Functions(Backends.choose("vector").backend().open(), pool);
            assertEquals(functions.stateseqMarginals(x, null, ab, q, pi), shared.stateseqMarginals(x, null, ab, q, pi));
            assertEquals(
                    functions.resampleDiscreteStateseqs(4, x, null, ab, q, pi),
                    shared.resampleDiscreteStateseqs(4, x, null, ab, q, pi));
            assertEquals(functions.viterbi(x, null, ab, q, pi), shared.viterbi(x, null, ab, q, pi));
            assertEquals(
                    functions.marginalLogLikelihood(null, x, ab, q, pi),
                    shared.marginalLogLikelihood(null, x, ab, q, pi));
        }
    }

    /** Frames 10 to 12 are not there: 13 and 14 have them among their lags, 15 does not. */
    @Test
    void shouldTreatFramesWithoutLagsAsMasked() {
        NdArray x = generated(30);
        double[] holed = x.doubles().clone();
        double[] mask = new double[30];
        Arrays.fill(mask, 1);
        for (int t = 10; t <= 12; t++) {
            holed[2 * t] = Double.NaN;
            mask[t] = 0;
        }
        NdArray weights = new NdArray(new int[] {1, 30}, mask);
        Observations observations =
                new Observations(Sequences.of(new NdArray(new int[] {1, 30, 2}, holed), weights), 2);
        double[] wider = mask.clone();
        wider[13] = 0;
        wider[14] = 0;

        assertEquals(2, observations.framesWithoutLags());
        assertEquals(
                functions.marginalLogLikelihood(new NdArray(new int[] {1, 30}, wider), x, ab, q, pi),
                functions.marginalLogLikelihood(weights, new NdArray(new int[] {1, 30, 2}, holed), ab, q, pi));
    }

    @Test
    void shouldWeighFramesByTheMask() {
        NdArray x = generated(3);
        double half = functions
                .logJointLikelihood(
                        x,
                        new NdArray(new int[] {1, 3}, new double[] {1, 1, 0.5}),
                        new NdArray(new int[] {1, 1}, new long[] {2}),
                        pi,
                        ab,
                        q)
                .x();
        double whole = functions
                .continuousStateseqLogProb(x, new NdArray(new int[] {1, 1}, new long[] {2}), ab, q)
                .scalar();
        assertEquals(0.5 * whole, half, 1e-14);
    }

    // ------------------------------------------------------------------------------------------------ draws

    /** Smoothed probabilities are what drawn states are frequent by. */
    @Test
    void shouldDrawStatesByTheirMarginals() {
        NdArray x = generated(12);
        double[] marginals = functions.stateseqMarginals(x, null, ab, q, pi).doubles();
        int draws = 20_000;
        double[] share = new double[marginals.length];
        for (int seed = 0; seed < draws; seed++) {
            NdArray z = functions.resampleDiscreteStateseqs(seed, x, null, ab, q, pi);
            for (int s = 0; s < 10; s++) {
                share[3 * s + (int) z.at(s)] += 1.0 / draws;
            }
        }
        for (int i = 0; i < share.length; i++) {
            double limit = 5 * Math.sqrt(marginals[i] * (1 - marginals[i]) / draws) + 1e-6;
            assertEquals(marginals[i], share[i], limit, "frame " + i / 3 + ", state " + i % 3);
        }
    }

    @Test
    void shouldUseWhatIsGivenAndMakeTheRest() {
        Sequences data = Sequences.of(generated(20), null);
        int[][] states = {new int[18]};

        ArHmmModel made = functions.initModel(data, null, null, null, 6, TRANSITIONS, SCALES);
        ArHmmModel given = functions.initModel(null, states, parameters, PRIOR, 6, null, null);

        assertEquals(PRIOR, made.hyperparameters());
        assertEquals(functions.initParams(6, PRIOR), made.parameters());
        assertArrayEquals(functions.initStates(6, data, made.parameters()), made.states());
        assertEquals(0, made.sweep());
        assertSame(parameters, given.parameters());
        assertSame(PRIOR, given.hyperparameters());
        assertSame(states, given.states());
        assertNotEquals(
                made.parameters(),
                functions
                        .initModel(data, null, null, null, 7, TRANSITIONS, SCALES)
                        .parameters());
    }

    /** Long runs visit states as the stationary distribution says, and innovations have the covariance Q. */
    @Test
    void shouldGenerateByTheModel() {
        double[] chain = {0.9, 0.1, 0.3, 0.7};
        double[] still = {0, 0, 5, 0, 0, -1};
        NdArray shape = new NdArray(new int[] {2, 2}, chain);
        NdArray means = new NdArray(new int[] {2, 1, 3}, still);
        NdArray variances = new NdArray(new int[] {2, 1, 1}, new double[] {4, 0.25});
        int steps = 100_000;

        Functions.Generated made = functions.generateStates(2, shape, means, variances, steps, null);

        double inFirst = 0;
        double sum = 0;
        double squares = 0;
        for (int t = 0; t < steps; t++) {
            if (made.zs().at(t) == 0) {
                inFirst++;
                sum += made.xs().at(t) - 5;
                squares += Math.pow(made.xs().at(t) - 5, 2);
            }
        }
        // Stationary 3/4 : 1/4; the chain's second eigenvalue 0.6 makes four frames worth one.
        assertEquals(0.75, inFirst / steps, 5 * Math.sqrt(0.75 * 0.25 * 4 / steps));
        assertEquals(0, sum / inFirst, 5 * Math.sqrt(4 / inFirst));
        assertEquals(4, squares / inFirst, 5 * 4 * Math.sqrt(2 / inFirst));
        assertEquals(made, functions.generateStates(2, shape, means, variances, steps, null));
    }

    @Test
    void shouldGoOnGeneratingFromAState() {
        Generator.State start = functions.generateInitialState(1, pi, ab, q);
        Generator.State next = functions.generateNextState(2, start, pi, ab, q);

        assertEquals(4, start.lags().length);
        assertArrayEquals(
                Arrays.copyOfRange(start.lags(), 2, 4), Arrays.copyOf(next.lags(), 2), "the oldest lag is dropped");
        checkMessage(
                "with 4 values of lags but was given state 0 and 3 values",
                () -> functions.generateStates(1, pi, ab, q, 5, new Generator.State(0, new double[3])));
        checkMessage(
                "starts in a state from 0 to 2",
                () -> functions.generateStates(1, pi, ab, q, 5, new Generator.State(3, new double[4])));
    }

    // ------------------------------------------------------------------------------------------------ bad input

    @Test
    void shouldNameTheFrameThatIsNotANumber() {
        double[] values = generated(20).doubles().clone();
        values[2 * 7 + 1] = Double.POSITIVE_INFINITY;
        NdArray x = new NdArray(new int[] {1, 20, 2}, values);
        checkMessage(
                "sequence 0 is not finite at frame 7, which its mask calls valid",
                () -> functions.stateseqMarginals(x, null, ab, q, pi));
    }

    @Test
    void shouldNameTheSequenceThatIsTooShort() {
        NdArray x = new NdArray(new int[] {1, 2, 2}, new double[4]);
        checkMessage(
                "sequence 0 has 2 frames, needs at least 3", () -> functions.stateseqMarginals(x, null, ab, q, pi));
    }

    @Test
    void shouldNameWhatIsWrongWithParameters() {
        NdArray x = generated(20);
        double[] indefinite = q.doubles().clone();
        indefinite[4] = -1;
        double[] unlikely = pi.doubles().clone();
        unlikely[3] += 0.1;
        checkMessage(
                "Q of state 1 must be positive definite",
                () -> functions.stateseqMarginals(x, null, ab, new NdArray(new int[] {3, 2, 2}, indefinite), pi));
        checkMessage(
                "row 1 of pi must sum to 1",
                () -> functions.stateseqMarginals(x, null, ab, q, new NdArray(new int[] {3, 3}, unlikely)));
        checkMessage(
                "the model has 2 dims but the frames have 4",
                () -> functions.stateseqMarginals(new NdArray(new int[] {1, 10, 4}, new double[40]), null, ab, q, pi));
    }

    @Test
    void shouldNameShapesThatDoNotFit() {
        NdArray x = generated(20);
        checkMessage(
                "x must have the shape (sequences, frames, dims) but was (20, 2)",
                () -> Sequences.of(new NdArray(new int[] {20, 2}, x.doubles()), null));
        checkMessage(
                "mask must have the shape (sequences, frames) of x, (1, 20), but was (1, 18)",
                () -> Sequences.of(x, new NdArray(new int[] {1, 18}, new double[18])));
        checkMessage(
                "z must have the shape (sequences, frames - lags), here (1, 18), but was (1, 20)",
                () -> functions.continuousStateseqLogProb(x, new NdArray(new int[] {1, 20}, new long[20]), ab, q));
        checkMessage(
                "z must hold states from 0 to 2 but holds 3.0",
                () -> functions.discreteStateseqLogProb(new NdArray(new int[] {1, 2}, new long[] {0, 3}), pi));
        checkMessage(
                "sequence 0 has 20 states but needs 18",
                () -> functions.modelLikelihood(Sequences.of(x, null), new int[][] {new int[20]}, parameters));
        checkMessage(
                "states of 2 sequences were given for 1",
                () -> functions.modelLikelihood(Sequences.of(x, null), new int[2][18], parameters));
    }

    @Test
    void shouldNameMasksThatAreNoWeights() {
        checkMessage(
                "must be >= 0 and finite but is -1.0 at frame 1",
                () -> new Sequences.Builder(1).add(new double[2], new double[] {1, -1}));
        checkMessage(
                "has 3 values, which are no whole frames of 2 dims",
                () -> new Sequences.Builder(2).add(new double[3], null));
        checkMessage("has 1 values for 2 frames", () -> new Sequences.Builder(1).add(new double[2], new double[1]));
        checkMessage("dims must be >= 1", () -> new Sequences.Builder(0));
    }

    @Test
    void shouldNameTheFrameAtWhichNoStateIsPossible() {
        double[] identity = {1, 0, 0, 0, 1, 0, 0, 0, 1};
        // Frames far apart: a state's density underflows, but the others' do not save it where they cannot be reached.
        double[] values = new double[40];
        values[30] = 1e160;
        NdArray x = new NdArray(new int[] {1, 20, 2}, values);
        checkMessage(
                "no state is possible at frame 15 of sequence 0",
                () -> functions.stateseqMarginals(x, null, ab, q, new NdArray(new int[] {3, 3}, identity)));
    }

    @Test
    void shouldSayWhatAModelIsMissing() {
        checkMessage("needs data or states", () -> functions.initModel(null, null, null, PRIOR, 0, null, null));
        checkMessage(
                "needs hyperparameters",
                () -> functions.initModel(Sequences.of(generated(9), null), null, null, null, 0, TRANSITIONS, null));
    }

    @ParameterizedTest
    @CsvSource({"0,1,1,1,states", "2,0,1,1,alpha", "2,1,-1,1,kappa", "2,1,1,0,gamma", "2,NaN,1,1,alpha"})
    void shouldRejectPriorsOfTransitions(int states, double alpha, double kappa, double gamma, String name) {
        checkMessage(name + " must be", () -> new Hyperparameters.Transitions(states, alpha, kappa, gamma));
    }

    @Test
    void shouldRejectPriorsOfAutoregressions() {
        double[] one = {1};
        double[] two = {1, 0, 0, 1};
        double[] mean = {1, 0};
        checkMessage("nu_0 must be > dims - 1 = 0", () -> new Hyperparameters.Autoregression(1, 1, 0, one, mean, two));
        checkMessage(
                "S_0 must be symmetric and positive definite",
                () -> new Hyperparameters.Autoregression(1, 1, 3, new double[1], mean, two));
        checkMessage(
                "K_0 has 4 values but was given 1", () -> new Hyperparameters.Autoregression(1, 1, 3, one, mean, one));
        checkMessage(
                "M_0 must hold finite numbers",
                () -> new Hyperparameters.Autoregression(1, 1, 3, one, new double[] {Double.NaN, 0}, two));
        checkMessage("S_0_scale must be > 0", () -> new Hyperparameters.Scales(1, 1, 0, 10));
    }
}
