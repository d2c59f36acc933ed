package org.amacrine.demos.cli;

import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.core.run.Pipeline;
import picocli.CommandLine.Option;

/** What commands take that compute without a runner: where kernels run, and how many threads share the work. */
final class ComputeOptions extends BackendOption {
    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Threads that share the work; 0 for one for each processor (${DEFAULT-VALUE}).")
    private int workers;

    /** A pool of that many workers, for the caller to close; throws {@link IllegalArgumentException} for a number below 0. */
    WorkerPool pool() {
        Pipeline.options().set("workers", workers);
        return new WorkerPool(workers > 0 ? workers : Runtime.getRuntime().availableProcessors());
    }
}
