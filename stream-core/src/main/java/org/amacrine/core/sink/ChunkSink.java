package org.amacrine.core.sink;

import java.io.IOException;
import java.util.List;
import org.amacrine.core.chunk.Chunk;

/**
 * Where chunks go: the end of every pipeline. A sink takes one signal or several; each has a number, its place in the list
 * given to {@link #open}.
 *
 * <p>A sink is opened before the first chunk, then used and closed by one thread, {@code sink-NAME}; it can be opened again
 * after it was closed, and then begins anew.
 */
public interface ChunkSink extends AutoCloseable {

    /**
     * Prepares for these signals.
     *
     * @throws IOException that says what is wrong: no permission, no such folder
     * @throws IllegalArgumentException when the sink cannot take such signals
     */
    void open(List<Signal> signals) throws IOException;

    /**
     * Takes the next chunk of a signal; chunks of one signal come in order. The chunk is the caller's again afterwards: copy
     * what should stay.
     *
     * @param signal number of the signal
     * @throws IOException when it could not be written; what was written before stays readable
     */
    void accept(int signal, Chunk chunk) throws IOException, InterruptedException;

    /** Completes what was written. Called also after an error. */
    @Override
    void close() throws IOException;
}
