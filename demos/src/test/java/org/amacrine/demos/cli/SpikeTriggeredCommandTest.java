package org.amacrine.demos.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.core.io.Npz;
import org.amacrine.demos.Cli;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpikeTriggeredCommandTest {
    @TempDir
    Path folder;

    private String stimulus;
    private String spikes;
    private String out;

    @BeforeEach
    void write() throws IOException {
        stimulus = file("stimulus.npy", new int[] {1, 2}, 1, 2, 3, 4, 5, 6, 7, 9);
        spikes = file("spikes.npy", new int[] {}, 1, 1, 0, 1);
        out = folder.resolve("sta.npz").toString();
    }

    private String file(String name, int[] extents, float... values) throws IOException {
        int size = 1;
        for (int extent : extents) {
            size *= extent;
        }
        try (NpyWriter writer = new NpyWriter(folder.resolve(name), extents)) {
            writer.append(values, 0, values.length / size);
        }
        return folder.resolve(name).toString();
    }

    private Cli run(String... more) {
        String[] words = new String[5 + more.length];
        System.arraycopy(new String[] {"sta", "--stimulus", stimulus, "--out", out}, 0, words, 0, 5);
        System.arraycopy(more, 0, words, 5, more.length);
        return Cli.run(words);
    }

    @Test
    void shouldAverageBeforeTheSpikesOfACell() throws IOException {
        Cli cli = run("--spikes", spikes, "--frames", "2", "--covariance");

        assertEquals(0, cli.code(), cli.err());
        assertEquals(
                out + ": 2 spikes, 1 without a whole window left out", cli.out().strip());
        Map<String, NdArray> results = Npz.read(Path.of(out));
        assertArrayEquals(new int[] {2, 1, 2}, results.get("average").shape());
        assertArrayEquals(new double[] {3, 4, 5, 6.5}, results.get("average").doubles());
        // Of 1 and 5, and of 1 and 5 with 4 and 9.
        assertEquals(8, results.get("covariance").at(0));
        assertEquals(10, results.get("covariance").at(3));
        assertEquals(2, results.get("spikes").integer());
    }

    @Test
    void shouldTakeValuesAboveAThresholdAsSpikes() throws IOException {
        String potentials = file("v.npy", new int[] {}, -70, 20, -60, 19);

        Cli cli = run("--spikes", potentials, "--frames", "2", "--threshold", "20");

        assertEquals(0, cli.code(), cli.err());
        assertArrayEquals(
                new double[] {1, 2, 3, 4}, Npz.read(Path.of(out)).get("average").doubles());
        String missing = file("nan.npy", new int[] {}, Float.NaN, 1, 1, 1);
        assertTrue(run("--spikes", missing, "--frames", "1", "--threshold", "1")
                .err()
                .contains("was NaN"));
        assertEquals(
                2,
                run("--spikes", potentials, "--frames", "1", "--threshold", "NaN")
                        .code());
    }

    @Test
    void shouldTakeSpikesOfEveryPixel() throws IOException {
        String each = file("each.npy", new int[] {1, 2}, 0, 1, 1, 0, 0, 0, 0, 1);

        Cli cli = run("--spikes", each, "--frames", "1", "--rows", "1", "--columns", "1");

        assertEquals(0, cli.code(), cli.err());
        assertArrayEquals(
                new double[] {14 / 3.}, Npz.read(Path.of(out)).get("average").doubles(), 1e-12);
    }

    @Test
    void shouldSayWhatIsMissingOrTooMuch() throws IOException {
        String each = file("each.npy", new int[] {1, 2}, 0, 1, 1, 0, 0, 0, 0, 1);
        assertRefused("--rows and --columns are needed", run("--spikes", each, "--frames", "1"));
        assertRefused("leave them out", run("--spikes", spikes, "--frames", "1", "--rows", "3"));
        assertRefused(
                "has no spike with a whole window of 9 frames within the stimulus, and 3 with one that is cut",
                run("--spikes", spikes, "--frames", "9"));
        String silent = file("silent.npy", new int[] {}, 0, 0, 0, 0);
        assertRefused("has no spike at all", run("--spikes", silent, "--frames", "1"));
        assertRefused("at least 1 frame", run("--spikes", spikes, "--frames", "0"));
    }

    private static void assertRefused(String words, Cli cli) {
        assertEquals(2, cli.code());
        assertTrue(cli.err().contains(words), cli.err());
    }
}
