package org.amacrine.demos.cli;

import org.amacrine.core.backend.Backends;
import org.amacrine.core.kernel.Kernels;
import picocli.CommandLine.Option;

/** What a command takes that computes on one thread: where kernels run. */
class BackendOption {
    @Option(
            names = "--backend",
            completionCandidates = Candidates.BackendNames.class,
            paramLabel = "NAME",
            description = "Where kernels run (${DEFAULT-VALUE}).")
    private String backend = "auto";

    /** Kernels of that backend; throws {@link IllegalArgumentException} when there is none or it is not usable. */
    final Kernels kernels() {
        return Backends.choose(backend).backend().open();
    }
}
