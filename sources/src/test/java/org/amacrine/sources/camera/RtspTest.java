package org.amacrine.sources.camera;

import static org.amacrine.sources.TestSources.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.ring.Ledger;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.Stage;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Task;
import org.amacrine.core.testing.TestSink;
import org.amacrine.sources.SourceComponents;
import org.amacrine.sources.TestSources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Live video over RTSP, from a server of the test's own. */
class RtspTest {
    /** JPEG is coded with loss; neighbouring pictures are further apart by far. */
    private static final float LOSS = 2;

    /** Long enough for any busy machine. */
    private static final int PATIENT_SECONDS = 10;

    private static CameraSource camera(String address, int timeoutSeconds) {
        return (CameraSource) SourceComponents.source(
                "camera", Map.of("device", address, "timeoutSeconds", timeoutSeconds, "range", "byte"));
    }

    private static Frame open(CameraSource camera) throws IOException {
        SourceFormat format = camera.open(TestSources.context(Resolution.DEFAULT));
        assertEquals(
                new SourceFormat(Shape.image(RtspServer.ROWS, RtspServer.COLUMNS), RtspServer.RATE, -1, true), format);
        return new Frame(format.shape());
    }

    /** The number of the picture, which all pixels must agree on. */
    private static int number(float[] values, int from) {
        int n = Math.round((values[from] - RtspServer.DARK) / RtspServer.BRIGHTER);
        for (int p = 0; p < RtspServer.ROWS * RtspServer.COLUMNS; p++) {
            int column = p % RtspServer.COLUMNS;
            assertEquals(RtspServer.brightness(n, column), values[from + p], LOSS, "pixel " + p);
        }
        return n;
    }

    private static void assertFollow(CameraSource camera, Frame frame, int count) throws Exception {
        assertTrue(camera.read(frame));
        int last = number(frame.values(), 0);
        for (int k = 0; k < count; k++) {
            assertTrue(camera.read(frame));
            int now = number(frame.values(), 0);
            assertEquals((last + 1 + frame.framesLostBefore()) % RtspServer.LEVELS, now);
            assertTrue(frame.deviceNanos() > 0);
            last = now;
        }
    }

    @Test
    void shouldDeliverPictureAfterPicture() throws Exception {
        try (RtspServer server = new RtspServer(true)) {
            try (CameraSource camera = camera(server.address("/live"), PATIENT_SECONDS)) {
                assertFollow(camera, open(camera), 30);
                assertEquals(0, camera.status().reopened());
                assertEquals(0, camera.status().corrupt());
            }
            Await.until("the camera is given back", () -> server.methods().contains("TEARDOWN"));
            assertEquals(1, server.methods().stream().filter("SETUP"::equals).count());
        }
    }

    @Test
    void shouldTakeDatagramsFromServersThatSendNothingElse() throws Exception {
        try (RtspServer server = new RtspServer(false);
                CameraSource camera = camera(server.address("/live"), PATIENT_SECONDS)) {
            assertFollow(camera, open(camera), 30);
        }
    }

    @Test
    void shouldLeaveAGapOfItsLengthWhenTheServerWasAway() throws Exception {
        try (RtspServer server = new RtspServer(true)) {
            CameraSource camera = camera(server.address("/live"), PATIENT_SECONDS);
            TestSink sink = new TestSink();
            Pipeline pipeline = Pipeline.builder()
                    .resolution(10, RtspServer.RATE)
                    .dt(1)
                    .set("overflow", "block")
                    .source(Stage.of(() -> camera))
                    .sink(Stage.of(() -> sink).named("sink"))
                    .build();
            long awayNanos;
            try (Runner runner = new Runner(pipeline)) {
                runner.start();
                Await.until("pictures", () -> camera.status().frames() >= 10);
                server.goAway();
                long from = System.nanoTime();
                Await.until("the loss is noticed", () -> !camera.status().connected());
                // Two tries, 0.25 s and 0.75 s after the loss, find nobody.
                Await.until("a try in vain", () -> camera.status().lastError().contains("refused"));
                server.comeBack();
                awayNanos = System.nanoTime() - from;
                Await.until("it is found again", () -> camera.status().reopened() == 1);
                long seen = camera.status().frames();
                Await.until("pictures again", () -> camera.status().frames() >= seen + 10);
                runner.stop();

                assertNull(runner.failure(), () -> String.valueOf(runner.failure()));
                Ledger.Counts ledger = runner.progress().ledger();
                List<Chunk> chunks = sink.chunks(0);
                assertEquals(camera.status().lost(), ledger.neverArrived());
                assertEquals(
                        ledger.neverArrived(),
                        chunks.stream().mapToLong(Chunk::framesLostBefore).sum());
            }
            assertGap(sink.chunks(0), awayNanos);
        }
    }

    /** One gap as long as the server was away, at least, and as what the times of the frames beside it say. */
    private static void assertGap(List<Chunk> chunks, long awayNanos) {
        Chunk before = null;
        Chunk after = chunks.get(0);
        for (int k = 1; k < chunks.size(); k++) {
            if (chunks.get(k).framesLostBefore() > after.framesLostBefore()) {
                before = chunks.get(k - 1);
                after = chunks.get(k);
            }
            number(chunks.get(k).values(), chunks.get(k).start(0));
        }
        double periodNanos = 1e9 / RtspServer.RATE;
        double apart = (after.captureNanos(0) - before.captureNanos(0)) / periodNanos;
        assertEquals(apart, 1 + after.framesLostBefore(), 0.51);
        assertEquals(before.endFrame() + after.framesLostBefore(), after.firstFrame());
        assertTrue(after.framesLostBefore() >= awayNanos / periodNanos - 2, after.toString());
    }

    @Test
    void shouldFindAServerAgainThatFellSilent() throws Exception {
        try (RtspServer server = new RtspServer(true);
                CameraSource camera = camera(server.address("/live"), 1)) {
            Frame frame = open(camera);
            assertFollow(camera, frame, 5);
            server.silent(true);
            Task<Long> longestGap = Task.start("reader", () -> {
                long longest = 0;
                while (camera.status().reopened() == 0) {
                    assertTrue(camera.read(frame));
                    longest = Math.max(longest, frame.framesLostBefore());
                }
                return longest;
            });
            Await.until("the loss is noticed", () -> !camera.status().connected());
            server.silent(false);

            // FFmpeg's patience, 0.8 of the limit, and the pause before the next try.
            long gap = longestGap.result();
            assertTrue(gap >= (0.8 + 0.25) * RtspServer.RATE - 2, "gap " + gap);
            assertEquals(0, camera.status().abandoned());
        }
    }

    @ParameterizedTest
    @CsvSource({"rtsp, no answer in RTSP", "http, timed out", "udp, cannot be opened"})
    void shouldSayWhenNothingComes(String protocol, String words) throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                CameraSource camera = camera(protocol + "://127.0.0.1:" + mute.getLocalPort() + "/live", 1)) {
            Task<String> open = Task.start(
                    "opener",
                    () -> assertThrows(IOException.class, () -> camera.open(TestSources.context(Resolution.DEFAULT)))
                            .getMessage());
            String message = open.result();
            assertTrue(message.contains(protocol + "://127.0.0.1:" + mute.getLocalPort() + "/live cannot be opened"));
            assertTrue(message.contains(words), message);
            assertTrue(message.endsWith("check the address"), message);
            assertEquals(0, camera.status().abandoned());
            assertFalse(camera.status().connected());
        }
    }

    @Test
    void shouldSayThatAPathIsWrong() throws Exception {
        try (RtspServer server = new RtspServer(true)) {
            String address = server.address("/nothing");
            assertFails(
                    IOException.class,
                    () -> camera(address, PATIENT_SECONDS).open(TestSources.context(Resolution.DEFAULT)),
                    "camera " + address + " cannot be opened",
                    "404",
                    "check the address");
        }
    }

    @Test
    void shouldKeepThePasswordOfAnAddressToItself() throws Exception {
        try (RtspServer server = new RtspServer(true)) {
            String address = server.address("/nothing");
            String secret = address.replace("://", "://lab:pass@word@");
            String message = assertThrows(
                            IOException.class,
                            () -> camera(secret, PATIENT_SECONDS).open(TestSources.context(Resolution.DEFAULT)))
                    .getMessage();
            assertTrue(message.contains(address.replace("://", "://lab:***@")), message);
            assertFalse(message.contains("word"), message);
        }
    }
}
