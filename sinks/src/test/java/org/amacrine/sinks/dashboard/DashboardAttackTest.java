package org.amacrine.sinks.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.amacrine.core.run.RunnerState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients do that mean no good, or know no better. */
@Timeout(120)
class DashboardAttackTest {
    private static final String UPGRADE = "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    private final Live live = new Live();

    @BeforeEach
    void start() {
        live.runner.start();
    }

    @AfterEach
    void close() {
        live.close();
    }

    private String host() {
        return URI.create(live.address()).getAuthority();
    }

    private Socket connect() throws IOException {
        URI address = URI.create(live.address());
        Socket socket = new Socket(address.getHost(), address.getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String firstLine(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c >= 0 && c != '\r';
                c = socket.getInputStream().read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private static String error(ObjectNode answer) {
        assertEquals("error", answer.path("type").asText(), answer::toString);
        return answer.path("message").asText();
    }

    // ------------------------------------------------------------------------------------------------ HTTP

    @ParameterizedTest
    @CsvSource({"/api/state?token=%zz", "/?token=%", "/ws/control?token=%4", "/api/%zz", "/page/%zz.js", "//", "/?=&=%"
    })
    void shouldAnswerMalformedAddresses(String path) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(String.format("GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, host())
                            .getBytes(StandardCharsets.US_ASCII));

            String status = firstLine(socket);

            assertTrue(status.matches("HTTP/1.1 [24]\\d\\d .*"), status);
        }
    }

    @Test
    void shouldBoundTheNumberOfViewers() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            int accepted = 0;
            String last = "";
            for (int i = 0; i < 129; i++) {
                Socket socket = connect();
                sockets.add(socket);
                socket.getOutputStream()
                        .write(String.format(UPGRADE, "/ws/stream", host()).getBytes(StandardCharsets.US_ASCII));
                last = firstLine(socket);
                accepted += last.contains(" 101 ") ? 1 : 0;
            }

            assertEquals(128, accepted);
            assertTrue(last.contains(" 503 "), last);
            assertEquals(RunnerState.RUNNING, live.runner.state());
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void shouldBoundTheNumberOfConnections() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 600; i++) {
                sockets.add(connect());
            }
            Socket last = sockets.get(sockets.size() - 1);

            assertEquals(-1, last.getInputStream().read(), "the server has closed it");
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ many starts

    @Test
    void shouldStartAgainManyTimesWithViewersThatReadAndOneThatDoesNot() throws IOException, InterruptedException {
        try (Client control = live.control(Live.TOKEN);
                Client stream = live.stream();
                Socket deaf = connect()) {
            deaf.getOutputStream()
                    .write(String.format(UPGRADE, "/ws/stream", host()).getBytes(StandardCharsets.US_ASCII));
            assertTrue(firstLine(deaf).contains(" 101 "));
            String image = "\"do\": \"subscribe\", \"stream\": 1, \"rate\": 60, \"signal\": \"model.output\"";
            deaf.getOutputStream().write(frame(0x81, "{" + image + "}"));
            stream.ask(image);
            int threads = 0;
            for (int run = 1; run <= 20; run++) {
                ByteBuffer newest = stream.nextMessage();
                while (newest.getInt(52) < run) {
                    newest = stream.nextMessage();
                }
                assertEquals(
                        "STOPPED", control.ask("\"do\": \"stop\"").path("state").asText());
                assertEquals(
                        "RUNNING",
                        control.ask("\"do\": \"start\"").path("state").asText());
                if (run == 2) {
                    threads = Thread.activeCount();
                }
            }

            assertTrue(Thread.activeCount() <= threads + 1, Thread.activeCount() + " threads after " + threads);
        }
    }

    // ------------------------------------------------------------------------------------------------ WebSockets

    /** A masked frame as clients send it; the mask is 0. */
    private static byte[] frame(int first, String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[6 + bytes.length];
        frame[0] = (byte) first;
        frame[1] = (byte) (0x80 | bytes.length);
        System.arraycopy(bytes, 0, frame, 6, bytes.length);
        return frame;
    }

    @Test
    void shouldCloseAConnectionThatPingsAndNeverReads() throws IOException {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(String.format(UPGRADE, "/ws/control", host()).getBytes(StandardCharsets.US_ASCII));
            assertTrue(firstLine(socket).contains(" 101 "));
            byte[] ping = frame(0x89, "p".repeat(125));
            byte[] many = new byte[ping.length * 500];
            for (int i = 0; i < 500; i++) {
                System.arraycopy(ping, 0, many, i * ping.length, ping.length);
            }

            boolean closed = false;
            for (int i = 0; i < 1_000 && !closed; i++) {
                try {
                    out.write(many);
                } catch (IOException e) {
                    closed = true;
                }
            }

            assertTrue(closed, "the connection took 65 MB of pings whose answers nobody reads");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\": 5, \"do\": \"ping\", \"do\": \"stop\"}|not JSON: Duplicate",
                "{\"id\": 5, \"do\": \"ping\"} {}|not JSON: Trailing",
                "{\"id\": {\"a\": 1}, \"do\": \"ping\"}|id must be a whole number or a text but was {\"a\":1}",
                "{\"id\": [5], \"do\": \"ping\"}|id must be a whole number or a text but was [5]",
                "{\"id\": 5, \"do\": \"set\", \"path\": \"model.gain\", \"value\": [null]}|gain",
                "{\"id\": 5, \"do\": \"set\", \"path\": \"model.gain\", \"value\": []}|gain",
                "{\"id\": 5, \"do\": \"set\", \"path\": \"model\", \"value\": 1}|no layer",
                "{\"id\": 5, \"do\": \"set\", \"path\": \".\", \"value\": 1}|no layer",
                "{\"id\": 5, \"do\": \"set\", \"path\": \"model.\", \"value\": 1}|no parameter",
                "{\"id\": 5, \"do\": \"set\", \"path\": \"\", \"value\": 1}|no layer",
                "{\"id\": 5, \"do\": \"load\", \"text\": \"- 1\"}|the parameter set",
                "{\"id\": 5, \"do\": \"load\", \"text\": \"? {a: 1}\\n: 2\"}|''",
                "{\"id\": 5, \"do\": \"load\", \"text\": \"1: 2\"}|''",
                "{\"id\": 5, \"do\": \"load\", \"text\": \"model.gain: !!int x\"}|''",
                "{\"id\": 5, \"do\": \"load\", \"text\": \"\"}|''",
                "{\"id\": 5, \"do\": \"load\", \"text\": \"\\u0000\"}|''"
            })
    void shouldAnswerEveryMalformedMessage(String message, String answer) throws InterruptedException {
        try (Client control = live.control(Live.TOKEN)) {
            control.sendText(message);

            String error = error(control.next("error"));

            assertTrue(error.startsWith(answer), error);
            assertEquals("reply", control.ask("\"do\": \"ping\"").path("type").asText());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"rate\": \"fast\"|rate must be a number but was \"fast\"",
                "\"rate\": true|rate must be a number but was true",
                "\"rate\": -1|rate must be 1.0 to 60.0 but was -1",
                "\"rate\": 1e999|rate must be 1.0 to 60.0 but was Infinity",
                "\"scale\": [1, 1]|scale must be [lo, hi] with lo < hi but was [1,1]",
                "\"scale\": [2, 1]|scale must be [lo, hi] with lo < hi but was [2,1]",
                "\"scale\": [\"a\", 1]|scale must be [lo, hi] with lo < hi but was [\"a\",1]",
                "\"scale\": [0, 1e300]|scale must be [lo, hi] with lo < hi but was [0,1.0E300]",
                "\"kind\": \"series\", \"probes\": 7|probes must be a list but was 7",
                "\"kind\": \"series\", \"probes\": [[0, 1.5, 0]]|a probe must be [channel, row, column] or \"mean\" but was",
                "\"kind\": \"series\", \"probes\": [[0, \"1\", 0]]|a probe must be [channel, row, column] or \"mean\" but was",
                "\"kind\": \"events\", \"cells\": -3|cells must be 1 to 4 but was -3",
                "\"kind\": \"events\", \"column\": 3, \"cells\": 2147483647|cells must be 1 to 1 but was 2147483647",
                "\"channel\": 99999999999|channel must be a whole number but was 99999999999"
            })
    void shouldRefuseAbsurdSubscriptions(String request, String answer) throws InterruptedException {
        try (Client stream = live.stream()) {
            String error =
                    error(stream.ask("\"do\": \"subscribe\", \"stream\": 1, \"signal\": \"cells.spikes\", " + request));

            assertTrue(error.startsWith(answer), error);
        }
    }

    @Test
    void shouldSayThatUnsubscribingNeedsAStream() throws InterruptedException {
        try (Client stream = live.stream()) {
            assertEquals("the message has no \"stream\"", error(stream.ask("\"do\": \"unsubscribe\"")));
        }
    }

    @Test
    void shouldBoundTheMemoryOfAllSubscriptionsTogether() throws InterruptedException {
        List<Client> viewers = new ArrayList<>();
        try {
            String refused = null;
            for (int viewer = 0; viewer < 3 && refused == null; viewer++) {
                Client stream = live.stream();
                viewers.add(stream);
                for (int i = 0; i < 32 && refused == null; i++) {
                    StringBuilder probes = new StringBuilder();
                    for (int p = 0; p < 64; p++) {
                        int cell = p < 7 ? (viewer * 32 + i) >> p & 1 : p % 12;
                        probes.append(p == 0 ? "[" : ",").append("[0," + cell / 4 + "," + cell % 4 + "]");
                    }
                    ObjectNode answer = stream.ask("\"do\": \"subscribe\", \"stream\": " + i
                            + ", \"signal\": \"model.output\", \"kind\": \"series\", \"rate\": 1, \"probes\": " + probes
                            + "]");
                    refused = answer.path("type").asText().equals("error")
                            ? answer.path("message").asText()
                            : null;
                }
            }

            assertTrue(refused != null && refused.startsWith("all viewers together"), refused);
        } finally {
            viewers.forEach(Client::close);
        }
        assertEquals(RunnerState.RUNNING, live.runner.state());
    }
}
