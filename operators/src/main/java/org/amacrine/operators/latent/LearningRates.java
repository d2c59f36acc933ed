package org.amacrine.operators.latent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Learning rates by iteration: each holds until the next one. Immutable. */
public final class LearningRates {

    /**
     * A rate and the iteration from which on it holds.
     *
     * @param iteration counted from 0
     * @param rate finite and at least 0
     */
    public record Entry(long iteration, double rate) {}

    private final List<Entry> entries;

    private LearningRates(List<Entry> entries) {
        this.entries = entries;
    }

    /** The same rate throughout. */
    public static LearningRates constant(double rate) {
        return of(new Entry(0, rate));
    }

    /**
     * A schedule, in any order.
     *
     * @throws IllegalArgumentException when no rate holds from iteration 0, an iteration is there twice or below 0, or a rate is
     *     negative
     */
    public static LearningRates of(Entry... entries) {
        List<Entry> sorted = new ArrayList<>(Given.list(Arrays.asList(Given.require(entries, "entries")), "entries"));
        sorted.sort(Comparator.comparingLong(Entry::iteration));
        for (int i = 0; i < sorted.size(); i++) {
            Entry entry = sorted.get(i);
            if (entry.iteration() < 0) {
                throw new IllegalArgumentException(
                        "learning rates hold from iterations >= 0 on but one was " + entry.iteration());
            }
            if (i > 0 && sorted.get(i - 1).iteration() == entry.iteration()) {
                throw new IllegalArgumentException("two learning rates are given for iteration " + entry.iteration()
                        + "; give one for each iteration");
            }
            if (!(entry.rate() >= 0 && entry.rate() < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("learning rates must be >= 0 and finite but the one from iteration "
                        + entry.iteration() + " on was " + entry.rate());
            }
        }
        if (sorted.isEmpty() || sorted.get(0).iteration() != 0) {
            throw new IllegalArgumentException("no learning rate is given from iteration 0 on but for "
                    + sorted.stream().map(Entry::iteration).toList() + "; give one for iteration 0");
        }
        return new LearningRates(List.copyOf(sorted));
    }

    /** The rate at an iteration, from 0. */
    public double at(long iteration) {
        double rate = entries.get(0).rate();
        for (int i = 1; i < entries.size(); i++) {
            if (entries.get(i).iteration() <= iteration) {
                rate = entries.get(i).rate();
            }
        }
        return rate;
    }

    /** All entries by rising iteration. */
    public List<Entry> entries() {
        return entries;
    }
}
