package org.amacrine.demos.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code run} and {@code check} take: a pipeline file and changes to it. */
final class RunOptions {
    @Parameters(paramLabel = "PIPELINE.yaml", description = "The pipeline.")
    Path file;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Changes an option, a setting or a parameter, for example retina.bipolar.leakHertz=40.")
    private List<String> set = new ArrayList<>();

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "Ends after this stream time, for example 10s or 500ms.")
    private String duration;

    @Option(names = "--paced", description = "Real time instead of as fast as possible.")
    private boolean paced;

    @Option(
            names = "--backend",
            completionCandidates = Candidates.BackendNames.class,
            paramLabel = "NAME",
            description = "Where kernels run; see: amacrine backends")
    private String backend;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all random numbers.")
    private Long seed;

    /** All changes, by path. */
    Map<String, Object> changes() throws IOException {
        Map<String, Object> changes = new LinkedHashMap<>(Assignments.parse(set));
        if (duration != null) {
            changes.put("durationSeconds", Durations.seconds(duration));
        }
        if (paced) {
            changes.put("paced", "true");
        }
        if (backend != null) {
            changes.put("backend", backend);
        }
        if (seed != null) {
            changes.put("seed", seed.toString());
        }
        return changes;
    }
}
