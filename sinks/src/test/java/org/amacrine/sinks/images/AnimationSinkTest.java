package org.amacrine.sinks.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.amacrine.core.chunk.Shape;
import org.amacrine.sinks.Feed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnimationSinkTest {
    private static final Shape GREY = Shape.image(2, 3);
    private static final Brightness BYTES = Brightness.fixed(0, 255);
    private static final float[] THREE_FRAMES = {
        0, 1, 50, 127, 200, 255, //
        9, 8, 7, 6, 5, 4, //
        10, 20, 30, 40, 50, 60
    };

    @TempDir
    Path folder;

    private Path write(String name, Shape shape, AnimationSink sink, float... values) throws Exception {
        sink.open(List.of(Feed.signal("model.x<y>", shape)));
        sink.accept(0, Feed.chunk(shape, 4, values));
        sink.close();
        return folder.resolve(name);
    }

    private AnimationSink sink(String name) {
        return new AnimationSink(folder.resolve(name)).brightness(BYTES);
    }

    /** All pictures of a file. */
    private static List<BufferedImage> gif(Path file) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
            reader.setInput(in);
            List<BufferedImage> images = new ArrayList<>();
            for (int i = 0; i < reader.getNumImages(true); i++) {
                images.add(reader.read(i));
            }
            return images;
        }
    }

    private static List<MatchResult> lines(Path file) throws IOException {
        return Pattern.compile("<script>add\\((\\d+),\"([^\"]*)\"\\)</script>")
                .matcher(Files.readString(file))
                .results()
                .toList();
    }

    private static BufferedImage png(MatchResult line) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(line.group(2))));
    }

    private static int[] levels(BufferedImage image) {
        int[] levels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        for (int i = 0; i < levels.length; i++) {
            levels[i] &= 0xff;
        }
        return levels;
    }

    /** What is stored: Java takes it for linear where browsers do not. */
    private static int[] samples(BufferedImage grey) {
        assertEquals(1, grey.getRaster().getNumBands());
        return grey.getRaster().getSamples(0, 0, grey.getWidth(), grey.getHeight(), 0, (int[]) null);
    }

    @Test
    void shouldKeepGreyLevelsInAGif() throws Exception {
        List<BufferedImage> images = gif(write("x.gif", GREY, sink("x.gif"), THREE_FRAMES));

        assertEquals(3, images.size());
        assertArrayEquals(new int[] {0, 1, 50, 127, 200, 255}, levels(images.get(0)));
        assertArrayEquals(new int[] {10, 20, 30, 40, 50, 60}, levels(images.get(2)));
    }

    @Test
    void shouldKeepColoursAndMagnify() throws Exception {
        Shape colour = new Shape(3, 1, 2);
        AnimationSink gif = sink("x.gif").zoom(2);
        AnimationSink html = sink("x.html").zoom(2);

        BufferedImage first =
                gif(write("x.gif", colour, gif, 10, 20, 110, 120, 210, 220)).get(0);
        BufferedImage second = png(
                lines(write("x.html", colour, html, 10, 20, 110, 120, 210, 220)).get(0));

        for (BufferedImage image : List.of(first, second)) {
            assertEquals(4, image.getWidth());
            assertEquals(2, image.getHeight());
            assertEquals(0xff0a6ed2, image.getRGB(1, 1));
            assertEquals(0xff1478dc, image.getRGB(2, 0));
        }
    }

    @Test
    void shouldRepeatAGifForEverAtItsPace() throws Exception {
        Path file = write("x.gif", GREY, sink("x.gif").framesPerSecond(4), THREE_FRAMES);

        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
            reader.setInput(in);
            for (int i = 0; i < 3; i++) {
                IIOMetadataNode root =
                        (IIOMetadataNode) reader.getImageMetadata(i).getAsTree("javax_imageio_gif_image_1.0");
                IIOMetadataNode control = (IIOMetadataNode)
                        root.getElementsByTagName("GraphicControlExtension").item(0);
                assertEquals("25", control.getAttribute("delayTime"));
                IIOMetadataNode repeat = (IIOMetadataNode)
                        root.getElementsByTagName("ApplicationExtension").item(0);
                if (i == 0) {
                    assertEquals("NETSCAPE", repeat.getAttribute("applicationID"));
                    assertArrayEquals(new byte[] {1, 0, 0}, (byte[]) repeat.getUserObject());
                } else {
                    assertEquals(null, repeat);
                }
            }
        }
    }

    @Test
    void shouldWriteAPageThatNeedsNothingElse() throws Exception {
        Path file = write("x.html", GREY, sink("x.html").framesPerSecond(7.5).every(2), THREE_FRAMES);

        // Frames 4, 5 and 6 came in.
        List<MatchResult> lines = lines(file);
        assertEquals(
                List.of("4", "6"), lines.stream().map(line -> line.group(1)).toList());
        assertArrayEquals(new int[] {0, 1, 50, 127, 200, 255}, samples(png(lines.get(0))));
        assertArrayEquals(new int[] {10, 20, 30, 40, 50, 60}, samples(png(lines.get(1))));
        String page = Files.readString(file);
        assertTrue(page.contains("const framesPerSecond = 7.5;"));
        assertTrue(page.contains("<title>model.x&lt;y&gt;</title>"));
        assertFalse(page.contains("http") || page.contains("{title}") || page.contains("{columns}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.gif", "x.html"})
    void shouldBePlayableAtAnyMoment(String name) throws Exception {
        AnimationSink sink = sink(name);
        sink.open(List.of(Feed.signal("x", GREY)));
        sink.accept(0, Feed.chunk(GREY, 0, THREE_FRAMES));
        byte[] before = Files.readAllBytes(folder.resolve(name));
        sink.close();

        Path cut = Files.write(folder.resolve("cut" + name), before);

        if (name.endsWith("gif")) {
            byte[] whole = Files.readAllBytes(folder.resolve(name));
            // All but the trailer, which players do without.
            assertEquals(whole.length - 1, before.length);
        } else {
            assertEquals(3, lines(cut).size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.gif", "x.html"})
    void shouldLeaveNoFileWithoutFrames(String name) throws Exception {
        AnimationSink sink = sink(name);
        sink.open(List.of(Feed.signal("x", GREY)));
        sink.close();

        assertFalse(Files.exists(folder.resolve(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.gif", "x.html"})
    void shouldSayWhatIsWrongWithAFullDisk(String name) throws Exception {
        Feed.fullDisk(folder.resolve(name));
        AnimationSink sink = sink(name);

        IOException e = assertThrows(IOException.class, () -> write(name, GREY, sink, THREE_FRAMES));

        assertTrue(e.getMessage().startsWith("cannot write " + folder.resolve(name) + ": "), e.getMessage());
    }

    @Test
    void shouldRejectWhatItCannotShow() {
        assertThrows(IllegalArgumentException.class, () -> new AnimationSink(folder.resolve("x.avi")));
        for (double rate : new double[] {0, -1, 51, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> sink("x.gif").framesPerSecond(rate));
        }
        assertThrows(IllegalArgumentException.class, () -> sink("x.gif").every(0));
        assertThrows(IllegalArgumentException.class, () -> sink("x.gif").zoom(0));
    }
}
