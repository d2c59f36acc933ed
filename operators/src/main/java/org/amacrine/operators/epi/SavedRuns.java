package org.amacrine.operators.epi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.amacrine.core.kernel.Kernels;

/** All runs below a folder, and the best of them. */
public final class SavedRuns {
    private SavedRuns() {}

    /**
     * The runs below a folder, in the order of their paths; none when there is no such folder.
     *
     * @param root folder that holds {@code data/epi}, or any folder above runs
     * @throws IOException when one cannot be read
     */
    public static List<SavedRun> find(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        List<Path> folders;
        try (Stream<Path> files = Files.walk(root)) {
            folders = files.filter(file -> file.endsWith("run.json"))
                    .map(Path::getParent)
                    .sorted()
                    .toList();
        }
        List<SavedRun> runs = new ArrayList<>();
        for (Path folder : folders) {
            runs.add(SavedRun.open(folder));
        }
        return runs;
    }

    /**
     * The tables of all runs as one, in the reference's columns: those of {@code opt_data.csv}, then path, init, arch, EP and AL_hps, by
     * which the reference finds a run; empty where a run does not tell them. A line for each row, the first with the names.
     */
    public static List<String> table(List<SavedRun> runs) throws IOException {
        List<String> lines = new ArrayList<>();
        int statistics = 0;
        for (SavedRun run : runs) {
            for (EpiRecord record : run.records()) {
                statistics = Math.max(statistics, record.violation().length);
            }
        }
        StringBuilder names = new StringBuilder("k,iteration,H,cost,converged");
        for (int i = 1; i <= statistics; i++) {
            names.append(",R").append(i);
        }
        lines.add(names + ",path,init,arch,EP,AL_hps");
        for (SavedRun run : runs) {
            String index = quoted(run.folder().toString()) + "," + index(run);
            for (EpiRecord record : run.records()) {
                StringBuilder line = new StringBuilder();
                line.append(record.epoch()).append(',').append(record.iteration());
                line.append(',').append(record.entropy()).append(',').append(record.cost());
                line.append(',').append(record.converged() == null ? "" : record.converged() ? "True" : "False");
                for (int i = 0; i < statistics; i++) {
                    line.append(',').append(i < record.violation().length ? record.violation()[i] : "");
                }
                lines.add(line + "," + index);
            }
        }
        return lines;
    }

    private static String index(SavedRun run) {
        if (run.plan().isEmpty()) {
            return "," + run.flow() + ",,";
        }
        EpiPlan plan = run.plan().get();
        return RunNames.hash(
                        plan.initial().mu(),
                        plan.initial().sigma(),
                        run.flow().lower(),
                        run.flow().upper())
                + "," + run.flow() + "," + RunNames.hash(plan.property(), plan.mu()) + "," + plan.lagrangian();
    }

    /** A text with commas or quotes in it as a cell of a table. */
    private static String quoted(String text) {
        return text.contains(",") || text.contains("\"") ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
    }

    /**
     * The best epoch of several runs.
     *
     * @param epoch k
     * @param entropy H
     */
    public record Best(SavedRun run, int epoch, double entropy, Distribution distribution) {}

    /** The converged epoch of largest entropy of all runs, by what the fits themselves found. */
    public static Optional<Best> largestEntropy(List<SavedRun> runs, Kernels kernels) throws IOException {
        Best best = null;
        for (SavedRun run : runs) {
            int k = run.bestEpoch();
            double entropy = k < 0 ? Double.NaN : run.epochs().get(k - 1).entropy();
            if (k >= 0 && (best == null || entropy > best.entropy)) {
                best = new Best(run, k, entropy, run.distribution(k, kernels));
            }
        }
        return Optional.ofNullable(best);
    }

    /**
     * The same by a test of convergence with samples of its own.
     *
     * @param lastEpochs how many epochs of each run are looked at, the latest; at least 1
     */
    public static Optional<Best> largestEntropy(
            List<SavedRun> runs, ConvergenceCheck check, int lastEpochs, Kernels kernels) throws IOException {
        if (lastEpochs < 1) {
            throw new IllegalArgumentException("lastEpochs must be >= 1 but was " + lastEpochs);
        }
        Best best = null;
        for (SavedRun run : runs) {
            int first = Math.max(0, run.checkpoints() - lastEpochs);
            ConvergenceCheck.Converged found = check.best(run, first, kernels).orElse(null);
            if (found != null && (best == null || found.entropy() > best.entropy)) {
                best = new Best(run, found.epoch(), found.entropy(), found.distribution());
            }
        }
        return Optional.ofNullable(best);
    }
}
