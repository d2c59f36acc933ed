package org.amacrine.sources.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.sources.Settings;

/**
 * Frames that another program sends, in the binary form of the dashboard's protocol: images or vectors. Their numbers tell what
 * is missing. A message that cannot be read is counted, and the first one logged; it never ends the source, and nor does a
 * sender that goes away.
 *
 * <p>Listens on this computer only, unless told otherwise; on any other address senders need the token.
 */
public abstract sealed class NetworkSource implements FrameSource permits UdpSource, WebSocketSource {
    private static final int MOST_PORT = 65535;

    private final String name;
    private final String host;
    private final int port;
    private final byte[] token;
    private final int kind;
    private final Shape shape;
    private final double framesPerSecond;
    private volatile Inbox inbox;
    private volatile InetSocketAddress bound;

    /** A source with the settings of {@link #component}. */
    NetworkSource(String name, ParameterTree chosen) {
        this.name = name;
        host = chosen.get("host").text();
        port = chosen.get("port").integer();
        token = chosen.get("token").text().getBytes(StandardCharsets.UTF_8);
        boolean isImage = chosen.get("kind").text().equals("image");
        kind = isImage ? NetworkMessage.IMAGE : NetworkMessage.VECTORS;
        shape = isImage ? Settings.image(chosen) : new Shape(chosen.get("dims").integer(), 1, 1);
        framesPerSecond = chosen.get("framesPerSecond").number();
        if (token.length == 0 && !isLoopback()) {
            throw new IllegalArgumentException(name + " needs a token when it listens on " + host
                    + ", where other computers can reach it; choose token, or the host 127.0.0.1");
        }
    }

    private boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "host must be an address of this computer but was \"" + host
                            + "\"; for example 127.0.0.1 or 0.0.0.0",
                    e);
        }
    }

    /** A source of this module. */
    static Component<FrameSource> component(String name, String doc, int port, Component.Maker<FrameSource> maker) {
        return Component.of(
                name,
                doc,
                maker,
                text("host", "127.0.0.1", "Address to listen on; other than this computer's own it needs a token"),
                () -> Parameter.integer("port", port)
                        .atLeast(0)
                        .atMost(MOST_PORT)
                        .doc("Port to listen on; 0 for any that is free"),
                text("token", "", "What senders must give; needed when other computers can reach the address"),
                () -> Parameter.text("kind", "image")
                        .choices("image", "vector")
                        .doc("What is sent: images of rows and columns, or vectors of dims numbers"),
                Settings.rows(120),
                Settings.columns(160),
                () -> Parameter.integer("dims", 1).atLeast(1).atMost(MOST_PORT).doc("Numbers in a vector"),
                Settings.framesPerSecond());
    }

    private static Supplier<Parameter> text(String name, String otherwise, String doc) {
        return () -> Parameter.text(name, otherwise).doc(doc);
    }

    /** Begins to listen. */
    abstract InetSocketAddress listen(String threadName, InetSocketAddress address, Inbox into) throws IOException;

    /** Ends listening. */
    abstract void hangUp();

    final byte[] token() {
        return token;
    }

    final Shape shape() {
        return shape;
    }

    /** Bytes of the largest message that can be meant: one image, or so many vectors. */
    final int mostBytes(int vectors) {
        int frames = kind == NetworkMessage.IMAGE ? 1 : vectors;
        return (int) Math.min(
                Integer.MAX_VALUE / 2, NetworkMessage.HEADER_BYTES + (long) Float.BYTES * frames * shape.values());
    }

    /** Where it listens; null when it is closed. */
    public final InetSocketAddress address() {
        return bound;
    }

    /** What has come; null before it was opened for the first time. */
    public final NetworkStatus status() {
        Inbox now = inbox;
        return now == null ? null : now.status();
    }

    /** Number of frames that wait to be read. */
    final int waiting() {
        return inbox.waiting();
    }

    @Override
    public final SourceFormat open(SourceContext context) throws IOException {
        close();
        Inbox made = new Inbox(name, kind, shape);
        InetSocketAddress address = new InetSocketAddress(host, port);
        try {
            bound = listen(context.name(), address, made);
        } catch (IOException | RuntimeException e) {
            hangUp();
            Throwable why = e.getCause() == null ? e : e.getCause();
            throw new IOException(
                    name + " cannot listen on " + host + ":" + port + ": " + why.getMessage() + "; choose another port",
                    e);
        }
        inbox = made;
        return new SourceFormat(shape, framesPerSecond, -1, true);
    }

    @Override
    public final boolean read(Frame frame) throws InterruptedException {
        if (bound == null) {
            throw new IllegalStateException("the source is closed; open it before reading");
        }
        inbox.take(frame);
        return true;
    }

    @Override
    public final void close() {
        if (bound != null) {
            bound = null;
            hangUp();
        }
    }
}
