package org.amacrine.sources.camera;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.run.Clock;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.sources.Colours;
import org.amacrine.sources.Settings;

/**
 * A live camera, or a live stream of pictures from an address like {@code rtsp://…}. Its frames come when they come; those that
 * do not come leave a gap of their number in the stream, so that stream time stays the world's time.
 *
 * <pre>
 *   Grabber ──camera-NAME──▶ 4 pictures ──source-NAME──▶ one channel, or red, green, blue ──range──▶ frame
 *      ▲                                      │
 *      └── opened again, 0.25 s … 5 s ◀── lost: an error, the end, or nothing for timeoutSeconds
 * </pre>
 *
 * <p>The grabber has a thread of its own under a watchdog, because libraries hang for hours when a camera is lost. A thread that
 * hangs is left to itself and the camera opened again; when too many hang the source fails.
 *
 * <p>Missing frames are known by the device's own time stamps where it has them, by the host's time while it was lost, and by
 * the damage of pictures that came. A camera that slows down, as many do in the dark, leaves gaps too. While the runner is
 * paused the camera goes on, and so does the stream's time.
 *
 * <p>The first opening must succeed, or the source fails. After that it is tried again for as long as the source is open.
 */
public final class CameraSource implements FrameSource {
    /** Threads that may hang at the same time. */
    static final int MOST_ABANDONED = 3;

    private static final System.Logger LOG = System.getLogger(CameraSource.class.getName());
    private static final long FIRST_PAUSE_NANOS = 250_000_000L;
    private static final long LONGEST_PAUSE_NANOS = 5_000_000_000L;
    /** How long a thread has to end before it counts as hanging. */
    private static final long GRACE_MILLIS = 250;

    private final String device;
    private final Function<SourceContext, Supplier<Grabber>> cameras;
    private final Colours colours;
    private final double timeoutSeconds;
    private final double openSeconds;
    private final Clock clock;

    private final AtomicLong frames = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong corrupt = new AtomicLong();
    private final AtomicLong overrun = new AtomicLong();
    private final AtomicLong reopened = new AtomicLong();
    private volatile boolean connected;
    private volatile String lastError;
    private final List<Thread> abandoned = new ArrayList<>();

    /** All that follows is owned by the source thread. */
    private String name;

    private Supplier<Grabber> camera;
    private CameraMode mode;
    private Capture capture;
    private boolean away;
    private long pauseNanos;
    /** Index and arrival of the last frame delivered; index -1 before the first. */
    private long lastIndex;

    private long lastArrival;
    /** Index in the stream of this capture's picture number 0; unknown before its first picture. */
    private long firstIndex;

    private boolean placed;

    /**
     * A source for these cameras.
     *
     * @param device what it is, for messages
     * @param cameras makes a camera for a run: each call of the supplier is one opening
     * @param colours which of the colours become channels
     * @param timeoutSeconds how long a frame may take
     * @param openSeconds how long opening may take, and the first frame
     */
    CameraSource(
            String device,
            Function<SourceContext, Supplier<Grabber>> cameras,
            Colours colours,
            double timeoutSeconds,
            double openSeconds,
            Clock clock) {
        this.device = device;
        this.cameras = cameras;
        this.colours = colours;
        this.timeoutSeconds = timeoutSeconds;
        this.openSeconds = openSeconds;
        this.clock = clock;
    }

    private static CameraSource chosen(ParameterTree settings) {
        CameraRequest request = CameraRequest.chosen(settings);
        return new CameraSource(
                request.what(),
                request.cameras(Clock.SYSTEM),
                new Colours(settings),
                settings.get("timeoutSeconds").number(),
                settings.get("openSeconds").number(),
                Clock.SYSTEM);
    }

    /** Source {@code camera}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "camera",
                "Live camera, simulated camera, or live video from an address",
                CameraSource::chosen,
                () -> Parameter.text("device", "0")
                        .doc("Number of the camera (amacrine cameras lists them), its file, or an address with ://"),
                () -> Parameter.text("backend", "ffmpeg")
                        .choices("ffmpeg", "opencv", "simulated")
                        .doc("Library that speaks with the camera; simulated computes pictures"),
                () -> extent("rows", "Number of rows"),
                () -> extent("columns", "Number of columns"),
                () -> Parameter.number("framesPerSecond", 0)
                        .unit("Hz")
                        .atLeast(0)
                        .atMost(1e5)
                        .doc("Rate; 0 for the camera's choice"),
                () -> Parameter.text("format", "auto")
                        .doc("What the camera sends: auto, or FFmpeg's name of it, such as mjpeg or yuyv422"),
                Colours.channelSetting(),
                Settings.range(),
                () -> Parameter.number("exposureSeconds", 0)
                        .unit("s")
                        .atLeast(0)
                        .atMost(10)
                        .doc("Exposure of a frame; 0 for what the camera is set to"),
                () -> Parameter.number("gain", -1)
                        .atLeast(-1)
                        .atMost(1e6)
                        .doc("Gain, in the camera's own units; -1 for what the camera is set to"),
                () -> Parameter.number("timeoutSeconds", 2)
                        .unit("s")
                        .above(0)
                        .atMost(3600)
                        .doc("How long a frame may take before the camera counts as lost"),
                () -> Parameter.number("openSeconds", 10)
                        .unit("s")
                        .above(0)
                        .atMost(3600)
                        .doc("How long opening may take, and the first frame after it"),
                () -> Parameter.text("script", "")
                        .doc("Faults of the simulated camera, such as \"jitter 5ms; drop 1%; 300 unplug 2s\""));
    }

    private static Parameter extent(String name, String doc) {
        return Parameter.integer(name, 0)
                .unit("pixels")
                .atLeast(0)
                .atMost(1 << 16)
                .doc(doc + " of the camera's pictures; 0 for the camera's choice");
    }

    /** How the camera is; for any thread. */
    public CameraStatus status() {
        return new CameraStatus(
                frames.get(),
                lost.get(),
                corrupt.get(),
                overrun.get(),
                reopened.get(),
                hanging(),
                connected,
                lastError);
    }

    private int hanging() {
        synchronized (abandoned) {
            abandoned.removeIf(thread -> !thread.isAlive());
            return abandoned.size();
        }
    }

    // ------------------------------------------------------------------------------------------------ source thread

    @Override
    public SourceFormat open(SourceContext context) throws IOException {
        close();
        name = context.name();
        camera = cameras.apply(context);
        for (AtomicLong count : List.of(frames, lost, corrupt, overrun, reopened)) {
            count.set(0);
        }
        lastError = null;
        lastIndex = -1;
        away = false;
        pauseNanos = FIRST_PAUSE_NANOS;
        try {
            mode = connect();
            if (mode == null) {
                throw new IOException("camera " + device + " cannot be opened: " + lastError);
            }
            Shape shape = new Shape(colours.channels(), mode.rows(), mode.columns());
            return new SourceFormat(shape, mode.framesPerSecond(), -1, true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while camera " + device + " was being opened", e);
        } finally {
            if (mode == null) {
                close();
            }
        }
    }

    /** Opens the camera; returns null when it did not open, with {@link #lastError} saying why. */
    private CameraMode connect() throws IOException, InterruptedException {
        requireFewAbandoned();
        capture = new Capture(name, camera.get(), clock, corrupt, overrun);
        placed = false;
        capture.begin();
        CameraMode found = capture.awaitMode(nanos(openSeconds));
        connected = found != null;
        if (found == null) {
            lastError = reason(openSeconds);
            drop();
        }
        return found;
    }

    private static long nanos(double seconds) {
        return Math.round(seconds * 1e9);
    }

    /** Why the capture has no more pictures. */
    private String reason(double limitSeconds) {
        Throwable why = capture.failure();
        if (why != null) {
            return why.getMessage() == null ? why.toString() : why.getMessage();
        }
        return capture.over()
                ? "it sends no more pictures"
                : String.format(Locale.ROOT, "nothing came from it for %s s", plain(limitSeconds));
    }

    private static String plain(double seconds) {
        return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
    }

    /** Ends the capture; a thread that hangs is left to itself. */
    private void drop() {
        if (capture != null) {
            Thread hangs = capture.end(GRACE_MILLIS);
            capture = null;
            connected = false;
            if (hangs != null) {
                synchronized (abandoned) {
                    abandoned.add(hangs);
                }
            }
        }
    }

    private void requireFewAbandoned() throws IOException {
        int hanging = hanging();
        if (hanging >= MOST_ABANDONED) {
            throw new IOException("camera " + device + ": " + hanging + " threads hang in the camera's library"
                    + (lastError == null ? "" : ", last because " + lastError)
                    + "; unplug the camera and plug it in again, and start the program anew");
        }
    }

    @Override
    public boolean read(Frame frame) throws IOException, InterruptedException {
        if (mode == null) {
            throw new IllegalStateException("the source is closed; open it before reading");
        }
        if (lastIndex < 0 && capture != null) {
            // What came before anybody asked is old by now.
            capture.skipBefore(clock.nanos() - nanos(1 / mode.framesPerSecond()));
        }
        while (true) {
            if (capture == null) {
                reconnect();
            }
            CameraPicture picture = capture.take(nanos(timeoutSeconds), nanos(openSeconds));
            if (picture != null) {
                deliver(picture, frame);
                capture.giveBack(picture);
                return true;
            }
            lose();
        }
    }

    private void lose() {
        lastError = reason(timeoutSeconds);
        if (!away) {
            away = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "camera " + device + " is lost after frame " + lastIndex + ": " + lastError
                            + "; trying to find it again");
        }
        drop();
    }

    /** Tries until the camera is open again. */
    private void reconnect() throws IOException, InterruptedException {
        CameraMode found = null;
        while (found == null) {
            clock.sleepUntil(clock.nanos() + pauseNanos);
            pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
            found = connect();
        }
        if (!mode.fits(found)) {
            throw new IOException("camera " + device + " came back with " + found + " but had " + mode
                    + "; choose rows, columns and framesPerSecond, or start again");
        }
        reopened.getAndIncrement();
    }

    private void deliver(CameraPicture picture, Frame frame) {
        if (!placed) {
            placed = true;
            long missing = lastIndex < 0
                    ? 0
                    : Math.max(
                            0, Math.round((picture.arrivalNanos() - lastArrival) * 1e-9 * mode.framesPerSecond()) - 1);
            firstIndex = lastIndex + 1 + missing - picture.number();
            pauseNanos = FIRST_PAUSE_NANOS;
            if (away) {
                away = false;
                LOG.log(
                        System.Logger.Level.INFO,
                        "camera " + device + " is back; " + missing + " frames are missing before frame "
                                + (lastIndex + 1 + missing));
            }
        }
        long index = firstIndex + picture.number();
        long missing = index - lastIndex - 1;
        frame.framesLostBefore(missing);
        frame.captureNanos(picture.arrivalNanos());
        frame.deviceNanos(picture.deviceNanos());
        int columns = mode.columns();
        int size = mode.rows() * columns;
        for (int i = 0; i < mode.rows(); i++) {
            colours.convertRow(
                    picture.pixels(),
                    Colours.BYTES_PER_PIXEL * i * columns,
                    columns,
                    frame.values(),
                    i * columns,
                    size);
        }
        lastIndex = index;
        lastArrival = picture.arrivalNanos();
        lost.getAndAdd(missing);
        frames.getAndIncrement();
    }

    @Override
    public void close() {
        drop();
        mode = null;
    }
}
