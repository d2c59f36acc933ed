package org.amacrine.operators.retina;

import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.Neuron;
import org.amacrine.core.layer.BaseLayer;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.operators.filter.Fields;

/**
 * Spikes of ganglion cells: a noisy leaky integrate-and-fire neuron with a refractory time at each pixel (Wohrer and
 * Kornprobst 2009, eq. 18). Output 1 for a spike, else 0.
 *
 * <pre>
 *   V ← V + (I - g V + s xi sqrt(g / tau)) tau        xi standard normal
 *   R ← R - 1;  where R >= 1/2: V ← 0;  spike = V > 1
 *   where spike: R ← 1000 (mean + sigma zeta), V ← 0  zeta standard normal
 *   where R < 0: R ← 0
 * </pre>
 *
 * <p>V begins uniform on [0.5, 0.7), R as after a spike. All random numbers are counted by (seed, layer, frame, pixel).
 *
 * <p>Follows the reference ({@link Clock#REFERENCE}): tau is a parameter, 0.001 s whatever the rate, and a refractory time
 * counts 1000 per second though one count passes with each step. With {@link Clock#RESOLUTION} tau is the step of the
 * resolution and a refractory second counts as many steps as it has.
 */
public final class GanglionSpiking extends BaseLayer {

    /** What a step means. */
    public enum Clock {
        /** One step is 1 ms, whatever the rate. */
        REFERENCE,
        /** One step is that of the resolution. */
        RESOLUTION
    }

    private static final int GRAIN = 1024;
    private static final int NOISE = 0;
    private static final int REFRACTORY = 1;
    private static final int FIRST_POTENTIAL = 2;
    private static final int FIRST_REFRACTORY = 3;

    private final Clock clock;
    private final Parameter refractoryMean;
    private final Parameter refractorySigma;
    private final Parameter noise;
    private final Parameter leak;
    private final Parameter tau;
    private final Bands.Band band = this::fire;
    private Neuron neuron;
    private float[] potential;
    private float[] refractory;
    private boolean started;
    private volatile boolean numbers;
    private Chunk x;
    private Chunk y;

    /** The reference's clock, and its defaults of a single layer (refractory sigma 1 ms). */
    public GanglionSpiking() {
        this("retina.ganglion-spiking", 0.001, Clock.REFERENCE);
    }

    /**
     * A layer with a choice of clock.
     *
     * @param name what it is called in messages
     * @param defaultRefractorySigma default spread of the refractory time, in seconds: 0.001 by itself, 0 within a retina
     * @param clock what a step means
     */
    public GanglionSpiking(String name, double defaultRefractorySigma, Clock clock) {
        super(name);
        this.clock = clock;
        refractoryMean = add(Parameter.field("refractoryMeanSeconds", 0.003)
                .unit("s")
                .atLeast(0)
                .alias("refr_mu")
                .doc("Mean refractory time"));
        refractorySigma = add(Parameter.field("refractorySigmaSeconds", defaultRefractorySigma)
                .unit("s")
                .atLeast(0)
                .alias("refr_sigma")
                .doc("Standard deviation of the refractory time"));
        noise = add(Parameter.field("noiseSigma", 0.1)
                .atLeast(0)
                .alias("noise_sigma")
                .doc("Standard deviation of the noise; the threshold is 1"));
        leak = add(Parameter.field("leakHertz", 50)
                .unit("Hz")
                .above(0)
                .alias("g_L")
                .doc("Leak conductance"));
        tau = add(Parameter.field("tauSeconds", 0.001)
                .unit("s")
                .above(0)
                .alias("tau")
                .doc(
                        clock == Clock.REFERENCE
                                ? "Length of a step"
                                : "Without effect: the length of a step is that of the resolution"));
    }

    @Override
    protected void derive() {
        Shape shape = context().input();
        boolean ownClock = clock == Clock.RESOLUTION;
        float[] leaks = Fields.of(leak, shape);
        float[] taus = ownClock ? new float[] {(float) context().resolution().stepSeconds()} : Fields.of(tau, shape);
        float[] sigmas = Fields.of(noise, shape);
        float[] amplitudes = new float[Math.max(sigmas.length, Math.max(leaks.length, taus.length))];
        for (int p = 0; p < amplitudes.length; p++) {
            double g = leaks[leaks.length == 1 ? 0 : p];
            double h = taus[taus.length == 1 ? 0 : p];
            amplitudes[p] = (float) (sigmas[sigmas.length == 1 ? 0 : p] * Math.sqrt(g / h));
        }
        neuron = new Neuron(
                leaks,
                taus,
                amplitudes,
                Fields.of(refractoryMean, shape),
                Fields.of(refractorySigma, shape),
                ownClock ? (float) context().resolution().stepsPerSecond() : 1000f,
                key(NOISE),
                key(REFRACTORY));
    }

    private long key(int purpose) {
        return CounterRandom.key(context().seed(), context().path(), purpose);
    }

    @Override
    protected List<Shape> allocate() {
        Shape shape = context().input();
        potential = new float[shape.values()];
        refractory = new float[shape.values()];
        int[] axes = {shape.channels(), shape.rows(), shape.columns()};
        addState("potential", potential, axes);
        addState("refractory", refractory, axes);
        states().onClear(() -> started = false);
        return List.of(shape);
    }

    private void addState(String name, float[] live, int[] axes) {
        states().add(
                        name,
                        () -> {
                            begin();
                            return NdArray.of(live.clone(), axes.clone());
                        },
                        array -> {
                            if (array.size() != live.length) {
                                throw new IllegalArgumentException("needs the shape " + NdArray.text(axes)
                                        + " but was given " + NdArray.text(array.shape()));
                            }
                            begin();
                            System.arraycopy(array.floats(), 0, live, 0, live.length);
                        });
    }

    /** Draws the first potentials and refractory counters, with the parameters as they are when the first frame comes. */
    private void begin() {
        if (started) {
            return;
        }
        started = true;
        Kernels kernels = context().kernels();
        int n = potential.length;
        kernels.uniform(potential, 0, 0, n, key(FIRST_POTENTIAL), 0, 0.2f, 0.5f);
        kernels.normal(refractory, 0, 0, n, key(FIRST_REFRACTORY), 0, 1f, 0f);
        float[] mean = neuron.refractoryMean();
        float[] sigma = neuron.refractorySigma();
        for (int p = 0; p < n; p++) {
            float spread = sigma[sigma.length == 1 ? 0 : p] * refractory[p];
            refractory[p] = neuron.countsPerSecond() * (mean[mean.length == 1 ? 0 : p] + spread);
        }
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        begin();
        x = in[0];
        y = out[0];
        numbers = true;
        context().bands().run(band, potential.length, GRAIN);
        x = null;
        y = null;
        if (!numbers) {
            throw new ArithmeticException(
                    "the current of a cell became infinite or NaN; check luminance and parameters");
        }
    }

    private void fire(int worker, int from, int to) {
        boolean ok = context()
                .kernels()
                .integrateAndFire(
                        x.values(),
                        x.start(0),
                        y.values(),
                        y.start(0),
                        potential,
                        refractory,
                        x.frames(),
                        potential.length,
                        from,
                        to,
                        x.firstFrame(),
                        neuron);
        if (!ok) {
            numbers = false;
        }
    }
}
