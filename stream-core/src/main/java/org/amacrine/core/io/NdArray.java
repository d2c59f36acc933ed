package org.amacrine.core.io;

import java.util.Arrays;

/**
 * A small dense array with a shape, C order: what a parameter, a state or an entry of an {@code .npz} file holds. Not for
 * the frame path.
 *
 * @param shape extents; empty for a single number
 * @param data {@code float[]}, {@code double[]}, {@code long[]} or {@code boolean[]} of that many values
 */
public record NdArray(int[] shape, Object data) {

    /** Checks that the data has as many values as the shape says. */
    public NdArray {
        int have;
        if (data instanceof float[] f) {
            have = f.length;
        } else if (data instanceof double[] d) {
            have = d.length;
        } else if (data instanceof long[] l) {
            have = l.length;
        } else if (data instanceof boolean[] b) {
            have = b.length;
        } else {
            throw new IllegalArgumentException("an array holds float[], double[], long[] or boolean[] but was given "
                    + (data == null ? "null" : data.getClass().getSimpleName()));
        }
        if (have != count(shape)) {
            throw new IllegalArgumentException(
                    "an array of shape " + text(shape) + " has " + count(shape) + " values but was given " + have);
        }
    }

    /** One {@code float64} number. */
    public static NdArray of(double value) {
        return new NdArray(new int[0], new double[] {value});
    }

    /** One {@code int64} number. */
    public static NdArray of(long value) {
        return new NdArray(new int[0], new long[] {value});
    }

    /** A {@code float32} array of the given shape; the values are not copied. */
    public static NdArray of(float[] values, int... shape) {
        return new NdArray(shape, values);
    }

    /** Number of values of a shape. */
    public static int count(int[] shape) {
        int count = 1;
        for (int extent : shape) {
            count = Math.multiplyExact(count, extent);
        }
        return count;
    }

    /** A shape as Python writes it, for example {@code (2, 3)}. */
    public static String text(int[] shape) {
        if (shape.length == 1) {
            return "(" + shape[0] + ",)";
        }
        String inner = Arrays.toString(shape);
        return "(" + inner.substring(1, inner.length() - 1) + ")";
    }

    /** Number of values. */
    public int size() {
        return count(shape);
    }

    /** The values as {@code float32}: the array itself when it is one, else a rounded copy. */
    public float[] floats() {
        if (data instanceof float[] f) {
            return f;
        }
        float[] out = new float[size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) at(i);
        }
        return out;
    }

    /** The values as {@code float64}: the array itself when it is one, else a copy. */
    public double[] doubles() {
        if (data instanceof double[] d) {
            return d;
        }
        double[] out = new double[size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = at(i);
        }
        return out;
    }

    /** The only value; throws {@link IllegalStateException} when there are several. */
    public double scalar() {
        if (size() != 1) {
            throw new IllegalStateException("one number was asked for but the array has the shape " + text(shape));
        }
        return at(0);
    }

    /** The only value of an {@code int64} array, exactly. */
    public long integer() {
        if (data instanceof long[] l && l.length == 1) {
            return l[0];
        }
        return (long) scalar();
    }

    /** Value {@code i} in C order. */
    public double at(int i) {
        if (data instanceof float[] f) {
            return f[i];
        }
        if (data instanceof double[] d) {
            return d[i];
        }
        if (data instanceof long[] l) {
            return l[i];
        }
        return ((boolean[]) data)[i] ? 1 : 0;
    }

    /** Same shape, same type and the same values, bit by bit. */
    @Override
    public boolean equals(Object other) {
        return other instanceof NdArray that
                && Arrays.equals(shape, that.shape)
                && Arrays.deepEquals(new Object[] {data}, new Object[] {that.data});
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.deepHashCode(new Object[] {data});
    }

    /** For example {@code float32 (2, 3)}. */
    @Override
    public String toString() {
        String type = data instanceof float[]
                ? "float32"
                : data instanceof double[] ? "float64" : data instanceof long[] ? "int64" : "bool";
        return type + " " + text(shape);
    }
}
