package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratorDemoTest {
    @TempDir
    Path folder;

    @Test
    void shouldGenerateTheActivityOfTheSimulatedExperiment() throws IOException {
        Path picture = folder.resolve("generator.png");
        Cli cli = Cli.run(
                "demo",
                "generator",
                "--no-dashboard",
                "--learn",
                "100s",
                "--duration",
                "20s",
                "--iterations",
                "1000",
                "--parts",
                "--out",
                picture.toString());
        assertEquals(0, cli.code(), cli.err());

        Matcher found = Pattern.compile("activity: ([0-9.]+) while it was given, ([0-9.]+) in the 100 steps after that,"
                        + " .*; rms ([0-9.]+) generated, ([0-9.]+) true")
                .matcher(cli.out());
        assertTrue(found.find(), cli.out());
        assertTrue(Double.parseDouble(found.group(1)) > 0.9, found.group());
        assertTrue(Double.parseDouble(found.group(2)) > 0.6, found.group());
        double ratio = Double.parseDouble(found.group(3)) / Double.parseDouble(found.group(4));
        assertTrue(ratio > 0.8 && ratio < 1.25, found.group());
        assertEquals(1560, ImageIO.read(picture.toFile()).getWidth());
        for (String part : List.of("fit", "rhythms", "activity", "units", "bumps")) {
            BufferedImage image =
                    ImageIO.read(folder.resolve("generator-" + part + ".png").toFile());
            assertTrue(colours(image) > 3, "something is drawn of " + part);
        }
        Matcher bumps = Pattern.compile("bumps miss a function by ([0-9.]+), wandering ones by ([0-9.]+)")
                .matcher(cli.out());
        assertTrue(bumps.find(), cli.out());
        assertTrue(
                Double.parseDouble(bumps.group(2)) < Double.parseDouble(bumps.group(1)) / 2,
                "noise lets them find what is left to learn: " + bumps.group());
    }

    private static long colours(BufferedImage image) {
        return Arrays.stream(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .distinct()
                .count();
    }

    @Test
    void shouldLeaveOutOfTheSummaryWhatAShortRunHasNot() {
        Cli cli = Cli.run(
                "demo",
                "generator",
                "--no-dashboard",
                "--learn",
                "20s",
                "--duration",
                "8s",
                "--iterations",
                "1",
                "--out",
                folder.resolve("short.png").toString());

        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.out().contains("in the 100 steps after that; rms"), cli.out());
        assertFalse(cli.out().contains("NaN"), cli.out());
    }

    @Test
    void shouldRejectWhatItCannotDo() {
        Cli cli = Cli.run("demo", "generator", "--no-dashboard", "--learn", "2s");
        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("--learn must be at least 10.0 s but was 2.0 s"), cli.err());
        cli = Cli.run("demo", "generator", "--no-dashboard", "--iterations", "0");
        assertTrue(cli.err().contains("--iterations must be >= 1 but was 0"), cli.err());
        cli = Cli.run("demo", "generator", "--no-dashboard", "--learn", "20s", "--iterations", "1", "--out", "x.jpg");
        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("a picture is a .png file but was \"x.jpg\""), cli.err());
    }
}
