package org.amacrine.operators.epi;

/** Wording of errors about types, as in the reference. */
public final class ErrorFormat {
    private ErrorFormat() {}

    /**
     * For example {@code NormalizingFlow argument D must be int not float.}
     *
     * @param owner type of the object that was given the argument
     * @param argument its name
     * @param expected name of the type that it must have
     * @param actual name of the type that it has
     */
    public static String wrongType(String owner, String argument, String expected, String actual) {
        if (expected.equals(actual)) {
            throw new IllegalArgumentException("Invalid TypeError message: type(arg) == correct_type.");
        }
        return owner + " argument " + argument + " must be " + expected + " not " + actual + ".";
    }
}
