package org.amacrine.sinks.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.amacrine.sinks.images.Picture;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;

/** One video being written: pictures go in, compressed frames go to the file. */
final class VideoRecording implements AutoCloseable {
    private final VideoFile file;
    private final Picture picture;
    private final FFmpegFrameRecorder recorder;
    private final Frame frame;
    private long frames;

    /**
     * Begins a recording of what will be drawn into {@code picture}.
     *
     * @param file where to write; closed with the recording, or when it cannot begin
     * @param container {@code mp4} or {@code matroska}
     * @param quality 1 to 100
     */
    VideoRecording(
            VideoFile file, Picture picture, String container, VideoCodec codec, double framesPerSecond, int quality)
            throws IOException {
        this.file = file;
        this.picture = picture;
        this.frame = new Frame(picture.columns(), picture.rows(), Frame.DEPTH_UBYTE, picture.bytesPerPixel());
        recorder = new FFmpegFrameRecorder(file, picture.columns(), picture.rows());
        recorder.setFormat(container);
        recorder.setFrameRate(framesPerSecond);
        codec.configure(recorder, picture.bytesPerPixel() == 3, quality);
        // What is complete can be read while the recording goes on, or after it broke off: a piece for each second.
        recorder.setGopSize((int) Math.max(1, Math.round(framesPerSecond)));
        recorder.setOption("cluster_time_limit", "1000");
        recorder.setOption("movflags", "hybrid_fragmented");
        // No random identifiers: the same pictures give the same file.
        recorder.setOption("fflags", "+bitexact");
        try {
            recorder.start();
            file.check();
        } catch (IOException e) {
            recorder.release();
            frame.close();
            throw e;
        }
    }

    /** Adds the picture as it is now. */
    void add() throws IOException {
        ByteBuffer to = (ByteBuffer) frame.image[0];
        for (int y = 0; y < picture.rows(); y++) {
            to.position(y * frame.imageStride);
            to.put(picture.bytes(), y * picture.rowBytes(), picture.rowBytes());
        }
        to.rewind();
        recorder.record(frame);
        file.check();
        frames++;
    }

    /** Number of pictures added. */
    long frames() {
        return frames;
    }

    /** Writes what the codec still holds, and the end of the file, which the recorder closes in any case. */
    @Override
    public void close() throws IOException {
        try (frame) {
            recorder.stop();
            file.check();
        }
    }
}
