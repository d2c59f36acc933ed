package org.amacrine.core.kernel;

/**
 * The one order in which dot products are summed: by fused multiply-adds in 16 partial sums over the index modulo 16, then pairs
 * 8, 4, 2 and 1 apart; what is left beyond a multiple of 16 follows in order.
 */
public final class RowDot {
    private RowDot() {}

    /** Sum of {@code a[i] b[i]} over {@code count} values from {@code aAt} and {@code bAt} on. */
    public static float of(float[] a, int aAt, float[] b, int bAt, int count) {
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        float s8 = 0, s9 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0, s14 = 0, s15 = 0;
        int i = 0;
        for (; i + 16 <= count; i += 16) {
            int p = aAt + i;
            int q = bAt + i;
            s0 = Math.fma(a[p], b[q], s0);
            s1 = Math.fma(a[p + 1], b[q + 1], s1);
            s2 = Math.fma(a[p + 2], b[q + 2], s2);
            s3 = Math.fma(a[p + 3], b[q + 3], s3);
            s4 = Math.fma(a[p + 4], b[q + 4], s4);
            s5 = Math.fma(a[p + 5], b[q + 5], s5);
            s6 = Math.fma(a[p + 6], b[q + 6], s6);
            s7 = Math.fma(a[p + 7], b[q + 7], s7);
            s8 = Math.fma(a[p + 8], b[q + 8], s8);
            s9 = Math.fma(a[p + 9], b[q + 9], s9);
            s10 = Math.fma(a[p + 10], b[q + 10], s10);
            s11 = Math.fma(a[p + 11], b[q + 11], s11);
            s12 = Math.fma(a[p + 12], b[q + 12], s12);
            s13 = Math.fma(a[p + 13], b[q + 13], s13);
            s14 = Math.fma(a[p + 14], b[q + 14], s14);
            s15 = Math.fma(a[p + 15], b[q + 15], s15);
        }
        float sum = (((s0 + s8) + (s4 + s12)) + ((s2 + s10) + (s6 + s14)))
                + (((s1 + s9) + (s5 + s13)) + ((s3 + s11) + (s7 + s15)));
        return rest(a, aAt, b, bAt, i, count, sum);
    }

    /**
     * The same over the rows of two images, one after the other, in the same partial sums.
     *
     * @param aWidth values from one row of a to the next
     * @param bWidth values from one row of b to the next
     * @param columns a multiple of 16
     */
    public static float ofRows(float[] a, int aAt, int aWidth, float[] b, int bAt, int bWidth, int rows, int columns) {
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        float s8 = 0, s9 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0, s14 = 0, s15 = 0;
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < columns; j += 16) {
                int p = aAt + row * aWidth + j;
                int q = bAt + row * bWidth + j;
                s0 = Math.fma(a[p], b[q], s0);
                s1 = Math.fma(a[p + 1], b[q + 1], s1);
                s2 = Math.fma(a[p + 2], b[q + 2], s2);
                s3 = Math.fma(a[p + 3], b[q + 3], s3);
                s4 = Math.fma(a[p + 4], b[q + 4], s4);
                s5 = Math.fma(a[p + 5], b[q + 5], s5);
                s6 = Math.fma(a[p + 6], b[q + 6], s6);
                s7 = Math.fma(a[p + 7], b[q + 7], s7);
                s8 = Math.fma(a[p + 8], b[q + 8], s8);
                s9 = Math.fma(a[p + 9], b[q + 9], s9);
                s10 = Math.fma(a[p + 10], b[q + 10], s10);
                s11 = Math.fma(a[p + 11], b[q + 11], s11);
                s12 = Math.fma(a[p + 12], b[q + 12], s12);
                s13 = Math.fma(a[p + 13], b[q + 13], s13);
                s14 = Math.fma(a[p + 14], b[q + 14], s14);
                s15 = Math.fma(a[p + 15], b[q + 15], s15);
            }
        }
        return (((s0 + s8) + (s4 + s12)) + ((s2 + s10) + (s6 + s14)))
                + (((s1 + s9) + (s5 + s13)) + ((s3 + s11) + (s7 + s15)));
    }

    /** Adds the products from index {@code from} on to a sum, in order. */
    public static float rest(float[] a, int aAt, float[] b, int bAt, int from, int count, float sum) {
        float total = sum;
        for (int i = from; i < count; i++) {
            total = Math.fma(a[aAt + i], b[bAt + i], total);
        }
        return total;
    }

    /** The same in double precision, in 8 partial sums over the index modulo 8, then pairs 4, 2 and 1 apart. */
    public static double of(double[] a, int aAt, double[] b, int bAt, int count) {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        int i = 0;
        for (; i + 8 <= count; i += 8) {
            int p = aAt + i;
            int q = bAt + i;
            s0 = Math.fma(a[p], b[q], s0);
            s1 = Math.fma(a[p + 1], b[q + 1], s1);
            s2 = Math.fma(a[p + 2], b[q + 2], s2);
            s3 = Math.fma(a[p + 3], b[q + 3], s3);
            s4 = Math.fma(a[p + 4], b[q + 4], s4);
            s5 = Math.fma(a[p + 5], b[q + 5], s5);
            s6 = Math.fma(a[p + 6], b[q + 6], s6);
            s7 = Math.fma(a[p + 7], b[q + 7], s7);
        }
        return rest(a, aAt, b, bAt, i, count, ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7)));
    }

    /** Adds the products from index {@code from} on to a sum, in order. */
    public static double rest(double[] a, int aAt, double[] b, int bAt, int from, int count, double sum) {
        double total = sum;
        for (int i = from; i < count; i++) {
            total = Math.fma(a[aAt + i], b[bAt + i], total);
        }
        return total;
    }
}
