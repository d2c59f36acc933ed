package org.amacrine.sinks.dashboard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The message that is just coming in over a WebSocket, in one or more frames. Owned by the connection's event loop. */
final class Incoming {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean isText;
    private boolean isWhole;
    private boolean isTooLong;

    /** Takes the next frame, of this message or of a new one; nothing of, and after, a message that is too long. */
    Incoming add(WebSocketFrame frame) {
        isWhole = false;
        if (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame) {
            bytes.reset();
            isText = frame instanceof TextWebSocketFrame;
        } else if (!(frame instanceof ContinuationWebSocketFrame)) {
            return this;
        }
        ByteBuf content = frame.content();
        isTooLong |= bytes.size() + content.readableBytes() > DashboardServer.MOST_BYTES;
        if (!isTooLong) {
            bytes.writeBytes(ByteBufUtil.getBytes(content));
            isWhole = frame.isFinalFragment();
        }
        return this;
    }

    /** Whether it has more bytes than are read. */
    boolean isTooLong() {
        return isTooLong;
    }

    /** Whether all of it has come. */
    boolean isWhole() {
        return isWhole;
    }

    /** Whether it is text. */
    boolean isText() {
        return isText;
    }

    /** What it says. */
    String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
