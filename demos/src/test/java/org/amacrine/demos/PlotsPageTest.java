package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page on looking at models and recordings, docs/plots.md: its commands and its program as they stand there. */
class PlotsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "plots.md");

    @TempDir
    Path folder;

    private static List<String> blocks(String language) throws IOException {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /** The words of a command; files are those of the folder. */
    private List<String> words(String command) {
        Matcher word = Pattern.compile("\"([^\"]*)\"|\\S+").matcher(command);
        return word.results()
                .skip(1)
                .map(each -> each.group(1) == null ? each.group() : each.group(1))
                .map(each -> each.matches("[a-z]+\\.(npy|npz|png|gif|html)")
                        ? folder.resolve(each).toString()
                        : each)
                .toList();
    }

    @Test
    void shouldRunTheCommands() throws IOException {
        for (String command : String.join("", blocks("console")).lines().toList()) {
            List<String> words = words(command);

            Cli cli = Cli.run(words.toArray(String[]::new));

            assertEquals(0, cli.code(), command + ": " + cli.err());
            int out = words.indexOf("--out");
            assertTrue(out < 0 || Files.size(Path.of(words.get(out + 1))) > 0, command);
        }
    }

    @Test
    void shouldRunThePipeline() throws IOException {
        Path page = folder.resolve("opl.html");
        Path file = Files.writeString(
                folder.resolve("p.yaml"), blocks("yaml").get(0).replace("opl.html", page.toString()));

        Cli cli = Cli.run("run", file.toString());

        assertEquals(0, cli.code(), cli.err());
        assertEquals(
                50,
                Files.readAllLines(page).stream()
                        .filter(line -> line.startsWith("<script>add("))
                        .count());
    }

    @Test
    void shouldCompileAndRunTheProgram() throws Exception {
        String printed = PageProgram.run(folder, "Looking", blocks("java").get(0));

        assertEquals(
                List.of("[ganglion_spikes_ON, ganglion_spikes_OFF]", "20 frames of 1x40x40"),
                printed.lines().toList());
    }
}
