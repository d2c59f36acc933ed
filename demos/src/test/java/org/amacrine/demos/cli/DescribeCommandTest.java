package org.amacrine.demos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.demos.Cli;
import org.amacrine.demos.picture.ColourMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescribeCommandTest {
    @TempDir
    Path folder;

    private String page(String... words) throws IOException {
        Path file = folder.resolve("x.html");
        String[] all = new String[words.length + 3];
        all[0] = "describe";
        System.arraycopy(words, 0, all, 1, words.length);
        all[words.length + 1] = "--html";
        all[words.length + 2] = file.toString();
        Cli cli = Cli.run(all);
        assertEquals(0, cli.code(), cli.err());
        return Files.readString(file);
    }

    @Test
    void shouldTellHowALayerStands() {
        Cli cli = Cli.run("describe", "retina", "--set", "bipolar.leakHertz=40", "--rows", "30");

        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.out().contains("  bipolar\n"), cli.out());
        assertTrue(cli.out().contains("    leakHertz = 40 Hz\n        Leak conductance\n"), cli.out());
        assertTrue(cli.out().contains("default 50"), cli.out());
        assertTrue(cli.out().contains("state centerLowPass = (1, 30, 20) from 0 to 0"), cli.out());
    }

    @Test
    void shouldTellWhatThereIsOfALayerThatTakesOtherFrames() {
        Cli cli = Cli.run("describe", "features.egocentric");

        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.out().startsWith("features.egocentric\n"), cli.out());
        assertTrue(cli.err().startsWith("Without states and derived kernels: "), cli.err());
    }

    @Test
    void shouldDrawKernelsOnThePage() throws IOException {
        Path kernel = folder.resolve("k.npy");
        NpyWriter.write(kernel, NdArray.of(new float[] {1, 2, 3, -4}, 2, 2));

        String page = page("filter.convolution", "--set", "kernel=1,2,2", "--set", "weight=@" + kernel);

        Matcher image = Pattern.compile("<img width=\"(\\d+)\" height=\"(\\d+)\" alt=\"weight as images\""
                        + " src=\"data:image/png;base64,([^\"]*)\">")
                .matcher(page);
        assertTrue(image.find(), page);
        assertEquals("24", image.group(1));
        BufferedImage drawn =
                ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(image.group(3))));
        // From -4 to 4.
        assertEquals(0xff000000 | ColourMap.SIGNED.rgb(5 / 8.), drawn.getRGB(0, 0));
        assertEquals(0xff000000 | ColourMap.SIGNED.rgb(0), drawn.getRGB(1, 1));
    }

    @Test
    void shouldDrawTheCourseOfAKernelInTime() throws IOException {
        Path kernel = folder.resolve("k.npy");
        NpyWriter.write(kernel, NdArray.of(new float[] {0, 1, 0}, 3));

        String page = page("filter.convolution", "--set", "kernel=3,1,1", "--set", "weight=@" + kernel);

        assertTrue(page.contains("aria-label=\"weight over time\""), page);
        assertTrue(page.contains("points=\"2.0,87.0 210.0,3.0 418.0,87.0 \""), page);
    }

    @Test
    void shouldBeOnePageThatNeedsNothingElse() throws IOException {
        String page = page("retina");

        assertTrue(page.contains("<summary>bipolar</summary>"));
        assertTrue(page.contains("prefers-color-scheme: dark"));
        assertTrue(page.contains("Virtual retina: luminance to spikes of ON and OFF ganglion cells"));
        assertTrue(page.contains("a finite number &gt; 0; trainable; also g_leak"), page);
        assertFalse(page.contains("http"));
        assertEquals(count(page, "<details"), count(page, "</details>"));
        assertEquals(count(page, "<table"), count(page, "</table>"));
        assertEquals(count(page, "<tr"), count(page, "</tr>"));
    }

    private static long count(String page, String what) {
        return Pattern.compile(Pattern.quote(what)).matcher(page).results().count();
    }

    @Test
    void shouldRefuseUnknownLayers() {
        Cli cli = Cli.run("describe", "retian");

        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("did you mean \"retina\"?"), cli.err());
    }
}
