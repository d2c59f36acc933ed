package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.core.io.Npz;
import org.amacrine.core.random.RandomSequence;
import org.amacrine.demos.generator.SimulatedNetwork;
import org.amacrine.operators.latent.Identity;
import org.amacrine.operators.latent.LatentModelFile;
import org.amacrine.operators.latent.LatentRegressionModel;
import org.amacrine.operators.latent.LinearMap;
import org.amacrine.operators.latent.Modules;
import org.amacrine.operators.latent.StateDict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The page on generators, docs/latent.md: its commands and its program as they stand there, and its tables. */
class LatentPageTest {
    private static final Path PAGE = Path.of("..", "docs", "latent.md");

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

    /** The words of a command; what is in quotes is one. Files are those of the folder. */
    private String[] words(String command) {
        List<String> words = new ArrayList<>();
        Matcher matcher = Pattern.compile("\"([^\"]*)\"|(\\S+)").matcher(command);
        while (matcher.find()) {
            String word = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
            boolean file = word.matches("[a-z-]+\\.(npy|npz|csv)|live");
            words.add(file ? folder.resolve(word).toString() : word.replace("3000", "30"));
        }
        return words.subList(1, words.size()).toArray(String[]::new);
    }

    private void record(int steps) throws IOException {
        float[][] all = SimulatedNetwork.record(0, steps);
        try (NpyWriter stimulus = new NpyWriter(folder.resolve("stimulus.npy"), SimulatedNetwork.STIMULI);
                NpyWriter activity = new NpyWriter(folder.resolve("activity.npy"), SimulatedNetwork.UNITS)) {
            for (float[] values : all) {
                stimulus.append(values, 0, 1);
                activity.append(values, SimulatedNetwork.STIMULI, 1);
            }
        }
    }

    /** Weights of the make that the page imports, which the commands before it do not write. */
    private Map<String, NdArray> weights() {
        int units = SimulatedNetwork.UNITS;
        return StateDict.arrays(LatentRegressionModel.builder(
                        new int[] {SimulatedNetwork.STIMULI, units}, new int[] {units}, new int[] {3, 5}, new int[] {5})
                .s(List.of(new Identity()))
                .useOffsets(true)
                .seed(99)
                .build(new LinearMap(new int[] {3, 5}, new int[] {5}, true, new RandomSequence()))
                .stateDict());
    }

    @Test
    void shouldRunTheCommands() throws IOException {
        record(300);
        Npz.write(folder.resolve("weights.npz"), weights());
        List<String> commands = new ArrayList<>();
        blocks("console").forEach(block -> block.lines().forEach(commands::add));
        assertTrue(commands.remove("./amacrine demo generator"), "run by its own test");
        for (String command : commands) {
            Cli cli = Cli.run(words(command));
            assertEquals(0, cli.code(), command + ": " + cli.err());
        }
        assertEquals(300, Npz.read(folder.resolve("made-up.npz")).get("y0").shape()[0]);
        Map<String, NdArray> imported = Npz.read(folder.resolve("model.npz"));
        weights().forEach((name, array) -> assertEquals(array, imported.get(name), name));
        assertEquals(31, Files.readAllLines(folder.resolve("fit.csv")).size());
        assertArrayEquals(
                new int[] {300, SimulatedNetwork.UNITS},
                NpyReader.readAll(folder.resolve("live").resolve("y0.npy")).shape());
    }

    @Test
    void shouldCompileAndRunTheProgram() throws Exception {
        String printed = PageProgram.run(folder, "Generate", blocks("java").get(0));

        assertEquals("-0.42 -0.42", printed.strip());
        assertEquals(
                1, LatentModelFile.read(folder.resolve("model.npz")).feedback().size());
    }

    @Test
    void shouldListEveryModule() throws IOException {
        String page = Files.readString(PAGE);
        TreeSet<String> missing = new TreeSet<>(Modules.tensorModuleNames());
        missing.addAll(Modules.groupMapNames());
        missing.removeIf(
                name -> Pattern.compile("[`( ]" + name + "[`(]").matcher(page).find());
        assertTrue(missing.isEmpty(), missing::toString);
    }

    private static String standard(CommandLine.Model.OptionSpec option) {
        return option.defaultValue() != null
                ? option.defaultValue()
                : String.valueOf(option.initialValue()).replaceAll("[\\[\\]]", "");
    }

    @Test
    void shouldNameEveryOptionOfAFitWithItsDefault() throws IOException {
        Map<String, CommandLine.Model.OptionSpec> options = Amacrine.commandLine()
                .getSubcommands()
                .get("latent")
                .getSubcommands()
                .get("fit")
                .getCommandSpec()
                .optionsMap();
        String page = Files.readString(PAGE);
        String table = page.substring(page.indexOf("Everything that can be chosen"), page.indexOf("## Live"));
        Matcher words = Pattern.compile("`(--[a-z0-9-]+)( ([-0-9.e,]+))?`").matcher(table);
        int found = 0;
        while (words.find()) {
            CommandLine.Model.OptionSpec option = options.get(words.group(1));
            assertNotNull(option, words.group());
            if (words.group(3) != null) {
                assertEquals(words.group(3), standard(option), words.group());
            }
            found++;
        }
        assertTrue(found > 20, table);
        TreeSet<String> missing = new TreeSet<>(options.keySet());
        missing.removeIf(name -> page.contains("`" + name) || page.contains(" " + name + " "));
        assertEquals(List.of("--backend", "--help", "--version", "-V", "-h"), List.copyOf(missing));
    }
}
