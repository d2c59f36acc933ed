package org.amacrine.operators.epi;

import org.amacrine.core.random.RandomSequence;

/** An invertible map of vectors, one link of a flow's chain. Immutable; what changes lies in theta and in its {@link Step}s. */
interface Bijector {

    /** Name of the link, for example {@code stage0}. */
    String name();

    /**
     * Its work on one batch.
     *
     * @param x what it is given, which the link before it fills
     */
    Step step(Pass pass, double[] x);

    /**
     * Goes back, from the side of the parameters to that of the noise.
     *
     * @param x the vector as jets, [dims][jet]; receives the result
     * @param logDet a jet, to which the log determinant of the inverse is added
     */
    void invert(Inversion inversion, double[] x, double[] logDet);

    /** Its initial parameters, where they are not zero. */
    void initialise(double[] theta, RandomSequence random);

    /** A bijector's work on one batch, with the arrays it needs; owned by one thread. */
    abstract class Step {
        final Pass pass;
        final double[] x;
        final double[] y;

        Step(Pass pass, int dims, double[] x) {
            this.pass = pass;
            this.x = x;
            this.y = new double[dims * pass.samples];
        }

        /** From x to y; adds to the log determinants. */
        abstract void forward();

        /**
         * Goes back through {@link #forward}, which was called before: from gradients for y to gradients for x, in place. Adds
         * to theta's gradient.
         */
        abstract void reverse(double[] gradient);
    }
}
