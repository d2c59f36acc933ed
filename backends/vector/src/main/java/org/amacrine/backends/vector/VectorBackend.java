package org.amacrine.backends.vector;

import org.amacrine.core.backend.Backend;
import org.amacrine.core.kernel.Kernels;

/**
 * The CPU's vector lanes through {@code jdk.incubator.vector}. Names no class of that module itself, so that it can say
 * what is missing where the module is not there.
 */
public final class VectorBackend implements Backend {
    private static final String MODULE = "jdk.incubator.vector";
    /** Set to true, this property has vector code used before it is compiled: for tests of that very code. */
    private static final String AT_ONCE = "amacrine.vector.atOnce";

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public int rank() {
        return 10;
    }

    @Override
    public Availability availability() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return Availability.missing(
                    "the module " + MODULE + " is not loaded; start java with --add-modules " + MODULE);
        }
        try {
            int lanes = VectorKernels.lanes();
            return lanes < 4
                    ? Availability.missing("this processor's vectors hold " + lanes + " floats, which gains nothing")
                    : Availability.usable(lanes + " lanes");
        } catch (LinkageError | RuntimeException e) {
            return Availability.missing("the vector module of this Java does not work here: " + e);
        }
    }

    @Override
    public Kernels open() {
        Availability availability = availability();
        if (!availability.usable()) {
            throw new IllegalStateException("backend \"vector\" is not usable: " + availability.reason());
        }
        return Boolean.getBoolean(AT_ONCE) ? VectorKernels.INSTANCE : StartingKernels.INSTANCE.begin();
    }
}
