package org.amacrine.sinks.dashboard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import org.amacrine.core.metrics.RunnerMeters;
import org.amacrine.core.run.RunnerState;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.resources.LoopResources;

/** The dashboard's port: the page, two WebSockets and the HTTP calls. */
final class DashboardServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DashboardServer.class.getName());

    static final int MOST_BYTES = 1 << 16;
    /** A frame that is longer yet is not even read, and ends the connection inside of the library. */
    private static final int MOST_FRAME_BYTES = 1 << 24;

    /** Of all kinds; further ones are closed at once. */
    private static final int MOST_CONNECTIONS = 512;
    /** Two for each of 64 viewers. */
    private static final int MOST_SOCKETS = 128;

    private static final String WEBSOCKET_VERSION = "13";
    /** WebSocket close status of RFC 6455. */
    private static final int TOO_LARGE = 1009;

    private static final Duration END_LIMIT = Duration.ofSeconds(2);
    private static final String PAGE = "page/";
    private static final String POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline';"
            + " connect-src 'self' ws: wss:; img-src 'self' data: blob:; frame-ancestors 'none'";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png");

    private final Dashboard dashboard;
    private final Access access;
    private final boolean tls;
    /**
     * One event loop for all viewers: whatever they want, they take no more than one processor from the pipeline, and its threads
     * come after the pipeline's where the system goes by Java's priorities.
     */
    private final LoopResources loops = LoopResources.create("dashboard", 1, 1, true);

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicBoolean full = new AtomicBoolean();
    private final AtomicInteger sockets = new AtomicInteger();
    private final Set<Channel> connected = ConcurrentHashMap.newKeySet();
    private final DisposableServer server;

    /** What an HTTP call answers. */
    private interface Call extends Function<HttpServerRequest, Mono<ObjectNode>> {}

    DashboardServer(Dashboard dashboard, DashboardSettings settings, Access access) {
        this.dashboard = dashboard;
        this.access = access;
        tls = settings.keyStore() != null;
        new RunnerMeters(dashboard.runner()).bindTo(meters);
        HttpServer http = HttpServer.create()
                .host(settings.host())
                .port(settings.port())
                .runOn(loops)
                .childOption(ChannelOption.SO_SNDBUF, 1 << 18)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .idleTimeout(Duration.ofMinutes(5))
                .doOnChannelInit((observer, channel, from) -> admit(channel))
                .route(this::routes);
        if (tls) {
            SslContext context = sslContext(settings);
            http = http.secure(ssl -> ssl.sslContext(context));
        }
        try {
            server = http.bindNow();
        } catch (RuntimeException e) {
            loops.dispose();
            throw new IllegalStateException(
                    "the dashboard cannot listen on " + settings.host() + ":" + settings.port() + ": "
                            + (e.getCause() == null
                                    ? e.getMessage()
                                    : e.getCause().getMessage())
                            + "; choose another port, for example " + (settings.port() + 1),
                    e);
        }
    }

    private static SslContext sslContext(DashboardSettings settings) {
        char[] password = settings.keyStorePassword().toCharArray();
        try (InputStream in = Files.newInputStream(settings.keyStore())) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            if (!hasKey(store)) {
                throw new KeyStoreException("it holds no key");
            }
            return SslContextBuilder.forServer(keys).build();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "keyStore " + settings.keyStore() + " cannot be used: " + e.getMessage()
                            + "; it must be a PKCS#12 file with a certificate and its key, made for example with: keytool"
                            + " -genkeypair -keyalg EC -storetype PKCS12 -keystore dashboard.p12",
                    e);
        }
    }

    private static boolean hasKey(KeyStore store) throws KeyStoreException {
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                return true;
            }
        }
        return false;
    }

    /** Closes the connections for which there is no room. */
    private void admit(Channel channel) {
        int count = connections.incrementAndGet();
        channel.closeFuture().addListener(closed -> connections.decrementAndGet());
        if (count > MOST_CONNECTIONS) {
            if (!full.getAndSet(true)) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the dashboard has " + MOST_CONNECTIONS
                                + " connections; further ones are closed, and no more is said of it");
            }
            channel.close();
        }
    }

    /** Scheme, host and port. */
    String address() {
        InetSocketAddress bound = (InetSocketAddress) server.address();
        String host =
                bound.getAddress().isAnyLocalAddress() ? "127.0.0.1" : NetUtil.toAddressString(bound.getAddress());
        return (tls ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort();
    }

    private void routes(HttpServerRoutes routes) {
        get(routes, "/api/state", request -> Mono.just(RunnerJson.state(dashboard.runner())));
        get(routes, "/api/graph", request -> Mono.just(graph()));
        get(routes, "/api/params", request -> Mono.just(wrap("params", RunnerJson.params(dashboard.runner()))));
        get(routes, "/api/changes", request -> Mono.just(wrap("changes", Json.of(dashboard.changes()))));
        for (String what : new String[] {"start", "pause", "resume", "stop"}) {
            routes.post(
                    "/api/" + what,
                    steer(request -> Mono.fromFuture(() -> dashboard.steering().change(what))));
        }
        routes.route(
                request ->
                        request.method().name().equals("PATCH") && path(request).equals("/api/params"),
                steer(this::patch));
        routes.get("/healthz", this::healthy);
        routes.get(
                "/metrics",
                guarded(
                        Access.Role.VIEWER,
                        (request, response) -> response.header(
                                        HttpHeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
                                .sendString(Mono.fromCallable(meters::scrape))));
        routes.get("/ws/control", guarded(Access.Role.VIEWER, this::control));
        routes.get("/ws/stream", guarded(Access.Role.VIEWER, this::stream));
        routes.get("/", (request, response) -> page(request, response, "index.html"));
        routes.get(
                "/page/**",
                (request, response) -> page(request, response, path(request).substring("/page/".length())));
        routes.route(request -> true, (request, response) -> refuse(response, 404, "nothing is at " + path(request)));
    }

    /** The path as it was sent: it need not be well formed. */
    private static String path(HttpServerRequest request) {
        return request.uri().split("\\?", 2)[0];
    }

    // ------------------------------------------------------------------------------------------------ access

    private BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> guarded(
            Access.Role needed, BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> then) {
        return (request, response) -> {
            Access.Role role = access.role(request.uri(), request.requestHeaders());
            return switch (role) {
                case FORBIDDEN ->
                    refuse(
                            response,
                            403,
                            "this origin or host is not allowed; open the dashboard under its own address");
                case UNKNOWN ->
                    refuse(response, 401, "a token is needed: ?token=... or the header Authorization: Bearer ...");
                case VIEWER ->
                    needed == Access.Role.CONTROL
                            ? refuse(response, 403, "the control token is needed to change anything")
                            : then.apply(request, response);
                case CONTROL -> then.apply(request, response);
            };
        };
    }

    private static Mono<Void> refuse(HttpServerResponse response, int status, String message) {
        return json(response.status(status), Json.message("error").put("message", message));
    }

    private static Mono<Void> json(HttpServerResponse response, ObjectNode node) {
        return response.header(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .sendString(Mono.just(Json.text(node)))
                .then();
    }

    // ------------------------------------------------------------------------------------------------ HTTP

    private void get(HttpServerRoutes routes, String path, Call call) {
        routes.get(path, guarded(Access.Role.VIEWER, (request, response) -> answer(request, response, call)));
    }

    private BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> steer(Call call) {
        return guarded(Access.Role.CONTROL, (request, response) -> answer(request, response, call));
    }

    private static Mono<Void> answer(HttpServerRequest request, HttpServerResponse response, Call call) {
        return Mono.defer(() -> call.apply(request))
                .flatMap(node -> json(response, node))
                .onErrorResume(error -> refuse(response, status(error), Steering.message(error)));
    }

    private static int status(Throwable error) {
        Throwable cause = reactor.core.Exceptions.unwrap(error);
        if (cause instanceof java.util.concurrent.CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof TooLargeException) {
            return HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE.code();
        }
        return cause instanceof IllegalStateException ? 409 : 400;
    }

    private static ObjectNode wrap(String key, com.fasterxml.jackson.databind.JsonNode value) {
        ObjectNode node = Json.object();
        node.set(key, value);
        return node;
    }

    private ObjectNode graph() {
        ObjectNode node = wrap("graph", RunnerJson.graph(dashboard.runner().pipeline()));
        node.set("signals", RunnerJson.signals(dashboard.taps()));
        node.set("metrics", dashboard.lastMetrics());
        return node;
    }

    /** A request that says more than is read. */
    private static final class TooLargeException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super("a request has at most " + MOST_BYTES + " bytes");
        }
    }

    private Mono<ObjectNode> patch(HttpServerRequest request) {
        return request.receive()
                .asByteArray()
                .scan(new byte[0], (all, more) -> {
                    if (all.length + more.length > MOST_BYTES) {
                        throw new TooLargeException();
                    }
                    byte[] longer = java.util.Arrays.copyOf(all, all.length + more.length);
                    System.arraycopy(more, 0, longer, all.length, more.length);
                    return longer;
                })
                .last()
                .flatMap(bytes -> {
                    ObjectNode wanted = Json.parse(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
                    Map<String, Object> values = new LinkedHashMap<>();
                    wanted.properties().forEach(entry -> values.put(entry.getKey(), Steering.value(entry.getValue())));
                    CompletableFuture<ObjectNode> done = dashboard.steering().set(values);
                    return Mono.fromFuture(done);
                })
                .map(reply -> {
                    reply.remove("type");
                    return reply;
                });
    }

    /** Whether it goes well is for everybody, why it does not for those who may see. */
    private Mono<Void> healthy(HttpServerRequest request, HttpServerResponse response) {
        Throwable failure = dashboard.runner().state() == RunnerState.FAILED
                ? dashboard.runner().failure()
                : null;
        Access.Role role = access.role(request.uri(), request.requestHeaders());
        boolean maySee = role == Access.Role.VIEWER || role == Access.Role.CONTROL;
        String why = failure == null ? "ok" : maySee ? Steering.message(failure) : "failed";
        return response.status(failure == null ? 200 : 503)
                .header(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .sendString(Mono.just(why))
                .then();
    }

    // ------------------------------------------------------------------------------------------------ page

    private Mono<Void> page(HttpServerRequest request, HttpServerResponse response, String name) {
        if (access.role(request.uri(), request.requestHeaders()) == Access.Role.FORBIDDEN) {
            return refuse(
                    response, 403, "this origin or host is not allowed; open the dashboard under its own address");
        }
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
        if (type == null || !name.matches("[A-Za-z0-9._/-]+") || name.contains("..")) {
            return refuse(response, 404, "nothing is at " + path(request));
        }
        byte[] bytes;
        try (InputStream in = DashboardServer.class.getResourceAsStream(PAGE + name)) {
            if (in == null) {
                return refuse(response, 404, "nothing is at " + path(request));
            }
            bytes = in.readAllBytes();
        } catch (IOException e) {
            return refuse(response, 500, e.getMessage());
        }
        return response.header(HttpHeaderNames.CONTENT_TYPE, type)
                .header(HttpHeaderNames.CACHE_CONTROL, "no-cache")
                .header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .sendByteArray(Mono.just(bytes))
                .then();
    }

    // ------------------------------------------------------------------------------------------------ WebSockets

    private Publisher<Void> control(HttpServerRequest request, HttpServerResponse response) {
        boolean canSteer = access.role(request.uri(), request.requestHeaders()) == Access.Role.CONTROL;
        return socket(request, response, channel -> {
            ControlSession session = new ControlSession(channel, dashboard, canSteer);
            dashboard.joined(session);
            return session;
        });
    }

    private Publisher<Void> stream(HttpServerRequest request, HttpServerResponse response) {
        return socket(request, response, channel -> {
            StreamSession session = new StreamSession(channel, dashboard);
            dashboard.joined(session);
            return session;
        });
    }

    private static boolean isHandshake(HttpHeaders headers) {
        return headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)
                && WEBSOCKET_VERSION.equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION));
    }

    private Publisher<Void> socket(
            HttpServerRequest request, HttpServerResponse response, Function<Channel, Session> open) {
        if (!isHandshake(request.requestHeaders())) {
            return refuse(
                    response.header(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET),
                    426,
                    path(request) + " is a WebSocket of version " + WEBSOCKET_VERSION + "; connect with one");
        }
        if (sockets.incrementAndGet() > MOST_SOCKETS) {
            sockets.decrementAndGet();
            return refuse(
                    response, 503, MOST_SOCKETS / 2 + " viewers are connected already; close one of their pages first");
        }
        response.withConnection(
                connection -> connection.channel().closeFuture().addListener(closed -> sockets.decrementAndGet()));
        WebsocketServerSpec spec = WebsocketServerSpec.builder()
                .maxFramePayloadLength(MOST_FRAME_BYTES)
                .handlePing(true)
                .build();
        return response.sendWebsocket(
                (in, out) -> Mono.fromCallable(() -> {
                            Channel[] channel = new Channel[1];
                            in.withConnection(connection -> channel[0] = connection.channel());
                            connected.add(channel[0]);
                            channel[0].closeFuture().addListener(closed -> connected.remove(channel[0]));
                            return open.apply(channel[0]);
                        })
                        .flatMap(session -> in.receiveFrames()
                                .doOnNext(frame -> answerPing(session, frame))
                                .scan(new Incoming(), Incoming::add)
                                .doOnNext(message -> receive(session, message))
                                .filter(Incoming::isTooLong)
                                .concatMap(message ->
                                        out.sendClose(TOO_LARGE, "a message has at most " + MOST_BYTES + " bytes"))
                                .then()
                                .onErrorComplete()
                                .doFinally(signal -> session.closed())),
                spec);
    }

    private static void answerPing(Session session, WebSocketFrame frame) {
        if (frame instanceof PingWebSocketFrame) {
            session.pong(frame.content());
        }
    }

    private static void receive(Session session, Incoming message) {
        if (message.isWhole() && message.isText()) {
            session.receive(message.text());
        } else if (message.isWhole()) {
            session.send(Json.error(null, "messages to the dashboard are JSON text"));
        }
    }

    /** Ends the viewers' connections first: what ends with its event loop gives nothing back. */
    @Override
    public void close() {
        server.disposeNow(END_LIMIT);
        List<ChannelFuture> ends =
                connected.stream().map(ChannelOutboundInvoker::close).toList();
        ends.forEach(end -> end.awaitUninterruptibly(END_LIMIT.toMillis()));
        loops.disposeLater(Duration.ZERO, END_LIMIT).block(END_LIMIT.plusSeconds(1));
        meters.close();
    }
}
