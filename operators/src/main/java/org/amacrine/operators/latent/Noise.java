package org.amacrine.operators.latent;

import java.util.Arrays;
import org.amacrine.core.random.CounterRandom;

/** Where the noise of generated activity comes from: standard normal numbers, one for each variable of each step. */
@FunctionalInterface
public interface Noise {

    /** No noise: outputs are their means. */
    Noise NONE = (group, step, eps) -> Arrays.fill(eps, 0);

    /**
     * Writes the numbers of an output group at a step.
     *
     * @param step row, or time step, from 0
     * @param eps one number for each variable of the group
     */
    void draw(int group, long step, double[] eps);

    /**
     * Counted noise, the same as a live generator's: each number depends on (seed, name, trajectory, group, step, variable)
     * alone. It has the resolution of single precision.
     *
     * @param name of the generator in its pipeline
     * @param trajectory which of the independent trajectories, from 0
     */
    static Noise counted(long seed, String name, int trajectory) {
        Given.require(name, "name");
        return (group, step, eps) -> {
            long key = key(seed, name, trajectory, group);
            for (int i = 0; i < eps.length; i++) {
                eps[i] = CounterRandom.normal(key, step, i);
            }
        };
    }

    /** The key of a trajectory's output group. */
    static long key(long seed, String name, int trajectory, int group) {
        return CounterRandom.key(seed, name + ".trajectory" + trajectory, group);
    }
}
