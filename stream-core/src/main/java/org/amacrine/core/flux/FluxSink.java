package org.amacrine.core.flux;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.ring.Overflow;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/**
 * A sink that the program subscribes to. Subscribers get copies, which are theirs to keep; all of them get all chunks emitted
 * while they are subscribed. The flux completes when the run ends; subscribing again then means the next run.
 */
public final class FluxSink implements ChunkSink {
    private static final long RETRY_NANOS = 50_000;
    /** The shortest of Reactor's queues, but for the one of a single element. */
    private static final int LEAST_BUFFER = 8;

    private final int buffer;
    private final Overflow overflow;
    private final AtomicLong dropped = new AtomicLong();
    private volatile Sinks.Many<Chunk> many;

    /** Subscribers that fall behind hold up the pipeline: nothing is lost. */
    public FluxSink() {
        this(16, Overflow.BLOCK);
    }

    /**
     * A sink with a choice.
     *
     * @param buffer chunks that can wait for the slowest subscriber: 1, or at least 8, rounded up to a power of two
     * @param overflow {@code BLOCK}; {@code DROP_NEWEST}, which is counted; or {@code FAIL}
     */
    public FluxSink(int buffer, Overflow overflow) {
        if (buffer < 1 || overflow == Overflow.DROP_OLDEST) {
            throw new IllegalArgumentException(
                    "a reactive sink needs a buffer of at least 1 chunk and BLOCK, DROP_NEWEST or FAIL"
                            + " but was given " + buffer + " and " + overflow);
        }
        this.buffer = buffer == 1 ? 1 : Queues.ceilingNextPowerOfTwo(Math.max(LEAST_BUFFER, buffer));
        this.overflow = overflow;
        this.many = newMany();
    }

    private Sinks.Many<Chunk> newMany() {
        return Sinks.many().multicast().onBackpressureBuffer(buffer, false);
    }

    /** The chunks of all signals; {@link Chunk#output()} tells them apart. */
    public Flux<Chunk> flux() {
        return Flux.defer(() -> many.asFlux());
    }

    /** Chunks that nobody was subscribed to or that a slow subscriber missed. */
    public long dropped() {
        return dropped.get();
    }

    @Override
    public void open(List<Signal> signals) {
        dropped.set(0);
    }

    @Override
    public void accept(int signal, Chunk chunk) throws InterruptedException {
        if (many.currentSubscriberCount() == 0) {
            dropped.getAndIncrement();
            return;
        }
        Chunk copy = chunk.copy();
        while (true) {
            Sinks.EmitResult result = many.tryEmitNext(copy);
            if (result == Sinks.EmitResult.OK) {
                return;
            }
            if (result == Sinks.EmitResult.FAIL_OVERFLOW && overflow == Overflow.FAIL) {
                throw new IllegalStateException("a subscriber is " + buffer + " chunks behind at frame "
                        + chunk.firstFrame() + "; make it faster, enlarge the buffer, or choose BLOCK");
            }
            if (result != Sinks.EmitResult.FAIL_OVERFLOW || overflow == Overflow.DROP_NEWEST) {
                dropped.getAndIncrement();
                return;
            }
            LockSupport.parkNanos(this, RETRY_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    @Override
    public void close() {
        Sinks.Many<Chunk> ended = many;
        many = newMany();
        ended.tryEmitComplete();
    }
}
