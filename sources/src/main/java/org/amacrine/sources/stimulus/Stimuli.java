package org.amacrine.sources.stimulus;

import java.util.function.Supplier;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.Resolution;
import org.amacrine.sources.Settings;

/** What the stimuli in degrees and hertz have in common: settings, and the reckoning of time. */
final class Stimuli {
    /** How much of a cycle rounding may cost: an event at 0.3 s is not late because 300 · 0.001 falls short of 0.3. */
    private static final double ROUNDING = 1e-9;

    /** No stimulus is longer than this many degrees, or faster than as many per second. */
    private static final double MOST = 1e6;

    private Stimuli() {}

    static Supplier<Parameter> direction(String what) {
        return () -> Parameter.number("directionDegrees", 0)
                .unit("deg")
                .doc("Direction in which " + what + ": 0 to the right, 90 upwards");
    }

    static Supplier<Parameter> speed(String doc) {
        return () -> Parameter.number("speed", 4)
                .unit("deg/s")
                .atLeast(0)
                .atMost(MOST)
                .doc(doc);
    }

    /** A length that is not zero. */
    static Supplier<Parameter> degrees(String name, double otherwise, String doc) {
        return () -> Parameter.number(name, otherwise)
                .unit("deg")
                .above(0)
                .atMost(MOST)
                .doc(doc);
    }

    /** A length for which zero means something else. */
    static Supplier<Parameter> degreesOrZero(String name, String doc) {
        return () ->
                Parameter.number(name, 0).unit("deg").atLeast(0).atMost(MOST).doc(doc);
    }

    static Supplier<Parameter> contrast() {
        return () -> Parameter.number("contrast", 1).atLeast(0).atMost(1).doc("Michelson contrast, from 0 to 1");
    }

    static Supplier<Parameter> mean() {
        return () -> Settings.level("mean", 0.5).doc("Mean luminance");
    }

    static Supplier<Parameter> luminance(String of, double otherwise) {
        return () -> Settings.level("luminance", otherwise).doc("Luminance of " + of);
    }

    static Supplier<Parameter> background(double otherwise) {
        return () -> Settings.level("background", otherwise).doc("Luminance of everything else");
    }

    static Supplier<Parameter> seconds(String name, double otherwise, String doc) {
        return () -> Parameter.number(name, otherwise)
                .unit("s")
                .atLeast(0)
                .atMost(1e9)
                .doc(doc);
    }

    /** Number of whole cycles that have passed at frame {@code index}. */
    static long cycles(long index, double hertz, Resolution resolution) {
        return (long) Math.floor(index * hertz / resolution.stepsPerSecond() + ROUNDING);
    }

    /** The part of a cycle, in [0, 1), that has passed at frame {@code index}. */
    static double cyclePhase(long index, double hertz, Resolution resolution) {
        double cycles = index * hertz / resolution.stepsPerSecond();
        return cycles - Math.floor(cycles);
    }

    static void requireAtMost(String name, double value, double limit, String what) {
        if (value > limit) {
            throw new IllegalArgumentException(name + " must be <= " + limit + ", " + what + ", but was " + value
                    + "; lower it, or raise the resolution");
        }
    }
}
