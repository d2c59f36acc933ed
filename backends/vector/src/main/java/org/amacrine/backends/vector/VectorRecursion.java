package org.amacrine.backends.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.amacrine.backends.vector.Lanes.COUNT;
import static org.amacrine.backends.vector.Lanes.FLOATS;
import static org.amacrine.backends.vector.Lanes.field;
import static org.amacrine.backends.vector.Lanes.wholeUntil;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.amacrine.core.kernel.FloatMath;
import org.amacrine.core.kernel.ScalarKernels;

/**
 * Recursions along time and what is done to each pixel by itself: time outermost, whole vectors of neighbouring pixels,
 * then the scalar twin for the rest.
 */
final class VectorRecursion {
    private static final ScalarKernels SCALAR = ScalarKernels.INSTANCE;

    private VectorRecursion() {}

    static void firstOrder(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] last,
            int frames,
            int stride,
            int from,
            int to,
            float b,
            float a) {
        int whole = wholeUntil(from, to);
        FloatVector bs = broadcast(FLOATS, b);
        FloatVector as = broadcast(FLOATS, a);
        for (int t = 0; t < frames; t++) {
            int in = xAt + t * stride;
            int out = yAt + t * stride;
            for (int p = from; p < whole; p += COUNT) {
                FloatVector next = fromArray(FLOATS, x, in + p).fma(bs, as.mul(fromArray(FLOATS, last, p)));
                next.intoArray(last, p);
                next.intoArray(y, out + p);
            }
        }
        SCALAR.firstOrder(x, xAt, y, yAt, last, frames, stride, whole, to, b, a);
    }

    static void bandPass(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] low,
            float[] high,
            int frames,
            int stride,
            int from,
            int to,
            float bLow,
            float aLow,
            float bHigh,
            float aHigh,
            float k) {
        int whole = wholeUntil(from, to);
        FloatVector bLows = broadcast(FLOATS, bLow);
        FloatVector aLows = broadcast(FLOATS, aLow);
        FloatVector bHighs = broadcast(FLOATS, bHigh);
        FloatVector aHighs = broadcast(FLOATS, aHigh);
        FloatVector minusK = broadcast(FLOATS, -k);
        for (int t = 0; t < frames; t++) {
            int in = xAt + t * stride;
            int out = yAt + t * stride;
            for (int p = from; p < whole; p += COUNT) {
                FloatVector before = fromArray(FLOATS, low, p);
                FloatVector nextHigh = before.fma(bHighs, aHighs.mul(fromArray(FLOATS, high, p)));
                FloatVector nextLow = fromArray(FLOATS, x, in + p).fma(bLows, aLows.mul(before));
                nextHigh.intoArray(high, p);
                nextLow.intoArray(low, p);
                minusK.fma(nextHigh, nextLow).intoArray(y, out + p);
            }
        }
        SCALAR.bandPass(x, xAt, y, yAt, low, high, frames, stride, whole, to, bLow, aLow, bHigh, aHigh, k);
    }

    static void transientDecay(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] sum,
            float[] history,
            int position,
            int frames,
            int stride,
            int from,
            int to,
            float a,
            float c,
            float d) {
        int whole = wholeUntil(from, to);
        int ring = history.length / stride;
        FloatVector as = broadcast(FLOATS, a);
        FloatVector cs = broadcast(FLOATS, c);
        FloatVector minusD = broadcast(FLOATS, -d);
        for (int t = 0; t < frames; t++) {
            int oldest = (position + t) % ring * stride;
            int newest = (position + t + ring - 1) % ring * stride;
            int in = xAt + t * stride;
            int out = yAt + t * stride;
            for (int p = from; p < whole; p += COUNT) {
                FloatVector now = fromArray(FLOATS, x, in + p);
                FloatVector next = fromArray(FLOATS, history, newest + p).fma(cs, as.mul(fromArray(FLOATS, sum, p)));
                next = minusD.fma(fromArray(FLOATS, history, oldest + p), next);
                next.intoArray(sum, p);
                now.intoArray(history, oldest + p);
                now.sub(next).intoArray(y, out + p);
            }
        }
        SCALAR.transientDecay(x, xAt, y, yAt, sum, history, position, frames, stride, whole, to, a, c, d);
    }

    static void addScaled(
            float[] x,
            int xAt,
            float[] z,
            int zAt,
            float[] y,
            int yAt,
            int frames,
            int stride,
            int from,
            int to,
            float scale) {
        int whole = wholeUntil(from, to);
        FloatVector scales = broadcast(FLOATS, scale);
        for (int t = 0; t < frames; t++) {
            for (int p = t * stride + from; p < t * stride + whole; p += COUNT) {
                fromArray(FLOATS, z, zAt + p)
                        .fma(scales, fromArray(FLOATS, x, xAt + p))
                        .intoArray(y, yAt + p);
            }
        }
        SCALAR.addScaled(x, xAt, z, zAt, y, yAt, frames, stride, whole, to, scale);
    }

    static void scale(float[] x, int xAt, float[] y, int yAt, int from, int to, float scale, float offset) {
        int whole = wholeUntil(from, to);
        FloatVector scales = broadcast(FLOATS, scale);
        FloatVector offsets = broadcast(FLOATS, offset);
        for (int p = from; p < whole; p += COUNT) {
            fromArray(FLOATS, x, xAt + p).fma(scales, offsets).intoArray(y, yAt + p);
        }
        SCALAR.scale(x, xAt, y, yAt, whole, to, scale, offset);
    }

    static void relax(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] v,
            int frames,
            int stride,
            int from,
            int to,
            float gain,
            float[] rate,
            float[] decay) {
        int whole = wholeUntil(from, to);
        for (int t = 0; t < frames; t++) {
            int in = xAt + t * stride;
            int out = yAt + t * stride;
            FloatVector gains = broadcast(FLOATS, gain / rate[t]);
            FloatVector decays = broadcast(FLOATS, decay[t]);
            for (int p = from; p < whole; p += COUNT) {
                FloatVector e = fromArray(FLOATS, x, in + p).mul(gains);
                FloatVector next = fromArray(FLOATS, v, p).sub(e).fma(decays, e);
                next.intoArray(v, p);
                next.intoArray(y, out + p);
            }
        }
        SCALAR.relax(x, xAt, y, yAt, v, frames, stride, whole, to, gain, rate, decay);
    }

    static void relaxEach(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] v,
            int from,
            int to,
            float[] gain,
            float[] leak,
            float[] inhibition,
            float step) {
        int whole = wholeUntil(from, to);
        for (int p = from; p < whole; p += COUNT) {
            FloatVector rate = field(leak, p).add(fromArray(FLOATS, inhibition, p));
            FloatVector e = fromArray(FLOATS, x, xAt + p).mul(field(gain, p).div(rate));
            // The exponential of FloatMath, written out: the compiler may leave a method that it has compiled before a
            // call, and
            // then what goes in and comes out of it is boxed.
            FloatVector bounded = rate.mul(-step).min(FloatMath.EXP_MAX).max(FloatMath.EXP_MIN);
            FloatVector rounded =
                    bounded.fma(broadcast(FLOATS, FloatMath.LOG2_E), broadcast(FLOATS, FloatMath.ROUNDER));
            FloatVector n = rounded.sub(FloatMath.ROUNDER);
            FloatVector r = n.fma(broadcast(FLOATS, -FloatMath.LN2_HIGH), bounded);
            r = n.fma(broadcast(FLOATS, -FloatMath.LN2_LOW), r);
            FloatVector s = r.fma(broadcast(FLOATS, FloatMath.E5), broadcast(FLOATS, FloatMath.E4));
            s = s.fma(r, broadcast(FLOATS, FloatMath.E3));
            s = s.fma(r, broadcast(FLOATS, FloatMath.E2));
            s = s.fma(r, broadcast(FLOATS, FloatMath.E1));
            s = s.fma(r, broadcast(FLOATS, FloatMath.E0));
            IntVector scale = rounded.reinterpretAsInts()
                    .sub(FloatMath.ROUNDER_BITS - 127)
                    .lanewise(VectorOperators.LSHL, 23);
            FloatVector keep = s.mul(r).fma(r, r).add(1f).mul(scale.reinterpretAsFloats());
            FloatVector next = fromArray(FLOATS, v, p).sub(e).fma(keep, e);
            next.intoArray(v, p);
            next.intoArray(y, yAt + p);
        }
        SCALAR.relaxEach(x, xAt, y, yAt, v, whole, to, gain, leak, inhibition, step);
    }

    static void feedback(float[] v, float[] inhibition, float[] q, int from, int to, float[] lambda, float keep) {
        int whole = wholeUntil(from, to);
        for (int p = from; p < whole; p += COUNT) {
            FloatVector potential = fromArray(FLOATS, v, p);
            field(lambda, p)
                    .mul(potential)
                    .fma(potential, fromArray(FLOATS, inhibition, p).mul(keep))
                    .intoArray(q, p);
        }
        SCALAR.feedback(v, inhibition, q, whole, to, lambda, keep);
    }

    static void compress(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            int frames,
            int stride,
            int from,
            int to,
            float[] sign,
            float bias,
            float[] i0,
            float[] r,
            float[] v0,
            float[] lambda) {
        int whole = wholeUntil(from, to);
        FloatVector ones = broadcast(FLOATS, 1f);
        for (int t = 0; t < frames; t++) {
            int in = xAt + t * stride;
            int out = yAt + t * stride;
            for (int p = from; p < whole; p += COUNT) {
                FloatVector u = field(sign, p).mul(fromArray(FLOATS, x, in + p).add(bias));
                FloatVector rest = field(i0, p);
                FloatVector threshold = field(v0, p);
                FloatVector w = field(lambda, p).mul(u.sub(threshold));
                VectorMask<Float> above = u.compare(VectorOperators.GT, threshold);
                rest.div(ones.sub(w.mul(field(r, p)))).blend(rest.add(w), above).intoArray(y, out + p);
            }
        }
        SCALAR.compress(x, xAt, y, yAt, frames, stride, whole, to, sign, bias, i0, r, v0, lambda);
    }

    static int firstNotFinite(float[] x, int at, int count) {
        int whole = wholeUntil(0, count);
        FloatVector largest = broadcast(FLOATS, Float.MAX_VALUE);
        for (int i = 0; i < whole; i += COUNT) {
            if (!fromArray(FLOATS, x, at + i)
                    .abs()
                    .compare(VectorOperators.LE, largest)
                    .allTrue()) {
                return i + SCALAR.firstNotFinite(x, at + i, COUNT);
            }
        }
        int rest = SCALAR.firstNotFinite(x, at + whole, count - whole);
        return rest < 0 ? -1 : whole + rest;
    }

    /** Down the columns, whole vectors of neighbouring columns at a time. */
    static void smoothColumns(
            float[] x, int xAt, float[] y, int yAt, int rows, int columns, int from, int to, float[] c, boolean leak) {
        int whole = wholeUntil(from, to);
        FloatVector a1 = broadcast(FLOATS, c[0]);
        FloatVector a2 = broadcast(FLOATS, c[1]);
        FloatVector a3 = broadcast(FLOATS, c[2]);
        FloatVector a4 = broadcast(FLOATS, c[3]);
        FloatVector b1 = broadcast(FLOATS, c[4]);
        FloatVector b2 = broadcast(FLOATS, c[5]);
        int lastRow = (rows - 1) * columns;
        for (int j = from; j < whole; j += COUNT) {
            FloatVector x1 = fromArray(FLOATS, x, xAt + j);
            FloatVector f1 = broadcast(FLOATS, 0f);
            FloatVector f2 = broadcast(FLOATS, 0f);
            for (int i = 0; i <= lastRow; i += columns) {
                FloatVector x0 = fromArray(FLOATS, x, xAt + i + j);
                FloatVector f = b2.fma(f2, b1.fma(f1, a2.fma(x1, a1.mul(x0))));
                f.intoArray(y, yAt + i + j);
                x1 = x0;
                f2 = f1;
                f1 = f;
            }
            x1 = fromArray(FLOATS, x, xAt + j + (leak ? 0 : lastRow));
            FloatVector x2 = broadcast(FLOATS, 0f);
            FloatVector g1 = broadcast(FLOATS, 0f);
            FloatVector g2 = broadcast(FLOATS, 0f);
            for (int i = lastRow; i >= 0; i -= columns) {
                FloatVector g = b2.fma(g2, b1.fma(g1, a4.fma(x2, a3.mul(x1))));
                fromArray(FLOATS, y, yAt + i + j).add(g).intoArray(y, yAt + i + j);
                x2 = x1;
                x1 = fromArray(FLOATS, x, xAt + i + j);
                g2 = g1;
                g1 = g;
            }
        }
        SCALAR.smoothColumns(x, xAt, y, yAt, rows, columns, whole, to, c, leak);
    }
}
