package org.amacrine.sources.stimulus;

import org.amacrine.core.component.Component;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.sources.GeneratedSource;
import org.amacrine.sources.Settings;

/**
 * The reference's sample {@code sparse_input}: each pixel of each frame is 1 with a probability, else 0. A list of
 * probabilities gives one to each frame, and the stream has as many frames.
 */
public final class SparseSample extends GeneratedSource {
    private static final int PIXELS = 0;

    private final float[] probability;
    private Kernels kernels;
    private long key;

    /** A source with the settings of {@link #component()}. */
    SparseSample(ParameterTree chosen) {
        super(
                Settings.image(chosen),
                chosen.get("probability").values().length == 1
                        ? Settings.frames(chosen)
                        : chosen.get("probability").values().length);
        probability = chosen.get("probability").values();
    }

    /** Source {@code sample.sparse}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "sample.sparse",
                "The reference's sample: few pixels that are 1",
                SparseSample::new,
                Samples.rows(),
                Samples.columns(),
                () -> Parameter.field("probability", 0.01)
                        .atLeast(0)
                        .atMost(1)
                        .alias("p")
                        .doc("Probability of a 1, or a list of one for each frame, which sets the number of frames")
                        .checked(SparseSample::requireList),
                Samples.frames());
    }

    private static Object requireList(Object given) {
        int[] shape = ((NdArray) given).shape();
        if (shape.length > 1 || ((NdArray) given).size() == 0) {
            throw new IllegalArgumentException(
                    "probability must be a number or a list of numbers but was an array of shape " + NdArray.text(shape)
                            + "; give one number for each frame");
        }
        return given;
    }

    @Override
    protected void prepare(SourceContext context) {
        kernels = context.kernels();
        key = CounterRandom.key(context.seed(), context.name(), PIXELS);
    }

    @Override
    protected void render(long index, float[] values) {
        float p = probability.length == 1 ? probability[0] : probability[(int) index];
        kernels.uniform(values, 0, 0, values.length, key, index, 1, 0);
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] < p ? 1 : 0;
        }
    }
}
