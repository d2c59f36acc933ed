package org.amacrine.core.flux;

import org.amacrine.core.chunk.Chunk;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * An input of a layer beside the stream that the layer keeps step with. The layer's {@link HandOver} lets a chunk of that
 * stream through when each side input has the frames that go with it.
 *
 * <p>Filled by the thread of the stage that gives the signal, emptied by that of the layer.
 */
abstract class SideInput implements CoreSubscriber<Chunk> {
    private volatile Runnable onChange = () -> {};
    private volatile Subscription upstream;
    private volatile Throwable error;
    private volatile boolean done;

    /** Begins to take the signal. */
    final void take(Flux<Chunk> signal) {
        signal.subscribe(this);
    }

    /** Calls {@code action} whenever {@link #isReady} or {@link #error()} may have changed. */
    final void onChange(Runnable action) {
        onChange = action;
    }

    final void changed() {
        onChange.run();
    }

    final void request(long chunks) {
        upstream.request(chunks);
    }

    /** Whether the frames that go with a chunk are there. */
    abstract boolean isReady(Chunk with);

    /** Whether what it has next goes on when the chunk ends. */
    boolean isAhead(Chunk with) {
        return false;
    }

    /** Whether what it has next ends before the chunk does. */
    boolean isBehind(Chunk with) {
        return false;
    }

    /** The frames that go with a chunk, for which it is ready; given back by {@link #giveBack}. */
    abstract Chunk next(Chunk with);

    /** Gives back what {@link #next} gave. */
    abstract void giveBack(Chunk chunk);

    /** Lets go of all that waits; more may still come, until the next call. */
    abstract void clear();

    /** What ended the signal before its time, or null. */
    final Throwable error() {
        return error;
    }

    /** Whether no more will come. */
    final boolean isDone() {
        return done;
    }

    /** Takes no more. */
    final void cancel() {
        upstream.cancel();
    }

    @Override
    public final void onSubscribe(Subscription subscription) {
        if (Operators.validate(upstream, subscription)) {
            upstream = subscription;
            begin();
        }
    }

    /** Asks for the first chunks. */
    abstract void begin();

    @Override
    public final void onError(Throwable why) {
        error = why;
        done = true;
        changed();
    }

    @Override
    public final void onComplete() {
        done = true;
        changed();
    }
}
