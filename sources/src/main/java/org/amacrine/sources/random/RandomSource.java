package org.amacrine.sources.random;

import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Component;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.sources.GeneratedSource;
import org.amacrine.sources.Settings;

/**
 * Independent random numbers for each pixel of each frame: {@code mean + level u} with u uniform on [0, 1), or
 * {@code mean + level n} with n standard normal.
 *
 * <p>Follows the reference: with uniform numbers {@code mean} is the lowest value and the average is
 * {@code mean + level / 2}. Differs from the reference: the same seed gives the same frames.
 */
public final class RandomSource extends GeneratedSource {
    private static final int PIXELS = 0;

    private final boolean normal;
    private final float level;
    private final float mean;
    private Kernels kernels;
    private long key;

    /** A source with the settings of {@link #component()}. */
    RandomSource(ParameterTree chosen) {
        super(
                new Shape(
                        chosen.get("channels").integer(),
                        chosen.get("rows").integer(),
                        chosen.get("columns").integer()),
                Settings.frames(chosen));
        normal = chosen.get("distribution").text().equals("normal");
        level = (float) chosen.get("level").number();
        mean = (float) chosen.get("mean").number();
    }

    /** Source {@code random}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "random",
                "Independent random numbers for each pixel and frame",
                RandomSource::new,
                Settings.rows(50),
                Settings.columns(50),
                () -> Parameter.integer("channels", 1)
                        .atLeast(1)
                        .atMost(1 << 20)
                        .doc("Number of channels of a frame"),
                () -> Parameter.text("distribution", "uniform")
                        .choices("uniform", "normal")
                        .doc("Distribution of the numbers: uniform on [0, 1), or standard normal"),
                () -> Settings.level("level", 1).doc("Factor of the random numbers"),
                () -> Settings.level("mean", 0).doc("Added to the random numbers"),
                Settings.frames());
    }

    @Override
    protected void prepare(SourceContext context) {
        kernels = context.kernels();
        key = CounterRandom.key(context.seed(), context.name(), PIXELS);
    }

    @Override
    protected void render(long index, float[] values) {
        if (normal) {
            kernels.normal(values, 0, 0, values.length, key, index, level, mean);
        } else {
            kernels.uniform(values, 0, 0, values.length, key, index, level, mean);
        }
    }
}
