package org.amacrine.operators.arhmm;

import java.util.List;

/**
 * States of animals a few frames later: p(z_{t-h} | x_1..t) at a fixed lag of h frames, which knows more than a filter. See
 * {@link ArHmmLayer} for input, missing frames and the shape of outputs.
 *
 * <pre>
 *   smoothed [K]    state: the most probable one    changeProbability: p(z_{t-h} != z_{t-h-1} | x_1..t)    filtered [K]: no lag
 * </pre>
 *
 * <p>What is lagged tells of the frames that its header names: h before those that came in. The last h frames of a stream
 * come when it ends, at smaller and smaller lags.
 */
public final class ArHmmSmoother extends ArHmmLayer {
    /** What is given out unless chosen otherwise. */
    public static final List<String> DEFAULT_OUTPUTS = List.of("smoothed", "state", "changeProbability");

    private final int lag;
    private FixedLagSmoother[] smoothers;

    /**
     * A smoother with a choice of outputs.
     *
     * @param name what it is called in messages
     * @param parameters the model
     * @param lag h, in frames, at least 0
     * @param outputs names of outputs
     */
    public ArHmmSmoother(String name, ArHmmParameters parameters, int lag, List<String> outputs) {
        super(name, parameters);
        this.lag = lag;
        if (lag < 0) {
            throw new IllegalArgumentException("lag must be >= 0 frames but was " + lag + "; for example 10");
        }
        int states = parameters.states();
        output("smoothed", "", states, lag, (a, back, v) -> {
            for (int k = 0; k < states; k++) {
                v[k] = probability(a, back, k);
            }
        });
        output("state", "", 1, lag, (a, back, v) -> v[0] = state(a, back, states));
        output("changeProbability", "", 1, lag, (a, back, v) -> v[0] = change(smoothers[a], back));
        choose(outputs);
    }

    private double probability(int animal, int back, int state) {
        FixedLagSmoother smoother = smoothers[animal];
        return smoother.depth() <= back ? Double.NaN : smoother.smoothed()[back * model().lanes() + state];
    }

    private double state(int animal, int back, int states) {
        int best = 0;
        for (int k = 1; k < states; k++) {
            if (probability(animal, back, k) > probability(animal, back, best)) {
                best = k;
            }
        }
        return smoothers[animal].depth() <= back ? Double.NaN : best;
    }

    private static double change(FixedLagSmoother smoother, int back) {
        if (smoother.depth() <= back) {
            return Double.NaN;
        }
        return smoother.hasFrameBefore(back) ? smoother.changeProbability(back) : 0;
    }

    /** A smoother with the default outputs: smoothed, state and changeProbability. */
    public ArHmmSmoother(ArHmmParameters parameters, int lag) {
        this("arhmm.smoother", parameters, lag, DEFAULT_OUTPUTS);
    }

    @Override
    void prepareAnimals(int animals) {
        smoothers = new FixedLagSmoother[animals];
        for (int a = 0; a < animals; a++) {
            FixedLagSmoother smoother = new FixedLagSmoother(modelParameters().states(), lag);
            smoothers[a] = smoother;
            states().add("animal" + a + ".ring", smoother::save, smoother::restore, smoother.savedSize());
            states().onClear(smoother::clear);
        }
    }

    @Override
    void advance(int animal) {
        OnlineFilter filter = filters()[animal];
        smoothers[animal].push(filter.filtered(), filter.predictive(), model().transitions());
        look(animal);
    }

    @Override
    void look(int animal) {
        smoothers[animal].smooth(model().kernels());
    }

    @Override
    void loseTrack(int animal) {
        smoothers[animal].clear();
    }
}
