package org.amacrine.operators.spiking;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.layer.Parameter;

/**
 * An integrating motion sensor: spikes wherever the input, summed or as a ratio, has changed by a threshold. Outputs {@code on}
 * and {@code off}, 1 for a spike, else 0.
 *
 * <pre>
 *   linear:       f ← f + x;  on = f &gt; theta, off = f &lt; -theta;  where on: f ← f - theta, where off: f ← f + theta
 *   logarithmic:  on = x / f &gt; theta, off = x / f &lt; 1 / theta;  where on: f ← f theta, where off: f ← f / theta
 * </pre>
 *
 * <p>f begins at 0, in the logarithmic mode at 0.5. Differs from the reference, which mixes up the cells that spike when there are
 * several.
 */
public final class MotionSensor extends CellLayer {

    /** How changes are measured. */
    public enum Mode {
        /** By their sum. */
        LINEAR,
        /** By their ratio. */
        LOGARITHMIC
    }

    private final boolean linear;
    private final Parameter threshold;
    private float[] thresholds;
    private float[] integral;

    /**
     * A layer that is not prepared yet.
     *
     * @param name what it is called in messages
     * @param mode how changes are measured; the ratio needs a threshold above 1 and an input above 0
     */
    public MotionSensor(String name, Mode mode) {
        super(name, List.of("on", "off"));
        linear = mode == Mode.LINEAR;
        threshold = add(Parameter.field("threshold", linear ? 1 : 1.2)
                .above(linear ? 0 : 1)
                .doc(linear ? "Sum that is a spike" : "Ratio that is a spike"));
    }

    @Override
    protected void derive() {
        thresholds = each(threshold);
    }

    @Override
    void allocateStates() {
        integral = state("integral");
        states().onClear(() -> Arrays.fill(integral, linear ? 0 : 0.5f));
    }

    @Override
    String trouble() {
        return linear
                ? "the sum of a cell became infinite; check the input"
                : "the input of a cell is not above 0, and has no ratio; add a constant to it, or take the mode \"linear\"";
    }

    @Override
    boolean step(float[] x, int xAt, Chunk[] y, int t, float[] noise, int from, int to, long frame) {
        float[] ons = y[0].values();
        int onAt = y[0].start(t);
        float[] offs = y[1].values();
        int offAt = y[1].start(t);
        boolean well = true;
        for (int i = from; i < to; i++) {
            float theta = thresholds[i];
            float f = linear ? integral[i] + x[xAt + i] : integral[i];
            float measure = linear ? f : x[xAt + i] / f;
            boolean on = measure > theta;
            boolean off = measure < (linear ? -theta : 1 / theta);
            if (on) {
                f = linear ? f - theta : f * theta;
            }
            if (off) {
                f = linear ? f + theta : f / theta;
            }
            well &= Math.abs(f) <= Float.MAX_VALUE & (linear | x[xAt + i] > 0);
            integral[i] = f;
            ons[onAt + i] = on ? 1 : 0;
            offs[offAt + i] = off ? 1 : 0;
        }
        return well;
    }
}
