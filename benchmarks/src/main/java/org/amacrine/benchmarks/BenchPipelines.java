package org.amacrine.benchmarks;

import java.util.List;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.Stage;

/** The pipelines that are measured. */
final class BenchPipelines {
    /** Extent of the camera's pictures. */
    private static final int ROWS = 480;

    private static final int COLUMNS = 640;

    /** The camera's pipeline in words, without its rate. */
    static final String CAMERA =
            "simulated camera " + COLUMNS + " x " + ROWS + ", full spiking retina, one model step per frame and chunk";

    /** {@link #lightCamera} in words, without its rate. */
    static final String LIGHT_CAMERA = "simulated camera " + COLUMNS + " x " + ROWS
            + ", three leaky membranes, one model step per frame and chunk";

    /** {@link #grating()} in words. */
    static final String GRATING =
            "drifting grating 160 x 120, full spiking retina, 1000 steps/s in real time, chunks of 10 frames";

    private BenchPipelines() {}

    /**
     * A simulated camera and a retina, one model step per frame and chunk; without sinks.
     *
     * @param outputs signals of the retina besides its spikes
     */
    static Pipeline.Builder camera(double framesPerSecond, String... outputs) {
        return camera(framesPerSecond)
                .layer(Stage.of("retina").setting("outputs", List.of(outputs)).parameter("opl.amplification", 5));
    }

    /** A simulated camera and three layers that cost next to nothing; without sinks. */
    static Pipeline.Builder lightCamera(double framesPerSecond) {
        return camera(framesPerSecond)
                .layer(bipolar("fast", 100))
                .layer(bipolar("medium", 20))
                .layer(bipolar("slow", 4));
    }

    private static Stage bipolar(String name, double leakHertz) {
        return Stage.of("retina.bipolar").named(name).from("source.output").parameter("leakHertz", leakHertz);
    }

    private static Pipeline.Builder camera(double framesPerSecond) {
        return Pipeline.builder()
                .name("camera")
                .resolution(10, framesPerSecond)
                .dt(1)
                .set("overflow", "drop-oldest")
                .set("ringFrames", 4)
                .source(Stage.of("camera")
                        .setting("backend", "simulated")
                        .setting("rows", ROWS)
                        .setting("columns", COLUMNS)
                        .setting("framesPerSecond", framesPerSecond));
    }

    /** A grating in real time and a retina; without sinks. */
    static Pipeline.Builder grating() {
        return Pipeline.builder()
                .name("grating")
                .dt(10)
                .paced(true)
                .source(Stage.of("stimulus.grating")
                        .setting("rows", 120)
                        .setting("columns", 160)
                        .setting("temporalFrequencyHertz", 3))
                .layer(Stage.of("retina").setting("outputs", List.of("bipolar")).parameter("opl.amplification", 5));
    }
}
