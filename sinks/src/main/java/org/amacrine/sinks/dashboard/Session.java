package org.amacrine.sinks.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.amacrine.core.layer.Names;

/** One WebSocket connection. Owned by its event loop. */
abstract class Session {
    /** Small messages that may wait in a connection before it counts as dead, in bytes. Images do not count. */
    private static final long MOST_PENDING = 1 << 22;
    /** What a waiting message takes besides its text, in bytes. */
    private static final long OVERHEAD = 256;

    private static final System.Logger LOG = System.getLogger(Session.class.getName());

    private final Channel channel;
    private final AtomicLong pending = new AtomicLong();

    Session(Channel channel) {
        this.channel = channel;
    }

    final Channel channel() {
        return channel;
    }

    /** Takes a text message and answers it. */
    final void receive(String text) {
        JsonNode id = null;
        try {
            ObjectNode message = Json.parse(text);
            id = Json.id(message);
            ObjectNode reply = handle(message);
            if (reply != null) {
                reply(id, reply);
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            send(Json.error(id, Steering.message(e)));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a message could not be answered: " + text, e);
            send(Json.error(id, "the dashboard cannot do that: " + e));
        }
    }

    /** Sends the answer to the message of that id. */
    final void reply(JsonNode id, ObjectNode reply) {
        if (id != null) {
            reply.set("id", id);
        }
        send(reply);
    }

    /** Says that a message is of no kind there is. */
    static IllegalArgumentException unknown(ObjectNode message, List<String> known) {
        String word = message.path("do").asText();
        return new IllegalArgumentException(
                "nothing is called \"" + word + "\"" + Names.suggest(word, known) + "; there are " + known);
    }

    /** Sends a small message, from any thread. */
    final void send(ObjectNode message) {
        sendText(Json.text(message));
    }

    /** Sends a small message that has been made into text, from any thread. */
    final void sendText(String text) {
        send(new TextWebSocketFrame(text));
    }

    /** Answers a ping. */
    final void pong(ByteBuf content) {
        send(new PongWebSocketFrame(content.retain()));
    }

    private void send(WebSocketFrame frame) {
        long bytes = frame.content().readableBytes() + OVERHEAD;
        if (pending.addAndGet(bytes) > MOST_PENDING) {
            frame.release();
            channel.close();
            return;
        }
        channel.writeAndFlush(frame).addListener(written -> pending.addAndGet(-bytes));
    }

    /** Answers a message; null when the answer comes later. Throws {@link IllegalArgumentException} with what is wrong. */
    abstract ObjectNode handle(ObjectNode message);

    /** The connection is gone. */
    abstract void closed();
}
