package org.amacrine.operators.arhmm;

import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.random.RandomSequence;

/**
 * The three steps of a sweep: transitions given states, autoregression given states, states given both. Every random
 * number is a function of (seed, sweep, step, state or sequence), so that a chain is the same for any number of workers and
 * can be taken up at any sweep. Owned by one thread.
 */
final class GibbsSampler {
    private final Observations observations;
    private final Hyperparameters hyper;
    private final Bands bands;
    private final BatchInference inference;
    private final HdpTransitions hdp;
    private final ArStatistics statistics;
    private final ArPosterior[] posteriors;
    private final RandomSequence[] randoms;

    GibbsSampler(
            Observations observations,
            Hyperparameters hyper,
            Kernels kernels,
            Bands bands,
            boolean referenceNumerics,
            double boost) {
        if (hyper.autoregression().dims() != observations.dims()) {
            throw new IllegalArgumentException(
                    "the prior has " + hyper.autoregression().dims() + " dims but the frames" + " have "
                            + observations.dims() + "; make the prior for " + observations.dims() + " dims");
        }
        int states = hyper.transitions().states();
        this.observations = observations;
        this.hyper = hyper;
        this.bands = bands;
        inference = new BatchInference(observations, states, kernels, bands, referenceNumerics);
        hdp = new HdpTransitions(hyper.transitions());
        statistics = new ArStatistics(states, observations.regressors(), bands.workers());
        posteriors = new ArPosterior[bands.workers()];
        randoms = new RandomSequence[bands.workers()];
        for (int i = 0; i < posteriors.length; i++) {
            posteriors[i] = new ArPosterior(hyper.autoregression(), boost);
            randoms[i] = new RandomSequence();
        }
    }

    /**
     * Parameters with new transitions: beta by its tables, then pi given the new beta.
     *
     * @param z states of all positions, one sequence behind the other
     */
    ArHmmParameters transitions(ArHmmParameters before, int[] z, long seed, long sweep) {
        double[] counts = HdpTransitions.counts(observations, z, before.states());
        int[] tables = hdp.tables(counts, positive(before.betas()), HdpTransitions.key(seed, "tables", sweep));
        double[] betas = hdp.drawBetas(tables, HdpTransitions.key(seed, "betas", sweep));
        double[] pi = hdp.drawPi(counts, betas, HdpTransitions.key(seed, "pi", sweep));
        return with(before, betas, pi, before.ab(), before.q());
    }

    /** Weights of 0 would give tables with 0/0 customers. */
    private static double[] positive(double[] betas) {
        double[] out = betas.clone();
        for (int k = 0; k < out.length; k++) {
            out[k] = Math.max(out[k], HdpTransitions.TINY);
        }
        return out;
    }

    /** Parameters with a new autoregression for each state. */
    ArHmmParameters autoregression(ArHmmParameters before, int[] z, long seed, long sweep) {
        double[] ab = new double[before.ab().length];
        double[] q = new double[before.q().length];
        drawAutoregression(z, HdpTransitions.key(seed, "autoregression", sweep), ab, q);
        return with(before, before.betas(), before.pi(), ab, q);
    }

    /**
     * Draws the autoregression of each state given states.
     *
     * @param ab receives Ab, [K][D][p]
     * @param q receives Q, [K][D][D]
     */
    void drawAutoregression(int[] z, long key, double[] ab, double[] q) {
        statistics.take(observations, z, bands);
        bands.run(
                (worker, from, to) -> {
                    for (int k = from; k < to; k++) {
                        drawState(k, posteriors[worker], randoms[worker].start(key, k), ab, q);
                    }
                },
                hyper.transitions().states(),
                1);
    }

    private void drawState(int k, ArPosterior posterior, RandomSequence random, double[] ab, double[] q) {
        takeStatistics(k, posterior);
        posterior.draw(random, ab, k * posterior.m().length, q, k * posterior.s().length);
    }

    /** Posterior means of transitions and autoregression given states; of betas those before. */
    ArHmmParameters means(ArHmmParameters before, int[] z) {
        int states = before.states();
        double[] pi = hdp.meanPi(HdpTransitions.counts(observations, z, states), before.betas());
        double[] ab = new double[before.ab().length];
        double[] q = new double[before.q().length];
        statistics.take(observations, z, bands);
        for (int k = 0; k < states; k++) {
            takeStatistics(k, posteriors[0]);
            posteriors[0].mean(ab, k * ab.length / states, q, k * q.length / states);
        }
        return with(before, before.betas(), pi, ab, q);
    }

    private void takeStatistics(int k, ArPosterior posterior) {
        int size = observations.regressors();
        posterior.update(k, statistics.counts()[k], statistics.products(), k * size * size);
    }

    private static ArHmmParameters with(ArHmmParameters before, double[] betas, double[] pi, double[] ab, double[] q) {
        return new ArHmmParameters(before.states(), before.dims(), before.lags(), betas, pi, ab, q);
    }

    /** Puts new states, one sequence behind the other, into z. */
    void states(ArHmmParameters parameters, int[] z, long seed, long sweep) {
        inference.parameters(parameters).sample(HdpTransitions.key(seed, "states", sweep), z);
    }

    /** Log joint probability under the parameters that the states were last drawn with. */
    LogJoint logJoint(int[] z) {
        return inference.logJoint(z);
    }
}
