package org.amacrine.backends.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.amacrine.backends.vector.Lanes.COUNT;
import static org.amacrine.backends.vector.Lanes.FLOATS;
import static org.amacrine.backends.vector.Lanes.field;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.amacrine.core.kernel.Neuron;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.random.CounterRandom;

/** Integrate-and-fire neurons, whole vectors of neighbouring pixels at a time. */
final class VectorNeurons {
    private VectorNeurons() {}

    static boolean integrateAndFire(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] v,
            float[] r,
            int frames,
            int stride,
            int from,
            int to,
            long firstFrame,
            Neuron neuron) {
        int head = VectorRandom.firstBlock(from, to);
        int tail = Math.max(head, to / VectorRandom.BLOCK * VectorRandom.BLOCK);
        ScalarKernels scalar = ScalarKernels.INSTANCE;
        boolean numbers = scalar.integrateAndFire(x, xAt, y, yAt, v, r, frames, stride, from, head, firstFrame, neuron);
        for (int tile = head; tile < tail; tile += VectorRandom.TILE) {
            int end = Math.min(tail, tile + VectorRandom.TILE);
            for (int t = 0; t < frames; t++) {
                int out = yAt + t * stride;
                if (!neuron.isNoiseless()) {
                    VectorRandom.normalBlocks(y, out, tile, end, neuron.noiseKey(), firstFrame + t, 1f, 0f);
                }
                numbers &= step(x, xAt + t * stride, y, out, v, r, tile, end, firstFrame + t, neuron);
            }
        }
        return numbers & scalar.integrateAndFire(x, xAt, y, yAt, v, r, frames, stride, tail, to, firstFrame, neuron);
    }

    private static boolean step(
            float[] x, int xAt, float[] y, int yAt, float[] v, float[] r, int from, int to, long frame, Neuron neuron) {
        boolean noisy = !neuron.isNoiseless();
        boolean regular = neuron.isRegular();
        float[] leak = neuron.leak();
        float[] tau = neuron.tau();
        float[] noise = neuron.noise();
        float[] mean = neuron.refractoryMean();
        float counts = neuron.countsPerSecond();
        boolean numbers = true;
        for (int p = from; p < to; p += COUNT) {
            FloatVector before = fromArray(FLOATS, v, p);
            FloatVector current =
                    fromArray(FLOATS, x, xAt + p).sub(field(leak, p).mul(before));
            if (noisy) {
                // Written out, as Lanes says: noise may be rare.
                FloatVector level = noise.length == 1 ? broadcast(FLOATS, noise[0]) : fromArray(FLOATS, noise, p);
                current = current.add(level.mul(fromArray(FLOATS, y, yAt + p)));
            }
            numbers &= current.sub(current).compare(VectorOperators.EQ, 0f).allTrue();
            FloatVector potential = before.add(current.mul(field(tau, p)));
            FloatVector counter = fromArray(FLOATS, r, p).sub(1f);
            potential = potential.blend(0f, counter.compare(VectorOperators.GE, 0.5f));
            VectorMask<Float> spike = potential.compare(VectorOperators.GT, 1f);
            counter = counter.blend(field(mean, p).mul(counts), spike);
            counter.blend(0f, counter.compare(VectorOperators.LT, 0f)).intoArray(r, p);
            potential = potential.blend(0f, spike);
            potential.intoArray(v, p);
            broadcast(FLOATS, 0f).blend(1f, spike).intoArray(y, yAt + p);
            if (!regular && spike.anyTrue()) {
                drawRefractory(y, yAt, r, p, frame, neuron);
            }
        }
        return numbers;
    }

    /** Refractory times for the lanes that spike: few, so one by one. */
    private static void drawRefractory(float[] y, int yAt, float[] r, int from, long frame, Neuron neuron) {
        for (int p = from; p < from + COUNT; p++) {
            if (y[yAt + p] == 1f) {
                float seconds = ScalarKernels.at(neuron.refractoryMean(), p)
                        + ScalarKernels.at(neuron.refractorySigma(), p)
                                * CounterRandom.normal(neuron.refractoryKey(), frame, p);
                float counter = neuron.countsPerSecond() * seconds;
                r[p] = counter < 0 ? 0 : counter;
            }
        }
    }
}
