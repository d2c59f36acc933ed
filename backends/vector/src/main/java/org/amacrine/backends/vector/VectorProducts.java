package org.amacrine.backends.vector;

import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of matrices: lanes run over columns. A tile of four rows by two vectors stays in registers while k runs, so that what
 * is loaded serves several sums, none of which waits for another.
 */
final class VectorProducts {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int COUNT = S.length();
    private static final int TILE_ROWS = 4;

    private VectorProducts() {}

    static void addProduct(
            double[] a,
            int aAt,
            int aRow,
            int aColumn,
            double[] b,
            int bAt,
            int bRow,
            double[] c,
            int cAt,
            int cRow,
            int rows,
            int inner,
            int columns) {
        int pairs = columns / (2 * COUNT) * (2 * COUNT);
        int whole = columns / COUNT * COUNT;
        int i = 0;
        for (; i + TILE_ROWS <= rows; i += TILE_ROWS) {
            int from = aAt + i * aRow;
            int to = cAt + i * cRow;
            for (int j = 0; j < pairs; j += 2 * COUNT) {
                addWideTile(a, from, aRow, aColumn, b, bAt + j, bRow, c, to + j, cRow, inner);
            }
            if (pairs < whole) {
                addTile(a, from, aRow, aColumn, b, bAt + pairs, bRow, c, to + pairs, cRow, inner);
            }
        }
        for (; i < rows; i++) {
            for (int j = 0; j < whole; j += COUNT) {
                addRow(a, aAt + i * aRow, aColumn, b, bAt + j, bRow, c, cAt + i * cRow + j, inner);
            }
        }
        for (int row = 0; whole < columns && row < rows; row++) {
            int to = cAt + row * cRow;
            for (int j = whole; j < columns; j++) {
                double sum = c[to + j];
                for (int k = 0; k < inner; k++) {
                    sum = Math.fma(a[aAt + row * aRow + k * aColumn], b[bAt + k * bRow + j], sum);
                }
                c[to + j] = sum;
            }
        }
    }

    private static void addWideTile(
            double[] a,
            int aAt,
            int aRow,
            int aColumn,
            double[] b,
            int bAt,
            int bRow,
            double[] c,
            int cAt,
            int cRow,
            int inner) {
        DoubleVector c00 = fromArray(S, c, cAt);
        DoubleVector c01 = fromArray(S, c, cAt + COUNT);
        DoubleVector c10 = fromArray(S, c, cAt + cRow);
        DoubleVector c11 = fromArray(S, c, cAt + cRow + COUNT);
        DoubleVector c20 = fromArray(S, c, cAt + 2 * cRow);
        DoubleVector c21 = fromArray(S, c, cAt + 2 * cRow + COUNT);
        DoubleVector c30 = fromArray(S, c, cAt + 3 * cRow);
        DoubleVector c31 = fromArray(S, c, cAt + 3 * cRow + COUNT);
        for (int k = 0, at = aAt, from = bAt; k < inner; k++, at += aColumn, from += bRow) {
            DoubleVector b0 = fromArray(S, b, from);
            DoubleVector b1 = fromArray(S, b, from + COUNT);
            DoubleVector x = broadcast(S, a[at]);
            c00 = b0.fma(x, c00);
            c01 = b1.fma(x, c01);
            x = broadcast(S, a[at + aRow]);
            c10 = b0.fma(x, c10);
            c11 = b1.fma(x, c11);
            x = broadcast(S, a[at + 2 * aRow]);
            c20 = b0.fma(x, c20);
            c21 = b1.fma(x, c21);
            x = broadcast(S, a[at + 3 * aRow]);
            c30 = b0.fma(x, c30);
            c31 = b1.fma(x, c31);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + COUNT);
        c10.intoArray(c, cAt + cRow);
        c11.intoArray(c, cAt + cRow + COUNT);
        c20.intoArray(c, cAt + 2 * cRow);
        c21.intoArray(c, cAt + 2 * cRow + COUNT);
        c30.intoArray(c, cAt + 3 * cRow);
        c31.intoArray(c, cAt + 3 * cRow + COUNT);
    }

    private static void addTile(
            double[] a,
            int aAt,
            int aRow,
            int aColumn,
            double[] b,
            int bAt,
            int bRow,
            double[] c,
            int cAt,
            int cRow,
            int inner) {
        DoubleVector c0 = fromArray(S, c, cAt);
        DoubleVector c1 = fromArray(S, c, cAt + cRow);
        DoubleVector c2 = fromArray(S, c, cAt + 2 * cRow);
        DoubleVector c3 = fromArray(S, c, cAt + 3 * cRow);
        for (int k = 0, at = aAt, from = bAt; k < inner; k++, at += aColumn, from += bRow) {
            DoubleVector y = fromArray(S, b, from);
            c0 = y.fma(broadcast(S, a[at]), c0);
            c1 = y.fma(broadcast(S, a[at + aRow]), c1);
            c2 = y.fma(broadcast(S, a[at + 2 * aRow]), c2);
            c3 = y.fma(broadcast(S, a[at + 3 * aRow]), c3);
        }
        c0.intoArray(c, cAt);
        c1.intoArray(c, cAt + cRow);
        c2.intoArray(c, cAt + 2 * cRow);
        c3.intoArray(c, cAt + 3 * cRow);
    }

    private static void addRow(
            double[] a, int aAt, int aColumn, double[] b, int bAt, int bRow, double[] c, int cAt, int inner) {
        DoubleVector sum = fromArray(S, c, cAt);
        for (int k = 0, at = aAt, from = bAt; k < inner; k++, at += aColumn, from += bRow) {
            sum = fromArray(S, b, from).fma(broadcast(S, a[at]), sum);
        }
        sum.intoArray(c, cAt);
    }
}
