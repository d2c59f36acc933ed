package org.amacrine.operators.epi;

import org.amacrine.core.random.RandomSequence;

/** Initial weights, uniform within ± sqrt(6 / (inputs + outputs)) (Glorot and Bengio, AISTATS 2010). */
final class Glorot {
    private Glorot() {}

    static void fill(double[] theta, int at, int inputs, int outputs, RandomSequence random) {
        double limit = Math.sqrt(6.0 / (inputs + outputs));
        for (int i = at; i < at + inputs * outputs; i++) {
            theta[i] = limit * (2 * random.uniform() - 1);
        }
    }
}
