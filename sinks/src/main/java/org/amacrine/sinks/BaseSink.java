package org.amacrine.sinks;

import java.io.IOException;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;

/**
 * What the sinks of this module share: they know whether they are open, and every chunk is checked against the signals they
 * were opened for.
 *
 * <p>Owned by the sink's thread.
 */
public abstract class BaseSink implements ChunkSink {
    private final String name;
    private List<Signal> signals = List.of();

    /**
     * A sink that is not open yet.
     *
     * @param name what it is called in messages
     */
    protected BaseSink(String name) {
        this.name = name;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException when it is open already
     */
    @Override
    public final void open(List<Signal> wanted) throws IOException {
        if (!signals.isEmpty()) {
            throw new IllegalStateException("sink " + name + " is open already; close it before opening it again");
        }
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException("sink " + name + " was opened without a signal; connect at least one");
        }
        List<Signal> all = List.copyOf(wanted);
        begin(all);
        signals = all;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException when the sink is not open
     * @throws IllegalArgumentException when there is no such signal, or its frames have another shape
     */
    @Override
    public final void accept(int signal, Chunk chunk) throws IOException, InterruptedException {
        if (signals.isEmpty()) {
            throw new IllegalStateException("sink " + name + " is not open; open it before the first chunk");
        }
        if (signal < 0 || signal >= signals.size()) {
            throw new IllegalArgumentException("sink " + name + " has no signal " + signal + "; it was opened for "
                    + signals.size() + ", counted from 0");
        }
        Signal announced = signals.get(signal);
        if (!announced.shape().equals(chunk.shape())) {
            throw new IllegalArgumentException("sink " + name + " was opened for " + announced.shape() + " frames of "
                    + announced.name() + " but the chunk at frame " + chunk.firstFrame() + " holds " + chunk.shape()
                    + "; close it and open it for these");
        }
        write(signal, chunk);
    }

    /** {@inheritDoc} A sink that is not open stays as it is. */
    @Override
    public final void close() throws IOException {
        if (!signals.isEmpty()) {
            signals = List.of();
            finish();
        }
    }

    /** Opens files for these signals, at least one; leaves none open when it throws. */
    protected abstract void begin(List<Signal> all) throws IOException;

    /** Takes a chunk of the announced shape. */
    protected abstract void write(int signal, Chunk chunk) throws IOException;

    /** Completes what was written and gives back files, also after an error. */
    protected abstract void finish() throws IOException;

    /** The only signal; throws {@link IllegalArgumentException} that names all when there are several. */
    protected final Signal onlyOne(List<Signal> all) {
        if (all.size() > 1) {
            throw new IllegalArgumentException("sink " + name + " takes one signal but was given " + all.size() + ": "
                    + String.join(", ", all.stream().map(Signal::name).toList()) + "; give each a sink of its own");
        }
        return all.get(0);
    }
}
