package org.amacrine.operators.analysis;

import java.util.Arrays;
import org.amacrine.core.io.NdArray;

/**
 * What the values of each frame of an array are like, all its channels together. What is no finite number, NaN for a missing value,
 * counts in none of them; a frame of nothing else has NaN.
 *
 * @param low least value, [time]
 * @param mean mean, [time]
 * @param high greatest value, [time]
 * @param deviation standard deviation, of the frame's values themselves: divided by their number, [time]
 * @param middle the pixel at row rows/2 and column columns/2 of the first channel, as it is, [time]
 */
public record FrameStatistics(double[] low, double[] mean, double[] high, double[] deviation, double[] middle) {

    /** Those of an array of one to five axes, see {@link ArrayViews#fiveAxes}. */
    public static FrameStatistics of(NdArray array) {
        NdArray five = ArrayViews.fiveAxes(array);
        NdArray lines = ArrayViews.lines(five);
        int steps = lines.shape()[0];
        int pixels = lines.shape()[1];
        int rows = five.shape()[3];
        int columns = five.shape()[4];
        int middle = rows / 2 * columns + columns / 2;
        FrameStatistics s = new FrameStatistics(
                new double[steps], new double[steps], new double[steps], new double[steps], new double[steps]);
        for (int t = 0; t < steps; t++) {
            double[] known = Arrays.stream(lines.doubles(), t * pixels, (t + 1) * pixels)
                    .filter(Double::isFinite)
                    .toArray();
            double mean = Arrays.stream(known).average().orElse(Double.NaN);
            s.low[t] = Arrays.stream(known).min().orElse(Double.NaN);
            s.mean[t] = mean;
            s.high[t] = Arrays.stream(known).max().orElse(Double.NaN);
            s.deviation[t] = Math.sqrt(Arrays.stream(known)
                    .map(value -> (value - mean) * (value - mean))
                    .average()
                    .orElse(Double.NaN));
            s.middle[t] = lines.at(t * pixels + middle);
        }
        return s;
    }
}
