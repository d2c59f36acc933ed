package org.amacrine.operators.vision;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.LayerContract;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The laws of all layers, for the event camera. */
class EventCameraContractTest {
    private static final Shape LARGE = new Shape(1, 50, 45);

    private static EventCamera noisy(EventCamera.Events events) {
        EventCamera camera = new EventCamera("camera", events);
        camera.parameters().set("noiseHertz", 50);
        camera.parameters().set("leakHertz", 5);
        camera.parameters().set("refractorySeconds", 0.0015);
        return camera;
    }

    private static EventCamera mapped() {
        EventCamera camera = noisy(EventCamera.Events.SIGNED);
        float[] map = new float[LARGE.values()];
        for (int i = 0; i < map.length; i++) {
            map[i] = 0.1f + 0.05f * (i % 7);
        }
        camera.parameters().set("thresholdOff", NdArray.of(map, LARGE.rows(), LARGE.columns()));
        return camera;
    }

    @TestFactory
    Stream<DynamicContainer> cameras(@TempDir Path folder) {
        return Stream.of(
                        LayerContract.of(
                                        "event camera",
                                        () -> new EventCamera("camera", EventCamera.Events.PLANES),
                                        new Shape(3, 7, 6))
                                .range(0, 1)
                                .changing("cutoffHertz", 20),
                        LayerContract.of("noisy event camera", () -> noisy(EventCamera.Events.PLANES), LARGE)
                                .range(0, 1.2)
                                .changing("thresholdOn", 0.4),
                        LayerContract.of("event camera, map", EventCameraContractTest::mapped, LARGE)
                                .range(0, 1)
                                .boundToExtent()
                                .changing("noiseHertz", 0))
                .map(contract -> contract.laws(folder));
    }
}
