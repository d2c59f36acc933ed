package org.amacrine.operators.arhmm;

import java.util.Arrays;

/**
 * A model in the making, or done: parameters, and the states of the sequences that it was fitted to. Immutable; arrays are not
 * to be written to.
 *
 * @param seed of all random numbers
 * @param sweep sweeps of the sampler that led here
 * @param hyperparameters prior
 * @param parameters of the model
 * @param states z of each sequence, T - L values each: the first belongs to frame L
 */
public record ArHmmModel(
        long seed, long sweep, Hyperparameters hyperparameters, ArHmmParameters parameters, int[][] states) {

    /** Checks that the parts fit together. */
    public ArHmmModel {
        Hyperparameters.Autoregression ar = hyperparameters.autoregression();
        if (parameters.states() != hyperparameters.transitions().states()
                || parameters.dims() != ar.dims()
                || parameters.lags() != ar.lags()) {
            throw new IllegalArgumentException("the parameters have " + parameters + " but the prior has "
                    + hyperparameters.transitions().states() + " states, " + ar.dims() + " dims, " + ar.lags()
                    + " lags");
        }
        for (int n = 0; n < states.length; n++) {
            for (int s = 0; s < states[n].length; s++) {
                if (states[n][s] < 0 || states[n][s] >= parameters.states()) {
                    throw new IllegalArgumentException("state " + s + " of sequence " + n + " must be within 0 to "
                            + (parameters.states() - 1) + " but was " + states[n][s]);
                }
            }
        }
    }

    /** Same numbers, bit by bit. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ArHmmModel that
                && seed == that.seed
                && sweep == that.sweep
                && hyperparameters.equals(that.hyperparameters)
                && parameters.equals(that.parameters)
                && Arrays.deepEquals(states, that.states);
    }

    @Override
    public int hashCode() {
        return 31 * parameters.hashCode() + Arrays.deepHashCode(states);
    }

    /** For example {@code 25 states, 4 dims, 3 lags, 2 sequences, after 50 sweeps of seed 0}. */
    @Override
    public String toString() {
        return parameters + ", " + states.length + " sequences, after " + sweep + " sweeps of seed " + seed;
    }
}
