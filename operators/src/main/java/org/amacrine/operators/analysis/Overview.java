package org.amacrine.operators.analysis;

import org.amacrine.core.io.NdArray;

/**
 * An array of many frames at a glance: over time the least, mean and greatest value and some pixels; and some frames as images.
 *
 * @param statistics of each frame
 * @param traces some pixels over time, [traces][time]
 * @param shownFrames indices of the frames that are shown
 * @param shown those frames, {@code (batch, channel, frames, rows, columns)}
 */
public record Overview(FrameStatistics statistics, double[][] traces, int[] shownFrames, NdArray shown) {

    /** Frames shown, as in the reference. */
    public static final int FRAMES = 5;
    /** Most pixels shown over time, as in the reference. */
    public static final int TRACES = 16;

    /**
     * The overview of an array of one to five axes, see {@link ArrayViews#fiveAxes}.
     *
     * @param frames how many frames to show at most, spread evenly from the first to the last
     * @param traces how many pixels to show at most, spread evenly
     */
    public static Overview of(NdArray array, int frames, int traces) {
        if (frames < 1 || traces < 0) {
            throw new IllegalArgumentException(
                    "an overview shows at least 1 frame, and 0 or more traces, but was asked for " + frames + " and "
                            + traces);
        }
        NdArray five = ArrayViews.fiveAxes(array);
        NdArray lines = ArrayViews.lines(five);
        int steps = lines.shape()[0];
        int[] shownFrames = spread(steps, frames);
        return new Overview(
                FrameStatistics.of(five), traces(lines, traces), shownFrames, ArrayViews.frames(five, shownFrames));
    }

    /** Up to so many of the numbers from 0 to n - 1, evenly from the first to the last. */
    private static int[] spread(int n, int most) {
        int count = Math.min(n, most);
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = count == 1 ? 0 : (int) ((long) i * (n - 1) / (count - 1));
        }
        return numbers;
    }

    private static double[][] traces(NdArray lines, int most) {
        int steps = lines.shape()[0];
        int pixels = lines.shape()[1];
        int[] chosen = spread(pixels, most);
        double[][] traces = new double[chosen.length][steps];
        for (int i = 0; i < chosen.length; i++) {
            for (int t = 0; t < steps; t++) {
                traces[i][t] = lines.at(t * pixels + chosen[i]);
            }
        }
        return traces;
    }
}
