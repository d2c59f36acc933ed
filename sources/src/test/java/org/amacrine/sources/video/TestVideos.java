package org.amacrine.sources.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;

/** Small videos, written for the tests. */
public final class TestVideos {
    /** Rate of all videos, in hertz. */
    public static final double RATE = 25;
    /** Brightness of frame 0 of {@link #transportStream}, and how much brighter each is than the one before. */
    public static final int DARK = 20;

    public static final int BRIGHTER = 10;
    /** After so many frames it begins anew. */
    public static final int LEVELS = 20;

    private TestVideos() {}

    /** The byte of a colour (0 blue, 1 green, 2 red) of a pixel. */
    interface Colour {
        int at(int frame, int row, int column, int colour);
    }

    /** Grey without loss: pixel (i, j) of frame t is 40 t + 3 i + 5 j. */
    public static Path grey(Path file, int frames, int rows, int columns) throws IOException {
        Colour colour = (t, i, j, c) -> grey(t, i, j);
        return write(file, avcodec.AV_CODEC_ID_FFV1, avutil.AV_PIX_FMT_GRAY8, frames, rows, columns, colour);
    }

    /** A stream as it is broadcast, coded with loss: each frame stands alone, is plain grey, and brighter than the one before. */
    public static Path transportStream(Path file, int frames, int rows, int columns) throws IOException {
        Colour colour = (t, i, j, c) -> DARK + BRIGHTER * (t % LEVELS);
        return write(file, avcodec.AV_CODEC_ID_MPEG2VIDEO, avutil.AV_PIX_FMT_YUV420P, frames, rows, columns, colour);
    }

    /** The same as single images. */
    public static Path motionJpeg(Path file, int frames, int rows, int columns) throws IOException {
        Colour colour = (t, i, j, c) -> DARK + BRIGHTER * (t % LEVELS);
        return write(file, avcodec.AV_CODEC_ID_MJPEG, avutil.AV_PIX_FMT_YUVJ420P, frames, rows, columns, colour);
    }

    static int grey(int frame, int row, int column) {
        return 40 * frame % 120 + 3 * row + 5 * column;
    }

    static Path colour(Path file, int frames, int rows, int columns, Colour colour) throws IOException {
        return write(file, avcodec.AV_CODEC_ID_FFV1, avutil.AV_PIX_FMT_BGRA, frames, rows, columns, colour);
    }

    static Path write(Path file, int codec, int pixelFormat, int frames, int rows, int columns, Colour colour)
            throws IOException {
        avutil.av_log_set_level(avutil.AV_LOG_QUIET);
        try (FFmpegFrameRecorder recorder = new FFmpegFrameRecorder(file.toFile(), columns, rows, 0);
                Frame picture = new Frame(columns, rows, Frame.DEPTH_UBYTE, 3)) {
            recorder.setVideoCodec(codec);
            recorder.setPixelFormat(pixelFormat);
            recorder.setFrameRate(RATE);
            recorder.setVideoQuality(2);
            recorder.setGopSize(codec == avcodec.AV_CODEC_ID_MPEG2VIDEO ? 1 : recorder.getGopSize());
            recorder.start();
            ByteBuffer bytes = (ByteBuffer) picture.image[0];
            for (int t = 0; t < frames; t++) {
                for (int i = 0; i < rows; i++) {
                    for (int k = 0; k < 3 * columns; k++) {
                        bytes.put(i * picture.imageStride + k, (byte) colour.at(t, i, k / 3, k % 3));
                    }
                }
                recorder.record(picture, avutil.AV_PIX_FMT_BGR24);
            }
            recorder.stop();
        }
        return file;
    }

    /** A file with only the first part of another. */
    static Path cut(Path file, Path to, double part) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return Files.write(to, Arrays.copyOf(bytes, (int) (part * bytes.length)));
    }
}
