package org.amacrine.sources.network;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.source.FrameSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.resources.LoopResources;

/**
 * Frames from a WebSocket at {@code /ws/in}, one message in each of its binary messages. One sender at a time: a new one takes
 * the place of the one before. The token goes into the address, as {@code ?token=…}, or into the header
 * {@code Authorization: Bearer …}. Pages of other origins are refused.
 */
public final class WebSocketSource extends NetworkSource {
    private static final String PATH = "/ws/in";
    private static final String WEBSOCKET_VERSION = "13";
    private static final int MOST_VECTORS = 4096;
    private static final Duration END_LIMIT = Duration.ofSeconds(1);
    private static final byte[] NO_TOKEN = {};

    private LoopResources loops;
    private DisposableServer server;
    private final AtomicReference<Connection> sender = new AtomicReference<>();

    WebSocketSource(ParameterTree chosen) {
        super("network.websocket", chosen);
    }

    /** Source {@code network.websocket}. */
    public static Component<FrameSource> component() {
        return component("network.websocket", "Images or vectors from a WebSocket", 8090, WebSocketSource::new);
    }

    @Override
    InetSocketAddress listen(String threadName, InetSocketAddress address, Inbox into) {
        loops = LoopResources.create("websocket-" + threadName, 1, 1, true);
        server = HttpServer.create()
                .bindAddress(() -> address)
                .runOn(loops)
                .handle((request, response) -> answer(request, response, into))
                .bindNow();
        return (InetSocketAddress) server.address();
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response, Inbox into) {
        if (!request.uri().split("\\?", 2)[0].equals(PATH)) {
            return response.sendNotFound();
        }
        HttpHeaders headers = request.requestHeaders();
        if (!isHandshake(headers)) {
            return refuse(response, HttpResponseStatus.UPGRADE_REQUIRED, PATH + " is a WebSocket; connect with one");
        }
        if (token().length == 0 && !isLoopback(headers.get(HttpHeaderNames.HOST))) {
            return refuse(
                    response,
                    HttpResponseStatus.FORBIDDEN,
                    "without a token senders must use this computer's own address");
        }
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        if (origin != null && !isOwn(origin, headers.get(HttpHeaderNames.HOST))) {
            return refuse(response, HttpResponseStatus.FORBIDDEN, "pages of other origins may not send");
        }
        if (token().length > 0 && !MessageDigest.isEqual(token(), tokenOf(request))) {
            return refuse(response, HttpResponseStatus.UNAUTHORIZED, "the token is missing or wrong");
        }
        WebsocketServerSpec spec = WebsocketServerSpec.builder()
                .maxFramePayloadLength(mostBytes(MOST_VECTORS))
                .build();
        return response.sendWebsocket((in, out) -> receive(in, into), spec);
    }

    private static boolean isHandshake(HttpHeaders headers) {
        return headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)
                && WEBSOCKET_VERSION.equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION));
    }

    /** A page that makes a browser resolve its own name to this computer is known by the name it asks for. */
    private static boolean isLoopback(String hostHeader) {
        if (hostHeader == null) {
            return false;
        }
        String host = hostHeader.replaceFirst(":\\d*$", "");
        byte[] numeric = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            return host.equalsIgnoreCase("localhost")
                    || numeric != null && InetAddress.getByAddress(numeric).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes but this one " + numeric.length, e);
        }
    }

    private static boolean isOwn(String origin, String host) {
        try {
            return host != null && host.equalsIgnoreCase(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static byte[] tokenOf(HttpServerRequest request) {
        String authorization = request.requestHeaders().get(HttpHeaderNames.AUTHORIZATION);
        String token = authorization != null && authorization.startsWith("Bearer ")
                ? authorization.substring("Bearer ".length()).strip()
                : queryToken(request.uri());
        return token.getBytes(StandardCharsets.UTF_8);
    }

    /** The token of an address; empty when it has none, or one that cannot be decoded. */
    private static String queryToken(String uri) {
        try {
            List<String> given = new QueryStringDecoder(uri).parameters().get("token");
            return given == null ? "" : given.get(0);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static Publisher<Void> refuse(HttpServerResponse response, HttpResponseStatus status, String why) {
        return response.status(status).sendString(Mono.just(why));
    }

    private Publisher<Void> receive(WebsocketInbound in, Inbox into) {
        in.withConnection(connection -> {
            Connection before = sender.getAndSet(connection);
            if (before != null) {
                before.dispose();
            }
        });
        return in.receiveFrames()
                .doOnNext(frame -> receive(frame, in, into))
                .doOnError(e -> into.refuse("the connection broke off: " + e.getMessage()))
                .onErrorComplete()
                .then();
    }

    private static void receive(WebSocketFrame frame, WebsocketInbound from, Inbox into) {
        if (frame instanceof BinaryWebSocketFrame && frame.isFinalFragment()) {
            into.receive(frame.content().nioBuffer(), NO_TOKEN, from);
        } else {
            into.refuse("it is no binary message in one piece");
        }
    }

    @Override
    void hangUp() {
        // Waiting must not be cut short by an interrupt that was meant for reading.
        boolean interrupted = Thread.interrupted();
        Connection last = sender.getAndSet(null);
        if (last != null) {
            last.dispose();
        }
        if (server != null) {
            server.disposeNow(END_LIMIT);
            server = null;
        }
        if (loops != null) {
            loops.disposeLater(Duration.ZERO, END_LIMIT).block(END_LIMIT.multipliedBy(2));
            loops = null;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
