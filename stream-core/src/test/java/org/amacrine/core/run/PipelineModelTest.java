package org.amacrine.core.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.testing.Gain;
import org.amacrine.core.testing.Mix;
import org.amacrine.core.testing.Split;
import org.amacrine.core.testing.TestSink;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineModelTest {
    @TempDir
    Path folder;

    private Catalog catalog;

    @BeforeEach
    void loadComponents() throws IOException {
        catalog = TestComponents.catalog(folder);
    }

    private static Pipeline.Builder builder() {
        return Pipeline.builder()
                .name("both")
                .source(Stage.of("test.count").named("camera"))
                .sink(Stage.of(TestSink::new).named("sink").from("*"));
    }

    @Test
    void shouldJoinTheLayersAsThePipelineDoes() {
        // left = 3 x; mix = x + left / 2; split: what it adds and takes away, of mix.
        Pipeline pipeline = builder()
                .layer(Stage.of("test.gain").named("left").parameter("gain", 3))
                .layer(Stage.of(Mix::new).named("mix").input("b", "left").input("a", "camera"))
                .layer(Stage.of(Split::new).named("split"))
                .build(catalog);

        Layer model = PipelineModel.of(pipeline, catalog);
        Map<String, Frames> y = model.run(new Frames(Shape.image(1, 1), 2, new float[] {2, 4}), 2);
        Map<String, Frames> split = new Split().run(new Frames(Shape.image(1, 1), 2, new float[] {5, 10}), 2);

        assertEquals(List.of("split.plus", "split.minus"), model.outputs());
        assertArrayEquals(split.get("plus").values(), y.get("split.plus").values());
        assertArrayEquals(split.get("minus").values(), y.get("split.minus").values());
        assertEquals(3, model.parameters().get("left.gain").number());
    }

    @Test
    void shouldGiveOutWhatNoOtherLayerTakes() {
        Pipeline pipeline = builder()
                .layer(Stage.of(Split::new).named("split"))
                .layer(Stage.of(Gain::new).named("gain").from("split.minus"))
                .build(catalog);

        assertEquals(
                List.of("split.plus", "gain.output"),
                PipelineModel.of(pipeline, catalog).outputs());
    }

    @Test
    void shouldRefuseFeedbackAndPipelinesWithoutLayers() {
        Pipeline loop = builder()
                .layer(Stage.of(Mix::new)
                        .named("mix")
                        .from("camera")
                        .feedback("b", new FeedbackEdge("mix", 100, Shape.image(1, 1), 0)))
                .build(catalog);

        String back = assertThrows(IllegalArgumentException.class, () -> PipelineModel.of(loop, catalog))
                .getMessage();
        String none = assertThrows(
                        IllegalArgumentException.class,
                        () -> PipelineModel.of(builder().build(catalog), catalog))
                .getMessage();

        assertTrue(back.contains("layer mix of pipeline both takes a signal that goes back"), back);
        assertEquals("pipeline both has no layers to look at", none);
    }
}
