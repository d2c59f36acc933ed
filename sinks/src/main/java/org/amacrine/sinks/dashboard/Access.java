package org.amacrine.sinks.dashboard;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Who may see and who may steer, by token, origin and host. */
final class Access {
    private static final int TOKEN_BYTES = 16;
    /** What stands for a token that cannot be decoded: it is nobody's. */
    private static final String MALFORMED = "";

    /** What a request may do. */
    enum Role {
        /** It comes from another page, or under a name that the dashboard is not known by. */
        FORBIDDEN,
        /** It needs a token and has none, or a wrong one. */
        UNKNOWN,
        /** It may see. */
        VIEWER,
        /** It may see and steer. */
        CONTROL
    }

    private final String host;
    private final boolean loopback;
    private final Set<String> names;
    private final byte[] controlToken;
    private final byte[] viewToken;

    /**
     * Rules for a dashboard.
     *
     * @param settings its settings; tokens that are missing are made here
     */
    Access(DashboardSettings settings) {
        host = settings.host();
        loopback = isLoopback(host);
        names = settings.names().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        controlToken = bytes(settings.controlToken().isEmpty() ? random() : settings.controlToken());
        viewToken = loopback && settings.viewToken().isEmpty()
                ? null
                : bytes(settings.viewToken().isEmpty() ? random() : settings.viewToken());
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "host must be an address of this computer but was \"" + host
                            + "\"; for example 127.0.0.1 or 0.0.0.0",
                    e);
        }
    }

    private static String random() {
        byte[] token = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(token);
        return HexFormat.of().formatHex(token);
    }

    private static byte[] bytes(String token) {
        return token.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether only this computer can reach the dashboard. */
    boolean isLoopback() {
        return loopback;
    }

    /** Allows everything. */
    String controlToken() {
        return new String(controlToken, StandardCharsets.UTF_8);
    }

    /** Allows seeing; null when everybody may. */
    String viewToken() {
        return viewToken == null ? null : new String(viewToken, StandardCharsets.UTF_8);
    }

    /** What a request may do. */
    Role role(String uri, HttpHeaders headers) {
        String asked = nameOf(headers.get(HttpHeaderNames.HOST));
        if (asked == null || !isKnown(asked)) {
            return Role.FORBIDDEN;
        }
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        if (origin != null && !sameOrigin(origin, headers.get(HttpHeaderNames.HOST))) {
            return Role.FORBIDDEN;
        }
        String token = token(uri, headers);
        if (token != null && equal(bytes(token), controlToken)) {
            return Role.CONTROL;
        }
        boolean viewer = viewToken == null || token != null && equal(bytes(token), viewToken);
        return viewer ? Role.VIEWER : Role.UNKNOWN;
    }

    /**
     * A page that makes a browser resolve its own name to this computer is refused by the name it asks for. Numeric addresses
     * cannot be taken over like that.
     */
    private boolean isKnown(String asked) {
        if (asked.equalsIgnoreCase("localhost")
                || asked.equalsIgnoreCase(host)
                || names.contains(asked.toLowerCase(Locale.ROOT))) {
            return true;
        }
        byte[] numeric = NetUtil.createByteArrayFromIpAddressString(asked);
        return numeric != null && (!loopback || isLoopback(numeric));
    }

    private static boolean isLoopback(byte[] address) {
        try {
            return InetAddress.getByAddress(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes but this one " + address.length, e);
        }
    }

    private static boolean sameOrigin(String origin, String hostHeader) {
        try {
            return hostHeader.equalsIgnoreCase(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String nameOf(String hostHeader) {
        if (hostHeader == null) {
            return null;
        }
        int port = hostHeader.lastIndexOf(':');
        return port > hostHeader.lastIndexOf(']') ? hostHeader.substring(0, port) : hostHeader;
    }

    private static String token(String uri, HttpHeaders headers) {
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
        if (authorization != null && authorization.startsWith("Bearer ")) {
            return authorization.substring("Bearer ".length()).strip();
        }
        try {
            List<String> tokens = new QueryStringDecoder(uri).parameters().get("token");
            return tokens == null || tokens.isEmpty() ? null : tokens.get(0);
        } catch (IllegalArgumentException e) {
            return MALFORMED;
        }
    }

    /** Takes the same time whatever is wrong. */
    private static boolean equal(byte[] a, byte[] b) {
        return MessageDigest.isEqual(a, b);
    }
}
