package org.amacrine.operators.fit;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amacrine.core.io.NdArray;

/**
 * An optimiser that evaluates the gradient once and moves each parameter by a rule of its own gradient and a few numbers that it
 * remembers. Allocates nothing after it was made.
 */
abstract class GradientRule implements Optimiser {
    private final double[] gradient;
    /** What is remembered of each parameter, one array for each kind. */
    private final double[][] memory;
    /** Steps taken, this one included. */
    private long count;

    /**
     * Nothing remembered yet.
     *
     * @param size number of parameters
     * @param kinds how many numbers are remembered of each
     */
    GradientRule(int size, int kinds) {
        gradient = new double[size];
        memory = new double[kinds][size];
    }

    /** Numbers of one kind that are remembered, one for each parameter. */
    final double[] memory(int kind) {
        return memory[kind];
    }

    /** Steps taken, this one included. */
    final long count() {
        return count;
    }

    @Override
    public final double step(double[] theta, Objective objective) {
        double loss = objective.evaluate(theta, gradient);
        count++;
        begin();
        for (int i = 0; i < theta.length; i++) {
            theta[i] = move(i, theta[i], gradient[i]);
        }
        return loss;
    }

    /** What is the same for all parameters of a step. */
    void begin() {}

    /** The next value of a parameter. */
    abstract double move(int i, double theta, double g);

    @Override
    public final Map<String, NdArray> save() {
        Map<String, NdArray> saved = new LinkedHashMap<>();
        saved.put("count", NdArray.of(count));
        saved.put("size", NdArray.of((long) gradient.length));
        for (int kind = 0; kind < memory.length; kind++) {
            saved.put("memory" + kind, new NdArray(new int[] {gradient.length}, memory[kind].clone()));
        }
        return saved;
    }

    @Override
    public final void restore(Map<String, NdArray> saved) {
        long size = Saved.require(saved, "size", 1).integer();
        if (size != gradient.length) {
            throw new IllegalArgumentException("the optimiser is for " + gradient.length + " parameters but that of "
                    + size + " was saved; take what a fit of the same model and optimiser saved");
        }
        count = Saved.require(saved, "count", 1).integer();
        for (int kind = 0; kind < memory.length; kind++) {
            double[] values =
                    Saved.require(saved, "memory" + kind, gradient.length).doubles();
            memory[kind] = Arrays.copyOf(values, values.length);
        }
    }
}
