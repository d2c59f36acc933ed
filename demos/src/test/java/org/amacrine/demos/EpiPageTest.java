package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.amacrine.core.io.NpyReader;
import org.amacrine.operators.epi.EpiExample;
import org.amacrine.operators.epi.SavedRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/epi.md says works, with fewer steps. */
class EpiPageTest {
    private static final Path PAGE = Path.of("..", "docs", "epi.md");
    private static final List<String> FEW =
            List.of("--epochs", "1", "--iterations", "10", "--init-iterations", "20", "--samples", "20");

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

    /** The words of a command; files are those of the folder, and fits are short. */
    private String[] words(String command) {
        List<String> words = new ArrayList<>();
        for (String word : command.split(" +")) {
            boolean file = word.matches("[a-z-]+\\.(npy|png|csv|mp4)|fits|filmed");
            words.add(file ? folder.resolve(word).toString() : word);
        }
        if (words.contains("fit")) {
            words.addAll(FEW);
        }
        return words.subList(1, words.size()).toArray(String[]::new);
    }

    @Test
    void shouldRunTheCommands() throws IOException {
        List<String> commands = new ArrayList<>();
        blocks("console").forEach(block -> block.lines().forEach(commands::add));
        assertTrue(commands.remove("./amacrine demo epi"), "run by its own test");
        for (String command : commands) {
            Cli cli = Cli.run(words(command));
            assertEquals(0, cli.code(), command + ": " + cli.err());
        }
        assertArrayEquals(
                new int[] {1000, 4},
                NpyReader.readAll(folder.resolve("samples.npy")).shape());
        assertArrayEquals(
                new int[] {1000},
                NpyReader.readAll(folder.resolve("densities.npy")).shape());
        for (String picture : List.of("pairs.png", "statistics.png", "fit.mp4")) {
            assertTrue(Files.size(folder.resolve(picture)) > 10_000, picture);
        }
        assertTrue(Files.readAllLines(folder.resolve("runs.csv")).size() > 1);
    }

    @Test
    void shouldCompileAndRunTheProgram() throws Exception {
        String program = blocks("java").get(0);
        assertTrue(program.contains(".epochs(13)"), "the program is made shorter here");
        String printed = PageProgram.run(
                folder,
                "Infer",
                program.replace(".epochs(13)", ".epochs(1).iterations(10).initialIterations(20).logRate(5)"));
        assertEquals("4000 numbers, 16000 second derivatives", printed.strip());
        assertEquals(2, SavedRun.open(folder.resolve("run")).checkpoints());
    }

    @Test
    void shouldNameEveryBuiltInModel() throws IOException {
        String page = Files.readString(PAGE);
        List<String> missing = EpiExample.names().stream()
                .filter(name -> !page.contains("`" + name + "`"))
                .toList();
        assertEquals(List.of(), missing, Arrays.toString(missing.toArray()));
    }
}
