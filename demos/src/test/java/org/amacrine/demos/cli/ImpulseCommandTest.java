package org.amacrine.demos.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.Npz;
import org.amacrine.demos.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImpulseCommandTest {
    @TempDir
    Path folder;

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void shouldWriteTheImpulseResponseOfALayer() throws IOException {
        Cli cli = Cli.run(
                "impulse", "filter.low-pass", "--set", "tau=0.02", "--out", path("x.png"), "--npy", path("x.npy"));

        assertEquals(0, cli.code(), cli.err());
        // (1 + e) d / (2 tau) with e = exp(-0.05), falling by e each frame.
        double e = Math.exp(-0.05);
        assertEquals(
                "output: 500 frames of 1x10x10, least 0.000 at frame 0, greatest 0.04878 at frame 0",
                cli.out().strip());
        NdArray response = NpyReader.readAll(folder.resolve("x.npy"));
        assertArrayEquals(new int[] {500, 1, 10, 10}, response.shape());
        for (int t = 0; t < 50; t++) {
            assertEquals((1 + e) / 40 * Math.pow(e, t), response.at(t * 100 + 55), 1e-7);
        }
        assertEquals(0, response.at(54));
        BufferedImage picture = ImageIO.read(folder.resolve("x.png").toFile());
        assertEquals(960, picture.getWidth());
        assertTrue(picture.getHeight() > 400);
    }

    @Test
    void shouldDrawInSpace() throws IOException {
        Cli cli = Cli.run(
                "impulse",
                "filter.deriche",
                "--set",
                "density=0.5",
                "--space",
                "--out",
                path("x.png"),
                "--npy",
                path("x.npy"));

        assertEquals(0, cli.code(), cli.err());
        NdArray response = NpyReader.readAll(folder.resolve("x.npy"));
        assertArrayEquals(new int[] {1, 1, 20, 20}, response.shape());
        // Even around the pixel in the middle, away from the border.
        for (int k = 1; k < 5; k++) {
            assertEquals(response.at(210 - k), response.at(210 + k), 1e-5);
            assertEquals(response.at(210 - 20 * k), response.at(210 + 20 * k), 1e-5);
            assertTrue(response.at(210 + k) < response.at(210 + k - 1));
        }
        assertTrue(Files.size(folder.resolve("x.png")) > 0);
    }

    @Test
    void shouldTakeTheLayersOfAPipeline() throws IOException {
        Path pipeline = Files.writeString(folder.resolve("two.yaml"), """
                source: {type: random, settings: {rows: 3, columns: 3}}
                layers:
                  - {type: filter.delay, name: late, parameters: {delay: 2}}
                  - {type: filter.nonlinearity, name: square, settings: {function: square}}
                sinks: [{type: console}]
                """);

        Cli cli = Cli.run(
                "impulse",
                pipeline.toString(),
                "--set",
                "late.delay=3",
                "--height",
                "2",
                "--frames",
                "6",
                "--rows",
                "1",
                "--columns",
                "1",
                "--npy",
                path("x.npz"));

        assertEquals(0, cli.code(), cli.err());
        assertEquals(Set.of("square.output"), Npz.read(folder.resolve("x.npz")).keySet());
        assertArrayEquals(
                new double[] {0, 0, 0, 4, 0, 0},
                Npz.read(folder.resolve("x.npz")).get("square.output").doubles());
    }

    @Test
    void shouldTakeTheResolutionOfThePipelineUnlessToldOtherwise() throws IOException {
        Path pipeline = Files.writeString(folder.resolve("slow.yaml"), """
                stepsPerSecond: 100
                source: {type: random, settings: {rows: 3, columns: 3}}
                layers: [{type: filter.low-pass, parameters: {tau: 0.02}}]
                sinks: [{type: console}]
                """);

        Cli cli = Cli.run("impulse", pipeline.toString(), "--frames", "1");
        Cli finer = Cli.run("impulse", pipeline.toString(), "--frames", "1", "--steps-per-second", "1000");

        // (1 + exp(-d / tau)) d / (2 tau)
        assertTrue(
                cli.out().contains(String.format(Locale.ROOT, "greatest %.4g", (1 + Math.exp(-0.5)) / 4)), cli.out());
        assertTrue(
                finer.out().contains(String.format(Locale.ROOT, "greatest %.4g", (1 + Math.exp(-0.05)) / 40)),
                finer.out());
    }

    @Test
    void shouldRefuseWhatDoesNotGoTogether() {
        assertRefused("which go into one .npz", "impulse", "retina", "--npy", path("x.npy"));
        assertRefused("--npy is an .npy or .npz file", "impulse", "filter.low-pass", "--npy", path("x.txt"));
        assertRefused("a picture is a .png file", "impulse", "filter.low-pass", "--out", path("x.jpg"));
        assertRefused("at least 1 frame but frames was 0", "impulse", "filter.low-pass", "--frames", "0");
        assertRefused("do not fit into memory", "impulse", "filter.low-pass", "--frames", "2000000000");
        assertRefused("height of an impulse", "impulse", "filter.low-pass", "--height", "NaN");
        assertRefused("did you mean \"filter.low-pass\"", "impulse", "filter.lowpass");
        assertFalse(Files.exists(folder.resolve("x.jpg")));
    }

    private static void assertRefused(String why, String... words) {
        Cli cli = Cli.run(words);
        assertEquals(2, cli.code(), cli.err());
        assertTrue(cli.err().contains(why), cli.err());
    }
}
