package org.amacrine.operators.latent;

/**
 * Which output group supplies the free entries of which input group, one step later. Note the order: a {@link DirectPair}
 * names the input first.
 *
 * @param output index h of the output group
 * @param input index g of the input group
 */
public record Feedback(int output, int input) {}
