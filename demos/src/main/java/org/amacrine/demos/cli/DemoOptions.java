package org.amacrine.demos.cli;

import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.Stage;
import org.amacrine.sinks.dashboard.Dashboard;
import org.amacrine.sinks.dashboard.DashboardSettings;
import picocli.CommandLine.Option;

/** What all demos take: whether and where the dashboard is, the backend and the seed. */
final class DemoOptions {
    @Option(
            names = "--dashboard",
            negatable = true,
            description = "Whether to show it in the browser (yes at a terminal, no without or with --duration).")
    private Boolean dashboard;

    @Option(names = "--port", paramLabel = "N", description = "Port of the dashboard (${DEFAULT-VALUE}).")
    private int port = DashboardSettings.DEFAULT_PORT;

    @Option(
            names = "--backend",
            completionCandidates = Candidates.BackendNames.class,
            paramLabel = "NAME",
            description = "Where kernels run (${DEFAULT-VALUE}).")
    private String backend = "auto";

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all random numbers (${DEFAULT-VALUE}).")
    private long seed;

    /**
     * Whether a person watches it in the browser.
     *
     * @param duration text of {@code --duration}, or null when it was not given
     */
    boolean isLive(String duration) {
        return dashboard != null ? dashboard : System.console() != null && duration == null;
    }

    /** Sets backend and seed, and adds the dashboard where somebody watches, with these signals on it; {@code "*"} for all. */
    void apply(Pipeline.Builder pipeline, boolean live, String... signals) {
        pipeline.backend(backend).seed(seed);
        if (live) {
            Dashboard page = new Dashboard(DashboardSettings.local(port));
            pipeline.sink(Stage.of(() -> page).named("dashboard").from(signals));
        }
    }

    /** Seed of all random numbers. */
    long seed() {
        return seed;
    }

    /** Where kernels run. */
    String backend() {
        return backend;
    }
}
