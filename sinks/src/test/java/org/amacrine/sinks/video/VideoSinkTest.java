package org.amacrine.sinks.video;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.sink.Signal;
import org.amacrine.sinks.Feed;
import org.amacrine.sinks.images.Brightness;
import org.amacrine.sinks.images.Picture;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VideoSinkTest {
    private static final Shape GREY = Shape.image(24, 32);
    private static final Signal SIGNAL = Feed.signal("x", GREY);
    private static final Brightness BYTES = Brightness.fixed(0, 255);

    @TempDir
    Path folder;

    /** What a player sees of a video: bytes of each picture, row after row, and how fast they follow. */
    private record Seen(String codec, int columns, int rows, double framesPerSecond, List<byte[]> pictures) {}

    private static Seen see(Path file, boolean colour) throws IOException {
        List<byte[]> pictures = new ArrayList<>();
        try (FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(file.toFile())) {
            grabber.setPixelFormat(colour ? avutil.AV_PIX_FMT_BGR24 : avutil.AV_PIX_FMT_GRAY8);
            grabber.start();
            int columns = grabber.getImageWidth();
            int rows = grabber.getImageHeight();
            int rowBytes = columns * (colour ? 3 : 1);
            for (Frame frame = grabber.grabImage(); frame != null; frame = grabber.grabImage()) {
                byte[] picture = new byte[rowBytes * rows];
                ByteBuffer from = (ByteBuffer) frame.image[0];
                for (int y = 0; y < rows; y++) {
                    from.position(y * frame.imageStride).get(picture, y * rowBytes, rowBytes);
                }
                pictures.add(picture);
            }
            return new Seen(grabber.getVideoCodecName(), columns, rows, grabber.getVideoFrameRate(), pictures);
        }
    }

    private static void write(VideoSink sink, Frames frames) throws Exception {
        sink.open(List.of(Feed.signal("x", frames.shape())));
        Feed.send(sink, List.of(frames), 0, 7);
        sink.close();
    }

    /** A grey ramp that moves by one column with each frame; levels 0 to 248. */
    private static Frames ramp(Shape shape, int count) {
        Frames frames = Frames.zeros(shape, count);
        for (int i = 0; i < frames.values().length; i++) {
            int column = i % shape.columns();
            int frame = i / shape.values();
            frames.values()[i] = (column + frame) % shape.columns() * (248 / (shape.columns() - 1));
        }
        return frames;
    }

    private static byte[] bytesOf(Frames frames, int frame) {
        byte[] bytes = new byte[frames.shape().values()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) frames.values()[frame * bytes.length + i];
        }
        return bytes;
    }

    private static void assertNear(byte[] expected, byte[] seen, double meanError) {
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
            sum += Math.abs(Byte.toUnsignedInt(expected[i]) - Byte.toUnsignedInt(seen[i]));
        }
        double mean = sum / expected.length;
        assertTrue(mean <= meanError, () -> "mean error " + mean);
    }

    @Test
    void shouldKeepEveryGreyLevelInMkv() throws Exception {
        Path file = folder.resolve("new/x.mkv");
        Frames frames = ramp(GREY, 30);

        write(new VideoSink(file).brightness(BYTES), frames);

        Seen seen = see(file, false);
        assertEquals("ffv1", seen.codec());
        assertEquals(25, seen.framesPerSecond(), 1e-9);
        assertEquals(30, seen.pictures().size());
        for (int t = 0; t < 30; t++) {
            assertArrayEquals(bytesOf(frames, t), seen.pictures().get(t), "frame " + t);
        }
    }

    @Test
    void shouldKeepEveryColourInMkv() throws Exception {
        Path file = folder.resolve("x.mkv");
        Shape colour = new Shape(3, 2, 2);

        write(
                new VideoSink(file).brightness(BYTES),
                new Frames(colour, 1, new float[] {255, 0, 0, 7, 0, 255, 0, 80, 0, 0, 255, 160}));

        byte[] blueGreenRed = {0, 0, -1, 0, -1, 0, -1, 0, 0, (byte) 160, 80, 7};
        assertArrayEquals(blueGreenRed, see(file, true).pictures().get(0));
    }

    @ParameterizedTest
    @CsvSource({"x.mp4, H264, h264", "x.mkv, H264, h264", "x.mp4, MPEG4, mpeg4", "x.mkv, MPEG4, mpeg4"})
    void shouldNearlyKeepGreyLevelsWithACodecThatLoses(String name, VideoCodec codec, String expected)
            throws Exception {
        Path file = folder.resolve(name);
        Frames frames = ramp(GREY, 30);

        write(new VideoSink(file).brightness(BYTES).codec(codec).framesPerSecond(50), frames);

        Seen seen = see(file, false);
        assertTrue(seen.codec().contains(expected), seen.codec());
        assertEquals(50, seen.framesPerSecond(), 1e-9);
        assertEquals(30, seen.pictures().size());
        for (int t = 0; t < 30; t++) {
            assertNear(bytesOf(frames, t), seen.pictures().get(t), 4);
        }
    }

    @ParameterizedTest
    @CsvSource({"16, h264", "14, mpeg4"})
    void shouldChooseACodecThatCanTakeTheSize(int rows, String expected) throws Exception {
        Path file = folder.resolve("x.mp4");

        write(new VideoSink(file).brightness(BYTES), ramp(Shape.image(rows, 16), 2));

        assertTrue(see(file, false).codec().contains(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.mp4", "x.mkv"})
    void shouldMakeOddSizesEven(String name) throws Exception {
        Path file = folder.resolve(name);

        write(new VideoSink(file).brightness(BYTES), ramp(Shape.image(17, 19), 3));

        Seen seen = see(file, false);
        assertEquals(20, seen.columns());
        assertEquals(18, seen.rows());
        byte[] last = seen.pictures().get(2);
        for (int column = 0; column < 19; column++) {
            assertEquals((column + 2) % 19 * 13, Byte.toUnsignedInt(last[17 * 20 + column]), 14);
        }
    }

    @Test
    void shouldMagnify() throws Exception {
        Path file = folder.resolve("x.mkv");

        write(new VideoSink(file).brightness(BYTES).zoom(2), new Frames(Shape.image(1, 2), 1, new float[] {9, 200}));

        Seen seen = see(file, false);
        assertEquals(4, seen.columns());
        assertEquals(2, seen.rows());
        byte high = (byte) 200;
        assertArrayEquals(
                new byte[] {9, 9, high, high, 9, 9, high, high}, seen.pictures().get(0));
    }

    @Test
    void shouldTakeEveryNthFrameByItsIndex() throws Exception {
        Path file = folder.resolve("x.mkv");
        Frames frames = ramp(GREY, 10);
        VideoSink sink = new VideoSink(file).brightness(BYTES).every(4);
        sink.open(List.of(SIGNAL));
        Feed.send(sink, List.of(frames), 2, 3);
        sink.close();

        List<byte[]> pictures = see(file, false).pictures();

        assertEquals(2, pictures.size());
        assertArrayEquals(bytesOf(frames, 2), pictures.get(0));
        assertArrayEquals(bytesOf(frames, 6), pictures.get(1));
    }

    @Test
    void shouldKeepMoreAtHigherQuality() throws Exception {
        for (VideoCodec codec : List.of(VideoCodec.H264, VideoCodec.MPEG4)) {
            Path poor = folder.resolve(codec + "-poor.mp4");
            Path good = folder.resolve(codec + "-good.mp4");
            write(new VideoSink(poor).codec(codec).quality(10), Feed.frames(GREY, 10, 1));
            write(new VideoSink(good).codec(codec).quality(100), Feed.frames(GREY, 10, 1));

            assertTrue(Files.size(good) > 2 * Files.size(poor), codec + " does not heed the quality");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeReadableUpToTheLastWholeSecondWhileStillOpen(VideoCodec codec) throws Exception {
        Path file = folder.resolve(codec == VideoCodec.FFV1 ? "x.mkv" : "x.mp4");
        Path copy = folder.resolve("copy-" + file.getFileName());
        VideoSink sink = new VideoSink(file).brightness(BYTES).codec(codec).framesPerSecond(20);
        sink.open(List.of(SIGNAL));
        Feed.send(sink, List.of(Frames.zeros(GREY, 60)), 0, 60);
        Files.copy(file, copy);
        sink.close();

        int frames = see(copy, false).pictures().size();

        assertTrue(frames >= 40 && frames < 60, () -> frames + " frames");
        assertEquals(60, see(file, false).pictures().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp4", "matroska"})
    void shouldStayReadableWhenTheDiskBecomesFull(String container) throws Exception {
        Path file = folder.resolve("x");
        Picture picture = new Picture(GREY, Brightness.fixed(0, 1), 1, true);
        Frames frames = Feed.frames(GREY, 200, 1);
        VideoCodec codec = container.equals("mp4") ? VideoCodec.MPEG4 : VideoCodec.FFV1;
        VideoRecording recording =
                new VideoRecording(new VideoFile(new SmallDisk(file, 60_000)), picture, container, codec, 10, 90);

        IOException e = assertThrows(IOException.class, () -> {
            for (int t = 0; t < 200; t++) {
                picture.draw(frames.values(), t * GREY.values());
                recording.add();
            }
        });

        assertEquals("no space", e.getMessage());
        assertThrows(IOException.class, recording::close);
        int seen = see(file, false).pictures().size();
        assertTrue(seen >= 20 && seen < 200, () -> seen + " frames");
    }

    @Test
    void shouldSayThatTheDiskIsFull() throws Exception {
        Path file = folder.resolve("x.mkv");
        Feed.fullDisk(file);

        IOException e = assertThrows(IOException.class, () -> write(new VideoSink(file), ramp(GREY, 100)));

        Files.delete(file);
        assertTrue(e.getMessage().contains("cannot write " + file), e.getMessage());
        assertTrue(e.getMessage().contains("No space left"), e.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void shouldLeaveNoFileWhenNoFrameCame(VideoCodec codec) throws Exception {
        Path file = folder.resolve("x.mkv");
        VideoSink sink = new VideoSink(file).codec(codec);
        sink.open(List.of(SIGNAL));
        assertTrue(Files.exists(file));
        sink.close();

        assertEquals(Map.of(), Feed.files(folder));
    }

    @Test
    void shouldNotOverwriteWhenToldSo() throws Exception {
        Path file = folder.resolve("x.mp4");
        Files.writeString(file, "precious");
        VideoSink sink = new VideoSink(file).overwrite(false);

        assertThrows(IOException.class, () -> sink.open(List.of(SIGNAL)));

        assertEquals("precious", Files.readString(file));
    }

    @Test
    void shouldRejectSeveralSignals() {
        VideoSink sink = new VideoSink(folder.resolve("x.mp4"));

        assertThrows(IllegalArgumentException.class, () -> sink.open(List.of(SIGNAL, Feed.signal("y", GREY))));
        assertFalse(Files.exists(folder.resolve("x.mp4")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.avi", "x", "mp4"})
    void shouldRejectAnotherKindOfFile(String name) {
        assertThrows(IllegalArgumentException.class, () -> new VideoSink(Path.of(name)));
    }

    @Test
    void shouldRejectSettingsThatMakeNoVideo() {
        VideoSink sink = new VideoSink(folder.resolve("x.mp4"));

        assertThrows(IllegalArgumentException.class, () -> sink.framesPerSecond(0));
        assertThrows(IllegalArgumentException.class, () -> sink.framesPerSecond(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> sink.every(0));
        assertThrows(IllegalArgumentException.class, () -> sink.quality(0));
        assertThrows(IllegalArgumentException.class, () -> sink.quality(101));
        assertThrows(IllegalArgumentException.class, () -> sink.zoom(0));
        assertThrows(IllegalArgumentException.class, () -> sink.codec(VideoCodec.FFV1));
    }

    @Test
    void shouldRejectPicturesTooSmallForTheCodecThatWasChosen() {
        VideoSink sink = new VideoSink(folder.resolve("x.mp4")).codec(VideoCodec.H264);
        Signal small = Feed.signal("x", Shape.image(16, 10));

        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> sink.open(List.of(small)));

        assertTrue(e.getMessage().contains("a picture has 10x16"), e.getMessage());
    }

    @Test
    void shouldRejectAFolderInPlaceOfTheFile() throws Exception {
        Path file = Files.createDirectory(folder.resolve("x.mp4"));

        IOException e = assertThrows(IOException.class, () -> new VideoSink(file).open(List.of(SIGNAL)));

        assertTrue(e.getMessage().contains(file + " is a folder"), e.getMessage());
    }

    @Test
    void shouldSayWhichFolderCannotBeMade() throws Exception {
        Path file = Files.createFile(folder.resolve("file")).resolve("x.mp4");

        IOException e = assertThrows(IOException.class, () -> new VideoSink(file).open(List.of(SIGNAL)));

        assertTrue(e.getMessage().startsWith("cannot make the folder " + file.getParent()), e.getMessage());
    }

    @Test
    void shouldSayThatThereIsNoPermission() {
        Path forbidden = Feed.forbiddenFolder().resolve("x.mp4");

        IOException e = assertThrows(IOException.class, () -> new VideoSink(forbidden).open(List.of(SIGNAL)));

        assertTrue(e.getMessage().startsWith("cannot write " + forbidden), e.getMessage());
    }
}
