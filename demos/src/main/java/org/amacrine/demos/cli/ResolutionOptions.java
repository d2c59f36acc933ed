package org.amacrine.demos.cli;

import org.amacrine.core.layer.Resolution;
import picocli.CommandLine.Option;

/** How fine and how fast a layer works. */
final class ResolutionOptions {
    @Option(names = "--steps-per-second", paramLabel = "F", description = "Model steps per second (1000).")
    private Double stepsPerSecond;

    @Option(names = "--pixels-per-degree", paramLabel = "F", description = "Pixels per degree (10).")
    private Double pixelsPerDegree;

    Resolution resolution() {
        return resolution(Resolution.DEFAULT);
    }

    /** The resolution, which is {@code otherwise} where nothing is said. */
    Resolution resolution(Resolution otherwise) {
        return new Resolution(
                pixelsPerDegree == null ? otherwise.pixelsPerDegree() : pixelsPerDegree,
                stepsPerSecond == null ? otherwise.stepsPerSecond() : stepsPerSecond,
                otherwise.filterEpsilon());
    }
}
