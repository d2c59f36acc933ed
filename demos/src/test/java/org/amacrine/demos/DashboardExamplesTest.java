package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples of clients of the dashboard, as they stand in the documentation, at a dashboard. */
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

    /** A Python that has what the example needs, or null. */
    private static String python() throws Exception {
        for (String python : List.of("python3", "/usr/bin/python3")) {
            try {
                Process tried = new ProcessBuilder(python, "-c", "import numpy, websockets")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (tried.waitFor() == 0) {
                    return python;
                }
            } catch (IOException e) {
                // Not installed under that name.
                continue;
            }
        }
        return null;
    }

    @Test
    @Timeout(60)
    void shouldShowImagesAndSetTheLeakFromPython() throws Exception {
        String python = python();
        Assumptions.assumeTrue(
                python != null, "python3 with numpy and websockets is not installed: its client is not tried");
        Dashboard dashboard = new Dashboard(DashboardSettings.local(0));
        Pipeline pipeline = Pipeline.builder()
                .paced(true)
                .dt(10)
                .source(Stage.of("stimulus.flash").setting("rows", 6).setting("columns", 8))
                .layer(Stage.of("retina"))
                .sink(Stage.of(() -> dashboard).named("dashboard").from("*"))
                .build();
        try (Runner runner = new Runner(pipeline)) {
            runner.start();
            Process client = new ProcessBuilder(
                            python,
                            Path.of("..", "docs", "examples", "dashboard_client.py")
                                    .toString(),
                            dashboard.address())
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, client.waitFor(), printed);
            assertEquals(
                    10,
                    printed.lines()
                            .filter(line ->
                                    line.matches("retina\\.\\S+ frame \\d+: mean -?[0-9.]+, .* ms old, \\d+ dropped"))
                            .count(),
                    printed);
            assertEquals(
                    40, runner.parameters("retina").get("bipolar.leakHertz").number(), printed);
        }
    }
}
