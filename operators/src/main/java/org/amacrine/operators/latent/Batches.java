package org.amacrine.operators.latent;

import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;

/** Which rows an iteration of a fit looks at. */
@FunctionalInterface
public interface Batches {

    /**
     * Chooses the rows of an iteration; they depend on the iteration alone.
     *
     * @param rows receives distinct row indices, as many as the batch has
     */
    void draw(long iteration, int[] rows);

    /** All rows in order. */
    static Batches all() {
        return (iteration, rows) -> {
            for (int i = 0; i < rows.length; i++) {
                rows[i] = i;
            }
        };
    }

    /**
     * Distinct rows, uniformly at random, independent between iterations: there are no epochs, and no row is sure to be seen.
     *
     * @param count number of rows that there are
     */
    static Batches random(long seed, int count) {
        int[] order = new int[count];
        all().draw(0, order);
        int[] swapped = new int[count];
        long key = CounterRandom.key(seed, "latent.fit", 0);
        RandomSequence random = new RandomSequence();
        return (iteration, rows) -> {
            random.start(CounterRandom.frameKey(key, iteration), (int) iteration);
            for (int i = 0; i < rows.length; i++) {
                swapped[i] = i + (int) (random.uniform() * (count - i));
                swap(order, i, swapped[i]);
                rows[i] = order[i];
            }
            for (int i = rows.length - 1; i >= 0; i--) {
                swap(order, i, swapped[i]);
            }
        };
    }

    private static void swap(int[] order, int i, int j) {
        int kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}
