package org.amacrine.backends.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.amacrine.backends.vector.Lanes.COUNT;
import static org.amacrine.backends.vector.Lanes.FLOATS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.amacrine.core.kernel.ChangeDetector;
import org.amacrine.core.kernel.ScalarKernels;

/** Pixels that tell changes of brightness, whole vectors of neighbours at a time. */
final class VectorChanges {
    /** Beyond it, all numbers are whole. */
    private static final float ROUNDER = 0x1p23f;

    private VectorChanges() {}

    static boolean detectChanges(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] level,
            float[] base,
            float[] silence,
            int frames,
            int stride,
            int from,
            int to,
            long firstFrame,
            ChangeDetector detector) {
        int head = VectorRandom.firstBlock(from, to);
        int tail = Math.max(head, to / VectorRandom.BLOCK * VectorRandom.BLOCK);
        ScalarKernels scalar = ScalarKernels.INSTANCE;
        boolean numbers = scalar.detectChanges(
                x, xAt, y, yAt, level, base, silence, frames, stride, from, head, firstFrame, detector);
        for (int tile = head; tile < tail; tile += VectorRandom.TILE) {
            int end = Math.min(tail, tile + VectorRandom.TILE);
            for (int t = 0; t < frames; t++) {
                int in = xAt + t * stride;
                int out = yAt + t * stride;
                numbers &= change(x, in, level, base, tile, end, detector);
                if (detector.isNoiseless()) {
                    Arrays.fill(y, out + tile, out + end, 0);
                } else {
                    VectorRandom.uniform(y, out, tile, end, detector.noiseKey(), firstFrame + t, 1f, 0f);
                }
                fire(x, in, y, out, level, base, silence, tile, end, detector);
            }
        }
        return numbers
                & scalar.detectChanges(
                        x, xAt, y, yAt, level, base, silence, frames, stride, tail, to, firstFrame, detector);
    }

    /** The low pass, and the leak: returns whether every input was a finite number of at least 0. */
    private static boolean change(
            float[] x, int xAt, float[] level, float[] base, int from, int to, ChangeDetector detector) {
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
            FloatVector logarithm = VectorMath.log(brightness)
                    .blend(brightness.mul(slope), brightness.compare(VectorOperators.LE, linearBelow));
            FloatVector keep = VectorMath.exp(intensity(brightness).mul(bandwidth));
            fromArray(FLOATS, level, p).sub(logarithm).fma(keep, logarithm).intoArray(level, p);
            fromArray(FLOATS, base, p).sub(fromArray(FLOATS, leak, p)).intoArray(base, p);
        }
        return numbers;
    }

    private static FloatVector intensity(FloatVector brightness) {
        return brightness.add(ChangeDetector.DARK).div(ChangeDetector.WHITE + ChangeDetector.DARK);
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
            ChangeDetector detector) {
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
            FloatVector allowed = none.blend(
                    whole(broadcast(FLOATS, 1f).sub(quiet).mul(eventsPerStep)).add(1f), awake);
            FloatVector count = whole(change.abs().div(threshold).min(allowed));
            FloatVector events = none.sub(count).blend(count, rises);
            FloatVector end = events.fma(threshold, start);
            // No noise where there are events, or in a pixel that rests: by its chance, for masks of masks would be
            // boxed.
            FloatVector chance = broadcast(FLOATS, 1f)
                    .sub(intensity(fromArray(FLOATS, x, xAt + p).mul(gain)).mul(noiseFall))
                    .max(0f)
                    .blend(0f, count.compare(VectorOperators.NE, 0f))
                    .blend(0f, quiet.compare(VectorOperators.GT, 1f));
            FloatVector drawn = fromArray(FLOATS, y, yAt + p);
            VectorMask<Float> off = drawn.compare(VectorOperators.LT, chance.mul(fromArray(FLOATS, offNoise, p)));
            VectorMask<Float> on = drawn.compare(
                    VectorOperators.GE, broadcast(FLOATS, 1f).sub(chance.mul(fromArray(FLOATS, onNoise, p))));
            events = events.blend(-1f, off).blend(1f, on);
            end = end.blend(now, off).blend(now, on);
            end.intoArray(base, p);
            VectorMask<Float> fired = events.compare(VectorOperators.NE, 0f);
            quiet.sub(1f).max(0f).blend(rest, fired).intoArray(silence, p);
            events.intoArray(y, yAt + p);
        }
    }

    /** The whole part of numbers from 0 to 2²²: Java 17 has no instruction for it. */
    private static FloatVector whole(FloatVector x) {
        FloatVector nearest = x.add(ROUNDER).sub(ROUNDER);
        return nearest.sub(broadcast(FLOATS, 0f).blend(1f, nearest.compare(VectorOperators.GT, x)));
    }
}
