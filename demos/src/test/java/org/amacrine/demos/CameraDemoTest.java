package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CameraDemoTest {
    @TempDir
    Path folder;

    @Test
    void shouldWatchASimulatedCameraThatIsLostAndFoundAgain() {
        Path png = folder.resolve("camera.png");

        Cli cli = Cli.run(
                "demo",
                "camera",
                "--simulated",
                "--rows",
                "48",
                "--columns",
                "64",
                "--fps",
                "100",
                "--script",
                "20 drop 5; 40 unplug 0.2s",
                "--duration",
                "1s",
                "--out",
                png.toString());

        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.out().contains("found again 1 times; lost last because the camera was unplugged"), cli.out());
        assertTrue(cli.out().contains("never arrived"), cli.out());
        assertTrue(Files.exists(png));
    }

    @Test
    void shouldSayThatThereIsNoSuchCamera() {
        Cli cli = Cli.run("demo", "camera", "--device", "93", "--no-dashboard");

        assertEquals(1, cli.code());
        assertTrue(cli.err().contains("camera 93 cannot be opened"), cli.err());
        assertTrue(cli.err().contains("amacrine cameras"), cli.err());
    }

    @Test
    void shouldRefuseAScriptThatIsWrong() {
        Cli cli = Cli.run("demo", "camera", "--simulated", "--script", "explode", "--duration", "1s");

        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("script: \"explode\""), cli.err());
    }

    @Test
    void shouldListCamerasOrSayWhatToDo() {
        Cli cli = Cli.run("cameras");

        assertEquals(0, cli.code(), cli.err());
        boolean some = Files.exists(Path.of("/sys/class/video4linux"));
        assertTrue(some || cli.out().contains("There are no cameras here."), cli.out());
        assertTrue(some || cli.out().contains("demo camera --simulated"), cli.out());
    }
}
