package org.amacrine.core.flux;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.ChunkPool;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.metrics.StageMetrics;
import org.amacrine.core.ring.Chunker;
import org.amacrine.core.ring.FrameRing;
import org.amacrine.core.ring.Interpolation;
import org.amacrine.core.ring.Ledger;
import org.amacrine.core.ring.Overflow;
import org.amacrine.core.run.Clock;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * A source as the first stage of a pipeline: one thread reads frames into the ring, another gathers them into chunks and sends
 * those on as they are wanted and as free chunks come home.
 *
 * <pre>
 *   source-NAME:  read ─▶ pace ─▶ FrameRing          ring:  FrameRing ─▶ Chunker ─▶ onNext
 * </pre>
 *
 * <p>To be opened, subscribed to once, and closed.
 */
public final class SourceStage implements AutoCloseable {
    /** Chunks that can be under way: being filled, waiting, in work behind. */
    public static final int POOL_CHUNKS = 4;

    private static final System.Logger LOG = System.getLogger(SourceStage.class.getName());
    private static final long CLOSE_MILLIS = 1_000;

    private final FrameSource source;
    private final Settings settings;
    private final Ledger ledger = new Ledger();
    private final StageMetrics metrics;
    private final Thread sourceThread;
    private final CompletableFuture<SourceFormat> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> wanted = new CompletableFuture<>();
    private final Object gate = new Object();
    private volatile boolean paused;
    private volatile boolean stopping;
    /** Whether the source thread waits for the device, a frame or its time; guarded by {@code gate}. */
    private boolean waiting;

    private volatile SourceFormat format;
    private volatile FrameRing ring;
    private ChunkPool pool;
    private volatile Emitter emitter;

    /**
     * What a source is run with.
     *
     * @param name of the source in its pipeline
     * @param resolution pixels per degree and steps per second
     * @param kernels the backend's mathematics
     * @param seed seed of all random numbers
     * @param dt frames per chunk
     * @param ringFrames frames that can wait between source and chunker, a power of two
     * @param overflow what happens when they all do
     * @param interpolation what a step shows when source and model have different rates
     * @param maxSteps number of the model step at which the stream ends, if it has not ended before
     * @param paced whether frames come in real time; otherwise as fast as they are taken
     * @param clock the time
     */
    public record Settings(
            String name,
            Resolution resolution,
            Kernels kernels,
            long seed,
            int dt,
            int ringFrames,
            Overflow overflow,
            Interpolation interpolation,
            long maxSteps,
            boolean paced,
            Clock clock) {

        /** As fast as frames are taken, nothing lost, default resolution and seed. */
        public static Settings of(String name, Kernels kernels, int dt) {
            return new Settings(
                    name,
                    Resolution.DEFAULT,
                    kernels,
                    0,
                    dt,
                    64,
                    Overflow.BLOCK,
                    Interpolation.HOLD,
                    Long.MAX_VALUE,
                    false,
                    Clock.SYSTEM);
        }
    }

    /** A stage that is not open yet. */
    public SourceStage(FrameSource source, Settings settings) {
        this.source = source;
        this.settings = settings;
        this.metrics = new StageMetrics(settings.name);
        this.sourceThread = new Thread(this::runSource, "source-" + settings.name);
        this.sourceThread.setDaemon(true);
    }

    /** A source as a stream of chunks: opened by each subscription, closed at its end. */
    public static Flux<Chunk> flux(FrameSource source, Settings settings) {
        return Flux.using(
                () -> {
                    SourceStage stage = new SourceStage(source, settings);
                    stage.open();
                    return stage;
                },
                SourceStage::chunks,
                SourceStage::close);
    }

    /** The account of all frames. */
    public Ledger ledger() {
        return ledger;
    }

    /** What the stage counts. */
    public StageMetrics metrics() {
        return metrics;
    }

    /** The pool of its chunks, once open. */
    public ChunkPool pool() {
        return pool;
    }

    /** Memory of the ring, in bytes, once open. */
    public long ringBytes() {
        return ring.bytes();
    }

    /**
     * Opens the source on its own thread and allocates ring and chunks.
     *
     * @throws IllegalArgumentException or {@link java.io.UncheckedIOException} with the source's own words when it cannot be
     *     opened
     */
    public SourceFormat open() {
        sourceThread.start();
        try {
            format = opened.get();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while source " + settings.name + " was being opened", e);
        } catch (ExecutionException e) {
            throw new SourceException(settings.name, -1, e.getCause());
        }
        pool = new ChunkPool(settings.name, format.shape(), settings.dt, POOL_CHUNKS);
        ring = new FrameRing(format.shape(), settings.ringFrames, settings.overflow, ledger);
        metrics.queueDepth(ring::waiting);
        return format;
    }

    /** The chunks; to be subscribed to once, when open. */
    public Flux<Chunk> chunks() {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Chunk> actual) {
                if (emitter != null) {
                    Operators.error(
                            actual,
                            new IllegalStateException(
                                    "source " + settings.name + " has a subscriber already; share its chunks"));
                    return;
                }
                emitter = new Emitter(actual);
                actual.onSubscribe(emitter);
                emitter.thread.start();
                wanted.complete(null);
            }
        };
    }

    /** Holds the source back before the next frame; frames on their way go on. */
    public void pause() {
        paused = true;
    }

    /** Lets the source go on. */
    public void resume() {
        synchronized (gate) {
            paused = false;
            gate.notifyAll();
        }
    }

    /** Ends the stream: no further frame is read, those that were read go on. */
    public void stop() {
        stopping = true;
        resume();
        synchronized (gate) {
            if (waiting) {
                sourceThread.interrupt();
            }
        }
        wanted.complete(null);
    }

    /** Ends the stream behind the frames that wait, after {@link #stop()}, if the source does not come back from its wait. */
    public void cutOff() {
        synchronized (gate) {
            if (waiting) {
                ring.end(null);
            }
        }
    }

    /** Ends everything at once, waits for the threads for a moment and gives back the source. */
    @Override
    public void close() {
        stop();
        Emitter running = emitter;
        if (running != null) {
            running.cancel();
        }
        try {
            join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The thread that reads. */
    public Thread sourceThread() {
        return sourceThread;
    }

    /** Whether one of its two threads is the calling one. */
    public boolean isCurrent() {
        Emitter running = emitter;
        Thread current = Thread.currentThread();
        return current == sourceThread || running != null && current == running.thread;
    }

    /** Waits for both threads; returns the one that is still alive after that time, or null. */
    public Thread join(long millis) throws InterruptedException {
        if (Thread.currentThread() != sourceThread) {
            sourceThread.join(millis);
        }
        Emitter running = emitter;
        if (running != null && Thread.currentThread() != running.thread) {
            running.thread.join(millis);
            if (running.thread.isAlive()) {
                return running.thread;
            }
        }
        return sourceThread.isAlive() ? sourceThread : null;
    }

    // ------------------------------------------------------------------------------------------------ source thread

    private void runSource() {
        Throwable why = null;
        try (source) {
            try {
                mayWait(true);
                SourceFormat given = source.open(
                        new SourceContext(settings.name, settings.resolution, settings.seed, settings.kernels));
                mayWait(false);
                opened.complete(given);
                wanted.get();
                readAll();
            } finally {
                mayWait(false);
            }
        } catch (InterruptedException e) {
            why = stopping ? null : e;
        } catch (Exception | Error e) {
            why = e;
        }
        if (why != null && stopping) {
            LOG.log(System.Logger.Level.WARNING, "source " + settings.name + " failed after it was stopped", why);
        }
        opened.completeExceptionally(why == null ? new IllegalStateException("the source was closed") : why);
        if (ring != null) {
            long frame = ledger.counts().read();
            ring.end(why == null || stopping ? null : new SourceException(settings.name, frame, why));
        }
    }

    private void readAll() throws Exception {
        double rate = format.framesPerSecond() == 0 ? settings.resolution.stepsPerSecond() : format.framesPerSecond();
        boolean paced = settings.paced && !format.live();
        Clock clock = settings.clock;
        long beginning = clock.nanos();
        for (long count = 0; !stopping; count++) {
            beginning += waitWhilePaused();
            Frame frame = ring.spare();
            frame.captureNanos(0);
            frame.deviceNanos(0);
            if (!mayWait(true) || !source.read(frame)) {
                return;
            }
            if (paced) {
                pace(clock, beginning + Math.round(count * 1e9 / rate), 1e9 / rate);
            }
            mayWait(false);
            if (frame.captureNanos() == 0) {
                frame.captureNanos(clock.nanos());
            }
            if (!ring.publish()) {
                return;
            }
        }
    }

    /** Says whether {@link #stop()} may interrupt the thread; false when it has been called already. */
    private boolean mayWait(boolean yes) {
        synchronized (gate) {
            waiting = yes && !stopping;
            if (!yes && stopping) {
                // The interrupt of stop() has done its work; the frame in hand still goes on.
                Thread.interrupted();
            }
            return waiting;
        }
    }

    private void pace(Clock clock, long due, double frameNanos) throws InterruptedException {
        try {
            clock.sleepUntil(due);
        } catch (InterruptedException e) {
            if (!stopping) {
                throw e;
            }
        }
        if (clock.nanos() - due > frameNanos) {
            ledger.frameLate();
        }
    }

    /** Returns for how long it has waited, in nanoseconds. */
    private long waitWhilePaused() throws InterruptedException {
        if (!paused) {
            return 0;
        }
        long before = settings.clock.nanos();
        synchronized (gate) {
            while (paused) {
                gate.wait();
            }
        }
        return settings.clock.nanos() - before;
    }

    // ------------------------------------------------------------------------------------------------ ring thread

    /** Sends chunks to one subscriber, on a thread of its own. */
    private final class Emitter implements Subscription {
        private final CoreSubscriber<? super Chunk> actual;
        private final Thread thread = new Thread(this::run, "ring-" + settings.name);
        private final AtomicLong requested = new AtomicLong();
        private final Object demand = new Object();
        private volatile boolean cancelled;

        private Emitter(CoreSubscriber<? super Chunk> actual) {
            this.actual = actual;
            thread.setDaemon(true);
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                synchronized (demand) {
                    requested.accumulateAndGet(n, Operators::addCap);
                    demand.notifyAll();
                }
            }
        }

        @Override
        public void cancel() {
            synchronized (demand) {
                cancelled = true;
                demand.notifyAll();
            }
            stop();
            thread.interrupt();
        }

        private void run() {
            Chunker chunker = new Chunker(
                    ring,
                    ledger,
                    settings.interpolation,
                    format.framesPerSecond(),
                    settings.resolution.stepsPerSecond(),
                    settings.maxSteps);
            try {
                boolean more = true;
                while (more && !cancelled) {
                    awaitDemand();
                    more = sendOne(chunker);
                }
                finish();
            } catch (InterruptedException e) {
                ring.end(null);
                if (!cancelled) {
                    actual.onError(new IllegalStateException("thread " + thread.getName() + " was interrupted", e));
                }
            } catch (RuntimeException | Error e) {
                ring.end(null);
                actual.onError(e);
            }
        }

        private void awaitDemand() throws InterruptedException {
            synchronized (demand) {
                while (requested.get() == 0 && !cancelled) {
                    demand.wait();
                }
            }
        }

        private boolean sendOne(Chunker chunker) throws InterruptedException {
            Chunk chunk = pool.take();
            boolean more;
            long start;
            try {
                chunk.output("output");
                start = settings.clock.nanos();
                more = chunker.fill(chunk);
            } catch (InterruptedException | RuntimeException | Error e) {
                chunk.release();
                throw e;
            }
            int frames = chunk.frames();
            if (frames == 0 || cancelled) {
                chunk.release();
                return more;
            }
            long newest = chunk.captureNanos(frames - 1);
            if (requested.get() != Long.MAX_VALUE) {
                requested.decrementAndGet();
            }
            metrics.chunkDone(frames, start, settings.clock.nanos(), newest);
            actual.onNext(chunk);
            return more;
        }

        private void finish() {
            ring.end(null);
            Throwable why = ring.failure();
            if (cancelled) {
                return;
            }
            if (why != null) {
                actual.onError(why);
            } else {
                actual.onComplete();
            }
        }
    }
}
