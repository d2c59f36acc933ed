package org.amacrine.core.job;

import java.util.Map;
import org.amacrine.core.io.NdArray;

/**
 * A long piece of work, such as fitting a model, made of short steps: some of them end an iteration. Plain and owned by one
 * thread, it knows nothing of threads, files or Reactor; {@code core.flux.JobRun} runs it, and between two steps pauses,
 * cancels or saves it.
 *
 * <pre>
 *   step step step │ step step step │ step …
 *      iteration 1 │    iteration 2 │
 * </pre>
 *
 * @param <R> what the work ends with: immutable, for example a model that a layer can use
 */
public interface Job<R> {

    /** Whether nothing is left to do. */
    boolean done();

    /**
     * Does the next step.
     *
     * @return whether it ended an iteration
     * @throws RuntimeException when the work cannot go on; {@link #result} and {@link #save} then are as of the last
     *     iteration that ended well
     */
    boolean step();

    /** Iterations that have ended, those before a restore included. */
    long iteration();

    /** Iterations after which the work is done, or -1 when that is not known. */
    long iterations();

    /** What the work looks at to judge itself, by name, as of the last iteration; empty before the first. */
    Map<String, Double> objectives();

    /** Everything that is needed to go on from here, in this program or another one, as if nothing had happened. */
    Map<String, NdArray> save();

    /**
     * Goes to where another job of the same settings and data was saved.
     *
     * @throws IllegalArgumentException when it does not fit this job, saying in what
     */
    void restore(Map<String, NdArray> saved);

    /** What came of it so far, as of the last iteration. */
    R result();
}
