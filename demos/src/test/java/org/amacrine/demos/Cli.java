package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine;

/** Runs the command line within the test and keeps what it prints. */
public record Cli(int code, String out, String err) {

    public static Cli run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Amacrine.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        return new Cli(line.execute(args), out.toString(), err.toString());
    }

    /**
     * Runs a main class in a process of its own, tells it to end when it has printed a line with the sign, and returns all lines.
     */
    public static List<String> runUntil(String sign, Class<?> program, List<String> words)
            throws IOException, InterruptedException {
        return runUntil(sign, lines -> {}, program, words);
    }

    /** The same, and before the program is told to end, something looks at it, with the lines that it has printed. */
    static List<String> runUntil(String sign, Consumer<List<String>> look, Class<?> program, List<String> words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(words);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new ArrayList<>();
        boolean told = false;
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
                if (!told && line.contains(sign)) {
                    look.accept(lines);
                    told = process.toHandle().destroy();
                }
            }
        } finally {
            process.destroyForcibly();
        }
        assertEquals(143, process.waitFor(), lines::toString);
        return lines;
    }
}
