package org.amacrine.core.flux;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.amacrine.core.chunk.Chunk;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * Gives the chunks of one stream to several takers, each of which may want one output only. The next chunk is asked for when
 * every taker has room for it: nothing is lost, and the slowest taker sets the pace. Each taker releases what it is given;
 * chunks of outputs that nobody takes go home at once.
 *
 * <p>All takers subscribe first; then {@link #connect} begins.
 */
final class ChunkFanout implements CoreSubscriber<Chunk> {
    private static final AtomicIntegerFieldUpdater<ChunkFanout> WORK =
            AtomicIntegerFieldUpdater.newUpdater(ChunkFanout.class, "work");

    private final List<Taker> takers = new ArrayList<>();
    private volatile Subscription upstream;
    private volatile int work;
    private volatile boolean asked;
    private volatile boolean ended;

    /** The chunks of one output; of all when {@code output} is null. */
    Flux<Chunk> output(String output) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Chunk> actual) {
                Taker taker = new Taker(output, actual);
                takers.add(taker);
                actual.onSubscribe(taker);
            }
        };
    }

    /** Begins to take chunks. */
    void connect(Flux<Chunk> chunks) {
        chunks.subscribe(this);
    }

    /** Stops taking chunks, without a word to the takers. */
    void disconnect() {
        // All at once: one after the other, those that are left would be sent more.
        for (Taker taker : takers) {
            taker.cancelled = true;
        }
        drain();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        upstream = subscription;
        drain();
    }

    @Override
    public void onNext(Chunk chunk) {
        for (Taker taker : takers) {
            if (!taker.cancelled && (taker.output == null || taker.output.equals(chunk.output()))) {
                Operators.produced(Taker.REQUESTED, taker, 1);
                chunk.retain();
                taker.actual.onNext(chunk);
            }
        }
        chunk.release();
        asked = false;
        drain();
    }

    @Override
    public void onError(Throwable error) {
        ended = true;
        for (Taker taker : takers) {
            if (!taker.cancelled) {
                taker.actual.onError(error);
            }
        }
    }

    @Override
    public void onComplete() {
        ended = true;
        for (Taker taker : takers) {
            if (!taker.cancelled) {
                taker.actual.onComplete();
            }
        }
    }

    private void drain() {
        if (WORK.getAndIncrement(this) != 0) {
            return;
        }
        int missed = 1;
        do {
            if (upstream != null && !ended) {
                step();
            }
            missed = WORK.addAndGet(this, -missed);
        } while (missed != 0);
    }

    private void step() {
        // Looked at before the demand, which onNext takes from before: a chunk that just arrives must not count for
        // two.
        boolean idle = !asked;
        boolean somebody = false;
        boolean everybodyReady = true;
        for (Taker taker : takers) {
            if (!taker.cancelled) {
                somebody = true;
                everybodyReady &= taker.requested > 0;
            }
        }
        if (!somebody) {
            ended = true;
            upstream.cancel();
        } else if (everybodyReady && idle) {
            asked = true;
            upstream.request(1);
        }
    }

    private final class Taker implements Subscription {
        private static final AtomicLongFieldUpdater<Taker> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(Taker.class, "requested");

        private final String output;
        private final CoreSubscriber<? super Chunk> actual;
        private volatile long requested;
        private volatile boolean cancelled;

        private Taker(String output, CoreSubscriber<? super Chunk> actual) {
            this.output = output;
            this.actual = actual;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                Operators.addCap(REQUESTED, this, n);
                drain();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            drain();
        }
    }
}
