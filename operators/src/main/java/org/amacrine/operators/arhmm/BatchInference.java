package org.amacrine.operators.arhmm;

import java.util.Arrays;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.random.RandomSequence;

/**
 * Inference over whole sequences, which are shared among workers: each sequence is one worker's, so that no number depends on
 * how many there are. Owned by one thread.
 */
final class BatchInference {

    /** What is done with one sequence. */
    @FunctionalInterface
    private interface Work {
        void sequence(int n, ForwardBackward chain, FrameLikelihoods likelihoods);
    }

    private final Observations observations;
    private final Kernels kernels;
    private final Bands bands;
    private final WhitenedRegressors regressors;
    private final TransitionLanes transitions;
    private final ForwardBackward[] chains;
    private ArHmmParameters parameters;

    /**
     * For these sequences.
     *
     * @param states K
     */
    BatchInference(Observations observations, int states, Kernels kernels, Bands bands, boolean referenceNumerics) {
        this.observations = observations;
        this.kernels = kernels;
        this.bands = bands;
        regressors = new WhitenedRegressors(states, observations.dims(), observations.lags());
        transitions = new TransitionLanes(states);
        chains = new ForwardBackward[bands.workers()];
        for (int i = 0; i < chains.length; i++) {
            chains[i] = new ForwardBackward(kernels, states, referenceNumerics).transitions(transitions);
        }
    }

    /** Goes by these parameters from now on; throws {@link IllegalArgumentException} when they do not fit the sequences. */
    BatchInference parameters(ArHmmParameters another) {
        if (another.dims() != observations.dims()) {
            throw new IllegalArgumentException("the model has " + another.dims() + " dims but the frames have "
                    + observations.dims() + "; give the features that it was fitted to");
        }
        parameters = another;
        regressors.set(another.ab(), another.cholesky());
        transitions.set(another.pi());
        return this;
    }

    private void eachSequence(Work work) {
        bands.run(
                (worker, from, to) -> {
                    for (int n = from; n < to; n++) {
                        oneSequence(n, work, chains[worker]);
                    }
                },
                observations.count(),
                1);
    }

    private void oneSequence(int n, Work work, ForwardBackward chain) {
        try {
            work.sequence(n, chain, observations.likelihoods(n, regressors, kernels));
        } catch (ImpossibleFrameException e) {
            throw new IllegalArgumentException(
                    "no state is possible at " + observations.place(n, e.position())
                            + ": pi has zeros that rule out every state that explains it, or its features are beyond all"
                            + " scale; make such zeros small numbers, or mask the frame",
                    e);
        }
    }

    private double filter(int n, ForwardBackward chain, FrameLikelihoods likelihoods) {
        return chain.filter(likelihoods, observations.length(n));
    }

    /** Log probability of each sequence under the model, over all paths. */
    double[] marginalLogLikelihoods() {
        double[] sums = new double[observations.count()];
        eachSequence((n, chain, likelihoods) -> sums[n] = filter(n, chain, likelihoods));
        return sums;
    }

    /** Log likelihoods of all positions in all states, [positions][K]. */
    double[] logLikelihoods() {
        int states = parameters.states();
        int lanes = regressors.lanes();
        double[] out = new double[Math.multiplyExact(observations.total(), states)];
        eachSequence((n, chain, likelihoods) -> {
            double[] l = new double[FrameLikelihoods.TILE * lanes];
            for (int from = 0; from < observations.length(n); from += FrameLikelihoods.TILE) {
                int frames = Math.min(FrameLikelihoods.TILE, observations.length(n) - from);
                likelihoods.tile(from, frames, l);
                for (int i = 0; i < frames; i++) {
                    System.arraycopy(l, i * lanes, out, (observations.offset(n) + from + i) * states, states);
                }
            }
        });
        return out;
    }

    /**
     * Filters all sequences.
     *
     * @param predictive receives p(z_s | x before s), [positions][K]
     * @param filtered receives p(z_s | x up to s), [positions][K]
     * @param logEvidence receives log p(x_s | x before s), [positions]
     */
    void filter(double[] predictive, double[] filtered, double[] logEvidence) {
        int states = parameters.states();
        eachSequence((n, chain, likelihoods) -> {
            filter(n, chain, likelihoods);
            int offset = observations.offset(n);
            chain.backward((s, r, f, at) -> {
                System.arraycopy(r, at, predictive, (offset + s) * states, states);
                System.arraycopy(f, at, filtered, (offset + s) * states, states);
                logEvidence[offset + s] = chain.logEvidence(s);
            });
        });
    }

    /** p(z_s | x) of all positions, [positions][K]. */
    double[] marginals() {
        int states = parameters.states();
        double[] out = new double[Math.multiplyExact(observations.total(), states)];
        eachSequence((n, chain, likelihoods) -> {
            filter(n, chain, likelihoods);
            int offset = observations.offset(n);
            chain.smooth((s, g) -> System.arraycopy(g, 0, out, (offset + s) * states, states));
        });
        return out;
    }

    /** How often each transition is expected, given the sequences, [from][to]. */
    double[] expectedTransitions() {
        int values = parameters.states() * parameters.states();
        double[][] each = new double[observations.count()][values];
        eachSequence((n, chain, likelihoods) -> {
            filter(n, chain, likelihoods);
            chain.pairs((s, xi) -> add(xi, each[n]));
        });
        double[] sum = new double[values];
        for (double[] one : each) {
            add(one, sum);
        }
        return sum;
    }

    private static void add(double[] x, double[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += x[i];
        }
    }

    /**
     * The most probable path of each sequence.
     *
     * @param z receives the paths, one sequence behind the other
     * @return log joint probability of each path and its sequence
     */
    double[] viterbi(int[] z) {
        double[] scores = new double[observations.count()];
        eachSequence((n, chain, likelihoods) ->
                scores[n] = chain.viterbi(likelihoods, observations.length(n), z, observations.offset(n)));
        return scores;
    }

    /**
     * Draws a path for each sequence.
     *
     * @param key of the random numbers; each sequence has its own, one for each position
     * @param z receives the paths, one sequence behind the other
     */
    void sample(long key, int[] z) {
        eachSequence((n, chain, likelihoods) -> {
            filter(n, chain, likelihoods);
            chain.sample(s -> RandomSequence.uniform(key, n, s), z, observations.offset(n));
        });
    }

    /** Log joint probability of given paths and the sequences: its two parts, masked frames left out. */
    LogJoint logJoint(int[] z) {
        double[] transitionSums = new double[observations.count()];
        double[] emissionSums = new double[observations.count()];
        eachSequence((n, chain, likelihoods) -> {
            transitionSums[n] = transitionSum(n, z);
            emissionSums[n] = emissionSum(n, z);
        });
        return new LogJoint(
                Arrays.stream(transitionSums).sum(), Arrays.stream(emissionSums).sum());
    }

    private double transitionSum(int n, int[] z) {
        int offset = observations.offset(n);
        double[] log = transitions.log().values();
        double sum = 0;
        for (int s = 1; s < observations.length(n); s++) {
            double weight = observations.weight(n, s);
            if (weight != 0) {
                sum += weight * log[z[offset + s - 1] * transitions.lanes() + z[offset + s]];
            }
        }
        return sum;
    }

    private double emissionSum(int n, int[] z) {
        double[] g = new double[observations.regressors()];
        double[] y = new double[observations.dims()];
        double sum = 0;
        for (int s = 0; s < observations.length(n); s++) {
            double weight = observations.weight(n, s);
            if (weight != 0) {
                observations.regressors(n, s, g, 0);
                sum += weight * regressors.logLikelihood(z[observations.offset(n) + s], g, y);
            }
        }
        return sum;
    }
}
