package org.amacrine.operators.arhmm;

import java.util.List;

/**
 * Most probable path of states, decided a fixed number of frames later. See {@link ArHmmLayer} for input, missing frames and
 * the shape of outputs.
 *
 * <pre>
 *   state            state h frames back on the path that is best now
 *   coalescenceLag   frames back to the newest one whose state no later frame can change; NaN when none is within the lag
 *   filtered [K]     no lag
 * </pre>
 *
 * <p>A state that was given out is never revised; it is final when coalescenceLag is at most h. The header of state names
 * the frames it tells of, h before those that came in. The last h frames come when the stream ends.
 */
public final class ArHmmViterbi extends ArHmmLayer {
    /** What is given out unless chosen otherwise. */
    public static final List<String> DEFAULT_OUTPUTS = List.of("state", "coalescenceLag");

    private final int lag;
    private OnlineViterbi[] decoders;

    /**
     * A decoder with a choice of outputs.
     *
     * @param name what it is called in messages
     * @param parameters the model
     * @param lag h, in frames, at least 0
     * @param outputs names of outputs
     */
    public ArHmmViterbi(String name, ArHmmParameters parameters, int lag, List<String> outputs) {
        super(name, parameters);
        this.lag = lag;
        if (lag < 0) {
            throw new IllegalArgumentException("lag must be >= 0 frames but was " + lag + "; for example 20");
        }
        output(
                "state",
                "",
                1,
                lag,
                (a, back, v) -> v[0] = decoders[a].depth() > back ? decoders[a].label(back) : Double.NaN);
        output("coalescenceLag", "frames", 1, 0, (a, back, v) -> {
            int depth = decoders[a].coalescence();
            v[0] = depth < 0 ? Double.NaN : depth;
        });
        choose(outputs);
    }

    /** A decoder with the default outputs: state and coalescenceLag. */
    public ArHmmViterbi(ArHmmParameters parameters, int lag) {
        this("arhmm.viterbi", parameters, lag, DEFAULT_OUTPUTS);
    }

    @Override
    void prepareAnimals(int animals) {
        decoders = new OnlineViterbi[animals];
        for (int a = 0; a < animals; a++) {
            OnlineViterbi decoder = new OnlineViterbi(modelParameters().states(), lag, start());
            decoders[a] = decoder;
            states().add("animal" + a + ".path", decoder::save, decoder::restore, decoder.savedSize());
            states().onClear(decoder::clear);
        }
    }

    @Override
    void advance(int animal) {
        OnlineFilter filter = filters()[animal];
        decoders[animal].push(
                model().kernels(), filter.isUsed() ? filter.logLikelihoods() : null, model().transitions());
    }

    @Override
    void loseTrack(int animal) {
        decoders[animal].clear();
    }
}
