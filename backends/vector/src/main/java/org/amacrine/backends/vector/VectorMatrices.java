package org.amacrine.backends.vector;

import static jdk.incubator.vector.DoubleVector.fromArray;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.amacrine.core.kernel.RowDot;
import org.amacrine.core.kernel.ScalarKernels;

/** Dot products of the rows of two matrices in double precision: lanes run along rows, and several rows share what is loaded. */
final class VectorMatrices {
    private VectorMatrices() {}

    /** Partial sums of a dot product. */
    private static final int SUMS = 8;

    private static final VectorSpecies<Double> S =
            DoubleVector.SPECIES_PREFERRED.length() <= SUMS ? DoubleVector.SPECIES_PREFERRED : DoubleVector.SPECIES_512;
    private static final int COUNT = S.length();
    private static final int TILE = 4;
    private static final VectorShuffle<Double> FOLD4 = fold(4);
    private static final VectorShuffle<Double> FOLD2 = fold(2);
    private static final VectorShuffle<Double> FOLD1 = fold(1);

    /** Brings what is so many lanes away. */
    private static VectorShuffle<Double> fold(int by) {
        return VectorShuffle.fromOp(S, lane -> (lane + by) % COUNT);
    }

    // Sums are folded in the methods that made them: vectors that cross calls may become objects.

    static void multiplyTransposed(
            double[] x, int xAt, double[] w, double[] y, int yAt, int rows, int inner, int columns) {
        if (COUNT < SUMS / 2) {
            ScalarKernels.INSTANCE.multiplyTransposed(x, xAt, w, y, yAt, rows, inner, columns);
            return;
        }
        int whole = inner / SUMS * SUMS;
        int tiled = COUNT == SUMS ? rows / TILE * TILE : 0;
        int pairs = columns / 2 * 2;
        for (int n = 0; n < tiled; n += TILE) {
            for (int j = 0; j < pairs; j += 2) {
                dotTile(x, xAt + n * inner, w, j * inner, inner, whole, y, yAt + n * columns + j, columns);
            }
        }
        int j = 0;
        for (; COUNT == SUMS && j + TILE <= columns; j += TILE) {
            for (int n = tiled; n < rows; n++) {
                dotFour(x, xAt + n * inner, w, j * inner, inner, whole, y, yAt + n * columns + j);
            }
        }
        for (; j < columns; j++) {
            for (int n = j < pairs ? tiled : 0; n < rows; n++) {
                y[yAt + n * columns + j] = COUNT == SUMS
                        ? dotOne(x, xAt + n * inner, w, j * inner, whole)
                        : dotOneOfHalves(x, xAt + n * inner, w, j * inner, whole);
            }
        }
        for (int n = 0; whole < inner && n < rows; n++) {
            for (int k = 0; k < columns; k++) {
                int at = yAt + n * columns + k;
                y[at] = RowDot.rest(x, xAt + n * inner, w, k * inner, whole, inner, y[at]);
            }
        }
    }

    /** Four rows of x by two of w. */
    private static void dotTile(
            double[] x, int xAt, double[] w, int wAt, int stride, int count, double[] y, int yAt, int yRow) {
        DoubleVector s00 = DoubleVector.zero(S);
        DoubleVector s01 = s00;
        DoubleVector s10 = s00;
        DoubleVector s11 = s00;
        DoubleVector s20 = s00;
        DoubleVector s21 = s00;
        DoubleVector s30 = s00;
        DoubleVector s31 = s00;
        for (int i = 0; i < count; i += COUNT) {
            int from = xAt + i;
            DoubleVector w0 = fromArray(S, w, wAt + i);
            DoubleVector w1 = fromArray(S, w, wAt + stride + i);
            DoubleVector v = fromArray(S, x, from);
            s00 = w0.fma(v, s00);
            s01 = w1.fma(v, s01);
            v = fromArray(S, x, from + stride);
            s10 = w0.fma(v, s10);
            s11 = w1.fma(v, s11);
            v = fromArray(S, x, from + 2 * stride);
            s20 = w0.fma(v, s20);
            s21 = w1.fma(v, s21);
            v = fromArray(S, x, from + 3 * stride);
            s30 = w0.fma(v, s30);
            s31 = w1.fma(v, s31);
        }
        s00 = s00.add(s00.rearrange(FOLD4));
        s00 = s00.add(s00.rearrange(FOLD2));
        s00 = s00.add(s00.rearrange(FOLD1));
        y[yAt] = s00.lane(0);
        s01 = s01.add(s01.rearrange(FOLD4));
        s01 = s01.add(s01.rearrange(FOLD2));
        s01 = s01.add(s01.rearrange(FOLD1));
        y[yAt + 1] = s01.lane(0);
        s10 = s10.add(s10.rearrange(FOLD4));
        s10 = s10.add(s10.rearrange(FOLD2));
        s10 = s10.add(s10.rearrange(FOLD1));
        y[yAt + yRow] = s10.lane(0);
        s11 = s11.add(s11.rearrange(FOLD4));
        s11 = s11.add(s11.rearrange(FOLD2));
        s11 = s11.add(s11.rearrange(FOLD1));
        y[yAt + yRow + 1] = s11.lane(0);
        s20 = s20.add(s20.rearrange(FOLD4));
        s20 = s20.add(s20.rearrange(FOLD2));
        s20 = s20.add(s20.rearrange(FOLD1));
        y[yAt + 2 * yRow] = s20.lane(0);
        s21 = s21.add(s21.rearrange(FOLD4));
        s21 = s21.add(s21.rearrange(FOLD2));
        s21 = s21.add(s21.rearrange(FOLD1));
        y[yAt + 2 * yRow + 1] = s21.lane(0);
        s30 = s30.add(s30.rearrange(FOLD4));
        s30 = s30.add(s30.rearrange(FOLD2));
        s30 = s30.add(s30.rearrange(FOLD1));
        y[yAt + 3 * yRow] = s30.lane(0);
        s31 = s31.add(s31.rearrange(FOLD4));
        s31 = s31.add(s31.rearrange(FOLD2));
        s31 = s31.add(s31.rearrange(FOLD1));
        y[yAt + 3 * yRow + 1] = s31.lane(0);
    }

    private static void dotFour(double[] x, int xAt, double[] w, int wAt, int stride, int count, double[] y, int yAt) {
        DoubleVector s0 = DoubleVector.zero(S);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        for (int i = 0, at = wAt; i < count; i += COUNT, at += COUNT) {
            DoubleVector v = fromArray(S, x, xAt + i);
            s0 = fromArray(S, w, at).fma(v, s0);
            s1 = fromArray(S, w, at + stride).fma(v, s1);
            s2 = fromArray(S, w, at + 2 * stride).fma(v, s2);
            s3 = fromArray(S, w, at + 3 * stride).fma(v, s3);
        }
        s0 = s0.add(s0.rearrange(FOLD4));
        s0 = s0.add(s0.rearrange(FOLD2));
        s0 = s0.add(s0.rearrange(FOLD1));
        y[yAt] = s0.lane(0);
        s1 = s1.add(s1.rearrange(FOLD4));
        s1 = s1.add(s1.rearrange(FOLD2));
        s1 = s1.add(s1.rearrange(FOLD1));
        y[yAt + 1] = s1.lane(0);
        s2 = s2.add(s2.rearrange(FOLD4));
        s2 = s2.add(s2.rearrange(FOLD2));
        s2 = s2.add(s2.rearrange(FOLD1));
        y[yAt + 2] = s2.lane(0);
        s3 = s3.add(s3.rearrange(FOLD4));
        s3 = s3.add(s3.rearrange(FOLD2));
        s3 = s3.add(s3.rearrange(FOLD1));
        y[yAt + 3] = s3.lane(0);
    }

    private static double dotOne(double[] x, int xAt, double[] w, int wAt, int count) {
        DoubleVector s = DoubleVector.zero(S);
        for (int i = 0; i < count; i += COUNT) {
            s = fromArray(S, w, wAt + i).fma(fromArray(S, x, xAt + i), s);
        }
        s = s.add(s.rearrange(FOLD4));
        s = s.add(s.rearrange(FOLD2));
        s = s.add(s.rearrange(FOLD1));
        return s.lane(0);
    }

    /** With four lanes, the partial sums are two vectors. */
    private static double dotOneOfHalves(double[] x, int xAt, double[] w, int wAt, int count) {
        DoubleVector a = DoubleVector.zero(S);
        DoubleVector b = a;
        for (int i = 0; i < count; i += 2 * COUNT) {
            a = fromArray(S, w, wAt + i).fma(fromArray(S, x, xAt + i), a);
            b = fromArray(S, w, wAt + i + COUNT).fma(fromArray(S, x, xAt + i + COUNT), b);
        }
        a = a.add(b);
        a = a.add(a.rearrange(FOLD2));
        a = a.add(a.rearrange(FOLD1));
        return a.lane(0);
    }
}
