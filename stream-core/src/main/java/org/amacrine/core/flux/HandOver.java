package org.amacrine.core.flux;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.UnaryOperator;
import org.amacrine.core.chunk.Chunk;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * Hands chunks over to the thread of a stage, through a queue of a few: what {@code publishOn} is for other values, as in
 * {@code chunks.transform(HandOver.to(thread, 2)).transform(layer)}.
 *
 * <pre>
 *   thread of the stage before              thread of the stage
 *   onNext ──▶ │ c │ c │   │ ──▶ onNext to the stage, request(1) to the stage before
 * </pre>
 *
 * <p>Each chunk is passed on or released, once. Reactor's own operator leaves that open when a cancellation meets a chunk on
 * its way: it may throw the chunk away twice, and then a chunk that others still read comes home to its pool.
 */
public final class HandOver extends FluxOperator<Chunk, Chunk> {
    private final StageThread thread;
    private final int capacity;
    private final List<SideInput> sides;

    HandOver(Flux<Chunk> source, StageThread thread, int capacity) {
        this(source, thread, capacity, List.of());
    }

    /** One that lets a chunk through when the side inputs of the stage have what goes with it. */
    HandOver(Flux<Chunk> source, StageThread thread, int capacity, List<SideInput> sides) {
        super(source);
        this.thread = thread;
        this.capacity = capacity;
        this.sides = sides;
    }

    /**
     * The operator that goes on with that thread.
     *
     * @param capacity chunks that can be with the stage: waiting, and one in work; at least 1
     */
    public static UnaryOperator<Flux<Chunk>> to(StageThread thread, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException(
                    "a hand-over needs a capacity of at least 1 chunk but was given " + capacity);
        }
        return chunks -> new HandOver(chunks, thread, capacity);
    }

    @Override
    public void subscribe(CoreSubscriber<? super Chunk> actual) {
        source.subscribe(new Inner(actual, thread, capacity, sides));
    }

    /** Takes chunks from the queue in {@link #run()} only, where {@link #work} lets in one thread at a time. */
    private static final class Inner implements CoreSubscriber<Chunk>, Subscription, Runnable {
        private static final AtomicLongFieldUpdater<Inner> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(Inner.class, "requested");
        private static final AtomicIntegerFieldUpdater<Inner> WORK =
                AtomicIntegerFieldUpdater.newUpdater(Inner.class, "work");

        private final CoreSubscriber<? super Chunk> actual;
        private final StageThread thread;
        private final int capacity;
        private final SideInput[] sides;
        private final Queue<Chunk> queue;
        private Subscription upstream;
        private volatile long requested;
        private volatile int work;
        private volatile boolean cancelled;
        private volatile boolean done;
        private Throwable error;
        private boolean ended;

        Inner(CoreSubscriber<? super Chunk> actual, StageThread thread, int capacity, List<SideInput> sides) {
            this.actual = actual;
            this.thread = thread;
            this.capacity = capacity;
            this.sides = sides.toArray(SideInput[]::new);
            this.queue = Queues.<Chunk>get(capacity).get();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.validate(upstream, subscription)) {
                upstream = subscription;
                actual.onSubscribe(this);
                for (SideInput side : sides) {
                    side.onChange(this::wake);
                }
                subscription.request(capacity);
            }
        }

        @Override
        public void onNext(Chunk chunk) {
            if (!queue.offer(chunk)) {
                String what = chunk.toString();
                chunk.release();
                throw new IllegalStateException("a chunk came that nobody had asked for: " + what);
            }
            wake();
        }

        @Override
        public void onError(Throwable why) {
            error = why;
            done = true;
            wake();
        }

        @Override
        public void onComplete() {
            done = true;
            wake();
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                Operators.addCap(REQUESTED, this, n);
                wake();
            }
        }

        @Override
        public void cancel() {
            stop();
            if (WORK.getAndIncrement(this) == 0) {
                run();
            }
        }

        private void wake() {
            if (WORK.getAndIncrement(this) == 0) {
                try {
                    thread.execute(this);
                } catch (RejectedExecutionException e) {
                    // The stage has ended, so nobody will take what waits: released here, as after a cancellation.
                    stop();
                    run();
                }
            }
        }

        private void stop() {
            cancelled = true;
            upstream.cancel();
            for (SideInput side : sides) {
                side.cancel();
            }
        }

        /** Called on the stage's thread, or on any after cancellation. */
        @Override
        public void run() {
            int missed = 1;
            do {
                step();
                missed = WORK.addAndGet(this, -missed);
            } while (missed != 0);
        }

        private void step() {
            boolean last = done;
            while (requested > 0 && !cancelled && !ended && !queue.isEmpty() && sidesAreReady(queue.peek(), last)) {
                Operators.produced(REQUESTED, this, 1);
                actual.onNext(queue.poll());
                upstream.request(1);
            }
            if (cancelled || ended) {
                clear();
            } else if (last && queue.isEmpty()) {
                end();
            }
        }

        /**
         * Whether all side inputs have what goes with the chunk, or all that there is of it before one of the streams broke;
         * the end when one of them never will.
         */
        private boolean sidesAreReady(Chunk chunk, boolean last) {
            for (SideInput side : sides) {
                // Looked at first, for what came before the end counts.
                boolean sideLast = side.isDone();
                boolean sideBroke = sideLast && side.error() != null && side.isBehind(chunk);
                boolean broke = last && error != null && side.isAhead(chunk);
                if (!sideBroke && !broke && !side.isReady(chunk)) {
                    // A chunk that the side goes beyond was cut off by a break, which is still to come when it is the
                    // last.
                    boolean isAhead = side.isAhead(chunk);
                    if (isAhead ? last : sideLast) {
                        if (!isAhead && side.error() != null) {
                            error = side.error();
                        }
                        if (error == null) {
                            error = new IllegalStateException("an input ended before frame " + chunk.endFrame());
                        }
                        stop();
                        clear();
                        end();
                    }
                    return false;
                }
            }
            return true;
        }

        private void clear() {
            for (Chunk chunk = queue.poll(); chunk != null; chunk = queue.poll()) {
                chunk.release();
            }
            for (SideInput side : sides) {
                side.clear();
            }
        }

        private void end() {
            ended = true;
            for (SideInput side : sides) {
                if (error == null) {
                    error = side.error();
                }
                side.cancel();
                side.clear();
            }
            if (error != null) {
                actual.onError(error);
            } else {
                actual.onComplete();
            }
        }
    }
}
