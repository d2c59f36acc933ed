package org.amacrine.operators.epi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Component;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;

/**
 * A source of parameters: each frame is a sample of a fitted distribution, {@code [D][1][1]}, for experiments that try what a model
 * might be. Samples are never beyond the bounds of the parameters. They are the same for any chunk length and backend.
 *
 * <p>A newer distribution can take the place of the one that is drawn from, from any thread, while the source runs.
 */
public final class SamplerSource implements FrameSource {
    private static final System.Logger LOG = System.getLogger(SamplerSource.class.getName());
    private static final int BATCH = 256;

    /** Where the distribution comes from, once the backend is known. */
    @FunctionalInterface
    public interface Fitted {
        /** Opens it. */
        Distribution open(Kernels kernels) throws IOException;
    }

    private final Fitted fitted;
    private final long frames;
    /** What takes the place of the distribution with the next frame, or null. */
    private final AtomicReference<Distribution> newer = new AtomicReference<>();

    /** Guarded by {@link #newer}. */
    private boolean open;

    private SourceContext context;
    private Distribution.Sampler sampler;
    private int distributions;
    private double[] z;
    private NormalizingFlow flow;
    private long next;

    /**
     * A source of samples.
     *
     * @param frames number of frames; -1 for no end
     */
    public SamplerSource(Fitted fitted, long frames) {
        this.fitted = fitted;
        this.frames = frames;
    }

    /** Source {@code epi.sampler}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "epi.sampler",
                "Parameters drawn from a distribution that emergent property inference fitted",
                SamplerSource::of,
                () -> Parameter.text("run", null).required().doc("Folder of the saved run"),
                () -> Parameter.integer("epoch", -1)
                        .atLeast(-1)
                        .atMost(1_000_000)
                        .doc("Epoch whose distribution is drawn from; -1 for the best"),
                () -> Parameter.integer("frames", -1)
                        .unit("frames")
                        .atLeast(-1)
                        .atMost(Long.MAX_VALUE / 2)
                        .doc("Number of frames; -1 for no end"));
    }

    private static FrameSource of(ParameterTree settings) {
        Path folder = Path.of(settings.get("run").text());
        int epoch = settings.get("epoch").integer();
        return new SamplerSource(
                kernels -> {
                    SavedRun run = SavedRun.open(folder);
                    if (epoch >= 0) {
                        return run.distribution(epoch, kernels);
                    }
                    Distribution best = run.best(kernels);
                    if (run.bestEpoch() < 0) {
                        LOG.log(System.Logger.Level.WARNING, run.unconverged());
                    }
                    return best;
                },
                Math.round(settings.get("frames").number()));
    }

    @Override
    public SourceFormat open(SourceContext context) throws IOException {
        Distribution distribution = fitted.open(context.kernels());
        this.context = context;
        distributions = 0;
        z = new double[distribution.dims()];
        draw(distribution);
        next = 0;
        synchronized (newer) {
            Distribution early = newer.getAndSet(null);
            if (early != null) {
                check(early);
                newer.set(early);
            }
            open = true;
        }
        return SourceFormat.of(Shape.vector(z.length), frames);
    }

    private void check(Distribution distribution) {
        if (distribution.dims() != z.length) {
            throw new IllegalArgumentException("source " + context.name() + " gives " + z.length
                    + " parameters but the newer distribution has " + distribution.dims()
                    + "; give one of the same parameters");
        }
    }

    /** Begins to draw from a distribution, with random numbers of its own. */
    private void draw(Distribution distribution) {
        flow = distribution.flow();
        sampler = distribution.sampler(BATCH, CounterRandom.key(context.seed(), context.name(), distributions++));
    }

    /**
     * Has frames drawn from another distribution of as many parameters, from the next one on. May be called from any thread; of
     * several that come between two frames, the last counts. One that comes before the source is open, or while it opens, counts
     * from the first frame on. A source that is closed and opened again begins with what it was made with.
     *
     * @throws IllegalArgumentException when the source is open and the distribution has another number of parameters; while it is
     *     not yet open, {@link #open} finds that out
     */
    public void use(Distribution distribution) {
        synchronized (newer) {
            if (open) {
                check(distribution);
            }
            newer.set(distribution);
        }
    }

    @Override
    public boolean read(Frame frame) {
        if (sampler == null) {
            throw new IllegalStateException("the source is closed; open it before reading");
        }
        if (next == frames) {
            return false;
        }
        if (newer.get() != null) {
            draw(newer.getAndSet(null));
        }
        sampler.draw(z, 0);
        for (int d = 0; d < z.length; d++) {
            frame.values()[d] = within(z[d], flow.lower(d), flow.upper(d));
        }
        next++;
        return true;
    }

    /** The nearest float that is not beyond the bounds. */
    private static float within(double z, double lower, double upper) {
        float nearest = (float) z;
        return nearest > upper ? Math.nextDown(nearest) : nearest < lower ? Math.nextUp(nearest) : nearest;
    }

    @Override
    public void close() {
        synchronized (newer) {
            open = false;
            newer.set(null);
        }
        sampler = null;
    }
}
