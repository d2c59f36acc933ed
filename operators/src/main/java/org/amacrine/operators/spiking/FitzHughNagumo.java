package org.amacrine.operators.spiking;

import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.layer.Parameter;

/**
 * FitzHugh's and Nagumo's cells (FitzHugh 1961; Nagumo 1962), one unit of their time for each frame. The output is v.
 *
 * <pre>
 *   ten times:  v ← v + (I + v - v³ / 3 - w) / 10 + s xi / 10      from the old v and w; xi standard normal, one for each frame
 *               w ← w + tau (v - a - b w) / 10 + s xi / 10
 * </pre>
 *
 * <p>v and w begin at 0.
 */
public final class FitzHughNagumo extends CellLayer {
    private static final int STEPS = 10;
    private static final float STEP = 0.1f;

    private final Parameter a;
    private final Parameter b;
    private final Parameter tau;
    private final Parameter noiseStrength;

    private float[] as;
    private float[] bs;
    private float[] taus;
    private float[] strengths;
    private float[] potential;
    private float[] recovery;

    /**
     * A layer that is not prepared yet.
     *
     * @param name what it is called in messages
     */
    public FitzHughNagumo(String name) {
        super(name, List.of("output"));
        a = add(Parameter.field("a", 0.7).doc("Potential at which the recovery rests"));
        b = add(Parameter.field("b", 0.8).doc("Decay of the recovery"));
        tau = add(Parameter.field("tau", 0.08).doc("Rate of the recovery against that of the potential"));
        noiseStrength = add(Parameter.field("noiseStrength", 0.001)
                .atLeast(0)
                .alias("noise_strength")
                .doc("Standard deviation of the noise, for one unit of time"));
    }

    @Override
    protected void derive() {
        as = each(a);
        bs = each(b);
        taus = each(tau);
        strengths = each(noiseStrength);
        drawNoise(strengths);
    }

    @Override
    void allocateStates() {
        potential = state("potential");
        recovery = state("recovery");
    }

    @Override
    boolean step(float[] x, int xAt, Chunk[] y, int t, float[] noise, int from, int to, long frame) {
        float[] out = y[0].values();
        int yAt = y[0].start(t);
        boolean finite = true;
        boolean noisy = isNoisy();
        for (int i = from; i < to; i++) {
            float v = potential[i];
            float w = recovery[i];
            float jitter = noisy ? strengths[i] * STEP * noise[i] : 0;
            for (int k = 0; k < STEPS; k++) {
                float dv = x[xAt + i] + v - v * v * v / 3 - w;
                float dw = taus[i] * (v - as[i] - bs[i] * w);
                v += dv * STEP + jitter;
                w += dw * STEP + jitter;
            }
            finite &= Math.abs(v) <= Float.MAX_VALUE & Math.abs(w) <= Float.MAX_VALUE;
            potential[i] = v;
            recovery[i] = w;
            out[yAt + i] = v;
        }
        return finite;
    }
}
