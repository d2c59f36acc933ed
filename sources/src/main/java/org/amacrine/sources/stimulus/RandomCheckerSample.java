package org.amacrine.sources.stimulus;

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
 * The reference's sample {@code random_checker_stimulus}: checks from the upper left corner on, each with a uniform random
 * number on [0, 1) that is drawn anew for each frame.
 *
 * <p>Differs from the reference: the seed is honoured.
 */
public final class RandomCheckerSample extends GeneratedSource {
    private static final int CHECKS = 0;

    private final Checks checks;
    private final float[] drawn;
    private Kernels kernels;
    private long key;

    /** A source with the settings of {@link #component()}. */
    RandomCheckerSample(ParameterTree chosen) {
        super(Settings.image(chosen), Settings.frames(chosen));
        checks = new Checks(shape(), chosen.get("checkPixels").integer());
        drawn = new float[checks.count()];
    }

    /** Source {@code sample.random-checker}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "sample.random-checker",
                "The reference's sample: checks with uniform random numbers",
                RandomCheckerSample::new,
                Samples.rows(),
                Samples.columns(),
                () -> Parameter.integer("checkPixels", 5)
                        .unit("pixels")
                        .atLeast(1)
                        .atMost(1 << 16)
                        .alias("checker_size")
                        .doc("Side of a check"),
                Samples.frames());
    }

    @Override
    protected void prepare(SourceContext context) {
        kernels = context.kernels();
        key = CounterRandom.key(context.seed(), context.name(), CHECKS);
    }

    @Override
    protected void render(long index, float[] values) {
        kernels.uniform(drawn, 0, 0, drawn.length, key, index, 1, 0);
        checks.spread(drawn, values);
    }
}
