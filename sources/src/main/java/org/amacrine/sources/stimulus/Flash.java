package org.amacrine.sources.stimulus;

import org.amacrine.core.component.Component;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.sources.Settings;

/**
 * A flash of the whole field, once or in every period.
 *
 * <pre>
 *   luminance         ┌──────────┐                 ┌──────────┐
 *   background ───────┘          └─────────────────┘          └──── …
 *              0   onSeconds  offSeconds     periodSeconds
 * </pre>
 *
 * <p>Times are rounded to whole steps.
 */
public final class Flash extends FullField {
    private final double onSeconds;
    private final double offSeconds;
    private final double periodSeconds;
    private final double background;
    private final double luminance;
    private long on;
    private long off;
    private long period;

    /** A source with the settings of {@link #component()}. */
    Flash(ParameterTree chosen) {
        super(Settings.image(chosen), Settings.frames(chosen));
        onSeconds = chosen.get("onSeconds").number();
        offSeconds = chosen.get("offSeconds").number();
        periodSeconds = chosen.get("periodSeconds").number();
        background = chosen.get("background").number();
        luminance = chosen.get("luminance").number();
        if (offSeconds <= onSeconds) {
            throw new IllegalArgumentException("offSeconds must be > onSeconds, " + onSeconds + ", but was "
                    + offSeconds + "; both count from the beginning of the period");
        }
        if (periodSeconds > 0 && periodSeconds < offSeconds) {
            throw new IllegalArgumentException("periodSeconds must be >= offSeconds, " + offSeconds + ", but was "
                    + periodSeconds + "; or give 0 to flash once");
        }
    }

    /** Source {@code stimulus.flash}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "stimulus.flash",
                "Flashes of the whole field",
                Flash::new,
                Settings.rows(64),
                Settings.columns(64),
                Stimuli.seconds("onSeconds", 0.5, "When in the period the flash begins"),
                Stimuli.seconds("offSeconds", 1, "When in the period the flash ends"),
                Stimuli.seconds("periodSeconds", 2, "Time from one flash to the next; 0 to flash once"),
                Stimuli.background(0),
                Stimuli.luminance("the flash", 1),
                Settings.frames());
    }

    @Override
    protected void prepare(SourceContext context) {
        Resolution resolution = context.resolution();
        on = Math.round(resolution.toSteps(onSeconds));
        off = Math.round(resolution.toSteps(offSeconds));
        period = Math.round(resolution.toSteps(periodSeconds));
        if (on == off) {
            throw new IllegalArgumentException("the flash from " + onSeconds + " to " + offSeconds
                    + " s is shorter than a step of " + resolution.stepSeconds() + " s; make it longer");
        }
    }

    @Override
    double luminance(long index) {
        long time = period == 0 ? index : index % period;
        return time >= on && time < off ? luminance : background;
    }
}
