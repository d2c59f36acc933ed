package org.amacrine.demos.cli;

import org.amacrine.core.backend.Backends;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.core.run.Pipeline;
import picocli.CommandLine.Option;

/** What commands take that compute without a runner: where kernels run, and how many threads share the work. */
final class ComputeOptions {
    @Option(
            names = "--backend",
            completionCandidates = Candidates.BackendNames.class,
            paramLabel = "NAME",
            description = "Where kernels run (${DEFAULT-VALUE}).")
    private String backend = "auto";

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Threads that share the work; 0 for one for each processor (${DEFAULT-VALUE}).")
    private int workers;

    /** Kernels of that backend; throws {@link IllegalArgumentException} when there is none or it is not usable. */
    Kernels kernels() {
        return Backends.choose(backend).backend().open();
    }

    /** A pool of that many workers, for the caller to close; throws {@link IllegalArgumentException} for a number below 0. */
    WorkerPool pool() {
        Pipeline.options().set("workers", workers);
        return new WorkerPool(workers > 0 ? workers : Runtime.getRuntime().availableProcessors());
    }
}
