package org.amacrine.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.ring.Interpolation;
import org.amacrine.core.ring.Overflow;
import org.amacrine.core.testing.Split;
import org.amacrine.core.testing.TestSink;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineTest {
    @TempDir
    Path folder;

    private Catalog catalog;

    @BeforeEach
    void loadCatalog() throws IOException {
        catalog = TestComponents.catalog(folder);
    }

    private static Pipeline.Builder complete() {
        return Pipeline.builder()
                .source(Stage.of("test.count"))
                .layer(Stage.of("test.gain"))
                .sink(Stage.of("test.keep").setting("file", "a.npy"));
    }

    private List<String> problems(Pipeline.Builder builder) {
        PipelineException error = assertThrows(PipelineException.class, () -> builder.build(catalog));
        assertEquals(
                "pipeline pipeline has " + error.problems().size()
                        + (error.problems().size() == 1 ? " problem:" : " problems:"),
                error.getMessage().lines().findFirst().orElseThrow());
        return error.problems().stream().map(String::valueOf).toList();
    }

    // ------------------------------------------------------------------------------------------------ what is built

    @Test
    void shouldHaveDefaultsNamesAndSignals() {
        Pipeline pipeline = complete().build(catalog);

        assertEquals("pipeline", pipeline.name());
        assertEquals(Resolution.DEFAULT, pipeline.resolution());
        assertEquals(100, pipeline.dt());
        assertEquals(0, pipeline.seed());
        assertEquals("auto", pipeline.backend());
        assertEquals(Overflow.BLOCK, pipeline.overflow());
        assertEquals(64, pipeline.ringFrames());
        assertEquals(Interpolation.HOLD, pipeline.interpolation());
        assertEquals(Long.MAX_VALUE, pipeline.maxSteps());
        assertEquals("source", pipeline.sourceName());
        assertEquals("test-gain", pipeline.layers().get(0).name());
        assertEquals(List.of("source.output"), pipeline.layers().get(0).from());
        assertEquals("test-keep", pipeline.sinks().get(0).name());
        assertEquals(List.of("test-gain.output"), pipeline.sinks().get(0).from());
    }

    @Test
    void shouldTakeTheSameOptionsByMethodAndByName() {
        Pipeline byMethod = complete()
                .name("live")
                .resolution(20, 500)
                .dt(7)
                .seed(Long.MAX_VALUE)
                .backend("scalar")
                .workers(2)
                .paced(true)
                .durationSeconds(1.5)
                .build(catalog);

        Pipeline byName = complete()
                .set("name", "live")
                .set("pixelsPerDegree", "20")
                .set("stepsPerSecond", "500")
                .set("dt", "7")
                .set("seed", "9223372036854775807")
                .set("backend", "scalar")
                .set("workers", "2")
                .set("paced", "true")
                .set("durationSeconds", "1.5")
                .build(catalog);

        assertEquals(byMethod, byName);
        assertEquals(Long.MAX_VALUE, byName.seed());
        assertEquals(750, byName.maxSteps());
    }

    @Test
    void shouldBeginABuilderWithEverythingThatIsThere() {
        Pipeline pipeline = complete()
                .set("overflow", "drop-oldest")
                .set("interpolation", "linear")
                .set("ringFrames", 8)
                .set("filterEpsilon", 0.01)
                .paced(true)
                .seed(-3)
                .build(catalog);

        assertEquals(pipeline, pipeline.toBuilder().build(catalog));
        assertEquals(5, pipeline.toBuilder().dt(5).build(catalog).dt());
    }

    @Test
    void shouldGiveASinkAllOutputsOfAStage() {
        Pipeline pipeline = Pipeline.builder()
                .source(Stage.of("test.count"))
                .layer(Stage.of(Split::new).named("split"))
                .sink(Stage.of(TestSink::new).named("sink").from("split", "source"))
                .build(catalog);

        assertEquals(
                List.of("split.plus", "split.minus", "source.output"),
                pipeline.sinks().get(0).from());
    }

    // ------------------------------------------------------------------------------------------------ changes

    @Test
    void shouldChangeOneThingByItsPath() {
        Pipeline pipeline = complete()
                .change("dt", 3, catalog)
                .change("source.frames", 20, catalog)
                .change("test-gain.mode", "fancy", catalog)
                .change("test-gain.gain", 4, catalog)
                .change("test-keep.file", "b.npy", catalog)
                .build(catalog);

        assertEquals(3, pipeline.dt());
        assertEquals(Map.of("frames", 20), pipeline.source().settings());
        assertEquals(Map.of("mode", "fancy"), pipeline.layers().get(0).settings());
        assertEquals(Map.of("gain", 4), pipeline.layers().get(0).parameters());
        assertEquals(Map.of("file", "b.npy"), pipeline.sinks().get(0).settings());
    }

    @Test
    void shouldSuggestTheStageThatIsMeantByAChange() {
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> complete().change("tset-gain.gain", 4, catalog));

        assertTrue(
                error.getMessage()
                        .startsWith("no option or stage \"tset-gain\"; did you mean \"test-gain\"?; there are "),
                error.getMessage());
    }

    // ------------------------------------------------------------------------------------------------ problems

    @Test
    void shouldTellAllProblemsAtOnce() {
        List<String> problems = problems(Pipeline.builder()
                .set("dtt", 3)
                .dt(0)
                .set("ringFrames", 3)
                .set("seed", "many")
                .set("overflow", "drop")
                .backend("scalr")
                .source(Stage.of("test.cuont"))
                .layer(Stage.of("test.gain").setting("mode", "fance"))
                .layer(Stage.of("test.gain").named("test-gain").parameter("gian", -1))
                .sink(Stage.of("test.keep")
                        .setting("file", "a")
                        .from("test-gian")
                        .named("a b")));

        assertEquals(12, problems.size(), () -> String.join("\n", problems));
        assertTrue(
                problems.get(0).startsWith("dtt: no such option; did you mean \"dt\"?; there are name, "),
                problems.get(0));
        assertTrue(
                problems.get(1).startsWith("dt: dt must be a whole number >= 1 and <= 1048576 but was 0"),
                problems.get(1));
        assertEquals("ringFrames: ringFrames must be a power of two but was 3; for example 64", problems.get(2));
        assertEquals("seed: seed must be a whole number but was \"many\"; for example 1", problems.get(3));
        assertTrue(
                problems.get(4)
                        .startsWith(
                                "overflow: overflow must be one of block, drop-oldest, drop-newest, fail but was \"drop\""),
                problems.get(4));
        assertEquals(
                "source.type: no source \"test.cuont\"; did you mean \"test.count\"?; there are test.count",
                problems.get(5));
        assertTrue(
                problems.get(6)
                        .startsWith(
                                "layers[0].settings.mode: mode must be one of plain, fancy but was \"fance\"; did you mean \"fancy\"?"),
                problems.get(6));
        assertEquals("layers[1].name: two stages are called \"test-gain\"; give one another name", problems.get(7));
        assertEquals(
                "layers[1].parameters.gian: no parameter \"gian\"; did you mean \"gain\"? parameters of gain: gain",
                problems.get(8));
        assertEquals("sinks[0].name: the name \"a b\" may have letters, digits, _ and - only", problems.get(9));
        assertEquals(
                "sinks[0].from: no stage \"test-gian\" before this one; did you mean \"test-gain\"?; there are source,"
                        + " test-gain",
                problems.get(10));
        assertTrue(problems.get(11).startsWith("backend: no backend \"scalr\"; did you mean \"scalar\"?"));
    }

    @Test
    void shouldTellWhatIsMissing() {
        assertEquals(
                List.of(
                        "source: a pipeline needs a source; there are [test.count]",
                        "sinks: a pipeline needs a sink, or nobody sees what it computes; there are [test.keep]"),
                problems(Pipeline.builder()));
        assertEquals(
                List.of("sinks[0].settings: test.keep needs file: Where to; there is no default"),
                problems(Pipeline.builder().source(Stage.of("test.count")).sink(Stage.of("test.keep"))));
        assertEquals(
                List.of("layers[0]: needs a type, after the key type; there are [test.gain, test.mix, test.split]"),
                problems(complete().layer(Stage.of("").named("x"))).stream()
                        .map(problem -> problem.replace("layers[1]", "layers[0]"))
                        .filter(problem -> problem.contains("type"))
                        .toList());
    }

    @Test
    void shouldTellWhichSignalsThereAre() {
        assertEquals(
                List.of("layers[1].from: stage test-split has the outputs plus, minus; say which, for example"
                        + " test-split.plus"),
                problems(Pipeline.builder()
                        .source(Stage.of("test.count"))
                        .layer(Stage.of("test.split"))
                        .layer(Stage.of("test.gain"))
                        .sink(Stage.of(TestSink::new))));
        assertEquals(
                List.of(
                        "sinks[0].from: stage test-split has no output \"pluss\"; did you mean \"plus\"?; it has plus, minus"),
                problems(Pipeline.builder()
                        .source(Stage.of("test.count"))
                        .layer(Stage.of("test.split"))
                        .sink(Stage.of(TestSink::new).from("test-split.pluss"))));
        assertEquals(
                List.of(
                        "layers[0].from: stage \"later\" does not come before this one, and signals go one way; let it go"
                                + " back as feedback, such as feedback: {x1: {signal: later, delayFrames: 100,"
                                + " shape: 4x1x1, initial: 0}}",
                        "source: nothing takes what source gives; connect a layer or a sink, or leave it out"),
                problems(Pipeline.builder()
                        .source(Stage.of("test.count"))
                        .layer(Stage.of("test.gain").from("later"))
                        .layer(Stage.of("test.gain").named("later"))
                        .sink(Stage.of(TestSink::new).from("test-gain", "later"))));
        assertEquals(
                List.of("layers[0]: nothing takes what test-gain gives; connect a layer or a sink, or leave it out"),
                problems(complete()
                                .sink(Stage.of(TestSink::new).from("source"))
                                .layer(Stage.of("test.split").from("source")))
                        .stream()
                        .filter(problem -> problem.startsWith("layers"))
                        .toList());
    }

    @Test
    void shouldTellWhatTheProgramMadeInsteadOfALayer() {
        assertEquals(
                List.of("layers[0]: a Layer is needed but the program made java.lang.String"),
                problems(Pipeline.builder()
                        .source(Stage.of("test.count"))
                        .layer(Stage.of(() -> "no layer"))
                        .sink(Stage.of(TestSink::new).named("sink"))));
        assertEquals(
                List.of("sinks[0].settings: a stage that the program makes has no settings; give them to it directly"),
                problems(Pipeline.builder()
                        .source(Stage.of("test.count"))
                        .sink(Stage.of(TestSink::new).setting("file", "a"))));
    }

    @Test
    void shouldKnowNothingOfTheseComponentsOtherwise() {
        assertEquals(
                List.of("test.count"),
                catalog.sources().stream().map(c -> c.name()).toList());
        assertTrue(Catalog.load().sources().isEmpty());
    }
}
