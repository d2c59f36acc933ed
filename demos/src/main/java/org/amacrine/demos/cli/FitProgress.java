package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.amacrine.core.job.JobProgress;
import org.amacrine.sinks.OutputFiles;

/** Shows how a fit goes on: a bar, its objectives and the time of an iteration; and keeps it for a table. */
final class FitProgress {
    private static final int BAR = 30;
    /** Lines in all when nobody watches a terminal. */
    private static final int QUIET_LINES = 10;
    /** The least time between two drawings on a terminal. */
    private static final double DRAW_SECONDS = 0.1;

    private final PrintWriter out;
    private final String word;
    private final Function<Map<String, Double>, String> describe;
    private final boolean terminal = System.console() != null;
    private final long first;
    private final List<JobProgress> all = new ArrayList<>();
    private double drawnAt;
    private boolean open;
    /** Iterations between two lines; -1 for a bar at a terminal, and few lines without one. */
    private long every = -1;

    /**
     * Progress from an iteration on.
     *
     * @param word for an iteration, such as {@code sweep}
     * @param describe objectives in words
     */
    FitProgress(PrintWriter out, long first, String word, Function<Map<String, Double>, String> describe) {
        this.out = out;
        this.first = first;
        this.word = word;
        this.describe = describe;
    }

    /**
     * Shows a line every so many iterations, and for the last one; without this, a bar at a terminal.
     *
     * @param iterations at least 0, which is for no line at all
     */
    void every(long iterations) {
        if (iterations < 0) {
            throw new IllegalArgumentException("--report-every must be >= 0 but was " + iterations);
        }
        every = iterations;
    }

    /** Progress of Gibbs sampling from that sweep on. */
    static FitProgress ofSweeps(PrintWriter out, long first) {
        return new FitProgress(
                out,
                first,
                "sweep",
                objectives -> String.format(
                        Locale.ROOT,
                        "log joint %.1f (x %.1f, z %.1f)",
                        objectives.get("log_joint"),
                        objectives.get("log_joint_x"),
                        objectives.get("log_joint_z")));
    }

    /** Progress of Adam from that iteration on. */
    static FitProgress ofIterations(PrintWriter out, long first) {
        return new FitProgress(
                out,
                first,
                "iteration",
                objectives -> String.format(
                        Locale.ROOT,
                        "negative log-likelihood %.4f per row, rate %.4g",
                        objectives.get("objective"),
                        objectives.get("learning_rate")));
    }

    /** An iteration has ended. */
    synchronized void show(JobProgress progress) {
        all.add(progress);
        boolean last = progress.iteration() == progress.iterations();
        if (every >= 0) {
            if (every > 0 && (last || progress.iteration() % every == 0)) {
                out.println(line(progress));
            }
        } else if (terminal) {
            if (last || progress.seconds() - drawnAt >= DRAW_SECONDS) {
                drawnAt = progress.seconds();
                out.print("\r" + line(progress) + "\u001b[K");
                open = true;
            }
        } else if (last
                || progress.iteration() == first + 1
                || progress.iteration() % Math.max(1, progress.iterations() / QUIET_LINES) == 0) {
            out.println(line(progress));
        }
        out.flush();
    }

    /** Ends the line. */
    synchronized void end() {
        if (open) {
            out.println();
            open = false;
        }
    }

    private String line(JobProgress progress) {
        int done = (int) (BAR * progress.iteration() / Math.max(1, progress.iterations()));
        return String.format(
                Locale.ROOT,
                "[%s%s] %s %d/%d  %s  %.1f ms/%s",
                "#".repeat(done),
                ".".repeat(BAR - done),
                word,
                progress.iteration(),
                progress.iterations(),
                describe.apply(progress.objectives()),
                1e3 * progress.seconds() / (progress.iteration() - first),
                word);
    }

    /** Writes a line for each iteration; a value that it does not have is empty. */
    synchronized void write(Path file) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        all.forEach(progress -> names.addAll(progress.objectives().keySet()));
        StringBuilder text = new StringBuilder(word);
        names.forEach(name -> text.append(',').append(name));
        text.append(",seconds\n");
        for (JobProgress progress : all) {
            text.append(progress.iteration());
            for (String name : names) {
                Double value = progress.objectives().get(name);
                text.append(',').append(value == null ? "" : value);
            }
            text.append(',').append(progress.seconds()).append('\n');
        }
        OutputFiles.prepare(file, true);
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw OutputFiles.failure(file, e);
        }
    }
}
