package org.amacrine.sources.camera;

import java.io.IOException;
import org.amacrine.sources.Colours;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_videoio;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_videoio.VideoCapture;

/**
 * Cameras through OpenCV. Its native libraries take more than 50 MB, so they do not come with the sources alone; the program has
 * them for its vision layers.
 */
final class OpenCvGrabber implements Grabber {
    private static final double MANUAL_EXPOSURE = 1;
    private static final double EXPOSURE_STEPS_PER_SECOND = 1e4;

    private final CameraRequest request;
    private VideoCapture capture;
    private Mat picture;
    private CameraMode mode;

    OpenCvGrabber(CameraRequest request) {
        this.request = request;
    }

    /** Throws {@link IllegalArgumentException} when the library is not there. */
    static void requireLibrary() {
        try {
            Class.forName(
                    "org.bytedeco.opencv.opencv_videoio.VideoCapture", false, OpenCvGrabber.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(
                    "backend opencv needs OpenCV, which is not on the class path; add org.bytedeco:opencv-platform in the"
                            + " version that fits JavaCPP's, or use the backend ffmpeg",
                    e);
        }
    }

    @Override
    public CameraMode open() throws IOException {
        capture = new VideoCapture();
        boolean isNumber = request.device().matches("\\d{1,6}");
        boolean opened = isNumber
                ? capture.open(Integer.parseInt(request.device()))
                : capture.open(request.device(), opencv_videoio.CAP_ANY);
        if (!opened) {
            throw new IOException("OpenCV cannot open it; ./amacrine cameras lists what there is");
        }
        String format = request.format();
        if (!format.equals("auto")) {
            String fourcc = format.equals("mjpeg") ? "MJPG" : format.equals("yuyv422") ? "YUYV" : format;
            if (fourcc.length() != 4) {
                throw new IOException("OpenCV knows formats by four letters, such as MJPG, but format was " + format);
            }
            set(opencv_videoio.CAP_PROP_FOURCC, code(fourcc), "format " + format);
        }
        if (request.rows() > 0) {
            set(opencv_videoio.CAP_PROP_FRAME_WIDTH, request.columns(), "columns " + request.columns());
            set(opencv_videoio.CAP_PROP_FRAME_HEIGHT, request.rows(), "rows " + request.rows());
        }
        if (request.framesPerSecond() > 0 && isNumber) {
            set(opencv_videoio.CAP_PROP_FPS, request.framesPerSecond(), "framesPerSecond " + request.framesPerSecond());
        }
        if (request.exposureSeconds() > 0) {
            set(opencv_videoio.CAP_PROP_AUTO_EXPOSURE, MANUAL_EXPOSURE, "manual exposure");
            double exposure = Cameras.IS_LINUX
                    ? request.exposureSeconds() * EXPOSURE_STEPS_PER_SECOND
                    : Math.log(request.exposureSeconds()) / Math.log(2);
            set(opencv_videoio.CAP_PROP_EXPOSURE, exposure, "exposureSeconds " + request.exposureSeconds());
        }
        if (request.gain() >= 0) {
            set(opencv_videoio.CAP_PROP_GAIN, request.gain(), "gain " + request.gain());
        }
        return readMode();
    }

    /** Four letters as OpenCV's number. */
    private static double code(String letters) {
        int code = 0;
        for (int i = letters.length() - 1; i >= 0; i--) {
            code = code << 8 | letters.charAt(i) & 0xff;
        }
        return code;
    }

    private void set(int property, double value, String what) throws IOException {
        if (!capture.set(property, value)) {
            throw new IOException("the camera does not take " + what + "; leave it out, or choose another value");
        }
    }

    private CameraMode readMode() throws IOException {
        int rows = (int) capture.get(opencv_videoio.CAP_PROP_FRAME_HEIGHT);
        int columns = (int) capture.get(opencv_videoio.CAP_PROP_FRAME_WIDTH);
        if (request.rows() > 0 && (request.rows() != rows || request.columns() != columns)) {
            throw new IOException("it has no pictures of " + request.rows() + "x" + request.columns()
                    + " pixels; the nearest have " + rows + "x" + columns);
        }
        double rate = capture.get(opencv_videoio.CAP_PROP_FPS);
        if (!(rate > 0)) {
            rate = request.framesPerSecond();
        }
        if (!(rate > 0)) {
            throw new IOException("it does not say its rate; choose framesPerSecond");
        }
        picture = new Mat();
        mode = new CameraMode(rows, columns, rate);
        return mode;
    }

    @Override
    public boolean next(CameraPicture into) {
        if (!capture.read(picture) || picture.empty()) {
            return false;
        }
        boolean fits = picture.rows() == mode.rows()
                && picture.cols() == mode.columns()
                && picture.type() == opencv_core.CV_8UC3;
        into.corrupt(!fits);
        if (fits) {
            int rowBytes = Colours.BYTES_PER_PIXEL * mode.columns();
            BytePointer data = picture.data();
            long step = picture.step();
            for (int i = 0; i < mode.rows(); i++) {
                data.position(i * step).get(into.pixels(), i * rowBytes, rowBytes);
            }
        }
        return true;
    }

    @Override
    public void close() {
        if (capture != null) {
            capture.release();
            capture.close();
            capture = null;
        }
        if (picture != null) {
            picture.close();
            picture = null;
        }
    }
}
