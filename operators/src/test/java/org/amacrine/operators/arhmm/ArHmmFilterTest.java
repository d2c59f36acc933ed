package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.LayerRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the filter of a live stream gives out. */
class ArHmmFilterTest {
    private static final ArHmmParameters MODEL = Models.random(5, 3, 2, 4);
    private static final List<String> ALL = List.of(
            "predictive",
            "filtered",
            "logEvidence",
            "surprise",
            "state",
            "outlier",
            "changeProbability",
            "change",
            "prediction",
            "calibration",
            "novelty",
            "alarm");

    static Frames stream(ArHmmParameters model, int frames) {
        double[] x = Models.stream(model, frames, 8);
        float[] values = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            values[i] = (float) x[i];
        }
        return new Frames(Shape.vector(model.dims()), frames, values);
    }

    private static Map<String, Frames> run(List<String> outputs) {
        ArHmmFilter filter = new ArHmmFilter("filter", MODEL, outputs);
        filter.parameters().set("outlierWeight", 0.01);
        filter.parameters().set("noveltyThreshold", 2.0);
        return LayerRun.of("filter", filter).apply(stream(MODEL, 300));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "predictive",
                "filtered",
                "logEvidence",
                "surprise",
                "state",
                "outlier",
                "changeProbability",
                "change",
                "prediction",
                "calibration",
                "novelty",
                "alarm"
            })
    void shouldGiveAnOutputTheSameWhateverElseIsChosen(String output) {
        assertArrayEquals(
                run(ALL).get(output).values(), run(List.of(output)).get(output).values());
    }
}
