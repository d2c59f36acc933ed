package org.amacrine.sources;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.management.ThreadMXBean;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.component.Component;
import org.amacrine.core.hdf5.Hdf5File;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.sources.arrays.InrFiles;
import org.amacrine.sources.digits.IdxFiles;
import org.amacrine.sources.video.TestVideos;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every source of the module. */
class SourceContractTest {
    private static final Set<String> RANDOM = Set.of(
            "random",
            "stimulus.dots",
            "stimulus.white-noise",
            "sample.random-checker",
            "sample.sparse",
            "digits.spikes");
    private static final Set<String> LIVE = Set.of("camera", "network.websocket", "network.udp");
    /** Frames are as large as those of their file. */
    private static final Set<String> OF_FILES =
            Set.of("array", "hdf5", "inr", "keypoints", "digits", "digits.spikes", "digits.saccades");

    private static final Resolution RESOLUTION = Resolution.of(10, 500);

    @TempDir
    static Path folder;

    @BeforeAll
    static void writeFiles() throws IOException {
        TestVideos.grey(folder.resolve("video.mkv"), 5, 6, 8);
        try (NpyWriter writer = new NpyWriter(folder.resolve("array.npy"), 2, 3)) {
            float[] values = new float[24];
            for (int i = 0; i < values.length; i++) {
                values[i] = i * i;
            }
            writer.append(values, 0, 4);
        }
        Hdf5File.write(folder.resolve("array.h5"), Map.of("images", NpyReader.readAll(folder.resolve("array.npy"))));
        InrFiles.write(folder.resolve("frames.inr"), 1, 3, 1, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        IdxFiles.write(folder.resolve("digits"), new int[] {3, 4, 5}, IdxFiles.ramp(60));
        Files.writeString(folder.resolve("keypoints.csv"), """
                scorer,net,net,net
                bodyparts,nose,nose,nose
                coords,x,y,likelihood
                0,1,2,1
                1,3,4,1
                2,5,6,1
                3,7,8,1
                """);
        for (int k = 0; k < 3; k++) {
            BufferedImage image = new BufferedImage(4, 3, BufferedImage.TYPE_BYTE_GRAY);
            image.getRaster().setSample(k, 1, 0, 99);
            ImageIO.write(image, "png", new File(folder.toFile(), "image" + k + ".png"));
        }
    }

    static List<String> allNames() {
        return new SourceComponents().sources().stream().map(Component::name).toList();
    }

    /** Sources whose frames do not depend on when they come. */
    static List<String> names() {
        return allNames().stream().filter(name -> !LIVE.contains(name)).toList();
    }

    /** Settings for a short stream. */
    private static Map<String, ?> settings(String name) {
        return switch (name) {
            case "array" -> Map.of("file", folder.resolve("array.npy").toString(), "repeat", 2);
            case "keypoints" -> Map.of("file", folder.resolve("keypoints.csv").toString(), "repeat", 2);
            case "hdf5" -> Map.of("file", folder.resolve("array.h5").toString());
            case "inr" -> Map.of("file", folder.resolve("frames.inr").toString());
            case "digits", "digits.saccades" ->
                Map.of("images", folder.resolve("digits").toString(), "first", 1, "framesPerDigit", 7, "frames", 40);
            case "digits.spikes" ->
                Map.of("images", folder.resolve("digits").toString(), "probability", 0.9, "frames", 40);
            case "images" -> Map.of("files", folder + "/image*.png", "repeat", 2, "loop", 2);
            case "video" -> Map.of("file", folder.resolve("video.mkv").toString(), "loop", 2);
            default -> Map.of("rows", 7, "columns", 9, "frames", 40);
        };
    }

    private static int length(String name) {
        return switch (name) {
            case "array" -> 8;
            case "hdf5", "inr" -> 4;
            case "keypoints" -> 8;
            case "images" -> 12;
            case "video" -> 10;
            default -> 40;
        };
    }

    private static Frames read(FrameSource source, long seed) throws Exception {
        return SourceFrames.read(source, TestSources.context(RESOLUTION, "camera", seed), 1000);
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldSayHowManyFramesComeAndDeliverThem(String name) throws Exception {
        FrameSource source = SourceComponents.source(name, settings(name));
        try (source) {
            SourceFormat format = source.open(TestSources.context(RESOLUTION));
            assertEquals(length(name), format.frames());
            assertFalse(format.live());
        }
        assertEquals(length(name), read(source, 1).count());
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldGiveTheSameFramesWhenOpenedAgain(String name) throws Exception {
        FrameSource source = SourceComponents.source(name, settings(name));
        Frames first = read(source, 1);
        assertArrayEquals(first.values(), read(source, 1).values());
        FrameSource other = SourceComponents.source(name, settings(name));
        assertArrayEquals(first.values(), read(other, 1).values());
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldDependOnTheSeedWhereItIsRandomOnly(String name) throws Exception {
        FrameSource source = SourceComponents.source(name, settings(name));
        boolean same = Arrays.equals(read(source, 1).values(), read(source, 2).values());
        assertEquals(!RANDOM.contains(name), same);
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldGiveFiniteValuesThatAreNotAllTheSame(String name) throws Exception {
        Map<String, ?> longer = name.startsWith("stimulus.") ? Map.of("frames", 1100) : settings(name);
        Frames frames = SourceFrames.read(SourceComponents.source(name, longer), TestSources.context(RESOLUTION), 1100);
        float first = frames.values()[0];
        boolean varies = false;
        for (float value : frames.values()) {
            assertTrue(Float.isFinite(value), () -> "a value is " + value);
            varies |= value != first;
        }
        assertTrue(varies || Set.of("sample.pulse", "sample.chirp").contains(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldFillTheWholeFrame(String name) throws Exception {
        FrameSource source = SourceComponents.source(name, settings(name));
        try (source) {
            Frame frame = new Frame(source.open(TestSources.context(RESOLUTION)).shape());
            for (int t = 0; t < 4; t++) {
                Arrays.fill(frame.values(), Float.NaN);
                assertTrue(source.read(frame));
                for (float value : frame.values()) {
                    assertFalse(Float.isNaN(value));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldStayAtItsEnd(String name) throws Exception {
        try (FrameSource source = SourceComponents.source(name, settings(name))) {
            Frame frame = new Frame(source.open(TestSources.context(RESOLUTION)).shape());
            for (int t = 0; t < length(name); t++) {
                assertTrue(source.read(frame));
            }
            assertFalse(source.read(frame));
            assertFalse(source.read(frame));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldCloseTwiceAndRefuseToReadClosed(String name) throws Exception {
        FrameSource source = SourceComponents.source(name, settings(name));
        source.close();
        Frame frame = new Frame(source.open(TestSources.context(RESOLUTION)).shape());
        source.close();
        source.close();
        assertThrows(IllegalStateException.class, () -> source.read(frame));
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldBeginAnewWhenOpenedWithoutClosing(String name) throws Exception {
        try (FrameSource source = SourceComponents.source(name, settings(name))) {
            Frame first = new Frame(source.open(TestSources.context(RESOLUTION)).shape());
            source.read(first);
            Frame again = new Frame(first.shape());
            source.read(again);
            source.open(TestSources.context(RESOLUTION));
            source.read(again);
            assertArrayEquals(first.values(), again.values());
        }
    }

    @ParameterizedTest
    @MethodSource("allNames")
    void shouldDescribeEverySetting(String name) {
        Component<FrameSource> component = Catalog.load().source(name);
        assertFalse(component.doc().isEmpty());
        for (Parameter setting : component.settings().all().values()) {
            assertFalse(setting.doc().isEmpty(), setting.name());
            boolean given = setting.isRequired()
                    || setting.defaultValue() != null
                    || setting.name().equals("entry");
            assertTrue(given, setting.name() + " has no default");
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldRejectExtentsBelowOneAndAbsurdOnes(String name) {
        for (String extent : List.of("rows", "columns")) {
            // Where the extents are those of a file, 0 means all of it.
            double tooSmall = settings(name).containsKey("frames") ? 0 : -1;
            if (!OF_FILES.contains(name)) {
                assertRejected(name, extent, tooSmall);
                assertRejected(name, extent, 1e12);
                assertRejected(name, extent, 2.5);
                assertRejected(name, extent, Double.NaN);
            }
        }
    }

    private static void assertRejected(String name, String setting, double value) {
        TestSources.assertFails(
                IllegalArgumentException.class,
                () -> SourceComponents.source(name, Map.of(setting, value)),
                setting + " must be");
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldRejectZeroFrames(String name) {
        if (settings(name).containsKey("frames")) {
            TestSources.assertFails(
                    IllegalArgumentException.class,
                    () -> SourceComponents.source(name, Map.of("frames", 0)),
                    "frames must be",
                    ">= 1",
                    "but was 0");
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldRejectAbsurdNumbersOrMakeFiniteFrames(String name) throws Exception {
        for (Parameter setting : Catalog.load().source(name).settings().all().values()) {
            if (setting.kind() == Parameter.Kind.NUMBER) {
                for (double value : new double[] {1e300, -1e300, 1e-300, 0}) {
                    assertFiniteUnlessRejected(name, setting.name(), value);
                }
            }
        }
    }

    private static void assertFiniteUnlessRejected(String name, String setting, double value) throws Exception {
        Map<String, Object> chosen = new HashMap<>(settings(name));
        chosen.put(setting, value);
        Frames frames;
        try {
            frames = SourceFrames.read(SourceComponents.source(name, chosen), TestSources.context(RESOLUTION), 6);
        } catch (IllegalArgumentException e) {
            assertFalse(e.getMessage().isEmpty());
            return;
        }
        for (float v : frames.values()) {
            assertTrue(Float.isFinite(v), () -> setting + " " + value + " makes " + v);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldAllocateNothingForAFrame(String name) throws Exception {
        assumeFalse(
                Set.of("images", "video", "array", "hdf5", "keypoints").contains(name),
                "decoding and opening files allocate");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Map<String, Object> chosen = new HashMap<>(settings(name));
        chosen.replace("frames", 400);
        try (FrameSource source = SourceComponents.source(name, chosen)) {
            Frame frame = new Frame(source.open(TestSources.context(RESOLUTION)).shape());
            for (int t = 0; t < 200; t++) {
                source.read(frame);
            }
            long thread = Thread.currentThread().getId();
            long before = threads.getThreadAllocatedBytes(thread);
            for (int t = 200; t < 300; t++) {
                source.read(frame);
            }
            long allocated = threads.getThreadAllocatedBytes(thread) - before;
            assertTrue(allocated < 1000, allocated + " bytes for 100 frames");
        }
    }

    @Test
    void shouldRefuseFramesTooLargeToHold() {
        TestSources.assertFails(
                IllegalArgumentException.class,
                () -> SourceComponents.source("random", Map.of("rows", 65536, "columns", 65536)),
                "at most",
                "1x65536x65536");
    }

    @Test
    void shouldSuggestTheNameThatWasMeant() {
        TestSources.assertFails(
                IllegalArgumentException.class,
                () -> SourceComponents.source("stimulus.gratin", Map.of()),
                "no source \"stimulus.gratin\"",
                "did you mean \"stimulus.grating\"?");
        TestSources.assertFails(
                IllegalArgumentException.class,
                () -> SourceComponents.source("stimulus.grating", Map.of("contrst", 1)),
                "did you mean \"contrast\"");
    }

    @Test
    void shouldBeFoundByTheCatalog() {
        assertEquals(
                allNames().stream().sorted().toList(),
                Catalog.load().sources().stream().map(Component::name).toList());
    }
}
