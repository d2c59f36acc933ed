package org.amacrine.core.chunk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class FramesTest {

    @Test
    void shouldFindAPixelOfTheFirstChannel() {
        float[] values = new float[2 * 3 * 2 * 4];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        Frames frames = new Frames(new Shape(3, 2, 4), 2, values);

        assertEquals(6, frames.at(0, 1, 2));
        assertEquals(24 + 4 + 3, frames.at(1, 1, 3));
        assertSame(values, frames.values());
    }

    @Test
    void shouldMakeFramesOfZeros() {
        Frames frames = Frames.zeros(Shape.image(2, 3), 4);

        assertArrayEquals(new float[24], frames.values());
        assertEquals("4 frames of 1x2x3", frames.toString());
    }

    @Test
    void shouldRejectAnArrayOfAnotherSize() {
        var e = assertThrows(IllegalArgumentException.class, () -> new Frames(Shape.image(2, 3), 4, new float[23]));

        assertEquals("4 frames of 1x2x3 are 24 values but 23 were given", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Frames(Shape.image(2, 3), -1, new float[0]));
    }

    @Test
    void shouldBeEqualWhenAllValuesAre() {
        Frames a = new Frames(Shape.image(1, 2), 1, new float[] {1, 2});
        Frames b = new Frames(Shape.image(1, 2), 1, new float[] {1, 2});

        assertEquals(a, b);
        assertEquals(a.hashCode(), b.hashCode());
        assertNotEquals(a, new Frames(Shape.image(1, 2), 1, new float[] {1, 3}));
        assertNotEquals(a, new Frames(Shape.image(2, 1), 1, new float[] {1, 2}));
    }
}
