package org.amacrine.operators.epi;

import org.amacrine.core.random.RandomSequence;

/** Random numbers of simulated circuits: a sequence of its own for each simulation of a batch. */
interface CircuitNoise {

    /**
     * Goes to the beginning of a sequence.
     *
     * @param noiseKey names the noise of the batch
     * @param simulation which of its simulations
     */
    void start(long noiseKey, int simulation);

    /** A standard normal number. */
    double normal();

    /** A number uniform on (0, 1). */
    double uniform();

    /** Random numbers that are functions of batch, simulation and place. */
    static CircuitNoise counted() {
        RandomSequence random = new RandomSequence();
        return new CircuitNoise() {
            @Override
            public void start(long noiseKey, int simulation) {
                random.start(noiseKey, simulation);
            }

            @Override
            public double normal() {
                return random.normal();
            }

            @Override
            public double uniform() {
                return random.uniform();
            }
        };
    }
}
