package org.amacrine.backends.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.amacrine.backends.vector.Lanes.COUNT;
import static org.amacrine.backends.vector.Lanes.FLOATS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.amacrine.core.kernel.ChangeDetector;
import org.amacrine.core.kernel.FloatMath;
import org.amacrine.core.kernel.ScalarKernels;

/** Pixels that tell changes of brightness, whole vectors of neighbours at a time. */
final class VectorChanges {
    /** Beyond it, all numbers are whole. */
    private static final float ROUNDER = 0x1p23f;

    private static final float BRIGHTEST = ChangeDetector.WHITE + ChangeDetector.DARK;

    /** Before Java 22 the compiler makes an object of a vector now and then, depending on what was compiled before. */
    private static final boolean USABLE = Runtime.version().feature() >= 22;

    private VectorChanges() {}

    static boolean detectChanges(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] level,
            float[] base,
            float[] owed,
            float[] silence,
            int frames,
            int stride,
            int from,
            int to,
            long firstFrame,
            ChangeDetector detector) {
        if (!USABLE) {
            return ScalarKernels.INSTANCE.detectChanges(
                    x, xAt, y, yAt, level, base, owed, silence, frames, stride, from, to, firstFrame, detector);
        }
        int head = VectorRandom.firstBlock(from, to);
        int tail = Math.max(head, to / VectorRandom.BLOCK * VectorRandom.BLOCK);
        ScalarKernels scalar = ScalarKernels.INSTANCE;
        boolean numbers = scalar.detectChanges(
                x, xAt, y, yAt, level, base, owed, silence, frames, stride, from, head, firstFrame, detector);
        for (int tile = head; tile < tail; tile += VectorRandom.TILE) {
            int end = Math.min(tail, tile + VectorRandom.TILE);
            for (int t = 0; t < frames; t++) {
                int in = xAt + t * stride;
                int out = yAt + t * stride;
                numbers &= change(x, in, level, base, owed, tile, end, detector);
                if (detector.isNoiseless()) {
                    Arrays.fill(y, out + tile, out + end, 0);
                } else {
                    VectorRandom.uniform(y, out, tile, end, detector.noiseKey(), firstFrame + t, 1f, 0f);
                }
                fire(x, in, y, out, level, base, silence, tile, end, detector, detector.dither(firstFrame + t));
            }
        }
        return numbers
                & scalar.detectChanges(
                        x, xAt, y, yAt, level, base, owed, silence, frames, stride, tail, to, firstFrame, detector);
    }

    /**
     * The low pass, and the leak: returns whether every input was a finite number of at least 0. Logarithm and exponential are
     * those of {@link FloatMath}, written out: the compiler may leave a method that it has compiled before a call, and then what
     * goes in and comes out of it is boxed.
     */
    private static boolean change(
            float[] x, int xAt, float[] level, float[] base, float[] owed, int from, int to, ChangeDetector detector) {
        float gain = detector.gain();
        float linearBelow = detector.linearBelow();
        float slope = detector.slope();
        float bandwidth = detector.bandwidth();
        float[] leak = detector.leak();
        boolean numbers = true;
        for (int p = from; p < to; p += COUNT) {
            FloatVector brightness = fromArray(FLOATS, x, xAt + p).mul(gain);
            numbers &= brightness.compare(VectorOperators.GE, 0f).allTrue()
                    & brightness.sub(brightness).compare(VectorOperators.EQ, 0f).allTrue();
            FloatVector logarithm;
            {
                IntVector bits = brightness.reinterpretAsInts();
                IntVector e = bits.sub(FloatMath.SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
                FloatVector f = bits.sub(e.lanewise(VectorOperators.LSHL, 23))
                        .reinterpretAsFloats()
                        .sub(1f);
                FloatVector s = f.fma(broadcast(FLOATS, FloatMath.L8), broadcast(FLOATS, FloatMath.L7));
                s = s.fma(f, broadcast(FLOATS, FloatMath.L6));
                s = s.fma(f, broadcast(FLOATS, FloatMath.L5));
                s = s.fma(f, broadcast(FLOATS, FloatMath.L4));
                s = s.fma(f, broadcast(FLOATS, FloatMath.L3));
                s = s.fma(f, broadcast(FLOATS, FloatMath.L2));
                s = s.fma(f, broadcast(FLOATS, FloatMath.L1));
                s = s.fma(f, broadcast(FLOATS, FloatMath.L0));
                FloatVector ff = f.mul(f);
                FloatVector small =
                        ff.fma(broadcast(FLOATS, -0.5f), s.mul(f).mul(ff)).add(f);
                logarithm = ((FloatVector) e.convert(VectorOperators.I2F, 0))
                        .fma(broadcast(FLOATS, FloatMath.LN2), small)
                        .blend(brightness.mul(slope), brightness.compare(VectorOperators.LE, linearBelow));
            }
            FloatVector keep;
            {
                FloatVector bounded = brightness
                        .add(ChangeDetector.DARK)
                        .div(BRIGHTEST)
                        .mul(bandwidth)
                        .min(FloatMath.EXP_MAX)
                        .max(FloatMath.EXP_MIN);
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
                keep = s.mul(r).fma(r, r).add(1f).mul(scale.reinterpretAsFloats());
            }
            fromArray(FLOATS, level, p).sub(logarithm).fma(keep, logarithm).intoArray(level, p);
            FloatVector due = fromArray(FLOATS, leak, p).add(fromArray(FLOATS, owed, p));
            FloatVector before = fromArray(FLOATS, base, p);
            FloatVector start = before.sub(due);
            start.intoArray(base, p);
            due.sub(before.sub(start)).intoArray(owed, p);
        }
        return numbers;
    }

    /** The events, in place of the random numbers that y holds; 0 where there is no noise. */
    private static void fire(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] level,
            float[] base,
            float[] silence,
            int from,
            int to,
            ChangeDetector detector,
            float dither) {
        float gain = detector.gain();
        float[] onThreshold = detector.onThreshold();
        float[] offThreshold = detector.offThreshold();
        float[] onNoise = detector.onNoise();
        float[] offNoise = detector.offNoise();
        float noiseFall = detector.noiseFall();
        float rest = detector.rest();
        float eventsPerStep = detector.eventsPerStep();
        FloatVector none = broadcast(FLOATS, 0f);
        for (int p = from; p < to; p += COUNT) {
            FloatVector now = fromArray(FLOATS, level, p);
            FloatVector start = fromArray(FLOATS, base, p);
            FloatVector quiet = fromArray(FLOATS, silence, p);
            FloatVector change = now.sub(start);
            VectorMask<Float> rises = change.compare(VectorOperators.GT, 0f);
            FloatVector threshold = fromArray(FLOATS, offThreshold, p).blend(fromArray(FLOATS, onThreshold, p), rises);
            VectorMask<Float> awake = quiet.compare(VectorOperators.LE, 1f);
            // Whole parts of numbers from 0 to 2^22, of which 1 is taken where the nearest whole number is above: Java
            // 17 has no
            // instruction for it.
            FloatVector rested = broadcast(FLOATS, 1f).sub(quiet).mul(eventsPerStep);
            FloatVector nearest = rested.add(ROUNDER).sub(ROUNDER);
            FloatVector whole = nearest.sub(none.blend(1f, nearest.compare(VectorOperators.GT, rested)));
            FloatVector allowed = none.blend(whole.add(1f), awake);
            FloatVector most = change.abs().div(threshold).min(allowed);
            nearest = most.add(ROUNDER).sub(ROUNDER);
            FloatVector count = nearest.sub(none.blend(1f, nearest.compare(VectorOperators.GT, most)));
            FloatVector events = none.sub(count).blend(count, rises);
            FloatVector end = events.fma(threshold, start);
            // No noise where there are events, or in a pixel that rests: by its chance, for masks of masks would be
            // boxed.
            FloatVector chance = broadcast(FLOATS, 1f)
                    .sub(fromArray(FLOATS, x, xAt + p)
                            .mul(gain)
                            .add(ChangeDetector.DARK)
                            .div(BRIGHTEST)
                            .mul(noiseFall))
                    .max(0f)
                    .blend(0f, count.compare(VectorOperators.NE, 0f))
                    .blend(0f, quiet.compare(VectorOperators.GT, 1f));
            FloatVector drawn = fromArray(FLOATS, y, yAt + p);
            VectorMask<Float> off =
                    drawn.add(dither).compare(VectorOperators.LT, chance.mul(fromArray(FLOATS, offNoise, p)));
            VectorMask<Float> on = broadcast(FLOATS, ChangeDetector.MOST_DRAWN)
                    .sub(drawn)
                    .add(dither)
                    .compare(VectorOperators.LT, chance.mul(fromArray(FLOATS, onNoise, p)));
            events = events.blend(-1f, off).blend(1f, on);
            end = end.blend(now, off).blend(now, on);
            end.intoArray(base, p);
            VectorMask<Float> fired = events.compare(VectorOperators.NE, 0f);
            quiet.sub(1f).max(0f).blend(rest, fired).intoArray(silence, p);
            events.intoArray(y, yAt + p);
        }
    }
}
