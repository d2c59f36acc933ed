package org.amacrine.backends.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.amacrine.backends.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import org.amacrine.core.kernel.RowDot;
import org.amacrine.core.kernel.ScalarKernels;

/** Vectors and the rows of a matrix: lanes run along the columns. */
final class VectorModes {
    private VectorModes() {}

    private static final int COUNT = Lanes.COUNT;
    /** Partial sums of a dot product. */
    private static final int SUMS = 16;

    private static final int ROWS = 4;
    private static final VectorShuffle<Float> FOLD8 = fold(8);
    private static final VectorShuffle<Float> FOLD4 = fold(4);
    private static final VectorShuffle<Float> FOLD2 = fold(2);
    private static final VectorShuffle<Float> FOLD1 = fold(1);

    /** Brings what is so many lanes away. */
    private static VectorShuffle<Float> fold(int by) {
        return VectorShuffle.fromOp(Lanes.FLOATS, lane -> (lane + by) % COUNT);
    }

    // ------------------------------------------------------------------------------------------------ dot products
    //
    // Sums are folded in the methods that made them: vectors that cross calls may become objects.

    /** Four rows at a time, which stay in the nearer caches for all vectors. */
    static void dotRows(float[] m, int rows, int columns, float[] x, float[] y, int vectors) {
        if (COUNT < SUMS / 2) {
            ScalarKernels.INSTANCE.dotRows(m, rows, columns, x, y, vectors);
            return;
        }
        int whole = columns / SUMS * SUMS;
        int k = 0;
        for (; k + ROWS <= rows; k += ROWS) {
            for (int n = 0; n < vectors; n++) {
                if (COUNT == SUMS) {
                    dotFour(m, k * columns, columns, whole, x, n * columns, y, n * rows + k);
                } else {
                    dotTwo(m, k * columns, columns, whole, x, n * columns, y, n * rows + k);
                    dotTwo(m, (k + 2) * columns, columns, whole, x, n * columns, y, n * rows + k + 2);
                }
                rest(m, k, ROWS, columns, whole, x, n * columns, y, n * rows);
            }
        }
        for (; k < rows; k++) {
            for (int n = 0; n < vectors; n++) {
                if (COUNT == SUMS) {
                    dotOne(m, k * columns, whole, x, n * columns, y, n * rows + k);
                } else {
                    dotOneOfHalves(m, k * columns, whole, x, n * columns, y, n * rows + k);
                }
                rest(m, k, 1, columns, whole, x, n * columns, y, n * rows);
            }
        }
    }

    private static void rest(
            float[] m, int row, int rows, int columns, int whole, float[] x, int xAt, float[] y, int yAt) {
        for (int k = row; k < row + rows; k++) {
            y[yAt + k] = RowDot.rest(m, k * columns, x, xAt, whole, columns, y[yAt + k]);
        }
    }

    private static void dotFour(float[] m, int mAt, int stride, int count, float[] x, int xAt, float[] y, int yAt) {
        FloatVector s0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int j = 0, at = mAt; j < count; j += COUNT, at += COUNT) {
            FloatVector v = fromArray(FLOATS, x, xAt + j);
            s0 = fromArray(FLOATS, m, at).fma(v, s0);
            s1 = fromArray(FLOATS, m, at + stride).fma(v, s1);
            s2 = fromArray(FLOATS, m, at + 2 * stride).fma(v, s2);
            s3 = fromArray(FLOATS, m, at + 3 * stride).fma(v, s3);
        }
        s0 = s0.add(s0.rearrange(FOLD8));
        s0 = s0.add(s0.rearrange(FOLD4));
        s0 = s0.add(s0.rearrange(FOLD2));
        s0 = s0.add(s0.rearrange(FOLD1));
        y[yAt] = s0.lane(0);
        s1 = s1.add(s1.rearrange(FOLD8));
        s1 = s1.add(s1.rearrange(FOLD4));
        s1 = s1.add(s1.rearrange(FOLD2));
        s1 = s1.add(s1.rearrange(FOLD1));
        y[yAt + 1] = s1.lane(0);
        s2 = s2.add(s2.rearrange(FOLD8));
        s2 = s2.add(s2.rearrange(FOLD4));
        s2 = s2.add(s2.rearrange(FOLD2));
        s2 = s2.add(s2.rearrange(FOLD1));
        y[yAt + 2] = s2.lane(0);
        s3 = s3.add(s3.rearrange(FOLD8));
        s3 = s3.add(s3.rearrange(FOLD4));
        s3 = s3.add(s3.rearrange(FOLD2));
        s3 = s3.add(s3.rearrange(FOLD1));
        y[yAt + 3] = s3.lane(0);
    }

    private static void dotOne(float[] m, int mAt, int count, float[] x, int xAt, float[] y, int yAt) {
        FloatVector s = FloatVector.zero(Lanes.FLOATS);
        for (int j = 0; j < count; j += COUNT) {
            s = fromArray(FLOATS, m, mAt + j).fma(fromArray(FLOATS, x, xAt + j), s);
        }
        s = s.add(s.rearrange(FOLD8));
        s = s.add(s.rearrange(FOLD4));
        s = s.add(s.rearrange(FOLD2));
        s = s.add(s.rearrange(FOLD1));
        y[yAt] = s.lane(0);
    }

    /** With eight lanes, the partial sums of a row are two vectors. */
    private static void dotTwo(float[] m, int mAt, int stride, int count, float[] x, int xAt, float[] y, int yAt) {
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b0 = a0;
        FloatVector a1 = a0;
        FloatVector b1 = a0;
        for (int j = 0, at = mAt; j < count; j += 2 * COUNT, at += 2 * COUNT) {
            FloatVector v = fromArray(FLOATS, x, xAt + j);
            FloatVector w = fromArray(FLOATS, x, xAt + j + COUNT);
            a0 = fromArray(FLOATS, m, at).fma(v, a0);
            b0 = fromArray(FLOATS, m, at + COUNT).fma(w, b0);
            a1 = fromArray(FLOATS, m, at + stride).fma(v, a1);
            b1 = fromArray(FLOATS, m, at + stride + COUNT).fma(w, b1);
        }
        a0 = a0.add(b0);
        a0 = a0.add(a0.rearrange(FOLD4));
        a0 = a0.add(a0.rearrange(FOLD2));
        a0 = a0.add(a0.rearrange(FOLD1));
        y[yAt] = a0.lane(0);
        a1 = a1.add(b1);
        a1 = a1.add(a1.rearrange(FOLD4));
        a1 = a1.add(a1.rearrange(FOLD2));
        a1 = a1.add(a1.rearrange(FOLD1));
        y[yAt + 1] = a1.lane(0);
    }

    private static void dotOneOfHalves(float[] m, int mAt, int count, float[] x, int xAt, float[] y, int yAt) {
        FloatVector a = FloatVector.zero(Lanes.FLOATS);
        FloatVector b = a;
        for (int j = 0; j < count; j += 2 * COUNT) {
            a = fromArray(FLOATS, m, mAt + j).fma(fromArray(FLOATS, x, xAt + j), a);
            b = fromArray(FLOATS, m, mAt + j + COUNT).fma(fromArray(FLOATS, x, xAt + j + COUNT), b);
        }
        a = a.add(b);
        a = a.add(a.rearrange(FOLD4));
        a = a.add(a.rearrange(FOLD2));
        a = a.add(a.rearrange(FOLD1));
        y[yAt] = a.lane(0);
    }

    // ------------------------------------------------------------------------------------------------ sums of rows

    /** Columns in blocks of four vectors, which stay in registers over the rows. */
    static void combineRows(float[] m, int rows, int columns, float[] w, float[] y, int vectors) {
        int block = 4 * COUNT;
        int j = 0;
        for (; j + block <= columns; j += block) {
            for (int n = 0; n < vectors; n++) {
                combineBlock(m, j, rows, columns, w, n * rows, y, n * columns + j);
            }
        }
        for (; j + COUNT <= columns; j += COUNT) {
            for (int n = 0; n < vectors; n++) {
                combineVector(m, j, rows, columns, w, n * rows, y, n * columns + j);
            }
        }
        for (; j < columns; j++) {
            for (int n = 0; n < vectors; n++) {
                float sum = 0;
                for (int k = 0; k < rows; k++) {
                    sum = Math.fma(w[n * rows + k], m[k * columns + j], sum);
                }
                y[n * columns + j] = sum;
            }
        }
    }

    private static void combineBlock(
            float[] m, int mAt, int rows, int columns, float[] w, int wAt, float[] y, int yAt) {
        FloatVector y0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector y1 = y0;
        FloatVector y2 = y0;
        FloatVector y3 = y0;
        for (int k = 0, at = mAt; k < rows; k++, at += columns) {
            FloatVector weight = broadcast(FLOATS, w[wAt + k]);
            y0 = fromArray(FLOATS, m, at).fma(weight, y0);
            y1 = fromArray(FLOATS, m, at + COUNT).fma(weight, y1);
            y2 = fromArray(FLOATS, m, at + 2 * COUNT).fma(weight, y2);
            y3 = fromArray(FLOATS, m, at + 3 * COUNT).fma(weight, y3);
        }
        y0.intoArray(y, yAt);
        y1.intoArray(y, yAt + COUNT);
        y2.intoArray(y, yAt + 2 * COUNT);
        y3.intoArray(y, yAt + 3 * COUNT);
    }

    private static void combineVector(
            float[] m, int mAt, int rows, int columns, float[] w, int wAt, float[] y, int yAt) {
        FloatVector sum = FloatVector.zero(Lanes.FLOATS);
        for (int k = 0, at = mAt; k < rows; k++, at += columns) {
            sum = fromArray(FLOATS, m, at).fma(broadcast(FLOATS, w[wAt + k]), sum);
        }
        sum.intoArray(y, yAt);
    }

    static void multiplyAdd(float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, float[] y, int yAt, int count) {
        int whole = count / COUNT * COUNT;
        for (int i = 0; i < whole; i += COUNT) {
            fromArray(FLOATS, a, aAt + i)
                    .fma(fromArray(FLOATS, b, bAt + i), fromArray(FLOATS, c, cAt + i))
                    .intoArray(y, yAt + i);
        }
        for (int i = whole; i < count; i++) {
            y[yAt + i] = Math.fma(a[aAt + i], b[bAt + i], c[cAt + i]);
        }
    }
}
