package org.amacrine.operators.epi;

import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;

/** The random numbers of a fit: functions of what they are for, with nothing to save. */
interface EpiNoise {

    /** What numbers are for. */
    enum Purpose {
        /** Bringing the flow to a Gaussian. */
        INITIALISE,
        /** Training steps. */
        TRAIN,
        /** Squared violations, which c is held against. */
        NORMS,
        /** The test of convergence. */
        TEST
    }

    /**
     * Fills the noise of a batch.
     *
     * @param epoch from 0, which is before the first
     * @param index which of the batches for this purpose in this epoch
     */
    void fill(FlowBatch batch, Purpose purpose, int epoch, int index);

    /** Names the noise of the simulation of that batch. */
    long simulation(Purpose purpose, int epoch, int index);

    /** The number on (0, 1) that decides whether c grows behind an epoch. */
    double uniform(int epoch);

    /** The numbers of a seed. */
    static EpiNoise of(long seed) {
        return new EpiNoise() {
            @Override
            public void fill(FlowBatch batch, Purpose purpose, int epoch, int index) {
                batch.drawNoise(key(purpose, epoch), index);
            }

            private long key(Purpose purpose, int epoch) {
                return CounterRandom.key(CounterRandom.key(seed, "epi.noise", purpose.ordinal()), "epoch", epoch);
            }

            @Override
            public long simulation(Purpose purpose, int epoch, int index) {
                return CounterRandom.key(key(purpose, epoch), "epi.simulation", index);
            }

            @Override
            public double uniform(int epoch) {
                return RandomSequence.uniform(CounterRandom.key(seed, "epi.grow", 0), epoch, 0);
            }
        };
    }
}
