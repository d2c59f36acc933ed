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
