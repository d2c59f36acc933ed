package org.amacrine.operators.spiking;

import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.kernel.FloatMath;
import org.amacrine.core.layer.Parameter;

/**
 * Hodgkin's and Huxley's cells (1952, eq. 26 and its rates), 1 ms for each frame; potentials in mV from rest, positive for
 * depolarisation. The output is v.
 *
 * <pre>
 *   twenty times, from the old values, h = 0.05:
 *     v ← v + h (I + s xi / C - (gK / C) n⁴ (v - VK) - (gNa / C) m³ g (v - VNa) - (gL / C) (v - VL))
 *     n ← n + h (an (1 - n) - bn n),   m and g the same
 *     an = 0.01 (10 - v) / (exp((10 - v) / 10) - 1)     bn = 0.125 exp(-v / 80)
 *     am = 0.1 (25 - v) / (exp((25 - v) / 10) - 1)      bm = 4 exp(-v / 18)
 *     ag = 0.07 exp(-v / 20)                            bg = 1 / (exp((30 - v) / 10) + 1)
 * </pre>
 *
 * <p>xi is standard normal, one for each frame; everything begins at 0. Follows the reference, in which the current is not
 * divided by C. Differs from it at v = 10 and 25 mV, where it divides 0 by 0.
 */
public final class HodgkinHuxley extends CellLayer {
    private static final int STEPS = 20;
    private static final float STEP = 0.05f;
    /** Below this z / (exp(z) - 1) is its series: the difference loses more digits than the series does. */
    private static final float SMALL = 0.05f;

    private final Parameter potassium;
    private final Parameter sodium;
    private final Parameter leak;
    private final Parameter capacity;
    private final Parameter potassiumReversal;
    private final Parameter sodiumReversal;
    private final Parameter leakReversal;
    private final Parameter noiseStrength;

    private float[] potassiums;
    private float[] sodiums;
    private float[] leaks;
    private float[] potassiumReversals;
    private float[] sodiumReversals;
    private float[] leakReversals;
    private float[] strengths;
    private float[] potential;
    private float[] n;
    private float[] m;
    private float[] g;

    /**
     * A layer that is not prepared yet.
     *
     * @param name what it is called in messages
     */
    public HodgkinHuxley(String name) {
        super(name, List.of("output"));
        potassium = add(conductance("potassiumConductance", 36, "gK").doc("Conductance of potassium"));
        sodium = add(conductance("sodiumConductance", 120, "gNa").doc("Conductance of sodium"));
        leak = add(conductance("leakConductance", 0.3, "gL").doc("Conductance of the leak"));
        capacity = add(Parameter.field("capacity", 1)
                .unit("µF/cm²")
                .above(0)
                .alias("Cm")
                .doc("Capacity of the membrane"));
        potassiumReversal = add(reversal("potassiumReversal", -12, "VK").doc("Reversal potential of potassium"));
        sodiumReversal = add(reversal("sodiumReversal", 115, "VNa").doc("Reversal potential of sodium"));
        leakReversal = add(reversal("leakReversal", 10.613, "Vl").doc("Reversal potential of the leak"));
        noiseStrength = add(Parameter.field("noiseStrength", 0.1)
                .atLeast(0)
                .alias("noise_strength")
                .doc("Standard deviation of the noise current"));
    }

    private static Parameter conductance(String name, double value, String alias) {
        return Parameter.field(name, value).unit("mS/cm²").atLeast(0).alias(alias);
    }

    private static Parameter reversal(String name, double value, String alias) {
        return Parameter.field(name, value).unit("mV").alias(alias);
    }

    @Override
    public String unit(String output) {
        return "mV";
    }

    @Override
    protected void derive() {
        float[] capacities = each(capacity);
        potassiums = quotients(potassium, capacities);
        sodiums = quotients(sodium, capacities);
        leaks = quotients(leak, capacities);
        strengths = quotients(noiseStrength, capacities);
        potassiumReversals = each(potassiumReversal);
        sodiumReversals = each(sodiumReversal);
        leakReversals = each(leakReversal);
        drawNoise(strengths);
    }

    private float[] quotients(Parameter field, float[] by) {
        float[] all = each(field).clone();
        for (int i = 0; i < all.length; i++) {
            all[i] /= by[i];
        }
        return all;
    }

    @Override
    void allocateStates() {
        potential = state("potential");
        n = state("n");
        m = state("m");
        g = state("h");
    }

    @Override
    boolean step(float[] x, int xAt, Chunk[] y, int t, float[] noise, int from, int to, long frame) {
        float[] out = y[0].values();
        int yAt = y[0].start(t);
        boolean finite = true;
        boolean noisy = isNoisy();
        for (int i = from; i < to; i++) {
            float current = noisy ? x[xAt + i] + strengths[i] * noise[i] : x[xAt + i];
            for (int k = 0; k < STEPS; k++) {
                step(i, current);
            }
            float v = potential[i];
            finite &= Math.abs(v) <= Float.MAX_VALUE;
            out[yAt + i] = v;
        }
        return finite;
    }

    private void step(int i, float current) {
        float v = potential[i];
        float n0 = n[i];
        float m0 = m[i];
        float g0 = g[i];
        float dv = current
                - potassiums[i] * (n0 * n0 * n0 * n0) * (v - potassiumReversals[i])
                - sodiums[i] * (m0 * m0 * m0) * g0 * (v - sodiumReversals[i])
                - leaks[i] * (v - leakReversals[i]);
        float an = 0.1f * overExpLess1((10 - v) / 10);
        float bn = 0.125f * FloatMath.exp(-v / 80);
        float am = overExpLess1((25 - v) / 10);
        float bm = 4 * FloatMath.exp(-v / 18);
        float ag = 0.07f * FloatMath.exp(-v / 20);
        float bg = 1 / (FloatMath.exp((30 - v) / 10) + 1);
        potential[i] = v + STEP * dv;
        n[i] = n0 + STEP * (an * (1 - n0) - bn * n0);
        m[i] = m0 + STEP * (am * (1 - m0) - bm * m0);
        g[i] = g0 + STEP * (ag * (1 - g0) - bg * g0);
    }

    /** z / (exp(z) - 1). */
    private static float overExpLess1(float z) {
        return Math.abs(z) < SMALL ? 1 - z / 2 + z * z / 12 : z / (FloatMath.exp(z) - 1);
    }
}
