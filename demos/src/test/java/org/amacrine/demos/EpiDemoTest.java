package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpiDemoTest {
    @TempDir
    Path folder;

    /** A frame for every 50 steps of 100 + 2 x 100, for the Gaussian, and for the end of each epoch: 2 + 1 + 2 x 3. */
    @Test
    void shouldShowAFitAtWorkAndDrawWhatCameOfIt() throws IOException {
        Path picture = folder.resolve("epi.png");
        Path movie = folder.resolve("epi.mkv");
        Cli cli = Cli.run(
                "demo",
                "epi",
                "--no-dashboard",
                "--model",
                "linear",
                "--epochs",
                "2",
                "--iterations",
                "100",
                "--init-iterations",
                "100",
                "--out",
                picture.toString(),
                "--movie",
                movie.toString());
        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.out().contains("read 9 = used 9"), cli.out());
        assertTrue(cli.out().contains("no epoch has the wished means so far"), cli.out());
        assertTrue(ImageIO.read(picture.toFile()).getHeight() > 1000);
        assertTrue(Files.size(movie) > 10_000);
    }

    @Test
    void shouldRejectWhatItCannotDo() {
        Cli cli = Cli.run("demo", "epi", "--no-dashboard", "--iterations", "10");
        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("--iterations must be >= 50"), cli.err());
        cli = Cli.run("demo", "epi", "--no-dashboard", "--out", "x.jpg");
        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("a picture is a .png file but was \"x.jpg\""), cli.err());
        cli = Cli.run("demo", "epi", "--no-dashboard", "--model", "line");
        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("no built-in model \"line\""), cli.err());
    }
}
