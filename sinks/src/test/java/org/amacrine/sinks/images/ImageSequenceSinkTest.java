package org.amacrine.sinks.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.sink.Signal;
import org.amacrine.sinks.Feed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageSequenceSinkTest {
    private static final Shape GREY = Shape.image(2, 3);
    private static final Signal SIGNAL = Feed.signal("x", GREY);
    private static final Brightness BYTES = Brightness.fixed(0, 255);

    @TempDir
    Path folder;

    private static void write(ImageSequenceSink sink, Shape shape, long firstFrame, float... values) throws Exception {
        sink.open(List.of(Feed.signal("x", shape)));
        sink.accept(0, Feed.chunk(shape, firstFrame, values));
        sink.close();
    }

    private Raster read(String name) throws IOException {
        return ImageIO.read(folder.resolve(name).toFile()).getRaster();
    }

    private Set<String> names() throws IOException {
        return Feed.files(folder).keySet();
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "tiff"})
    void shouldKeepGreyLevels(String format) throws Exception {
        write(new ImageSequenceSink(folder).format(format).brightness(BYTES), GREY, 123, 0, 1, 50, 127, 200, 255);

        Raster image = read("frame_000000123." + format);

        assertEquals(3, image.getWidth());
        assertEquals(2, image.getHeight());
        assertEquals(1, image.getNumBands());
        assertArrayEquals(new int[] {0, 1, 50, 127, 200, 255}, image.getSamples(0, 0, 3, 2, 0, (int[]) null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "tiff"})
    void shouldKeepColours(String format) throws Exception {
        Shape colour = new Shape(3, 1, 2);
        write(new ImageSequenceSink(folder).format(format).brightness(BYTES), colour, 0, 10, 20, 110, 120, 210, 220);

        BufferedImage image =
                ImageIO.read(folder.resolve("frame_000000000." + format).toFile());

        assertEquals(0xff << 24 | 10 << 16 | 110 << 8 | 210, image.getRGB(0, 0));
        assertEquals(0xff << 24 | 20 << 16 | 120 << 8 | 220, image.getRGB(1, 0));
    }

    @Test
    void shouldNearlyKeepGreyLevelsInJpeg() throws Exception {
        write(new ImageSequenceSink(folder).format("jpg").brightness(BYTES), GREY, 0, 90, 90, 90, 90, 90, 90);

        assertEquals(90, read("frame_000000000.jpg").getSample(1, 1, 0), 2);
    }

    @Test
    void shouldUseTheRangeOfEachFrameByDefault() throws Exception {
        write(new ImageSequenceSink(folder), GREY, 0, 5, 5, 5, 6, 7, 7, 100, 300, 100, 100, 100, 200);

        assertArrayEquals(
                new int[] {0, 0, 0, 128, 255, 255},
                read("frame_000000000.png").getSamples(0, 0, 3, 2, 0, (int[]) null));
        assertArrayEquals(
                new int[] {0, 255, 0, 0, 0, 128}, read("frame_000000001.png").getSamples(0, 0, 3, 2, 0, (int[]) null));
    }

    @Test
    void shouldTakeEveryNthFrameByItsIndex() throws Exception {
        ImageSequenceSink sink =
                new ImageSequenceSink(folder.resolve("new")).prefix("a").every(3);
        write(sink, GREY, 2, Feed.frames(GREY, 8, 1).values());

        assertEquals(Set.of("new/a_000000003.png", "new/a_000000006.png", "new/a_000000009.png"), names());
    }

    @Test
    void shouldNumberInAnyCountry() throws Exception {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            write(new ImageSequenceSink(folder), GREY, 12_345_678_901L, new float[6]);
        } finally {
            Locale.setDefault(before);
        }

        assertEquals(Set.of("frame_12345678901.png"), names());
    }

    @Test
    void shouldRemoveThePicturesOfAnEarlierRunAndNothingElse() throws Exception {
        for (String name : List.of(
                "frame_000000001.png",
                "frame_1234567890.png",
                "frame_1.png",
                "frame_000000001.jpg",
                "other_000000001.png")) {
            Files.createFile(folder.resolve(name));
        }
        ImageSequenceSink sink = new ImageSequenceSink(folder);
        sink.open(List.of(SIGNAL));
        sink.close();

        assertEquals(Set.of("frame_1.png", "frame_000000001.jpg", "other_000000001.png"), names());
    }

    @Test
    void shouldNotRemovePicturesWhenToldSo() throws Exception {
        Files.createFile(folder.resolve("frame_000000001.png"));
        ImageSequenceSink sink = new ImageSequenceSink(folder).overwrite(false);

        IOException e = assertThrows(IOException.class, () -> sink.open(List.of(SIGNAL)));

        assertTrue(e.getMessage().contains("frame_000000001.png exists already"), e.getMessage());
        assertEquals(Set.of("frame_000000001.png"), names());
    }

    @Test
    void shouldLeaveAnEmptyFolderWhenNoChunkCame() throws Exception {
        ImageSequenceSink sink = new ImageSequenceSink(folder.resolve("new"));
        sink.open(List.of(SIGNAL));
        sink.close();

        assertTrue(Files.isDirectory(folder.resolve("new")));
        assertEquals(Set.of(), names());
    }

    @Test
    void shouldRejectSeveralSignals() {
        ImageSequenceSink sink = new ImageSequenceSink(folder);

        assertThrows(IllegalArgumentException.class, () -> sink.open(List.of(SIGNAL, Feed.signal("y", GREY))));
    }

    @ParameterizedTest
    @CsvSource({"gif", "PNG", "''"})
    void shouldRejectAnotherFormat(String format) {
        assertThrows(IllegalArgumentException.class, () -> new ImageSequenceSink(folder).format(format));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a\\b", "../a"})
    void shouldRejectAPrefixThatLeavesTheFolder(String prefix) {
        assertThrows(IllegalArgumentException.class, () -> new ImageSequenceSink(folder).prefix(prefix));
    }

    @Test
    void shouldRejectToTakeEveryZerothFrame() {
        assertThrows(IllegalArgumentException.class, () -> new ImageSequenceSink(folder).every(0));
    }

    @Test
    void shouldSayWhichFolderCannotBeMade() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        for (Path place : List.of(file, file.resolve("inside"))) {
            ImageSequenceSink sink = new ImageSequenceSink(place);

            IOException e = assertThrows(IOException.class, () -> sink.open(List.of(SIGNAL)));

            assertTrue(e.getMessage().startsWith("cannot make the folder " + place), e.getMessage());
        }
    }

    @Test
    void shouldSayThatTheDiskIsFullAndKeepEarlierPictures() throws Exception {
        ImageSequenceSink sink = new ImageSequenceSink(folder);
        sink.open(List.of(SIGNAL));
        sink.accept(0, Feed.chunk(GREY, 0, new float[6]));
        Path full = folder.resolve("frame_000000001.png");
        Feed.fullDisk(full);

        IOException e = assertThrows(IOException.class, () -> sink.accept(0, Feed.chunk(GREY, 1, new float[6])));

        Files.delete(full);
        assertTrue(e.getMessage().startsWith("cannot write " + full), e.getMessage());
        assertTrue(e.getMessage().contains("No space left"), e.getMessage());
        sink.close();
        assertEquals(3, read("frame_000000000.png").getWidth());
    }

    @Test
    void shouldSayThatThereIsNoPermission() throws Exception {
        Path forbidden = Feed.forbiddenFolder();
        ImageSequenceSink sink = new ImageSequenceSink(forbidden);
        sink.open(List.of(SIGNAL));

        IOException e = assertThrows(IOException.class, () -> sink.accept(0, Feed.chunk(GREY, 0, new float[6])));

        assertTrue(
                e.getMessage()
                        .startsWith("cannot write " + forbidden.resolve("frame_000000000.png") + ": no permission"),
                e.getMessage());
        sink.close();
    }
}
