package org.amacrine.operators.arhmm;

import java.util.Arrays;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.random.RandomSequence;

/**
 * The documented functions of the reference (jax-moseq, {@code models.arhmm}), each under its own name, with its shapes and in
 * double precision. N sequences, T frames, D dims, L lags, K states, p = D L + 1:
 *
 * <pre>
 *   x (N, T, D)    mask (N, T), null when all frames count    z (N, T - L), the first state belongs to frame L
 *   pi (K, K)      betas (K,)      Ab (K, D, p), lags in time order, bias last      Q (K, D, D)
 * </pre>
 *
 * <p>Wherever a function takes {@link Sequences}, these may have different lengths. The same seed gives the same numbers on
 * every backend, for any number of workers. Owned by one thread.
 *
 * <p>Differs from the reference: recursions are exact unless {@link #referenceNumerics} is on; L is (p - 1) / D, so that D = 1
 * works; masked frames are skipped whatever they hold; random numbers are the project's own; bad input is an
 * {@link IllegalArgumentException} that says what is wrong.
 */
public final class Functions {
    private final Kernels kernels;
    private final Bands bands;
    private boolean referenceNumerics;
    private double diagonalBoost = ArPosterior.REFERENCE_BOOST;

    /** On the best backend, with the caller's thread alone. */
    public Functions() {
        this(Backends.choose("auto").backend().open(), Bands.ALONE);
    }

    /** On a backend, with sequences and states shared among workers. */
    public Functions(Kernels kernels, Bands bands) {
        this.kernels = kernels;
        this.bands = bands;
    }

    /**
     * Whether recursions follow the reference into its linear domain, where what is less probable than 1e-15 is lifted and the
     * smoother drops what is predicted with 1e-8 or less. For reproducing a published analysis; off at first.
     */
    public Functions referenceNumerics(boolean on) {
        referenceNumerics = on;
        return this;
    }

    /**
     * What is added to the diagonal of each matrix that {@link #resampleArParams} and {@link #resampleModel} invert, in units
     * of that matrix; at first 1e-6, as in the reference.
     */
    public Functions diagonalBoost(double boost) {
        if (!(boost >= 0) || boost == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("diagonalBoost must be >= 0 and finite but was " + boost);
        }
        diagonalBoost = boost;
        return this;
    }

    // ------------------------------------------------------------------------------------------------ beginnings

    /**
     * The autoregression of each state.
     *
     * @param ab Ab, (K, D, p)
     * @param q Q, (K, D, D)
     */
    public record ArParams(NdArray ab, NdArray q) {}

    /** The usual prior; see {@link Hyperparameters#of}. */
    public Hyperparameters initHyperparams(Hyperparameters.Transitions transitions, Hyperparameters.Scales scales) {
        return Hyperparameters.of(transitions, scales);
    }

    /** K draws of an autoregression from its prior. */
    public ArParams initArParams(long seed, int numStates, Hyperparameters.Autoregression prior) {
        int dims = prior.dims();
        int columns = prior.columns();
        double[] ab = new double[numStates * dims * columns];
        double[] q = new double[numStates * dims * dims];
        ArPosterior posterior = new ArPosterior(prior, 0);
        posterior.update(0, 0, new double[(columns + dims) * (columns + dims)], 0);
        RandomSequence random = new RandomSequence();
        long key = HdpTransitions.key(seed, "initial.autoregression", 0);
        for (int k = 0; k < numStates; k++) {
            posterior.draw(random.start(key, k), ab, k * dims * columns, q, k * dims * dims);
        }
        return new ArParams(array(ab, numStates, dims, columns), array(q, numStates, dims, dims));
    }

    /** Parameters drawn from their prior. */
    public ArHmmParameters initParams(long seed, Hyperparameters hyperparameters) {
        Hyperparameters.Transitions transitions = hyperparameters.transitions();
        Hyperparameters.Autoregression prior = hyperparameters.autoregression();
        HdpTransitions hdp = new HdpTransitions(transitions);
        int states = transitions.states();
        double[] betas = hdp.drawBetas(HdpTransitions.key(seed, "initial.betas", 0));
        double[] pi = hdp.drawPi(new double[states * states], betas, HdpTransitions.key(seed, "initial.pi", 0));
        ArParams ar = initArParams(seed, states, prior);
        return new ArHmmParameters(states, prior.dims(), prior.lags(), betas, pi, ar.ab.doubles(), ar.q.doubles());
    }

    /**
     * States of each sequence drawn given the parameters.
     *
     * @return T - L states of each sequence
     */
    public int[][] initStates(long seed, Sequences data, ArHmmParameters parameters) {
        Observations observations = new Observations(data, parameters.lags());
        int[] z = new int[observations.total()];
        inference(observations, parameters).sample(HdpTransitions.key(seed, "initial.states", 0), z);
        return perSequence(observations, z);
    }

    /**
     * A whole model: what is given is used as it is, what is null is made.
     *
     * @param data sequences; null when states are given
     * @param states of each sequence, or null for a draw given parameters
     * @param parameters or null for a draw from the prior
     * @param hyperparameters or null for the usual prior from transitions and scales
     * @param transitions prior of the transitions; null when hyperparameters are given
     * @param scales of the prior of the autoregression; null when hyperparameters are given
     */
    public ArHmmModel initModel(
            Sequences data,
            int[][] states,
            ArHmmParameters parameters,
            Hyperparameters hyperparameters,
            long seed,
            Hyperparameters.Transitions transitions,
            Hyperparameters.Scales scales) {
        if ((data == null || data.count() == 0) && states == null) {
            throw new IllegalArgumentException("a model needs data or states but was given neither;"
                    + " give the sequences that it is to be fitted to");
        }
        if (hyperparameters == null && (transitions == null || scales == null)) {
            throw new IllegalArgumentException("a model needs hyperparameters, or the prior of its transitions and the"
                    + " scales of its autoregression, but was given neither");
        }
        Hyperparameters prior = hyperparameters != null ? hyperparameters : initHyperparams(transitions, scales);
        ArHmmParameters first = parameters != null ? parameters : initParams(seed, prior);
        return new ArHmmModel(seed, 0, prior, first, states != null ? states : initStates(seed, data, first));
    }

    // ------------------------------------------------------------------------------------------------ samplers

    /**
     * Draws states given parameters: filter forward, then sample backward.
     *
     * @return z, (N, T - L), int64
     */
    public NdArray resampleDiscreteStateseqs(long seed, NdArray x, NdArray mask, NdArray ab, NdArray q, NdArray pi) {
        ArHmmParameters parameters = parameters(ab, q, pi);
        Observations observations = observations(x, mask, parameters.lags());
        int[] z = new int[observations.total()];
        inference(observations, parameters).sample(HdpTransitions.key(seed, "states", 0), z);
        return states(z, x.shape()[0]);
    }

    /** Draws the autoregression of each state given states; a state without frames gets a draw from the prior. */
    public ArParams resampleArParams(
            long seed, int numStates, NdArray mask, NdArray x, NdArray z, Hyperparameters.Autoregression prior) {
        Observations observations = observations(x, mask, prior.lags());
        double[] ab = new double[numStates * prior.dims() * prior.columns()];
        double[] q = new double[numStates * prior.dims() * prior.dims()];
        // The prior of the transitions has no part in this.
        Hyperparameters hyper = new Hyperparameters(new Hyperparameters.Transitions(numStates, 1, 0, 1), prior);
        sampler(observations, hyper)
                .drawAutoregression(
                        states(z, observations, numStates), HdpTransitions.key(seed, "autoregression", 0), ab, q);
        return new ArParams(
                array(ab, numStates, prior.dims(), prior.columns()), array(q, numStates, prior.dims(), prior.dims()));
    }

    /**
     * One sweep: transitions and autoregression given states, then states given these.
     *
     * @param statesOnly whether only states are drawn
     * @return the model after it; the one given is not changed
     */
    public ArHmmModel resampleModel(Sequences data, ArHmmModel model, boolean statesOnly) {
        Observations observations = new Observations(data, model.parameters().lags());
        GibbsSampler sampler = sampler(observations, model.hyperparameters());
        int[] z = flat(observations, model.states());
        long sweep = model.sweep() + 1;
        ArHmmParameters parameters = model.parameters();
        if (!statesOnly) {
            parameters = sampler.transitions(parameters, z, model.seed(), sweep);
            parameters = sampler.autoregression(parameters, z, model.seed(), sweep);
        }
        sampler.states(parameters, z, model.seed(), sweep);
        return new ArHmmModel(model.seed(), sweep, model.hyperparameters(), parameters, perSequence(observations, z));
    }

    private GibbsSampler sampler(Observations observations, Hyperparameters hyperparameters) {
        return new GibbsSampler(observations, hyperparameters, kernels, bands, referenceNumerics, diagonalBoost);
    }

    // ------------------------------------------------------------------------------------------------ recursions

    /**
     * Probabilities of the states of each frame given the whole sequence.
     *
     * <p>Follows the reference, which returns T - L frames where its documentation says T.
     *
     * @return (N, T - L, K)
     */
    public NdArray stateseqMarginals(NdArray x, NdArray mask, NdArray ab, NdArray q, NdArray pi) {
        ArHmmParameters parameters = parameters(ab, q, pi);
        Observations observations = observations(x, mask, parameters.lags());
        return perFrame(inference(observations, parameters).marginals(), x, parameters.states());
    }

    /** Log probability of the sequences, over all state sequences, the uniform start included. */
    public double marginalLogLikelihood(NdArray mask, NdArray x, NdArray ab, NdArray q, NdArray pi) {
        ArHmmParameters parameters = parameters(ab, q, pi);
        return marginalLogLikelihood(Sequences.of(x, mask), parameters);
    }

    /** The same for sequences of different lengths. */
    public double marginalLogLikelihood(Sequences data, ArHmmParameters parameters) {
        Observations observations = new Observations(data, parameters.lags());
        return Arrays.stream(inference(observations, parameters).marginalLogLikelihoods())
                .sum();
    }

    /**
     * What the filter knows at each frame.
     *
     * @param predictive p(z_s | x before s), (N, T - L, K)
     * @param filtered p(z_s | x up to s), (N, T - L, K)
     * @param logEvidence log p(x_s | x before s), (N, T - L); their sum is the marginal log likelihood
     */
    public record Filtered(NdArray predictive, NdArray filtered, NdArray logEvidence) {}

    /** Filters the sequences. */
    public Filtered filter(NdArray x, NdArray mask, NdArray ab, NdArray q, NdArray pi) {
        ArHmmParameters parameters = parameters(ab, q, pi);
        Observations observations = observations(x, mask, parameters.lags());
        int states = parameters.states();
        double[] predictive = new double[Math.multiplyExact(observations.total(), states)];
        double[] filtered = new double[predictive.length];
        double[] logEvidence = new double[observations.total()];
        inference(observations, parameters).filter(predictive, filtered, logEvidence);
        return new Filtered(
                perFrame(predictive, x, states),
                perFrame(filtered, x, states),
                array(logEvidence, x.shape()[0], logEvidence.length / x.shape()[0]));
    }

    /**
     * The most probable state sequences.
     *
     * @param path (N, T - L), int64
     * @param score log joint probability of each with its sequence, the uniform start included, (N,)
     */
    public record BestPaths(NdArray path, NdArray score) {}

    /** Viterbi's algorithm on each sequence; of equal paths the one of the lowest states, from the end. */
    public BestPaths viterbi(NdArray x, NdArray mask, NdArray ab, NdArray q, NdArray pi) {
        ArHmmParameters parameters = parameters(ab, q, pi);
        Observations observations = observations(x, mask, parameters.lags());
        int[] z = new int[observations.total()];
        double[] scores = inference(observations, parameters).viterbi(z);
        return new BestPaths(states(z, x.shape()[0]), array(scores, scores.length));
    }

    /** How often each transition is expected over all sequences, given them, [from][to], (K, K). */
    public NdArray expectedTransitions(NdArray x, NdArray mask, NdArray ab, NdArray q, NdArray pi) {
        ArHmmParameters parameters = parameters(ab, q, pi);
        Observations observations = observations(x, mask, parameters.lags());
        return array(
                inference(observations, parameters).expectedTransitions(), parameters.states(), parameters.states());
    }

    private BatchInference inference(Observations observations, ArHmmParameters parameters) {
        return new BatchInference(observations, parameters.states(), kernels, bands, referenceNumerics)
                .parameters(parameters);
    }

    // ------------------------------------------------------------------------------------------------ log
    // probabilities

    /**
     * Log probability of each transition of state sequences; minus infinity where pi is 0.
     *
     * @return (N, T - L - 1)
     */
    public NdArray discreteStateseqLogProb(NdArray z, NdArray pi) {
        int states = pi.shape()[0];
        int count = z.shape()[0];
        int length = z.shape()[1];
        double[] log = new double[count * (length - 1)];
        for (int n = 0; n < count; n++) {
            for (int s = 1; s < length; s++) {
                int from = state(z, n * length + s - 1, states);
                int to = state(z, n * length + s, states);
                log[n * (length - 1) + s - 1] = Math.log(pi.at(from * states + to));
            }
        }
        return array(log, count, length - 1);
    }

    /**
     * Log density of each frame given its state and lags; all frames must be finite.
     *
     * @return (N, T - L)
     */
    public NdArray continuousStateseqLogProb(NdArray x, NdArray z, NdArray ab, NdArray q) {
        ArHmmParameters parameters = parameters(ab, q, uniform(ab));
        Observations observations = observations(x, null, parameters.lags());
        int[] path = states(z, observations, parameters.states());
        double[] all = inference(observations, parameters).logLikelihoods();
        double[] log = new double[path.length];
        for (int i = 0; i < log.length; i++) {
            log[i] = all[i * parameters.states() + path[i]];
        }
        return array(log, z.shape());
    }

    /** Log joint probability of states and features, in its two parts; masked frames count in neither. */
    public LogJoint logJointLikelihood(NdArray x, NdArray mask, NdArray z, NdArray pi, NdArray ab, NdArray q) {
        ArHmmParameters parameters = parameters(ab, q, pi);
        Observations observations = observations(x, mask, parameters.lags());
        return inference(observations, parameters).logJoint(states(z, observations, parameters.states()));
    }

    /** The same for sequences of different lengths. */
    public LogJoint modelLikelihood(Sequences data, int[][] states, ArHmmParameters parameters) {
        Observations observations = new Observations(data, parameters.lags());
        return inference(observations, parameters).logJoint(flat(observations, states));
    }

    /**
     * How well states explain each other's frames: row j is the mean log likelihood, per visit to state j, of its frames in
     * every state, minus that in state j itself. The diagonal is 0.
     *
     * <p>Differs from the reference, which fails when the highest states are never entered.
     *
     * @param mask (N, T), or null
     * @return (K, K)
     */
    public NdArray stateCrossLikelihoods(ArHmmParameters parameters, NdArray x, NdArray z, NdArray mask) {
        Observations observations = observations(x, mask, parameters.lags());
        int states = parameters.states();
        int[] path = states(z, observations, states);
        double[] all = inference(observations, parameters).logLikelihoods();
        double[] sums = new double[states * states];
        double[] visits = new double[states];
        int before = -1;
        for (int n = 0; n < observations.count(); n++) {
            for (int s = 0; s < observations.length(n); s++) {
                if (observations.weight(n, s) != 0) {
                    int i = observations.offset(n) + s;
                    for (int k = 0; k < states; k++) {
                        sums[path[i] * states + k] += all[i * states + k];
                    }
                    visits[path[i]] += before >= 0 && path[i] != before ? 1 : 0;
                    before = path[i];
                }
            }
        }
        double[] cross = new double[states * states];
        for (int j = 0; j < states; j++) {
            for (int k = 0; k < states; k++) {
                cross[j * states + k] = (sums[j * states + k] - sums[j * states + j]) / (visits[j] + 1e-6);
            }
        }
        return array(cross, states, states);
    }

    // ------------------------------------------------------------------------------------------------ generation

    /** Where a generated sequence begins: any state, lags standard normal. */
    public Generator.State generateInitialState(long seed, NdArray pi, NdArray ab, NdArray q) {
        RandomSequence random = new RandomSequence().start(HdpTransitions.key(seed, "generate", 0), 0);
        return Generator.initialState(parameters(ab, q, pi), random);
    }

    /** One step from a state with its lags. */
    public Generator.State generateNextState(long seed, Generator.State state, NdArray pi, NdArray ab, NdArray q) {
        Generator generator = new Generator(parameters(ab, q, pi), state);
        generator.next(new RandomSequence().start(HdpTransitions.key(seed, "generate", 1), 0));
        return generator.state();
    }

    /**
     * A generated sequence.
     *
     * @param zs states, (n_steps,), int64
     * @param xs features, (n_steps, D)
     */
    public record Generated(NdArray zs, NdArray xs) {}

    /**
     * Generates a sequence. Its first frame is already one transition after the initial state, whose lags are not part of it:
     * put them before xs, and zs lines up as in all other functions.
     *
     * @param initial where to begin, or null for {@link #generateInitialState}
     */
    public Generated generateStates(long seed, NdArray pi, NdArray ab, NdArray q, int steps, Generator.State initial) {
        ArHmmParameters parameters = parameters(ab, q, pi);
        Generator.State start = initial != null ? initial : generateInitialState(seed, pi, ab, q);
        Generator generator = new Generator(parameters, start);
        RandomSequence random = new RandomSequence().start(HdpTransitions.key(seed, "generate", 2), 0);
        long[] zs = new long[steps];
        double[] xs = new double[steps * parameters.dims()];
        for (int t = 0; t < steps; t++) {
            generator.next(random);
            zs[t] = generator.z();
            generator.x(xs, t * parameters.dims());
        }
        return new Generated(new NdArray(new int[] {steps}, zs), array(xs, steps, parameters.dims()));
    }

    // ------------------------------------------------------------------------------------------------ shapes

    private static NdArray array(double[] values, int... shape) {
        return new NdArray(shape, values);
    }

    private static NdArray perFrame(double[] values, NdArray x, int states) {
        int count = x.shape()[0];
        return array(values, count, values.length / states / count, states);
    }

    private static NdArray states(int[] z, int count) {
        return new NdArray(
                new int[] {count, z.length / count},
                Arrays.stream(z).asLongStream().toArray());
    }

    /** Parameters for functions that do not look at betas. */
    private static ArHmmParameters parameters(NdArray ab, NdArray q, NdArray pi) {
        double[] betas = new double[ab.shape()[0]];
        Arrays.fill(betas, 1.0 / betas.length);
        return ArHmmParameters.of(array(betas, betas.length), pi, ab, q);
    }

    private static NdArray uniform(NdArray ab) {
        int states = ab.shape()[0];
        double[] pi = new double[states * states];
        Arrays.fill(pi, 1.0 / states);
        return array(pi, states, states);
    }

    private static Observations observations(NdArray x, NdArray mask, int lags) {
        return new Observations(Sequences.of(x, mask), lags);
    }

    private static int state(NdArray z, int i, int states) {
        double value = z.at(i);
        if (value != Math.rint(value) || value < 0 || value >= states) {
            throw new IllegalArgumentException("z must hold states from 0 to " + (states - 1) + " but holds " + value);
        }
        return (int) value;
    }

    private static int[] states(NdArray z, Observations observations, int states) {
        if (z.shape().length != 2
                || z.shape()[0] != observations.count()
                || z.shape()[0] * z.shape()[1] != observations.total()) {
            throw new IllegalArgumentException("z must have the shape (sequences, frames - lags), here "
                    + NdArray.text(
                            new int[] {observations.count(), observations.total() / Math.max(1, observations.count())})
                    + ", but was " + NdArray.text(z.shape()));
        }
        int[] path = new int[z.size()];
        for (int i = 0; i < path.length; i++) {
            path[i] = state(z, i, states);
        }
        return path;
    }

    /** One sequence behind the other. */
    static int[] flat(Observations observations, int[][] states) {
        int[] z = new int[observations.total()];
        if (states.length != observations.count()) {
            throw new IllegalArgumentException(
                    "states of " + states.length + " sequences were given for " + observations.count() + " sequences");
        }
        for (int n = 0; n < states.length; n++) {
            if (states[n].length != observations.length(n)) {
                throw new IllegalArgumentException("sequence " + n + " has " + states[n].length + " states but needs "
                        + observations.length(n) + ", one for each frame behind its " + observations.lags() + " lags");
            }
            System.arraycopy(states[n], 0, z, observations.offset(n), states[n].length);
        }
        return z;
    }

    /** The states of each sequence by themselves. */
    static int[][] perSequence(Observations observations, int[] z) {
        int[][] states = new int[observations.count()][];
        for (int n = 0; n < states.length; n++) {
            states[n] = Arrays.copyOfRange(z, observations.offset(n), observations.offset(n + 1));
        }
        return states;
    }
}
