package org.amacrine.sinks.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.util.List;
import org.amacrine.core.layer.Names;

/** One WebSocket connection. Owned by its event loop. */
abstract class Session {
    /** Small messages that may wait in a connection before it counts as dead, in bytes. */
    private static final long MOST_PENDING = 1 << 22;

    private final Channel channel;

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
            id = message.get("id");
            ObjectNode reply = handle(message);
            if (reply != null) {
                reply(id, reply);
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            send(Json.error(id, e.getMessage()));
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
        if (channel.bytesBeforeWritable() > MOST_PENDING) {
            channel.close();
            return;
        }
        channel.writeAndFlush(new TextWebSocketFrame(text));
    }

    /** Answers a message; null when the answer comes later. Throws {@link IllegalArgumentException} with what is wrong. */
    abstract ObjectNode handle(ObjectNode message);

    /** The connection is gone. */
    abstract void closed();
}
