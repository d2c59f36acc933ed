package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The command line for a single line, which is built of its own command alone. */
class AmacrineTest {
    private static String usage(CommandLine line) {
        StringBuilder text = new StringBuilder(line.getUsageMessage(CommandLine.Help.Ansi.OFF));
        line.getSubcommands().values().forEach(part -> text.append(usage(part)));
        return text.toString();
    }

    @Test
    void shouldBuildOnlyTheCommandThatIsCalled() {
        CommandLine whole = Amacrine.commandLine();
        int narrow = 0;
        for (String name : whole.getSubcommands().keySet()) {
            CommandLine line = Amacrine.commandLineFor(name, "--help");
            assertEquals(
                    usage(whole.getSubcommands().get(name)),
                    usage(line.getSubcommands().get(name)),
                    name);
            narrow += line.getSubcommands().size() == 1 ? 1 : 0;
        }
        assertEquals(whole.getSubcommands().size() - 2, narrow, "all but help and completion need no other command");
    }

    /** A command that needs more than there is. */
    @CommandLine.Command(name = "large")
    static final class Large implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new OutOfMemoryError("Java heap space");
        }
    }

    @Test
    void shouldSayWhatToDoWithoutEnoughMemory() {
        StringWriter err = new StringWriter();
        CommandLine line = Amacrine.commandLineFor("describe").addSubcommand(new Large());
        line.setErr(new PrintWriter(err));

        assertEquals(CommandLine.ExitCode.SOFTWARE, line.execute("large"));

        String text = err.toString();
        assertTrue(text.startsWith("amacrine: this needs more memory than the "), text);
        assertTrue(text.contains("take fewer or smaller frames"), text);
        assertEquals(1, text.lines().count(), "no stack trace");
    }

    @Test
    void shouldKnowAllCommandsWhereOneIsMisspelledOrNoneIsGiven() {
        Set<String> all = Amacrine.commandLine().getSubcommands().keySet();
        assertTrue(all.contains("arhmm"));
        assertEquals(all, Amacrine.commandLineFor("arhm").getSubcommands().keySet());
        assertEquals(all, Amacrine.commandLineFor("--help").getSubcommands().keySet());
        assertEquals(all, Amacrine.commandLineFor().getSubcommands().keySet());
    }
}
