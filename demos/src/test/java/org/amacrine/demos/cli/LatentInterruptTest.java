package org.amacrine.demos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.demos.Amacrine;
import org.amacrine.demos.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A fit of a latent regression model that is told to end, as by Ctrl-C. */
class LatentInterruptTest {
    private static final int MOST = 1_000_000;

    private static final int ROWS = 400;
    private static final int WIDTH = 100;

    @TempDir
    Path folder;

    /** Large enough that a million iterations last for minutes. */
    private void writeData() throws IOException {
        double[] x = new double[ROWS * WIDTH];
        double[] y = new double[ROWS * WIDTH];
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.sin(i);
            y[i] = Math.sin(i + 0.3) + Math.sin(50.0 * i);
        }
        Npz.write(folder.resolve("x.npz"), Map.of("x", new NdArray(new int[] {ROWS, WIDTH}, x)));
        Npz.write(folder.resolve("y.npz"), Map.of("y", new NdArray(new int[] {ROWS, WIDTH}, y)));
    }

    private List<String> words(long iterations, Path out, String... more) {
        List<String> words = new ArrayList<>(List.of("latent", "fit", "--x", file("x.npz"), "--y", file("y.npz")));
        words.addAll(List.of("--d-proj", "5", "--d-trans", "5", "--backend", "scalar", "--workers", "1"));
        words.addAll(List.of("--batch", "200"));
        words.addAll(List.of("--iterations", Long.toString(iterations), "--out", out.toString()));
        words.addAll(List.of(more));
        return words;
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    @Timeout(120)
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there a program cannot be told to end, only be ended")
    void shouldKeepTheLastIterationAndGoOnFromItAsIfItHadNeverStopped() throws Exception {
        writeData();
        Path stopped = folder.resolve("stopped.npz");
        List<String> lines = Cli.runUntil("iteration 1/", Amacrine.class, words(MOST, stopped));

        String last = lines.get(lines.size() - 1);
        Matcher report =
                Pattern.compile("after (\\d+) of " + MOST + " iterations").matcher(last);
        assertTrue(report.find(), lines::toString);
        assertTrue(last.contains("--resume goes on"), last);
        int kept = Integer.parseInt(report.group(1));
        assertTrue(kept >= 1 && kept < MOST, last);

        Cli resumed = Cli.run(words(kept + 3, stopped, "--resume").toArray(String[]::new));
        assertEquals(0, resumed.code(), resumed.err());
        Path straight = folder.resolve("straight.npz");
        Cli whole = Cli.run(words(kept + 3, straight).toArray(String[]::new));
        assertEquals(0, whole.code(), whole.err());
        assertEquals(Npz.read(straight), Npz.read(stopped));
    }
}
