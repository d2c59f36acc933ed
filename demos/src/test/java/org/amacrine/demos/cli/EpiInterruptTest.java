package org.amacrine.demos.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.demos.Amacrine;
import org.amacrine.demos.Cli;
import org.amacrine.operators.epi.SavedRun;
import org.amacrine.operators.epi.SavedRuns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A fit of emergent property inference that is told to end, as by Ctrl-C. */
class EpiInterruptTest {
    @TempDir
    Path folder;

    private static List<String> words(long epochs, Path out, String... more) {
        List<String> words = new ArrayList<>(List.of("epi", "fit", "linear", "--backend", "scalar", "--workers", "1"));
        words.addAll(List.of("--iterations", "10", "--samples", "8", "--units", "2", "--stages", "1"));
        words.addAll(List.of("--init-iterations", "50", "--epochs", Long.toString(epochs), "--out", out.toString()));
        words.addAll(List.of(more));
        return words;
    }

    private static SavedRun only(Path out) throws IOException {
        return SavedRuns.find(out).get(0);
    }

    private static double[] last(Path out) throws IOException {
        return only(out).distribution(-1, ScalarKernels.INSTANCE).theta();
    }

    @Test
    @Timeout(120)
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there a program cannot be told to end, only be ended")
    void shouldKeepTheLastEpochAndGoOnFromItAsIfItHadNeverStopped() throws Exception {
        Path stopped = folder.resolve("stopped");
        List<String> lines = Cli.runUntil("row 1/", Amacrine.class, words(100_000_000, stopped));

        String report = lines.get(lines.size() - 1);
        assertTrue(report.startsWith(only(stopped).folder().toString()), report);
        assertTrue(report.contains("--resume goes on"), report);

        int epochs = only(stopped).epochs().size() + 2;
        Cli resumed = Cli.run(words(epochs, stopped, "--resume").toArray(String[]::new));
        assertEquals(0, resumed.code(), resumed.err());
        Path straight = folder.resolve("straight");
        Cli whole = Cli.run(words(epochs, straight).toArray(String[]::new));
        assertEquals(0, whole.code(), whole.err());
        assertEquals(epochs, only(stopped).epochs().size());
        assertArrayEquals(last(straight), last(stopped));
    }
}
