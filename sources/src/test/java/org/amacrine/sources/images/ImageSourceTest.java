package org.amacrine.sources.images;

import static org.amacrine.sources.TestSources.assertFails;
import static org.amacrine.sources.TestSources.assertFrame;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.sources.SourceComponents;
import org.amacrine.sources.TestSources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageSourceTest {
    @TempDir
    Path folder;

    private static FrameSource source(String files, Object... settings) {
        Map<String, Object> chosen = new HashMap<>(Map.of("files", files));
        for (int i = 0; i < settings.length; i += 2) {
            chosen.put((String) settings[i], settings[i + 1]);
        }
        return SourceComponents.source("images", chosen);
    }

    private static Frames frames(String files, Object... settings) throws Exception {
        return TestSources.frames(source(files, settings), Resolution.DEFAULT, 1000);
    }

    /** A grey image, row by row. */
    private String grey(String name, int columns, int... values) throws IOException {
        BufferedImage image = new BufferedImage(columns, values.length / columns, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSamples(0, 0, columns, values.length / columns, 0, values);
        return write(name, image);
    }

    private String write(String name, BufferedImage image) throws IOException {
        Path file = folder.resolve(name);
        String format = name.substring(name.lastIndexOf('.') + 1);
        assertTrue(ImageIO.write(image, format, file.toFile()));
        return file.toString();
    }

    @Test
    void shouldShowGreyImagesAsTheyAre() throws Exception {
        String file = grey("a.png", 3, 0, 51, 255, 1, 2, 3);
        Frames bytes = frames(file, "range", "byte");
        assertEquals(Shape.image(2, 3), bytes.shape());
        assertArrayEquals(new float[] {0, 51, 255, 1, 2, 3}, bytes.values());
        assertFrame(frames(file), 0, 0, 0.2, 1, 1 / 255.0, 2 / 255.0, 3 / 255.0);
    }

    @Test
    void shouldTakeTheMeanOfColoursOrAllThree() throws Exception {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_3BYTE_BGR);
        image.setRGB(0, 0, 0x0a1eff);
        image.setRGB(1, 0, 0x030303);
        String file = write("a.png", image);
        // 10 + 30 + 255 = 295.
        assertFrame(frames(file, "range", "byte"), 0, 295 / 3.0, 3);
        Frames colour = frames(file, "color", true, "range", "byte");
        assertEquals(new Shape(3, 1, 2), colour.shape());
        assertFrame(colour, 0, 10, 3, 30, 3, 255, 3);
        assertEquals(10 / 255f, frames(file, "is_color", true).values()[0]);
    }

    @Test
    void shouldShowGreyThreeTimesWhenColourIsWanted() throws Exception {
        assertFrame(frames(grey("a.png", 2, 7, 9), "color", true, "range", "byte"), 0, 7, 9, 7, 9, 7, 9);
    }

    @Test
    void shouldReadPalettesTransparencyAndBitmaps() throws Exception {
        for (int type :
                new int[] {BufferedImage.TYPE_BYTE_INDEXED, BufferedImage.TYPE_4BYTE_ABGR, BufferedImage.TYPE_INT_RGB
                }) {
            BufferedImage image = new BufferedImage(2, 1, type);
            image.setRGB(0, 0, 0xff3300ff);
            image.setRGB(1, 0, 0xffffffff);
            Frames frames = frames(write("t" + type + ".png", image), "color", true, "range", "byte");
            assertFrame(frames, 0, 0x33, 255, 0, 255, 255, 255);
        }
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_565_RGB);
        image.setRGB(1, 0, 0xffffff);
        assertFrame(frames(write("b.bmp", image)), 0, 0, 1);
    }

    @Test
    void shouldKeepThePrecisionOfSixteenBits() throws Exception {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setSample(0, 0, 0, 257);
        image.getRaster().setSample(1, 0, 0, 1);
        String file = write("a.png", image);
        assertFrame(frames(file), 0, 257 / 65535.0, 1 / 65535.0);
        assertFrame(frames(file, "range", "byte"), 0, 1, 255 / 65535.0);
    }

    @Test
    void shouldShowFilesInTheOrderOfTheirNamesOrOfTheList() throws Exception {
        String b = grey("b.png", 1, 2);
        String c = grey("c.png", 1, 3);
        String a = grey("a.png", 1, 1);
        grey("other.bmp", 1, 9);
        assertArrayEquals(
                new float[] {1, 2, 3},
                frames(folder + "/*.png", "range", "byte").values());
        assertArrayEquals(
                new float[] {3, 1, 2},
                frames(c + ", " + a + "," + b, "range", "byte").values());
        assertArrayEquals(
                new float[] {3, 1, 2, 3},
                frames(c + "," + folder + "/?.png", "range", "byte").values());
    }

    @Test
    void shouldShowEachImageForSomeFramesAndBeginAgain() throws Exception {
        grey("a.png", 1, 1);
        grey("b.png", 1, 2);
        String all = folder + "/*.png";
        Frames frames = frames(all, "repeat", 3, "loop", 2, "range", "byte");
        assertArrayEquals(new float[] {1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2}, frames.values());
        assertEquals(1000, frames(all, "loop", 0).count());
        try (FrameSource source = source(all, "repeat", 3, "loop", 2, "framesPerSecond", 24)) {
            SourceFormat format = source.open(TestSources.context(Resolution.DEFAULT));
            assertEquals(new SourceFormat(Shape.image(1, 1), 24, 12, false), format);
        }
    }

    @Test
    void shouldCropLargerImagesToTheExtentOfTheFirst() throws Exception {
        String first = grey("a.png", 2, 1, 2);
        String large = grey("b.png", 4, 0, 0, 0, 0, 5, 6, 7, 8, 9, 9, 9, 9);
        Frames frames = frames(first + "," + large, "range", "byte");
        assertArrayEquals(new float[] {1, 2, 6, 7}, frames.values());
        Frames corner = frames(large, "rows", 1, "columns", 2, "rowOffset", 1, "columnOffset", 0, "range", "byte");
        assertArrayEquals(new float[] {5, 6}, corner.values());
    }

    @Test
    void shouldRejectImagesSmallerThanTheCrop() throws Exception {
        String small = grey("small.png", 2, 1, 2);
        String large = grey("large.png", 3, 1, 2, 3, 4, 5, 6);
        assertFails(
                IllegalArgumentException.class, () -> frames(small, "rows", 2), "small.png has 1x2 pixels", "2xall");
        assertFails(
                IOException.class,
                () -> frames(large + "," + small, "repeat", 5),
                "no image for frame 5",
                "small.png has 1x2 pixels");
    }

    @Test
    void shouldKeepGoodFramesBeforeADamagedImage() throws Exception {
        String good = grey("good.png", 2, 1, 2);
        for (String format : new String[] {"png", "jpg", "gif", "bmp"}) {
            Path damaged = cutInHalf("damaged." + format);
            try (FrameSource source = source(good + "," + damaged, "rows", 1, "columns", 2, "range", "byte")) {
                Frame frame = new Frame(
                        source.open(TestSources.context(Resolution.DEFAULT)).shape());
                assertTrue(source.read(frame));
                assertArrayEquals(new float[] {1, 2}, frame.values());
                assertFails(IOException.class, () -> source.read(frame), "frame 1", "damaged." + format);
            }
        }
    }

    private Path cutInHalf(String name) throws IOException {
        BufferedImage noise = new BufferedImage(60, 60, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(3);
        for (int i = 0; i < 3600; i++) {
            noise.setRGB(i % 60, i / 60, random.nextInt());
        }
        Path file = Path.of(write(name, noise));
        byte[] bytes = Files.readAllBytes(file);
        return Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    }

    @Test
    void shouldSayWhatIsWrongWithFiles() throws Exception {
        assertFails(IOException.class, () -> frames(folder.resolve("none.png").toString()), "no file", "none.png");
        assertFails(IOException.class, () -> frames(folder + "/*.png"), "no file matches", "*.png");
        assertFails(IOException.class, () -> frames(folder + "/none/*.png"), "no folder", "none");
        assertFails(IOException.class, () -> frames(folder + "/*/a.png"), "pattern among its folders");
        assertFails(IOException.class, () -> frames(folder.toString()), "is a folder");
        assertFails(IOException.class, () -> frames(" , "), "names no file");
        Path empty = Files.createFile(folder.resolve("empty.png"));
        assertFails(IOException.class, () -> frames(empty.toString()), "empty.png is empty");
        Path text = Files.writeString(folder.resolve("text.png"), "no image in here");
        assertFails(IOException.class, () -> frames(text.toString()), "text.png is no image");
        assertFails(IllegalArgumentException.class, () -> SourceComponents.source("images", Map.of()), "needs files");
        assertFails(IllegalArgumentException.class, () -> source("a.png", "repeat", 0), "repeat must be", ">= 1");
        assertFails(IllegalArgumentException.class, () -> source("a.png", "range", "word"), "one of unit, byte");
    }
}
