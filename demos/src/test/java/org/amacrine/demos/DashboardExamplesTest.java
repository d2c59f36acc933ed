package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.Stage;
import org.amacrine.sinks.dashboard.Dashboard;
import org.amacrine.sinks.dashboard.DashboardSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example of a client of the dashboard, as it stands in the documentation, at a dashboard. */
class DashboardExamplesTest {
    private static final Path EXAMPLE = Path.of("..", "docs", "examples", "DashboardClient.java");
    private static final Pattern IMAGE = Pattern.compile("frame (\\d+): mean (-?[0-9.]+), (\\d+) ms old");

    @TempDir
    Path folder;

    /** What the example prints, compiled with nothing but the JDK. */
    private String output(String... args) throws Exception {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        errors,
                        "-Xlint:all",
                        "-Werror",
                        "-cp",
                        folder.toString(),
                        "-d",
                        folder.toString(),
                        EXAMPLE.toString());
        assertEquals(0, code, errors.toString(StandardCharsets.UTF_8));

        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            loader.loadClass("DashboardClient")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) args);
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    @Timeout(60)
    void shouldPrintTheMeansOfTenImages() throws Exception {
        Dashboard dashboard = new Dashboard(DashboardSettings.local(0));
        Pipeline pipeline = Pipeline.builder()
                .paced(true)
                .dt(10)
                .source(Stage.of("stimulus.flash")
                        .named("flash")
                        .setting("rows", 6)
                        .setting("columns", 8)
                        .setting("background", 0.25)
                        .setting("luminance", 0.25))
                .sink(Stage.of(() -> dashboard).named("dashboard").from("*"))
                .build();
        String text;
        try (Runner runner = new Runner(pipeline)) {
            runner.start();
            text = output(dashboard.address(), "flash.output");
        }

        List<Matcher> images =
                text.lines().map(IMAGE::matcher).filter(Matcher::matches).toList();
        assertTrue(images.size() >= 10, text);
        long last = -1;
        for (Matcher image : images) {
            assertTrue(Long.parseLong(image.group(1)) > last, text);
            last = Long.parseLong(image.group(1));
            assertEquals("0.250", image.group(2));
        }
        assertTrue(text.contains("\"id\":1"), text);
    }
}
