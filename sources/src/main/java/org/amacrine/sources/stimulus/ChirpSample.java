package org.amacrine.sources.stimulus;

import java.util.function.Supplier;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.source.FrameSource;
import org.amacrine.sources.Settings;

/**
 * The reference's sample {@code chirp}: a pulse, a sine of growing amplitude, a sine of growing frequency, over the whole
 * field, and 0 in between. At frame i of n of its segment, with {@code rise(a, b) = a + (b - a) i / (n - 1)}:
 *
 * <pre>
 *   pulseOn … pulseOff          1
 *   amplitudeOn … amplitudeOff  rise(amplitude1, amplitude2) sin(2π i amplitudeHertz / framesPerSecond)
 *   frequencyOn … frequencyOff  sin(2π rise(frequency1Hertz, frequency2Hertz) i / framesPerSecond)
 * </pre>
 *
 * <p>With {@code scale}, each of these times is first multiplied by frames / stimulusOff and rounded down; without it,
 * what lies beyond the last frame is cut off. Follows the reference: since the phase is the product of frequency and time, the
 * momentary frequency reaches almost twice {@code frequency2Hertz}; {@link Chirp} takes the integral.
 */
public final class ChirpSample extends FullField {
    private final Segment pulse;
    private final Segment amplitude;
    private final Segment frequency;
    private final double amplitudeHertz;
    private final double amplitude1;
    private final double amplitude2;
    private final double frequency1Hertz;
    private final double frequency2Hertz;
    private final double framesPerSecond;

    /** Frames {@code from} to {@code to}. */
    private record Segment(long from, long to) {

        boolean holds(long index) {
            return index >= from && index < to;
        }

        double rise(double first, double last, long index) {
            return Samples.linspace(first, last, to - from, index - from);
        }
    }

    /** A source with the settings of {@link #component()}. */
    ChirpSample(ParameterTree chosen) {
        super(Settings.image(chosen), Settings.frames(chosen));
        pulse = segment(chosen, "pulseOn", "pulseOff");
        amplitude = segment(chosen, "amplitudeOn", "amplitudeOff");
        frequency = segment(chosen, "frequencyOn", "frequencyOff");
        amplitudeHertz = chosen.get("amplitudeHertz").number();
        amplitude1 = chosen.get("amplitude1").number();
        amplitude2 = chosen.get("amplitude2").number();
        frequency1Hertz = chosen.get("frequency1Hertz").number();
        frequency2Hertz = chosen.get("frequency2Hertz").number();
        framesPerSecond = chosen.get("framesPerSecond").number();
    }

    private static Segment segment(ParameterTree chosen, String on, String off) {
        double from = chosen.get(on).number();
        double to = chosen.get(off).number();
        if (to < from) {
            throw new IllegalArgumentException(
                    off + " must be >= " + on + ", " + (long) from + ", but was " + (long) to + "; swap the two");
        }
        if (!chosen.get("scale").isOn()) {
            return new Segment((long) from, (long) to);
        }
        long frames = Settings.frames(chosen);
        double length = chosen.get("stimulusOff").number();
        return new Segment((long) (from * frames / length), (long) (to * frames / length));
    }

    /** Source {@code sample.chirp}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "sample.chirp",
                "The reference's sample: pulse, sine of growing amplitude, sine of growing frequency",
                ChirpSample::new,
                Samples.rows(),
                Samples.columns(),
                time("pulseOn", 500, "pulse_on", "When the pulse begins"),
                time("pulseOff", 1000, "pulse_off", "When the pulse ends"),
                time("amplitudeOn", 1500, "amp_on", "When the sine of growing amplitude begins"),
                time("amplitudeOff", 2500, "amp_off", "When the sine of growing amplitude ends"),
                hertz("amplitudeHertz", 5, "amp_freq", "Frequency of the sine of growing amplitude"),
                () -> Settings.level("amplitude1", 0).alias("amp_1").doc("Amplitude at first"),
                () -> Settings.level("amplitude2", 1).alias("amp_2").doc("Amplitude at last"),
                time("frequencyOn", 3000, "freq_on", "When the sine of growing frequency begins"),
                time("frequencyOff", 4000, "freq_off", "When the sine of growing frequency ends"),
                hertz("frequency1Hertz", 0.1, "freq_1", "Frequency at first"),
                hertz("frequency2Hertz", 10, "freq_2", "Frequency at last"),
                () -> Parameter.integer("stimulusOff", 4500)
                        .unit("frames")
                        .atLeast(1)
                        .atMost(Integer.MAX_VALUE)
                        .alias("stimulus_off")
                        .doc("The time that becomes the last frame when times are scaled"),
                () -> Parameter.flag("scale", true)
                        .doc("Stretch all times so that stimulusOff is the number of frames"),
                () -> Parameter.number("framesPerSecond", 1000)
                        .unit("Hz")
                        .atLeast(1e-6)
                        .atMost(1e6)
                        .alias("frames_per_second")
                        .doc("Frames per second of the two frequencies"),
                Samples.frames());
    }

    private static Supplier<Parameter> time(String name, long otherwise, String alias, String doc) {
        return () -> Parameter.integer(name, otherwise)
                .unit("frames")
                .atLeast(0)
                .atMost(Integer.MAX_VALUE)
                .alias(alias)
                .doc(doc);
    }

    private static Supplier<Parameter> hertz(String name, double otherwise, String alias, String doc) {
        return () -> Parameter.number(name, otherwise)
                .unit("Hz")
                .atLeast(0)
                .atMost(1e6)
                .alias(alias)
                .doc(doc);
    }

    @Override
    double luminance(long index) {
        if (frequency.holds(index)) {
            double hertz = frequency.rise(frequency1Hertz, frequency2Hertz, index);
            return Math.sin(2 * Math.PI * hertz * (index - frequency.from) / framesPerSecond);
        }
        if (amplitude.holds(index)) {
            return amplitude.rise(amplitude1, amplitude2, index)
                    * Math.sin(2 * Math.PI * (index - amplitude.from) * amplitudeHertz / framesPerSecond);
        }
        return pulse.holds(index) ? 1 : 0;
    }
}
