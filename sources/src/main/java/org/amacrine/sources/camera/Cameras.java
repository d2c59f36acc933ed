package org.amacrine.sources.camera;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The cameras of this computer. */
public final class Cameras {
    static final boolean IS_LINUX = system().startsWith("linux");
    private static final boolean IS_MAC = system().startsWith("mac");
    private static final Path SYSTEM_LIST = Path.of("/sys/class/video4linux");
    private static final String FILE_START = "video";

    private Cameras() {}

    /**
     * A camera.
     *
     * @param device what the setting {@code device} calls it
     * @param name what its maker calls it
     * @param file what the system calls it
     * @param modes formats, sizes and rates in words; empty when they are not known
     * @param note why they are not known, or that the camera cannot be used; empty when all is well
     */
    public record Device(String device, String name, String file, List<String> modes, String note) {}

    private static String system() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT);
    }

    /** All cameras that are found, in order; none when there are none, or none can be seen. */
    public static List<Device> list() {
        if (IS_LINUX) {
            return list(SYSTEM_LIST, Path.of("/dev"), V4l2Controls.PROCESS);
        }
        List<Device> devices = new ArrayList<>();
        try {
            for (String name : FFmpegGrabber.deviceNames(ffmpegFormat())) {
                devices.add(new Device(Integer.toString(devices.size()), name, ffmpegFormat(), List.of(), ""));
            }
        } catch (IOException | LinkageError e) {
            devices.add(new Device("?", "FFmpeg cannot be asked", ffmpegFormat(), List.of(), String.valueOf(e)));
        }
        return devices;
    }

    /** The cameras of a Linux system whose lists of devices stand in these folders. */
    static List<Device> list(Path system, Path files, V4l2Controls.Commands commands) {
        List<Device> devices = new ArrayList<>();
        if (!Files.isDirectory(system)) {
            return devices;
        }
        try (Stream<Path> entries = Files.list(system)) {
            List<Path> videos = entries.filter(entry -> number(entry) >= 0)
                    .sorted(Comparator.comparingInt(Cameras::number))
                    .toList();
            for (Path video : videos) {
                // A camera has several files; those after the first carry what is no picture.
                if (text(video.resolve("index"), "0").equals("0")) {
                    devices.add(device(video, files, commands));
                }
            }
        } catch (IOException e) {
            devices.add(new Device("?", "cannot be listed", system.toString(), List.of(), String.valueOf(e)));
        }
        return devices;
    }

    private static int number(Path entry) {
        String name = entry.getFileName().toString();
        return name.matches(FILE_START + "\\d{1,6}") ? Integer.parseInt(name.substring(FILE_START.length())) : -1;
    }

    private static String text(Path file, String otherwise) throws IOException {
        return Files.exists(file) ? Files.readString(file).strip() : otherwise;
    }

    private static Device device(Path entry, Path files, V4l2Controls.Commands commands) throws IOException {
        Path file = files.resolve(entry.getFileName());
        List<String> modes = List.of();
        String note = "";
        if (!Files.isReadable(file)) {
            note = Files.exists(file)
                    ? "no permission to read it; add yourself to the group video: sudo usermod -aG video $USER"
                    : "it has no file " + file;
        } else {
            try {
                modes = V4l2Controls.modes(file.toString(), commands);
            } catch (IOException e) {
                note = "its modes are listed by v4l2-ctl, which cannot be used (" + e.getMessage()
                        + "); install v4l-utils to see them";
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                note = "interrupted while its modes were listed";
            }
        }
        return new Device(
                Integer.toString(number(entry)),
                text(entry.resolve("name"), "camera without a name"),
                file.toString(),
                modes,
                note);
    }

    /** What a person can do who finds none. */
    public static String whatToDo() {
        if (IS_LINUX) {
            return "Plug one in, and see whether the system finds it: ls /dev/video*; in a container or a virtual machine, pass it"
                    + " on.";
        }
        return IS_MAC
                ? "Plug one in, and allow the terminal to use the camera in the system's settings for privacy. FFmpeg may not list"
                        + " what it can open: try device 0."
                : "Plug one in, and allow desktop apps to use the camera in the system's settings for privacy.";
    }

    /** FFmpeg's name for the cameras of this system. */
    static String ffmpegFormat() {
        return IS_LINUX ? "video4linux2" : IS_MAC ? "avfoundation" : "dshow";
    }

    /** What FFmpeg calls a camera that is given by number, or by its own name. */
    static String file(String device) throws IOException {
        if (!device.matches("\\d{1,6}")) {
            return device;
        }
        if (IS_LINUX) {
            return "/dev/" + FILE_START + device;
        }
        if (IS_MAC) {
            return device + ":none";
        }
        List<String> names = FFmpegGrabber.deviceNames(ffmpegFormat());
        int number = Integer.parseInt(device);
        if (number >= names.size()) {
            throw new IOException("there is no camera " + device + "; ./amacrine cameras lists what there is");
        }
        return "video=" + names.get(number);
    }
}
