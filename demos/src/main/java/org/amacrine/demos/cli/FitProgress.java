package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.amacrine.core.job.JobProgress;
import org.amacrine.sinks.OutputFiles;

/** Shows how a fit goes on: a bar, the log joint and the time of a sweep; and keeps it for a table. */
final class FitProgress {
    private static final int BAR = 30;
    /** Lines in all when nobody watches a terminal. */
    private static final int QUIET_LINES = 10;
    /** The least time between two drawings on a terminal. */
    private static final double DRAW_SECONDS = 0.1;

    private final PrintWriter out;
    private final boolean terminal = System.console() != null;
    private final long first;
    private final List<JobProgress> all = new ArrayList<>();
    private double drawnAt;
    private boolean open;

    /** Progress from that sweep on. */
    FitProgress(PrintWriter out, long first) {
        this.out = out;
        this.first = first;
    }

    /** A sweep has ended. */
    synchronized void show(JobProgress progress) {
        all.add(progress);
        boolean last = progress.iteration() == progress.iterations();
        if (terminal) {
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
                "[%s%s] sweep %d/%d  log joint %.1f (x %.1f, z %.1f)  %.1f ms/sweep",
                "#".repeat(done),
                ".".repeat(BAR - done),
                progress.iteration(),
                progress.iterations(),
                progress.objectives().get("log_joint"),
                progress.objectives().get("log_joint_x"),
                progress.objectives().get("log_joint_z"),
                1e3 * progress.seconds() / (progress.iteration() - first));
    }

    /** Writes a line for each sweep. */
    synchronized void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder("sweep,log_joint,log_joint_x,log_joint_z,seconds\n");
        for (JobProgress progress : all) {
            text.append(progress.iteration());
            progress.objectives().values().forEach(value -> text.append(',').append(value));
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
