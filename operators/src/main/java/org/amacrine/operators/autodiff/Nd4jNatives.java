package org.amacrine.operators.autodiff;

import org.nd4j.linalg.factory.Nd4j;

/** Whether ND4J's native library is there; loads it. */
final class Nd4jNatives {
    private Nd4jNatives() {}

    /**
     * Loads the native library, the first time.
     *
     * @throws IllegalStateException when it is not there, saying why and what to add
     */
    static void require() {
        try {
            Nd4j.scalar(0.0);
        } catch (LinkageError | RuntimeException e) {
            throw new IllegalStateException(
                    "ND4J cannot be used on " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch") + ": " + reason(e)
                            + "; put org.nd4j:nd4j-native with the classifier of this machine, such as linux-x86_64, on the class"
                            + " path, or write the adjoint by hand (FunctionModule)",
                    e);
        }
    }

    private static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
