package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the README and of the page on pipelines, as they stand there. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..");

    @TempDir
    Path folder;

    private static String example(String page, String language) throws IOException {
        Matcher matcher = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve(page)));
        assertTrue(matcher.find(), "no " + language + " in " + page);
        return matcher.group(1);
    }

    @Test
    void shouldCompileAndRunTheJavaExample() throws Exception {
        Path source = Files.writeString(folder.resolve("FirstLight.java"), example("README.md", "java"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int code = compiler.run(
                null,
                null,
                errors,
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                source.toString());
        assertEquals(0, code, errors.toString(StandardCharsets.UTF_8));

        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            loader.loadClass("FirstLight").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(before);
        }

        String text = printed.toString(StandardCharsets.UTF_8);
        assertEquals(20, text.lines().count(), "10 chunks of ON and of OFF spikes: " + text);
        assertTrue(text.contains("chunk ganglion_spikes_OFF[900..1000) 1x64x64"), text);
    }

    @Test
    void shouldRunTheYamlExample() throws IOException {
        String yaml = example("README.md", "yaml")
                .replace("spikes.csv", folder.resolve("spikes.csv").toString());
        Path file = Files.writeString(folder.resolve("p.yaml"), yaml);

        Cli cli = Cli.run("run", file.toString());

        assertEquals(0, cli.code(), cli.err());
        assertTrue(Files.readAllLines(folder.resolve("spikes.csv")).size() > 100);
    }

    @Test
    void shouldHaveAValidExampleOfPipelineFiles() throws IOException {
        Path file = Files.writeString(folder.resolve("p.yaml"), example("docs/pipelines.md", "yaml"));

        Cli cli = Cli.run("check", file.toString());

        assertEquals(0, cli.code(), cli.err());
    }

    @Test
    void shouldDocumentEveryOptionOfAPipeline() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/pipelines.md"));
        org.amacrine.core.run.Pipeline.options().all().forEach((name, option) -> {
            String row = "| `" + name + "` | ";
            assertTrue(page.contains(row), row);
        });
    }
}
