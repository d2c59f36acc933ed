package org.amacrine.backends.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.amacrine.backends.vector.Lanes.COUNT;
import static org.amacrine.backends.vector.Lanes.FLOATS;
import static org.amacrine.backends.vector.Lanes.wholeUntil;
import static org.amacrine.core.kernel.ConvolveRows.STRIP;

import jdk.incubator.vector.FloatVector;

/**
 * Weighted sums of rows and columns, blocked so that several sums stay in registers and each load serves several of them.
 * Blocking changes which sums are made together, never the order within one.
 */
final class VectorConvolution {
    private VectorConvolution() {}

    /** {@code y[j] = sum_k w[last - k] x[j + k]}, strip by strip; a strip holds a multiple of four vectors. */
    static void columns(float[] x, float[] y, int yAt, int stripSize, int columns, float[] w) {
        int last = w.length - 1;
        for (int strip = 0; strip < columns; strip += STRIP, yAt += stripSize) {
            for (int j = 0; j < Math.min(STRIP, columns - strip); j += 4 * COUNT) {
                FloatVector s0 = broadcast(FLOATS, 0f);
                FloatVector s1 = broadcast(FLOATS, 0f);
                FloatVector s2 = broadcast(FLOATS, 0f);
                FloatVector s3 = broadcast(FLOATS, 0f);
                for (int k = 0; k <= last; k++) {
                    FloatVector weight = broadcast(FLOATS, w[last - k]);
                    int at = strip + j + k;
                    s0 = fromArray(FLOATS, x, at).fma(weight, s0);
                    s1 = fromArray(FLOATS, x, at + COUNT).fma(weight, s1);
                    s2 = fromArray(FLOATS, x, at + 2 * COUNT).fma(weight, s2);
                    s3 = fromArray(FLOATS, x, at + 3 * COUNT).fma(weight, s3);
                }
                s0.intoArray(y, yAt + j);
                s1.intoArray(y, yAt + j + COUNT);
                s2.intoArray(y, yAt + j + 2 * COUNT);
                s3.intoArray(y, yAt + j + 3 * COUNT);
            }
        }
    }

    /** {@code y[i][j] = sum_k w[last - k] x[i + k][j]} for one strip. */
    static void rows(float[] x, int xAt, float[] y, int yAt, int yStride, int rows, int width, float[] w) {
        int whole = wholeUntil(0, width);
        int i = 0;
        for (; i + 4 <= rows && whole >= 2 * COUNT; i += 4) {
            for (int j = 0; j < whole; j += 2 * COUNT) {
                // The last pair of an odd number of vectors computes one of them again.
                int first = Math.min(j, whole - 2 * COUNT);
                fourByTwo(x, xAt + i * STRIP + first, y, yAt + i * yStride + first, yStride, w);
            }
        }
        for (int r = i; r < rows; r++) {
            for (int j = 0; j < whole; j += COUNT) {
                one(x, xAt + r * STRIP + j, y, yAt + r * yStride + j, w);
            }
        }
        for (int r = 0; r < rows && whole < width; r++) {
            for (int j = whole; j < width; j++) {
                float sum = 0;
                for (int k = 0; k < w.length; k++) {
                    sum = Math.fma(w[w.length - 1 - k], x[xAt + (r + k) * STRIP + j], sum);
                }
                y[yAt + r * yStride + j] = sum;
            }
        }
    }

    private static void fourByTwo(float[] x, int xAt, float[] y, int yAt, int yStride, float[] w) {
        FloatVector a0 = broadcast(FLOATS, 0f);
        FloatVector a1 = broadcast(FLOATS, 0f);
        FloatVector a2 = broadcast(FLOATS, 0f);
        FloatVector a3 = broadcast(FLOATS, 0f);
        FloatVector b0 = broadcast(FLOATS, 0f);
        FloatVector b1 = broadcast(FLOATS, 0f);
        FloatVector b2 = broadcast(FLOATS, 0f);
        FloatVector b3 = broadcast(FLOATS, 0f);
        int last = w.length - 1;
        for (int k = 0; k <= last; k++) {
            FloatVector weight = broadcast(FLOATS, w[last - k]);
            int at = xAt + k * STRIP;
            a0 = fromArray(FLOATS, x, at).fma(weight, a0);
            a1 = fromArray(FLOATS, x, at + STRIP).fma(weight, a1);
            a2 = fromArray(FLOATS, x, at + 2 * STRIP).fma(weight, a2);
            a3 = fromArray(FLOATS, x, at + 3 * STRIP).fma(weight, a3);
            b0 = fromArray(FLOATS, x, at + COUNT).fma(weight, b0);
            b1 = fromArray(FLOATS, x, at + STRIP + COUNT).fma(weight, b1);
            b2 = fromArray(FLOATS, x, at + 2 * STRIP + COUNT).fma(weight, b2);
            b3 = fromArray(FLOATS, x, at + 3 * STRIP + COUNT).fma(weight, b3);
        }
        a0.intoArray(y, yAt);
        b0.intoArray(y, yAt + COUNT);
        a1.intoArray(y, yAt + yStride);
        b1.intoArray(y, yAt + yStride + COUNT);
        a2.intoArray(y, yAt + 2 * yStride);
        b2.intoArray(y, yAt + 2 * yStride + COUNT);
        a3.intoArray(y, yAt + 3 * yStride);
        b3.intoArray(y, yAt + 3 * yStride + COUNT);
    }

    private static void one(float[] x, int xAt, float[] y, int yAt, float[] w) {
        FloatVector sum = broadcast(FLOATS, 0f);
        int last = w.length - 1;
        for (int k = 0; k <= last; k++) {
            sum = fromArray(FLOATS, x, xAt + k * STRIP).fma(broadcast(FLOATS, w[last - k]), sum);
        }
        sum.intoArray(y, yAt);
    }

    /**
     * One row of a dense convolution: {@code y[j] = sum_p sum_q sum_r w[..] x[p][q][j + r]} in the order of rising index. One
     * loop over all weights: the compiler keeps sums in registers through one loop, not through three. What is left at the end of
     * a row is computed with the values before it once more, so that whole vectors do it.
     */
    static void dense(
            float[] x,
            int xAt,
            int frameSize,
            int width,
            float[] y,
            int yAt,
            int columns,
            float[] w,
            int kt,
            int kh,
            int kw) {
        int j = 0;
        for (; columns >= 4 * COUNT && j + 2 * COUNT < columns; j += 4 * COUNT) {
            int at = Math.min(j, columns - 4 * COUNT);
            denseFour(x, xAt + at, frameSize, width, y, yAt + at, w, kh, kw);
        }
        for (; columns >= 2 * COUNT && j + COUNT < columns; j += 2 * COUNT) {
            int at = Math.min(j, columns - 2 * COUNT);
            denseTwo(x, xAt + at, frameSize, width, y, yAt + at, w, kh, kw);
        }
        for (; columns >= COUNT && j < columns; j += COUNT) {
            int at = Math.min(j, columns - COUNT);
            denseOne(x, xAt + at, frameSize, width, y, yAt + at, w, kh, kw);
        }
        for (; j < columns; j++) {
            float sum = 0;
            int weight = w.length - 1;
            for (int p = 0; p < kt; p++) {
                for (int q = 0; q < kh; q++) {
                    int at = xAt + p * frameSize + q * width + j;
                    for (int r = 0; r < kw; r++, weight--) {
                        sum = Math.fma(w[weight], x[at + r], sum);
                    }
                }
            }
            y[yAt + j] = sum;
        }
    }

    /** Four sums, none of which waits for another: as many as a fused multiply-add takes cycles. */
    private static void denseFour(
            float[] x, int xAt, int frameSize, int width, float[] y, int yAt, float[] w, int kh, int kw) {
        int nextRow = width - kw;
        int nextFrame = frameSize - kh * width;
        FloatVector s0 = broadcast(FLOATS, 0f);
        FloatVector s1 = broadcast(FLOATS, 0f);
        FloatVector s2 = broadcast(FLOATS, 0f);
        FloatVector s3 = broadcast(FLOATS, 0f);
        int at = xAt;
        int q = kh;
        int r = kw;
        for (int weight = w.length - 1; weight >= 0; weight--) {
            FloatVector each = broadcast(FLOATS, w[weight]);
            s0 = fromArray(FLOATS, x, at).fma(each, s0);
            s1 = fromArray(FLOATS, x, at + COUNT).fma(each, s1);
            s2 = fromArray(FLOATS, x, at + 2 * COUNT).fma(each, s2);
            s3 = fromArray(FLOATS, x, at + 3 * COUNT).fma(each, s3);
            at++;
            if (--r == 0) {
                r = kw;
                at += nextRow;
                if (--q == 0) {
                    q = kh;
                    at += nextFrame;
                }
            }
        }
        s0.intoArray(y, yAt);
        s1.intoArray(y, yAt + COUNT);
        s2.intoArray(y, yAt + 2 * COUNT);
        s3.intoArray(y, yAt + 3 * COUNT);
    }

    private static void denseTwo(
            float[] x, int xAt, int frameSize, int width, float[] y, int yAt, float[] w, int kh, int kw) {
        int nextRow = width - kw;
        int nextFrame = frameSize - kh * width;
        FloatVector s0 = broadcast(FLOATS, 0f);
        FloatVector s1 = broadcast(FLOATS, 0f);
        int at = xAt;
        int q = kh;
        int r = kw;
        for (int weight = w.length - 1; weight >= 0; weight--) {
            FloatVector each = broadcast(FLOATS, w[weight]);
            s0 = fromArray(FLOATS, x, at).fma(each, s0);
            s1 = fromArray(FLOATS, x, at + COUNT).fma(each, s1);
            at++;
            if (--r == 0) {
                r = kw;
                at += nextRow;
                if (--q == 0) {
                    q = kh;
                    at += nextFrame;
                }
            }
        }
        s0.intoArray(y, yAt);
        s1.intoArray(y, yAt + COUNT);
    }

    private static void denseOne(
            float[] x, int xAt, int frameSize, int width, float[] y, int yAt, float[] w, int kh, int kw) {
        int nextRow = width - kw;
        int nextFrame = frameSize - kh * width;
        FloatVector sum = broadcast(FLOATS, 0f);
        int at = xAt;
        int q = kh;
        int r = kw;
        for (int weight = w.length - 1; weight >= 0; weight--) {
            sum = fromArray(FLOATS, x, at).fma(broadcast(FLOATS, w[weight]), sum);
            at++;
            if (--r == 0) {
                r = kw;
                at += nextRow;
                if (--q == 0) {
                    q = kh;
                    at += nextFrame;
                }
            }
        }
        sum.intoArray(y, yAt);
    }
}
