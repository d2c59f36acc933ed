package org.amacrine.core.flux;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.metrics.StageMetrics;
import org.amacrine.core.run.Clock;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * A sink as the last stage of a pipeline: takes its signals on a thread of its own and closes the sink when all of them have
 * ended, or when one of them or the sink itself has failed.
 */
public final class SinkStage {
    /** Chunks of a signal that can be with the sink: waiting, and one in work. */
    private static final int QUEUE_CHUNKS = 2;

    private final String name;
    private final ChunkSink sink;
    private final List<Signal> signals;
    private final StageThread thread;
    private final Clock clock;
    private final StageMetrics metrics;
    private final AtomicLongArray delivered;
    private final Taker[] takers;
    private final AtomicInteger queued = new AtomicInteger();
    private final CompletableFuture<Throwable> ended = new CompletableFuture<>();
    /** Owned by the sink's thread. */
    private int open;

    private boolean closed;

    /** A stage on a thread of its own; nothing is opened yet. */
    public SinkStage(String name, ChunkSink sink, List<Signal> signals, Clock clock) {
        this.name = name;
        this.sink = sink;
        this.signals = List.copyOf(signals);
        this.clock = clock;
        this.metrics = new StageMetrics(name);
        this.metrics.queueDepth(queued::get);
        this.delivered = new AtomicLongArray(signals.size());
        this.takers = new Taker[signals.size()];
        this.open = signals.size();
        this.thread = new StageThread("sink-" + name);
    }

    /** Name of the sink in its pipeline. */
    public String name() {
        return name;
    }

    /** What the stage counts. */
    public StageMetrics metrics() {
        return metrics;
    }

    /** The sink's own thread. */
    public StageThread thread() {
        return thread;
    }

    /** Frames of each signal that the sink has taken. */
    public long delivered(int signal) {
        return delivered.get(signal);
    }

    /** The signals that it takes. */
    public List<Signal> signals() {
        return signals;
    }

    /** Completes when the sink is closed: with null after the ordinary end, else with what went wrong. */
    public CompletableFuture<Throwable> ended() {
        return ended;
    }

    /** Opens the sink on its thread; completes when it is open. */
    public CompletableFuture<Void> open() {
        CompletableFuture<Void> opened = new CompletableFuture<>();
        thread.schedule(() -> {
            try {
                sink.open(signals);
                opened.complete(null);
            } catch (IOException | RuntimeException | Error e) {
                opened.completeExceptionally(new SinkException(name, -1, e));
            }
        });
        return opened;
    }

    /** Begins to take a signal. */
    public void take(int signal, Flux<Chunk> chunks) {
        takers[signal] = new Taker(signal);
        new HandOver(chunks.doOnNext(chunk -> queued.getAndIncrement()), thread, QUEUE_CHUNKS)
                .subscribe(takers[signal]);
    }

    /** Stops taking and closes the sink, on its thread. */
    public void abandon(Throwable why) {
        thread.schedule(() -> finish(why));
    }

    private void finish(Throwable why) {
        if (closed) {
            return;
        }
        closed = true;
        for (Taker taker : takers) {
            if (taker != null && taker.upstream != null) {
                taker.upstream.cancel();
            }
        }
        Throwable result = why;
        // An interrupt was meant for what hung before, and must not break the file that is completed now.
        Thread.interrupted();
        try {
            sink.close();
        } catch (IOException | RuntimeException | Error e) {
            if (result == null) {
                result = new SinkException(name, lastFrame(), e);
            }
        }
        ended.complete(result);
    }

    private long lastFrame() {
        long last = 0;
        for (int i = 0; i < delivered.length(); i++) {
            last = Math.max(last, delivered.get(i));
        }
        return last;
    }

    /** Takes one signal, chunk by chunk. Called on the sink's thread alone. */
    private final class Taker implements CoreSubscriber<Chunk> {
        private final int signal;
        private final Chunk rest = Chunk.window();
        private volatile Subscription upstream;

        private Taker(int signal) {
            this.signal = signal;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.validate(upstream, subscription)) {
                upstream = subscription;
                subscription.request(1);
            }
        }

        @Override
        public void onNext(Chunk chunk) {
            queued.getAndDecrement();
            if (closed) {
                chunk.release();
                return;
            }
            long frame = Math.max(0, chunk.firstFrame());
            try {
                accept(chunk);
            } catch (IOException | InterruptedException | RuntimeException | Error e) {
                finish(new SinkException(name, frame, e));
                return;
            } finally {
                chunk.release();
            }
            upstream.request(1);
        }

        /** Gives the chunk to the sink, without frames about nothing: those before the first one of the stream. */
        private void accept(Chunk chunk) throws IOException, InterruptedException {
            int nothing = (int) Math.min(chunk.frames(), Math.max(0, -chunk.firstFrame()));
            int frames = chunk.frames() - nothing;
            if (frames == 0) {
                return;
            }
            long start = clock.nanos();
            long newest = chunk.captureNanos(chunk.frames() - 1);
            sink.accept(signal, nothing == 0 ? chunk : rest.show(chunk, nothing, frames));
            metrics.chunkDone(frames, start, clock.nanos(), newest);
            delivered.lazySet(signal, delivered.get(signal) + frames);
        }

        /** Behind the chunks of other signals that were sent before the error and wait for this thread. */
        @Override
        public void onError(Throwable error) {
            try {
                abandon(error);
            } catch (RejectedExecutionException e) {
                finish(error);
            }
        }

        @Override
        public void onComplete() {
            if (--open == 0) {
                finish(null);
            }
        }
    }
}
