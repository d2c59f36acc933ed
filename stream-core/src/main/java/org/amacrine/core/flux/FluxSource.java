package org.amacrine.core.flux;

import java.util.Iterator;
import java.util.stream.Stream;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;

/**
 * Any {@link Flux} as a source: frames as they are emitted, in order; the end of the flux is the end of the stream, and its
 * error the stream's. Demand is bounded; chunks are released when their frames were copied. Each opening subscribes anew.
 */
public final class FluxSource implements FrameSource {
    /** Elements asked for ahead. */
    private static final int PREFETCH = 4;

    private final Flux<Chunk> chunks;
    private final SourceFormat format;
    private Stream<Chunk> stream;
    private Iterator<Chunk> iterator;
    private Chunk chunk;
    private int next;

    private FluxSource(Flux<Chunk> chunks, SourceFormat format) {
        this.chunks = chunks;
        this.format = format;
    }

    /**
     * Chunks of frames of one extent.
     *
     * @param framesPerSecond rate of the frames; 0 for one frame per model step
     */
    public static FluxSource ofChunks(Flux<Chunk> chunks, Shape shape, double framesPerSecond) {
        return new FluxSource(chunks, new SourceFormat(shape, framesPerSecond, -1, false));
    }

    /**
     * Single frames, {@code [channel][row][column]}.
     *
     * @param framesPerSecond rate of the frames; 0 for one frame per model step
     */
    public static FluxSource ofFrames(Flux<float[]> frames, Shape shape, double framesPerSecond) {
        return ofChunks(frames.map(values -> oneFrame(values, shape)), shape, framesPerSecond);
    }

    private static Chunk oneFrame(float[] values, Shape shape) {
        if (values.length != shape.values()) {
            throw new IllegalArgumentException("a frame of " + shape + " has " + shape.values() + " values but "
                    + values.length + " were emitted");
        }
        Chunk chunk = Chunk.unpooled(shape, 1);
        chunk.frames(1);
        System.arraycopy(values, 0, chunk.values(), 0, values.length);
        return chunk;
    }

    @Override
    public SourceFormat open(SourceContext context) {
        stream = chunks.doOnDiscard(Chunk.class, Chunk::release).toStream(PREFETCH);
        iterator = stream.iterator();
        return format;
    }

    @Override
    public boolean read(Frame frame) throws InterruptedException {
        while (chunk == null || next == chunk.frames()) {
            drop();
            if (!hasNext()) {
                return false;
            }
            chunk = iterator.next();
            next = 0;
            if (!chunk.shape().equals(format.shape())) {
                throw new IllegalArgumentException(
                        "frames of " + format.shape() + " were announced but " + chunk.shape() + " came; resize them");
            }
            frame.framesLostBefore(chunk.framesLostBefore());
        }
        System.arraycopy(
                chunk.values(),
                chunk.start(next),
                frame.values(),
                0,
                format.shape().values());
        frame.captureNanos(chunk.captureNanos(next));
        next++;
        return true;
    }

    private boolean hasNext() throws InterruptedException {
        try {
            return iterator.hasNext();
        } catch (RuntimeException e) {
            if (Exceptions.unwrap(e) instanceof InterruptedException interrupt) {
                throw interrupt;
            }
            throw e;
        }
    }

    private void drop() {
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
    }

    @Override
    public void close() {
        drop();
        if (stream != null) {
            stream.close();
            stream = null;
        }
    }
}
