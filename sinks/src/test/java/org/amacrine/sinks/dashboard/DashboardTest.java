package org.amacrine.sinks.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.run.FeedbackEdge;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.RunnerState;
import org.amacrine.core.run.Stage;
import org.amacrine.core.testing.Gain;
import org.amacrine.core.testing.TestSink;
import org.amacrine.core.testing.TestSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What viewers see and what they can do, over real sockets. */
@Timeout(120)
class DashboardTest {
    private static final int HEADER = 56;

    private final Live live = new Live();
    private Client control;
    private Client stream;

    @BeforeEach
    void connect() throws InterruptedException {
        live.runner.start();
        control = live.control(Live.TOKEN);
        stream = live.stream();
    }

    @AfterEach
    void disconnect() {
        control.close();
        stream.close();
        live.close();
    }

    private static void assertReply(ObjectNode answer) {
        assertEquals("reply", answer.path("type").asText(), answer::toString);
    }

    private static String error(ObjectNode answer) {
        assertEquals("error", answer.path("type").asText(), answer::toString);
        return answer.path("message").asText();
    }

    // ------------------------------------------------------------------------------------------------ control socket

    @Test
    void shouldSayWhatThereIs() throws InterruptedException {
        ObjectNode hello = control.next("hello");

        assertEquals(1, hello.path("protocol").asInt());
        assertEquals("test", hello.path("pipeline").asText());
        assertTrue(hello.path("canSteer").asBoolean());
        assertEquals("RUNNING", hello.path("state").asText());
        assertEquals(1, hello.path("run").asInt());
        List<String> signals = new ArrayList<>();
        hello.path("signals")
                .forEach(s -> signals.add(
                        s.path("name").asText() + s.path("shape") + s.path("is").asText()));
        assertEquals(
                List.of("source.output[1,3,4]values", "model.output[1,3,4]values", "cells.spikes[1,3,4]spikes"),
                signals);
        List<String> stages = new ArrayList<>();
        hello.path("graph")
                .path("stages")
                .forEach(s -> stages.add(
                        s.path("role").asText() + " " + s.path("name").asText() + s.path("from")));
        assertEquals(
                List.of(
                        "source source[]",
                        "layer model[\"source.output\"]",
                        "layer cells[\"source.output\"]",
                        "sink dashboard[\"source.output\",\"model.output\",\"cells.spikes\"]"),
                stages);
    }

    @Test
    void shouldSayWhatGoesBack() {
        FeedbackEdge edge = new FeedbackEdge("gain", 100, Shape.image(1, 1), 0);
        Pipeline pipeline = Pipeline.builder()
                .source(Stage.of(() -> TestSource.of(1)))
                .layer(Stage.of(Gain::new).named("gain").feedback("input", edge))
                .sink(Stage.of(TestSink::new))
                .build();

        assertEquals(
                "{\"name\":\"gain\",\"role\":\"layer\",\"kind\":\"\",\"from\":[\"source.output\"],\"feedback\":"
                        + "[{\"input\":\"input\",\"from\":\"gain.output\",\"delayFrames\":100}]}",
                RunnerJson.graph(pipeline).path("stages").get(1).toString());
    }

    @Test
    void shouldStartPauseResumeAndStop() throws InterruptedException {
        control.next("hello");

        assertEquals("PAUSED", control.ask("\"do\": \"pause\"").path("state").asText());
        assertEquals(RunnerState.PAUSED, live.runner.state());
        assertEquals("RUNNING", control.ask("\"do\": \"resume\"").path("state").asText());
        assertEquals("STOPPED", control.ask("\"do\": \"stop\"").path("state").asText());
        assertEquals("cannot pause while the runner is STOPPED", error(control.ask("\"do\": \"pause\"")));
        ObjectNode started = control.ask("\"do\": \"start\"");
        assertEquals("RUNNING", started.path("state").asText());
        assertEquals(2, started.path("run").asInt());
        assertTrue(error(control.ask("\"do\": \"start\"")).contains("stop it before starting it again"));
    }

    @Test
    void shouldTellEveryStateToEverybody() throws InterruptedException {
        try (Client other = live.control("")) {
            other.next("hello");
            control.ask("\"do\": \"pause\"");
            control.ask("\"do\": \"stop\"");

            assertEquals("PAUSED", other.next("state").path("state").asText());
            assertEquals("STOPPING", other.next("state").path("state").asText());
            assertEquals("STOPPED", other.next("state").path("state").asText());
        }
    }

    @Test
    void shouldSayHowItGoes() throws InterruptedException {
        control.next("metrics");
        control.next("metrics");
        ObjectNode metrics = control.next("metrics");

        assertTrue(metrics.path("steps").asLong() > 0);
        assertTrue(metrics.path("realTime").asDouble() > 0.2, metrics::toString);
        List<String> stages = new ArrayList<>();
        metrics.path("stages")
                .forEach(s -> stages.add(
                        s.path("role").asText() + " " + s.path("name").asText()));
        assertEquals(List.of("source source", "layer model", "layer cells", "sink dashboard"), stages);
        double model = metrics.path("stages").get(1).path("framesPerSecond").asDouble();
        double sink = metrics.path("stages").get(3).path("framesPerSecond").asDouble();
        assertEquals(1, sink / model, 0.5, "a sink of three signals counts each frame once");
    }

    @Test
    void shouldSetParametersAtAFrameAndKeepALogOfIt() throws InterruptedException {
        assertReply(
                stream.ask("\"do\": \"subscribe\", \"stream\": 3, \"signal\": \"model.output\", \"format\": \"f32\""));

        ObjectNode set = control.ask("\"do\": \"set\", \"path\": \"model.gain\", \"value\": 7");

        assertReply(set);
        assertEquals(7, set.path("value").asInt());
        long frame = set.path("frame").asLong();
        ObjectNode change = control.nextChange();
        assertEquals(1, change.path("number").asInt());
        assertEquals("model.gain", change.path("path").asText());
        assertEquals(7, change.path("value").asInt());
        assertEquals(frame, change.path("frame").asLong());
        assertTrue(change.path("time").asLong() > 1_600_000_000_000L);
        for (boolean after = false; !after; ) {
            ByteBuffer image = stream.nextMessage();
            long shown = image.getLong(16);
            after = shown >= frame + 50;
            float expected = (shown < frame ? 2f : 7f) * shown;
            assertEquals(expected, image.getFloat(HEADER), "frame " + shown + " of a change at " + frame);
        }

        ObjectNode reset = control.ask("\"do\": \"reset\", \"path\": \"model.gain\"");
        assertEquals(2, reset.path("value").asInt());
        assertEquals(2, control.ask("\"do\": \"changes\"").path("changes").size());
    }

    @Test
    void shouldRefuseValuesWithTheSentenceOfTheParameter() throws InterruptedException {
        assertEquals(
                "gain must be a finite number > 0 and <= 1000 but was -1; what frames are multiplied by, for example 2",
                error(control.ask("\"do\": \"set\", \"path\": \"model.gain\", \"value\": -1")));
        assertTrue(error(control.ask("\"do\": \"set\", \"path\": \"model.gian\", \"value\": 1"))
                .startsWith("no parameter \"gian\"; did you mean \"gain\"?"));
        assertTrue(error(control.ask("\"do\": \"set\", \"path\": \"modell.gain\", \"value\": 1"))
                .contains("did you mean \"model\"?"));
        assertEquals(
                "the message has no \"value\"; use \"reset\" for the default",
                error(control.ask("\"do\": \"set\", \"path\": \"model.gain\"")));
        assertEquals(0, live.runner.changesAfter(0).size());
    }

    @Test
    void shouldListSaveAndLoadParameters() throws InterruptedException {
        ObjectNode params = control.ask("\"do\": \"params\"");
        assertEquals(
                "{\"path\":\"model.gain\",\"layer\":\"model\",\"kind\":\"number\",\"value\":2.0,\"default\":2.0,"
                        + "\"isDefault\":true,\"unit\":\"\",\"doc\":\"What frames are multiplied by\","
                        + "\"allowed\":\"a finite number > 0 and <= 1000\",\"min\":0.0,\"max\":1000.0,\"choices\":[]}",
                params.path("params").get(0).toString());

        assertReply(control.ask("\"do\": \"load\", \"text\": \"model.gain: 5\""));
        assertEquals(5, live.runner.parameters("model").get("gain").number());
        assertEquals(
                "model.gain: 5.0\n",
                control.ask("\"do\": \"save\"")
                        .path("text")
                        .asText()
                        .replace("{", "")
                        .replace("}", ""));
        assertTrue(error(control.ask("\"do\": \"load\", \"text\": \"model.gain: -5\""))
                .contains("must be"));
        assertTrue(error(control.ask("\"do\": \"load\", \"text\": \"[1\"")).contains("not YAML"));
    }

    @Test
    void shouldLetViewersWithoutTheTokenOnlyLook() throws InterruptedException {
        try (Client viewer = live.control("")) {
            assertFalse(viewer.next("hello").path("canSteer").asBoolean());
            for (String what : List.of(
                    "\"do\": \"stop\"",
                    "\"do\": \"set\", \"path\": \"model.gain\", \"value\": 3",
                    "\"do\": \"reset\", \"path\": \"model.gain\"",
                    "\"do\": \"load\", \"text\": \"model.gain: 3\"")) {
                assertTrue(error(viewer.ask(what)).startsWith("this viewer is read-only"), what);
            }
            assertReply(viewer.ask("\"do\": \"params\""));
            assertReply(viewer.ask("\"do\": \"ping\""));
        }
        assertEquals(RunnerState.RUNNING, live.runner.state());
        assertEquals(2, live.runner.parameters("model").get("gain").number());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{| not JSON: ",
                "[1]| a message is a JSON object",
                "{\"id\": 5}| the message has no \"do\"",
                "{\"id\": 5, \"do\": 3}| do must be a text but was 3",
                "{\"id\": 5, \"do\": \"strat\"}| nothing is called \"strat\"; did you mean \"start\"?"
            })
    void shouldAnswerMalformedMessages(String message, String answer) throws InterruptedException {
        control.sendText(message);

        ObjectNode error = control.next("error");

        assertTrue(error.path("message").asText().startsWith(answer), error::toString);
        assertEquals(message.contains("id") ? 5 : 0, error.path("id").asInt(0));
    }

    @Test
    void shouldSurviveNonsense() throws InterruptedException {
        Random random = new Random(1);
        String[] words = {
            "\"do\"",
            "\"subscribe\"",
            "\"set\"",
            "\"path\"",
            "\"model.gain\"",
            "\"value\"",
            "\"stream\"",
            "\"probes\"",
            "\"signal\"",
            "\"model.output\"",
            "\"kind\"",
            "\"series\"",
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "1e999",
            "-1",
            "null",
            "\"\\u0000\"",
            "99999999999999999999",
            "\"budget\"",
            "\"id\"",
            "\"mean\"",
            "\"events\"",
            "\"row\"",
            "\"rate\""
        };
        for (int i = 0; i < 3_000; i++) {
            StringBuilder text = new StringBuilder("{\"do\":");
            for (int j = random.nextInt(14); j >= 0; j--) {
                text.append(words[random.nextInt(words.length)]).append(random.nextBoolean() ? ":" : ",");
            }
            (i % 2 == 0 ? control : stream).sendText(random.nextInt(3) == 0 ? text + "1}" : text.toString());
        }
        control.sendBytes(new byte[] {1, 2, 3});
        stream.sendBytes(new byte[3_000]);

        assertReply(control.ask("\"do\": \"ping\""));
        assertReply(stream.ask("\"do\": \"budget\", \"bytesPerSecond\": 1000000"));
        assertEquals(RunnerState.RUNNING, live.runner.state());
    }

    @Test
    void shouldCloseAConnectionThatSendsTooMuchAndGoOn() throws InterruptedException {
        Logger log = Logger.getLogger("reactor");
        List<String> logged = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                logged.add(line.getLoggerName() + ": " + line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        log.addHandler(handler);
        try {
            control.sendText("{\"id\": 1, \"do\": \"" + "x".repeat(70_000) + "\"}");

            assertEquals(1009, control.awaitClose());
            try (Client next = live.control(Live.TOKEN)) {
                assertReply(next.ask("\"do\": \"ping\""));
            }
        } finally {
            log.removeHandler(handler);
        }
        assertEquals(List.of(), logged);
    }

    // ------------------------------------------------------------------------------------------------ stream socket

    @Test
    void shouldSendTheNewestImage() throws InterruptedException {
        stream.ask(
                "\"do\": \"subscribe\", \"stream\": 9, \"signal\": \"model.output\", \"rate\": 60, \"scale\": [0, 100000]");
        long last = -1;
        for (int i = 0; i < 5; i++) {
            ByteBuffer image = stream.nextMessage();
            assertEquals((byte) 0xA4, image.get(0));
            assertEquals(1, image.get(1), "version");
            assertEquals(1, image.get(2), "kind");
            assertEquals(0, image.get(3), "format");
            assertEquals(9, image.getShort(4), "stream");
            assertEquals(3, image.getInt(8), "rows");
            assertEquals(4, image.getInt(12), "columns");
            assertEquals(12, image.getInt(28), "count");
            assertEquals(HEADER + 12, image.limit());
            long frame = image.getLong(16);
            assertTrue(frame > last, frame + " after " + last);
            assertEquals((int) Math.min(255, 2 * frame * 255 / 100_000f + 0.5f), image.get(HEADER) & 0xff);
            assertTrue(image.getDouble(40) >= 0 && image.getDouble(40) < 30_000, "age");
            assertEquals(1, image.getInt(52), "run");
            last = frame;
        }
    }

    @Test
    void shouldSendEveryStepOfASeries() throws InterruptedException {
        assertReply(
                stream.ask(
                        "\"do\": \"subscribe\", \"stream\": 1, \"signal\": \"model.output\", \"kind\": \"series\", \"probes\": [[0, 2, 3], \"mean\"]"));
        long next = -1;
        for (int messages = 0; messages < 10; messages++) {
            ByteBuffer series = stream.nextMessage();
            assertEquals(2, series.get(2), "kind");
            assertEquals(2, series.getShort(6), "probes");
            long first = series.getLong(16);
            int steps = series.getInt(24);
            assertTrue(next < 0 || first == next, "no step is missing");
            for (int i = 0; i < steps; i++) {
                assertEquals(2f * (first + i), series.getFloat(HEADER + 8 * i));
                assertEquals(2f * (first + i), series.getFloat(HEADER + 8 * i + 4), "mean");
            }
            next = first + steps;
        }
    }

    @Test
    void shouldSendEverySpikeOfARow() throws InterruptedException {
        assertReply(
                stream.ask(
                        "\"do\": \"subscribe\", \"stream\": 2, \"signal\": \"cells.spikes\", \"kind\": \"events\", \"row\": 1, \"column\": 1"));
        long next = -1;
        int events = 0;
        while (events < 50) {
            ByteBuffer message = stream.nextMessage();
            assertEquals(3, message.get(2), "kind");
            assertEquals(3, message.getInt(12), "cells");
            long first = message.getLong(16);
            assertTrue(next < 0 || first == next, "no step is missing");
            next = first + message.getInt(24);
            List<String> expected = new ArrayList<>();
            for (long frame = first; frame < next; frame++) {
                if (frame % 12 >= 5 && frame % 12 <= 7) {
                    expected.add(frame + ":" + (frame % 12 - 5));
                }
            }
            List<String> given = new ArrayList<>();
            for (int i = 0; i < message.getInt(28); i++) {
                given.add((first + message.getInt(HEADER + 8 * i)) + ":" + message.getInt(HEADER + 8 * i + 4));
            }
            assertEquals(expected, given);
            events += given.size();
        }
    }

    @Test
    void shouldShowTheRateOfSpikes() throws InterruptedException {
        assertReply(
                stream.ask("\"do\": \"subscribe\", \"stream\": 2, \"signal\": \"cells.spikes\", \"format\": \"f32\""));
        ByteBuffer image = stream.nextMessage();
        while (image.getLong(16) < 1_000) {
            image = stream.nextMessage();
        }

        double mean = 0;
        for (int i = 0; i < 12; i++) {
            mean += image.getFloat(HEADER + 4 * i) / 12;
        }
        assertEquals(1000 / 12.0, mean, 1, "each of 12 cells spikes every 12 ms");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"signal\": \"model.outputs\"| no signal \"model.outputs\"; did you mean \"model.output\"?",
                "\"signal\": \"model.output\", \"kind\": \"film\"| kind must be image, series or events",
                "\"signal\": \"model.output\", \"rate\": 1000| rate must be 1.0 to 60.0 but was 1000",
                "\"signal\": \"model.output\", \"channel\": 1| channel must be 0 to 0 but was 1",
                "\"signal\": \"model.output\", \"kind\": \"series\"| model.output is not a vector but 1x3x4",
                "\"signal\": \"model.output\", \"kind\": \"series\", \"probes\": [[0, 3, 0]]| row of a probe must be 0 to 2 but was 3",
                "\"signal\": \"model.output\", \"kind\": \"series\", \"probes\": []| probes must be 1 to 64 but were 0",
                "\"signal\": \"cells.spikes\", \"kind\": \"events\", \"row\": 7| row must be 0 to 2 but was 7",
                "\"signal\": \"model.output\", \"format\": \"f64\"| format must be u8 or f32",
                "\"signal\": \"model.output\", \"scale\": 3| scale must be [lo, hi] with lo < hi but was 3"
            })
    void shouldRefuseWhatASignalHasNot(String request, String answer) throws InterruptedException {
        String error = error(stream.ask("\"do\": \"subscribe\", \"stream\": 1, " + request));

        assertTrue(error.startsWith(answer), error);
    }

    @Test
    void shouldBoundTheStreamsOfAViewer() throws InterruptedException {
        for (int i = 0; i < 32; i++) {
            assertReply(stream.ask("\"do\": \"subscribe\", \"stream\": " + i + ", \"signal\": \"model.output\""));
        }

        assertTrue(error(stream.ask("\"do\": \"subscribe\", \"stream\": 32, \"signal\": \"model.output\""))
                .startsWith("a viewer has at most 32 streams"));
        assertReply(stream.ask("\"do\": \"unsubscribe\", \"stream\": 4"));
        assertReply(stream.ask("\"do\": \"subscribe\", \"stream\": 32, \"signal\": \"model.output\""));
    }

    @Test
    void shouldGoOnAfterAnotherStart() throws InterruptedException {
        stream.ask("\"do\": \"subscribe\", \"stream\": 1, \"signal\": \"model.output\", \"format\": \"f32\"");
        stream.nextMessage();

        control.ask("\"do\": \"stop\"");
        control.ask("\"do\": \"start\"");

        ByteBuffer image = stream.nextMessage();
        while (image.getInt(52) < 2) {
            image = stream.nextMessage();
        }
        assertEquals(2f * image.getLong(16), image.getFloat(HEADER));
    }

    @Test
    void shouldSendAsMuchAsTheBudgetAllowsAndCountTheRest() throws InterruptedException {
        stream.ask("\"do\": \"budget\", \"bytesPerSecond\": 1000");
        stream.ask("\"do\": \"subscribe\", \"stream\": 1, \"signal\": \"model.output\", \"rate\": 60");
        long dropped = 0;
        long bytes = 0;
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < 2_000_000_000L) {
            ByteBuffer image = stream.nextMessage();
            bytes += image.limit();
            dropped += image.getInt(48);
        }

        double seconds = (System.nanoTime() - begin) * 1e-9;
        assertTrue(bytes <= 1000 * seconds + 1000, bytes + " bytes in " + seconds + " s");
        assertTrue(dropped > 10, dropped + " dropped");
    }
}
