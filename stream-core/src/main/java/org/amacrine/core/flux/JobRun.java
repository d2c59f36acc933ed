package org.amacrine.core.flux;

import java.io.IOException;
import java.nio.file.Path;
import org.amacrine.core.io.Npz;
import org.amacrine.core.job.Job;
import org.amacrine.core.job.JobProgress;
import org.amacrine.core.run.Clock;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * Runs a {@link Job} on a thread of its own, {@code job-NAME}, and tells how far it is as a {@link Flux}. It can be paused,
 * resumed and cancelled from any thread, between two steps of the job; it saves the job now and then, so that an
 * interrupted one can be taken up again.
 *
 * <pre>
 *   NEW ─start─▶ RUNNING ◀─resume/pause─▶ PAUSED
 *                  │  └──────cancel──────────┴──▶ CANCELLED
 *                  ├─ nothing left to do ───────▶ DONE
 *                  └─ error ────────────────────▶ FAILED (cause kept; the result of the last good iteration too)
 * </pre>
 *
 * @param <R> what the job ends with
 */
public final class JobRun<R> {

    /** Where a run is. */
    public enum State {
        /** Not started. */
        NEW,
        /** At work. */
        RUNNING,
        /** Rests between two steps until it is resumed or cancelled. */
        PAUSED,
        /** The work is done. */
        DONE,
        /** Ended before the work was done, because somebody wished so. */
        CANCELLED,
        /** Ended by an error. */
        FAILED;

        /** Whether nothing will happen any more. */
        public boolean ended() {
            return compareTo(DONE) >= 0;
        }
    }

    private final Job<R> job;
    private final Thread thread;
    private final Sinks.Many<JobProgress> progress = Sinks.many().replay().latest();
    private final Object lock = new Object();
    private Clock clock = Clock.SYSTEM;
    private Path file;
    private long every;

    private State state = State.NEW;
    private boolean pauseWanted;
    private boolean cancelWanted;
    private Throwable failure;
    private volatile R result;

    private JobRun(String name, Job<R> job) {
        this.job = job;
        this.result = job.result();
        this.thread = new Thread(this::work, "job-" + name);
        this.thread.setDaemon(true);
    }

    /**
     * A run of a job, not started yet. From now on the job is the run's own.
     *
     * @param name for its thread
     */
    public static <R> JobRun<R> of(String name, Job<R> job) {
        return new JobRun<>(name, job);
    }

    /**
     * Saves the job to a file every so many iterations and at the end, also of a cancelled run.
     *
     * @param checkpoint an {@code .npz} file, replaced each time once the new one is whole
     * @param iterations at least 1
     */
    public JobRun<R> checkpoint(Path checkpoint, long iterations) {
        if (iterations < 1) {
            throw new IllegalArgumentException(
                    "a checkpoint is written every 1 or more iterations but was asked for every " + iterations);
        }
        file = checkpoint;
        every = iterations;
        return this;
    }

    /** Measures time by another clock; for tests. */
    public JobRun<R> clock(Clock another) {
        clock = another;
        return this;
    }

    /**
     * How far the job is, at the end of each iteration, on the job's thread. Begins with the latest that is known; ends
     * when the run is done or cancelled, or with the job's error. A subscriber that is slow gets all of them, later.
     */
    public Flux<JobProgress> progress() {
        return progress.asFlux();
    }

    /** Begins; throws {@link IllegalStateException} when it has begun before. */
    public JobRun<R> start() {
        synchronized (lock) {
            if (state != State.NEW) {
                throw new IllegalStateException(
                        thread.getName() + " was started before and is " + state + "; make a new run to start again");
            }
            state = State.RUNNING;
        }
        thread.start();
        return this;
    }

    /** Lets the job rest behind the step that it is in; without effect when it has ended. */
    public void pause() {
        wish(true, false);
    }

    /** Lets a paused job go on. */
    public void resume() {
        wish(false, false);
    }

    /** Ends the run behind the step that it is in; the job can be taken up again from its checkpoint. */
    public void cancel() {
        wish(false, true);
    }

    private void wish(boolean pause, boolean cancel) {
        synchronized (lock) {
            pauseWanted = pause;
            cancelWanted |= cancel;
            lock.notifyAll();
        }
    }

    /** Where the run is. */
    public State state() {
        synchronized (lock) {
            return state;
        }
    }

    /** Waits for the end and returns its state: done, cancelled or failed. */
    public State await() throws InterruptedException {
        synchronized (lock) {
            while (!state.ended()) {
                lock.wait();
            }
            return state;
        }
    }

    /** What came of it so far: as of the last iteration that ended well, at any time and in any state. */
    public R result() {
        return result;
    }

    /** What a failed run failed with, or null. */
    public Throwable failure() {
        synchronized (lock) {
            return failure;
        }
    }

    private void work() {
        try {
            State end = runSteps();
            if (file != null) {
                Npz.write(file, job.save());
            }
            end(end, null);
        } catch (InterruptedException e) {
            end(State.CANCELLED, null);
        } catch (IOException | RuntimeException | Error e) {
            end(State.FAILED, e);
        }
    }

    private State runSteps() throws IOException, InterruptedException {
        long workedNanos = 0;
        while (!job.done()) {
            if (!mayGoOn()) {
                return State.CANCELLED;
            }
            long begin = clock.nanos();
            boolean ended = job.step();
            workedNanos += clock.nanos() - begin;
            if (ended) {
                result = job.result();
                if (file != null && job.iteration() % every == 0) {
                    Npz.write(file, job.save());
                }
                progress.emitNext(
                        new JobProgress(job.iteration(), job.iterations(), job.objectives(), workedNanos * 1e-9),
                        Sinks.EmitFailureHandler.FAIL_FAST);
            }
        }
        return State.DONE;
    }

    /** Waits while the run is paused; false when it is to end. */
    private boolean mayGoOn() throws InterruptedException {
        synchronized (lock) {
            while (pauseWanted && !cancelWanted) {
                state = State.PAUSED;
                lock.wait();
            }
            state = State.RUNNING;
            return !cancelWanted;
        }
    }

    private void end(State end, Throwable cause) {
        synchronized (lock) {
            state = end;
            failure = cause;
            lock.notifyAll();
        }
        if (cause == null) {
            progress.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
        } else {
            progress.emitError(cause, Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }
}
