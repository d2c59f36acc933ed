package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
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
                "--out",
                picture.toString());
        assertEquals(0, cli.code(), cli.err());

        Matcher right = Pattern.compile("([0-9.]+) % of steps right").matcher(cli.out());
        assertTrue(right.find(), cli.out());
        assertTrue(Double.parseDouble(right.group(1)) > 85, right.group());
        assertEquals(1560, ImageIO.read(picture.toFile()).getWidth());
    }

    @Test
    void shouldRejectAPictureOfAnotherKind() {
        Cli cli = Cli.run("demo", "behaviour", "--no-dashboard", "--learn", "2s", "--sweeps", "1", "--out", "x.jpg");
        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("a picture is a .png file but was \"x.jpg\""), cli.err());
    }
}
