package org.amacrine.demos.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.amacrine.core.metrics.StageMetrics;
import org.amacrine.core.ring.Ledger;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.RunnerPart;
import org.amacrine.core.run.RunnerState;
import org.amacrine.sinks.dashboard.Dashboard;
import picocli.CommandLine;
import reactor.core.Disposable;

/**
 * Runs a pipeline in front of a person: prints the plan, one line that is kept up to date, and at the end the account of all
 * frames. Ctrl-C stops cleanly.
 */
public final class LiveRun {
    private static final Duration PERIOD = Duration.ofMillis(250);
    /** How often a line is printed when nobody watches a terminal. */
    private static final int QUIET_TICKS = 20;
    /** How long a program that was told to end waits for the summary. */
    private static final int SUMMARY_SECONDS = 5;

    private final Runner runner;
    private final PrintWriter out;
    private final Function<Runner.Progress, String> more;
    private final boolean terminal = System.console() != null;
    private final CountDownLatch summarized = new CountDownLatch(1);
    /** A permit when the runner was started on the dashboard, or the program ends. */
    private final Semaphore begun = new Semaphore(0);

    private volatile boolean ending;
    private long startNanos;
    private long lastNanos;
    private long lastSteps;
    private int ticks;

    /**
     * A run.
     *
     * @param more what else the line says
     */
    public LiveRun(Runner runner, PrintWriter out, Function<Runner.Progress, String> more) {
        this.runner = runner;
        this.out = out;
        this.more = more;
    }

    /**
     * Runs to the end; returns the exit code. Throws what made the run fail. With a dashboard, on which the runner can be
     * started again, there is no end but Ctrl-C.
     */
    public int run() throws InterruptedException {
        return run(() -> {});
    }

    /**
     * Runs like {@link #run()}.
     *
     * @param last prints what else there is to say when all is done and nothing failed, also when Ctrl-C ends the program
     */
    public int run(Runnable last) throws InterruptedException {
        Thread hook = new Thread(this::stopAndWaitForSummary, "stop-on-exit");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            runner.served().forEach(this::introduce);
            runner.onState(state -> {
                if (state == RunnerState.RUNNING) {
                    begun.release();
                }
            });
            runner.start();
            out.println(runner.plan());
            watch();
            while (canStartAgain() && !ending) {
                begun.drainPermits();
                if (runner.state().isOver() && !ending) {
                    begun.acquire();
                }
                if (!ending) {
                    watch();
                }
            }
            if (runner.failure() == null) {
                last.run();
                out.flush();
            }
        } finally {
            summarized.countDown();
            removeHook(hook);
            runner.close();
        }
        if (runner.failure() != null) {
            throw new RunFailedException(runner.failure());
        }
        return CommandLine.ExitCode.OK;
    }

    /** The program ends when its hooks have: this one leaves time for the account of what was done. */
    private void stopAndWaitForSummary() {
        ending = true;
        begun.release();
        try {
            runner.stop();
        } catch (IllegalStateException e) {
            System.err.println("amacrine: " + e.getMessage());
        }
        try {
            summarized.await(SUMMARY_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean canStartAgain() {
        return runner.served().stream().anyMatch(RunnerPart::startsRuns);
    }

    /** Says where a part can be found, and opens its page where a person sits in front. */
    private void introduce(RunnerPart part) {
        out.println(part.notice());
        if (terminal && part instanceof Dashboard page) {
            String problem = Browser.open(page.address());
            if (!problem.isEmpty()) {
                out.println(problem);
            }
        }
        out.flush();
    }

    /** Shows the present run to its end. */
    private void watch() throws InterruptedException {
        out.flush();
        startNanos = System.nanoTime();
        lastNanos = startNanos;
        lastSteps = 0;
        Disposable lines = runner.progress(PERIOD).subscribe(this::show);
        RunnerState end = RunnerState.RUNNING;
        while (!end.isOver()) {
            end = runner.awaitEnd(Duration.ofMinutes(1));
        }
        lines.dispose();
        summarize();
        if (runner.failure() != null && canStartAgain()) {
            out.println("failed: " + runner.failure().getMessage());
        }
        out.flush();
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The program is ending already, and the hook has stopped the runner.
            Thread.yield();
        }
    }

    private void show(Runner.Progress progress) {
        ticks++;
        if (!terminal && ticks % QUIET_TICKS != 0) {
            return;
        }
        long now = System.nanoTime();
        long steps = progress.ledger().steps();
        double rate = (steps - lastSteps) * 1e9 / Math.max(1, now - lastNanos);
        lastNanos = now;
        lastSteps = steps;
        String line = String.format(
                Locale.ROOT,
                "%s  %,d frames  %,.0f/s  %.2fx real time%s%s",
                progress.state().name().toLowerCase(Locale.ROOT),
                steps,
                rate,
                rate / runner.pipeline().resolution().stepsPerSecond(),
                lost(progress.ledger()),
                more.apply(progress));
        if (terminal) {
            out.print("\r" + line + "\u001b[K");
        } else {
            out.println(line);
        }
        out.flush();
    }

    private static String lost(Ledger.Counts ledger) {
        StringBuilder text = new StringBuilder();
        if (ledger.dropped() > 0) {
            text.append("  dropped ").append(ledger.dropped());
        }
        if (ledger.late() > 0) {
            text.append("  late ").append(ledger.late());
        }
        return text.toString();
    }

    private void summarize() {
        Runner.Progress progress = runner.progress();
        Ledger.Counts ledger = progress.ledger();
        double seconds = (System.nanoTime() - startNanos) * 1e-9;
        if (terminal) {
            out.print("\r\u001b[K");
        }
        out.printf(
                Locale.ROOT,
                "%s after %.1f s: %,d frames, %,.0f/s, %.2fx real time%s%n",
                progress.state().name().toLowerCase(Locale.ROOT),
                seconds,
                ledger.steps(),
                ledger.steps() / seconds,
                ledger.steps() / seconds / runner.pipeline().resolution().stepsPerSecond(),
                more.apply(progress));
        out.printf(
                Locale.ROOT,
                "frames: read %,d = used %,d + dropped %,d + passed over %,d + left over %,d; never arrived %,d, late %,d%n",
                ledger.read(),
                ledger.used(),
                ledger.dropped(),
                ledger.passedOver(),
                ledger.waiting(),
                ledger.neverArrived(),
                ledger.late());
        progress.delivered().forEach((edge, frames) -> out.printf(Locale.ROOT, "  %-48s %,d%n", edge, frames));
        out.println("  stage             chunks    work p50    p99      age p50    p99      (ms)");
        for (StageMetrics.Snapshot stage : progress.stages()) {
            out.printf(
                    Locale.ROOT,
                    "  %-14s %,9d %11.2f %8.2f %10.2f %8.2f%n",
                    stage.stage(),
                    stage.chunks(),
                    stage.work().p50() * 1e-6,
                    stage.work().p99() * 1e-6,
                    stage.age().p50() * 1e-6,
                    stage.age().p99() * 1e-6);
        }
        out.flush();
    }

    /** A run that failed: something went wrong while it ran, whatever kind of exception it was. */
    static final class RunFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RunFailedException(Throwable cause) {
            super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
        }
    }
}
