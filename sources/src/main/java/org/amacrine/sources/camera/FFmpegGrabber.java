package org.amacrine.sources.camera;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.amacrine.sources.Colours;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.Frame;

/**
 * Cameras through FFmpeg: Video4Linux, AVFoundation on macOS, DirectShow on Windows; and live video from addresses like
 * {@code rtsp://…}, {@code http://…}, {@code udp://…}.
 *
 * <p>JavaCV opens and closes under a lock that all its grabbers share; one that hangs would take the others with it. The calls
 * without the lock are used instead, which FFmpeg has allowed for years.
 */
final class FFmpegGrabber implements Grabber {
    private static final Pattern ERROR_CODE = Pattern.compile("error (-?\\d+)");
    private static final int MOST_ERROR_BYTES = 128;
    private static final double HIGHEST_RATE = 1000;
    private static final double SHARE_OF_LIMIT = 0.8;
    private static final String ANALYZE_MICROS = "1000000";

    private final CameraRequest request;
    private FFmpegFrameGrabber grabber;
    private int rowBytes;
    private int rows;

    FFmpegGrabber(CameraRequest request) {
        this.request = request;
    }

    @Override
    public CameraMode open() throws IOException, InterruptedException {
        FFmpegFrameGrabber.tryLoad();
        // FFmpeg would print its own account of each problem; what matters is in the exceptions.
        avutil.av_log_set_level(avutil.AV_LOG_QUIET);
        boolean isAddress = request.isAddress();
        String file = isAddress ? request.device() : Cameras.file(request.device());
        if (request.exposureSeconds() != 0 || request.gain() != -1) {
            setExposure(file);
        }
        grabber = new FFmpegFrameGrabber(file);
        if (isAddress) {
            askAddress();
        } else {
            askDevice();
        }
        // Threads that each decode a frame of their own would hold frames back.
        grabber.setVideoOption("thread_type", "slice");
        grabber.setVideoOption("flags", "low_delay");
        grabber.setImageScalingFlags(swscale.SWS_AREA | swscale.SWS_ACCURATE_RND | swscale.SWS_BITEXACT);
        long begun = System.nanoTime();
        try {
            grabber.startUnsafe(true);
        } catch (FFmpegFrameGrabber.Exception e) {
            String why = isAddress && isRtsp() && System.nanoTime() - begun >= 1000 * patienceMicros()
                    // FFmpeg takes no answer for a bad one.
                    ? "no answer in RTSP came from it in time"
                    : why(e);
            throw new IOException(
                    why + (isAddress ? "; check the address" : "; ./amacrine cameras lists what there is"), e);
        }
        if (!grabber.hasVideo()) {
            throw new IOException("it has no pictures; give the address of a video");
        }
        rows = grabber.getImageHeight();
        rowBytes = Colours.BYTES_PER_PIXEL * grabber.getImageWidth();
        return mode(isAddress);
    }

    private void setExposure(String file) throws IOException, InterruptedException {
        if (request.isAddress()) {
            throw new IOException("exposure and gain cannot be set through an address; leave them out");
        }
        if (!Cameras.IS_LINUX) {
            throw new IOException(
                    "FFmpeg sets no exposure and gain on this system; use the backend opencv, or leave" + " them out");
        }
        V4l2Controls.set(file, request.exposureSeconds(), request.gain(), V4l2Controls.PROCESS);
    }

    private String protocol() {
        return request.device().substring(0, request.device().indexOf("://")).toLowerCase(Locale.ROOT);
    }

    private boolean isRtsp() {
        return protocol().startsWith("rtsp");
    }

    /** How long FFmpeg waits for a silent sender: it shall end the call by itself, a little before the watchdog looks. */
    private long patienceMicros() {
        return Math.round(request.timeoutSeconds() * SHARE_OF_LIMIT * 1e6);
    }

    private void askAddress() {
        String option = isRtsp() || protocol().equals("udp") ? "timeout" : "rw_timeout";
        grabber.setOption(option, Long.toString(patienceMicros()));
        if (isRtsp()) {
            // Over the connection itself where the server can: datagrams are lost, and firewalls stop them.
            grabber.setOption("rtsp_flags", "prefer_tcp");
        }
        grabber.setOption("fflags", "nobuffer");
        grabber.setOption("analyzeduration", ANALYZE_MICROS);
        if (!request.format().equals("auto")) {
            grabber.setFormat(request.format());
        }
        if (request.rows() > 0) {
            grabber.setImageWidth(request.columns());
            grabber.setImageHeight(request.rows());
        }
    }

    private void askDevice() {
        grabber.setFormat(Cameras.ffmpegFormat());
        if (request.rows() > 0) {
            grabber.setOption("video_size", request.columns() + "x" + request.rows());
        }
        if (request.framesPerSecond() > 0) {
            grabber.setFrameRate(request.framesPerSecond());
        }
        if (!request.format().equals("auto")) {
            grabber.setOption(Cameras.IS_LINUX ? "input_format" : "pixel_format", request.format());
        }
    }

    private CameraMode mode(boolean isAddress) throws IOException {
        int columns = grabber.getImageWidth();
        if (request.rows() > 0 && (request.rows() != rows || request.columns() != columns)) {
            throw new IOException("it has no pictures of " + request.rows() + "x" + request.columns()
                    + " pixels; the nearest have " + rows + "x" + columns + "; ./amacrine cameras lists its modes");
        }
        AVStream stream = grabber.getFormatContext().streams(grabber.getVideoStream());
        double rate = rate(stream.avg_frame_rate());
        if (!(rate > 0 && rate <= HIGHEST_RATE)) {
            rate = rate(stream.r_frame_rate());
        }
        if (isAddress && request.framesPerSecond() > 0) {
            rate = request.framesPerSecond();
        }
        if (!(rate > 0 && rate <= HIGHEST_RATE)) {
            throw new IOException("it does not say its rate; choose framesPerSecond");
        }
        return new CameraMode(rows, columns, rate);
    }

    private static double rate(AVRational rate) {
        return rate.den() == 0 ? 0 : (double) rate.num() / rate.den();
    }

    /** FFmpeg's own words for its error, which JavaCV tells by number. */
    private static String why(FFmpegFrameGrabber.Exception e) {
        Matcher code = ERROR_CODE.matcher(String.valueOf(e.getMessage()));
        if (!code.find()) {
            return e.getMessage();
        }
        byte[] text = new byte[MOST_ERROR_BYTES];
        avutil.av_strerror(Integer.parseInt(code.group(1)), text, text.length);
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return new String(text, 0, end, java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public boolean next(CameraPicture into) throws IOException {
        Frame picture = grabber.grabFrame(false, true, true, false, false);
        if (picture == null) {
            return false;
        }
        AVFrame decoded = (AVFrame) picture.opaque;
        into.corrupt(decoded.decode_error_flags() != 0 || (decoded.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) != 0);
        if (decoded.best_effort_timestamp() != avutil.AV_NOPTS_VALUE) {
            long nanos = 1000 * grabber.getTimestamp();
            into.deviceNanos(nanos == 0 ? 1 : nanos);
        }
        ByteBuffer bytes = (ByteBuffer) picture.image[0];
        for (int i = 0; i < rows; i++) {
            bytes.get(i * picture.imageStride, into.pixels(), i * rowBytes, rowBytes);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        if (grabber != null) {
            grabber.releaseUnsafe();
            grabber = null;
        }
    }

    /** Names of the cameras that FFmpeg finds, on systems where they have no files. */
    static List<String> deviceNames(String format) throws IOException {
        FFmpegFrameGrabber.tryLoad();
        return FFmpegDevices.names(format);
    }
}
