package org.amacrine.backends.vector;

import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.amacrine.core.kernel.DoubleMath;
import org.amacrine.core.kernel.KernelMatrix;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.LaneSum;

/** Chains of states: lanes run over states, in whole blocks, so that there is never a tail. */
final class VectorChains {
    private VectorChains() {}

    /** The widest vectors of this processor, at most a block of states. */
    static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED.length() <= Kernels.STATE_BLOCK
            ? DoubleVector.SPECIES_PREFERRED
            : DoubleVector.SPECIES_512;

    private static final int COUNT = S.length();
    private static final int BLOCK = Kernels.STATE_BLOCK;

    // ------------------------------------------------------------------------------------------------ likelihoods

    static void whitenedLogDensities(
            KernelMatrix matrices,
            double[] c,
            int dims,
            int regressors,
            int lanes,
            double[] g,
            int gAt,
            int gStride,
            int frames,
            double[] l,
            int lAt) {
        double[] b = matrices.values();
        // Several frames read what is in the nearest cache by then.
        Object aligned = frames == 1 ? AlignedChains.memory(matrices) : null;
        int size = Kernels.whitenedSize(dims, regressors, BLOCK);
        Arrays.fill(l, lAt, lAt + frames * lanes, 0);
        int k = 0;
        if (aligned != null) {
            for (; k + 4 * BLOCK <= lanes; k += 4 * BLOCK) {
                addSquaresOfBlocks(aligned, k, size, dims, regressors, g, gAt, l, lAt);
            }
        }
        for (; k < lanes; k += COUNT) {
            int at = k / BLOCK * size + k % BLOCK;
            int columns = regressors - dims;
            for (int d = 0; d < dims; d += Kernels.WHITENED_ROWS) {
                int rows = Math.min(Kernels.WHITENED_ROWS, dims - d);
                columns += rows;
                if (aligned != null && rows == Kernels.WHITENED_ROWS) {
                    AlignedChains.addSquares(aligned, at, columns, g, gAt, l, lAt + k);
                } else {
                    addSquaresOfFrames(rows, b, at, columns, g, gAt, gStride, frames, l, lAt + k, lanes);
                }
                at += rows * columns * BLOCK;
            }
        }
        for (int t = 0; t < frames; t++) {
            int at = lAt + t * lanes;
            for (int i = 0; i < lanes; i++) {
                l[at + i] = Math.fma(-0.5, l[at + i], c[i]);
            }
        }
    }

    /** Adds the squared residuals of one frame in four blocks of lanes. */
    private static void addSquaresOfBlocks(
            Object aligned, int k, int size, int dims, int regressors, double[] g, int gAt, double[] l, int lAt) {
        for (int lane = 0; lane < BLOCK; lane += COUNT) {
            int at = k / BLOCK * size + lane;
            int to = lAt + k + lane;
            int columns = regressors - dims;
            for (int d = 0; d < dims; d += Kernels.WHITENED_ROWS) {
                int rows = Math.min(Kernels.WHITENED_ROWS, dims - d);
                columns += rows;
                if (rows == Kernels.WHITENED_ROWS) {
                    AlignedChains.addSquaresOfPair(aligned, at, size, columns, g, gAt, l, to);
                    AlignedChains.addSquaresOfPair(aligned, at + 2 * size, size, columns, g, gAt, l, to + 2 * BLOCK);
                } else {
                    for (int r = 0; r < rows; r++) {
                        AlignedChains.addSquaresOfRow(aligned, at + r * BLOCK, size, rows, columns, g, gAt, l, to);
                    }
                }
                at += rows * columns * BLOCK;
            }
        }
    }

    /** All frames with one group of rows, which stays in the nearest cache meanwhile; two frames at once where it is whole. */
    private static void addSquaresOfFrames(
            int rows,
            double[] b,
            int bAt,
            int columns,
            double[] g,
            int gAt,
            int gStride,
            int frames,
            double[] l,
            int lAt,
            int lStride) {
        int t = 0;
        for (; rows == Kernels.WHITENED_ROWS && t + 2 <= frames; t += 2) {
            addSquaresOfPair(b, bAt, columns, g, gAt + t * gStride, gStride, l, lAt + t * lStride, lStride);
        }
        for (; t < frames; t++) {
            addSquaresOfGroup(rows, b, bAt, columns, g, gAt + t * gStride, l, lAt + t * lStride);
        }
    }

    /**
     * Adds the squared residuals of a whole group of rows to two frames: what is loaded of B serves both, and their sums do
     * not wait for each other.
     */
    private static void addSquaresOfPair(
            double[] b, int bAt, int columns, double[] g, int gAt, int gStride, double[] l, int lAt, int lStride) {
        DoubleVector y0 = DoubleVector.zero(S);
        DoubleVector y1 = y0;
        DoubleVector y2 = y0;
        DoubleVector y3 = y0;
        DoubleVector z0 = y0;
        DoubleVector z1 = y0;
        DoubleVector z2 = y0;
        DoubleVector z3 = y0;
        for (int j = 0, at = bAt; j < columns; j++, at += 4 * BLOCK) {
            DoubleVector x = broadcast(S, g[gAt + j]);
            DoubleVector w = broadcast(S, g[gAt + gStride + j]);
            DoubleVector b0 = fromArray(S, b, at);
            DoubleVector b1 = fromArray(S, b, at + BLOCK);
            DoubleVector b2 = fromArray(S, b, at + 2 * BLOCK);
            DoubleVector b3 = fromArray(S, b, at + 3 * BLOCK);
            y0 = b0.fma(x, y0);
            z0 = b0.fma(w, z0);
            y1 = b1.fma(x, y1);
            z1 = b1.fma(w, z1);
            y2 = b2.fma(x, y2);
            z2 = b2.fma(w, z2);
            y3 = b3.fma(x, y3);
            z3 = b3.fma(w, z3);
        }
        DoubleVector first = fromArray(S, l, lAt);
        DoubleVector second = fromArray(S, l, lAt + lStride);
        y3.fma(y3, y2.fma(y2, y1.fma(y1, y0.fma(y0, first)))).intoArray(l, lAt);
        z3.fma(z3, z2.fma(z2, z1.fma(z1, z0.fma(z0, second)))).intoArray(l, lAt + lStride);
    }

    /**
     * Adds the squared residuals of a group of rows. One method of its own, too long to be compiled as a part of its callers:
     * the compiler inlines only so much into one method, and vectors that cross calls, or join from several branches, become
     * objects.
     */
    private static void addSquaresOfGroup(
            int rows, double[] b, int bAt, int columns, double[] g, int gAt, double[] l, int lAt) {
        switch (rows) {
            case 4 -> {
                DoubleVector x = broadcast(S, g[gAt]);
                DoubleVector y0 = fromArray(S, b, bAt).mul(x);
                DoubleVector y1 = fromArray(S, b, bAt + BLOCK).mul(x);
                DoubleVector y2 = fromArray(S, b, bAt + 2 * BLOCK).mul(x);
                DoubleVector y3 = fromArray(S, b, bAt + 3 * BLOCK).mul(x);
                for (int j = 1, at = bAt + 4 * BLOCK; j < columns; j++, at += 4 * BLOCK) {
                    x = broadcast(S, g[gAt + j]);
                    y0 = fromArray(S, b, at).fma(x, y0);
                    y1 = fromArray(S, b, at + BLOCK).fma(x, y1);
                    y2 = fromArray(S, b, at + 2 * BLOCK).fma(x, y2);
                    y3 = fromArray(S, b, at + 3 * BLOCK).fma(x, y3);
                }
                y3.fma(y3, y2.fma(y2, y1.fma(y1, y0.fma(y0, fromArray(S, l, lAt)))))
                        .intoArray(l, lAt);
            }
            case 3 -> {
                DoubleVector x = broadcast(S, g[gAt]);
                DoubleVector y0 = fromArray(S, b, bAt).mul(x);
                DoubleVector y1 = fromArray(S, b, bAt + BLOCK).mul(x);
                DoubleVector y2 = fromArray(S, b, bAt + 2 * BLOCK).mul(x);
                for (int j = 1, at = bAt + 3 * BLOCK; j < columns; j++, at += 3 * BLOCK) {
                    x = broadcast(S, g[gAt + j]);
                    y0 = fromArray(S, b, at).fma(x, y0);
                    y1 = fromArray(S, b, at + BLOCK).fma(x, y1);
                    y2 = fromArray(S, b, at + 2 * BLOCK).fma(x, y2);
                }
                y2.fma(y2, y1.fma(y1, y0.fma(y0, fromArray(S, l, lAt)))).intoArray(l, lAt);
            }
            case 2 -> {
                DoubleVector x = broadcast(S, g[gAt]);
                DoubleVector y0 = fromArray(S, b, bAt).mul(x);
                DoubleVector y1 = fromArray(S, b, bAt + BLOCK).mul(x);
                for (int j = 1, at = bAt + 2 * BLOCK; j < columns; j++, at += 2 * BLOCK) {
                    x = broadcast(S, g[gAt + j]);
                    y0 = fromArray(S, b, at).fma(x, y0);
                    y1 = fromArray(S, b, at + BLOCK).fma(x, y1);
                }
                y1.fma(y1, y0.fma(y0, fromArray(S, l, lAt))).intoArray(l, lAt);
            }
            default -> {
                DoubleVector x = broadcast(S, g[gAt]);
                DoubleVector y0 = fromArray(S, b, bAt).mul(x);
                for (int j = 1, at = bAt + BLOCK; j < columns; j++, at += BLOCK) {
                    x = broadcast(S, g[gAt + j]);
                    y0 = fromArray(S, b, at).fma(x, y0);
                }
                y0.fma(y0, fromArray(S, l, lAt)).intoArray(l, lAt);
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ recursions

    static double filterStep(double[] r, int rAt, double[] l, int lAt, double[] f, int fAt, int lanes) {
        double m = addLogs(r, rAt, l, lAt, f, fAt, lanes);
        if (m == Double.NEGATIVE_INFINITY) {
            return m;
        }
        exps(f, fAt, m, lanes);
        double sum = LaneSum.of(f, fAt, lanes);
        scale(f, fAt, 1 / sum, lanes);
        return m + DoubleMath.log(sum);
    }

    static void mixRows(KernelMatrix matrix, double[] w, int wAt, int rows, double[] y, int yAt, int lanes) {
        double[] m = matrix.values();
        Object aligned = AlignedChains.memory(matrix);
        int k = 0;
        for (; k + 4 * COUNT <= lanes; k += 4 * COUNT) {
            if (aligned != null) {
                AlignedChains.mix(aligned, k, w, wAt, rows, y, yAt + k, lanes);
            } else {
                mix(m, k, w, wAt, rows, y, yAt + k, lanes);
            }
        }
        for (; k < lanes; k += COUNT) {
            DoubleVector sum = DoubleVector.zero(S);
            for (int i = 0, at = k; i < rows; i++, at += lanes) {
                sum = fromArray(S, m, at).fma(broadcast(S, w[wAt + i]), sum);
            }
            sum.intoArray(y, yAt + k);
        }
    }

    /** Four vectors of the sum. */
    private static void mix(double[] m, int mAt, double[] w, int wAt, int rows, double[] y, int yAt, int lanes) {
        DoubleVector y0 = DoubleVector.zero(S);
        DoubleVector y1 = y0;
        DoubleVector y2 = y0;
        DoubleVector y3 = y0;
        for (int i = 0, at = mAt; i < rows; i++, at += lanes) {
            DoubleVector x = broadcast(S, w[wAt + i]);
            y0 = fromArray(S, m, at).fma(x, y0);
            y1 = fromArray(S, m, at + COUNT).fma(x, y1);
            y2 = fromArray(S, m, at + 2 * COUNT).fma(x, y2);
            y3 = fromArray(S, m, at + 3 * COUNT).fma(x, y3);
        }
        y0.intoArray(y, yAt);
        y1.intoArray(y, yAt + COUNT);
        y2.intoArray(y, yAt + 2 * COUNT);
        y3.intoArray(y, yAt + 3 * COUNT);
    }

    static void smoothStep(
            double[] f,
            int fAt,
            double[] r,
            int rAt,
            KernelMatrix transposed,
            int states,
            double[] next,
            int nextAt,
            double[] g,
            int gAt,
            int lanes,
            double[] scratch) {
        for (int k = 0; k < lanes; k += COUNT) {
            DoubleVector likely = fromArray(S, r, rAt + k);
            fromArray(S, next, nextAt + k)
                    .div(likely)
                    .blend(0.0, likely.compare(VectorOperators.EQ, 0))
                    .intoArray(scratch, k);
        }
        mixRows(transposed, scratch, 0, states, g, gAt, lanes);
        for (int k = 0; k < lanes; k += COUNT) {
            fromArray(S, g, gAt + k).mul(fromArray(S, f, fAt + k)).intoArray(g, gAt + k);
        }
        scale(g, gAt, 1 / LaneSum.of(g, gAt, lanes), lanes);
    }

    static void maxPlus(
            KernelMatrix matrix,
            double[] d,
            int dAt,
            int rows,
            double[] best,
            int bestAt,
            double[] from,
            int fromAt,
            int lanes) {
        double[] m = matrix.values();
        for (int k = 0; k < lanes; k += COUNT) {
            DoubleVector most = broadcast(S, Double.NEGATIVE_INFINITY);
            DoubleVector where = DoubleVector.zero(S);
            for (int i = 0, at = k; i < rows; i++, at += lanes) {
                DoubleVector score = fromArray(S, m, at).add(d[dAt + i]);
                VectorMask<Double> better = score.compare(VectorOperators.GT, most);
                most = most.blend(score, better);
                where = where.blend((double) i, better);
            }
            most.intoArray(best, bestAt + k);
            where.intoArray(from, fromAt + k);
        }
    }

    private static void scale(double[] x, int at, double factor, int lanes) {
        for (int k = 0; k < lanes; k += COUNT) {
            fromArray(S, x, at + k).mul(factor).intoArray(x, at + k);
        }
    }

    // ------------------------------------------------------------------------------------------------ functions
    //
    // Written out in their loops, with constants made once: the compiler inlines only so much into one method, and
    // vectors
    // that cross methods which it did not inline become objects.

    private static final DoubleVector E0 = broadcast(S, DoubleMath.E0);
    private static final DoubleVector E1 = broadcast(S, DoubleMath.E1);
    private static final DoubleVector E2 = broadcast(S, DoubleMath.E2);
    private static final DoubleVector E3 = broadcast(S, DoubleMath.E3);
    private static final DoubleVector E4 = broadcast(S, DoubleMath.E4);
    private static final DoubleVector E5 = broadcast(S, DoubleMath.E5);
    private static final DoubleVector E6 = broadcast(S, DoubleMath.E6);
    private static final DoubleVector E7 = broadcast(S, DoubleMath.E7);
    private static final DoubleVector E8 = broadcast(S, DoubleMath.E8);
    private static final DoubleVector E9 = broadcast(S, DoubleMath.E9);
    private static final DoubleVector L0 = broadcast(S, DoubleMath.L0);
    private static final DoubleVector L1 = broadcast(S, DoubleMath.L1);
    private static final DoubleVector L2 = broadcast(S, DoubleMath.L2);
    private static final DoubleVector L3 = broadcast(S, DoubleMath.L3);
    private static final DoubleVector L4 = broadcast(S, DoubleMath.L4);
    private static final DoubleVector L5 = broadcast(S, DoubleMath.L5);
    private static final DoubleVector L6 = broadcast(S, DoubleMath.L6);
    private static final DoubleVector MINUS_LN2_HIGH = broadcast(S, -DoubleMath.LN2_HIGH);
    private static final DoubleVector LN2_HIGH = broadcast(S, DoubleMath.LN2_HIGH);
    private static final DoubleVector MINUS_LN2_LOW = broadcast(S, -DoubleMath.LN2_LOW);
    private static final DoubleVector LOG2_E = broadcast(S, DoubleMath.LOG2_E);
    private static final DoubleVector ROUNDER = broadcast(S, DoubleMath.ROUNDER);

    /** {@code f = log r + l}, the logarithm as in {@link DoubleMath#log}; returns the maximum. */
    private static double addLogs(double[] r, int rAt, double[] l, int lAt, double[] f, int fAt, int lanes) {
        DoubleVector most = broadcast(S, Double.NEGATIVE_INFINITY);
        for (int k = 0; k < lanes; k += COUNT) {
            DoubleVector x = fromArray(S, r, rAt + k);
            LongVector bits = x.reinterpretAsLongs();
            LongVector exponent = bits.sub(DoubleMath.SQRT_HALF_BITS - (DoubleMath.BIAS << 52))
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(DoubleMath.BIAS);
            DoubleVector y = bits.sub(exponent.lanewise(VectorOperators.LSHL, 52))
                    .reinterpretAsDoubles()
                    .sub(1);
            DoubleVector n =
                    exponent.add(DoubleMath.ROUNDER_BITS).reinterpretAsDoubles().sub(DoubleMath.ROUNDER);
            DoubleVector s = y.div(y.add(2));
            DoubleVector z = s.mul(s);
            DoubleVector p = z.fma(L6, L5);
            p = p.fma(z, L4);
            p = p.fma(z, L3);
            p = p.fma(z, L2);
            p = p.fma(z, L1);
            p = p.fma(z, L0);
            DoubleVector half = y.mul(0.5).mul(y);
            DoubleVector tail = s.fma(p.fma(z, half), n.mul(DoubleMath.LN2_LOW));
            DoubleVector a = n.fma(LN2_HIGH, y.sub(half.sub(tail)))
                    .blend(Double.NEGATIVE_INFINITY, x.compare(VectorOperators.LT, Double.MIN_NORMAL))
                    .add(fromArray(S, l, lAt + k));
            a.intoArray(f, fAt + k);
            most = most.max(a);
        }
        return most.reduceLanes(VectorOperators.MAX);
    }

    /** {@code f = exp(f - m)}, as in {@link DoubleMath#exp}. */
    private static void exps(double[] f, int fAt, double m, int lanes) {
        for (int k = 0; k < lanes; k += COUNT) {
            DoubleVector x = fromArray(S, f, fAt + k).sub(m);
            DoubleVector rounded = x.fma(LOG2_E, ROUNDER);
            DoubleVector n = rounded.sub(DoubleMath.ROUNDER);
            DoubleVector r = n.fma(MINUS_LN2_HIGH, x);
            r = n.fma(MINUS_LN2_LOW, r);
            DoubleVector p = r.fma(E9, E8);
            p = p.fma(r, E7);
            p = p.fma(r, E6);
            p = p.fma(r, E5);
            p = p.fma(r, E4);
            p = p.fma(r, E3);
            p = p.fma(r, E2);
            p = p.fma(r, E1);
            p = p.fma(r, E0);
            p = p.mul(r).fma(r, r).add(1);
            LongVector scale = rounded.reinterpretAsLongs()
                    .sub(DoubleMath.ROUNDER_BITS - DoubleMath.BIAS)
                    .lanewise(VectorOperators.LSHL, 52);
            p.mul(scale.reinterpretAsDoubles())
                    .blend(0.0, x.compare(VectorOperators.LT, DoubleMath.EXP_MIN))
                    .intoArray(f, fAt + k);
        }
    }
}
