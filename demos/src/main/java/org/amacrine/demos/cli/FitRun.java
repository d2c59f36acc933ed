package org.amacrine.demos.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.amacrine.core.flux.JobRun;
import org.amacrine.core.io.Npz;
import org.amacrine.core.job.Job;
import picocli.CommandLine;

/** Runs a fit in front of a person: shows its progress, and writes what came of it also when Ctrl-C ends the program. */
final class FitRun {
    /** How long a program that was told to end waits for the model to be written. */
    private static final long SAVE_SECONDS = 20;

    /** Writes what a fit ended with. */
    @FunctionalInterface
    interface Write<R> {
        void write(R result) throws IOException;
    }

    private FitRun() {}

    /** Where the fit of a model is saved as it goes: {@code model.checkpoint.npz} for {@code model.npz}. */
    static Path checkpoint(Path model) {
        String name = model.getFileName().toString();
        return model.resolveSibling(name.substring(0, name.length() - ".npz".length()) + ".checkpoint.npz");
    }

    /** Takes a fit up where a checkpoint left it; throws an exception that names the file when that cannot be. */
    static void resume(Job<?> fit, Path checkpoint) throws IOException {
        if (!Files.exists(checkpoint)) {
            throw new IOException("no checkpoint " + checkpoint + " to resume from; start without --resume");
        }
        try {
            fit.restore(Npz.read(checkpoint));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(checkpoint + ": " + e.getMessage(), e);
        }
    }

    /**
     * Runs to the end; returns the exit code.
     *
     * @param log where to write a line for each iteration; null for nowhere
     * @param write writes the result, also when the fit was cancelled or failed
     */
    static <R> int run(JobRun<R> run, FitProgress progress, Path log, Write<R> write)
            throws IOException, InterruptedException {
        CountDownLatch written = new CountDownLatch(1);
        Thread hook = new Thread(() -> cancelAndWait(run, written), "stop-on-exit");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            run.progress().subscribe(progress::show, error -> progress.end());
            run.start();
            JobRun.State end = run.await();
            progress.end();
            write.write(run.result());
            if (log != null) {
                progress.write(log);
            }
            if (end == JobRun.State.FAILED) {
                throw new LiveRun.RunFailedException(run.failure());
            }
            return CommandLine.ExitCode.OK;
        } finally {
            written.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The program is ending already, and the hook has cancelled the fit.
                Thread.yield();
            }
        }
    }

    /** The program ends when its hooks have: this one leaves time for the model to be written. */
    private static void cancelAndWait(JobRun<?> run, CountDownLatch written) {
        run.cancel();
        try {
            written.await(SAVE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
