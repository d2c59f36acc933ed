package org.amacrine.core.flux;

import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Function;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.ChunkPool;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerException;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Turns any layer into a Reactor operator: {@code chunks.transform(LayerOperator.of("retina", layer, kernels, dt))}. For each
 * chunk that comes in, one chunk of each output goes out, in the order of the layer's outputs; {@link Chunk#output()} tells
 * them apart. The operator releases what it takes; whoever takes what it gives releases that.
 *
 * <p>Demand is honoured one by one: the next chunk is asked for only when somebody wants output and a free chunk is there for
 * each output. A layer is prepared by the first chunk, if it was not before. What the layer holds back comes when the stream
 * has completed, {@link Layer#flush}. An error of the layer ends the stream with a
 * {@link LayerException} behind everything produced before, frames of the same chunk included.
 *
 * <p>The layer runs on the thread that delivers the chunks; put {@link HandOver} before it to choose one. One subscriber at
 * a time, for a layer has one owner.
 */
public final class LayerOperator implements Function<Flux<Chunk>, Flux<Chunk>> {
    private final LayerStage stage;

    /** The operator of a stage. */
    public LayerOperator(LayerStage stage) {
        this.stage = stage;
    }

    /** The operator of a layer, with default resolution and seed, on the thread that delivers the chunks. */
    public static LayerOperator of(String path, Layer layer, Kernels kernels, int dt) {
        return new LayerOperator(new LayerStage(path, layer, LayerStage.Settings.of(kernels, dt)));
    }

    /** The stage: its commands, metrics and pools. */
    public LayerStage stage() {
        return stage;
    }

    @Override
    public Flux<Chunk> apply(Flux<Chunk> chunks) {
        return new FluxOperator<Chunk, Chunk>(chunks) {
            @Override
            public void subscribe(CoreSubscriber<? super Chunk> actual) {
                source.subscribe(new Inner(stage, actual));
            }
        };
    }

    /** Between one upstream and one downstream; {@link #drain()} is the only place where either is called. */
    private static final class Inner implements CoreSubscriber<Chunk>, Subscription {
        private static final AtomicLongFieldUpdater<Inner> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(Inner.class, "requested");
        private static final AtomicIntegerFieldUpdater<Inner> WORK =
                AtomicIntegerFieldUpdater.newUpdater(Inner.class, "work");

        private static final AtomicIntegerFieldUpdater<Inner> OWNER =
                AtomicIntegerFieldUpdater.newUpdater(Inner.class, "owner");
        /** Whose {@link #out} is: that of {@link #drain()}, of the chunk in process, or nobody's any more. */
        private static final int DRAIN = 0;

        private static final int PROCESS = 1;
        private static final int NOBODY = 2;

        private final LayerStage stage;
        private final CoreSubscriber<? super Chunk> actual;
        private final Context context;
        private final Runnable drain = this::drain;
        /** Chunks taken from the pools; before processing empty ones, afterwards the outputs still to be sent. */
        private final Chunk[] out;

        private Subscription upstream;
        private volatile long requested;
        private volatile int work;
        private volatile int owner;
        private volatile boolean cancelled;
        private volatile boolean done;
        private volatile boolean asked;
        private volatile boolean filled;
        private Throwable error;
        private boolean flushed;
        private boolean ended;

        Inner(LayerStage stage, CoreSubscriber<? super Chunk> actual) {
            this.stage = stage;
            this.actual = actual;
            this.context = Chunks.releasing(actual.currentContext());
            this.out = new Chunk[stage.layer().outputs().size()];
        }

        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.validate(upstream, subscription)) {
                upstream = subscription;
                actual.onSubscribe(this);
            }
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
            upstream.cancel();
            drain();
        }

        @Override
        public void onNext(Chunk chunk) {
            if (done || !OWNER.compareAndSet(this, DRAIN, PROCESS)) {
                chunk.release();
                return;
            }
            try {
                if (!stage.isPrepared()) {
                    stage.prepare(List.of(chunk.shape()));
                }
                if (out[0] == null) {
                    stage.reserve(out);
                }
                stage.process(chunk, out);
                filled = true;
            } catch (RuntimeException | Error e) {
                upstream.cancel();
                error = e;
                filled = e instanceof LayerException failure && failure.framesDone() > 0;
                done = true;
            } finally {
                chunk.release();
            }
            asked = false;
            owner = DRAIN;
            drain();
        }

        @Override
        public void onError(Throwable e) {
            if (done) {
                Operators.onErrorDropped(e, context);
                return;
            }
            error = e;
            done = true;
            drain();
        }

        @Override
        public void onComplete() {
            done = true;
            drain();
        }

        private void drain() {
            if (WORK.getAndIncrement(this) != 0) {
                return;
            }
            int missed = 1;
            do {
                step();
                missed = WORK.addAndGet(this, -missed);
            } while (missed != 0);
        }

        private void step() {
            if (cancelled) {
                if (OWNER.compareAndSet(this, DRAIN, NOBODY)) {
                    LayerStage.releaseAll(out);
                }
                return;
            }
            // Looked at before filled, which onNext writes before them: another thread may be at the end of onNext now,
            // and
            // outputs that are not seen here must neither be thrown away nor written over.
            boolean last = done;
            boolean idle = !asked;
            if (filled && !sendOutputs()) {
                return;
            }
            if (last && (error != null || flushed || !stage.holdsBack())) {
                end();
            } else if (last) {
                flush();
            } else if (requested > 0 && idle) {
                askForNext();
            }
        }

        /** Sends outputs as far as they are wanted; true when all are sent. */
        private boolean sendOutputs() {
            for (int i = 0; i < out.length; i++) {
                if (out[i] != null) {
                    if (requested == 0 || cancelled) {
                        return false;
                    }
                    Chunk chunk = out[i];
                    out[i] = null;
                    Operators.produced(REQUESTED, this, 1);
                    actual.onNext(chunk);
                }
            }
            filled = false;
            return true;
        }

        /** Goes on with what the layer holds back at the end of its stream, as soon as there is room. */
        private void flush() {
            if (out[0] == null) {
                ChunkPool empty = stage.reserve(out);
                if (empty != null) {
                    empty.onFree(drain);
                    return;
                }
            }
            try {
                flushed = !stage.flush(out);
                filled = !flushed;
                LayerStage.releaseEmpty(out);
            } catch (RuntimeException | Error e) {
                error = e;
            }
            // Around again: to send, or to end.
            WORK.getAndIncrement(this);
        }

        private void end() {
            if (ended) {
                return;
            }
            ended = true;
            LayerStage.releaseAll(out);
            if (error != null) {
                actual.onError(error);
            } else {
                actual.onComplete();
            }
        }

        private void askForNext() {
            if (stage.isPrepared() && out[0] == null) {
                ChunkPool empty = stage.reserve(out);
                if (empty != null) {
                    empty.onFree(drain);
                    return;
                }
            }
            asked = true;
            upstream.request(1);
        }
    }
}
