package org.amacrine.core.backend;

import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.ScalarKernels;

/** Plain Java loops: always there, and the definition for all others. */
public final class ScalarBackend implements Backend {

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public Availability availability() {
        return Availability.usable("plain Java loops");
    }

    @Override
    public Kernels open() {
        return ScalarKernels.INSTANCE;
    }
}
