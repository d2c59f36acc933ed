package org.amacrine.backends.vector;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.amacrine.core.kernel.ChangeDetector;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.Neuron;
import org.amacrine.core.kernel.Taps;

/** The arrays of one kernel call, made from a seed: the same ones for every backend. */
final class KernelData {

    /**
     * What a call looks like.
     *
     * @param n pixels of a frame, or columns
     * @param rows rows of an image
     * @param frames number of frames
     * @param offset where the first value is in input and output
     * @param inPlace whether the output is the input
     * @param maps whether fields have a value for each pixel
     * @param variant picks switches: leak, noise, refractory spread, ring position
     */
    record Setup(int n, int rows, int frames, int offset, boolean inPlace, boolean maps, int variant, long seed) {}

    private final SplittableRandom random;
    final Setup setup;
    /** Values from frame to frame: two more than a frame has. */
    final int stride;

    final int inAt;
    final int outAt;
    final float[] x;
    final float[] z;
    final float[] y;
    final float[] stateA;
    final float[] stateB;
    final int ring;
    final float[] history;
    final float[] rate;
    final float[] decay;
    final float[] plus;
    final float[] sign;
    final float[] inverse;
    final float[] threshold;
    final float[] slope;
    final double[] sums;
    final float[] coefficients = {0.3f, -0.1f, 0.25f, -0.2f, 0.9f, -0.3f};
    final Neuron neuron;
    final float[] stateC;
    final float[] stateD;
    final ChangeDetector detector;

    KernelData(Setup setup) {
        this.setup = setup;
        random = new SplittableRandom(setup.seed);
        int frame = setup.n;
        stride = frame + 2;
        inAt = setup.offset;
        outAt = setup.inPlace ? setup.offset : 2 * setup.offset;
        int size = Math.max(setup.frames * stride, setup.rows * stride) + 9;
        x = values(inAt + size);
        z = values(inAt + size);
        y = setup.inPlace ? x : values(outAt + size);
        stateA = values(stride);
        stateB = values(stride);
        ring = 1 + setup.variant % 5;
        history = values(ring * stride);
        rate = positive(setup.frames, 60);
        decay = positive(setup.frames, 1);
        plus = field(50);
        sign = field(2);
        inverse = field(1);
        threshold = field(0.5f);
        slope = field(100);
        sums = new double[setup.rows + 3];
        neuron = neuron();
        stateC = positive(stride, 3);
        stateD = positive(stride, 1e-6f);
        detector = detector();
    }

    private ChangeDetector detector() {
        boolean noisy = setup.variant % 2 == 1;
        return new ChangeDetector(
                10f,
                20f,
                setup.variant % 3 == 0 ? Float.NEGATIVE_INFINITY : -2f,
                positive(stride, 0.05f),
                positive(stride, 0.3f),
                positive(stride, 0.3f),
                noisy ? positive(stride, 0.3f) : new float[stride],
                noisy ? positive(stride, 0.3f) : new float[stride],
                0.75f,
                setup.variant % 4 * 0.7f,
                setup.seed * 55,
                setup.seed * 56);
    }

    private Neuron neuron() {
        float[] none = {0};
        boolean noisy = setup.variant % 2 == 1;
        boolean irregular = setup.variant / 2 % 2 == 1;
        return new Neuron(
                field(50),
                field(0.002f),
                noisy ? field(30) : none,
                field(0.006f),
                irregular ? field(0.002f) : none,
                1000f,
                setup.seed * 77,
                setup.seed * 99);
    }

    /** Mostly moderate numbers, some zeros of both signs, some too small to be normal. */
    private float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            int bits = random.nextInt();
            int kind = bits & 15;
            values[i] = kind == 0
                    ? 0f
                    : kind == 1 ? -0f : kind == 2 ? (bits >>> 28) * Float.MIN_VALUE : bits * 0x1p-31f * (1 << kind % 5);
        }
        return values;
    }

    private float[] positive(int count, float scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = scale * (0.05f + (random.nextInt() >>> 8) * 0x1p-24f);
        }
        return values;
    }

    private float[] field(float scale) {
        return positive(setup.maps ? stride : 1, scale);
    }

    /** Weights of one axis. */
    float[] weights(int count) {
        float[] weights = new float[count];
        SplittableRandom own = new SplittableRandom(setup.seed + count);
        for (int i = 0; i < count; i++) {
            weights[i] = (float) own.nextDouble() - 0.3f;
        }
        return weights;
    }

    float[] scratch(int columns, Taps vertical, Taps horizontal) {
        return new float[Kernels.convolveScratch(columns, vertical, horizontal)];
    }

    /** Where two results differ in a bit, or null. */
    static String difference(KernelData a, KernelData b) {
        float[][] first = {a.x, a.y, a.z, a.stateA, a.stateB, a.stateC, a.stateD, a.history};
        float[][] second = {b.x, b.y, b.z, b.stateA, b.stateB, b.stateC, b.stateD, b.history};
        String[] names = {"x", "y", "z", "state a", "state b", "state c", "state d", "history"};
        for (int i = 0; i < names.length; i++) {
            for (int j = 0; j < first[i].length; j++) {
                if (Float.floatToRawIntBits(first[i][j]) != Float.floatToRawIntBits(second[i][j])) {
                    return names[i] + "[" + j + "] is " + second[i][j] + " instead of " + first[i][j];
                }
            }
        }
        for (int j = 0; j < a.sums.length; j++) {
            if (Double.doubleToRawLongBits(a.sums[j]) != Double.doubleToRawLongBits(b.sums[j])) {
                return "sums[" + j + "] is " + b.sums[j] + " instead of " + a.sums[j];
            }
        }
        return null;
    }

    float[] rateFrom(int frame) {
        return Arrays.copyOfRange(rate, frame, rate.length);
    }

    float[] decayFrom(int frame) {
        return Arrays.copyOfRange(decay, frame, decay.length);
    }
}
