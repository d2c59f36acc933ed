package org.amacrine.operators.epi;

import org.amacrine.core.kernel.Kernels;

/**
 * What the links of a flow need to go back: kernels, parameters and the arithmetic of jets.
 *
 * @param theta parameters of the flow
 */
record Inversion(Kernels kernels, double[] theta, Jets jets) {}
