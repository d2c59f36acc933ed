package org.amacrine.sources.stimulus;

import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.sources.GeneratedSource;
import org.amacrine.sources.Settings;

/**
 * A checkerboard that reverses: four checks meet in the middle of the frame, the upper right and the lower left one being
 * bright, {@code mean (1 + contrast)}, at first, the others {@code mean (1 - contrast)}. A pixel that lies on an edge gets
 * the average over its area.
 */
public final class Checkerboard extends GeneratedSource {
    private final double checkDegrees;
    private final double reversalHertz;
    private final float amplitude;
    private final float mean;
    private Resolution resolution;
    /** The pattern at first, from -1 to 1. */
    private float[] pattern;

    /** A source with the settings of {@link #component()}. */
    Checkerboard(ParameterTree chosen) {
        super(Settings.image(chosen), Settings.frames(chosen));
        checkDegrees = chosen.get("checkDegrees").number();
        reversalHertz = chosen.get("reversalHertz").number();
        mean = (float) chosen.get("mean").number();
        amplitude =
                (float) (chosen.get("mean").number() * chosen.get("contrast").number());
    }

    /** Source {@code stimulus.checkerboard}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "stimulus.checkerboard",
                "Checkerboard that reverses",
                Checkerboard::new,
                Settings.rows(64),
                Settings.columns(64),
                Stimuli.degrees("checkDegrees", 0.8, "Side of a check"),
                () -> Parameter.number("reversalHertz", 2)
                        .unit("Hz")
                        .atLeast(0)
                        .doc("Reversals per second, two to a full cycle; 0 for none"),
                Stimuli.contrast(),
                Stimuli.mean(),
                Settings.frames());
    }

    @Override
    protected void prepare(SourceContext context) {
        resolution = context.resolution();
        Stimuli.requireAtMost("reversalHertz", reversalHertz, resolution.stepsPerSecond(), "the steps per second");
        double check = resolution.toPixels(checkDegrees);
        Shape shape = shape();
        pattern = new float[shape.pixels()];
        for (int i = 0; i < pattern.length; i++) {
            double x = Field.x(i % shape.columns(), shape);
            double y = Field.y(i / shape.columns(), shape);
            pattern[i] = (float) (average(x, check) * average(y, check));
        }
    }

    /** Average over a pixel of the square wave that is 1 on [0, check), -1 on [check, 2 check), and so on. */
    private static double average(double position, double check) {
        return integral(position + 0.5, check) - integral(position - 0.5, check);
    }

    /** Integral of that wave from 0 to {@code position}: it rises to {@code check} and falls again. */
    private static double integral(double position, double check) {
        double within = position - 2 * check * Math.floor(position / (2 * check));
        return Math.min(within, 2 * check - within);
    }

    @Override
    protected void render(long index, float[] values) {
        float sign = Stimuli.cycles(index, reversalHertz, resolution) % 2 == 0 ? amplitude : -amplitude;
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.fma(sign, pattern[i], mean);
        }
    }
}
