package org.amacrine.operators.vision;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ChangeDetector;
import org.amacrine.core.layer.BaseLayer;
import org.amacrine.core.layer.LayerException;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.operators.filter.Fields;

/**
 * A dynamic vision sensor: each pixel tells by itself when the logarithm of its brightness has changed by a threshold, as in the
 * model v2e (Hu, Liu and Delbruck 2021, section 4). The input is brightness, at least 0. Outputs: {@code on} and {@code off},
 * numbers of events in a frame, or {@code events}, the same with those of falls below 0.
 *
 * <pre>
 *   d = 255 x / white                              i = (d + 20) / 275
 *   l = log d, below linearBelow a line            level: low pass of l with the cutoff i cutoffHertz
 *   leak: base ← base - leakHertz h thresholdOn    h: step
 *   n = (level - base) / threshold towards 0, as many as the refractory time allows;  base ← base + n threshold
 *   noise, where n = 0: an event at random, at the rate noiseHertz (1 - 3 i / 4), half of them on;  base ← level
 * </pre>
 *
 * <p>Thresholds are normal from pixel to pixel with {@code thresholdSigma}, at least 0.01; noise comes at a rate that falls with the
 * threshold of its pixel. The events of a frame are evenly spaced, the last one at its end, and those that the refractory time
 * does not allow wait. Before the first frame the camera has seen nothing else for long; with a leak, each pixel is somewhere
 * on the way to its next event. Noise and thresholds are counted random numbers: they depend on seed, pixel and frame alone.
 *
 * <p>Differs from the published program: the low pass is exact for any step, where that takes the first term of a series; a
 * pixel with events of its own has none from noise in that frame, so that a frame's events have one sign; and the refractory
 * time does not depend on what other pixels do. Leaks and noise do not jitter beyond what the thresholds give them. Both keep their
 * rates however low these are.
 */
public final class EventCamera extends BaseLayer {

    /** What can be given out: two outputs, or one. */
    public enum Events {
        /** The outputs {@code on} and {@code off}. */
        PLANES,
        /** The output {@code events}. */
        SIGNED
    }

    private static final int GRAIN = 1024;
    private static final double LEAST_THRESHOLD = 0.01;
    /** Part of the noise of the dark that is left at white, as published. */
    private static final double NOISE_AT_WHITE = 0.25;

    private static final int ON_THRESHOLD = 1;
    private static final int OFF_THRESHOLD = 2;
    private static final int FIRST_BASE = 3;
    private static final int NOISE = 4;
    private static final int DITHER = 5;

    private final List<String> outputs;
    private final Parameter white;
    private final Parameter linearBelow;
    private final Parameter cutoff;
    private final Parameter thresholdOn;
    private final Parameter thresholdOff;
    private final Parameter thresholdSigma;
    private final Parameter refractory;
    private final Parameter leak;
    private final Parameter noise;

    private final Bands.Band band = this::detect;
    private ChangeDetector detector;
    private float[] level;
    private float[] base;
    /** What rounding has kept from the base of its leak. */
    private float[] owed;

    private float[] silence;
    private boolean begun;
    private Chunk x;
    private Chunk[] y;
    private volatile boolean isBrightness;

    /**
     * A layer that is not prepared yet.
     *
     * @param name what it is called in messages
     * @param events what it gives out
     */
    public EventCamera(String name, Events events) {
        super(name);
        outputs = events == Events.PLANES ? List.of("on", "off") : List.of("events");
        white = add(Parameter.number("white", 1)
                .above(0)
                .doc("Input that is white, such as 1, or 255 where inputs are bytes"));
        linearBelow = add(Parameter.number("linearBelow", 20)
                .above(1)
                .doc("Brightness up to which its logarithm is a line through 0; white is 255"));
        cutoff = add(Parameter.number("cutoffHertz", 300)
                .unit("Hz")
                .atLeast(0)
                .alias("cutoff_hz")
                .doc("Cutoff of the low pass at white, in proportion lower in the dark; 0 for no low pass"));
        thresholdOn = add(threshold("thresholdOn", "pos_thres", "Rise of the logarithm that is an event"));
        thresholdOff = add(threshold("thresholdOff", "neg_thres", "Fall of the logarithm that is an event"));
        thresholdSigma = add(Parameter.number("thresholdSigma", 0.03)
                .atLeast(0)
                .alias("sigma_thres")
                .doc("Standard deviation of the thresholds from pixel to pixel"));
        refractory = add(Parameter.number("refractorySeconds", 0.0005)
                .unit("s")
                .atLeast(0)
                .alias("refractory_period_s")
                .doc("Shortest time between two events of a pixel"));
        leak = add(Parameter.field("leakHertz", 0.01)
                .unit("Hz")
                .atLeast(0)
                .alias("leak_rate_hz")
                .doc("Events of rise without any change"));
        noise = add(Parameter.field("noiseHertz", 0.001)
                .unit("Hz")
                .atLeast(0)
                .alias("shot_noise_rate_hz")
                .doc("Events from noise in the dark, on and off together; a quarter of it at white"));
    }

    private static Parameter threshold(String name, String alias, String doc) {
        return Parameter.field(name, 0.2).atLeast(LEAST_THRESHOLD).alias(alias).doc(doc);
    }

    @Override
    public List<String> outputs() {
        return outputs;
    }

    @Override
    protected void derive() {
        double step = context().resolution().stepSeconds();
        Shape shape = context().input();
        float[] on = thresholds(thresholdOn, key(ON_THRESHOLD));
        float[] off = thresholds(thresholdOff, key(OFF_THRESHOLD));
        float[] leaks = each(leak);
        float[] nominal = each(thresholdOn);
        for (int i = 0; i < leaks.length; i++) {
            leaks[i] *= (float) step * nominal[i];
        }
        double perStep = 2 * Math.PI * cutoff.number() * step;
        detector = new ChangeDetector(
                ChangeDetector.WHITE / (float) white.number(),
                (float) linearBelow.number(),
                perStep == 0 ? Float.NEGATIVE_INFINITY : (float) -perStep,
                leaks,
                on,
                off,
                noise(thresholdOn, on, step, shape),
                noise(thresholdOff, off, step, shape),
                (float) (1 - NOISE_AT_WHITE),
                (float) (refractory.number() / step),
                key(NOISE),
                key(DITHER));
    }

    private long key(int purpose) {
        return CounterRandom.key(context().seed(), context().path(), purpose);
    }

    /** The values of a field, one for each pixel. */
    private float[] each(Parameter field) {
        float[] values = Fields.of(field, context().input());
        if (values.length > 1) {
            return values.clone();
        }
        float[] all = new float[context().input().values()];
        Arrays.fill(all, values[0]);
        return all;
    }

    private float[] thresholds(Parameter nominal, long key) {
        float[] all = each(nominal);
        for (int p = 0; p < all.length; p++) {
            float different = all[p] + (float) thresholdSigma.number() * CounterRandom.normal(key, 0, p);
            all[p] = Math.max((float) LEAST_THRESHOLD, different);
        }
        return all;
    }

    /** Probability of an event from noise in a step, in the dark. */
    private float[] noise(Parameter nominal, float[] thresholds, double step, Shape shape) {
        float[] all = each(noise);
        float[] means = Fields.of(nominal, shape);
        for (int p = 0; p < all.length; p++) {
            all[p] *= (float) (step / 2) * means[means.length == 1 ? 0 : p] / thresholds[p];
        }
        return all;
    }

    @Override
    protected List<Shape> allocate() {
        Shape shape = context().input();
        level = new float[shape.values()];
        base = new float[shape.values()];
        owed = new float[shape.values()];
        silence = new float[shape.values()];
        int[] axes = {shape.channels(), shape.rows(), shape.columns()};
        states().add("level", level, axes);
        states().add("base", base, axes);
        states().add("owedLeak", owed, axes);
        states().add("silence", silence, axes);
        states().add(
                        "begun",
                        () -> new NdArray(new int[] {1}, new long[] {begun ? 1 : 0}),
                        array -> begun = array.at(0) != 0);
        states().onClear(this::clear);
        return outputs.stream().map(name -> shape).toList();
    }

    private void clear() {
        Arrays.fill(level, 0);
        Arrays.fill(base, 0);
        Arrays.fill(owed, 0);
        Arrays.fill(silence, 0);
        begun = false;
    }

    /** Brings all pixels to rest at the first frame. */
    private void begin(float[] values, int at) {
        long key = key(FIRST_BASE);
        float[] leaks = detector.leak();
        for (int p = 0; p < level.length; p++) {
            level[p] = detector.logarithm(detector.gain() * values[at + p]);
            float on = detector.onThreshold()[p];
            base[p] = leaks[p] > 0 ? level[p] - on * CounterRandom.uniform(key, 0, p) : level[p];
        }
        begun = true;
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        x = in[0];
        y = out;
        isBrightness = true;
        if (!begun && isBright(x, 0)) {
            begin(x.values(), x.start(0));
        }
        context().bands().run(band, level.length, GRAIN);
        x = null;
        y = null;
        if (!isBrightness) {
            throw notBright(in[0]);
        }
    }

    private void detect(int worker, int from, int to) {
        float[] first = y[0].values();
        int at = y[0].start(0);
        boolean ok = context()
                .kernels()
                .detectChanges(
                        x.values(),
                        x.start(0),
                        first,
                        at,
                        level,
                        base,
                        owed,
                        silence,
                        x.frames(),
                        level.length,
                        from,
                        to,
                        x.firstFrame(),
                        detector);
        if (!ok) {
            isBrightness = false;
        }
        if (y.length == 2) {
            for (int t = 0; t < x.frames(); t++) {
                split(first, y[0].start(t), y[1].values(), y[1].start(t), from, to);
            }
        }
    }

    /** Events with a sign, as those of rises in place and those of falls. */
    private static void split(float[] on, int onAt, float[] off, int offAt, int from, int to) {
        for (int p = from; p < to; p++) {
            float events = on[onAt + p];
            on[onAt + p] = Math.max(events, 0f);
            off[offAt + p] = Math.max(0f - events, 0f);
        }
    }

    private boolean isBright(Chunk chunk, int t) {
        return firstNotBright(chunk, t) < 0;
    }

    /** Where in the chunk's values the first one of a frame is that is no brightness; -1 when there is none. */
    private int firstNotBright(Chunk chunk, int t) {
        for (int i = chunk.start(t); i < chunk.start(t + 1); i++) {
            float brightness = detector.gain() * chunk.values()[i];
            if (!(brightness >= 0 && brightness <= Float.MAX_VALUE)) {
                return i;
            }
        }
        return -1;
    }

    private LayerException notBright(Chunk chunk) {
        int t = 0;
        while (isBright(chunk, t)) {
            t++;
        }
        return new LayerException(
                context().path(),
                chunk.firstFrame() + t,
                t,
                "brightness must be from 0 to about white, which is " + white.valueText() + ", but was "
                        + chunk.values()[firstNotBright(chunk, t)] + "; add a constant to the input, or set white",
                null);
    }
}
