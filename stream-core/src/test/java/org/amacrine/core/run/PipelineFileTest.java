package org.amacrine.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Catalog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineFileTest {
    @TempDir
    Path folder;

    private Catalog catalog;

    @BeforeEach
    void loadCatalog() throws IOException {
        catalog = TestComponents.catalog(folder);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("pipeline.yaml"), text);
    }

    private Pipeline read(String text) throws IOException {
        return PipelineFile.read(file(text), catalog);
    }

    private List<String> problems(String text) throws IOException {
        Path file = file(text);
        PipelineException error = assertThrows(PipelineException.class, () -> PipelineFile.read(file, catalog));
        assertTrue(
                error.getMessage().startsWith(file + " has " + error.problems().size() + " problem"));
        return error.problems().stream().map(String::valueOf).toList();
    }

    private String failure(Path file) {
        return assertThrows(IOException.class, () -> PipelineFile.read(file, catalog))
                .getMessage();
    }

    private static final String COMPLETE = """
            name: retina
            pixelsPerDegree: 20
            stepsPerSecond: 500
            dt: 7
            seed: 9007199254740993
            overflow: drop-oldest
            source:
              type: test.count
              settings: {frames: 20}
            layers:
              - type: test.split
              - name: twice
                type: test.gain
                from: test-split.plus
                settings:
                  mode: fancy
                parameters:
                  gain: 4
            sinks:
              - type: test.keep
                from: [twice, test-split.minus]
                settings: {file: a.npy}
            """;

    @Test
    void shouldReadWhatTheBuilderBuilds() throws IOException {
        Pipeline built = Pipeline.builder()
                .name("retina")
                .resolution(20, 500)
                .dt(7)
                .seed(9007199254740993L)
                .set("overflow", "drop-oldest")
                .source(Stage.of("test.count").setting("frames", "20"))
                .layer(Stage.of("test.split"))
                .layer(Stage.of("test.gain")
                        .named("twice")
                        .from("test-split.plus")
                        .setting("mode", "fancy")
                        .parameter("gain", "4"))
                .sink(Stage.of("test.keep").from("twice", "test-split.minus").setting("file", "a.npy"))
                .build(catalog);

        assertEquals(built, read(COMPLETE));
    }

    @Test
    void shouldRunWhatItReads() throws IOException, InterruptedException {
        Runner runner = new Runner(read(COMPLETE.replace("drop-oldest", "block")), catalog, Clock.SYSTEM);

        runner.start();
        Running.awaitStopped(runner);

        assertEquals(
                Map.of("test-keep <- twice.output", 20L, "test-keep <- test-split.minus", 20L),
                runner.progress().delivered());
        assertEquals(4, runner.parameters("twice").get("gain").number());
    }

    @Test
    void shouldChangeSomeThingsByTheirPaths() throws IOException {
        Pipeline pipeline =
                PipelineFile.read(file(COMPLETE), Map.of("dt", "3", "twice.gain", "5", "source.frames", "2"), catalog);

        assertEquals(3, pipeline.dt());
        assertEquals(Map.of("gain", "5"), pipeline.layers().get(1).parameters());
        assertEquals(Map.of("frames", "2"), pipeline.source().settings());
    }

    @Test
    void shouldTellTenMistakesWithTheirLines() throws IOException {
        List<String> problems = problems("""
                nmae: retina
                dt: 0
                ringFrames: 65
                overflow: drop-oldst
                backend: scaler
                source:
                  type: test.count
                  setings: {frames: 3}
                  settings:
                    frames: -1
                layers:
                  - type: test.gian
                  - name: twice
                    type: test.gain
                    parameters:
                      gian: 4
                sinks:
                  - type: test.keep
                    from: [twise]
                    settings: {file: a.npy}
                  - type: test.keep
                    name: other
                    from: twice
                    settings: {file: b.npy}
                """);

        List<String> beginnings = List.of(
                "line 1, nmae: no such key; did you mean \"name\"?; there are name, ",
                "line 2, dt: dt must be a whole number >= 1 and <= 1048576 but was 0; ",
                "line 3, ringFrames: ringFrames must be a power of two but was 65; for example 64",
                "line 4, overflow: overflow must be one of block, drop-oldest, drop-newest, fail but was"
                        + " \"drop-oldst\"; did you mean \"drop-oldest\"?",
                "line 5, backend: no backend \"scaler\"; did you mean \"scalar\"?",
                "line 8, source.setings: no such key; did you mean \"settings\"?",
                "line 10, source.settings.frames: frames must be a whole number >= 1 but was -1",
                "line 12, layers[0].type: no layer \"test.gian\"; did you mean \"test.gain\"?",
                "line 16, layers[1].parameters.gian: no parameter \"gian\"; did you mean \"gain\"?",
                "line 19, sinks[0].from: no stage \"twise\" before this one; did you mean \"twice\"?");
        assertEquals(beginnings.size(), problems.size(), () -> String.join("\n", problems));
        for (int i = 0; i < beginnings.size(); i++) {
            assertTrue(problems.get(i).startsWith(beginnings.get(i)), problems.get(i));
        }
    }

    @Test
    void shouldKeepTheLinesBehindAStageWithoutType() throws IOException {
        assertEquals(
                List.of(
                        "line 3, layers[0]: needs a type, after the key type; there are [test.gain, test.mix, test.split]",
                        "line 4, layers[1]: needs a type, after the key type; there are [test.gain, test.mix, test.split]",
                        "line 8, layers[2].parameters.gain: gain must be a finite number > 0 and <= 1000 but was -2;"
                                + " what frames are multiplied by, for example 2"),
                problems("""
                        source: {type: test.count}
                        layers:
                          - name: first
                          - second
                          - type: test.gain
                            from: source
                            parameters:
                              gain: -2
                        sinks:
                          - {type: test.keep, settings: {file: a}, from: [first, stage, test-gain]}
                        """));
    }

    @Test
    void shouldTellTheLineOfAStageThatNobodyTakes() throws IOException {
        assertEquals(
                List.of(
                        "line 4, layers[0]: nothing takes what test-gain gives; connect a layer or a sink, or leave it out"),
                problems("""
                        source:
                          type: test.count
                        layers:
                          - type: test.gain
                        sinks:
                          - {type: test.keep, settings: {file: a}, from: source}
                        """));
    }

    @Test
    void shouldTellKeysThatStandTwice() throws IOException {
        assertEquals(
                List.of(
                        "line 2, dt: stands twice; remove one",
                        "line 5, source.type: stands twice; remove one",
                        "line 6, source.settings.frames: stands twice; remove one"),
                problems("""
                        dt: 3
                        dt: 4
                        source:
                          type: test.count
                          type: test.count
                          settings: {frames: 3, frames: 4}
                        sinks:
                          - {type: test.keep, settings: {file: a}}
                        """));
    }

    @Test
    void shouldTellTheLineWhereYamlEnds() throws IOException {
        String message = failure(file("name: retina\nsource: {type: test.count\nsinks: []\n"));

        assertTrue(message.startsWith(folder.resolve("pipeline.yaml") + ", line 3: "), message);
        assertTrue(message.endsWith("; this is not YAML"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# nothing but a remark\n"})
    void shouldSayThatAFileIsEmpty(String text) throws IOException {
        assertEquals(
                folder.resolve("pipeline.yaml") + " is empty; a pipeline has a source, layers and sinks",
                failure(file(text)));
    }

    @Test
    void shouldSayThatAFileIsMissingOrNoText() throws IOException {
        assertEquals(
                "no file " + folder.resolve("none.yaml") + "; check the path", failure(folder.resolve("none.yaml")));
        Path image = Files.write(folder.resolve("image.png"), new byte[] {(byte) 0x89, 'P', (byte) 0xff, 0});
        assertEquals(image + " is no text in UTF-8; give a file that is a pipeline in YAML", failure(image));
    }

    @ParameterizedTest
    @ValueSource(strings = {"retina", "[source, sinks]", "- type: test.count"})
    void shouldSayWhatAPipelineBeginsWith(String text) throws IOException {
        assertTrue(problems(text).get(0).startsWith("line 1, pipeline: a pipeline begins with keys such as source"));
    }

    @Test
    void shouldRefuseAliasesThatGrowWithoutBounds() throws IOException {
        StringBuilder bomb = new StringBuilder("source: {type: test.count}\na: &a0 [1, 1]\n");
        for (int i = 1; i <= 25; i++) {
            bomb.append("a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n");
        }

        String message = failure(file(bomb.toString()));

        assertTrue(message.startsWith(folder.resolve("pipeline.yaml") + ", line "), message);
        assertTrue(message.contains("aliases make more than"), message);
    }

    @Test
    void shouldTakeAliasesThatSaveWriting() throws IOException {
        StringBuilder sinks = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            sinks.append("\n  - {type: test.keep, name: keep" + i + ", from: *what, settings: {file: a" + i + "}}");
        }

        Path file = file("source: {type: test.count}\nsinks:\n  - {type: test.keep, from: &what [source],"
                + " settings: {file: a}}" + sinks);
        Pipeline pipeline = PipelineFile.read(file, catalog);

        assertEquals(List.of("source.output"), pipeline.sinks().get(60).from());
    }

    @Test
    void shouldSayThatAFileIsNestedTooDeeply() throws IOException {
        String message = failure(file("source: " + "[".repeat(200_000)));

        assertEquals(
                folder.resolve("pipeline.yaml") + " is nested too deeply; write it with fewer brackets in brackets",
                message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"from: &x [*x]", "settings: &x {file: a, more: *x}"})
    void shouldSurviveAFileThatContainsItself(String sink) throws IOException {
        Path file = file("source: {type: test.count}\nsinks:\n  - type: test.keep\n    " + sink + "\n");

        Exception error = assertThrows(Exception.class, () -> PipelineFile.read(file, catalog));

        assertTrue(error.getMessage().contains("itself"), error.getMessage());
    }

    // ------------------------------------------------------------------------------------------------ several inputs

    private static final String LOOP = """
            dt: 4
            source: {type: test.count}
            layers:
              - name: left
                type: test.mix
                from: {a: source}
                feedback:
                  b: {signal: right, delayFrames: 8, shape: 1x1x1, initial: .nan}
              - name: right
                type: test.mix
                from: [left, source]
            sinks:
              - type: test.keep
                settings: {file: a.npy}
            """;

    @Test
    void shouldReadInputsAndFeedback() throws IOException {
        Pipeline built = Pipeline.builder()
                .dt(4)
                .source(Stage.of("test.count"))
                .layer(Stage.of("test.mix")
                        .named("left")
                        .input("a", "source")
                        .feedback("b", new FeedbackEdge("right", 8, Shape.image(1, 1), Float.NaN)))
                .layer(Stage.of("test.mix").named("right").input("b", "source").input("a", "left"))
                .sink(Stage.of("test.keep").setting("file", "a.npy"))
                .build(catalog);

        Pipeline read = read(LOOP);

        assertEquals(built, read);
        assertEquals(read, read.toBuilder().build(catalog));
        assertEquals(
                List.of("left.output", "source.output"), read.layers().get(1).from());
        assertEquals(
                "right.output after 8 frames",
                read.layers().get(0).feedback().get("b").toString());
    }

    @Test
    void shouldTellWhatIsWrongWithFeedback() throws IOException {
        assertEquals(
                List.of(
                        "line 6, layers[0].from: nothing goes to the input b; give it a signal",
                        "line 8, layers[0].feedback.b.delay: no such key; did you mean \"delayFrames\"?; there are signal,"
                                + " delayFrames, shape, initial",
                        "line 8, layers[0].feedback.b: needs delayFrames, for example x1: {signal: other.y0,"
                                + " delayFrames: 100, shape: 4x1x1, initial: 0}"),
                problems(LOOP.replace("delayFrames", "delay")));
        assertEdgeProblem("1x1x1", "1x1", "shape must be channels, rows and columns, for example 4x1x1, but was 1x1;");
        assertEdgeProblem(".nan", "none", "initial must be a number, or .nan for missing values, but was none;");
        assertEdgeProblem("delayFrames: 8", "delayFrames: 8.5", "delayFrames must be a whole number but was 8.5;");
        assertEdgeProblem(
                "{signal: right, delayFrames: 8, shape: 1x1x1, initial: .nan}",
                "right",
                "must say what goes back, for example x1:");
    }

    private void assertEdgeProblem(String part, String wrong, String expected) throws IOException {
        String problem = problems(LOOP.replace(part, wrong)).get(1);

        assertTrue(problem.startsWith("line 8, layers[0].feedback.b: " + expected), problem);
    }
}
