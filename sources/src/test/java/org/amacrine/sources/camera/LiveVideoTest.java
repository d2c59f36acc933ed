package org.amacrine.sources.camera;

import static org.amacrine.sources.TestSources.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Task;
import org.amacrine.sources.SourceComponents;
import org.amacrine.sources.TestSources;
import org.amacrine.sources.video.TestVideos;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Live video from an address, sent by a server of the test's own. */
class LiveVideoTest {
    private static final int FRAMES = 60;

    /** Seven packets of the transport stream. */
    private static final int DATAGRAM = 7 * 188;

    @TempDir
    static Path folder;

    /** What the server does with the body of its answer; {@code count} is the number of the request, from 0. */
    private interface Answer {
        void send(int count, byte[] video, OutputStream body) throws IOException, InterruptedException;
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server;
    private byte[] video;

    @BeforeEach
    void start() throws IOException {
        Path file = folder.resolve("live.ts");
        if (!Files.exists(file)) {
            TestVideos.transportStream(file, FRAMES, 48, 64);
        }
        video = Files.readAllBytes(file);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
        assertTrue(threads.awaitTermination(Await.LIMIT_SECONDS, TimeUnit.SECONDS));
    }

    private String serve(Answer answer) {
        server.createContext("/live", exchange -> handle(exchange, answer));
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/live";
    }

    private void handle(HttpExchange exchange, Answer answer) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            answer.send(requests.getAndIncrement(), video, body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends a frame's share of the video every 10 ms. */
    private void send(OutputStream body, byte[] bytes, int length) throws IOException, InterruptedException {
        int piece = bytes.length / FRAMES;
        boolean ended = false;
        for (int at = 0; at < length && !ended; at += piece) {
            body.write(bytes, at, Math.min(piece, length - at));
            body.flush();
            ended = end.await(10, TimeUnit.MILLISECONDS);
        }
    }

    private static CameraSource camera(String address) {
        return (CameraSource)
                SourceComponents.source("camera", Map.of("device", address, "timeoutSeconds", 1, "range", "byte"));
    }

    private static Frame open(CameraSource camera) throws IOException {
        SourceFormat format = camera.open(TestSources.context(Resolution.DEFAULT));
        assertEquals(new SourceFormat(Shape.image(48, 64), TestVideos.RATE, -1, true), format);
        return new Frame(format.shape());
    }

    /** Videos are coded with loss, but each of so many frames has a brightness of its own. */
    private static int number(Frame frame) {
        double sum = 0;
        for (float value : frame.values()) {
            sum += value;
        }
        return (int) Math.round((sum / frame.values().length - TestVideos.DARK) / TestVideos.BRIGHTER);
    }

    @Test
    void shouldDeliverALiveStreamAndFindItAgain() throws Exception {
        String address = serve((count, bytes, body) -> send(body, bytes, bytes.length));
        try (CameraSource camera = camera(address)) {
            Frame frame = open(camera);
            long reopened = -1;
            int last = -1;
            int followed = 0;
            while (camera.status().reopened() < 3) {
                assertTrue(camera.read(frame));
                int number = number(frame);
                if (camera.status().reopened() == reopened) {
                    long expected = (last + 1 + frame.framesLostBefore()) % TestVideos.LEVELS;
                    assertEquals(expected, number, "brightness " + frame.values()[0]);
                    followed++;
                }
                assertTrue(frame.deviceNanos() > 0);
                last = number;
                reopened = camera.status().reopened();
            }
            assertTrue(followed >= 4, "frames: " + followed);
            assertEquals("it sends no more pictures", camera.status().lastError());
        }
    }

    @Test
    void shouldReadDatagrams() throws Exception {
        int port;
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Task<Void> sender = Task.start("sender", () -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                InetSocketAddress to = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
                boolean ended = false;
                for (int at = 0; !ended; at = (at + DATAGRAM) % (video.length - video.length % DATAGRAM)) {
                    socket.send(new DatagramPacket(video, at, DATAGRAM, to));
                    ended = end.await(2, TimeUnit.MILLISECONDS);
                }
            }
            return null;
        });
        try (CameraSource camera = camera("udp://127.0.0.1:" + port)) {
            Frame frame = open(camera);
            for (int k = 0; k < 20; k++) {
                assertTrue(camera.read(frame));
            }
            assertEquals(0, camera.status().abandoned());
        }
        end.countDown();
        sender.result();
    }

    @Test
    void shouldFindAStreamAgainThatFallsSilent() throws Exception {
        String address = serve((count, bytes, body) -> {
            if (count == 0) {
                // The beginning goes into finding out what the stream is.
                send(body, bytes, bytes.length);
                end.await();
            } else {
                send(body, bytes, bytes.length);
            }
        });
        try (CameraSource camera = camera(address)) {
            Frame frame = open(camera);
            while (camera.status().reopened() == 0) {
                assertTrue(camera.read(frame));
            }
            // The pause before the next try, at least; FFmpeg gives the last frame away when it loses patience only.
            assertTrue(frame.framesLostBefore() > TestVideos.RATE / 5, "gap " + frame.framesLostBefore());
            assertEquals(0, camera.status().abandoned());
        }
    }

    @Test
    void shouldSurviveGarbageAfterTheBeginning() throws Exception {
        String address = serve((count, bytes, body) -> {
            if (count == 1) {
                body.write(new byte[100_000]);
            } else {
                send(body, bytes, bytes.length);
            }
        });
        try (CameraSource camera = camera(address)) {
            Frame frame = open(camera);
            while (camera.status().reopened() == 0) {
                assertTrue(camera.read(frame));
            }
            assertTrue(requests.get() >= 3);
        }
    }

    @Test
    void shouldSayWhenAnAddressHasNoVideo() {
        String nobody = "http://127.0.0.1:" + server.getAddress().getPort() + "/nothing";
        assertFails(
                IOException.class,
                () -> camera(nobody).open(TestSources.context(Resolution.DEFAULT)),
                "camera " + nobody + " cannot be opened",
                "404",
                "check the address");
        String garbage = serve((count, bytes, body) -> body.write(new byte[10_000]));
        assertFails(
                IOException.class,
                () -> camera(garbage).open(TestSources.context(Resolution.DEFAULT)),
                "Invalid data",
                "check the address");
    }

    @Test
    void shouldReadTheSameThroughOpenCv() throws Exception {
        Path file = TestVideos.motionJpeg(folder.resolve("live.avi"), FRAMES, 48, 64);
        CameraSource camera = (CameraSource) SourceComponents.source(
                "camera", Map.of("device", file.toString(), "backend", "opencv", "range", "byte"));
        try (camera) {
            Frame frame = open(camera);
            for (int n = 0; n < 5; n++) {
                assertTrue(camera.read(frame));
                float level = TestVideos.DARK + TestVideos.BRIGHTER * number(frame);
                assertEquals(level, frame.values()[0], TestVideos.BRIGHTER / 3f);
            }
        }
    }

    @Test
    void shouldSayThatOpenCvCannotOpenIt() {
        assertFails(
                IOException.class,
                () -> SourceComponents.source("camera", Map.of("device", "97", "backend", "opencv"))
                        .open(TestSources.context(Resolution.DEFAULT)),
                "camera 97 cannot be opened: OpenCV cannot open it");
    }

    @Test
    void shouldSayThatThereIsNoSuchCamera() {
        assertFails(
                IOException.class,
                () -> SourceComponents.source("camera", Map.of("device", "97"))
                        .open(TestSources.context(Resolution.DEFAULT)),
                "camera 97 cannot be opened",
                "amacrine cameras");
    }
}
