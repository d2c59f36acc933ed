package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.component.Component;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.operators.spiking.Izhikevich;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page on neurons, docs/neurons.md: its commands, its program and its tables as they stand there. */
class NeuronsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "neurons.md");

    @TempDir
    Path folder;

    private static String block(String language) throws IOException {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .collect(Collectors.joining());
    }

    @Test
    void shouldRunTheCommands() throws IOException {
        float[] current = new float[100];
        Arrays.fill(current, 15);
        NpyWriter.write(folder.resolve("current.npy"), NdArray.of(current, 100));
        for (String command : block("console").lines().toList()) {
            String[] words = command.split(" ");
            for (int i = 1; i < words.length; i++) {
                boolean isFile = words[i].endsWith(".npy") || words[i - 1].equals("--out");
                words[i] = isFile ? folder.resolve(words[i]).toString() : words[i];
            }

            Cli cli = Cli.run(Arrays.copyOfRange(words, 1, words.length));

            assertEquals(0, cli.code(), command + ": " + cli.err());
            if (words[1].equals("params")) {
                assertTrue(cli.out().contains("tonic-bursting 15.0"), cli.out());
            }
        }
        assertArrayEquals(
                new int[] {100},
                NpyReader.readAll(folder.resolve("cells").resolve("potential.npy"))
                        .shape());
    }

    /** Numbers of spikes from a program of its own, in Python. */
    @Test
    void shouldDrawThePicture() throws Exception {
        String printed = PageProgram.run(folder, "Neurons", block("java"));

        assertEquals(
                List.of(
                        "tonic-spiking: 11 spikes",
                        "tonic-bursting: 33 spikes",
                        "mixed-mode: 10 spikes",
                        "spike-frequency-adaptation: 13 spikes"),
                printed.lines().toList());
        assertTrue(Files.size(folder.resolve("neurons.png")) > 500);
    }

    @Test
    void shouldTellTheConstantsOfEachPreset() throws IOException {
        List<String> rows = Files.readAllLines(PAGE).stream()
                .filter(line -> line.matches("\\| `[a-z0-9-]+` .*"))
                .toList();
        assertEquals(Izhikevich.Preset.values().length, rows.size());
        for (Izhikevich.Preset preset : Izhikevich.Preset.values()) {
            Izhikevich cells = new Izhikevich("cells", preset, List.of("spikes"));
            String row = rows.get(preset.ordinal());
            double[] numbers = Arrays.stream(row.split("\\|"))
                    .skip(2)
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            assertTrue(row.startsWith("| `" + preset.word() + "` |"), row);
            assertEquals(preset.current(), numbers[0], row);
            for (int i = 0; i < 4; i++) {
                String name = "abcd".substring(i, i + 1);
                assertEquals(
                        numbers[i + 1], cells.parameters().get(name).values()[0], 1e-7 * Math.abs(numbers[i + 1]), row);
            }
        }
    }

    @Test
    void shouldNameOnlyLayersThatThereAre() throws IOException {
        Set<String> known =
                Catalog.load().layers().stream().map(Component::name).collect(Collectors.toSet());
        List<String> named = Pattern.compile("`((spiking|retina)\\.[a-z-]+)`")
                .matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertTrue(named.size() >= 8, named.toString());
        assertTrue(known.containsAll(named), named.toString());
        assertTrue(
                named.containsAll(known.stream()
                        .filter(name -> name.startsWith("spiking."))
                        .toList()),
                named.toString());
    }
}
