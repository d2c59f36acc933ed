package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.component.Component;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.Npz;
import org.amacrine.operators.retina.RetinaConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page for those who come from the reference, docs/migration.md: its program and its commands as they stand there. */
class MigrationPageTest {
    private static final Path PAGE = Path.of("..", "docs", "migration.md");

    @TempDir
    Path folder;

    private static List<String> blocks(String language) throws IOException {
        Matcher matcher =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        List<String> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }

    /** The words of a command; names of files and folders are those in the folder. */
    private String[] words(String command) {
        String[] words = command.split(" ");
        for (int i = 1; i < words.length; i++) {
            boolean file = words[i].matches(".*\\.(npy|npz|html)") || words[i - 1].equals("--out");
            words[i] =
                    file ? folder.resolve(words[i]).toString() : words[i].replace("config=", "config=" + folder + "/");
        }
        return Arrays.copyOfRange(words, 1, words.length);
    }

    /** Makes the stimulus by the page's pipeline. */
    @BeforeEach
    void makeStimulus() throws IOException {
        String pipeline = blocks("yaml")
                .get(0)
                .replace("stimulus.npy", folder.resolve("stimulus.npy").toString());
        Path file = Files.writeString(folder.resolve("stimulus.yaml"), "durationSeconds: 2\n" + pipeline);
        Cli cli = Cli.run("run", file.toString());
        assertEquals(0, cli.code(), cli.err());
    }

    /** The page's Java as one program, which also writes numbers that the commands write. */
    private String program() throws IOException {
        StringBuilder writes = new StringBuilder();
        Map.of(
                        "spikes", "o.get(\"ganglion_spikes_ON\")",
                        "rates", "rates.get(\"ganglion_spikes_ON\")",
                        "finer", "finer.get(\"ganglion_spikes_ON\")",
                        "potential", "potentials.get(\"potential\")")
                .forEach((name, frames) -> writes.append("org.amacrine.core.io.NpyWriter.write(out.resolve(\"java-"
                        + name + ".npy\"), NdArray.of(" + frames + ".values(), " + frames + ".values().length));\n"));
        return blocks("java imports").get(0)
                + "public class Migration {\n    public static void main(Path in, Path out) throws Exception {\n"
                + String.join("", blocks("java"))
                + writes
                + "    }\n}\n";
    }

    private void compileAndRun(String program) throws Exception {
        Path source = Files.writeString(folder.resolve("Migration.java"), program);
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        errors,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        folder.toString(),
                        source.toString());
        assertEquals(0, code, errors.toString(StandardCharsets.UTF_8));

        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            loader.loadClass("Migration")
                    .getMethod("main", Path.class, Path.class)
                    .invoke(null, folder, folder);
        }
    }

    private void runCommands() throws IOException {
        for (String block : blocks("console")) {
            for (String command : block.lines().toList()) {
                Cli cli = Cli.run(words(command));
                assertEquals(0, cli.code(), command + ": " + cli.err());
            }
        }
    }

    private int[] shapeIn(String file, String name) throws IOException {
        return Npz.read(folder.resolve(file)).get(name).shape();
    }

    private void assertFiles(String... names) throws IOException {
        for (String name : names) {
            assertTrue(Files.size(folder.resolve(name)) > 500, name);
        }
    }

    private void assertSame(String program, String command) throws IOException {
        assertArrayEquals(
                NpyReader.readAll(folder.resolve(program)).floats(),
                NpyReader.readAll(folder.resolve(command)).floats(),
                command);
    }

    @Test
    void shouldGiveTheSameNumbersByTheProgramAndByTheCommands() throws Exception {
        compileAndRun(program());

        // Two steps of Adam, each of nearly 0.001.
        float[] fitted = Npz.read(folder.resolve("m.npz")).get("conv.weight").floats();
        for (float weight : fitted) {
            assertEquals(0.002, Math.abs(weight), 0.001);
        }
        assertTrue(Npz.read(folder.resolve("live.npz")).containsKey("ganglion_spikes_ON"));
        assertFiles("tensor.png", "kernel.png", "retina.html");
        assertEquals(
                50,
                ((Number) RetinaConfiguration.read(folder.resolve("retina.yaml"))
                                .get("contrast-gain-control.adaptation-feedback-amplification__Hz", 0))
                        .intValue());
        Files.delete(folder.resolve("kernel.png"));
        Files.delete(folder.resolve("retina.html"));

        runCommands();

        assertArrayEquals(
                new int[] {2000, 20, 20},
                NpyReader.readAll(folder.resolve("spikes").resolve("ganglion_spikes_ON.npy"))
                        .shape());
        assertSame("java-spikes.npy", "spikes/ganglion_spikes_ON.npy");
        assertSame("java-rates.npy", "rates/ganglion_spikes_ON.npy");
        assertSame("java-finer.npy", "finer/ganglion_spikes_ON.npy");
        assertSame("java-potential.npy", "cells/potential.npy");
        assertArrayEquals(
                fitted, Npz.read(folder.resolve("ln.npz")).get("conv.weight").floats());
        assertArrayEquals(new int[] {30, 5, 5}, shapeIn("sta.npz", "average"));
        assertArrayEquals(new int[] {500, 1, 10, 10}, shapeIn("impulse.npz", "ganglion_spikes_ON"));
        assertFiles(
                "space.png",
                "profile.png",
                "kernel.png",
                "retina.html",
                "stimulus.gif",
                "stimulus.html",
                "stimulus.mp4");
    }

    @Test
    void shouldNameOnlySourcesAndSinksThatThereAre() throws IOException {
        Catalog catalog = Catalog.load();
        Map<Integer, List<String>> known = Map.of(
                1, catalog.sources().stream().map(Component::name).toList(),
                2, catalog.sinks().stream().map(Component::name).toList());
        List<String> rows = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();
        assertEquals(10, rows.size());
        for (String row : rows) {
            String[] cells = row.substring(1).split("\\|");
            known.forEach((column, names) -> {
                Matcher first = Pattern.compile("`([^`]+)`").matcher(cells[column]);
                assertTrue(!first.find() || names.contains(first.group(1)), row);
            });
        }
    }
}
