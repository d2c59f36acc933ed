package org.amacrine.operators.analysis;

import org.amacrine.core.io.NdArray;

/**
 * The difference of two arrays of different extents, such as the impulse responses of two models: both are made as large as the larger one
 * along each axis. Batches, channels and time begin together; rows and columns have the same middle, an odd pixel more behind it. What is
 * added continues the edge along a line down to 0 at the new edge, axis after axis, so that no step appears where none was.
 *
 * <pre>
 *   time   6 6   becomes   6 6 4 2 0
 * </pre>
 */
public final class ArrayDifference {
    private static final int ROWS = 3;

    private ArrayDifference() {}

    /**
     * {@code a - b}, with five axes.
     *
     * @param a of one to five axes, see {@link ArrayViews#fiveAxes}
     * @param b likewise
     */
    public static NdArray of(NdArray a, NdArray b) {
        int[] extents = ArrayViews.fiveAxes(a).shape().clone();
        int[] others = ArrayViews.fiveAxes(b).shape();
        for (int axis = 0; axis < ArrayViews.AXES; axis++) {
            extents[axis] = Math.max(extents[axis], others[axis]);
        }
        double[] left = extended(a, extents).doubles();
        double[] right = extended(b, extents).doubles();
        double[] difference = new double[left.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = left[i] - right[i];
        }
        return new NdArray(extents, difference);
    }

    /**
     * An array made larger.
     *
     * @param extents of the five axes, each at least as large as it is
     */
    public static NdArray extended(NdArray array, int... extents) {
        NdArray result = ArrayViews.fiveAxes(array);
        if (extents.length != ArrayViews.AXES) {
            throw new IllegalArgumentException("extents are those of five axes but were " + NdArray.text(extents));
        }
        for (int axis = 0; axis < ArrayViews.AXES; axis++) {
            int more = extents[axis] - result.shape()[axis];
            if (more < 0) {
                throw new IllegalArgumentException("an array of shape " + NdArray.text(result.shape())
                        + " is not made smaller, to " + NdArray.text(extents) + "; cut it");
            }
            int before = axis < ROWS ? 0 : more / 2;
            result = along(result, axis, before, more - before);
        }
        return result;
    }

    private static NdArray along(NdArray array, int axis, int before, int behind) {
        int[] extents = array.shape().clone();
        int count = extents[axis];
        extents[axis] = before + count + behind;
        int inner = 1;
        for (int a = axis + 1; a < ArrayViews.AXES; a++) {
            inner *= extents[a];
        }
        double[] values = new double[NdArray.count(extents)];
        for (int i = 0; i < values.length; i++) {
            int at = i / inner % extents[axis] - before;
            int nearest = Math.max(0, Math.min(count - 1, at));
            double share =
                    at < 0 ? (before + at) / (double) before : at < count ? 1 : (count + behind - 1.0 - at) / behind;
            int outer = i / inner / extents[axis];
            values[i] = share * array.at((outer * count + nearest) * inner + i % inner);
        }
        return new NdArray(extents, values);
    }
}
