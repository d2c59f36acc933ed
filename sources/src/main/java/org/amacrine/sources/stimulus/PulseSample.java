package org.amacrine.sources.stimulus;

import org.amacrine.core.component.Component;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.source.FrameSource;
import org.amacrine.sources.Settings;

/** The reference's sample {@code pulse}: the whole field 1 for some frames, 0 for as many, and so on. */
public final class PulseSample extends FullField {
    private final long pulse;

    /** A source with the settings of {@link #component()}. */
    PulseSample(ParameterTree chosen) {
        super(Settings.image(chosen), Settings.frames(chosen));
        pulse = chosen.get("pulseFrames").integer();
    }

    /** Source {@code sample.pulse}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "sample.pulse",
                "The reference's sample: the whole field on and off",
                PulseSample::new,
                Samples.rows(),
                Samples.columns(),
                () -> Parameter.integer("pulseFrames", 100)
                        .unit("frames")
                        .atLeast(1)
                        .atMost(Integer.MAX_VALUE)
                        .alias("pulse_length")
                        .doc("Length of a pulse, and of the pause after it"),
                Samples.frames());
    }

    @Override
    double luminance(long index) {
        return index % (2 * pulse) < pulse ? 1 : 0;
    }
}
