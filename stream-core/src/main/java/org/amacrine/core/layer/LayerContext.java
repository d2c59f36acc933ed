package org.amacrine.core.layer;

import java.util.List;
import java.util.Objects;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;

/**
 * What a layer is prepared for.
 *
 * @param path dotted name of the layer in its pipeline, for messages; it also keys the layer's random numbers
 * @param inputs extent of a frame of each input
 * @param resolution pixels per degree and steps per second
 * @param kernels the backend's mathematics
 * @param bands the workers that share the rows or pixels of a frame
 * @param seed seed of all random numbers of the pipeline
 * @param maxFrames the most frames a chunk will have
 */
public record LayerContext(
        String path,
        List<Shape> inputs,
        Resolution resolution,
        Kernels kernels,
        Bands bands,
        long seed,
        int maxFrames) {

    /** Copies the list of shapes. */
    public LayerContext {
        inputs = List.copyOf(inputs);
        Objects.requireNonNull(resolution);
        Objects.requireNonNull(kernels);
        Objects.requireNonNull(bands);
    }

    /** Extent of a frame of the first input. */
    public Shape input() {
        return inputs.get(0);
    }

    /** The context of a part of the layer. */
    public LayerContext part(String name, List<Shape> partInputs) {
        return new LayerContext(path + "." + name, partInputs, resolution, kernels, bands, seed, maxFrames);
    }

    /** The same for other frames of the same layer. */
    public LayerContext withInputs(List<Shape> others) {
        return new LayerContext(path, others, resolution, kernels, bands, seed, maxFrames);
    }

    /** The same with at most {@code frames} frames in a chunk. */
    public LayerContext withMaxFrames(int frames) {
        return new LayerContext(path, inputs, resolution, kernels, bands, seed, frames);
    }
}
