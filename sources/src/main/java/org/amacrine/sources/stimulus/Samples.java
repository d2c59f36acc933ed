package org.amacrine.sources.stimulus;

import java.util.function.Supplier;
import org.amacrine.core.layer.Parameter;
import org.amacrine.sources.Settings;

/** What the reference's sample stimuli have in common: their extents, and NumPy's {@code linspace}. */
final class Samples {
    private Samples() {}

    /** Setting {@code rows}, which the reference calls x. */
    static Supplier<Parameter> rows() {
        return Settings.rows(20, "x");
    }

    /** Setting {@code columns}, which the reference calls y. */
    static Supplier<Parameter> columns() {
        return Settings.columns(20, "y");
    }

    /** Setting {@code frames}, which the reference calls t. */
    static Supplier<Parameter> frames() {
        return () -> Parameter.integer("frames", 2000)
                .unit("frames")
                .atLeast(1)
                .atMost(Integer.MAX_VALUE)
                .alias("t")
                .doc("Number of frames");
    }

    /** Value {@code index} of {@code count} evenly spaced numbers from {@code from} to {@code to}, both included. */
    static double linspace(double from, double to, long count, long index) {
        if (count == 1) {
            return from;
        }
        return index == count - 1 ? to : index * ((to - from) / (count - 1)) + from;
    }

    /** The coordinates -1 to 1 of {@code count} rows or columns. */
    static double[] coordinates(int count) {
        double[] coordinates = new double[count];
        for (int i = 0; i < count; i++) {
            coordinates[i] = linspace(-1, 1, count, i);
        }
        return coordinates;
    }
}
