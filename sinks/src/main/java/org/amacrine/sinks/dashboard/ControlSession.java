package org.amacrine.sinks.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.channel.Channel;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.amacrine.core.run.Runner;

/** One viewer's control socket. Owned by the connection's event loop. */
final class ControlSession extends Session {
    private static final List<String> KNOWN =
            List.of("start", "pause", "resume", "stop", "set", "reset", "load", "params", "changes", "save", "ping");
    private static final Set<String> STEERING = Set.of("start", "pause", "resume", "stop", "set", "reset", "load");

    private final Dashboard dashboard;
    private final boolean canSteer;

    ControlSession(Channel channel, Dashboard dashboard, boolean canSteer) {
        super(channel);
        this.dashboard = dashboard;
        this.canSteer = canSteer;
    }

    /** Sends {@code hello}. */
    void greet() {
        send(RunnerJson.hello(dashboard.runner(), dashboard.taps(), canSteer));
    }

    /** Sends a message that can be left out, unless the viewer is behind. */
    void sendIfIdle(String text) {
        if (channel().isWritable()) {
            sendText(text);
        }
    }

    @Override
    ObjectNode handle(ObjectNode message) {
        String what = Json.word(message, "do", null);
        if (STEERING.contains(what) && !canSteer) {
            throw new IllegalStateException(
                    "this viewer is read-only; open the dashboard with the control token to " + what);
        }
        Runner runner = dashboard.runner();
        Steering steering = dashboard.steering();
        return switch (what) {
            case "start", "pause", "resume", "stop" -> later(message, steering.change(what));
            case "set" -> set(message, Steering.value(message.get("value")));
            case "reset" -> set(message, null);
            case "load" -> later(message, steering.load(Json.word(message, "text", null)));
            case "params" -> reply("params", RunnerJson.params(runner));
            case "changes" -> reply("changes", Json.of(dashboard.changes()));
            case "save" -> Json.message("reply").put("text", steering.save());
            case "ping" -> Json.message("reply").put("time", System.currentTimeMillis());
            default -> throw unknown(message, KNOWN);
        };
    }

    private static ObjectNode reply(String key, JsonNode value) {
        ObjectNode reply = Json.message("reply");
        reply.set(key, value);
        return reply;
    }

    private ObjectNode set(ObjectNode message, Object value) {
        String path = Json.word(message, "path", null);
        if (value == null && Json.word(message, "do", null).equals("set")) {
            throw new IllegalArgumentException("the message has no \"value\"; use \"reset\" for the default");
        }
        Runner runner = dashboard.runner();
        return later(
                message,
                dashboard.steering().set(Collections.singletonMap(path, value)).thenApply(reply -> {
                    int dot = path.indexOf('.');
                    var parameter = runner.parameters(path.substring(0, dot)).get(path.substring(dot + 1));
                    reply.put("path", path);
                    reply.set("value", Json.of(RunnerJson.value(parameter, parameter.value())));
                    return reply;
                }));
    }

    /** Answers when it is done. */
    private ObjectNode later(ObjectNode message, CompletableFuture<ObjectNode> done) {
        JsonNode id = Json.id(message);
        done.whenComplete((reply, error) -> {
            if (error != null) {
                send(Json.error(id, Steering.message(error)));
            } else {
                reply(id, reply.put("type", "reply"));
            }
        });
        return null;
    }

    @Override
    void closed() {
        dashboard.left(this);
    }
}
