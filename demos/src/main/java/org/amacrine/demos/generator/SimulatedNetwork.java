package org.amacrine.demos.generator;

import org.amacrine.core.chunk.Shape;
import org.amacrine.core.random.RandomSequence;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;

/**
 * A source of a simulated experiment: three stimuli and the activity of 40 units, in one vector, 20 steps per second. Behind
 * the activity are two oscillators that keep their size by themselves, and a trace of the stimuli:
 *
 * <pre>
 *   z_k  &lt;-  e^(i w_k) z_k (1 + 0.15 (1 - |z_k|²)) + stimulus k,     trace  &lt;-  0.9 trace + 0.3 stimulus 2
 *   activity of a unit = its phases' shares of z_0 and z_1, and its share of the trace, + noise
 * </pre>
 *
 * <p>Units are in order of their phase, so that the first oscillator is a wave that runs over them. Stimuli are pulses at
 * random times.
 */
public final class SimulatedNetwork implements FrameSource {
    /** Steps per second. */
    public static final double STEPS_PER_SECOND = 20;
    /** Number of stimuli. */
    public static final int STIMULI = 3;
    /** Number of units. */
    public static final int UNITS = 40;

    /** Steps of one turn of each oscillator. */
    private static final double[] PERIOD = {40, 13};

    private static final double[] SHARE = {1, 0.5};
    private static final double PULL = 0.15;
    private static final double KICK = 0.25;
    private static final double TRACE_DECAY = 0.9;
    private static final double TRACE_GAIN = 0.3;
    private static final double PULSE_CHANCE = 0.01;
    private static final int PULSE_STEPS = 8;
    private static final double NOISE = 0.15;
    private static final long KEY = 0x6e6574776f726bL;

    private final long skippedSteps;
    private final RandomSequence random = new RandomSequence();
    private final double[] real = new double[PERIOD.length];
    private final double[] imaginary = new double[PERIOD.length];
    private final int[] pulse = new int[STIMULI];
    private double trace;
    private long seed;
    private long step;

    /**
     * An experiment.
     *
     * @param skippedSteps steps that go by before the first one that is seen
     */
    public SimulatedNetwork(long skippedSteps) {
        this.skippedSteps = skippedSteps;
    }

    @Override
    public SourceFormat open(SourceContext context) {
        begin(context.seed());
        for (long t = 0; t < skippedSteps; t++) {
            move();
        }
        return new SourceFormat(Shape.vector(STIMULI + UNITS), STEPS_PER_SECOND, -1, false);
    }

    private void begin(long newSeed) {
        seed = newSeed;
        step = 0;
        trace = 0;
        for (int k = 0; k < PERIOD.length; k++) {
            real[k] = 1;
            imaginary[k] = 0;
        }
        java.util.Arrays.fill(pulse, 0);
    }

    /** The first steps, [steps][stimuli, then units]. */
    public static float[][] record(long seed, int steps) {
        SimulatedNetwork network = new SimulatedNetwork(0);
        network.begin(seed);
        float[][] all = new float[steps][STIMULI + UNITS];
        for (float[] values : all) {
            network.move();
            network.look(values);
        }
        return all;
    }

    private void move() {
        random.start(KEY ^ seed * 0x9E3779B97F4A7C15L, (int) step++);
        for (int s = 0; s < STIMULI; s++) {
            pulse[s] = random.uniform() < PULSE_CHANCE ? PULSE_STEPS : Math.max(0, pulse[s] - 1);
        }
        for (int k = 0; k < PERIOD.length; k++) {
            double angle = 2 * Math.PI / PERIOD[k];
            double growth = 1 + PULL * (1 - real[k] * real[k] - imaginary[k] * imaginary[k]);
            double turned = growth * (Math.cos(angle) * real[k] - Math.sin(angle) * imaginary[k]);
            imaginary[k] = growth * (Math.sin(angle) * real[k] + Math.cos(angle) * imaginary[k]);
            real[k] = turned + (pulse[k] > 0 ? KICK : 0);
        }
        trace = TRACE_DECAY * trace + (pulse[2] > 0 ? TRACE_GAIN : 0);
    }

    private void look(float[] values) {
        for (int s = 0; s < STIMULI; s++) {
            values[s] = pulse[s] > 0 ? 1 : 0;
        }
        for (int u = 0; u < UNITS; u++) {
            double value = u % 2 == 0 ? trace : 0;
            for (int k = 0; k < PERIOD.length; k++) {
                // The second oscillator's phases are spread otherwise than the first one's.
                double phase = 2 * Math.PI * u * (k == 0 ? 1 : 7) / UNITS;
                value += SHARE[k] * (Math.cos(phase) * real[k] + Math.sin(phase) * imaginary[k]);
            }
            values[STIMULI + u] = (float) (value + NOISE * random.normal());
        }
    }

    @Override
    public boolean read(Frame slot) {
        move();
        look(slot.values());
        return true;
    }

    @Override
    public void close() {
        random.start(KEY, 0);
    }
}
