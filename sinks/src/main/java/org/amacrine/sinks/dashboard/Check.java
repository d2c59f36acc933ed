package org.amacrine.sinks.dashboard;

/** Refusals of numbers that clients send. */
final class Check {
    private Check() {}

    /** Throws {@link IllegalArgumentException} unless {@code 0 <= value < extent}. */
    static void within(String what, int value, int extent) {
        if (value < 0 || value >= extent) {
            throw new IllegalArgumentException(what + " must be 0 to " + (extent - 1) + " but was " + value);
        }
    }

    /** Throws {@link IllegalArgumentException} unless {@code least <= value <= most}. */
    static void range(String what, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(what + " must be " + least + " to " + most + " but was " + value);
        }
    }
}
