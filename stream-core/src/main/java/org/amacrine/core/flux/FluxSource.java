package org.amacrine.core.flux;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;
import org.reactivestreams.Subscription;
import reactor.core.Exceptions;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

/**
 * Any {@link Flux} as a source: frames as they are emitted, in order; the end of the flux is the end of the stream, and its
 * error the stream's. Demand is bounded; chunks are released when their frames were copied. Each opening subscribes anew.
 */
public final class FluxSource implements FrameSource {
    /** Elements asked for ahead. */
    private static final int PREFETCH = 4;

    private final Flux<Chunk> chunks;
    private final SourceFormat format;
    private Ahead ahead;
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
        ahead = new Ahead();
        chunks.subscribe(ahead);
        return format;
    }

    @Override
    public boolean read(Frame frame) throws IOException, InterruptedException {
        while (chunk == null || next == chunk.frames()) {
            drop();
            chunk = ahead.next();
            if (chunk == null) {
                return false;
            }
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
        frame.deviceNanos(chunk.deviceNanos(next));
        next++;
        return true;
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
        if (ahead != null) {
            ahead.close();
            ahead = null;
        }
    }

    /**
     * Takes elements a few ahead of the thread that reads. Reactor's own iterator lets an error overtake the elements before
     * it, and keeps those that wait when it is closed.
     */
    private static final class Ahead extends BaseSubscriber<Chunk> {
        private final Queue<Chunk> waiting = new ArrayDeque<>(PREFETCH);
        private Throwable error;
        private boolean ended;
        private boolean closed;

        @Override
        public Context currentContext() {
            return Chunks.releasing(Context.empty());
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(PREFETCH);
        }

        @Override
        protected void hookOnNext(Chunk chunk) {
            synchronized (this) {
                if (!closed) {
                    waiting.add(chunk);
                    notifyAll();
                    return;
                }
            }
            chunk.release();
        }

        @Override
        protected synchronized void hookOnError(Throwable why) {
            error = why;
            ended = true;
            notifyAll();
        }

        @Override
        protected synchronized void hookOnComplete() {
            ended = true;
            notifyAll();
        }

        /** The next element, or null at the end; waits. */
        private Chunk next() throws IOException, InterruptedException {
            Chunk chunk;
            synchronized (this) {
                while (waiting.isEmpty() && !ended) {
                    wait();
                }
                chunk = waiting.poll();
                if (chunk == null) {
                    if (error instanceof IOException cause) {
                        throw cause;
                    }
                    if (error != null) {
                        throw Exceptions.propagate(error);
                    }
                    return null;
                }
            }
            request(1);
            return chunk;
        }

        private void close() {
            cancel();
            synchronized (this) {
                closed = true;
                waiting.forEach(Chunk::release);
                waiting.clear();
            }
        }
    }
}
