package org.amacrine.backends.vector;

import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of matrices: lanes run over columns. A tile of four rows by two or four vectors, or of two by four, stays in registers while k runs, so
 * that what is loaded serves several sums, none of which waits for another.
 */
final class VectorProducts {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int COUNT = S.length();
    private static final int TILE_ROWS = 4;
    /** Vectors of 512 bits come with 32 registers, others with 16. */
    private static final boolean MANY_REGISTERS = S.vectorBitSize() == 512;

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
        if (MANY_REGISTERS && VectorPanels.fits(aRow, aColumn, bRow, cRow, rows, columns)) {
            VectorPanels.addProduct(a, aAt, aRow == 1, b, bAt, c, cAt, rows, inner, columns);
            return;
        }
        int whole = columns / COUNT * COUNT;
        int i = 0;
        for (; i + TILE_ROWS <= rows; i += TILE_ROWS) {
            int from = aAt + i * aRow;
            int to = cAt + i * cRow;
            int j = 0;
            for (; MANY_REGISTERS && j + 4 * COUNT <= whole; j += 4 * COUNT) {
                addWidestTile(a, from, aRow, aColumn, b, bAt + j, bRow, c, to + j, cRow, inner);
            }
            for (; j + 3 * COUNT <= whole; j += 3 * COUNT) {
                addWiderTile(a, from, aRow, aColumn, b, bAt + j, bRow, c, to + j, cRow, inner);
            }
            if (j + 2 * COUNT <= whole) {
                addWideTile(a, from, aRow, aColumn, b, bAt + j, bRow, c, to + j, cRow, inner);
                j += 2 * COUNT;
            }
            if (j < whole && i % (2 * TILE_ROWS) == 0 && i + 2 * TILE_ROWS <= rows) {
                addTallTile(a, from, aRow, aColumn, b, bAt + j, bRow, c, to + j, cRow, inner);
            } else if (j < whole && i % (2 * TILE_ROWS) == 0) {
                addTile(a, from, aRow, aColumn, b, bAt + j, bRow, c, to + j, cRow, inner);
            }
        }
        int wide = columns / (4 * COUNT) * (4 * COUNT);
        for (; i + 2 <= rows; i += 2) {
            int from = aAt + i * aRow;
            int to = cAt + i * cRow;
            for (int j = 0; j < wide; j += 4 * COUNT) {
                addTwoRows(a, from, aRow, aColumn, b, bAt + j, bRow, c, to + j, cRow, inner);
            }
            for (int j = wide; j < whole; j += COUNT) {
                addRow(a, from, aColumn, b, bAt + j, bRow, c, to + j, inner);
                addRow(a, from + aRow, aColumn, b, bAt + j, bRow, c, to + cRow + j, inner);
            }
        }
        for (; i < rows; i++) {
            int from = aAt + i * aRow;
            int to = cAt + i * cRow;
            for (int j = 0; j < wide; j += 4 * COUNT) {
                addWideRow(a, from, aColumn, b, bAt + j, bRow, c, to + j, inner);
            }
            for (int j = wide; j < whole; j += COUNT) {
                addRow(a, from, aColumn, b, bAt + j, bRow, c, to + j, inner);
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

    /** Twelve sums: three vectors of four rows. */
    private static void addWiderTile(
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
        DoubleVector c02 = fromArray(S, c, cAt + 2 * COUNT);
        DoubleVector c10 = fromArray(S, c, cAt + cRow);
        DoubleVector c11 = fromArray(S, c, cAt + cRow + COUNT);
        DoubleVector c12 = fromArray(S, c, cAt + cRow + 2 * COUNT);
        DoubleVector c20 = fromArray(S, c, cAt + 2 * cRow);
        DoubleVector c21 = fromArray(S, c, cAt + 2 * cRow + COUNT);
        DoubleVector c22 = fromArray(S, c, cAt + 2 * cRow + 2 * COUNT);
        DoubleVector c30 = fromArray(S, c, cAt + 3 * cRow);
        DoubleVector c31 = fromArray(S, c, cAt + 3 * cRow + COUNT);
        DoubleVector c32 = fromArray(S, c, cAt + 3 * cRow + 2 * COUNT);
        for (int k = 0, at = aAt, from = bAt; k < inner; k++, at += aColumn, from += bRow) {
            DoubleVector b0 = fromArray(S, b, from);
            DoubleVector b1 = fromArray(S, b, from + COUNT);
            DoubleVector b2 = fromArray(S, b, from + 2 * COUNT);
            DoubleVector x = broadcast(S, a[at]);
            c00 = b0.fma(x, c00);
            c01 = b1.fma(x, c01);
            c02 = b2.fma(x, c02);
            x = broadcast(S, a[at + aRow]);
            c10 = b0.fma(x, c10);
            c11 = b1.fma(x, c11);
            c12 = b2.fma(x, c12);
            x = broadcast(S, a[at + 2 * aRow]);
            c20 = b0.fma(x, c20);
            c21 = b1.fma(x, c21);
            c22 = b2.fma(x, c22);
            x = broadcast(S, a[at + 3 * aRow]);
            c30 = b0.fma(x, c30);
            c31 = b1.fma(x, c31);
            c32 = b2.fma(x, c32);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + COUNT);
        c02.intoArray(c, cAt + 2 * COUNT);
        c10.intoArray(c, cAt + cRow);
        c11.intoArray(c, cAt + cRow + COUNT);
        c12.intoArray(c, cAt + cRow + 2 * COUNT);
        c20.intoArray(c, cAt + 2 * cRow);
        c21.intoArray(c, cAt + 2 * cRow + COUNT);
        c22.intoArray(c, cAt + 2 * cRow + 2 * COUNT);
        c30.intoArray(c, cAt + 3 * cRow);
        c31.intoArray(c, cAt + 3 * cRow + COUNT);
        c32.intoArray(c, cAt + 3 * cRow + 2 * COUNT);
    }

    /** Sixteen sums: for processors with 32 vector registers. */
    private static void addWidestTile(
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
        DoubleVector c02 = fromArray(S, c, cAt + 2 * COUNT);
        DoubleVector c03 = fromArray(S, c, cAt + 3 * COUNT);
        DoubleVector c10 = fromArray(S, c, cAt + cRow);
        DoubleVector c11 = fromArray(S, c, cAt + cRow + COUNT);
        DoubleVector c12 = fromArray(S, c, cAt + cRow + 2 * COUNT);
        DoubleVector c13 = fromArray(S, c, cAt + cRow + 3 * COUNT);
        DoubleVector c20 = fromArray(S, c, cAt + 2 * cRow);
        DoubleVector c21 = fromArray(S, c, cAt + 2 * cRow + COUNT);
        DoubleVector c22 = fromArray(S, c, cAt + 2 * cRow + 2 * COUNT);
        DoubleVector c23 = fromArray(S, c, cAt + 2 * cRow + 3 * COUNT);
        DoubleVector c30 = fromArray(S, c, cAt + 3 * cRow);
        DoubleVector c31 = fromArray(S, c, cAt + 3 * cRow + COUNT);
        DoubleVector c32 = fromArray(S, c, cAt + 3 * cRow + 2 * COUNT);
        DoubleVector c33 = fromArray(S, c, cAt + 3 * cRow + 3 * COUNT);
        for (int k = 0, at = aAt, from = bAt; k < inner; k++, at += aColumn, from += bRow) {
            DoubleVector b0 = fromArray(S, b, from);
            DoubleVector b1 = fromArray(S, b, from + COUNT);
            DoubleVector b2 = fromArray(S, b, from + 2 * COUNT);
            DoubleVector b3 = fromArray(S, b, from + 3 * COUNT);
            DoubleVector x = broadcast(S, a[at]);
            c00 = b0.fma(x, c00);
            c01 = b1.fma(x, c01);
            c02 = b2.fma(x, c02);
            c03 = b3.fma(x, c03);
            x = broadcast(S, a[at + aRow]);
            c10 = b0.fma(x, c10);
            c11 = b1.fma(x, c11);
            c12 = b2.fma(x, c12);
            c13 = b3.fma(x, c13);
            x = broadcast(S, a[at + 2 * aRow]);
            c20 = b0.fma(x, c20);
            c21 = b1.fma(x, c21);
            c22 = b2.fma(x, c22);
            c23 = b3.fma(x, c23);
            x = broadcast(S, a[at + 3 * aRow]);
            c30 = b0.fma(x, c30);
            c31 = b1.fma(x, c31);
            c32 = b2.fma(x, c32);
            c33 = b3.fma(x, c33);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + COUNT);
        c02.intoArray(c, cAt + 2 * COUNT);
        c03.intoArray(c, cAt + 3 * COUNT);
        c10.intoArray(c, cAt + cRow);
        c11.intoArray(c, cAt + cRow + COUNT);
        c12.intoArray(c, cAt + cRow + 2 * COUNT);
        c13.intoArray(c, cAt + cRow + 3 * COUNT);
        c20.intoArray(c, cAt + 2 * cRow);
        c21.intoArray(c, cAt + 2 * cRow + COUNT);
        c22.intoArray(c, cAt + 2 * cRow + 2 * COUNT);
        c23.intoArray(c, cAt + 2 * cRow + 3 * COUNT);
        c30.intoArray(c, cAt + 3 * cRow);
        c31.intoArray(c, cAt + 3 * cRow + COUNT);
        c32.intoArray(c, cAt + 3 * cRow + 2 * COUNT);
        c33.intoArray(c, cAt + 3 * cRow + 3 * COUNT);
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

    private static void addTwoRows(
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
        DoubleVector c02 = fromArray(S, c, cAt + 2 * COUNT);
        DoubleVector c03 = fromArray(S, c, cAt + 3 * COUNT);
        DoubleVector c10 = fromArray(S, c, cAt + cRow);
        DoubleVector c11 = fromArray(S, c, cAt + cRow + COUNT);
        DoubleVector c12 = fromArray(S, c, cAt + cRow + 2 * COUNT);
        DoubleVector c13 = fromArray(S, c, cAt + cRow + 3 * COUNT);
        for (int k = 0, at = aAt, from = bAt; k < inner; k++, at += aColumn, from += bRow) {
            DoubleVector x0 = broadcast(S, a[at]);
            DoubleVector x1 = broadcast(S, a[at + aRow]);
            DoubleVector y = fromArray(S, b, from);
            c00 = y.fma(x0, c00);
            c10 = y.fma(x1, c10);
            y = fromArray(S, b, from + COUNT);
            c01 = y.fma(x0, c01);
            c11 = y.fma(x1, c11);
            y = fromArray(S, b, from + 2 * COUNT);
            c02 = y.fma(x0, c02);
            c12 = y.fma(x1, c12);
            y = fromArray(S, b, from + 3 * COUNT);
            c03 = y.fma(x0, c03);
            c13 = y.fma(x1, c13);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + COUNT);
        c02.intoArray(c, cAt + 2 * COUNT);
        c03.intoArray(c, cAt + 3 * COUNT);
        c10.intoArray(c, cAt + cRow);
        c11.intoArray(c, cAt + cRow + COUNT);
        c12.intoArray(c, cAt + cRow + 2 * COUNT);
        c13.intoArray(c, cAt + cRow + 3 * COUNT);
    }

    /** Eight rows of one vector, so that no sum waits for another. */
    private static void addTallTile(
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
        DoubleVector c4 = fromArray(S, c, cAt + 4 * cRow);
        DoubleVector c5 = fromArray(S, c, cAt + 5 * cRow);
        DoubleVector c6 = fromArray(S, c, cAt + 6 * cRow);
        DoubleVector c7 = fromArray(S, c, cAt + 7 * cRow);
        for (int k = 0, at = aAt, from = bAt; k < inner; k++, at += aColumn, from += bRow) {
            DoubleVector y = fromArray(S, b, from);
            c0 = y.fma(broadcast(S, a[at]), c0);
            c1 = y.fma(broadcast(S, a[at + aRow]), c1);
            c2 = y.fma(broadcast(S, a[at + 2 * aRow]), c2);
            c3 = y.fma(broadcast(S, a[at + 3 * aRow]), c3);
            c4 = y.fma(broadcast(S, a[at + 4 * aRow]), c4);
            c5 = y.fma(broadcast(S, a[at + 5 * aRow]), c5);
            c6 = y.fma(broadcast(S, a[at + 6 * aRow]), c6);
            c7 = y.fma(broadcast(S, a[at + 7 * aRow]), c7);
        }
        c0.intoArray(c, cAt);
        c1.intoArray(c, cAt + cRow);
        c2.intoArray(c, cAt + 2 * cRow);
        c3.intoArray(c, cAt + 3 * cRow);
        c4.intoArray(c, cAt + 4 * cRow);
        c5.intoArray(c, cAt + 5 * cRow);
        c6.intoArray(c, cAt + 6 * cRow);
        c7.intoArray(c, cAt + 7 * cRow);
    }

    private static void addWideRow(
            double[] a, int aAt, int aColumn, double[] b, int bAt, int bRow, double[] c, int cAt, int inner) {
        DoubleVector c0 = fromArray(S, c, cAt);
        DoubleVector c1 = fromArray(S, c, cAt + COUNT);
        DoubleVector c2 = fromArray(S, c, cAt + 2 * COUNT);
        DoubleVector c3 = fromArray(S, c, cAt + 3 * COUNT);
        for (int k = 0, at = aAt, from = bAt; k < inner; k++, at += aColumn, from += bRow) {
            DoubleVector x = broadcast(S, a[at]);
            c0 = fromArray(S, b, from).fma(x, c0);
            c1 = fromArray(S, b, from + COUNT).fma(x, c1);
            c2 = fromArray(S, b, from + 2 * COUNT).fma(x, c2);
            c3 = fromArray(S, b, from + 3 * COUNT).fma(x, c3);
        }
        c0.intoArray(c, cAt);
        c1.intoArray(c, cAt + COUNT);
        c2.intoArray(c, cAt + 2 * COUNT);
        c3.intoArray(c, cAt + 3 * COUNT);
    }

    private static void addRow(
            double[] a, int aAt, int aColumn, double[] b, int bAt, int bRow, double[] c, int cAt, int inner) {
        DoubleVector sum = fromArray(S, c, cAt);
        for (int k = 0, at = aAt, from = bAt; k < inner; k++, at += aColumn, from += bRow) {
            sum = fromArray(S, b, from).fma(broadcast(S, a[at]), sum);
        }
        sum.intoArray(c, cAt);
    }

    static void rectify(double[] x, int at, int count) {
        DoubleVector zero = DoubleVector.zero(S);
        int whole = count / COUNT * COUNT;
        for (int i = at; i < at + whole; i += COUNT) {
            // Quicker than max(), which looks after signed zeros and NaN; here both become or stay what they should
            // without that.
            DoubleVector value = fromArray(S, x, i);
            value.blend(zero, value.compare(VectorOperators.LE, zero)).intoArray(x, i);
        }
        for (int i = at + whole; i < at + count; i++) {
            x[i] = Math.max(x[i], 0);
        }
    }

    static void rectifyBack(double[] f, int fAt, double[] g, int gAt, int count) {
        int whole = count / COUNT * COUNT;
        DoubleVector zero = DoubleVector.zero(S);
        for (int i = 0; i < whole; i += COUNT) {
            VectorMask<Double> off = fromArray(S, f, fAt + i).compare(VectorOperators.EQ, zero);
            fromArray(S, g, gAt + i).blend(zero, off).intoArray(g, gAt + i);
        }
        for (int i = whole; i < count; i++) {
            g[gAt + i] = f[fAt + i] == 0 ? 0 : g[gAt + i];
        }
    }

    static void weighDifferences(
            double[] a, int aAt, double[] b, int bAt, double[] w, double[] c, int cAt, double[] squares, int count) {
        int whole = count / COUNT * COUNT;
        for (int i = 0; i < whole; i += COUNT) {
            DoubleVector r = fromArray(S, a, aAt + i).sub(fromArray(S, b, bAt + i));
            r.mul(fromArray(S, w, i)).intoArray(c, cAt + i);
            r.fma(r, fromArray(S, squares, i)).intoArray(squares, i);
        }
        for (int i = whole; i < count; i++) {
            double r = a[aAt + i] - b[bAt + i];
            c[cAt + i] = r * w[i];
            squares[i] = Math.fma(r, r, squares[i]);
        }
    }
}
