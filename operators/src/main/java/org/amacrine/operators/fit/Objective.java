package org.amacrine.operators.fit;

/** What an optimiser makes small: a loss of a vector of parameters. */
@FunctionalInterface
public interface Objective {

    /**
     * The loss, and how it changes with each parameter.
     *
     * @param theta parameters, to be read
     * @param gradient receives the gradient, as many values
     */
    double evaluate(double[] theta, double[] gradient);
}
