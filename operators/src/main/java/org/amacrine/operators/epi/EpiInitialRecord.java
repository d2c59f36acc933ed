package org.amacrine.operators.epi;

/**
 * A row of the table of a flow that is brought to a Gaussian.
 *
 * @param iteration steps since the beginning
 * @param loss of the batch
 * @param entropy H of the batch
 * @param divergence from the Gaussian, mean(log q) - mean(log N). Differs from the reference: it is told with bounds too, from the
 *     Gaussian that reaches beyond them
 */
public record EpiInitialRecord(int iteration, double loss, double entropy, double divergence) {}
