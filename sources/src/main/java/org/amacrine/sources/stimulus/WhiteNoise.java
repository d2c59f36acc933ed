package org.amacrine.sources.stimulus;

import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Component;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.sources.GeneratedSource;
import org.amacrine.sources.Settings;

/**
 * White noise on checks, the stimulus of reverse correlation: each check is drawn anew {@code updateHertz} times a second,
 * {@code mean (1 + contrast z)} with z = -1 or 1 at even odds, or standard normal. Checks are whole pixels wide, the first one
 * begins in the upper left corner.
 */
public final class WhiteNoise extends GeneratedSource {
    private static final int CHECKS = 0;

    private final double checkDegrees;
    private final double updateHertz;
    private final boolean normal;
    private final float amplitude;
    private final float mean;
    private Resolution resolution;
    private Kernels kernels;
    private long key;
    private Checks checks;
    private float[] drawn;

    /** A source with the settings of {@link #component()}. */
    WhiteNoise(ParameterTree chosen) {
        super(Settings.image(chosen), Settings.frames(chosen));
        checkDegrees = chosen.get("checkDegrees").number();
        updateHertz = chosen.get("updateHertz").number();
        normal = chosen.get("distribution").text().equals("normal");
        mean = (float) chosen.get("mean").number();
        amplitude =
                (float) (chosen.get("mean").number() * chosen.get("contrast").number());
    }

    /** Source {@code stimulus.white-noise}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "stimulus.white-noise",
                "Binary or normal white noise on checks",
                WhiteNoise::new,
                Settings.rows(64),
                Settings.columns(64),
                Stimuli.degrees("checkDegrees", 0.4, "Side of a check; rounded to whole pixels"),
                () -> Parameter.number("updateHertz", 50)
                        .unit("Hz")
                        .above(0)
                        .doc("How often per second the checks are drawn; at most once for each step"),
                () -> Parameter.text("distribution", "binary")
                        .choices("binary", "normal")
                        .doc("Distribution of the checks: two values, or normal"),
                () -> Parameter.number("contrast", 1)
                        .atLeast(0)
                        .atMost(1e6)
                        .doc("Standard deviation as a part of the mean"),
                Stimuli.mean(),
                Settings.frames());
    }

    @Override
    protected void prepare(SourceContext context) {
        resolution = context.resolution();
        Stimuli.requireAtMost("updateHertz", updateHertz, resolution.stepsPerSecond(), "the steps per second");
        kernels = context.kernels();
        key = CounterRandom.key(context.seed(), context.name(), CHECKS);
        Shape shape = shape();
        long pixels = Math.max(1, Math.round(resolution.toPixels(checkDegrees)));
        checks = new Checks(shape, (int) Math.min(pixels, Math.max(shape.rows(), shape.columns())));
        drawn = new float[checks.count()];
    }

    @Override
    protected void render(long index, float[] values) {
        long update = Stimuli.cycles(index, updateHertz, resolution);
        if (normal) {
            kernels.normal(drawn, 0, 0, drawn.length, key, update, amplitude, mean);
        } else {
            kernels.uniform(drawn, 0, 0, drawn.length, key, update, 1, 0);
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] = drawn[i] < 0.5f ? mean - amplitude : mean + amplitude;
            }
        }
        checks.spread(drawn, values);
    }
}
