package org.amacrine.sources.camera;

import static org.amacrine.sources.TestSources.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Task;
import org.amacrine.sources.Colours;
import org.amacrine.sources.SourceComponents;
import org.amacrine.sources.TestSources;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The source under its watchdog, on cameras that do what the test says. */
class CameraSourceTest {
    private static final long MILLI = 1_000_000L;
    private static final long FRAME = 10 * MILLI;
    private static final CameraMode MODE = new CameraMode(30, 40, 100);
    private static final SourceContext CONTEXT = TestSources.context(Resolution.of(10, 100), "eye", 3);

    private final StepClock clock = new StepClock();
    private CameraSource source;

    @AfterEach
    void close() {
        if (source != null) {
            source.close();
        }
    }

    private CameraSource on(Supplier<Grabber> camera) {
        return on("mean", camera);
    }

    private CameraSource on(String channel, Supplier<Grabber> camera) {
        source = new CameraSource("7", context -> camera, new Colours(channel, 255), 2, 10, clock);
        return source;
    }

    private CameraSource simulated(String channel, String script) {
        SimulatedCamera camera = new SimulatedCamera(MODE, CameraScript.parse(script), 1, clock);
        return on(channel, camera::connect);
    }

    private CameraSource simulated(String script) {
        return simulated("mean", script);
    }

    private Frame open() throws IOException {
        return new Frame(source.open(CONTEXT).shape());
    }

    /** Reads a frame that comes after whatever time it takes. */
    private void read(Frame frame) throws Exception {
        assertTrue(toEnd(Task.start("reader", () -> source.read(frame))).result());
    }

    /** Moves the clock on whenever the task waits, until it is done. */
    private <T> Task<T> toEnd(Task<T> task) {
        Await.until("the end of " + task.thread().getName(), () -> {
            Thread.State state = task.thread().getState();
            if (state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING) {
                clock.step();
            }
            return task.isDone();
        });
        return task;
    }

    /** Reads frames and asserts that each has the number, the pixels and the stamps of the world's frame of that number. */
    private long readTruly(Frame frame, long index, int count) throws Exception {
        long last = index;
        for (int k = 0; k < count; k++) {
            read(frame);
            last += 1 + frame.framesLostBefore();
            assertTruly(frame, last);
        }
        return last;
    }

    private static void assertTruly(Frame frame, long number) {
        assertEquals(SimulatedCamera.DEVICE_START + number * FRAME, frame.deviceNanos(), "frame " + number);
        int columns = frame.shape().columns();
        for (int p = 0; p < frame.shape().values(); p++) {
            int sum = 0;
            for (int c = 0; c < 3; c++) {
                sum += SimulatedCamera.pixel(number, p / columns, p % columns, c);
            }
            assertEquals(sum * 255f / 765, frame.values()[p], "pixel " + p + " of frame " + number);
        }
    }

    // ---------------------------------------------------------------------------------------------------- frames

    @Test
    void shouldSayWhatItsFramesAreLike() throws Exception {
        assertEquals(
                new SourceFormat(Shape.image(30, 40), 100, -1, true),
                simulated("").open(CONTEXT));
        assertEquals(new Shape(3, 30, 40), simulated("rgb", "").open(CONTEXT).shape());
    }

    @Test
    void shouldDeliverEveryPixelWithTheStampsOfDeviceAndHost() throws Exception {
        simulated("");
        Frame frame = open();
        for (int n = 0; n < 20; n++) {
            if (n > 0) {
                clock.awaitStep();
            }
            assertTrue(source.read(frame));
            assertEquals(0, frame.framesLostBefore());
            assertEquals(StepClock.START + n * FRAME, frame.captureNanos());
            assertTruly(frame, n);
        }
        assertEquals(new CameraStatus(20, 0, 0, 0, 0, 0, true, null), source.status());
    }

    @Test
    void shouldGiveTheColoursAsChannels() throws Exception {
        simulated("rgb", "");
        Frame frame = open();
        read(frame);
        for (int c = 0; c < 3; c++) {
            assertEquals(SimulatedCamera.pixel(0, 2, 3, 2 - c), frame.values()[(c * 30 + 2) * 40 + 3]);
        }
    }

    @Test
    void shouldStampArrivalWhenAFrameIsLate() throws Exception {
        simulated("jitter 4ms");
        Frame frame = open();
        boolean late = false;
        for (int n = 0; n < 50; n++) {
            read(frame);
            assertTruly(frame, n);
            long delay = frame.captureNanos() - StepClock.START - n * FRAME;
            assertTrue(delay >= 0 && delay < 4 * MILLI, () -> "late by " + delay);
            late |= delay > 2 * MILLI;
        }
        assertTrue(late);
    }

    // ---------------------------------------------------------------------------------------------------- losses

    @Test
    void shouldKnowDroppedFramesByTheStampsOfTheDevice() throws Exception {
        simulated("10 drop 5; 30 drop");
        Frame frame = open();
        assertEquals(9, readTruly(frame, -1, 10));
        read(frame);
        assertEquals(5, frame.framesLostBefore());
        assertTruly(frame, 15);
        assertEquals(40, readTruly(frame, 15, 24));
        assertEquals(6, source.status().lost());
    }

    @Test
    void shouldCountCorruptFramesAsLost() throws Exception {
        simulated("4 corrupt 3");
        Frame frame = open();
        assertEquals(9, readTruly(frame, -1, 7));
        assertEquals(3, source.status().lost());
        assertEquals(3, source.status().corrupt());
    }

    @Test
    void shouldLeaveAGapForAStallShorterThanItsTimeLimit() throws Exception {
        simulated("5 stall 1.5s");
        Frame frame = open();
        readTruly(frame, -1, 5);
        read(frame);
        assertEquals(150, frame.framesLostBefore());
        assertTruly(frame, 155);
        assertEquals(0, source.status().reopened());
    }

    @Test
    void shouldFindAnUnpluggedCameraAgainAndLeaveAGapOfItsLength() throws Exception {
        simulated("20 unplug 2s");
        Frame frame = open();
        assertEquals(19, readTruly(frame, -1, 20));
        long before = frame.captureNanos();
        read(frame);
        // Tried after 0.25, 0.75, 1.75 and 3.75 s.
        assertEquals(3_750 * MILLI, frame.captureNanos() - before);
        assertEquals(374, frame.framesLostBefore());
        assertTruly(frame, 394);
        assertEquals(404, readTruly(frame, 394, 10));
        CameraStatus status = source.status();
        assertEquals(new CameraStatus(31, 374, 0, 0, 1, 0, true, "no such camera: it is unplugged"), status);
    }

    @Test
    void shouldFindACameraAgainThatStallsForLongerThanItsTimeLimit() throws Exception {
        simulated("5 stall 3s");
        Frame frame = open();
        readTruly(frame, -1, 5);
        Task<Boolean> task = Task.start("reader", () -> source.read(frame));
        clock.advance(2_100 * MILLI);
        Await.until("lost", () -> !source.status().connected());
        toEnd(task);
        assertTruly(frame, 4 + 1 + frame.framesLostBefore());
        CameraStatus status = source.status();
        assertEquals(1, status.reopened());
        assertEquals(0, status.abandoned());
        assertEquals("nothing came from it for 2 s", status.lastError());
    }

    @Test
    void shouldHaveTheSameFaultsForTheSameSeed() throws Exception {
        simulated("drop 10%; corrupt 10%; jitter 3ms");
        Frame frame = open();
        long last = readTruly(frame, -1, 200);
        long lost = source.status().lost();
        assertTrue(lost > 20 && lost < 80, () -> "lost " + lost);
        source.close();

        simulated("drop 10%; corrupt 10%; jitter 3ms");
        assertEquals(last, readTruly(open(), -1, 200));
        assertEquals(lost, source.status().lost());
    }

    @Test
    void shouldGiveTheNewestPicturesToASlowPipeline() throws Exception {
        simulated("");
        Frame frame = open();
        read(frame);
        for (int n = 1; n <= 20; n++) {
            clock.awaitStep();
        }
        Await.until("pictures dropped", () -> source.status().overrun() == 20 - Capture.READY);
        for (int n = 17; n <= 20; n++) {
            source.read(frame);
            assertEquals(n == 17 ? 16 : 0, frame.framesLostBefore());
            assertTruly(frame, n);
        }
        assertEquals(16, source.status().lost());
    }

    // ---------------------------------------------------------------------------------------------------- watchdog

    @Test
    void shouldLeaveAThreadThatHangsToItself() throws Exception {
        simulated("8 hang 1h");
        Frame frame = open();
        readTruly(frame, -1, 8);
        Task<Boolean> task = Task.start("reader", () -> source.read(frame));
        Await.until("hangs", () -> cameraThreads() == 1);
        clock.advance(2_000 * MILLI);
        Await.until("left alone", () -> source.status().abandoned() == 1);
        clock.advance(250 * MILLI);
        Await.until("open again", () -> source.status().reopened() == 1);
        assertTrue(task.result());
        // The last frame before was at 70 ms; 2 s until it was missed, and a quarter until it was tried again.
        assertEquals(224, frame.framesLostBefore());
        assertTruly(frame, 232);
        assertEquals(2, cameraThreads());

        clock.advance(3_700_000 * MILLI);
        Await.until("it came back in the end", () -> source.status().abandoned() == 0);
    }

    private static long cameraThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("camera-eye"))
                .peek(thread -> assertTrue(thread.isDaemon()))
                .count();
    }

    @Test
    void shouldFailWhenTooManyThreadsHang() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        FakeCamera camera = FakeCamera.of((opening, call, into) -> {
            if (call > 0) {
                FakeCamera.hang(end);
            }
            return true;
        });
        on(camera::connect);
        Frame frame = open();
        read(frame);
        for (int k = 1; k < CameraSource.MOST_ABANDONED; k++) {
            Task<Boolean> task = Task.start("reader", () -> source.read(frame));
            Await.waiting(task.thread());
            clock.advance(2_000 * MILLI);
            int hanging = k;
            Await.until("left alone", () -> source.status().abandoned() == hanging);
            assertTrue(toEnd(task).result());
        }
        Task<Boolean> task = Task.start("reader", () -> source.read(frame));
        Await.waiting(task.thread());
        clock.advance(2_000 * MILLI);
        toEnd(task);
        String message = task.error().getMessage();
        assertTrue(
                message.startsWith("camera 7: 3 threads hang in the camera's library, last because nothing came"),
                message);
        end.countDown();
        Await.until("they ended", () -> source.status().abandoned() == 0);
        assertEquals(camera.opened.get(), camera.closed.get());
    }

    @Test
    void shouldOpenAgainWhenTheLibraryFailsInWhateverWay() throws Exception {
        FakeCamera camera = FakeCamera.of((opening, call, into) -> {
            if (call == 0) {
                return true;
            }
            return switch (opening) {
                case 0 -> false;
                case 1 -> throw new IOException("cable");
                case 2 -> throw new IllegalStateException();
                case 3 -> throw new UnsatisfiedLinkError("library");
                default -> true;
            };
        });
        on(camera::connect);
        Frame frame = open();
        for (String why :
                new String[] {null, "it sends no more pictures", "cable", "java.lang.IllegalStateException", "library"
                }) {
            read(frame);
            assertEquals(why, source.status().lastError());
        }
        assertEquals(4, source.status().reopened());
        assertEquals(4, camera.closed.get());
    }

    @Test
    void shouldWaitForASlowCameraWithinItsTimeLimit() throws Exception {
        FakeCamera camera = FakeCamera.of((opening, call, into) -> {
            clock.sleepUntil(clock.nanos() + 1_900 * MILLI);
            return true;
        });
        on(camera::connect);
        Frame frame = open();
        for (int k = 0; k < 5; k++) {
            read(frame);
        }
        assertEquals(1, camera.opened.get());
        assertNull(source.status().lastError());
    }

    @Test
    void shouldMakeLongerAndLongerPauses() throws Exception {
        FakeCamera camera = new FakeCamera(
                opening -> {
                    if (opening > 0 && opening < 9) {
                        throw new IOException("gone");
                    }
                    return FakeCamera.MODE;
                },
                (opening, call, into) -> opening > 0 || call == 0);
        on(camera::connect);
        Frame frame = open();
        read(frame);
        long before = clock.nanos();
        read(frame);
        // 0.25 + 0.5 + 1 + 2 + 4 + 5 + 5 + 5 + 5
        assertEquals(27_750 * MILLI, frame.captureNanos() - before);
        assertEquals(2774, frame.framesLostBefore());
    }

    @Test
    void shouldNotBelieveADeviceClockThatLeaps() throws Exception {
        long[] stamps = {1_000 * MILLI, 1_010 * MILLI, 90_000_000 * MILLI, 5 * MILLI, 15 * MILLI};
        FakeCamera camera = FakeCamera.of((opening, call, into) -> {
            if (call > 0) {
                clock.sleepUntil(clock.nanos() + FRAME);
            }
            into.deviceNanos(stamps[Math.min(call, 4)]);
            return true;
        });
        on(camera::connect);
        Frame frame = open();
        read(frame);
        read(frame);
        assertEquals(0, frame.framesLostBefore());
        read(frame);
        assertTrue(frame.framesLostBefore() <= 100, () -> frame.framesLostBefore() + " lost");
        read(frame);
        assertEquals(0, frame.framesLostBefore());
    }

    // ---------------------------------------------------------------------------------------------------- open and
    // close

    @Test
    void shouldSayWhyACameraCannotBeOpened() {
        FakeCamera camera = new FakeCamera(
                opening -> {
                    throw new IOException("in use by another program");
                },
                (opening, call, into) -> true);
        assertFails(
                IOException.class,
                () -> on(camera::connect).open(CONTEXT),
                "camera 7 cannot be opened: in use by another program");
        assertEquals(1, camera.closed.get());
    }

    @Test
    void shouldNotWaitForEverWhileItIsOpened() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        FakeCamera camera = new FakeCamera(
                opening -> {
                    FakeCamera.hang(end);
                    return FakeCamera.MODE;
                },
                (opening, call, into) -> true);
        on(camera::connect);
        Task<SourceFormat> task = Task.start("opener", () -> source.open(CONTEXT));
        Await.waiting(task.thread());
        clock.advance(10_000 * MILLI);
        assertEquals(
                "camera 7 cannot be opened: nothing came from it for 10 s",
                task.error().getMessage());
        assertEquals(1, source.status().abandoned());
        end.countDown();
        Await.until("closed late", () -> camera.closed.get() == 1);
    }

    @Test
    void shouldRefuseACameraThatComesBackAsAnother() throws Exception {
        FakeCamera camera = new FakeCamera(
                opening -> opening == 0 ? FakeCamera.MODE : new CameraMode(4, 4, 100),
                (opening, call, into) -> call == 0);
        on(camera::connect);
        Frame frame = open();
        read(frame);
        Task<Boolean> task = Task.start("reader", () -> source.read(frame));
        toEnd(task);
        assertEquals(
                "camera 7 came back with 4x4 at 100 Hz but had 2x3 at 100 Hz; choose rows, columns and framesPerSecond,"
                        + " or start again",
                task.error().getMessage());
    }

    @Test
    void shouldEndItsWaitWhenInterrupted() throws Exception {
        simulated("");
        Frame frame = open();
        read(frame);
        Task<Boolean> task = Task.start("reader", () -> source.read(frame));
        Await.waiting(task.thread());
        task.thread().interrupt();
        assertTrue(task.error() instanceof InterruptedException);
    }

    @Test
    void shouldBeginAnewAndRefuseToReadWhenClosed() throws Exception {
        CameraSource camera = (CameraSource) SourceComponents.source(
                "camera", Map.of("backend", "simulated", "rows", 20, "columns", 20, "framesPerSecond", 1000));
        Frame frame = new Frame(camera.open(CONTEXT).shape());
        camera.read(frame);
        camera.close();
        camera.close();
        assertThrows(IllegalStateException.class, () -> camera.read(frame));
        camera.open(CONTEXT);
        camera.read(frame);
        assertEquals(0, frame.framesLostBefore());
        assertEquals(1, camera.status().frames());
        camera.close();
        assertFalse(camera.status().connected());
    }

    @Test
    void shouldLeaveNoThreadsWhenOpenedAndClosedAHundredTimes() throws Exception {
        CameraSource camera = (CameraSource) SourceComponents.source(
                "camera", Map.of("backend", "simulated", "rows", 20, "columns", 20, "framesPerSecond", 1000));
        SourceContext hundred = TestSources.context(Resolution.of(10, 100), "hundred", 3);
        for (int k = 0; k < 100; k++) {
            Frame frame = new Frame(camera.open(hundred).shape());
            if (k % 2 == 0) {
                camera.read(frame);
            }
            camera.close();
        }
        boolean left = Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("camera-hundred"));
        assertFalse(left);
        assertEquals(0, camera.status().abandoned());
    }

    @Test
    void shouldAllocateNothingForAFrame() throws Exception {
        CameraSource camera = (CameraSource) SourceComponents.source(
                "camera",
                Map.of(
                        "backend",
                        "simulated",
                        "rows",
                        60,
                        "columns",
                        80,
                        "framesPerSecond",
                        2000,
                        "script",
                        "drop 1%"));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (camera) {
            Frame frame = new Frame(camera.open(CONTEXT).shape());
            for (int k = 0; k < 200; k++) {
                camera.read(frame);
            }
            Thread grabber = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("camera-eye"))
                    .findFirst()
                    .orElseThrow();
            long[] ids = {grabber.getId(), Thread.currentThread().getId()};
            long[] before = threads.getThreadAllocatedBytes(ids);
            for (int k = 0; k < 200; k++) {
                camera.read(frame);
            }
            long[] after = threads.getThreadAllocatedBytes(ids);
            for (int i = 0; i < 2; i++) {
                long bytes = after[i] - before[i];
                assertTrue(bytes < 4000, bytes + " bytes for 200 frames");
            }
        }
    }

    // ---------------------------------------------------------------------------------------------------- settings

    private static FrameSource component(Object... settings) {
        Map<String, Object> chosen = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            chosen.put((String) settings[i], settings[i + 1]);
        }
        return SourceComponents.source("camera", chosen);
    }

    @Test
    void shouldRejectSettingsThatDoNotGoTogether() {
        Class<IllegalArgumentException> refused = IllegalArgumentException.class;
        assertFails(refused, () -> component("rows", 480), "rows and columns", "480 and 0");
        assertFails(refused, () -> component("script", "10 drop"), "only a simulated camera has a script");
        assertFails(refused, () -> component("backend", "simulated", "gain", 3), "no exposure, gain or format");
        assertFails(refused, () -> component("backend", "v4l"), "backend must be one of ffmpeg, opencv, simulated");
        assertFails(refused, () -> component("timeoutSeconds", 0), "timeoutSeconds must be");
        assertFails(refused, () -> component("framesPerSecond", -1), "framesPerSecond must be");
    }
}
