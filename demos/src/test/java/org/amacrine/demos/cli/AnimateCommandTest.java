package org.amacrine.demos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.source.SourceContext;
import org.amacrine.demos.Cli;
import org.amacrine.demos.picture.ColourMap;
import org.amacrine.sources.SourceComponents;
import org.amacrine.sources.SourceFrames;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnimateCommandTest {
    /** Pixels of 24, 8 from the left and 26 from the top. */
    private static final int LEFT = 8 + 12;

    private static final int TOP = 26 + 12;

    @TempDir
    Path folder;

    private String array;

    /** Twenty-one frames of 4 x 6 pixels, in each of which the first has the frame's number; the last pixel is -10. */
    @BeforeEach
    void write() throws IOException {
        float[] values = new float[21 * 24];
        for (int t = 0; t < 21; t++) {
            values[t * 24] = t;
            values[t * 24 + 23] = -10;
        }
        NpyWriter.write(folder.resolve("x.npy"), NdArray.of(values, 21, 4, 6));
        array = folder.resolve("x.npy").toString();
    }

    private String out(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void shouldShowEveryTenthFrameInOneScale() throws IOException {
        Cli cli = Cli.run("animate", array, "--out", out("x.gif"));

        assertEquals(0, cli.code(), cli.err());
        assertEquals(out("x.gif") + ": 3 pictures of 176x130", cli.out().strip());
        try (ImageInputStream in =
                ImageIO.createImageInputStream(folder.resolve("x.gif").toFile())) {
            ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
            reader.setInput(in);
            assertEquals(3, reader.getNumImages(true));
            for (int i = 0; i < 3; i++) {
                BufferedImage picture = reader.read(i);
                // From -20 to 20.
                assertNear(ColourMap.SIGNED.rgb((10 * i + 20) / 40.), picture.getRGB(LEFT, TOP), 3);
                assertNear(ColourMap.SIGNED.rgb(0.25), picture.getRGB(LEFT + 5 * 24, TOP + 3 * 24), 3);
                assertNear(ColourMap.SIGNED.rgb(0.5), picture.getRGB(LEFT + 24, TOP), 3);
            }
        }
    }

    private static void assertNear(int expected, int rgb, int tolerance) {
        for (int shift = 0; shift <= 16; shift += 8) {
            assertEquals(expected >> shift & 0xff, rgb >> shift & 0xff, tolerance, Integer.toHexString(rgb));
        }
    }

    @Test
    void shouldWriteAPageWithEveryFrame() throws IOException {
        Cli cli = Cli.run("animate", array, "--every", "4", "--interval", "250ms", "--plot", "--out", out("x.html"));

        assertEquals(0, cli.code(), cli.err());
        String page = Files.readString(folder.resolve("x.html"));
        assertEquals(
                "0 4 8 12 16 20",
                String.join(
                        " ",
                        Pattern.compile("<script>add\\((\\d+),")
                                .matcher(page)
                                .results()
                                .map(line -> line.group(1))
                                .toList()));
        assertTrue(page.contains("const framesPerSecond = 4.0;"));
        assertTrue(page.contains("<title>x.npy</title>"));
    }

    @Test
    void shouldWriteVideosThatCanBeReadBack() throws Exception {
        for (String name : new String[] {"x.mkv", "x.mp4"}) {
            Cli cli = Cli.run(
                    "animate",
                    array,
                    "--every",
                    "5",
                    "--colours",
                    "grey",
                    "--min",
                    "0",
                    "--max",
                    "20",
                    "--out",
                    out(name));

            assertEquals(0, cli.code(), cli.err());
            SourceContext context = new SourceContext("video", Resolution.of(10, 10), 0, ScalarKernels.INSTANCE);
            Frames frames = SourceFrames.read(
                    SourceComponents.source("video", Map.of("file", out(name), "mode", "mean")), context, 5);
            // Lossless, or nearly so.
            double tolerance = name.endsWith("mkv") ? 0.5 : 12;
            for (int i = 0; i < 5; i++) {
                assertEquals(255 * 5 * i / 20., 255 * frames.at(i, TOP, LEFT), tolerance, name + " " + i);
                assertEquals(255, 255 * frames.at(i, 20, 150), tolerance);
            }
        }
    }

    @Test
    void shouldShowChannelsBelowEachOtherAndTheTimeInSeconds() throws IOException {
        NpyWriter.write(folder.resolve("c.npy"), NdArray.of(new float[2 * 3 * 4], 2, 3, 2, 2));

        Cli cli = Cli.run("animate", out("c.npy"), "--every", "1", "--steps-per-second", "1000", "--out", out("c.gif"));

        assertEquals(0, cli.code(), cli.err());
        // 2 columns of 24 are narrower than the title; three channels of 2 rows of 24.
        assertEquals(out("c.gif") + ": 2 pictures of 176x178", cli.out().strip());
    }

    @Test
    void shouldRefuseWhatItCannotShow() throws IOException {
        assertRefused("must end with .gif, .html, .mp4 or .mkv", array, "--out", out("x.avi"));
        assertRefused("--every and --window must be >= 1", array, "--every", "0", "--out", out("x.gif"));
        assertRefused("--min and --max are given together", array, "--min", "0", "--out", out("x.gif"));
        assertRefused("--min and --max are given together", array, "--min", "2", "--max", "1", "--out", out("x.gif"));
        assertRefused(
                "--interval must be from 20ms to 100s for a .gif or .html but was 10ms",
                array,
                "--interval",
                "10ms",
                "--out",
                out("x.gif"));
        NpyWriter.write(folder.resolve("empty.npy"), NdArray.of(new float[0], 0, 3, 3));
        assertRefused("at least one value", out("empty.npy"), "--out", out("x.gif"));
        assertFalse(Files.exists(folder.resolve("x.gif")));
    }

    private static void assertRefused(String why, String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "animate";
        System.arraycopy(words, 0, all, 1, words.length);
        Cli cli = Cli.run(all);
        assertEquals(2, cli.code(), cli.err());
        assertTrue(cli.err().contains(why), cli.err());
    }
}
