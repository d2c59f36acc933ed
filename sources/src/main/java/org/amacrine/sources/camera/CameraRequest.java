package org.amacrine.sources.camera;

import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.run.Clock;
import org.amacrine.core.source.SourceContext;

/**
 * Which camera is wanted, and how; 0 and {@code auto} leave the choice to the camera.
 *
 * @param device number, file or address
 * @param backend {@code ffmpeg}, {@code opencv} or {@code simulated}
 * @param rows height in pixels
 * @param columns width in pixels
 * @param framesPerSecond rate in hertz
 * @param format FFmpeg's name of what the camera sends
 * @param exposureSeconds exposure of a frame
 * @param gain gain in the camera's own units; -1 leaves it as it is
 * @param timeoutSeconds how long a frame may take
 * @param script faults of the simulated camera
 */
record CameraRequest(
        String device,
        String backend,
        int rows,
        int columns,
        double framesPerSecond,
        String format,
        double exposureSeconds,
        double gain,
        double timeoutSeconds,
        String script) {
    private static final int SIMULATED_ROWS = 240;
    private static final int SIMULATED_COLUMNS = 320;
    private static final double SIMULATED_RATE = 30;
    /** Up to the last @ before the path, for a password may have one. */
    private static final Pattern PASSWORD = Pattern.compile("(://[^/:@]*:)[^/]*@");

    /** Throws {@link IllegalArgumentException} when settings do not go together. */
    CameraRequest {
        if ((rows == 0) != (columns == 0)) {
            throw new IllegalArgumentException("rows and columns must be chosen together but were " + rows + " and "
                    + columns + "; for example 480 and 640, or 0 and 0 for the camera's choice");
        }
        if (!script.isEmpty() && !backend.equals("simulated")) {
            throw new IllegalArgumentException(
                    "only a simulated camera has a script, but the backend is " + backend + "; leave script out");
        }
        if (backend.equals("simulated") && (exposureSeconds != 0 || gain != -1 || !format.equals("auto"))) {
            throw new IllegalArgumentException("a simulated camera has no exposure, gain or format; leave them out");
        }
    }

    /** What was chosen with the settings of {@link CameraSource#component()}. */
    static CameraRequest chosen(ParameterTree settings) {
        return new CameraRequest(
                settings.get("device").text(),
                settings.get("backend").text(),
                settings.get("rows").integer(),
                settings.get("columns").integer(),
                settings.get("framesPerSecond").number(),
                settings.get("format").text(),
                settings.get("exposureSeconds").number(),
                settings.get("gain").number(),
                settings.get("timeoutSeconds").number(),
                settings.get("script").text());
    }

    /** The camera in words, for messages and logs: without the password of its address. */
    String what() {
        return backend.equals("simulated")
                ? "(simulated)"
                : PASSWORD.matcher(device).replaceFirst("$1***@");
    }

    /** Whether the device is an address of live video. */
    boolean isAddress() {
        return device.contains("://");
    }

    /** Makes such a camera for a run. */
    Function<SourceContext, Supplier<Grabber>> cameras(Clock clock) {
        return switch (backend) {
            case "simulated" -> simulated(clock);
            case "opencv" -> {
                OpenCvGrabber.requireLibrary();
                yield context -> () -> new OpenCvGrabber(this);
            }
            default -> context -> () -> new FFmpegGrabber(this);
        };
    }

    private Function<SourceContext, Supplier<Grabber>> simulated(Clock clock) {
        CameraMode mode = new CameraMode(
                rows == 0 ? SIMULATED_ROWS : rows,
                columns == 0 ? SIMULATED_COLUMNS : columns,
                framesPerSecond == 0 ? SIMULATED_RATE : framesPerSecond);
        CameraScript faults = CameraScript.parse(script);
        return context -> {
            SimulatedCamera camera =
                    new SimulatedCamera(mode, faults, CounterRandom.key(context.seed(), context.name(), 0), clock);
            return camera::connect;
        };
    }
}
