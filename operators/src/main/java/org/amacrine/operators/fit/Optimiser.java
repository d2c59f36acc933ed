package org.amacrine.operators.fit;

import java.util.Map;
import org.amacrine.core.io.NdArray;

/** A way to make a loss small, step by step; made for vectors of one length. Owned by one thread. */
public interface Optimiser {

    /**
     * One step: evaluates the objective once or several times and moves the parameters.
     *
     * @param theta parameters, in place
     * @return the loss of the first evaluation, before the step
     */
    double step(double[] theta, Objective objective);

    /** Everything that lives between steps, to go on from elsewhere. */
    Map<String, NdArray> save();

    /**
     * Goes to where another one, made alike, was saved.
     *
     * @throws IllegalArgumentException when it does not fit
     */
    void restore(Map<String, NdArray> saved);
}
