package org.amacrine.demos.behaviour;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.Resolution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisitSecondsTest {
    private static final float NONE = Float.NaN;

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 100})
    void shouldCountFromEachChangeOfState(int dt) {
        float[] states = {NONE, NONE, 0, 0, 0, 4, 0, NONE, 0, 0};

        float[] seconds = LayerRun.of("visit", new VisitSeconds())
                .resolution(Resolution.of(10, 4))
                .dt(dt)
                .apply(new Frames(Shape.vector(1), states.length, states))
                .get("output")
                .values();

        assertArrayEquals(new float[] {NONE, NONE, 0.25f, 0.5f, 0.75f, 0.25f, 0.25f, NONE, 0.25f, 0.5f}, seconds);
    }

    @Test
    void shouldRejectSeveralAnimals() {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> LayerRun.of("visit", new VisitSeconds()).prepare(new Shape(1, 2, 1)));

        assertEquals(
                "layer visit: it takes one state at a time, frames of 1x1x1, but was given 1x2x1;"
                        + " connect it to the state of one animal",
                e.getMessage());
    }
}
