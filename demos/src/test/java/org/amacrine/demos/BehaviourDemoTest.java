package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BehaviourDemoTest {
    @TempDir
    Path folder;

    @Test
    void shouldFindTheStatesOfTheSimulatedAnimal() throws IOException {
        Path picture = folder.resolve("behaviour.png");
        Cli cli = Cli.run(
                "demo",
                "behaviour",
                "--no-dashboard",
                "--learn",
                "60s",
                "--duration",
                "20s",
                "--sweeps",
                "40",
                "--parts",
                "--out",
                picture.toString());
        assertEquals(0, cli.code(), cli.err());

        Matcher right = Pattern.compile("([0-9.]+) % of steps right").matcher(cli.out());
        assertTrue(right.find(), cli.out());
        assertTrue(Double.parseDouble(right.group(1)) > 85, right.group());
        assertEquals(1560, ImageIO.read(picture.toFile()).getWidth());
        for (String part : List.of("path", "fit", "durations", "states", "transitions", "cross-likelihoods")) {
            BufferedImage image =
                    ImageIO.read(folder.resolve("behaviour-" + part + ".png").toFile());
            assertTrue(image.getWidth() > 400 && image.getHeight() > 200, part);
        }
        assertTrue(cli.out().contains("state  of time  visits  mean     speed     forwards  turning"), cli.out());
    }

    @Test
    void shouldRejectAPictureOfAnotherKind() {
        Cli cli = Cli.run("demo", "behaviour", "--no-dashboard", "--learn", "2s", "--sweeps", "1", "--out", "x.jpg");
        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("a picture is a .png file but was \"x.jpg\""), cli.err());
    }
}
