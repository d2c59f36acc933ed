package org.amacrine.sources.stimulus;

import org.amacrine.core.component.Component;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.sources.GeneratedSource;
import org.amacrine.sources.Settings;

/**
 * A bar that moves across the middle of the frame at right angles to its long side. It begins right outside the frame, leaves
 * it on the other side, and begins again at once. At speed 0 it stands in the middle. Its edges are smoothed over one pixel.
 */
public final class MovingBar extends GeneratedSource {
    private final double widthDegrees;
    private final double lengthDegrees;
    private final double speed;
    private final double directionDegrees;
    private final float background;
    private final float luminance;
    /** Position of each pixel along the bar's way. */
    private float[] along;
    /** How much of each pixel lies between the ends of the bar. */
    private float[] between;

    private float halfWidth;
    private double pixelsPerFrame;
    private double wayPixels;

    /** A source with the settings of {@link #component()}. */
    MovingBar(ParameterTree chosen) {
        super(Settings.image(chosen), Settings.frames(chosen));
        widthDegrees = chosen.get("widthDegrees").number();
        lengthDegrees = chosen.get("lengthDegrees").number();
        speed = chosen.get("speed").number();
        directionDegrees = chosen.get("directionDegrees").number();
        background = (float) chosen.get("background").number();
        luminance = (float) chosen.get("luminance").number();
    }

    /** Source {@code stimulus.bar}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "stimulus.bar",
                "Bar that moves across the frame, again and again",
                MovingBar::new,
                Settings.rows(64),
                Settings.columns(64),
                Stimuli.degrees("widthDegrees", 0.5, "Width of the bar, along its way"),
                Stimuli.degreesOrZero("lengthDegrees", "Length of the bar, across its way; 0 for endless"),
                Stimuli.speed("Speed of the bar; 0 to stand still"),
                Stimuli.direction("the bar moves"),
                Stimuli.background(0),
                Stimuli.luminance("the bar", 1),
                Settings.frames());
    }

    @Override
    protected void prepare(SourceContext context) {
        Resolution resolution = context.resolution();
        halfWidth = (float) (resolution.toPixels(widthDegrees) / 2);
        pixelsPerFrame = resolution.toPixels(speed) / resolution.stepsPerSecond();
        wayPixels = 2 * (Field.halfLength(directionDegrees, shape()) + halfWidth);
        along = Field.along(directionDegrees, shape());
        between = Field.along(directionDegrees + 90, shape());
        float halfLength = lengthDegrees == 0 ? Float.MAX_VALUE : (float) (resolution.toPixels(lengthDegrees) / 2);
        for (int i = 0; i < between.length; i++) {
            between[i] = Field.cover(between[i], halfLength);
        }
    }

    @Override
    protected void render(long index, float[] values) {
        float middle = pixelsPerFrame == 0 ? 0 : (float) (index * pixelsPerFrame % wayPixels - wayPixels / 2);
        float step = luminance - background;
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.fma(step, Field.cover(along[i] - middle, halfWidth) * between[i], background);
        }
    }
}
