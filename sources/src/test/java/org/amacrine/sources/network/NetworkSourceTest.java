package org.amacrine.sources.network;

import static org.amacrine.sources.TestSources.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.Resolution;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages over the network, and garbage between them. */
class NetworkSourceTest {
    private static final int ROWS = 3;
    private static final int COLUMNS = 4;

    private final HttpClient client = HttpClient.newHttpClient();
    private NetworkSource source;
    private WebSocket webSocket;
    private DatagramSocket socket;

    @AfterEach
    void close() {
        if (source != null) {
            source.close();
        }
        if (webSocket != null) {
            webSocket.abort();
        }
        if (socket != null) {
            socket.close();
        }
    }

    private static NetworkSource make(String name, Object... settings) {
        Map<String, Object> chosen = new HashMap<>(Map.of("port", 0, "rows", ROWS, "columns", COLUMNS));
        for (int i = 0; i < settings.length; i += 2) {
            chosen.put((String) settings[i], settings[i + 1]);
        }
        return (NetworkSource) SourceComponents.source(name, chosen);
    }

    private Frame open(String name, Object... settings) throws IOException {
        source = make(name, settings);
        return new Frame(source.open(TestSources.context(Resolution.DEFAULT)).shape());
    }

    private void connect(String query) {
        String address = "ws://127.0.0.1:" + source.address().getPort() + "/ws/in" + query;
        webSocket = client.newWebSocketBuilder()
                .buildAsync(URI.create(address), new WebSocket.Listener() {})
                .join();
    }

    /** Sends to the source that is open. */
    private void send(byte[] message) throws IOException {
        if (source instanceof UdpSource) {
            if (socket == null) {
                socket = new DatagramSocket();
            }
            InetSocketAddress to =
                    new InetSocketAddress("127.0.0.1", source.address().getPort());
            socket.send(new DatagramPacket(message, message.length, to));
        } else {
            if (webSocket == null) {
                connect("");
            }
            webSocket.sendBinary(ByteBuffer.wrap(message), true).join();
        }
    }

    private static ByteBuffer header(
            int kind, int format, int channels, int rows, int columns, long first, int frames, int payload) {
        ByteBuffer bytes = ByteBuffer.allocate(56 + payload).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0xA4).put((byte) 1).put((byte) kind).put((byte) format);
        bytes.putShort((short) 0).putShort((short) channels).putInt(rows).putInt(columns);
        bytes.putLong(first).putInt(frames).putInt(frames * channels * rows * columns);
        return bytes.putFloat(-1).putFloat(1).putDouble(0).putInt(0).putInt(1);
    }

    /** An image whose bytes are its number, its number + 1, …. */
    private static byte[] image(long number) {
        ByteBuffer bytes = header(1, 0, 1, ROWS, COLUMNS, number, 1, ROWS * COLUMNS);
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            bytes.put((byte) (number + i));
        }
        return bytes.array();
    }

    private static byte[] floatImage(long number, float value) {
        ByteBuffer bytes = header(1, 1, 1, ROWS, COLUMNS, number, 1, 4 * ROWS * COLUMNS);
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            bytes.putFloat(value + i);
        }
        return bytes.array();
    }

    private static byte[] vectors(long first, int steps, int dims) {
        ByteBuffer bytes = header(2, 1, dims, 1, 1, first, steps, 4 * steps * dims);
        for (int i = 0; i < steps * dims; i++) {
            bytes.putFloat(first * dims + i);
        }
        return bytes.array();
    }

    private static byte[] with(byte[] message, int at, int value) {
        byte[] changed = message.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private void read(Frame frame) throws Exception {
        assertTrue(Task.start("reader", () -> source.read(frame)).result());
    }

    private static void assertImage(long number, Frame frame) {
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            assertEquals(-1 + 2f * ((number + i) & 0xff) / 255, frame.values()[i], 1e-6f, "frame " + number);
        }
    }

    // ---------------------------------------------------------------------------------------------------- messages

    @ParameterizedTest
    @ValueSource(strings = {"network.udp", "network.websocket"})
    void shouldReadImagesAndTellGapsByTheirNumbers(String name) throws Exception {
        Frame frame = open(name);
        long last = 999;
        for (long number : new long[] {1000, 1001, 1005, 1006, 1100}) {
            send(image(number));
            read(frame);
            assertImage(number, frame);
            assertEquals(number == 1000 ? 0 : number - last - 1, frame.framesLostBefore());
            assertTrue(frame.captureNanos() != 0);
            last = number;
        }
        assertEquals(new NetworkStatus(5, 3 + 93, 0, 0, 0, null), source.status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"network.udp", "network.websocket"})
    void shouldReadFloats(String name) throws Exception {
        Frame frame = open(name);
        send(floatImage(5, 0.25f));
        read(frame);
        assertEquals(0.25f, frame.values()[0]);
        assertEquals(11.25f, frame.values()[11]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"network.udp", "network.websocket"})
    void shouldReadVectorsStepByStep(String name) throws Exception {
        Frame frame = open(name, "kind", "vector", "dims", 5, "framesPerSecond", 60);
        assertEquals(new Shape(5, 1, 1), frame.shape());
        send(vectors(10, 3, 5));
        send(vectors(15, 1, 5));
        for (long step : new long[] {10, 11, 12, 15}) {
            read(frame);
            float[] expected = {5 * step, 5 * step + 1, 5 * step + 2, 5 * step + 3, 5 * step + 4};
            assertArrayEquals(expected, frame.values());
            assertEquals(step == 15 ? 2 : 0, frame.framesLostBefore());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"network.udp", "network.websocket"})
    void shouldCountGarbageAndGoOn(String name) throws Exception {
        Frame frame = open(name);
        byte[] good = image(7);
        List<byte[]> garbage = List.of(
                new byte[0],
                new byte[55],
                new byte[100],
                "hello".getBytes(StandardCharsets.UTF_8),
                with(good, 0, 0),
                with(good, 1, 2),
                with(good, 2, 3),
                with(good, 3, 2),
                with(good, 6, 2),
                with(good, 8, 9),
                with(good, 15, -1),
                with(good, 23, -1),
                with(good, 24, 2),
                with(good, 28, 3),
                with(good, 39, 0x7f),
                java.util.Arrays.copyOf(good, good.length - 1),
                java.util.Arrays.copyOf(good, good.length + 1),
                floatImage(7, Float.NaN),
                vectors(7, 1, 12));
        send(image(6));
        for (byte[] message : garbage) {
            send(message);
        }
        send(good);
        read(frame);
        assertImage(6, frame);
        read(frame);
        assertImage(7, frame);
        assertEquals(0, frame.framesLostBefore());
        assertEquals(garbage.size(), source.status().malformed());
        assertTrue(
                source.status().lastProblem().startsWith("it is of kind 2"),
                source.status().lastProblem());
    }

    @Test
    void shouldSurviveRandomGarbage() throws Exception {
        Frame frame = open("network.udp");
        Random random = new Random(5);
        send(image(0));
        for (int k = 0; k < 500; k++) {
            byte[] message = image(1);
            for (int n = random.nextInt(3) + 1; n > 0; n--) {
                message[random.nextInt(40)] = (byte) random.nextInt();
            }
            long before = source.status().malformed()
                    + source.status().late()
                    + source.status().frames();
            send(message);
            Await.until("message " + k, () -> {
                NetworkStatus now = source.status();
                return now.malformed() + now.late() + now.frames() > before || waiting() > 0;
            });
            while (waiting() > 0) {
                source.read(frame);
            }
        }
        assertTrue(source.status().malformed() > 200, source.status()::toString);
        send(image(2));
        read(frame);
        assertImage(2, frame);
    }

    private int waiting() {
        return source.waiting();
    }

    @Test
    void shouldLeaveOutWhatComesLateOrTwice() throws Exception {
        Frame frame = open("network.udp");
        for (long number : new long[] {50, 52, 51, 52, 53}) {
            send(image(number));
        }
        for (long number : new long[] {50, 52, 53}) {
            read(frame);
            assertImage(number, frame);
        }
        assertEquals(2, source.status().late());
        assertEquals(1, source.status().lost());
    }

    @Test
    void shouldNotBelieveALeapOfTheNumbers() throws Exception {
        Frame frame = open("network.udp");
        send(image(1));
        send(image(1L << 40));
        send(image(2));
        read(frame);
        read(frame);
        assertEquals(0, frame.framesLostBefore());
        assertEquals("its number 1099511627776 leaps far ahead", source.status().lastProblem());
    }

    @ParameterizedTest
    @ValueSource(strings = {"network.udp", "network.websocket"})
    void shouldGoOnWithAnotherSender(String name) throws Exception {
        Frame frame = open(name);
        send(image(500));
        read(frame);
        if (socket != null) {
            socket.close();
            socket = null;
        } else {
            webSocket.abort();
            webSocket = null;
        }
        send(image(3));
        read(frame);
        assertImage(3, frame);
        assertEquals(0, frame.framesLostBefore());
        assertEquals(0, source.status().late());
    }

    @Test
    void shouldKeepTheNewestWhenThePipelineIsSlow() throws Exception {
        Frame frame = open("network.udp", "rows", 128, "columns", 256);
        int kept = (1 << 22) / (128 * 256);
        for (int k = 0; k < kept + 20; k++) {
            ByteBuffer bytes = header(1, 0, 1, 128, 256, k, 1, 128 * 256);
            int now = k;
            send(bytes.array());
            Await.until(
                    "message " + k,
                    () -> source.waiting() == Math.min(now + 1, kept)
                            && source.status().overrun() == Math.max(0, now + 1 - kept));
        }
        read(frame);
        assertEquals(20, source.status().overrun());
        assertEquals(0, frame.framesLostBefore());
        for (int k = 1; k < kept; k++) {
            read(frame);
        }
        assertEquals(0, source.waiting());
    }

    // ---------------------------------------------------------------------------------------------------- in a
    // pipeline

    @ParameterizedTest
    @ValueSource(strings = {"network.udp", "network.websocket"})
    void shouldTellTheLedgerWhatNeverArrived(String name) throws Exception {
        NetworkSource network = make(name);
        source = network;
        TestSink sink = new TestSink();
        Pipeline pipeline = Pipeline.builder()
                .dt(4)
                .source(Stage.of(() -> network))
                .sink(Stage.of(() -> sink).named("sink"))
                .build();
        try (Runner runner = new Runner(pipeline)) {
            runner.start();
            for (long number : new long[] {20, 21, 22, 30, 31}) {
                send(image(number));
                send(new byte[] {1, 2, 3});
            }
            Await.until("all", () -> runner.progress().ledger().read() == 5);
            Await.until("garbage", () -> network.status().malformed() == 5);
            runner.stop();
            assertNull(runner.failure());
            assertEquals(7, runner.progress().ledger().neverArrived());
            List<Chunk> chunks = sink.chunks(0);
            assertEquals(12, chunks.get(chunks.size() - 1).endFrame());
            assertEquals(5, chunks.stream().mapToInt(Chunk::frames).sum());
        }
    }

    // ---------------------------------------------------------------------------------------------------- access

    @Test
    void shouldWantATokenOnOtherAddresses() {
        for (String name : List.of("network.udp", "network.websocket")) {
            assertFails(
                    IllegalArgumentException.class,
                    () -> make(name, "host", "0.0.0.0"),
                    name,
                    "needs a token",
                    "0.0.0.0");
            assertFails(
                    IllegalArgumentException.class,
                    () -> make(name, "host", "no such host"),
                    "host must be an address of this computer");
        }
    }

    @Test
    void shouldLetInOnlyDatagramsWithTheToken() throws Exception {
        Frame frame = open("network.udp", "host", "0.0.0.0", "token", "secret");
        send(image(1));
        send(concat(image(2), "Secret"));
        send(concat(image(3), "secret"));
        read(frame);
        assertImage(3, frame);
        assertEquals(2, source.status().malformed());
        assertEquals("its token is missing or wrong", source.status().lastProblem());
    }

    private static byte[] concat(byte[] message, String token) {
        byte[] more = token.getBytes(StandardCharsets.UTF_8);
        byte[] both = java.util.Arrays.copyOf(message, message.length + more.length);
        System.arraycopy(more, 0, both, message.length, more.length);
        return both;
    }

    @Test
    void shouldLetInOnlySocketsWithTheToken() throws Exception {
        Frame frame = open("network.websocket", "host", "0.0.0.0", "token", "secret");
        assertEquals(401, refusal("", null));
        assertEquals(401, refusal("?token=Secret", null));
        connect("?token=secret");
        send(image(3));
        read(frame);
        assertImage(3, frame);
    }

    @Test
    void shouldRefusePagesOfOtherOrigins() throws Exception {
        open("network.websocket");
        assertEquals(403, refusal("", "http://evil.example"));
        assertEquals(403, refusal("", "not an address"));
    }

    /** As a browser asks for a page of evil.example after that name was made to resolve to this computer. */
    @Test
    void shouldRefusePagesThatTakeThisComputersAddress() throws Exception {
        open("network.websocket");

        assertTrue(statusOf("/ws/in", "evil.example:8090", "http://evil.example:8090")
                .contains(" 403 "));
        assertTrue(statusOf("/ws/in", "localhost:8090", "http://localhost:8090").contains(" 101 "));
        assertTrue(statusOf("/ws/in", "[::1]:8090", "http://[::1]:8090").contains(" 101 "));
    }

    @Test
    void shouldAnswerAddressesThatCannotBeDecoded() throws Exception {
        open("network.websocket", "token", "secret");

        assertTrue(statusOf("/ws/in?token=%zz", "localhost", "http://localhost").contains(" 401 "));
        assertTrue(statusOf("/%zz", "localhost", "http://localhost").contains(" 404 "));
    }

    /** First line of the answer to a handshake. */
    private String statusOf(String path, String host, String origin) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", source.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nOrigin: " + origin
                                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    private int refusal(String query, String origin) {
        WebSocket.Builder builder = client.newWebSocketBuilder();
        if (origin != null) {
            builder.header("Origin", origin);
        }
        URI address = URI.create("ws://127.0.0.1:" + source.address().getPort() + "/ws/in" + query);
        CompletionException e = assertThrows(
                CompletionException.class,
                () -> builder.buildAsync(address, new WebSocket.Listener() {}).join());
        return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
    }

    @Test
    void shouldCountMessagesInPiecesOrTooLong() throws Exception {
        Frame frame = open("network.websocket");
        connect("");
        webSocket.sendText("hello", true).join();
        webSocket.sendBinary(ByteBuffer.wrap(image(1)), false).join();
        webSocket.sendBinary(ByteBuffer.wrap(new byte[3]), true).join();
        webSocket.sendBinary(ByteBuffer.wrap(new byte[10_000]), true).join();
        Await.until("counted", () -> source.status().malformed() >= 4);
        webSocket.abort();
        webSocket = null;
        send(image(4));
        read(frame);
        assertImage(4, frame);
    }

    // ---------------------------------------------------------------------------------------------------- open and
    // close

    @Test
    void shouldRefuseImagesLargerThanADatagram() {
        assertFails(
                IllegalArgumentException.class,
                () -> make("network.udp", "rows", 480, "columns", 640),
                "a datagram holds 65507 bytes but a frame of 1x480x640 takes 307256",
                "network.websocket");
        assertFalse(make("network.websocket", "rows", 480, "columns", 640) instanceof UdpSource);
    }

    @ParameterizedTest
    @ValueSource(strings = {"network.udp", "network.websocket"})
    void shouldSayThatThePortIsTaken(String name) throws Exception {
        open(name);
        NetworkSource second = make(name, "port", source.address().getPort());
        assertFails(
                IOException.class,
                () -> second.open(TestSources.context(Resolution.DEFAULT)),
                name + " cannot listen on 127.0.0.1:" + source.address().getPort(),
                "choose another port");
        second.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"network.udp", "network.websocket"})
    void shouldOpenAndCloseAgainAndAgain(String name) throws Exception {
        NetworkSource network = make(name);
        source = network;
        for (int k = 0; k < 20; k++) {
            SourceFormat format = network.open(TestSources.context(Resolution.DEFAULT, "again", 1));
            assertEquals(new SourceFormat(Shape.image(ROWS, COLUMNS), 0, -1, true), format);
            network.close();
            network.close();
        }
        assertThrows(IllegalStateException.class, () -> network.read(new Frame(Shape.image(ROWS, COLUMNS))));
        Await.until(
                "no threads are left",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().contains("-again")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"network.udp", "network.websocket"})
    void shouldEndItsWaitWhenInterrupted(String name) throws Exception {
        Frame frame = open(name);
        Task<Boolean> task = Task.start("reader", () -> source.read(frame));
        Await.waiting(task.thread());
        task.thread().interrupt();
        assertTrue(task.error() instanceof InterruptedException);
    }
}
