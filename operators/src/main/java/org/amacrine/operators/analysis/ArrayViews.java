package org.amacrine.operators.analysis;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.amacrine.core.io.NdArray;

/**
 * Arrays of many axes as what can be drawn: lines along time, and images of many frames. Axes are the reference's five:
 *
 * <pre>
 *   0 batch, or output channel   1 channel, or input channel   2 time   3 row   4 column
 * </pre>
 */
public final class ArrayViews {
    /** How many axes there are. */
    public static final int AXES = 5;
    /** The axis of time. */
    public static final int TIME = 2;

    private ArrayViews() {}

    /**
     * An array with five axes: fewer are time; rows and columns; time, rows and columns; time, channels, rows and columns.
     *
     * @throws IllegalArgumentException for an array that holds nothing, or has no axis or more than five
     */
    public static NdArray fiveAxes(NdArray array) {
        int[] e = array.shape();
        if (e.length == 0 || e.length > AXES || array.size() == 0) {
            throw new IllegalArgumentException(
                    "an array to draw has 1 to 5 axes and at least one value but was of shape " + NdArray.text(e)
                            + "; cut it, for example array[0]");
        }
        return switch (e.length) {
            case 1 -> new NdArray(new int[] {1, 1, e[0], 1, 1}, array.data());
            case 2 -> new NdArray(new int[] {1, 1, 1, e[0], e[1]}, array.data());
            case 3 -> new NdArray(new int[] {1, 1, e[0], e[1], e[2]}, array.data());
            case 4 -> {
                NdArray framesFirst = new NdArray(new int[] {1, e[0], e[1], e[2], e[3]}, array.data());
                yield new NdArray(new int[] {1, e[1], e[0], e[2], e[3]}, inOrder(framesFirst, 0, 2, 1, 3, 4));
            }
            default -> array;
        };
    }

    /** All values with the axes in another order, the last one fastest. */
    private static double[] inOrder(NdArray array, int... order) {
        int[] extents = array.shape();
        int[] strides = new int[AXES];
        for (int axis = AXES - 1, stride = 1; axis >= 0; stride *= extents[axis--]) {
            strides[axis] = stride;
        }
        int[] index = new int[AXES];
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            int at = 0;
            for (int k = 0; k < AXES; k++) {
                at += index[k] * strides[order[k]];
            }
            values[i] = array.at(at);
            for (int k = AXES - 1; k >= 0 && ++index[k] == extents[order[k]]; k--) {
                index[k] = 0;
            }
        }
        return values;
    }

    private static int extent(NdArray array, int... axes) {
        return Arrays.stream(axes).map(axis -> array.shape()[axis]).reduce(1, Math::multiplyExact);
    }

    private static int[] join(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    private static void requireAxes(int... axes) {
        boolean isWrong = Arrays.stream(axes).anyMatch(axis -> axis < 0 || axis >= AXES)
                || Arrays.stream(axes).distinct().count() < axes.length;
        if (isWrong) {
            throw new IllegalArgumentException(
                    "axes are 0 batch, 1 channel, 2 time, 3 row and 4 column, each at most once, but were "
                            + Arrays.toString(axes));
        }
    }

    /**
     * Lines along time, {@code (time, lines)}: one for each index of the other axes, the last axis fastest, after means over some of
     * them.
     *
     * @param array of one to five axes, see {@link #fiveAxes}
     * @param mean axes to take the mean over: 0, 1, 3 and 4 for one line
     */
    public static NdArray lines(NdArray array, int... mean) {
        requireAxes(join(mean, new int[] {TIME}));
        NdArray five = fiveAxes(array);
        int[] lines = IntStream.range(0, AXES)
                .filter(axis -> axis != TIME && IntStream.of(mean).noneMatch(m -> m == axis))
                .toArray();
        int steps = five.shape()[TIME];
        int count = extent(five, lines);
        int each = extent(five, mean);
        double[] values = inOrder(five, join(new int[] {TIME}, lines, mean));
        double[] means = new double[steps * count];
        for (int i = 0; i < means.length; i++) {
            means[i] = Arrays.stream(values, i * each, (i + 1) * each).sum() / each;
        }
        return new NdArray(new int[] {steps, count}, means);
    }

    /**
     * One image of many frames, {@code (rows, columns)}: axes that go down and axes that go across, of each the last one fastest.
     *
     * @param array of one to five axes, see {@link #fiveAxes}
     * @param down axes that go down: 0, 1 and 3 for batches and channels below each other
     * @param across those that go across, the rest: 2 and 4 for frames side by side
     */
    public static NdArray mosaic(NdArray array, int[] down, int[] across) {
        requireAxes(join(down, across));
        if (down.length + across.length != AXES) {
            throw new IllegalArgumentException("each of the five axes goes down or across but those given were "
                    + Arrays.toString(down) + " and " + Arrays.toString(across));
        }
        NdArray five = fiveAxes(array);
        return new NdArray(new int[] {extent(five, down), extent(five, across)}, inOrder(five, join(down, across)));
    }

    /** Such an image with one more row and column behind each frame, which have the border's value. */
    public static NdArray mosaic(NdArray array, int[] down, int[] across, double border) {
        return mosaic(withBorder(fiveAxes(array), border), down, across);
    }

    /** Frames side by side, batches and channels below each other, with a border. */
    public static NdArray mosaic(NdArray array, double border) {
        return mosaic(array, new int[] {0, 1, 3}, new int[] {2, 4}, border);
    }

    /** Some frames of an array, {@code (batch, channel, frames, rows, columns)}. */
    public static NdArray frames(NdArray array, int... chosen) {
        NdArray five = fiveAxes(array);
        int[] extents = five.shape().clone();
        int steps = extents[TIME];
        for (int frame : chosen) {
            if (frame < 0 || frame >= steps) {
                throw new IllegalArgumentException(
                        "there are the frames 0 to " + (steps - 1) + " but frame " + frame + " was asked for");
            }
        }
        extents[TIME] = chosen.length;
        int pixels = extents[3] * extents[4];
        double[] values = new double[NdArray.count(extents)];
        for (int i = 0; i < values.length; i++) {
            int image = i / pixels;
            int from = image / chosen.length * steps + chosen[image % chosen.length];
            values[i] = five.at(from * pixels + i % pixels);
        }
        return new NdArray(extents, values);
    }

    private static NdArray withBorder(NdArray five, double border) {
        int[] extents = five.shape().clone();
        int rows = extents[3]++;
        int columns = extents[4]++;
        double[] values = new double[NdArray.count(extents)];
        Arrays.fill(values, border);
        for (int i = 0; i < five.size(); i++) {
            int row = i / columns;
            values[(row / rows * (rows + 1) + row % rows) * (columns + 1) + i % columns] = five.at(i);
        }
        return new NdArray(extents, values);
    }
}
