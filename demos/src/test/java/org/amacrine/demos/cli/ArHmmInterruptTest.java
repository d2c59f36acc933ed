package org.amacrine.demos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.demos.Amacrine;
import org.amacrine.demos.Cli;
import org.amacrine.operators.arhmm.ArHmmModel;
import org.amacrine.operators.arhmm.ArHmmModelFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A fit that is told to end, as by Ctrl-C. */
class ArHmmInterruptTest {
    @TempDir
    Path folder;

    private Path recording() throws IOException {
        Random random = new Random(4);
        double[] x = new double[300];
        for (int t = 0; t < x.length; t++) {
            x[t] = (t / 30 % 2 == 0 ? -1 : 1) + 0.1 * random.nextGaussian();
        }
        Path file = folder.resolve("x.npz");
        Npz.write(file, Map.of("x", new NdArray(new int[] {x.length, 1}, x)));
        return file;
    }

    private List<String> words(long sweeps, Path out, String... more) throws IOException {
        List<String> words = new ArrayList<>(
                List.of("arhmm", "fit", "--in", folder.resolve("x.npz").toString()));
        words.addAll(List.of("--states", "3", "--lags", "1", "--kappa", "50", "--backend", "scalar"));
        words.addAll(List.of("--sweeps", Long.toString(sweeps), "--out", out.toString()));
        words.addAll(List.of(more));
        return words;
    }

    @Test
    @Timeout(120)
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there a program cannot be told to end, only be ended")
    void shouldKeepTheLastSweepAndGoOnFromItAsIfItHadNeverStopped() throws Exception {
        recording();
        Path stopped = folder.resolve("stopped.npz");
        List<String> lines = Cli.runUntil("sweep 1/", Amacrine.class, words(1_000_000_000L, stopped));

        ArHmmModel kept = ArHmmModelFile.read(stopped).model();
        assertTrue(kept.sweep() >= 1, kept::toString);
        String last = lines.get(lines.size() - 1);
        assertTrue(last.contains("after " + kept.sweep() + " of 1000000000 sweeps"), last);
        assertTrue(last.contains("--resume goes on"), last);

        long sweeps = kept.sweep() + 2;
        Cli resumed = Cli.run(words(sweeps, stopped, "--resume").toArray(String[]::new));
        assertEquals(0, resumed.code(), resumed.err());
        Path straight = folder.resolve("straight.npz");
        Cli whole = Cli.run(words(sweeps, straight).toArray(String[]::new));
        assertEquals(0, whole.code(), whole.err());
        assertEquals(
                ArHmmModelFile.read(straight).model(),
                ArHmmModelFile.read(stopped).model());
    }
}
