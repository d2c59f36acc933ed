package org.amacrine.core.flux;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.ChunkCopies;
import org.amacrine.core.ring.Overflow;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitResult;
import reactor.util.concurrent.Queues;

/**
 * A sink that the program subscribes to. Each subscriber gets copies of its own of all chunks emitted while it is
 * subscribed. They are the subscriber's to keep; one that it releases is used again for a later chunk, so that subscribers
 * who release every chunk cause no garbage. The flux completes when the run ends; subscribing again then means the next run.
 */
public final class FluxSink implements ChunkSink {
    private static final long RETRY_NANOS = 50_000;
    /** The shortest of Reactor's queues, but for the one of a single element. */
    private static final int LEAST_BUFFER = 8;

    private final int buffer;
    private final Overflow overflow;
    private final AtomicLong dropped = new AtomicLong();
    /** Replaced as a whole, under the lock, when somebody comes or goes. */
    private volatile List<Subscriber> subscribers = List.of();

    /** Subscribers that fall behind hold up the pipeline: nothing is lost. */
    public FluxSink() {
        this(16, Overflow.BLOCK);
    }

    /**
     * A sink with a choice.
     *
     * @param buffer chunks that can wait for each subscriber: 1, or at least 8, rounded up to a power of two
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
    }

    /** A subscriber: its queue, and its copies of each signal. */
    private final class Subscriber {
        private final Sinks.Many<Chunk> many = Sinks.many()
                .unicast()
                .onBackpressureBuffer(Queues.<Chunk>get(buffer).get());
        /** Owned by the sink's thread. */
        private final List<ChunkCopies> copies = new ArrayList<>();

        private Flux<Chunk> flux() {
            return many.asFlux().doOnCancel(() -> leave(this));
        }

        /** Gives it a copy; false when it is too slow for this chunk. */
        private boolean accept(int signal, Chunk chunk) throws InterruptedException {
            while (copies.size() <= signal) {
                // Those that wait, one on its way in and one on its way out.
                copies.add(new ChunkCopies(buffer + 2));
            }
            Chunk copy = copies.get(signal).of(chunk);
            while (true) {
                EmitResult result = many.tryEmitNext(copy);
                if (result == EmitResult.OK) {
                    return true;
                }
                boolean full = result == EmitResult.FAIL_OVERFLOW || result == EmitResult.FAIL_ZERO_SUBSCRIBER;
                if (full && overflow == Overflow.FAIL) {
                    throw new IllegalStateException("a subscriber is " + buffer + " chunks behind at frame "
                            + chunk.firstFrame() + "; make it faster, enlarge the buffer, or choose BLOCK");
                }
                if (!full || overflow == Overflow.DROP_NEWEST) {
                    copy.release();
                    return !full; // whoever cancels misses nothing
                }
                LockSupport.parkNanos(this, RETRY_NANOS);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }
    }

    /** The chunks of all signals; {@link Chunk#output()} tells them apart. */
    public Flux<Chunk> flux() {
        return Flux.defer(() -> {
            Subscriber subscriber = new Subscriber();
            join(subscriber);
            return subscriber.flux();
        });
    }

    private synchronized void join(Subscriber subscriber) {
        List<Subscriber> now = new ArrayList<>(subscribers);
        now.add(subscriber);
        subscribers = now;
    }

    private synchronized void leave(Subscriber subscriber) {
        List<Subscriber> now = new ArrayList<>(subscribers);
        now.remove(subscriber);
        subscribers = now;
    }

    private synchronized List<Subscriber> leaveAll() {
        List<Subscriber> all = subscribers;
        subscribers = List.of();
        return all;
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
        List<Subscriber> now = subscribers;
        boolean missed = now.isEmpty();
        for (int i = 0; i < now.size(); i++) {
            missed |= !now.get(i).accept(signal, chunk);
        }
        if (missed) {
            dropped.getAndIncrement();
        }
    }

    @Override
    public void close() {
        leaveAll().forEach(subscriber -> subscriber.many.tryEmitComplete());
    }
}
