package org.amacrine.operators.retina;

import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.Parameter;
import org.amacrine.operators.filter.Recursive;

/**
 * The way back through {@link Opl}: keeps what a chunk was computed from, and takes gradients from its last frame to its first,
 * in double precision.
 *
 * <pre>
 *   u = G(center) x     L = g u + a L'        g = amplification b
 *   H = b L' + a H'     C = L - k H           in the first frame of the high pass H = b L + a H'
 *   v = G(surround) C   S = b v + a S'        output = C - w S
 * </pre>
 *
 * G is one of the two smoothings. A dash marks the frame before; a and b belong to each low pass. Owned by the operator's thread.
 */
final class OplAdjoint {

    /** The way back through frames smoothed in space, which adds to the gradients of its own parameters. */
    interface Smoothing {
        /**
         * Goes back.
         *
         * @param from the frames that were smoothed
         * @param gradient for the result
         * @param to receives the gradient for the frames; null when nobody wants it
         */
        void back(float[] from, double[] gradient, double[] to, int frames);
    }

    private final OplParameters p;
    private final Smoothing center;
    private final Smoothing surround;
    private final double stepSeconds;
    private final int values;
    private final float[] x;
    private final float[] u;
    private final float[] c;
    private final float[] v;
    /** L, H and S, in each the frame before the chunk and then its frames. */
    private final double[] low;

    private final double[] high;
    private final double[] surroundLow;
    private final double[] gradient;
    private final double[] passed;
    private int frames;
    private boolean restarted;

    OplAdjoint(LayerContext context, OplParameters p, Smoothing center, Smoothing surround) {
        this.p = p;
        this.center = center;
        this.surround = surround;
        stepSeconds = context.resolution().stepSeconds();
        values = context.input().values();
        int size = Math.multiplyExact(context.maxFrames(), values);
        x = new float[size];
        u = new float[size];
        c = new float[size];
        v = new float[size];
        low = new double[size + values];
        high = new double[size + values];
        surroundLow = new double[size + values];
        gradient = new double[size];
        passed = new double[size];
    }

    /**
     * Keeps what goes into the temporal filters of the center, and what these remember.
     *
     * @param filtered u
     * @param restarts whether the high pass begins with this chunk
     */
    void begin(Chunk in, Chunk filtered, boolean restarts, float[] lastLow, float[] lastHigh, float[] lastSurround) {
        frames = in.frames();
        restarted = restarts;
        System.arraycopy(in.values(), in.start(0), x, 0, frames * values);
        System.arraycopy(filtered.values(), filtered.start(0), u, 0, frames * values);
        for (int i = 0; i < values; i++) {
            low[i] = lastLow[i];
            high[i] = lastHigh[i];
            surroundLow[i] = lastSurround[i];
        }
    }

    /** Keeps C, and v before it is filtered along time. */
    void keepCenter(Chunk center, Chunk filtered) {
        System.arraycopy(center.values(), center.start(0), c, 0, frames * values);
        System.arraycopy(filtered.values(), filtered.start(0), v, 0, frames * values);
    }

    /** Goes back; {@code inputGradient} may be null. */
    void run(
            Chunk[] gradientsOut,
            Chunk inputGradient,
            Recursive.FirstOrder centerPass,
            Recursive.FirstOrder undershootPass,
            Recursive.FirstOrder surroundPass) {
        repeat(centerPass, undershootPass, surroundPass);
        surroundBack(gradientsOut[0], gradientsOut[2], surroundPass);
        surround.back(c, gradient, passed, frames);
        for (int t = 0, i = 0; t < frames; t++) {
            int whole = gradientsOut[0].start(t);
            int ofCenter = gradientsOut[1].start(t);
            for (int n = 0; n < values; n++, i++) {
                passed[i] +=
                        gradientsOut[0].values()[whole + n] + gradientsOut[1].values()[ofCenter + n];
            }
        }
        centerBack(centerPass, undershootPass);
        center.back(x, gradient, inputGradient == null ? null : passed, frames);
        for (int t = 0, i = 0; inputGradient != null && t < frames; t++) {
            int at = inputGradient.start(t);
            for (int n = 0; n < values; n++, i++) {
                inputGradient.values()[at + n] = (float) passed[i];
            }
        }
    }

    /** L, H and S of all frames. */
    private void repeat(
            Recursive.FirstOrder centerPass, Recursive.FirstOrder undershootPass, Recursive.FirstOrder surroundPass) {
        double gain = p.amplification.number() * centerPass.b();
        for (int i = 0; i < frames * values; i++) {
            int now = i + values;
            low[now] = gain * u[i] + centerPass.a() * low[i];
            double from = i < values && restarted ? low[now] : low[i];
            high[now] = undershootPass.b() * from + undershootPass.a() * high[i];
            surroundLow[now] = surroundPass.b() * (double) v[i] + surroundPass.a() * surroundLow[i];
        }
    }

    /** Leaves the gradient for v in {@code gradient}. */
    private void surroundBack(Chunk ofOutput, Chunk ofSurround, Recursive.FirstOrder pass) {
        double weight = p.surroundWeight.number();
        double weightGradient = 0;
        double ofA = 0;
        double ofB = 0;
        for (int t = frames - 1; t >= 0; t--) {
            for (int n = 0, i = t * values; n < values; n++, i++) {
                double out = ofOutput.values()[ofOutput.start(t) + n];
                double later = t + 1 < frames ? passed[i + values] : 0;
                double g = ofSurround.values()[ofSurround.start(t) + n] - weight * out + pass.a() * later;
                passed[i] = g;
                weightGradient -= out * surroundLow[i + values];
                ofA += g * surroundLow[i];
                ofB += g * v[i];
                gradient[i] = pass.b() * g;
            }
        }
        add(p.surroundWeight, weightGradient);
        add(p.surroundTau, Recursive.lowPassSlope(p.surroundTau.number(), stepSeconds, ofB, ofA));
    }

    /** From the gradient for C, in {@code passed}, to that for u, in {@code gradient}. */
    private void centerBack(Recursive.FirstOrder pass, Recursive.FirstOrder undershoot) {
        double gain = p.amplification.number() * pass.b();
        double k = p.undershootWeight.number();
        double weightGradient = 0;
        double ofGain = 0;
        double ofA = 0;
        double ofUndershootA = 0;
        double ofUndershootB = 0;
        for (int n = 0; n < values; n++) {
            double lowGradient = 0;
            double highGradient = 0;
            for (int t = frames - 1; t >= 0; t--) {
                int i = t * values + n;
                int now = i + values;
                boolean first = t == 0 && restarted;
                double fromNext = undershoot.b() * highGradient;
                highGradient = -k * passed[i] + undershoot.a() * highGradient;
                lowGradient = passed[i] + fromNext + pass.a() * lowGradient;
                if (first) {
                    lowGradient += undershoot.b() * highGradient;
                }
                weightGradient -= passed[i] * high[now];
                ofUndershootA += highGradient * high[i];
                ofUndershootB += highGradient * (first ? low[now] : low[i]);
                ofA += lowGradient * low[i];
                ofGain += lowGradient * u[i];
                gradient[i] = gain * lowGradient;
            }
        }
        add(p.undershootWeight, weightGradient);
        add(
                p.undershootTau,
                Recursive.lowPassSlope(p.undershootTau.number(), stepSeconds, ofUndershootB, ofUndershootA));
        add(p.amplification, ofGain * pass.b());
        add(
                p.centerTau,
                Recursive.lowPassSlope(p.centerTau.number(), stepSeconds, ofGain * p.amplification.number(), ofA));
    }

    static void add(Parameter parameter, double what) {
        double[] gradient = parameter.gradient();
        if (gradient != null) {
            gradient[0] += what;
        }
    }
}
