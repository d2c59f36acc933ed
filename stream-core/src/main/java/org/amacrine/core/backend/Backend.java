package org.amacrine.core.backend;

import org.amacrine.core.kernel.Kernels;

/**
 * A place where kernels run, found with {@link java.util.ServiceLoader}. Constructing one must be cheap and must not fail:
 * whether it can be used is asked with {@link #availability()}.
 */
public interface Backend {

    /** Short name, as given to {@code --backend}. */
    String name();

    /** How good it is where it works; {@code auto} takes the highest. Scalar is 0. */
    int rank();

    /** Whether it can be used here, and if not, why. */
    Availability availability();

    /** Its kernels; throws {@link IllegalStateException} when it is not usable. */
    Kernels open();

    /**
     * Whether a backend can be used.
     *
     * @param usable whether it can
     * @param reason what was found, or what is missing and what to do
     */
    record Availability(boolean usable, String reason) {

        /** Usable, with what was found. */
        public static Availability usable(String found) {
            return new Availability(true, found);
        }

        /** Not usable, with the reason. */
        public static Availability missing(String reason) {
            return new Availability(false, reason);
        }
    }
}
