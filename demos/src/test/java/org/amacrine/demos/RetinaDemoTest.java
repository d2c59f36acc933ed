package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetinaDemoTest {
    @TempDir
    Path folder;

    @Test
    void shouldDrawWhatTheRetinaDid() throws Exception {
        Path png = folder.resolve("retina.png");

        Cli cli = Cli.run("demo", "retina", "--duration", "300ms", "--out", png.toString());

        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.out().contains("300 frames"), cli.out());
        assertTrue(cli.out().strip().endsWith("picture: " + png), cli.out());
        assertTrue(cli.out().contains("spikes per second of stream"), cli.out());
        BufferedImage picture = ImageIO.read(png.toFile());
        assertEquals(1560, picture.getWidth());
        Set<Integer> colours = new HashSet<>();
        for (int y = 0; y < picture.getHeight(); y += 3) {
            for (int x = 0; x < picture.getWidth(); x += 3) {
                colours.add(picture.getRGB(x, y));
            }
        }
        assertTrue(colours.size() > 100, "an image of many colours, not a blank one: " + colours.size());
    }

    @Test
    void shouldSayThatAVideoIsMissing() {
        Cli cli =
                Cli.run("demo", "retina", "--video", folder.resolve("none.mp4").toString());

        assertEquals(1, cli.code());
        assertTrue(cli.err().contains("none.mp4"), cli.err());
    }

    @Test
    void shouldRefuseAPlaceWhereNoPictureCanBeBeforeItRuns() throws Exception {
        Path taken = Files.createDirectory(folder.resolve("taken.png"));

        Cli isFolder = Cli.run("demo", "retina", "--out", taken.toString());
        Cli noPicture =
                Cli.run("demo", "retina", "--out", folder.resolve("retina.txt").toString());

        assertEquals(1, isFolder.code());
        assertEquals(
                "amacrine: sink picture: " + taken + " is a folder; give the name of a file in it",
                isFolder.err().strip());
        assertEquals(2, noPicture.code());
        assertTrue(noPicture.err().contains("a picture is a .png file"), noPicture.err());
    }

    @Test
    void shouldAskWhichDemo() {
        Cli cli = Cli.run("demo");

        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("retina"), cli.err());
    }
}
