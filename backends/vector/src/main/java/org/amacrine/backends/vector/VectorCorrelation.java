package org.amacrine.backends.vector;

import static jdk.incubator.vector.FloatVector.fromArray;
import static org.amacrine.backends.vector.Lanes.COUNT;
import static org.amacrine.backends.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.ScalarKernels;

/**
 * Correlations at several displacements: lanes run along the columns. Four displacements share each load of the image that stays
 * in its place; one loop over all rows keeps their sums in registers.
 */
final class VectorCorrelation {
    private static final int SUMS = Kernels.CORRELATE_BLOCK;
    private static final VectorShuffle<Float> FOLD8 = fold(8);
    private static final VectorShuffle<Float> FOLD4 = fold(4);
    private static final VectorShuffle<Float> FOLD2 = fold(2);
    private static final VectorShuffle<Float> FOLD1 = fold(1);

    private VectorCorrelation() {}

    /** Brings what is so many lanes away. */
    private static VectorShuffle<Float> fold(int by) {
        return VectorShuffle.fromOp(FLOATS, lane -> (lane + by) % COUNT);
    }

    static void correlate(
            float[] g,
            int gAt,
            int gWidth,
            float[] x,
            int xAt,
            int xWidth,
            int rows,
            int columns,
            int[] offsets,
            int from,
            int to,
            double[] sums,
            int sumsAt) {
        if (COUNT < SUMS / 2) {
            ScalarKernels.INSTANCE.correlate(
                    g, gAt, gWidth, x, xAt, xWidth, rows, columns, offsets, from, to, sums, sumsAt);
            return;
        }
        int k = from;
        for (; k + 4 <= to; k += 4) {
            if (COUNT == SUMS) {
                four(g, gAt, gWidth, x, xAt, xWidth, rows, columns, offsets, k, sums, sumsAt);
            } else {
                fourOfHalves(g, gAt, gWidth, x, xAt, xWidth, rows, columns, offsets, k, sums, sumsAt);
            }
        }
        for (; k < to; k++) {
            if (COUNT == SUMS) {
                one(g, gAt, gWidth, x, xAt, xWidth, rows, columns, offsets, k, sums, sumsAt);
            } else {
                oneOfHalves(g, gAt, gWidth, x, xAt, xWidth, rows, columns, offsets, k, sums, sumsAt);
            }
        }
    }

    private static void four(
            float[] g,
            int gAt,
            int gWidth,
            float[] x,
            int xAt,
            int xWidth,
            int rows,
            int columns,
            int[] offsets,
            int k,
            double[] sums,
            int sumsAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int o1 = offsets[k + 1] - offsets[k];
        int o2 = offsets[k + 2] - offsets[k];
        int o3 = offsets[k + 3] - offsets[k];
        int p = gAt;
        int q = xAt + offsets[k];
        int blocks = columns / COUNT;
        for (int n = rows * blocks, left = blocks; n > 0; n--, p += COUNT, q += COUNT) {
            FloatVector v = fromArray(FLOATS, g, p);
            s0 = v.fma(fromArray(FLOATS, x, q), s0);
            s1 = v.fma(fromArray(FLOATS, x, q + o1), s1);
            s2 = v.fma(fromArray(FLOATS, x, q + o2), s2);
            s3 = v.fma(fromArray(FLOATS, x, q + o3), s3);
            if (--left == 0) {
                left = blocks;
                p += gWidth - columns;
                q += xWidth - columns;
            }
        }
        s0 = s0.add(s0.rearrange(FOLD8));
        s0 = s0.add(s0.rearrange(FOLD4));
        s0 = s0.add(s0.rearrange(FOLD2));
        s0 = s0.add(s0.rearrange(FOLD1));
        sums[sumsAt + k] += s0.lane(0);
        s1 = s1.add(s1.rearrange(FOLD8));
        s1 = s1.add(s1.rearrange(FOLD4));
        s1 = s1.add(s1.rearrange(FOLD2));
        s1 = s1.add(s1.rearrange(FOLD1));
        sums[sumsAt + k + 1] += s1.lane(0);
        s2 = s2.add(s2.rearrange(FOLD8));
        s2 = s2.add(s2.rearrange(FOLD4));
        s2 = s2.add(s2.rearrange(FOLD2));
        s2 = s2.add(s2.rearrange(FOLD1));
        sums[sumsAt + k + 2] += s2.lane(0);
        s3 = s3.add(s3.rearrange(FOLD8));
        s3 = s3.add(s3.rearrange(FOLD4));
        s3 = s3.add(s3.rearrange(FOLD2));
        s3 = s3.add(s3.rearrange(FOLD1));
        sums[sumsAt + k + 3] += s3.lane(0);
    }

    private static void one(
            float[] g,
            int gAt,
            int gWidth,
            float[] x,
            int xAt,
            int xWidth,
            int rows,
            int columns,
            int[] offsets,
            int k,
            double[] sums,
            int sumsAt) {
        FloatVector s = FloatVector.zero(FLOATS);
        int p = gAt;
        int q = xAt + offsets[k];
        int blocks = columns / COUNT;
        for (int n = rows * blocks, left = blocks; n > 0; n--, p += COUNT, q += COUNT) {
            s = fromArray(FLOATS, g, p).fma(fromArray(FLOATS, x, q), s);
            if (--left == 0) {
                left = blocks;
                p += gWidth - columns;
                q += xWidth - columns;
            }
        }
        s = s.add(s.rearrange(FOLD8));
        s = s.add(s.rearrange(FOLD4));
        s = s.add(s.rearrange(FOLD2));
        s = s.add(s.rearrange(FOLD1));
        sums[sumsAt + k] += s.lane(0);
    }

    /** With eight lanes, the partial sums of a displacement are two vectors. */
    private static void fourOfHalves(
            float[] g,
            int gAt,
            int gWidth,
            float[] x,
            int xAt,
            int xWidth,
            int rows,
            int columns,
            int[] offsets,
            int k,
            double[] sums,
            int sumsAt) {
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        int o1 = offsets[k + 1] - offsets[k];
        int o2 = offsets[k + 2] - offsets[k];
        int o3 = offsets[k + 3] - offsets[k];
        int p = gAt;
        int q = xAt + offsets[k];
        int blocks = columns / (2 * COUNT);
        for (int n = rows * blocks, left = blocks; n > 0; n--, p += 2 * COUNT, q += 2 * COUNT) {
            FloatVector v = fromArray(FLOATS, g, p);
            FloatVector w = fromArray(FLOATS, g, p + COUNT);
            a0 = v.fma(fromArray(FLOATS, x, q), a0);
            b0 = w.fma(fromArray(FLOATS, x, q + COUNT), b0);
            a1 = v.fma(fromArray(FLOATS, x, q + o1), a1);
            b1 = w.fma(fromArray(FLOATS, x, q + o1 + COUNT), b1);
            a2 = v.fma(fromArray(FLOATS, x, q + o2), a2);
            b2 = w.fma(fromArray(FLOATS, x, q + o2 + COUNT), b2);
            a3 = v.fma(fromArray(FLOATS, x, q + o3), a3);
            b3 = w.fma(fromArray(FLOATS, x, q + o3 + COUNT), b3);
            if (--left == 0) {
                left = blocks;
                p += gWidth - columns;
                q += xWidth - columns;
            }
        }
        a0 = a0.add(b0);
        a0 = a0.add(a0.rearrange(FOLD4));
        a0 = a0.add(a0.rearrange(FOLD2));
        a0 = a0.add(a0.rearrange(FOLD1));
        sums[sumsAt + k] += a0.lane(0);
        a1 = a1.add(b1);
        a1 = a1.add(a1.rearrange(FOLD4));
        a1 = a1.add(a1.rearrange(FOLD2));
        a1 = a1.add(a1.rearrange(FOLD1));
        sums[sumsAt + k + 1] += a1.lane(0);
        a2 = a2.add(b2);
        a2 = a2.add(a2.rearrange(FOLD4));
        a2 = a2.add(a2.rearrange(FOLD2));
        a2 = a2.add(a2.rearrange(FOLD1));
        sums[sumsAt + k + 2] += a2.lane(0);
        a3 = a3.add(b3);
        a3 = a3.add(a3.rearrange(FOLD4));
        a3 = a3.add(a3.rearrange(FOLD2));
        a3 = a3.add(a3.rearrange(FOLD1));
        sums[sumsAt + k + 3] += a3.lane(0);
    }

    private static void oneOfHalves(
            float[] g,
            int gAt,
            int gWidth,
            float[] x,
            int xAt,
            int xWidth,
            int rows,
            int columns,
            int[] offsets,
            int k,
            double[] sums,
            int sumsAt) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = a;
        int p = gAt;
        int q = xAt + offsets[k];
        int blocks = columns / (2 * COUNT);
        for (int n = rows * blocks, left = blocks; n > 0; n--, p += 2 * COUNT, q += 2 * COUNT) {
            a = fromArray(FLOATS, g, p).fma(fromArray(FLOATS, x, q), a);
            b = fromArray(FLOATS, g, p + COUNT).fma(fromArray(FLOATS, x, q + COUNT), b);
            if (--left == 0) {
                left = blocks;
                p += gWidth - columns;
                q += xWidth - columns;
            }
        }
        a = a.add(b);
        a = a.add(a.rearrange(FOLD4));
        a = a.add(a.rearrange(FOLD2));
        a = a.add(a.rearrange(FOLD1));
        sums[sumsAt + k] += a.lane(0);
    }
}
