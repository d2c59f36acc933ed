package org.amacrine.core.sink;

import org.amacrine.core.chunk.Shape;

/**
 * A named stream of frames within a pipeline: a source, or one output of a layer.
 *
 * @param name for example {@code retina.ganglion_spikes_ON}
 * @param shape extent of a frame
 * @param stepsPerSecond rate of its frames, in hertz
 * @param unit of its values; empty for plain numbers
 */
public record Signal(String name, Shape shape, double stepsPerSecond, String unit) {

    /** A signal of plain numbers. */
    public Signal(String name, Shape shape, double stepsPerSecond) {
        this(name, shape, stepsPerSecond, "");
    }

    /** The last part of the name, for example {@code ganglion_spikes_ON}. */
    public String shortName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
