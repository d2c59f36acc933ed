package org.amacrine.core.kernel;

import java.util.Arrays;

/**
 * A one-dimensional kernel in impulse-response orientation: {@code y[i] = sum over q of weights[q] x[i + centre - q]}.
 *
 * @param weights the response to a unit impulse, at least one value
 * @param centre index of the weight that falls on the impulse itself
 */
public record Taps(float[] weights, int centre) {

    /** Throws {@link IllegalArgumentException} for an empty kernel or a centre outside it. */
    public Taps {
        if (weights.length == 0 || centre < 0 || centre >= weights.length) {
            throw new IllegalArgumentException("a kernel needs at least one weight and its centre inside but has "
                    + weights.length + " weights and the centre " + centre);
        }
    }

    /** For output of the same length: the middle of an odd kernel, the lower middle of an even one. */
    public static Taps same(float... weights) {
        return new Taps(weights, weights.length - 1 - weights.length / 2);
    }

    /** For output only where the whole kernel fits: {@code length() - 1} values shorter than the input. */
    public static Taps valid(float... weights) {
        return new Taps(weights, weights.length - 1);
    }

    /** Number of weights. */
    public int length() {
        return weights.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Taps that && centre == that.centre && Arrays.equals(weights, that.weights);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(weights) + centre;
    }

    @Override
    public String toString() {
        return weights.length + " taps, centre " + centre;
    }
}
