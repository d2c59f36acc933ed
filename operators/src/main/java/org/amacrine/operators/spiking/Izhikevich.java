package org.amacrine.operators.spiking;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.layer.Parameter;

/**
 * Izhikevich's cells (2003, eq. 1 to 3), one step for each frame, which is 1 ms of theirs. Outputs: {@code spikes}, 1 or 0, and
 * where asked for the {@code potential} v, in mV, and the {@code recovery} u, after the reset.
 *
 * <pre>
 *   twice:  v ← v + (0.04 v² + 5 v + 140 - u + I) / 2,  u ← u + a (b v - u) / 2      both from the old v and u
 *   spike = v &gt;= threshold;  where spike: v ← c, u ← u + d
 * </pre>
 *
 * <p>v begins at c and u at b c, as they are when the layer is prepared or cleared. Differs from the reference, which gives some spiking cells the recovery of others when there
 * are several.
 */
public final class Izhikevich extends CellLayer {
    /** All that can be given out, in this order. */
    public static final List<String> OUTPUTS = List.of("spikes", "potential", "recovery");

    /**
     * Named sets of constants, from Izhikevich (2004, figure 1). Follows the reference, which has one pair of equations for all: the
     * figure draws some of them with others, so that class 1 and accommodation fire otherwise here.
     */
    public enum Preset {
        /** Spikes as long as there is a current. */
        TONIC_SPIKING(0.02, 0.2, -65, 6, 14),
        /** One spike when the current begins. */
        PHASIC_SPIKING(0.02, 0.25, -65, 6, 0.5),
        /** Bursts as long as there is a current. */
        TONIC_BURSTING(0.02, 0.2, -50, 2, 15),
        /** One burst when the current begins. */
        PHASIC_BURSTING(0.02, 0.25, -55, 0.05, 0.6),
        /** A burst, then single spikes. */
        MIXED_MODE(0.02, 0.2, -55, 4, 10),
        /** Spikes that become rarer. */
        SPIKE_FREQUENCY_ADAPTATION(0.01, 0.2, -65, 8, 30),
        /** Fires as slowly as the current is weak. */
        CLASS_1(0.02, -0.1, -55, 6, 0),
        /** Fires fast or not at all. */
        CLASS_2(0.2, 0.26, -65, 0, 0),
        /** Spikes late after a weak pulse. */
        SPIKE_LATENCY(0.02, 0.2, -65, 6, 7),
        /** Oscillates below threshold. */
        SUBTHRESHOLD_OSCILLATION(0.05, 0.26, -60, 0, 0),
        /** Spikes at pulses of one interval. */
        RESONATOR(0.1, 0.26, -60, -1, 0),
        /** Spikes at pulses that are close. */
        INTEGRATOR(0.02, -0.1, -55, 6, 0),
        /** Spikes after inhibition. */
        REBOUND_SPIKE(0.03, 0.25, -60, 4, 0),
        /** Bursts after inhibition. */
        REBOUND_BURST(0.03, 0.25, -52, 0, 0),
        /** Inhibition lowers the threshold. */
        THRESHOLD_VARIABILITY(0.03, 0.25, -60, 4, 0),
        /** Rests or fires, and pulses switch. */
        BISTABILITY(1, 1.5, -60, 0, -65),
        /** Depolarised after a spike. */
        DEPOLARISING_AFTER_POTENTIAL(1, 0.2, -60, -21, 0),
        /** Spikes at steep ramps only. */
        ACCOMMODATION(0.02, 1, -55, 4, 0),
        /** Spikes as long as it is inhibited. */
        INHIBITION_INDUCED_SPIKING(-0.02, -1, -60, 8, 80),
        /** Bursts as long as it is inhibited. */
        INHIBITION_INDUCED_BURSTING(-0.026, -1, -45, 0, 80);

        private final double a;
        private final double b;
        private final double c;
        private final double d;
        private final double current;

        Preset(double a, double b, double c, double d, double current) {
            this.a = a;
            this.b = b;
            this.c = c;
            this.d = d;
            this.current = current;
        }

        /** The current that the reference suggests; 0 where pulses or ramps show what the preset is named for. */
        public double current() {
            return current;
        }

        /** The name in pipeline files: {@code tonic-spiking}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** The preset of that name in pipeline files. */
        public static Preset of(String word) {
            return Arrays.stream(values())
                    .filter(preset -> preset.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("preset must be one of "
                            + Arrays.stream(values()).map(Preset::word).toList() + " but was \"" + word + "\""));
        }
    }

    private final Parameter a;
    private final Parameter b;
    private final Parameter c;
    private final Parameter d;
    private final Parameter threshold;
    private final boolean tellsPotential;
    private final boolean tellsRecovery;

    private float[] as;
    private float[] bs;
    private float[] cs;
    private float[] ds;
    private float[] thresholds;
    private float[] potential;
    private float[] recovery;

    /**
     * A layer that is not prepared yet.
     *
     * @param name what it is called in messages
     * @param preset defaults of the constants
     * @param outputs what is given out, of {@link #OUTPUTS}
     */
    public Izhikevich(String name, Preset preset, List<String> outputs) {
        super(name, checked(outputs));
        tellsPotential = outputs.contains("potential");
        tellsRecovery = outputs.contains("recovery");
        a = add(Parameter.field("a", preset.a).doc("Rate of the recovery, per ms"));
        b = add(Parameter.field("b", preset.b).doc("What the recovery takes from the potential"));
        c = add(Parameter.field("c", preset.c).unit("mV").doc("Potential after a spike"));
        d = add(Parameter.field("d", preset.d).doc("What a spike adds to the recovery"));
        threshold = add(Parameter.field("threshold", 30).unit("mV").doc("Potential that is a spike"));
    }

    private static List<String> checked(List<String> outputs) {
        for (String output : outputs) {
            if (!OUTPUTS.contains(output)) {
                throw new IllegalArgumentException("outputs may be " + OUTPUTS + " but one was \"" + output + "\"");
            }
        }
        return OUTPUTS.stream()
                .filter(name -> name.equals("spikes") || outputs.contains(name))
                .toList();
    }

    @Override
    public String unit(String output) {
        return output.equals("potential") ? "mV" : "";
    }

    @Override
    protected void derive() {
        as = each(a);
        bs = each(b);
        cs = each(c);
        ds = each(d);
        thresholds = each(threshold);
    }

    @Override
    void allocateStates() {
        potential = state("potential");
        recovery = state("recovery");
        states().onClear(() -> {
            for (int i = 0; i < cells(); i++) {
                potential[i] = cs[i];
                recovery[i] = bs[i] * cs[i];
            }
        });
    }

    @Override
    boolean step(float[] x, int xAt, Chunk[] y, int t, float[] noise, int from, int to, long frame) {
        float[] spikes = y[0].values();
        int yAt = y[0].start(t);
        boolean finite = true;
        for (int i = from; i < to; i++) {
            float v = potential[i];
            float u = recovery[i];
            for (int half = 0; half < 2; half++) {
                float dv = 0.04f * (v * v) + 5 * v + 140 - u + x[xAt + i];
                float du = as[i] * (bs[i] * v - u);
                v += 0.5f * dv;
                u += 0.5f * du;
            }
            boolean spike = v >= thresholds[i];
            v = spike ? cs[i] : v;
            u = spike ? u + ds[i] : u;
            finite &= Math.abs(v) <= Float.MAX_VALUE & Math.abs(u) <= Float.MAX_VALUE;
            potential[i] = v;
            recovery[i] = u;
            spikes[yAt + i] = spike ? 1 : 0;
        }
        if (tellsPotential) {
            copy(potential, y[1], t, from, to);
        }
        if (tellsRecovery) {
            copy(recovery, y[y.length - 1], t, from, to);
        }
        return finite;
    }

    private static void copy(float[] values, Chunk y, int t, int from, int to) {
        System.arraycopy(values, from, y.values(), y.start(t) + from, to - from);
    }
}
