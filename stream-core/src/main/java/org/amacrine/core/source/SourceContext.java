package org.amacrine.core.source;

import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.layer.Resolution;

/**
 * What a source is opened for.
 *
 * @param name of the source in its pipeline, for messages; it also keys the source's random numbers
 * @param resolution pixels per degree and model steps per second
 * @param seed seed of all random numbers of the pipeline
 * @param kernels the backend's mathematics
 */
public record SourceContext(String name, Resolution resolution, long seed, Kernels kernels) {}
