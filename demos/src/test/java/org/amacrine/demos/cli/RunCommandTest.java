package org.amacrine.demos.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.demos.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} and {@code check} on pipeline files. */
class RunCommandTest {
    @TempDir
    Path folder;

    private Path pipeline(String text) throws IOException {
        return Files.writeString(folder.resolve("p.yaml"), text.replace("OUT", folder.toString()));
    }

    private static final String RETINA = """
            name: test
            dt: 20
            seed: 3
            durationSeconds: 0.1
            source: {type: stimulus.grating, settings: {rows: 16, columns: 20}}
            layers:
              - {type: retina, parameters: {opl.amplification: 5}}
            sinks:
              - {name: on, type: array, from: retina.ganglion_spikes_ON, settings: {file: OUT/on.npy}}
              - {type: spikes, settings: {file: OUT/spikes.csv}}
            """;

    private NdArray on() throws IOException {
        return NpyReader.readAll(folder.resolve("on.npy"));
    }

    @Test
    void shouldRunAPipelineToItsEnd() throws IOException {
        Cli cli = Cli.run("run", pipeline(RETINA).toString());

        assertEquals(0, cli.code(), cli.err());
        assertArrayEquals(new int[] {100, 16, 20}, on().shape());
        assertTrue(cli.out().contains("memory in flight"), cli.out());
        assertTrue(cli.out().contains("stopped after"), cli.out());
        assertTrue(cli.out().contains("dropped 0"), cli.out());
        List<String> lines = Files.readAllLines(folder.resolve("spikes.csv"));
        assertEquals("time,row,column,channel", lines.get(0));
        long onSpikes =
                lines.stream().skip(1).filter(line -> line.endsWith(",0")).count();
        float sum = 0;
        for (float value : on().floats()) {
            sum += value;
        }
        assertTrue(sum > 0, "the cells spike");
        assertEquals((long) sum, onSpikes);
    }

    @Test
    void shouldGiveTheSameOutputForOtherChunksThreadsAndBackend() throws IOException {
        Path file = pipeline(RETINA);
        assertEquals(0, Cli.run("run", file.toString()).code());
        byte[] expected = Files.readAllBytes(folder.resolve("on.npy"));

        assertEquals(
                0,
                Cli.run("run", file.toString(), "--set", "dt=1", "--set", "workers=3", "--backend", "scalar")
                        .code());

        assertArrayEquals(expected, Files.readAllBytes(folder.resolve("on.npy")));
    }

    @Test
    void shouldTakeChangesFromTheLine() throws IOException {
        Path file = pipeline(RETINA);

        Cli cli = Cli.run(
                "run",
                file.toString(),
                "--duration",
                "30ms",
                "--seed",
                "9",
                "--set",
                "source.rows=8",
                "--set",
                "retina.bipolar.leakHertz=40",
                "--set",
                "retina.stages=opl,bipolar,ganglion");

        assertEquals(0, cli.code(), cli.err());
        assertArrayEquals(new int[] {30, 8, 20}, on().shape());
        assertTrue(cli.out().contains("seed 9"), cli.out());
        assertTrue(on().floats()[500] > 1, "currents instead of spikes");
    }

    @Test
    void shouldReportEveryProblemWithItsLine() throws IOException {
        Cli cli = Cli.run("check", pipeline("""
                        dt: 0
                        sourc: x
                        source: {type: stimulus.gratin}
                        layers:
                          - type: retina
                            settings: {stages: [opl, bipolr]}
                          - type: retina.bipolar
                            from: nowhere
                            parameters: {leakHert: 3, a: {b: 1}, a.b: 2}
                        sinks:
                          - {type: spikes}
                        """).toString());

        assertEquals(2, cli.code());
        for (String expected : List.of(
                "line 1, dt",
                "line 2, sourc: no such key; did you mean \"source\"?",
                "line 3, source.type: no source \"stimulus.gratin\"; did you mean \"stimulus.grating\"?",
                "line 6, layers[0].settings.stages",
                "line 8, layers[1].from: no stage \"nowhere\"",
                "line 9, layers[1].parameters.leakHert",
                "line 9, layers[1].parameters.a.b: stands twice",
                "line 11, sinks[0].settings: spikes needs file")) {
            assertTrue(cli.err().contains(expected), "\"" + expected + "\" is missing in:\n" + cli.err());
        }
    }

    @Test
    void shouldCheckWithoutRunningOrWriting() throws IOException {
        Cli cli = Cli.run("check", pipeline(RETINA).toString());

        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.out().contains("retina.ganglion_spikes_OFF  1x16x20 at 1000/s"), cli.out());
        assertTrue(cli.out().contains("valid"), cli.out());
        assertFalse(Files.exists(folder.resolve("on.npy")));
    }

    @Test
    void shouldFailWithTheStageAndKeepWhatWasWritten() throws IOException {
        Path input = folder.resolve("x.npy");
        float[] x = new float[50 * 4];
        x[30 * 4] = Float.POSITIVE_INFINITY;
        try (var writer = new NpyWriter(input, 2, 2)) {
            writer.append(x, 0, 50);
        }
        Cli cli = Cli.run("run", pipeline("""
                        dt: 10
                        source: {type: array, settings: {file: OUT/x.npy}}
                        layers: [{name: cells, type: retina.bipolar}]
                        sinks: [{type: array, settings: {file: OUT/on.npy}}]
                        """).toString());

        assertEquals(1, cli.code());
        assertTrue(cli.err().contains("layer cells at frame 30"), cli.err());
        assertArrayEquals(new int[] {30, 2, 2}, on().shape());
    }

    @Test
    void shouldRefuseAFileThatTwoStagesUse() throws IOException {
        Path x = folder.resolve("x.npy");
        try (NpyWriter writer = new NpyWriter(x, 2, 2)) {
            writer.append(new float[40], 0, 10);
        }

        Cli cli = Cli.run("run", pipeline("""
                        source: {type: array, settings: {file: OUT/x.npy}}
                        layers: [{name: cells, type: retina.bipolar}]
                        sinks:
                          - {name: a, type: array, settings: {file: OUT/y/../x.npy}}
                          - {name: b, type: array, settings: {file: OUT/z.npy}}
                          - {name: c, type: spikes, settings: {file: OUT/z.npy}}
                        """).toString());

        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("line 4, sinks[0].settings.file: stage source uses"), cli.err());
        assertTrue(cli.err().contains("line 6, sinks[2].settings.file: stage b uses"), cli.err());
        assertArrayEquals(new int[] {10, 2, 2}, NpyReader.readAll(x).shape());
    }

    @Test
    void shouldSayThatAFileIsMissingOrNoYaml() throws IOException {
        assertTrue(Cli.run("run", folder.resolve("none.yaml").toString()).err().contains("no file"));
        Cli cli = Cli.run("run", pipeline("a: [1, 2\nb: }").toString());
        assertEquals(1, cli.code());
        assertTrue(cli.err().contains("line"), cli.err());
    }
}
