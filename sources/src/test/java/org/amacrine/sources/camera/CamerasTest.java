package org.amacrine.sources.camera;

import static org.amacrine.sources.TestSources.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Linux and v4l2-ctl say of cameras, from texts as they print them. */
class CamerasTest {
    private static final String FORMATS = """
            ioctl: VIDIOC_ENUM_FMT
            	Type: Video Capture

            	[0]: 'MJPG' (Motion-JPEG, compressed)
            		Size: Discrete 1280x720
            			Interval: Discrete 0.033s (30.000 fps)
            		Size: Discrete 640x480
            			Interval: Discrete 0.017s (60.000 fps)
            			Interval: Discrete 0.133s (7.500 fps)
            	[1]: 'YUYV' (YUYV 4:2:2)
            		Size: Discrete 640x480
            			Interval: Discrete 0.033s (30.000 fps)
            """;

    private static final String CONTROLS = """

            User Controls

                                 brightness 0x00980900 (int)    : min=-64 max=64 step=1 default=0 value=0
                                       gain 0x00980913 (int)    : min=0 max=100 step=1 default=0 value=0

            Camera Controls

                              auto_exposure 0x009a0901 (menu)   : min=0 max=3 default=3 value=3 (Aperture Priority Mode)
                     exposure_time_absolute 0x009a0902 (int)    : min=1 max=5000 step=1 default=157 value=157 flags=inactive
            """;

    @TempDir
    Path folder;

    private final List<String> ran = new ArrayList<>();

    private V4l2Controls.Commands printing(String text) {
        return command -> {
            ran.add(String.join(" ", command));
            return text;
        };
    }

    private Path device(String file, String name, String index) throws IOException {
        Path entry = Files.createDirectories(folder.resolve("sys").resolve(file));
        Files.writeString(entry.resolve("name"), name + "\n");
        Files.writeString(entry.resolve("index"), index + "\n");
        Files.createDirectories(folder.resolve("dev"));
        return Files.createFile(folder.resolve("dev").resolve(file));
    }

    @Test
    void shouldListCamerasWithTheirModes() throws IOException {
        device("video10", "Second", "0");
        Path first = device("video2", "First: First", "0");
        device("video3", "First: First", "1");
        Files.createDirectories(folder.resolve("sys/v4l-subdev0"));

        List<Cameras.Device> found = Cameras.list(folder.resolve("sys"), folder.resolve("dev"), printing(FORMATS));

        List<String> modes = List.of(
                "mjpeg rows 720 columns 1280 at 30 Hz",
                "mjpeg rows 480 columns 640 at 60 Hz, 7.5 Hz",
                "yuyv422 rows 480 columns 640 at 30 Hz");
        assertEquals(2, found.size());
        assertEquals(new Cameras.Device("2", "First: First", first.toString(), modes, ""), found.get(0));
        assertEquals("10", found.get(1).device());
        assertEquals("v4l2-ctl -d " + first + " --list-formats-ext", ran.get(0));
    }

    @Test
    void shouldSayWhyModesAreNotKnown() throws IOException {
        device("video0", "Camera", "0");
        List<Cameras.Device> found = Cameras.list(folder.resolve("sys"), folder.resolve("dev"), command -> {
            throw new IOException("no v4l2-ctl");
        });
        assertEquals(
                "its modes are listed by v4l2-ctl, which cannot be used (no v4l2-ctl); install v4l-utils to see them",
                found.get(0).note());
        assertEquals(List.of(), found.get(0).modes());
    }

    @Test
    void shouldFindNoneWhereThereIsNoList() {
        assertEquals(List.of(), Cameras.list(folder.resolve("none"), folder, printing("")));
        assertFalse(Cameras.whatToDo().isEmpty());
    }

    @Test
    void shouldSetExposureAndGain() throws Exception {
        V4l2Controls.set("/dev/video0", 0.01, 20, printing(CONTROLS));
        assertEquals(
                List.of(
                        "v4l2-ctl -d /dev/video0 --list-ctrls",
                        "v4l2-ctl -d /dev/video0 --set-ctrl=auto_exposure=1,exposure_time_absolute=100,gain=20"),
                ran);
        ran.clear();
        V4l2Controls.set("/dev/video0", 0, 5, printing(CONTROLS));
        assertEquals("v4l2-ctl -d /dev/video0 --set-ctrl=gain=5", ran.get(1));
    }

    @Test
    void shouldSayWhatTheCameraDoesNotHave() {
        Class<IOException> refused = IOException.class;
        String without = CONTROLS.replace("gain", "hue").replace("exposure_time", "iris");
        assertFails(refused, () -> V4l2Controls.set("/dev/video0", 0, 5, printing(without)), "/dev/video0 has no gain");
        assertFails(refused, () -> V4l2Controls.set("/dev/video0", 1, -1, printing(without)), "has no exposure");
        assertFails(
                refused,
                () -> V4l2Controls.set("/dev/video0", 0, 101, printing(CONTROLS)),
                "gain must be at most 100 for this camera");
        assertFails(
                refused,
                () -> V4l2Controls.set("/dev/video0", 2, -1, printing(CONTROLS)),
                "exposureSeconds must be at most 0.5");
        assertFails(
                refused,
                () -> V4l2Controls.set("/dev/video0", 2, -1, command -> {
                    throw new IOException("no such program");
                }),
                "no such program",
                "install v4l-utils");
    }
}
