package org.amacrine.operators.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DifferenceTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void shouldTakeTheFrameBeforeFromEachFrame(int dt) {
        float[] x = {3, -1, 5, -1, 4, 0.5f, 4, 2, 10, -2};

        Frames y = new Difference("difference")
                .run(new Frames(Shape.vector(2), 5, x), dt)
                .get("output");

        assertArrayEquals(new float[] {0, 0, 2, 0, -1, 1.5f, 0, 1.5f, 6, -4}, y.values());
    }
}
