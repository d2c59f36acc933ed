package org.amacrine.sources.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.amacrine.core.chunk.Shape;
import org.amacrine.sources.Colours;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.Frame;

/** One pass over a video: FFmpeg's decoder, and what the file claims about its length. */
final class VideoDecoder implements AutoCloseable {
    private static final int BYTES_PER_PIXEL = Colours.BYTES_PER_PIXEL;
    private static final double MICROS = 1e6;
    private static final double HIGHEST_RATE = 1e6;
    private static final Pattern CLOCK = Pattern.compile("(\\d+):(\\d+):(\\d+(?:\\.\\d+)?)");

    private final String what;
    private final FFmpegFrameGrabber grabber;
    private double framesPerSecond;
    private boolean constantRate;
    private double startMicros;
    private long expected;
    private Frame picture;

    /**
     * Opens a video.
     *
     * @param address file or URL as FFmpeg takes it
     * @param what the video, for messages
     * @param scale factor by which pictures are made smaller or larger
     */
    VideoDecoder(String address, String what, double scale) throws IOException {
        this.what = what;
        // FFmpeg would print its own account of a damaged file; what matters is in the exceptions.
        avutil.av_log_set_level(avutil.AV_LOG_QUIET);
        grabber = new FFmpegFrameGrabber(address);
        try {
            start();
            setSize(scale);
            // Bit-exact: the same numbers on every processor.
            grabber.setImageScalingFlags((scale < 1 ? swscale.SWS_AREA : swscale.SWS_BILINEAR)
                    | swscale.SWS_ACCURATE_RND
                    | swscale.SWS_BITEXACT);
            readClaims(grabber.getFormatContext().streams(grabber.getVideoStream()));
        } catch (IOException | RuntimeException e) {
            grabber.close();
            throw e;
        }
    }

    private void setSize(double scale) {
        double columns = Math.max(1, Math.rint(grabber.getImageWidth() * scale));
        double rows = Math.max(1, Math.rint(grabber.getImageHeight() * scale));
        if (rows * columns * BYTES_PER_PIXEL > Shape.MAX_VALUES) {
            throw new IllegalArgumentException("scale " + scale + " makes pictures of " + (long) rows + "x"
                    + (long) columns + " pixels of " + what + ", more than can be held; choose a smaller one");
        }
        grabber.setImageWidth((int) columns);
        grabber.setImageHeight((int) rows);
    }

    private void start() throws IOException {
        try {
            grabber.start();
        } catch (FFmpegFrameGrabber.Exception e) {
            throw new IOException(
                    what + " is no video that FFmpeg can read; check that it plays elsewhere, or convert it", e);
        }
        if (!grabber.hasVideo() || grabber.getVideoCodec() == avcodec.AV_CODEC_ID_ANSI) {
            throw new IOException(
                    what + " holds " + (grabber.hasVideo() ? "text" : "sound") + " but no pictures; give a video");
        }
    }

    private void readClaims(AVStream stream) {
        double rate = grabber.getVideoFrameRate();
        framesPerSecond = rate > 0 && rate <= HIGHEST_RATE ? rate : 0;
        constantRate = framesPerSecond > 0 && avutil.av_cmp_q(stream.avg_frame_rate(), stream.r_frame_rate()) == 0;
        startMicros = stream.start_time() == avutil.AV_NOPTS_VALUE ? 0 : MICROS * seconds(stream.start_time(), stream);
        long counted = stream.nb_frames();
        long timed = Math.round(durationSeconds(stream) * framesPerSecond);
        if (counted == 0) {
            expected = constantRate ? timed : 0;
        } else {
            // QuickTime files count frames also that their edit list leaves out.
            boolean mayHide = grabber.getFormat().startsWith("mov") && timed > 0;
            expected = mayHide ? Math.min(counted, timed) : counted;
        }
    }

    private static double seconds(long time, AVStream stream) {
        AVRational base = stream.time_base();
        return (double) time * base.num() / base.den();
    }

    /** Length of the pictures' stream as the file claims it; 0 when it does not say. */
    private double durationSeconds(AVStream stream) {
        if (stream.duration() != avutil.AV_NOPTS_VALUE) {
            return seconds(stream.duration(), stream);
        }
        String tag = grabber.getVideoMetadata("DURATION");
        Matcher clock = CLOCK.matcher(tag == null ? "" : tag);
        if (clock.matches()) {
            return 3600 * Double.parseDouble(clock.group(1))
                    + 60 * Double.parseDouble(clock.group(2))
                    + Double.parseDouble(clock.group(3));
        }
        AVFormatContext file = grabber.getFormatContext();
        boolean claimed = file.nb_streams() == 1
                && file.duration() != avutil.AV_NOPTS_VALUE
                && file.duration_estimation_method() != avformat.AVFMT_DURATION_FROM_BITRATE;
        return claimed ? file.duration() / (double) avutil.AV_TIME_BASE : 0;
    }

    /** Height of the scaled pictures. */
    int rows() {
        return grabber.getImageHeight();
    }

    /** Width of the scaled pictures. */
    int columns() {
        return grabber.getImageWidth();
    }

    /** Frames per second; 0 when the file does not say. */
    double framesPerSecond() {
        return framesPerSecond;
    }

    /** Whether frame i stands at i / framesPerSecond. */
    boolean constantRate() {
        return constantRate;
    }

    /** Number of frames that the file claims to hold; 0 when it does not say. */
    long expected() {
        return expected;
    }

    /** Begins anew, before the first picture. */
    void rewind() throws IOException {
        grabber.stop();
        start();
    }

    /**
     * Goes on to a frame, or to the first one after it where there is none at its time; returns false when there is no such
     * frame. All pictures on the way are decoded: the index of some files calls pictures key frames that are none, and what is
     * decoded after a leap to them is wrong.
     */
    boolean skipTo(long frame) throws IOException {
        boolean convert;
        do {
            // Conversion takes longer than decoding. A second of margin: the last picture on the way may stand after a
            // gap.
            convert = !constantRate || index() + framesPerSecond >= frame;
            picture = grab(convert);
        } while (picture != null && (index() < frame || !convert));
        return picture != null;
    }

    /** Goes on to the next picture; returns false at the end. */
    boolean next() throws IOException {
        picture = grab(true);
        return picture != null;
    }

    private Frame grab(boolean convert) throws IOException {
        try {
            return grabber.grabFrame(false, true, convert, false, false);
        } catch (FFmpegFrameGrabber.Exception e) {
            throw new IOException(what + " cannot be decoded further: " + e.getMessage(), e);
        }
    }

    /** Whether the decoder had to make up for damage in the picture. */
    boolean damaged() {
        AVFrame decoded = (AVFrame) picture.opaque;
        return decoded.decode_error_flags() != 0 || (decoded.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) != 0;
    }

    /** Copies pixels of a row of the picture from {@code column} on, until {@code into} is full: blue, green, red. */
    void copyRow(int row, int column, byte[] into) {
        ByteBuffer bytes = (ByteBuffer) picture.image[0];
        bytes.get(row * picture.imageStride + column * BYTES_PER_PIXEL, into);
    }

    /** The index of the frame that stands at the picture's time. */
    long index() {
        return Math.round((grabber.getTimestamp() - startMicros) * framesPerSecond / MICROS);
    }

    @Override
    public void close() throws IOException {
        grabber.close();
    }
}
