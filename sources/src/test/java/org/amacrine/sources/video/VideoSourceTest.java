package org.amacrine.sources.video;

import static org.amacrine.sources.TestSources.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.sources.SourceComponents;
import org.amacrine.sources.TestSources;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VideoSourceTest {
    private static final int ROWS = 12;
    private static final int COLUMNS = 16;

    @TempDir
    Path folder;

    private Path grey(int frames) throws IOException {
        return TestVideos.grey(folder.resolve("grey.mkv"), frames, ROWS, COLUMNS);
    }

    private static FrameSource source(Path file, Object... settings) {
        Map<String, Object> chosen = new HashMap<>(Map.of("file", file.toString()));
        for (int i = 0; i < settings.length; i += 2) {
            chosen.put((String) settings[i], settings[i + 1]);
        }
        return SourceComponents.source("video", chosen);
    }

    private static Frames frames(Path file, Object... settings) throws Exception {
        return TestSources.frames(source(file, settings), Resolution.DEFAULT, 1000);
    }

    private static SourceFormat format(Path file, Object... settings) throws Exception {
        try (FrameSource source = source(file, settings)) {
            return source.open(TestSources.context(Resolution.DEFAULT));
        }
    }

    @Test
    void shouldDeliverEveryPixelOfEveryFrame() throws Exception {
        Frames frames = frames(grey(7), "range", "byte");
        assertEquals(7, frames.count());
        assertEquals(Shape.image(ROWS, COLUMNS), frames.shape());
        for (int t = 0; t < 7; t++) {
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < COLUMNS; j++) {
                    assertEquals(TestVideos.grey(t, i, j), frames.at(t, i, j), t + " " + i + " " + j);
                }
            }
        }
    }

    @Test
    void shouldGiveValuesFromZeroToOneByDefault() throws Exception {
        Frames frames = frames(grey(2));
        assertEquals(TestVideos.grey(1, 3, 4) / 255f, frames.at(1, 3, 4));
    }

    @Test
    void shouldSayRateAndNumberOfFrames() throws Exception {
        Path file = grey(7);
        assertEquals(new SourceFormat(Shape.image(ROWS, COLUMNS), 25, 7, false), format(file));
        assertEquals(21, format(file, "loop", 3).frames());
        assertEquals(-1, format(file, "loop", 0).frames());
        assertEquals(4, format(file, "startSeconds", 0.12).frames());
        assertEquals(
                2, format(file, "startSeconds", 0.12, "durationSeconds", 0.08).frames());
        assertEquals(1, format(file, "startSeconds", 0.24, "durationSeconds", 5).frames());
    }

    @Test
    void shouldTakeColoursInTheOrderRedGreenBlue() throws Exception {
        Path file = TestVideos.colour(folder.resolve("colour.mkv"), 2, 4, 6, (t, i, j, c) -> 10 * t + 60 * c + i + j);
        Frames rgb = frames(file, "channel", "rgb", "range", "byte");
        assertEquals(new Shape(3, 4, 6), rgb.shape());
        float[] second = TestSources.frame(rgb, 1);
        // Row 2, column 3 of frame 1: blue is 10 + 5, green 60 more, red 120 more.
        assertEquals(135, second[2 * 6 + 3]);
        assertEquals(75, second[24 + 2 * 6 + 3]);
        assertEquals(15, second[48 + 2 * 6 + 3]);
        assertEquals(135, frames(file, "channel", "r", "range", "byte").at(1, 2, 3));
        assertEquals(75, frames(file, "channel", "g", "range", "byte").at(1, 2, 3));
        assertEquals(15, frames(file, "channel", "b", "range", "byte").at(1, 2, 3));
        assertEquals(75, frames(file, "channel", "mean", "range", "byte").at(1, 2, 3));
        assertEquals(135 / 255f, frames(file, "mode", "r").at(1, 2, 3));
    }

    @Test
    void shouldTakeTheMeanOfColoursThatDiffer() throws Exception {
        int[] colour = {10, 20, 255};
        Path file = TestVideos.colour(folder.resolve("colour.mkv"), 1, 4, 4, (t, i, j, c) -> colour[c]);
        assertEquals(95, frames(file, "range", "byte").at(0, 1, 1));
        assertEquals(285 / 765f, frames(file).at(0, 1, 1));
    }

    @Test
    void shouldCropTheMiddleOrAtAnOffset() throws Exception {
        Path file = grey(1);
        Frames middle = frames(file, "rows", 4, "columns", 6, "range", "byte");
        assertEquals(Shape.image(4, 6), middle.shape());
        assertEquals(TestVideos.grey(0, 4, 5), middle.at(0, 0, 0));
        assertEquals(TestVideos.grey(0, 7, 10), middle.at(0, 3, 5));
        Frames corner = frames(file, "rows", 4, "rowOffset", 8, "columnOffset", 1, "range", "byte");
        assertEquals(Shape.image(4, 15), corner.shape());
        assertEquals(TestVideos.grey(0, 8, 1), corner.at(0, 0, 0));
    }

    @Test
    void shouldAverageOverAreasWhenMadeSmaller() throws Exception {
        // Columns alternate between 0 and 200, so that each pair has the mean 100.
        Path file = TestVideos.colour(folder.resolve("s.mkv"), 1, 8, 16, (t, i, j, c) -> j % 2 == 0 ? 0 : 200);
        Frames half = frames(file, "scale", 0.5, "range", "byte");
        assertEquals(Shape.image(4, 8), half.shape());
        for (float value : half.values()) {
            assertEquals(100, value, 1.5f);
        }
        assertEquals(
                Shape.image(2, 3),
                frames(file, "scale", 0.5, "rows", 2, "columns", 3).shape());
    }

    @Test
    void shouldPlayAgain() throws Exception {
        Path file = grey(3);
        Frames frames = frames(file, "loop", 3, "range", "byte");
        assertEquals(9, frames.count());
        for (int t = 0; t < 9; t++) {
            assertEquals(TestVideos.grey(t % 3, 1, 2), frames.at(t, 1, 2));
        }
        FrameSource endless = source(file, "loop", 0);
        assertEquals(20, TestSources.frames(endless, Resolution.DEFAULT, 20).count());
    }

    @Test
    void shouldPlayAPart() throws Exception {
        Frames part = frames(
                TestVideos.grey(folder.resolve("long.mkv"), 60, 4, 4),
                "startSeconds",
                1.96,
                "durationSeconds",
                0.12,
                "loop",
                2,
                "range",
                "byte");
        assertEquals(6, part.count());
        for (int t = 0; t < 6; t++) {
            assertEquals(TestVideos.grey(49 + t % 3, 1, 2), part.at(t, 1, 2));
        }
    }

    @Test
    void shouldDeliverWhatIsLeftOfATruncatedVideo() throws Exception {
        Path whole = grey(20);
        Path cut = TestVideos.cut(whole, folder.resolve("cut.mkv"), 0.6);
        int delivered = 0;
        String message = "";
        try (FrameSource source = source(cut, "range", "byte")) {
            Frame frame = new Frame(
                    source.open(TestSources.context(Resolution.DEFAULT)).shape());
            while (source.read(frame)) {
                assertEquals(TestVideos.grey(delivered, 2, 3), frame.values()[2 * COLUMNS + 3]);
                delivered++;
            }
        } catch (IOException e) {
            message = e.getMessage();
        }
        assertTrue(delivered > 5 && delivered < 20, delivered + " frames");
        assertTrue(message.contains("cut.mkv ended after frame " + (delivered - 1)), message);
        assertTrue(message.contains(delivered + " of 20 frames"), message);
    }

    @Test
    void shouldNameTheFrameThatIsDamaged() throws Exception {
        Random random = new Random(5);
        Path file = TestVideos.write(
                folder.resolve("damaged.mp4"),
                avcodec.AV_CODEC_ID_MPEG4,
                avutil.AV_PIX_FMT_YUV420P,
                30,
                48,
                64,
                (t, i, j, c) -> 4 * i + random.nextInt(60));
        byte[] bytes = Files.readAllBytes(file);
        for (int k = 0; k < 300; k++) {
            bytes[bytes.length / 2 + k] = (byte) random.nextInt();
        }
        Files.write(file, bytes);
        assertFails(IOException.class, () -> frames(file), "damaged.mp4", "damaged", "frame");
    }

    @Test
    void shouldSayWhatIsWrongWithAFile() throws Exception {
        assertFails(IOException.class, () -> format(folder.resolve("none.mp4")), "no file", "none.mp4");
        assertFails(IOException.class, () -> format(folder), "is a folder");
        Path empty = Files.createFile(folder.resolve("empty.mp4"));
        assertFails(IOException.class, () -> format(empty), "empty.mp4 is empty");
        Path text = Files.writeString(folder.resolve("text.mp4"), "not a video\n".repeat(100));
        assertFails(IOException.class, () -> format(text), "text.mp4 is no video");
        Path notes = Files.writeString(folder.resolve("notes.txt"), "not a video\n".repeat(100));
        assertFails(IOException.class, () -> format(notes), "notes.txt holds text but no pictures");
        Path sound = Files.write(folder.resolve("sound.wav"), wav());
        assertFails(IOException.class, () -> format(sound), "sound.wav holds sound but no pictures");
    }

    /** A tenth of a second of silence. */
    private static byte[] wav() {
        ByteBuffer wav = ByteBuffer.allocate(44 + 1600).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes()).putInt(36 + 1600).put("WAVEfmt ".getBytes()).putInt(16);
        wav.putShort((short) 1).putShort((short) 1).putInt(8000).putInt(16000).putShort((short) 2);
        wav.putShort((short) 16).put("data".getBytes()).putInt(1600);
        return wav.array();
    }

    @Test
    void shouldRejectSettingsThatDoNotFitTheVideo() throws Exception {
        Path file = grey(5);
        Class<IllegalArgumentException> wrong = IllegalArgumentException.class;
        assertFails(wrong, () -> format(file, "rows", 13), "grey.mkv has 12x16 pixels", "13xall");
        assertFails(wrong, () -> format(file, "columns", 10, "columnOffset", 7), "allx10 at middle,7");
        assertFails(wrong, () -> format(file, "startSeconds", 0.2), "startSeconds 0.2 is frame 5", "has 5 frames");
        assertFails(wrong, () -> source(file, "scale", 0), "scale must be", "> 0");
        assertFails(wrong, () -> source(file, "loop", -1), "loop must be", ">= 0");
        assertFails(wrong, () -> source(file, "channel", "grey"), "one of mean, r, g, b, rgb");
        assertFails(wrong, () -> SourceComponents.source("video", Map.of()), "video needs file");
        Path large = TestVideos.grey(folder.resolve("large.mkv"), 1, 16, 2000);
        assertFails(wrong, () -> format(TestVideos.grey(large, 1, 1000, 2000), "scale", 16), "16000x32000", "smaller");
    }

    @Test
    void shouldGiveBackAllFiles() throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "open files can be counted only where there is /proc");
        Path file = grey(2);
        FrameSource source = source(file);
        for (int i = 0; i < 20; i++) {
            readOne(source);
        }
        int before = count(descriptors);
        for (int i = 0; i < 200; i++) {
            readOne(source);
        }
        int after = count(descriptors);
        assertTrue(after <= before + 2, before + " files were open, then " + after);
    }

    private static void readOne(FrameSource source) throws Exception {
        try (source) {
            assertTrue(source.read(new Frame(
                    source.open(TestSources.context(Resolution.DEFAULT)).shape())));
        }
    }

    private static int count(Path descriptors) throws IOException {
        try (Stream<Path> open = Files.list(descriptors)) {
            return (int) open.count();
        }
    }

    @Test
    void shouldGiveTheSameFramesWhenOpenedAgain() throws Exception {
        FrameSource source = source(grey(4));
        Frames first = TestSources.frames(source, Resolution.DEFAULT, 100);
        assertArrayEquals(
                first.values(),
                TestSources.frames(source, Resolution.DEFAULT, 100).values());
    }
}
