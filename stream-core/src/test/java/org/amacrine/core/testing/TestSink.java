package org.amacrine.core.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;

/** A sink that keeps copies of what it takes, with places for a test to step in. */
public final class TestSink implements ChunkSink {

    /** What a test does when the sink is opened or closed. */
    @FunctionalInterface
    public interface Action {
        /** Does it. */
        void run() throws IOException;
    }

    /** What a test does before a chunk is kept. */
    @FunctionalInterface
    public interface AcceptAction {
        /** Does it. */
        void run(int signal, Chunk chunk) throws IOException, InterruptedException;
    }

    private final List<List<Chunk>> taken = new ArrayList<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private List<Signal> signals = List.of();
    private boolean keeps = true;
    private Action onOpen = () -> {};
    private AcceptAction onAccept = (signal, chunk) -> {};
    private Action onClose = () -> {};

    /** Keeps no chunks, for streams of any length. */
    public TestSink keepingNothing() {
        keeps = false;
        return this;
    }

    /** Does this when it is opened. */
    public TestSink onOpen(Action action) {
        onOpen = action;
        return this;
    }

    /** Does this for each chunk. */
    public TestSink onAccept(AcceptAction action) {
        onAccept = action;
        return this;
    }

    /** Does this when it is closed. */
    public TestSink onClose(Action action) {
        onClose = action;
        return this;
    }

    /** How often it was opened. */
    public int opened() {
        return opened.get();
    }

    /** How often it was closed. */
    public int closed() {
        return closed.get();
    }

    /** What it was opened for last. */
    public synchronized List<Signal> signals() {
        return signals;
    }

    /** Copies of the chunks of a signal since it was opened. */
    public synchronized List<Chunk> chunks(int signal) {
        return List.copyOf(taken.get(signal));
    }

    /** The first value of each frame of a signal. */
    public List<Float> values(int signal) {
        List<Float> values = new ArrayList<>();
        for (Chunk chunk : chunks(signal)) {
            for (int t = 0; t < chunk.frames(); t++) {
                values.add(chunk.values()[chunk.start(t)]);
            }
        }
        return values;
    }

    /** The first value of each frame of the only signal. */
    public List<Float> values() {
        return values(0);
    }

    @Override
    public void open(List<Signal> given) throws IOException {
        opened.getAndIncrement();
        synchronized (this) {
            signals = given;
            taken.clear();
            given.forEach(signal -> taken.add(new ArrayList<>()));
        }
        onOpen.run();
    }

    @Override
    public void accept(int signal, Chunk chunk) throws IOException, InterruptedException {
        onAccept.run(signal, chunk);
        if (keeps) {
            synchronized (this) {
                taken.get(signal).add(chunk.copy());
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed.getAndIncrement();
        onClose.run();
    }
}
