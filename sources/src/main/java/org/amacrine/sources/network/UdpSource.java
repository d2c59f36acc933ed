package org.amacrine.sources.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.source.FrameSource;

/**
 * Frames from datagrams, one message in each, with the token behind it where one is needed. What gets lost on the way is known
 * by the numbers.
 */
public final class UdpSource extends NetworkSource {
    /** What a datagram can hold. */
    static final int MOST_BYTES = 65_507;

    private static final System.Logger LOG = System.getLogger(UdpSource.class.getName());
    private static final long END_MILLIS = 500;

    private DatagramChannel channel;
    private Thread thread;

    UdpSource(ParameterTree chosen) {
        super("network.udp", chosen);
        boolean isImage = chosen.get("kind").text().equals("image");
        long bytes = NetworkMessage.HEADER_BYTES + (isImage ? 1L : Float.BYTES) * shape().values() + token().length;
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException("a datagram holds " + MOST_BYTES + " bytes but a frame of " + shape()
                    + " takes " + bytes + "; send smaller frames, or use network.websocket");
        }
    }

    /** Source {@code network.udp}. */
    public static Component<FrameSource> component() {
        return component("network.udp", "Images or vectors from datagrams", 8091, UdpSource::new);
    }

    @Override
    InetSocketAddress listen(String threadName, InetSocketAddress address, Inbox into) throws IOException {
        channel = DatagramChannel.open();
        channel.bind(address);
        DatagramChannel open = channel;
        thread = new Thread(() -> receive(open, into), "udp-" + threadName);
        thread.setDaemon(true);
        thread.start();
        return (InetSocketAddress) channel.getLocalAddress();
    }

    private void receive(DatagramChannel open, Inbox into) {
        ByteBuffer buffer = ByteBuffer.allocate(MOST_BYTES + 1);
        while (open.isOpen()) {
            buffer.clear();
            try {
                SocketAddress sender = open.receive(buffer);
                into.receive(buffer.flip(), token(), sender);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "a datagram could not be received", e);
                into.refuse("it could not be received: " + e.getMessage());
            }
        }
    }

    @Override
    void hangUp() {
        try {
            if (channel != null) {
                channel.close();
            }
            if (thread != null) {
                thread.join(END_MILLIS);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "a port could not be closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        channel = null;
        thread = null;
    }
}
