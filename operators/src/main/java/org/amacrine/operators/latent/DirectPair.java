package org.amacrine.operators.latent;

/**
 * A direct way past the modes: each variable of an input group adds to the variable of the same index of an output group.
 *
 * @param input index g of the input group
 * @param output index h of the output group
 */
public record DirectPair(int input, int output) {}
