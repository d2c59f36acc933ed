package org.amacrine.operators.arhmm;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.job.Job;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;

/**
 * The job of fitting a live model anew to the last frames of its stream: Gibbs sampling that begins with the path on which
 * the live model is most probable, then posterior means given the states of the last sweep. An iteration is a sweep.
 *
 * <p>States keep their labels: each new state has the label of the old one, such that as many frames as possible have the label
 * that they had. A state that none of the frames is in keeps its autoregression and its row of the transitions.
 *
 * <p>What comes of it are the values of {@code betas}, {@code pi}, {@code Ab} and {@code Q} to set on a layer; none while the
 * sweeps are not done, and none when the frames are no more probable under the new model than under the live one.
 *
 * <p>Objectives: those of {@link Fit}; behind the last sweep also {@code gain}, by how many nats a frame is more probable, and
 * {@code relabelled}, the part of the frames whose state has another label than before.
 */
public final class Refit implements Job<Map<String, NdArray>> {
    private final ArHmmParameters live;
    private final ArHmmModel first;
    private final long sweeps;
    private final Kernels kernels;
    private final Sequences data;
    private final Observations observations;
    private Fit fit;
    private int[] path;
    private Map<String, NdArray> result = Map.of();
    private final Map<String, Double> objectives = new LinkedHashMap<>();

    /**
     * A fit that has not begun.
     *
     * @param window the last frames, [D][animals][1] each; one that is not finite is missing for its animal
     * @param live the model that the states are told with
     * @param prior what the new one is drawn from before it has seen the window
     * @param sweeps at least 1
     * @param seed of all random numbers
     * @throws IllegalArgumentException when these do not fit together
     */
    public Refit(Frames window, ArHmmParameters live, Hyperparameters prior, long sweeps, long seed, Kernels kernels) {
        if (sweeps < 1) {
            throw new IllegalArgumentException("sweeps must be >= 1 but was " + sweeps);
        }
        this.live = live;
        this.sweeps = sweeps;
        this.kernels = kernels;
        first = new ArHmmModel(seed, 0, prior, live, new int[][] {});
        data = sequences(window, live.dims());
        observations = new Observations(data, live.lags());
    }

    private static Sequences sequences(Frames window, int dims) {
        int animals = window.shape().rows();
        if (window.shape().channels() != dims || window.shape().columns() != 1) {
            throw new IllegalArgumentException("a model of " + dims + " dims is fitted to frames of " + dims
                    + "x1x1, or " + dims + "xAx1 for A animals, but was given " + window.shape());
        }
        Sequences.Builder sequences = new Sequences.Builder(dims);
        for (int a = 0; a < animals; a++) {
            double[] x = new double[window.count() * dims];
            double[] mask = new double[window.count()];
            Arrays.fill(mask, 1);
            for (int i = 0; i < x.length; i++) {
                x[i] = window.values()[i * animals + a];
                if (!Double.isFinite(x[i])) {
                    mask[i / dims] = 0;
                }
            }
            sequences.add(x, mask);
        }
        return sequences.build();
    }

    /** The path of the live model, from where the chain begins. */
    private void begin() {
        path = new int[observations.total()];
        inference(live).viterbi(path);
        fit = Fit.of(data, kernels, Bands.ALONE)
                .sweeps(sweeps)
                .from(new ArHmmModel(
                        first.seed(), 0, first.hyperparameters(), live, Functions.perSequence(observations, path)));
    }

    private BatchInference inference(ArHmmParameters parameters) {
        return new BatchInference(observations, live.states(), kernels, Bands.ALONE, false).parameters(parameters);
    }

    @Override
    public boolean done() {
        return fit != null && fit.done();
    }

    @Override
    public boolean step() {
        if (fit == null) {
            begin();
            return false;
        }
        boolean ended = fit.step();
        if (ended) {
            objectives.putAll(fit.objectives());
        }
        if (fit.done()) {
            end();
        }
        return ended;
    }

    private void end() {
        int states = live.states();
        int[] z = Functions.flat(observations, fit.result().states());
        double[] common = new double[states * states];
        double[] frames = new double[states];
        for (int n = 0, i = 0; n < observations.count(); n++) {
            for (int s = 0; s < observations.length(n); s++, i++) {
                common[path[i] * states + z[i]] += observations.weight(n, s);
                frames[z[i]] += observations.weight(n, s);
            }
        }
        int[] order = match(common);
        double kept = 0;
        for (int k = 0; k < states; k++) {
            kept += common[k * states + order[k]];
        }
        ArHmmParameters found = withUnseen(fit.posteriorMeans().reordered(order), order, frames);
        double gain = Arrays.stream(inference(found).marginalLogLikelihoods()).sum()
                - Arrays.stream(inference(live).marginalLogLikelihoods()).sum();
        double used = Math.max(1, Arrays.stream(frames).sum());
        objectives.put("gain", gain / used);
        objectives.put("relabelled", 1 - kept / used);
        if (gain > 0) {
            result = found.arrays();
        }
    }

    /** The new state for each label; those that no frame tells apart keep their own. */
    private int[] match(double[] common) {
        int states = live.states();
        double[] favoured = common.clone();
        for (int k = 0; k < states; k++) {
            favoured[k * states + k] += 0.5 / states;
        }
        return LabelMatching.best(favoured, states);
    }

    /** Puts what the live model knows in the place of what the window says nothing about. */
    private ArHmmParameters withUnseen(ArHmmParameters found, int[] order, double[] frames) {
        int states = live.states();
        double[] pi = found.pi().clone();
        double[] ab = found.ab().clone();
        double[] q = found.q().clone();
        for (int k = 0; k < states; k++) {
            if (frames[order[k]] == 0) {
                copy(live.pi(), pi, k, states);
                copy(live.ab(), ab, k, states);
                copy(live.q(), q, k, states);
            }
        }
        return new ArHmmParameters(states, live.dims(), live.lags(), found.betas(), pi, ab, q);
    }

    private static void copy(double[] from, double[] to, int state, int states) {
        int size = from.length / states;
        System.arraycopy(from, state * size, to, state * size, size);
    }

    @Override
    public long iteration() {
        return fit == null ? 0 : fit.iteration();
    }

    @Override
    public long iterations() {
        return sweeps;
    }

    @Override
    public Map<String, Double> objectives() {
        return new LinkedHashMap<>(objectives);
    }

    @Override
    public Map<String, NdArray> save() {
        return fit == null ? Map.of() : fit.save();
    }

    @Override
    public void restore(Map<String, NdArray> saved) {
        if (!saved.isEmpty()) {
            begin();
            fit.restore(saved);
        }
    }

    @Override
    public Map<String, NdArray> result() {
        return result;
    }
}
