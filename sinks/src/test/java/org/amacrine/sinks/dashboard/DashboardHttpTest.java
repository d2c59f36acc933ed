package org.amacrine.sinks.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.RunnerState;
import org.amacrine.core.run.Stage;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.TestSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class DashboardHttpTest {
    private static final String[] CONTROL = {"Authorization", "Bearer " + Live.TOKEN};

    @TempDir
    Path folder;

    @Test
    void shouldSteerOverHttp() throws IOException, InterruptedException {
        try (Live live = new Live()) {
            assertEquals(
                    "{\"type\":\"state\",\"state\":\"NEW\",\"failure\":null,\"run\":0}",
                    live.http("GET", "/api/state", "").body());

            HttpResponse<String> started = live.http("POST", "/api/start", "", CONTROL);

            assertEquals(200, started.statusCode());
            assertTrue(started.body().contains("\"RUNNING\""), started.body());
            assertEquals(409, live.http("POST", "/api/start", "", CONTROL).statusCode());
            assertTrue(live.http("POST", "/api/pause", "", CONTROL).body().contains("\"PAUSED\""));
            assertTrue(live.http("POST", "/api/resume", "", CONTROL).body().contains("\"RUNNING\""));
            HttpResponse<String> set = live.http("PATCH", "/api/params", "{\"model.gain\": 4}", CONTROL);
            assertEquals(200, set.statusCode());
            assertTrue(set.body().startsWith("{\"changed\":[\"model.gain\"],\"frame\":"), set.body());
            assertEquals(4, live.runner.parameters("model").get("gain").number());
            assertTrue(live.http("GET", "/api/params", "").body().contains("\"value\":4.0"));
            assertTrue(live.http("GET", "/api/changes", "").body().contains("\"path\":\"model.gain\""));
            assertTrue(live.http("GET", "/api/graph", "").body().contains("\"signals\":[{\"name\":\"source.output\""));
            assertTrue(live.http("GET", "/metrics", "").body().contains("amacrine_running{pipeline=\"test\"} 1.0"));
            assertEquals("ok", live.http("GET", "/healthz", "").body());
            assertTrue(live.http("POST", "/api/stop", "", CONTROL).body().contains("\"STOPPED\""));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PATCH|/api/params|{\"model.gain\": -4}|true|400|gain must be",
                "PATCH|/api/params|{\"model.gain\": 5, \"model.volume\": 1}|true|400|no parameter",
                "PATCH|/api/params|{|true|400|not JSON",
                "PATCH|/api/params|{\"model.gain\": 4}|false|403|the control token is needed",
                "POST|/api/start|''|false|403|the control token is needed",
                "POST|/api/pause|''|true|409|cannot pause while the runner is NEW",
                "GET|/api/nothing|''|true|404|nothing is at /api/nothing",
                "GET|/page/../DashboardServer.class|''|true|404|nothing is at",
                "GET|/page/none.js|''|true|404|nothing is at /page/none.js"
            })
    void shouldRefuseInWords(String method, String path, String body, boolean token, int status, String words)
            throws IOException, InterruptedException {
        try (Live live = new Live()) {
            HttpResponse<String> answer = live.http(method, path, body, token ? CONTROL : new String[0]);

            assertEquals(status, answer.statusCode());
            assertTrue(answer.body().contains("\"message\":\"" + words), answer.body());
            assertEquals(2, live.runner.parameters("model").get("gain").number(), "nothing is changed");
        }
    }

    @Test
    void shouldRefuseRequestsThatAreTooLarge() throws IOException, InterruptedException {
        try (Live live = new Live()) {
            String body = "{\"model.gain\": 4" + " ".repeat(70_000) + "}";

            assertEquals(413, live.http("PATCH", "/api/params", body, CONTROL).statusCode());
        }
    }

    @Test
    void shouldServeThePageWithStrictRules() throws IOException, InterruptedException {
        try (Live live = new Live()) {
            HttpResponse<String> page = live.http("GET", "/", "");

            assertEquals(200, page.statusCode());
            assertEquals(
                    "text/html; charset=utf-8",
                    page.headers().firstValue("content-type").orElse(""));
            assertTrue(page.headers()
                    .firstValue("content-security-policy")
                    .orElse("")
                    .startsWith("default-src 'self';"));
            assertEquals(200, live.http("GET", "/page/app.js", "").statusCode());
            assertEquals(
                    403,
                    live.http("GET", "/", "", "Origin", "http://evil.example").statusCode());
        }
    }

    @Test
    void shouldSayWhyTheRunnerFailed() throws IOException, InterruptedException {
        TestSource source = TestSource.of(100).shape(Shape.image(3, 4)).onRead((index, frame) -> {
            if (index == 30) {
                throw new IOException("cable pulled");
            }
        });
        try (Live live = new Live(source)) {
            live.runner.start();
            Await.until("the failure", () -> live.runner.state() == RunnerState.FAILED);

            HttpResponse<String> health = live.http("GET", "/healthz", "");

            assertEquals(503, health.statusCode());
            assertEquals("source source at frame 30: cable pulled", health.body());
            assertTrue(live.http("GET", "/api/state", "").body().contains("\"failure\":\"source source at frame 30"));
        }
    }

    @Test
    void shouldKeepTheReasonOfAFailureFromThoseWhoMayNotSee() throws IOException, InterruptedException {
        TestSource source = TestSource.of(100).shape(Shape.image(3, 4)).onRead((index, frame) -> {
            throw new IOException("cable pulled");
        });
        try (Live live = new Live(source)) {
            live.runner.start();
            Await.until("the failure", () -> live.runner.state() == RunnerState.FAILED);

            HttpResponse<String> health = live.http("GET", "/healthz", "", "Origin", "http://evil.example");

            assertEquals(503, health.statusCode());
            assertEquals("failed", health.body());
        }
    }

    @Test
    void shouldStopAStartThatDoesNotGetReady() throws InterruptedException {
        CountDownLatch opening = new CountDownLatch(1);
        List<RunnerState> told = new CopyOnWriteArrayList<>();
        TestSource source = TestSource.endless().shape(Shape.image(3, 4)).onOpen(opening::await);
        try (Live live = new Live(source);
                Client control = live.control(Live.TOKEN)) {
            live.runner.onState(told::add);
            control.sendText("{\"id\": 1, \"do\": \"start\"}");
            Await.until("it starts", () -> live.runner.state() == RunnerState.STARTING);
            control.sendText("{\"id\": 2, \"do\": \"stop\"}");
            Await.until(
                    "the stop waits for the source, not for the start",
                    () -> Thread.getAllStackTraces().keySet().stream()
                            .anyMatch(thread -> thread.getName().equals("dashboard-stop")
                                    && thread.getState() == Thread.State.TIMED_WAITING));
            opening.countDown();

            control.await(answer -> answer.path("id").asInt() == 2);

            assertEquals(List.of(RunnerState.STARTING, RunnerState.STOPPING, RunnerState.STOPPED), told);
        }
    }

    @Test
    void shouldStartNoRunThatWasAskedForBeforeTheEnd() throws InterruptedException {
        Live live = new Live();
        try (Client control = live.control(Live.TOKEN)) {
            for (int i = 0; i < 30; i++) {
                control.sendText("{\"id\": 1, \"do\": \"start\"}");
                control.sendText("{\"id\": 1, \"do\": \"stop\"}");
            }
            Await.until("it has begun", () -> live.runner.runs() > 0);
            live.close();
            int runs = live.runner.runs();

            Await.until(
                    "the dashboard's threads have ended",
                    () -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().equals("dashboard-control")));
            assertEquals(runs, live.runner.runs());
            assertTrue(live.runner.state().isOver(), live.runner.state()::toString);
        }
    }

    @Test
    void shouldLeaveNothingBehindWhenTheRunnerIsClosed() {
        try (Live live = new Live()) {
            live.runner.start();
        }

        Await.until(
                "all threads of the dashboard have ended",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("dashboard-")));
    }

    @Test
    void shouldSayThatAPortIsTaken() {
        try (Live live = new Live()) {
            int port = URI.create(live.address()).getPort();
            Dashboard second = new Dashboard(DashboardSettings.local(port));

            String message = assertThrows(
                            IllegalStateException.class,
                            () -> new Runner(Pipeline.builder()
                                    .source(Stage.of(() -> TestSource.of(1)))
                                    .sink(Stage.of(() -> second).named("dashboard"))
                                    .build()))
                    .getMessage();

            assertTrue(message.startsWith("the dashboard cannot listen on 127.0.0.1:" + port), message);
            assertTrue(message.endsWith("choose another port, for example " + (port + 1)), message);
        }
    }

    @Test
    void shouldSpeakTls() throws Exception {
        Path store = folder.resolve("dashboard.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "password",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-alias",
                        "it")
                .redirectErrorStream(true)
                .start();
        assertTrue(keytool.waitFor(60, TimeUnit.SECONDS));
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(Files.newInputStream(store), "password".toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        Dashboard dashboard =
                new Dashboard(new DashboardSettings("127.0.0.1", 0, "", "", List.of(), store, "password", 1_000_000));
        try (Runner runner = new Runner(Pipeline.builder()
                .source(Stage.of(() -> TestSource.of(1)))
                .sink(Stage.of(() -> dashboard).named("dashboard"))
                .build())) {
            String address = dashboard.viewAddress();
            assertTrue(address.startsWith("https://127.0.0.1:"), address);

            HttpResponse<String> state = HttpClient.newBuilder()
                    .sslContext(context)
                    .build()
                    .send(
                            HttpRequest.newBuilder(URI.create(address + "api/state"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());

            assertEquals(200, state.statusCode());
            assertEquals(RunnerState.NEW, runner.state());
        }
    }

    @Test
    void shouldRefuseAKeyStoreWithoutAKey() throws Exception {
        Path store = folder.resolve("empty.p12");
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        try (OutputStream out = Files.newOutputStream(store)) {
            empty.store(out, "password".toCharArray());
        }
        Dashboard dashboard =
                new Dashboard(new DashboardSettings("127.0.0.1", 0, "", "", List.of(), store, "password", 1_000_000));

        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new Runner(Pipeline.builder()
                                .source(Stage.of(() -> TestSource.of(1)))
                                .sink(Stage.of(() -> dashboard).named("dashboard"))
                                .build()))
                .getMessage();

        assertTrue(message.startsWith("keyStore " + store + " cannot be used: it holds no key;"), message);
    }

    @Test
    void shouldSayWhatIsWrongWithAKeyStore() throws IOException {
        Path store = Files.writeString(folder.resolve("dashboard.p12"), "no keys");
        Dashboard dashboard =
                new Dashboard(new DashboardSettings("127.0.0.1", 0, "", "", List.of(), store, "password", 1_000_000));

        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new Runner(Pipeline.builder()
                                .source(Stage.of(() -> TestSource.of(1)))
                                .sink(Stage.of(() -> dashboard).named("dashboard"))
                                .build()))
                .getMessage();

        assertTrue(message.startsWith("keyStore " + store + " cannot be used: "), message);
    }
}
