package org.amacrine.operators.fit;

/** How far an output is from what it should be, and how that changes with each value of the output: {@link Loss}, or one's own. */
public interface LossFunction {

    /** Its name, as a checkpoint keeps it: a fit goes on with the loss that it began with. */
    String word();

    /**
     * The loss of some values.
     *
     * @param y output, {@code count} values from {@code yAt}
     * @param goal what they should be, from {@code goalAt}
     * @param gradient receives how the loss changes with each value of y, from {@code gradientAt}; may be y in the same place
     */
    double of(float[] y, int yAt, float[] goal, int goalAt, int count, float[] gradient, int gradientAt);

    /** Index of the first value, from 0, that this loss is not for; -1, as without a definition, when there is none. */
    default int firstNotAllowed(float[] y, int yAt, int count) {
        return -1;
    }
}
