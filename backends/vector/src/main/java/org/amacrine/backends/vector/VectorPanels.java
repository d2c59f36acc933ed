package org.amacrine.backends.vector;

import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of matrices whose rows all lie {@value #PANEL} values apart, in tiles like those of {@link VectorProducts}. A distance
 * that the compiler knows is worth some 40 %: it checks the bounds of a whole loop at once. For vectors of 512 bits.
 */
final class VectorPanels {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_512;
    private static final int COUNT = S.length();
    /** Distance of rows. */
    static final int PANEL = 32;

    private static final int TILE_ROWS = 4;
    private static final int TALL_ROWS = 8;

    private VectorPanels() {}

    /** Whether a product is of this kind: whole vectors, whole tiles, either a or its transpose with such rows. */
    static boolean fits(int aRow, int aColumn, int bRow, int cRow, int rows, int columns) {
        boolean plain = aRow == PANEL && aColumn == 1;
        boolean turned = aRow == 1 && aColumn == PANEL;
        return (plain || turned)
                && bRow == PANEL
                && cRow == PANEL
                && rows % TILE_ROWS == 0
                && columns % COUNT == 0
                && columns <= PANEL;
    }

    static void addProduct(
            double[] a,
            int aAt,
            boolean turned,
            double[] b,
            int bAt,
            double[] c,
            int cAt,
            int rows,
            int inner,
            int columns) {
        int step = turned ? 1 : PANEL;
        for (int i = 0; i < rows; i += TILE_ROWS) {
            int from = aAt + i * step;
            int to = cAt + i * PANEL;
            int j = 0;
            if (columns == 4 * COUNT) {
                if (turned) {
                    addWidestTurned(a, from, b, bAt, c, to, inner);
                } else {
                    addWidest(a, from, b, bAt, c, to, inner);
                }
                j = columns;
            } else if (columns == 3 * COUNT) {
                if (turned) {
                    addWiderTurned(a, from, b, bAt, c, to, inner);
                } else {
                    addWider(a, from, b, bAt, c, to, inner);
                }
                j = columns;
            }
            boolean tall = j < columns && i + TALL_ROWS <= rows;
            for (; j < columns; j += COUNT) {
                if (tall && turned) {
                    addTallTurned(a, from, b, bAt + j, c, to + j, inner);
                } else if (tall) {
                    addTall(a, from, b, bAt + j, c, to + j, inner);
                } else if (turned) {
                    addNarrowTurned(a, from, b, bAt + j, c, to + j, inner);
                } else {
                    addNarrow(a, from, b, bAt + j, c, to + j, inner);
                }
            }
            i += tall ? TILE_ROWS : 0;
        }
    }

    /** Four vectors of four rows. */
    private static void addWidest(double[] a, int aAt, double[] b, int bAt, double[] c, int cAt, int inner) {
        DoubleVector c00 = fromArray(S, c, cAt);
        DoubleVector c01 = fromArray(S, c, cAt + COUNT);
        DoubleVector c02 = fromArray(S, c, cAt + 2 * COUNT);
        DoubleVector c03 = fromArray(S, c, cAt + 3 * COUNT);
        DoubleVector c10 = fromArray(S, c, cAt + PANEL);
        DoubleVector c11 = fromArray(S, c, cAt + PANEL + COUNT);
        DoubleVector c12 = fromArray(S, c, cAt + PANEL + 2 * COUNT);
        DoubleVector c13 = fromArray(S, c, cAt + PANEL + 3 * COUNT);
        DoubleVector c20 = fromArray(S, c, cAt + 2 * PANEL);
        DoubleVector c21 = fromArray(S, c, cAt + 2 * PANEL + COUNT);
        DoubleVector c22 = fromArray(S, c, cAt + 2 * PANEL + 2 * COUNT);
        DoubleVector c23 = fromArray(S, c, cAt + 2 * PANEL + 3 * COUNT);
        DoubleVector c30 = fromArray(S, c, cAt + 3 * PANEL);
        DoubleVector c31 = fromArray(S, c, cAt + 3 * PANEL + COUNT);
        DoubleVector c32 = fromArray(S, c, cAt + 3 * PANEL + 2 * COUNT);
        DoubleVector c33 = fromArray(S, c, cAt + 3 * PANEL + 3 * COUNT);
        for (int k = 0; k < inner; k++) {
            DoubleVector b0 = fromArray(S, b, bAt + k * PANEL);
            DoubleVector b1 = fromArray(S, b, bAt + k * PANEL + COUNT);
            DoubleVector b2 = fromArray(S, b, bAt + k * PANEL + 2 * COUNT);
            DoubleVector b3 = fromArray(S, b, bAt + k * PANEL + 3 * COUNT);
            DoubleVector x = broadcast(S, a[aAt + k]);
            c00 = b0.fma(x, c00);
            c01 = b1.fma(x, c01);
            c02 = b2.fma(x, c02);
            c03 = b3.fma(x, c03);
            x = broadcast(S, a[aAt + k + PANEL]);
            c10 = b0.fma(x, c10);
            c11 = b1.fma(x, c11);
            c12 = b2.fma(x, c12);
            c13 = b3.fma(x, c13);
            x = broadcast(S, a[aAt + k + 2 * PANEL]);
            c20 = b0.fma(x, c20);
            c21 = b1.fma(x, c21);
            c22 = b2.fma(x, c22);
            c23 = b3.fma(x, c23);
            x = broadcast(S, a[aAt + k + 3 * PANEL]);
            c30 = b0.fma(x, c30);
            c31 = b1.fma(x, c31);
            c32 = b2.fma(x, c32);
            c33 = b3.fma(x, c33);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + COUNT);
        c02.intoArray(c, cAt + 2 * COUNT);
        c03.intoArray(c, cAt + 3 * COUNT);
        c10.intoArray(c, cAt + PANEL);
        c11.intoArray(c, cAt + PANEL + COUNT);
        c12.intoArray(c, cAt + PANEL + 2 * COUNT);
        c13.intoArray(c, cAt + PANEL + 3 * COUNT);
        c20.intoArray(c, cAt + 2 * PANEL);
        c21.intoArray(c, cAt + 2 * PANEL + COUNT);
        c22.intoArray(c, cAt + 2 * PANEL + 2 * COUNT);
        c23.intoArray(c, cAt + 2 * PANEL + 3 * COUNT);
        c30.intoArray(c, cAt + 3 * PANEL);
        c31.intoArray(c, cAt + 3 * PANEL + COUNT);
        c32.intoArray(c, cAt + 3 * PANEL + 2 * COUNT);
        c33.intoArray(c, cAt + 3 * PANEL + 3 * COUNT);
    }

    /** The same with a transposed. */
    private static void addWidestTurned(double[] a, int aAt, double[] b, int bAt, double[] c, int cAt, int inner) {
        DoubleVector c00 = fromArray(S, c, cAt);
        DoubleVector c01 = fromArray(S, c, cAt + COUNT);
        DoubleVector c02 = fromArray(S, c, cAt + 2 * COUNT);
        DoubleVector c03 = fromArray(S, c, cAt + 3 * COUNT);
        DoubleVector c10 = fromArray(S, c, cAt + PANEL);
        DoubleVector c11 = fromArray(S, c, cAt + PANEL + COUNT);
        DoubleVector c12 = fromArray(S, c, cAt + PANEL + 2 * COUNT);
        DoubleVector c13 = fromArray(S, c, cAt + PANEL + 3 * COUNT);
        DoubleVector c20 = fromArray(S, c, cAt + 2 * PANEL);
        DoubleVector c21 = fromArray(S, c, cAt + 2 * PANEL + COUNT);
        DoubleVector c22 = fromArray(S, c, cAt + 2 * PANEL + 2 * COUNT);
        DoubleVector c23 = fromArray(S, c, cAt + 2 * PANEL + 3 * COUNT);
        DoubleVector c30 = fromArray(S, c, cAt + 3 * PANEL);
        DoubleVector c31 = fromArray(S, c, cAt + 3 * PANEL + COUNT);
        DoubleVector c32 = fromArray(S, c, cAt + 3 * PANEL + 2 * COUNT);
        DoubleVector c33 = fromArray(S, c, cAt + 3 * PANEL + 3 * COUNT);
        for (int k = 0; k < inner; k++) {
            DoubleVector b0 = fromArray(S, b, bAt + k * PANEL);
            DoubleVector b1 = fromArray(S, b, bAt + k * PANEL + COUNT);
            DoubleVector b2 = fromArray(S, b, bAt + k * PANEL + 2 * COUNT);
            DoubleVector b3 = fromArray(S, b, bAt + k * PANEL + 3 * COUNT);
            DoubleVector x = broadcast(S, a[aAt + k * PANEL]);
            c00 = b0.fma(x, c00);
            c01 = b1.fma(x, c01);
            c02 = b2.fma(x, c02);
            c03 = b3.fma(x, c03);
            x = broadcast(S, a[aAt + k * PANEL + 1]);
            c10 = b0.fma(x, c10);
            c11 = b1.fma(x, c11);
            c12 = b2.fma(x, c12);
            c13 = b3.fma(x, c13);
            x = broadcast(S, a[aAt + k * PANEL + 2]);
            c20 = b0.fma(x, c20);
            c21 = b1.fma(x, c21);
            c22 = b2.fma(x, c22);
            c23 = b3.fma(x, c23);
            x = broadcast(S, a[aAt + k * PANEL + 3]);
            c30 = b0.fma(x, c30);
            c31 = b1.fma(x, c31);
            c32 = b2.fma(x, c32);
            c33 = b3.fma(x, c33);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + COUNT);
        c02.intoArray(c, cAt + 2 * COUNT);
        c03.intoArray(c, cAt + 3 * COUNT);
        c10.intoArray(c, cAt + PANEL);
        c11.intoArray(c, cAt + PANEL + COUNT);
        c12.intoArray(c, cAt + PANEL + 2 * COUNT);
        c13.intoArray(c, cAt + PANEL + 3 * COUNT);
        c20.intoArray(c, cAt + 2 * PANEL);
        c21.intoArray(c, cAt + 2 * PANEL + COUNT);
        c22.intoArray(c, cAt + 2 * PANEL + 2 * COUNT);
        c23.intoArray(c, cAt + 2 * PANEL + 3 * COUNT);
        c30.intoArray(c, cAt + 3 * PANEL);
        c31.intoArray(c, cAt + 3 * PANEL + COUNT);
        c32.intoArray(c, cAt + 3 * PANEL + 2 * COUNT);
        c33.intoArray(c, cAt + 3 * PANEL + 3 * COUNT);
    }

    /** Three vectors of four rows. */
    private static void addWider(double[] a, int aAt, double[] b, int bAt, double[] c, int cAt, int inner) {
        DoubleVector c00 = fromArray(S, c, cAt);
        DoubleVector c01 = fromArray(S, c, cAt + COUNT);
        DoubleVector c02 = fromArray(S, c, cAt + 2 * COUNT);
        DoubleVector c10 = fromArray(S, c, cAt + PANEL);
        DoubleVector c11 = fromArray(S, c, cAt + PANEL + COUNT);
        DoubleVector c12 = fromArray(S, c, cAt + PANEL + 2 * COUNT);
        DoubleVector c20 = fromArray(S, c, cAt + 2 * PANEL);
        DoubleVector c21 = fromArray(S, c, cAt + 2 * PANEL + COUNT);
        DoubleVector c22 = fromArray(S, c, cAt + 2 * PANEL + 2 * COUNT);
        DoubleVector c30 = fromArray(S, c, cAt + 3 * PANEL);
        DoubleVector c31 = fromArray(S, c, cAt + 3 * PANEL + COUNT);
        DoubleVector c32 = fromArray(S, c, cAt + 3 * PANEL + 2 * COUNT);
        for (int k = 0; k < inner; k++) {
            DoubleVector b0 = fromArray(S, b, bAt + k * PANEL);
            DoubleVector b1 = fromArray(S, b, bAt + k * PANEL + COUNT);
            DoubleVector b2 = fromArray(S, b, bAt + k * PANEL + 2 * COUNT);
            DoubleVector x = broadcast(S, a[aAt + k]);
            c00 = b0.fma(x, c00);
            c01 = b1.fma(x, c01);
            c02 = b2.fma(x, c02);
            x = broadcast(S, a[aAt + k + PANEL]);
            c10 = b0.fma(x, c10);
            c11 = b1.fma(x, c11);
            c12 = b2.fma(x, c12);
            x = broadcast(S, a[aAt + k + 2 * PANEL]);
            c20 = b0.fma(x, c20);
            c21 = b1.fma(x, c21);
            c22 = b2.fma(x, c22);
            x = broadcast(S, a[aAt + k + 3 * PANEL]);
            c30 = b0.fma(x, c30);
            c31 = b1.fma(x, c31);
            c32 = b2.fma(x, c32);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + COUNT);
        c02.intoArray(c, cAt + 2 * COUNT);
        c10.intoArray(c, cAt + PANEL);
        c11.intoArray(c, cAt + PANEL + COUNT);
        c12.intoArray(c, cAt + PANEL + 2 * COUNT);
        c20.intoArray(c, cAt + 2 * PANEL);
        c21.intoArray(c, cAt + 2 * PANEL + COUNT);
        c22.intoArray(c, cAt + 2 * PANEL + 2 * COUNT);
        c30.intoArray(c, cAt + 3 * PANEL);
        c31.intoArray(c, cAt + 3 * PANEL + COUNT);
        c32.intoArray(c, cAt + 3 * PANEL + 2 * COUNT);
    }

    /** The same with a transposed. */
    private static void addWiderTurned(double[] a, int aAt, double[] b, int bAt, double[] c, int cAt, int inner) {
        DoubleVector c00 = fromArray(S, c, cAt);
        DoubleVector c01 = fromArray(S, c, cAt + COUNT);
        DoubleVector c02 = fromArray(S, c, cAt + 2 * COUNT);
        DoubleVector c10 = fromArray(S, c, cAt + PANEL);
        DoubleVector c11 = fromArray(S, c, cAt + PANEL + COUNT);
        DoubleVector c12 = fromArray(S, c, cAt + PANEL + 2 * COUNT);
        DoubleVector c20 = fromArray(S, c, cAt + 2 * PANEL);
        DoubleVector c21 = fromArray(S, c, cAt + 2 * PANEL + COUNT);
        DoubleVector c22 = fromArray(S, c, cAt + 2 * PANEL + 2 * COUNT);
        DoubleVector c30 = fromArray(S, c, cAt + 3 * PANEL);
        DoubleVector c31 = fromArray(S, c, cAt + 3 * PANEL + COUNT);
        DoubleVector c32 = fromArray(S, c, cAt + 3 * PANEL + 2 * COUNT);
        for (int k = 0; k < inner; k++) {
            DoubleVector b0 = fromArray(S, b, bAt + k * PANEL);
            DoubleVector b1 = fromArray(S, b, bAt + k * PANEL + COUNT);
            DoubleVector b2 = fromArray(S, b, bAt + k * PANEL + 2 * COUNT);
            DoubleVector x = broadcast(S, a[aAt + k * PANEL]);
            c00 = b0.fma(x, c00);
            c01 = b1.fma(x, c01);
            c02 = b2.fma(x, c02);
            x = broadcast(S, a[aAt + k * PANEL + 1]);
            c10 = b0.fma(x, c10);
            c11 = b1.fma(x, c11);
            c12 = b2.fma(x, c12);
            x = broadcast(S, a[aAt + k * PANEL + 2]);
            c20 = b0.fma(x, c20);
            c21 = b1.fma(x, c21);
            c22 = b2.fma(x, c22);
            x = broadcast(S, a[aAt + k * PANEL + 3]);
            c30 = b0.fma(x, c30);
            c31 = b1.fma(x, c31);
            c32 = b2.fma(x, c32);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + COUNT);
        c02.intoArray(c, cAt + 2 * COUNT);
        c10.intoArray(c, cAt + PANEL);
        c11.intoArray(c, cAt + PANEL + COUNT);
        c12.intoArray(c, cAt + PANEL + 2 * COUNT);
        c20.intoArray(c, cAt + 2 * PANEL);
        c21.intoArray(c, cAt + 2 * PANEL + COUNT);
        c22.intoArray(c, cAt + 2 * PANEL + 2 * COUNT);
        c30.intoArray(c, cAt + 3 * PANEL);
        c31.intoArray(c, cAt + 3 * PANEL + COUNT);
        c32.intoArray(c, cAt + 3 * PANEL + 2 * COUNT);
    }

    /** One vector of eight rows. */
    private static void addTall(double[] a, int aAt, double[] b, int bAt, double[] c, int cAt, int inner) {
        DoubleVector c0 = fromArray(S, c, cAt);
        DoubleVector c1 = fromArray(S, c, cAt + PANEL);
        DoubleVector c2 = fromArray(S, c, cAt + 2 * PANEL);
        DoubleVector c3 = fromArray(S, c, cAt + 3 * PANEL);
        DoubleVector c4 = fromArray(S, c, cAt + 4 * PANEL);
        DoubleVector c5 = fromArray(S, c, cAt + 5 * PANEL);
        DoubleVector c6 = fromArray(S, c, cAt + 6 * PANEL);
        DoubleVector c7 = fromArray(S, c, cAt + 7 * PANEL);
        for (int k = 0; k < inner; k++) {
            DoubleVector b0 = fromArray(S, b, bAt + k * PANEL);
            DoubleVector x = broadcast(S, a[aAt + k]);
            c0 = b0.fma(x, c0);
            x = broadcast(S, a[aAt + k + PANEL]);
            c1 = b0.fma(x, c1);
            x = broadcast(S, a[aAt + k + 2 * PANEL]);
            c2 = b0.fma(x, c2);
            x = broadcast(S, a[aAt + k + 3 * PANEL]);
            c3 = b0.fma(x, c3);
            x = broadcast(S, a[aAt + k + 4 * PANEL]);
            c4 = b0.fma(x, c4);
            x = broadcast(S, a[aAt + k + 5 * PANEL]);
            c5 = b0.fma(x, c5);
            x = broadcast(S, a[aAt + k + 6 * PANEL]);
            c6 = b0.fma(x, c6);
            x = broadcast(S, a[aAt + k + 7 * PANEL]);
            c7 = b0.fma(x, c7);
        }
        c0.intoArray(c, cAt);
        c1.intoArray(c, cAt + PANEL);
        c2.intoArray(c, cAt + 2 * PANEL);
        c3.intoArray(c, cAt + 3 * PANEL);
        c4.intoArray(c, cAt + 4 * PANEL);
        c5.intoArray(c, cAt + 5 * PANEL);
        c6.intoArray(c, cAt + 6 * PANEL);
        c7.intoArray(c, cAt + 7 * PANEL);
    }

    /** The same with a transposed. */
    private static void addTallTurned(double[] a, int aAt, double[] b, int bAt, double[] c, int cAt, int inner) {
        DoubleVector c0 = fromArray(S, c, cAt);
        DoubleVector c1 = fromArray(S, c, cAt + PANEL);
        DoubleVector c2 = fromArray(S, c, cAt + 2 * PANEL);
        DoubleVector c3 = fromArray(S, c, cAt + 3 * PANEL);
        DoubleVector c4 = fromArray(S, c, cAt + 4 * PANEL);
        DoubleVector c5 = fromArray(S, c, cAt + 5 * PANEL);
        DoubleVector c6 = fromArray(S, c, cAt + 6 * PANEL);
        DoubleVector c7 = fromArray(S, c, cAt + 7 * PANEL);
        for (int k = 0; k < inner; k++) {
            DoubleVector b0 = fromArray(S, b, bAt + k * PANEL);
            DoubleVector x = broadcast(S, a[aAt + k * PANEL]);
            c0 = b0.fma(x, c0);
            x = broadcast(S, a[aAt + k * PANEL + 1]);
            c1 = b0.fma(x, c1);
            x = broadcast(S, a[aAt + k * PANEL + 2]);
            c2 = b0.fma(x, c2);
            x = broadcast(S, a[aAt + k * PANEL + 3]);
            c3 = b0.fma(x, c3);
            x = broadcast(S, a[aAt + k * PANEL + 4]);
            c4 = b0.fma(x, c4);
            x = broadcast(S, a[aAt + k * PANEL + 5]);
            c5 = b0.fma(x, c5);
            x = broadcast(S, a[aAt + k * PANEL + 6]);
            c6 = b0.fma(x, c6);
            x = broadcast(S, a[aAt + k * PANEL + 7]);
            c7 = b0.fma(x, c7);
        }
        c0.intoArray(c, cAt);
        c1.intoArray(c, cAt + PANEL);
        c2.intoArray(c, cAt + 2 * PANEL);
        c3.intoArray(c, cAt + 3 * PANEL);
        c4.intoArray(c, cAt + 4 * PANEL);
        c5.intoArray(c, cAt + 5 * PANEL);
        c6.intoArray(c, cAt + 6 * PANEL);
        c7.intoArray(c, cAt + 7 * PANEL);
    }

    /** One vector of four rows. */
    private static void addNarrow(double[] a, int aAt, double[] b, int bAt, double[] c, int cAt, int inner) {
        DoubleVector c0 = fromArray(S, c, cAt);
        DoubleVector c1 = fromArray(S, c, cAt + PANEL);
        DoubleVector c2 = fromArray(S, c, cAt + 2 * PANEL);
        DoubleVector c3 = fromArray(S, c, cAt + 3 * PANEL);
        for (int k = 0; k < inner; k++) {
            DoubleVector b0 = fromArray(S, b, bAt + k * PANEL);
            DoubleVector x = broadcast(S, a[aAt + k]);
            c0 = b0.fma(x, c0);
            x = broadcast(S, a[aAt + k + PANEL]);
            c1 = b0.fma(x, c1);
            x = broadcast(S, a[aAt + k + 2 * PANEL]);
            c2 = b0.fma(x, c2);
            x = broadcast(S, a[aAt + k + 3 * PANEL]);
            c3 = b0.fma(x, c3);
        }
        c0.intoArray(c, cAt);
        c1.intoArray(c, cAt + PANEL);
        c2.intoArray(c, cAt + 2 * PANEL);
        c3.intoArray(c, cAt + 3 * PANEL);
    }

    /** The same with a transposed. */
    private static void addNarrowTurned(double[] a, int aAt, double[] b, int bAt, double[] c, int cAt, int inner) {
        DoubleVector c0 = fromArray(S, c, cAt);
        DoubleVector c1 = fromArray(S, c, cAt + PANEL);
        DoubleVector c2 = fromArray(S, c, cAt + 2 * PANEL);
        DoubleVector c3 = fromArray(S, c, cAt + 3 * PANEL);
        for (int k = 0; k < inner; k++) {
            DoubleVector b0 = fromArray(S, b, bAt + k * PANEL);
            DoubleVector x = broadcast(S, a[aAt + k * PANEL]);
            c0 = b0.fma(x, c0);
            x = broadcast(S, a[aAt + k * PANEL + 1]);
            c1 = b0.fma(x, c1);
            x = broadcast(S, a[aAt + k * PANEL + 2]);
            c2 = b0.fma(x, c2);
            x = broadcast(S, a[aAt + k * PANEL + 3]);
            c3 = b0.fma(x, c3);
        }
        c0.intoArray(c, cAt);
        c1.intoArray(c, cAt + PANEL);
        c2.intoArray(c, cAt + 2 * PANEL);
        c3.intoArray(c, cAt + 3 * PANEL);
    }
}
