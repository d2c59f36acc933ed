package org.amacrine.operators.epi;

import java.util.stream.IntStream;

/**
 * Indices of values by how far they lie from their mean, which leaves out values of 1e6 and more: for colour scales.
 *
 * @param inside within some standard deviations
 * @param below lower than that
 * @param above higher than that
 */
public record Outliers(int[] inside, int[] below, int[] above) {
    private static final double HUGE = 1e6;

    /**
     * Sorts values.
     *
     * @param deviations how many standard deviations, of the population, are inside
     */
    public static Outliers of(double[] values, double deviations) {
        double sum = 0;
        int count = 0;
        for (double value : values) {
            if (Math.abs(value) < HUGE) {
                sum += value;
                count++;
            }
        }
        double mean = sum / count;
        double squares = 0;
        for (double value : values) {
            if (Math.abs(value) < HUGE) {
                squares += (value - mean) * (value - mean);
            }
        }
        double width = deviations * Math.sqrt(squares / count);
        return new Outliers(
                IntStream.range(0, values.length)
                        .filter(i -> values[i] >= mean - width && values[i] <= mean + width)
                        .toArray(),
                IntStream.range(0, values.length)
                        .filter(i -> values[i] < mean - width)
                        .toArray(),
                IntStream.range(0, values.length)
                        .filter(i -> values[i] > mean + width)
                        .toArray());
    }
}
