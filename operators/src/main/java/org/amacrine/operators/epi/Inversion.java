package org.amacrine.operators.epi;

import org.amacrine.core.kernel.Kernels;

/**
 * What the links of a flow need to go back: kernels, parameters and the arithmetic of jets.
 *
 * @param theta parameters of the flow
 * @param epsilon what the way back through bounds adds to what it takes logarithms of; 0 for the exact one
 */
record Inversion(Kernels kernels, double[] theta, Jets jets, double epsilon) {}
