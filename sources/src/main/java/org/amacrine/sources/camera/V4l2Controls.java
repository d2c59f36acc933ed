package org.amacrine.sources.camera;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Exposure, gain and modes of cameras on Linux, through the program {@code v4l2-ctl}: FFmpeg can neither set nor list them.
 */
final class V4l2Controls {
    /** The real program. */
    static final Commands PROCESS = V4l2Controls::run;

    private static final Pattern CONTROL =
            Pattern.compile("^\\s*(\\w+) 0x[0-9a-f]+ \\((\\w+)\\)\\s*:(.*)$", Pattern.MULTILINE);
    private static final Pattern LIMIT = Pattern.compile("\\b(min|max)=(-?\\d+)");
    private static final Pattern FORMAT = Pattern.compile("\\[\\d+]: '(\\w+)");
    private static final Pattern SIZE = Pattern.compile("Size: \\w+ (\\d+)x(\\d+)");
    private static final Pattern RATE = Pattern.compile("\\(([0-9.]+) fps\\)");
    /** Exposure is counted in steps of this. */
    private static final double EXPOSURE_STEP_SECONDS = 1e-4;

    private static final long LIMIT_SECONDS = 5;

    private V4l2Controls() {}

    /** Runs a program and returns what it prints. */
    interface Commands {
        /** Runs it; throws {@link IOException} when it is not there or fails. */
        String run(List<String> command) throws IOException, InterruptedException;
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        return run(command, LIMIT_SECONDS * 1000);
    }

    /** Prints to a file: reading from a pipe would wait for as long as a program that hangs keeps it open. */
    static String run(List<String> command, long limitMillis) throws IOException, InterruptedException {
        Path output = Files.createTempFile("amacrine", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                process.getOutputStream().close();
                if (!process.waitFor(limitMillis, TimeUnit.MILLISECONDS)) {
                    throw new IOException(String.join(" ", command) + " did not end within " + limitMillis
                            + " ms; is the camera lost?");
                }
            } finally {
                process.destroyForcibly();
            }
            String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
            if (process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + " failed: " + text.strip());
            }
            return text;
        } finally {
            Files.delete(output);
        }
    }

    /**
     * Sets exposure and gain.
     *
     * @param exposureSeconds 0 to leave it as it is
     * @param gain in the camera's units; -1 to leave it as it is
     * @throws IOException when the camera has no such control, or the value is not allowed
     */
    static void set(String file, double exposureSeconds, double gain, Commands commands)
            throws IOException, InterruptedException {
        String controls = list(file, commands);
        List<String> values = new ArrayList<>();
        if (exposureSeconds > 0) {
            // Under their names of today and of older kernels; 1 stands for manual.
            String automatic = find(controls, "auto_exposure", "exposure_auto");
            String exposure = find(controls, "exposure_time_absolute", "exposure_absolute");
            if (exposure == null) {
                throw new IOException(file + " has no exposure that can be set; leave exposureSeconds out");
            }
            long steps = Math.max(1, Math.round(exposureSeconds / EXPOSURE_STEP_SECONDS));
            requireWithin(controls, exposure, steps, "exposureSeconds", EXPOSURE_STEP_SECONDS);
            if (automatic != null) {
                values.add(automatic + "=1");
            }
            values.add(exposure + "=" + steps);
        }
        if (gain >= 0) {
            String name = find(controls, "gain", "analogue_gain");
            if (name == null) {
                throw new IOException(file + " has no gain that can be set; leave gain out");
            }
            requireWithin(controls, name, Math.round(gain), "gain", 1);
            values.add(name + "=" + Math.round(gain));
        }
        commands.run(List.of("v4l2-ctl", "-d", file, "--set-ctrl=" + String.join(",", values)));
    }

    private static String list(String file, Commands commands) throws IOException, InterruptedException {
        try {
            return commands.run(List.of("v4l2-ctl", "-d", file, "--list-ctrls"));
        } catch (IOException e) {
            throw new IOException(
                    "exposure and gain are set with v4l2-ctl, which cannot be used: " + e.getMessage()
                            + "; install v4l-utils, or leave exposureSeconds and gain out",
                    e);
        }
    }

    private static String find(String controls, String... names) {
        for (String name : names) {
            Matcher matcher = CONTROL.matcher(controls);
            while (matcher.find()) {
                if (matcher.group(1).equals(name)) {
                    return name;
                }
            }
        }
        return null;
    }

    private static void requireWithin(String controls, String name, long value, String setting, double unit)
            throws IOException {
        Matcher matcher = CONTROL.matcher(controls);
        while (matcher.find()) {
            if (matcher.group(1).equals(name)) {
                Matcher limit = LIMIT.matcher(matcher.group(3));
                while (limit.find()) {
                    long bound = Long.parseLong(limit.group(2));
                    boolean isMin = limit.group(1).equals("min");
                    if (isMin ? value < bound : value > bound) {
                        throw new IOException(String.format(
                                Locale.ROOT,
                                "%s must be %s %s for this camera; choose another",
                                setting,
                                isMin ? "at least" : "at most",
                                unit == 1 ? Long.toString(bound) : Double.toString(bound * unit)));
                    }
                }
            }
        }
    }

    /** The modes of a camera in words, one for each format and size. */
    static List<String> modes(String file, Commands commands) throws IOException, InterruptedException {
        return parseModes(commands.run(List.of("v4l2-ctl", "-d", file, "--list-formats-ext")));
    }

    private static List<String> parseModes(String text) {
        List<String> modes = new ArrayList<>();
        String format = "";
        for (String line : text.split("\n")) {
            Matcher formats = FORMAT.matcher(line);
            Matcher size = SIZE.matcher(line);
            Matcher rate = RATE.matcher(line);
            if (formats.find()) {
                format = formats.group(1);
            } else if (size.find()) {
                modes.add(ffmpegName(format) + " rows " + size.group(2) + " columns " + size.group(1));
            } else if (rate.find() && !modes.isEmpty()) {
                String hertz = rate.group(1).replaceAll("\\.?0+$", "");
                int last = modes.size() - 1;
                String before = modes.get(last);
                modes.set(last, before + (before.contains(" at ") ? ", " : " at ") + hertz + " Hz");
            }
        }
        return modes;
    }

    /** FFmpeg's name for a format of Video4Linux. */
    private static String ffmpegName(String fourcc) {
        return switch (fourcc) {
            case "MJPG", "JPEG" -> "mjpeg";
            case "YUYV" -> "yuyv422";
            case "UYVY" -> "uyvy422";
            case "NV12" -> "nv12";
            case "YU12" -> "yuv420p";
            case "GREY" -> "gray";
            case "RGB3" -> "rgb24";
            case "BGR3" -> "bgr24";
            case "H264" -> "h264";
            default -> fourcc.toLowerCase(Locale.ROOT);
        };
    }
}
