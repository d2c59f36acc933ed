package org.amacrine.operators.spiking;

import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.random.CounterRandom;

/**
 * Leaky integrate-and-fire cells with noise, with a refractory time or without. Output 1 for a spike, else 0.
 *
 * <pre>
 *   V ← V + (I / h - g V + s xi sqrt(g / h)) h        xi standard normal, h the step in seconds
 *   spike = V &gt; 1
 *   with a refractory time:
 *     where spike: R ← 1000 (mean + sigma zeta)       zeta standard normal
 *     where R &lt; 0: R ← 0
 *     R ← R - 1;  where R &gt;= 1/2: V ← 0
 *   where spike: V ← 0
 * </pre>
 *
 * <p>V begins uniform on [0.5, 0.7), R as after a spike. The input I is a step of the potential, not a current.
 *
 * <p>Follows the reference: the refractory counter begins with 1000 for each second and loses one with each step, whatever the
 * rate; and a cell whose input exceeds 1 in one step spikes although it is refractory. {@code GanglionSpiking} of the retina has
 * another order of these steps.
 */
public final class LeakyIntegrateAndFire extends CellLayer {
    private static final int REFRACTORY = 1;
    private static final int FIRST_POTENTIAL = 2;
    private static final int FIRST_REFRACTORY = 3;
    private static final float COUNTS_PER_SECOND = 1000f;

    private final boolean isRefractory;
    private final Parameter noiseSigma;
    private final Parameter leak;
    private final Parameter refractoryMean;
    private final Parameter refractorySigma;

    private float h;
    private float[] leaks;
    private float[] amplitudes;
    private float[] means;
    private float[] sigmas;
    private float[] potential;
    private float[] refractory;
    private long refractoryKey;
    private boolean started;

    /**
     * A layer that is not prepared yet.
     *
     * @param name what it is called in messages
     * @param isRefractory whether cells are silent for a time after each spike
     */
    public LeakyIntegrateAndFire(String name, boolean isRefractory) {
        super(name, List.of("output"));
        this.isRefractory = isRefractory;
        noiseSigma = add(Parameter.field("noiseSigma", 0.1)
                .atLeast(0)
                .alias("noise_sigma")
                .doc("Standard deviation of the noise; the threshold is 1"));
        leak = add(Parameter.field("leakHertz", 50)
                .unit("Hz")
                .above(0)
                .alias("g_L")
                .doc("Leak conductance"));
        refractoryMean = isRefractory
                ? add(Parameter.field("refractoryMeanSeconds", 0.003)
                        .unit("s")
                        .atLeast(0)
                        .alias("refr_mu")
                        .doc("Mean refractory time"))
                : null;
        refractorySigma = isRefractory
                ? add(Parameter.field("refractorySigmaSeconds", 0.001)
                        .unit("s")
                        .atLeast(0)
                        .alias("refr_sigma")
                        .doc("Standard deviation of the refractory time"))
                : null;
    }

    @Override
    protected void derive() {
        h = (float) context().resolution().stepSeconds();
        leaks = each(leak);
        float[] noise = each(noiseSigma);
        amplitudes = new float[cells()];
        for (int i = 0; i < amplitudes.length; i++) {
            amplitudes[i] = (float) (noise[i] * Math.sqrt(leaks[i] / (double) h));
        }
        drawNoise(amplitudes);
        if (isRefractory) {
            means = each(refractoryMean);
            sigmas = each(refractorySigma);
        }
    }

    @Override
    void allocateStates() {
        potential = new float[cells()];
        addState("potential", potential);
        if (isRefractory) {
            refractory = new float[cells()];
            refractoryKey = key(REFRACTORY);
            addState("refractory", refractory);
        }
        states().onClear(() -> started = false);
    }

    private void addState(String name, float[] live) {
        states().add(
                        name,
                        () -> {
                            begin();
                            return NdArray.of(live.clone(), axes());
                        },
                        array -> {
                            if (array.size() != live.length) {
                                throw new IllegalArgumentException("needs the shape " + NdArray.text(axes())
                                        + " but was given " + NdArray.text(array.shape()));
                            }
                            begin();
                            System.arraycopy(array.floats(), 0, live, 0, live.length);
                        });
    }

    /** Draws the first potentials and counters, with the parameters as they are when the first frame comes. */
    @Override
    void begin() {
        if (started) {
            return;
        }
        started = true;
        context().kernels().uniform(potential, 0, 0, cells(), key(FIRST_POTENTIAL), 0, 0.2f, 0.5f);
        long key = key(FIRST_REFRACTORY);
        for (int i = 0; isRefractory && i < cells(); i++) {
            refractory[i] = silence(key, 0, i);
        }
    }

    private float silence(long key, long frame, int cell) {
        float zeta = sigmas[cell] == 0 ? 0 : sigmas[cell] * CounterRandom.normal(key, frame, cell);
        return COUNTS_PER_SECOND * (means[cell] + zeta);
    }

    @Override
    boolean step(float[] x, int xAt, Chunk[] y, int t, float[] noise, int from, int to, long frame) {
        float[] spikes = y[0].values();
        int yAt = y[0].start(t);
        boolean finite = true;
        boolean noisy = isNoisy();
        for (int i = from; i < to; i++) {
            float v = potential[i];
            float current = x[xAt + i] / h - leaks[i] * v;
            if (noisy) {
                current += amplitudes[i] * noise[i];
            }
            v += current * h;
            finite &= Math.abs(v) <= Float.MAX_VALUE;
            boolean spike = v > 1;
            if (isRefractory) {
                float left = spike ? silence(refractoryKey, frame, i) : refractory[i];
                left = (left < 0 ? 0 : left) - 1;
                refractory[i] = left;
                v = left >= 0.5f ? 0 : v;
            }
            potential[i] = spike ? 0 : v;
            spikes[yAt + i] = spike ? 1 : 0;
        }
        return finite;
    }
}
