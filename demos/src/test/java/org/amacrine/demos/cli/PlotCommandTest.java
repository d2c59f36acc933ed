package org.amacrine.demos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import javax.imageio.ImageIO;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.core.io.Npz;
import org.amacrine.demos.Cli;
import org.amacrine.demos.picture.ColourMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotCommandTest {
    private static final int WHITE = 0xffffff;

    @TempDir
    Path folder;

    private String file(String name, NdArray array) throws IOException {
        NpyWriter.write(folder.resolve(name), array);
        return folder.resolve(name).toString();
    }

    private BufferedImage plot(String... words) throws IOException {
        String[] all = new String[words.length + 3];
        all[0] = "plot";
        System.arraycopy(words, 0, all, 1, words.length);
        all[words.length + 1] = "--out";
        all[words.length + 2] = folder.resolve("x.png").toString();
        Cli cli = Cli.run(all);
        assertEquals(0, cli.code(), cli.err());
        return ImageIO.read(folder.resolve("x.png").toFile());
    }

    private static int rgb(BufferedImage picture, int x, int y) {
        return picture.getRGB(x, y) & 0xffffff;
    }

    @Test
    void shouldDrawFramesInOneScale() throws IOException {
        // Two frames of 8 x 8 pixels: 0, and -2 with a 4 in the corner.
        float[] values = new float[128];
        Arrays.fill(values, 64, 128, -2);
        values[64] = 4;
        BufferedImage picture = plot(file("x.npy", NdArray.of(values, 2, 8, 8)), "--as", "frames");

        // Each pixel is a square of 24; images begin 16 from the left and 8 + 26 from the top.
        int white = ColourMap.SIGNED.rgb(0.5);
        assertEquals(white, rgb(picture, 16 + 12, 34 + 12));
        assertEquals(WHITE, rgb(picture, 16 + 8 * 24 + 12, 34 + 12), "between the frames");
        assertEquals(ColourMap.SIGNED.rgb(1), rgb(picture, 16 + 9 * 24 + 12, 34 + 12));
        assertEquals(ColourMap.SIGNED.rgb(0.25), rgb(picture, 16 + 10 * 24 + 12, 34 + 12));
    }

    @Test
    void shouldDrawAKernelOutOfAFileOfParameters() throws IOException {
        Path file = folder.resolve("fitted.npz");
        Npz.write(
                file,
                Map.of(
                        "conv.weight", NdArray.of(new float[] {1, 0, 0, 3}, 1, 1, 1, 2, 2),
                        "conv.bias", NdArray.of(new float[] {0}, 1)));

        BufferedImage picture = plot(file.toString(), "--name", "conv.weight", "--colours", "grey");

        // The least is black and the greatest white, below each other; a column is 40 wide, 120 for three with the
        // border.
        assertEquals(0x555555, rgb(picture, 16 + 20, 34 + 20));
        assertEquals(0xffffff, rgb(picture, 16 + 60, 34 + 60));
        assertEquals(0x000000, rgb(picture, 16 + 60, 34 + 20));
    }

    @Test
    void shouldDrawADifference() throws IOException {
        String five = file("five.npy", NdArray.of(new float[] {5, 5, 5, 5}, 2, 2));
        String other = file("other.npy", NdArray.of(new float[] {5, 1, 5, 7}, 2, 2));

        BufferedImage picture = plot(five, "--minus", other, "--title", "difference");

        // 0, 4, 0 and -2, from -4 to 4; a column is 40 wide, 120 for three with the border.
        assertEquals(ColourMap.SIGNED.rgb(0.5), rgb(picture, 16 + 20, 34 + 20));
        assertEquals(ColourMap.SIGNED.rgb(1), rgb(picture, 16 + 60, 34 + 20));
        assertEquals(ColourMap.SIGNED.rgb(0.25), rgb(picture, 16 + 60, 34 + 60));
    }

    @Test
    void shouldDrawALineOfAResponse() throws IOException {
        float[] steps = new float[100];
        steps[50] = 1;
        BufferedImage picture = plot(file("x.npy", NdArray.of(steps, 100)), "--steps-per-second", "1000");

        assertEquals(340, picture.getHeight());
        assertTrue(hasDark(picture), "there is a line");
    }

    private static boolean hasDark(BufferedImage picture) {
        for (int y = 60; y < 280; y++) {
            for (int x = 400; x < 560; x++) {
                int rgb = rgb(picture, x, y);
                if ((rgb >> 16 & 0xff) + (rgb >> 8 & 0xff) + (rgb & 0xff) < 400) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void shouldDrawMissingAndConstantValues() throws IOException {
        NdArray nothing = NdArray.of(new float[] {Float.NaN, Float.NaN, Float.NaN, Float.NaN}, 2, 1, 2);
        NdArray constant = NdArray.of(new float[] {5, 5, 5, 5}, 2, 1, 2);
        for (String as : new String[] {"auto", "lines", "frames", "overview"}) {
            plot(file("x.npy", constant), "--as", as);
            plot(file("x.npy", nothing), "--as", as);
        }
    }

    @Test
    void shouldDrawWhatIsFiniteOfARecordingThatGrewBeyondNumbers() throws IOException {
        float inf = Float.POSITIVE_INFINITY;
        String file = file("x.npy", NdArray.of(new float[] {0, 1, 2, inf, -inf, Float.NaN, inf, inf}, 4, 1, 2));
        plot(file, "--as", "lines");

        BufferedImage picture = plot(file, "--as", "overview", "--colours", "grey");

        // Four frames of two pixels, each with a border: a pixel is 24, in the middle of 960 and below 340 + 8 + 26.
        int left = (960 - 12 * 24) / 2;
        int[] expected = {0x000000, 0x808080, WHITE, 0xffffff, 0xffffff, WHITE, 0x000000, WHITE, WHITE};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], rgb(picture, left + i * 24 + 12, 374 + 12), "column " + i);
        }
    }

    @Test
    void shouldFillTheRangeOfTheFramesThatAreKnown() throws IOException {
        float[] values = new float[2 * 11];
        for (int t = 0; t < 11; t++) {
            values[2 * t] = t == 5 ? Float.NaN : 0;
            values[2 * t + 1] = t == 5 ? Float.NaN : 10;
        }
        BufferedImage picture = plot(file("x.npy", NdArray.of(values, 11, 1, 2)), "--as", "overview");

        // Between two lines of the grid, left and right of the frame that is missing.
        int band = 0xe6dcea;
        assertTrue(has(picture, 150, band) && has(picture, 400, band), "before it");
        assertTrue(has(picture, 600, band) && has(picture, 850, band), "behind it");
        assertTrue(!has(picture, 500, band), "at it");
    }

    /** Whether most of a column between the two lines has the colour. */
    private static boolean has(BufferedImage picture, int x, int colour) {
        int count = 0;
        for (int y = 100; y < 250; y++) {
            count += rgb(picture, x, y) == colour ? 1 : 0;
        }
        return count > 75;
    }

    @Test
    void shouldDrawFramesOfManyChannels() throws IOException {
        BufferedImage picture = plot(file("x.npy", NdArray.of(new float[7 * 600], 7, 600, 1, 1)));

        assertTrue(picture.getHeight() > 15_000 && picture.getHeight() < 16_500, "height " + picture.getHeight());
    }

    @Test
    void shouldRefuseWhatCannotBeDrawn() throws IOException {
        String many = file("many.npy", NdArray.of(new float[2 * 20 * 20], 2, 20, 20));
        assertRefused("at most 256 lines are drawn but there would be 400", many, "--as", "lines");
        assertRefused("--mean is for lines", many, "--mean", "3");
        assertRefused("--name is for .npz files", many, "--name", "x");
        assertRefused("must be a finite number > 0", many, "--steps-per-second", "-1");
        assertRefused("1 to 5 axes", file("number.npy", NdArray.of(1.0)));
        Path two = folder.resolve("two.npz");
        Npz.write(two, Map.of("first", NdArray.of(1.0), "second", NdArray.of(2.0)));
        assertRefused("holds 2 arrays; choose one with --name: ", two.toString());
        assertRefused("did you mean \"first\"?", two.toString(), "--name", "frist");
    }

    private void assertRefused(String why, String... words) {
        String[] all = new String[words.length + 3];
        all[0] = "plot";
        System.arraycopy(words, 0, all, 1, words.length);
        all[words.length + 1] = "--out";
        all[words.length + 2] = folder.resolve("x.png").toString();
        Cli cli = Cli.run(all);
        assertEquals(2, cli.code(), cli.err());
        assertTrue(cli.err().contains(why), cli.err());
    }
}
