package org.amacrine.sinks.video;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.sink.Signal;
import org.amacrine.sinks.BaseSink;
import org.amacrine.sinks.OutputFiles;
import org.amacrine.sinks.images.Brightness;
import org.amacrine.sinks.images.Picture;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacpp.Loader;

/**
 * Writes the frames of one signal as a video, {@code .mp4} or {@code .mkv}; see {@link Picture} for what they look like.
 *
 * <p>A video shows 25 frames per second unless told otherwise, whatever the rate of the signal: 1000 steps per second are
 * shown 40 times slower than they were, or in real time when only every 40th is taken. Pictures with an odd number of
 * columns or rows get a second copy of the last one.
 *
 * <p>Without a choice of codec an {@code .mkv} is FFV1, which keeps every value of the picture, and an {@code .mp4} is H.264,
 * or MPEG-4 part 2 where FFmpeg comes without H.264 or the picture is smaller than H.264 can be.
 *
 * <p>The file can be read up to the last whole second of video at any moment, also when the process died or the disk was
 * full. A run without any frame leaves no file.
 */
public final class VideoSink extends BaseSink {
    private static final int SMALLEST_H264 = 16;

    private final Path file;
    private final boolean matroska;
    private double framesPerSecond = 25;
    private int every = 1;
    private VideoCodec codec;
    private int quality = 90;
    private Brightness brightness = Brightness.OF_EACH_FRAME;
    private int zoom = 1;
    private boolean overwrite = true;
    private Picture picture;
    private VideoRecording recording;

    /**
     * A sink for this file.
     *
     * @throws IllegalArgumentException when it ends with neither {@code .mp4} nor {@code .mkv}
     */
    public VideoSink(Path file) {
        super("video");
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".mp4") && !name.endsWith(".mkv")) {
            throw new IllegalArgumentException(
                    "file must end with .mp4 or .mkv but was \"" + file + "\"; for example " + file + ".mp4");
        }
        this.file = file;
        this.matroska = name.endsWith(".mkv");
    }

    /** Frames shown per second of video; 25 by default. */
    public VideoSink framesPerSecond(double hertz) {
        if (!(hertz > 0 && hertz <= 1000)) {
            throw new IllegalArgumentException(
                    "framesPerSecond must be > 0 and <= 1000 but was " + hertz + "; for example 25");
        }
        framesPerSecond = hertz;
        return this;
    }

    /** Takes only frames whose index is a multiple of this; 1 by default. */
    public VideoSink every(int frames) {
        if (frames < 1) {
            throw new IllegalArgumentException("every must be >= 1 but was " + frames + "; 1 takes all frames");
        }
        every = frames;
        return this;
    }

    /** How pictures are compressed; without this call it follows from the file's name. */
    public VideoSink codec(VideoCodec value) {
        if (value == VideoCodec.FFV1 && !matroska) {
            throw new IllegalArgumentException("codec ffv1 goes into .mkv files but the file was " + file
                    + "; change its name, or choose h264 or mpeg4");
        }
        codec = value;
        return this;
    }

    /** How much is kept by codecs that lose something: 1 (smallest file) to 100; 90 by default. */
    public VideoSink quality(int value) {
        if (value < 1 || value > 100) {
            throw new IllegalArgumentException("quality must be >= 1 and <= 100 but was " + value + "; for example 90");
        }
        quality = value;
        return this;
    }

    /** Which values are black and white; the range of each frame by default. */
    public VideoSink brightness(Brightness value) {
        brightness = value;
        return this;
    }

    /** Columns and rows of video for each pixel of a frame; 1 by default. */
    public VideoSink zoom(int factor) {
        if (factor < 1) {
            throw new IllegalArgumentException("zoom must be >= 1 but was " + factor + "; for example 4");
        }
        zoom = factor;
        return this;
    }

    /** Whether the file may exist already, and is then replaced; true by default. */
    public VideoSink overwrite(boolean allowed) {
        overwrite = allowed;
        return this;
    }

    @Override
    protected void begin(List<Signal> all) throws IOException {
        picture = new Picture(onlyOne(all).shape(), brightness, zoom, true);
        loadLibraries();
        VideoCodec chosen = chooseCodec();
        OutputFiles.prepare(file, overwrite);
        try {
            recording = new VideoRecording(
                    open(), picture, matroska ? "matroska" : "mp4", chosen, framesPerSecond, quality);
        } catch (IOException e) {
            throw OutputFiles.failure(file, e);
        }
    }

    /** Loads what a recording needs; FFmpeg's devices, which want libraries of a desktop, are left out. */
    private static void loadLibraries() throws IOException {
        try {
            for (Class<?> library :
                    List.of(avutil.class, swresample.class, avcodec.class, avformat.class, swscale.class)) {
                Loader.load(library);
            }
        } catch (LinkageError e) {
            throw new IOException(
                    "sink video cannot load FFmpeg for " + Loader.getPlatform() + ": " + e.getMessage()
                            + "; add org.bytedeco:ffmpeg and org.bytedeco:javacpp with that classifier",
                    e);
        }
        avutil.av_log_set_level(avutil.AV_LOG_ERROR);
    }

    private VideoCodec chooseCodec() {
        boolean tooSmall = Math.min(picture.columns(), picture.rows()) < SMALLEST_H264;
        if (codec == null) {
            boolean h264 = VideoCodec.H264.isAvailable() && !tooSmall;
            return matroska ? VideoCodec.FFV1 : h264 ? VideoCodec.H264 : VideoCodec.MPEG4;
        }
        if (!codec.isAvailable()) {
            throw new IllegalArgumentException(
                    "this build of FFmpeg has no codec " + codec.word() + "; leave it to auto");
        }
        if (codec == VideoCodec.H264 && tooSmall) {
            throw new IllegalArgumentException("codec h264 needs at least " + SMALLEST_H264 + "x" + SMALLEST_H264
                    + " pixels but a picture has " + picture.columns() + "x" + picture.rows()
                    + "; set zoom, or leave the codec to auto");
        }
        return codec;
    }

    private VideoFile open() throws IOException {
        RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw");
        try {
            // A device has no length, and refuses to be given one.
            if (opened.length() > 0) {
                opened.setLength(0);
            }
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        return new VideoFile(opened);
    }

    @Override
    protected void write(int signal, Chunk chunk) throws IOException {
        for (int t = 0; t < chunk.frames(); t++) {
            if ((chunk.firstFrame() + t) % every == 0) {
                picture.draw(chunk.values(), chunk.start(t));
                try {
                    recording.add();
                } catch (IOException e) {
                    throw OutputFiles.failure(file, e);
                }
            }
        }
    }

    @Override
    protected void finish() throws IOException {
        try {
            recording.close();
            if (recording.frames() == 0) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw OutputFiles.failure(file, e);
        }
    }
}
