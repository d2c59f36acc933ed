package org.amacrine.operators.epi;

/**
 * How many of some values are no finite numbers: to look at what a model computes, statistics for example.
 *
 * @param infinite values that are plus or minus infinity
 * @param nan values that are NaN
 * @param count all values
 */
public record NumberCheck(int infinite, int nan, int count) {

    /** Counts. */
    public static NumberCheck of(double... values) {
        int infinite = 0;
        int nan = 0;
        for (double value : values) {
            infinite += Double.isInfinite(value) ? 1 : 0;
            nan += Double.isNaN(value) ? 1 : 0;
        }
        return new NumberCheck(infinite, nan, values.length);
    }

    /** Whether any value is no finite number. */
    public boolean any() {
        return infinite + nan > 0;
    }

    /** The line that the reference prints, {@code NAME infs 1/6 nans 2/6}. */
    public String message(String name) {
        return name + " infs " + infinite + "/" + count + " nans " + nan + "/" + count;
    }
}
