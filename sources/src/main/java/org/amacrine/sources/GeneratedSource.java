package org.amacrine.sources;

import org.amacrine.core.chunk.Shape;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;

/**
 * A source whose frames are computed: each is a function of its index, of the settings and of the seed, so that any stretch
 * of the stream can be made again. One frame for each model step.
 */
public abstract class GeneratedSource implements FrameSource {
    private final Shape shape;
    private final long frames;
    private boolean open;
    private long next;

    /**
     * A source of frames of this extent.
     *
     * @param shape extent of a frame
     * @param frames number of frames; -1 for no end
     */
    protected GeneratedSource(Shape shape, long frames) {
        this.shape = shape;
        this.frames = frames;
    }

    /** Extent of a frame. */
    protected final Shape shape() {
        return shape;
    }

    /** Number of frames; -1 for no end. */
    protected final long frames() {
        return frames;
    }

    /**
     * Computes what does not change with time. Throws {@link IllegalArgumentException} when a setting does not fit the
     * resolution.
     */
    protected void prepare(SourceContext context) {}

    /**
     * Computes a frame; allocates nothing.
     *
     * @param index index of the frame, from 0
     * @param values receives the frame, {@code [channel][row][column]}
     */
    protected abstract void render(long index, float[] values);

    @Override
    public final SourceFormat open(SourceContext context) {
        prepare(context);
        next = 0;
        open = true;
        return SourceFormat.of(shape, frames);
    }

    @Override
    public final boolean read(Frame frame) {
        if (!open) {
            throw new IllegalStateException("the source is closed; open it before reading");
        }
        if (next == frames) {
            return false;
        }
        render(next++, frame.values());
        return true;
    }

    @Override
    public final void close() {
        open = false;
    }
}
