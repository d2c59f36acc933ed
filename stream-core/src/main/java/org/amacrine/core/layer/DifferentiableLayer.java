package org.amacrine.core.layer;

import org.amacrine.core.chunk.Chunk;

/**
 * A layer that can say how a loss changes with its parameters and its inputs: the adjoint of {@link #process}. Fits are made
 * of it.
 *
 * <pre>
 *   inputs ──────────────▶ process ──────────────▶ outputs ──▶ loss L
 *   dL / dinputs ◀────── backward ◀────── dL / doutputs
 *                            └──▶ added to {@link Parameter#gradient()} of each trainable parameter
 * </pre>
 *
 * <p>What came before the chunk is a constant: no gradient flows into frames, or states, from before its first frame (truncated
 * back-propagation; also the copies of the first frame that stand for what came before a stream are such a constant).
 * Back-propagation through N chunks needs no memory of chunks: because no number depends on the chunk length, it is one
 * {@code process} and one {@code backward} of a chunk of N times as many frames.
 *
 * <p>What comes out of {@code process} is the same to the bit whether gradients are kept or not.
 */
public interface DifferentiableLayer extends Layer {

    /**
     * Asks for gradients, or no longer: takes effect when the layer is next prepared, which allocates what {@link #backward}
     * needs. Nothing is allocated for it, nor kept, when nobody asks.
     *
     * @throws IllegalArgumentException when a part of the layer is not differentiable
     */
    void keepGradients(boolean keep);

    /**
     * Adds the gradients of the parameters, and writes those of the inputs, for the chunk that was processed last. Allocates
     * nothing and keeps none of the arguments; does not need the chunk's inputs and outputs any more. States stay as they are.
     *
     * @param gradientsOut how the loss changes with each output: chunks of the frames that were processed
     * @param gradientsIn receives how it changes with each input: chunks of the inputs' shapes with room for those frames, or null
     *     for each input whose gradient nobody wants
     * @throws IllegalStateException when the layer was prepared without gradients
     */
    void backward(Chunk[] gradientsOut, Chunk[] gradientsIn);
}
