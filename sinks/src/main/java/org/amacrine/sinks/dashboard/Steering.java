package org.amacrine.sinks.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.amacrine.core.layer.Names;
import org.amacrine.core.layer.ParameterFile;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.RunnerState;
import org.amacrine.core.run.Stage;

/** What viewers with the control token do to the runner. Starts and stops take their time on a thread of their own. */
final class Steering implements AutoCloseable {
    private static final int WAITING = 64;

    private final Runner runner;
    private final ThreadPoolExecutor thread = thread("dashboard-control");
    /** Ends a start that does not get ready, behind which everything else waits. */
    private final ThreadPoolExecutor breaker = thread("dashboard-stop");

    Steering(Runner runner) {
        this.runner = runner;
    }

    private static ThreadPoolExecutor thread(String name) {
        return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
            Thread made = new Thread(task, name);
            made.setDaemon(true);
            return made;
        });
    }

    /** Starts, pauses, resumes or stops; completes with the state afterwards. */
    CompletableFuture<ObjectNode> change(String what) {
        CompletableFuture<ObjectNode> done = new CompletableFuture<>();
        boolean breaksOff = what.equals("stop") && runner.state() == RunnerState.STARTING;
        try {
            (breaksOff ? breaker : thread).execute(() -> {
                try {
                    act(what);
                    done.complete(RunnerJson.state(runner));
                } catch (RuntimeException e) {
                    done.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            done.completeExceptionally(new IllegalStateException(
                    "too many commands wait already (" + WAITING + "); wait for their answers", e));
        }
        return done;
    }

    private void act(String what) {
        RunnerState before = runner.state();
        switch (what) {
            case "start" -> runner.start();
            case "pause" -> runner.pause();
            case "resume" -> runner.resume();
            case "stop" -> runner.stop();
            default -> throw new IllegalArgumentException("nothing is called " + what);
        }
        boolean done = switch (what) {
            case "pause" -> before == RunnerState.RUNNING || before == RunnerState.PAUSED;
            case "resume" -> before == RunnerState.PAUSED || before == RunnerState.RUNNING;
            default -> true;
        };
        if (!done) {
            throw new IllegalStateException("cannot " + what + " while the runner is " + before);
        }
    }

    /**
     * Sets parameters by path, those of one layer all or none and at the same frame. Completes with the paths and the frame.
     *
     * @param values by {@code layer.parameter}; null for back to the default
     * @throws IllegalArgumentException when a name is unknown or a value is not allowed; nothing is set then
     */
    CompletableFuture<ObjectNode> set(Map<String, Object> values) {
        Map<String, Map<String, Object>> byLayer = new LinkedHashMap<>();
        List<String> layers =
                runner.pipeline().layers().stream().map(Stage::name).toList();
        values.forEach((path, value) -> {
            String layer = layers.stream()
                    .filter(name -> path.startsWith(name + "."))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no layer for \"" + path + "\""
                            + Names.suggest(path.split("\\.", 2)[0], layers) + "; there are " + layers));
            String name = path.substring(layer.length() + 1);
            ParameterTree tree = runner.parameters(layer);
            if (value == null) {
                tree.get(name);
            } else {
                tree.check(name, value);
            }
            byLayer.computeIfAbsent(layer, l -> new LinkedHashMap<>()).put(name, value);
        });
        List<CompletableFuture<Long>> frames = new ArrayList<>();
        byLayer.forEach((layer, some) -> frames.add(runner.set(layer, some)));
        return CompletableFuture.allOf(frames.toArray(CompletableFuture[]::new)).thenApply(nothing -> {
            ObjectNode reply = Json.message("reply");
            reply.set("changed", Json.of(values.keySet()));
            frames.stream().mapToLong(CompletableFuture::join).max().ifPresent(frame -> reply.put("frame", frame));
            return reply;
        });
    }

    /** All parameters that are not at their defaults, as YAML. */
    String save() {
        Map<String, Object> changed = new LinkedHashMap<>();
        for (Stage layer : runner.pipeline().layers()) {
            runner.parameters(layer.name())
                    .changed()
                    .forEach((name, value) -> changed.put(layer.name() + "." + name, value));
        }
        return ParameterFile.text(changed);
    }

    /** Sets what a text says, as from {@link #save}. */
    CompletableFuture<ObjectNode> load(String text) {
        try {
            return set(ParameterFile.parse(text, "the parameter set"));
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** A value of a message, as {@link org.amacrine.core.layer.Parameter#set} takes it. */
    static Object value(JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (node.isNumber()) {
            return node.doubleValue();
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(item -> list.add(value(item)));
            return list;
        }
        if (node.isObject()) {
            throw new IllegalArgumentException(
                    "a value is a number, a word, true, false or nested lists but was " + node);
        }
        return node.asText();
    }

    /** What went wrong, in words. */
    static String message(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    @Override
    public void close() {
        thread.shutdown();
        breaker.shutdown();
    }
}
