package org.amacrine.sinks.dashboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.run.FeedbackEdge;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.Stage;

/** A runner and its parameters in the words of the protocol. */
final class RunnerJson {
    static final int PROTOCOL = 1;
    /** Arrays up to this size are sent with their values. */
    private static final int MOST_VALUES = 256;

    private RunnerJson() {}

    /** The message {@code hello}. */
    static ObjectNode hello(Runner runner, Collection<Tap> taps, boolean canSteer) {
        Pipeline pipeline = runner.pipeline();
        ObjectNode hello = Json.message("hello")
                .put("protocol", PROTOCOL)
                .put("program", "amacrine")
                .put("pipeline", pipeline.name())
                .put("canSteer", canSteer)
                .put("stepsPerSecond", pipeline.resolution().stepsPerSecond())
                .put("pixelsPerDegree", pipeline.resolution().pixelsPerDegree())
                .put("dt", pipeline.dt())
                .put("paced", pipeline.paced());
        putState(hello, runner);
        hello.set("signals", signals(taps));
        hello.set("graph", graph(pipeline));
        return hello;
    }

    /** The message {@code state}. */
    static ObjectNode state(Runner runner) {
        ObjectNode state = Json.message("state");
        putState(state, runner);
        return state;
    }

    private static void putState(ObjectNode message, Runner runner) {
        Throwable failure = runner.failure();
        message.put("state", runner.state().name());
        message.put("failure", failure == null ? null : String.valueOf(failure.getMessage()));
        message.put("run", runner.runs());
    }

    /** What can be subscribed to. */
    static ArrayNode signals(Collection<Tap> taps) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Tap tap : taps) {
            Map<String, Object> signal = new LinkedHashMap<>();
            String name = tap.signal().name();
            signal.put("name", name);
            signal.put("stage", name.substring(0, name.indexOf('.')));
            signal.put(
                    "shape",
                    List.of(
                            tap.signal().shape().channels(),
                            tap.signal().shape().rows(),
                            tap.signal().shape().columns()));
            signal.put("stepsPerSecond", tap.signal().stepsPerSecond());
            signal.put("unit", tap.signal().unit());
            signal.put("is", tap.is());
            all.add(signal);
        }
        return (ArrayNode) Json.of(all);
    }

    /** The stages and what they take. */
    static ObjectNode graph(Pipeline pipeline) {
        List<Map<String, Object>> stages = new ArrayList<>();
        stages.add(stage(pipeline.source().named(pipeline.sourceName()), "source"));
        pipeline.layers().forEach(layer -> stages.add(stage(layer, "layer")));
        pipeline.sinks().forEach(sink -> stages.add(stage(sink, "sink")));
        ObjectNode graph = Json.object();
        graph.set("stages", Json.of(stages));
        return graph;
    }

    private static Map<String, Object> stage(Stage stage, String role) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", stage.name());
        map.put("role", role);
        map.put("kind", stage.type() == null ? "" : stage.type());
        map.put("from", stage.from());
        if (!stage.feedback().isEmpty()) {
            map.put(
                    "feedback",
                    stage.feedback().entrySet().stream()
                            .map(RunnerJson::feedback)
                            .toList());
        }
        return map;
    }

    private static Map<String, Object> feedback(Map.Entry<String, FeedbackEdge> entry) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("input", entry.getKey());
        map.put("from", entry.getValue().signal());
        map.put("delayFrames", entry.getValue().delayFrames());
        return map;
    }

    /** All parameters of all layers. */
    static ArrayNode params(Runner runner) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Stage layer : runner.pipeline().layers()) {
            ParameterTree tree = runner.parameters(layer.name());
            tree.all().forEach((name, parameter) -> all.add(parameter(layer.name(), name, parameter)));
        }
        return (ArrayNode) Json.of(all);
    }

    private static Map<String, Object> parameter(String layer, String name, Parameter parameter) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("path", layer + "." + name);
        map.put("layer", layer);
        map.put("kind", kind(parameter));
        map.put("value", value(parameter, parameter.value()));
        map.put("default", value(parameter, parameter.defaultValue()));
        map.put("isDefault", parameter.isDefault());
        map.put("unit", parameter.unit());
        map.put("doc", parameter.doc());
        map.put("allowed", parameter.allowed());
        map.put("min", finite(parameter.min()));
        map.put("max", finite(parameter.max()));
        map.put("choices", isFlag(parameter) ? List.of() : parameter.choices());
        return map;
    }

    private static boolean isFlag(Parameter parameter) {
        return parameter.choices().equals(List.of("true", "false"));
    }

    private static String kind(Parameter parameter) {
        return switch (parameter.kind()) {
            case NUMBER -> parameter.isWhole() ? "integer" : "number";
            case FIELD -> "field";
            case ARRAY -> "array";
            case TEXT -> isFlag(parameter) ? "flag" : "text";
        };
    }

    private static Double finite(double bound) {
        return Double.isInfinite(bound) ? null : bound;
    }

    /** A value as the protocol writes it. */
    static Object value(Parameter parameter, Object value) {
        if (value instanceof NdArray array) {
            if (parameter.kind() == Parameter.Kind.FIELD && array.size() == 1) {
                return array.at(0);
            }
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("shape", array.shape());
            if (array.size() <= MOST_VALUES) {
                map.put("values", array.doubles());
            }
            return map;
        }
        return value instanceof String word && isFlag(parameter) ? (Object) Boolean.valueOf(word) : value;
    }

    /** The message {@code change}. */
    static ObjectNode change(Runner runner, Runner.Change change) {
        Parameter parameter = runner.parameters(change.layer()).get(change.parameter());
        ObjectNode message = Json.message("change")
                .put("number", change.number())
                .put("path", change.layer() + "." + change.parameter())
                .put("run", change.run());
        message.set("value", Json.of(value(parameter, change.value())));
        message.put("frame", change.frame() < 0 ? null : change.frame());
        return message;
    }
}
