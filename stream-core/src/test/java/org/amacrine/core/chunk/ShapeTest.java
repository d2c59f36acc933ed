package org.amacrine.core.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapeTest {

    @Test
    void shouldCountValuesAndPixels() {
        Shape shape = new Shape(3, 5, 7);

        assertEquals(105, shape.values());
        assertEquals(35, shape.pixels());
        assertEquals("3x5x7", shape.toString());
    }

    @Test
    void shouldNameImagesAndVectors() {
        assertEquals(new Shape(1, 48, 64), Shape.image(48, 64));
        assertEquals(new Shape(12, 1, 1), Shape.vector(12));
    }

    @ParameterizedTest
    @CsvSource({"0,1,1", "1,0,1", "1,1,0", "-3,4,4"})
    void shouldRejectExtentsBelowOne(int channels, int rows, int columns) {
        var e = assertThrows(IllegalArgumentException.class, () -> new Shape(channels, rows, columns));

        assertEquals(
                "a frame needs at least 1 channel, 1 row and 1 column but was " + channels + "x" + rows + "x" + columns
                        + "; give positive extents, for example 1x48x64",
                e.getMessage());
    }

    @Test
    void shouldAcceptTheLargestFrameAndRejectOneMore() {
        assertEquals(268_435_456, new Shape(1, 16384, 16384).values());

        var e = assertThrows(IllegalArgumentException.class, () -> new Shape(1, 16384, 16385));

        assertEquals(
                "a frame may hold at most 268435456 values but 1x16384x16385 has 268451840; crop or scale the source",
                e.getMessage());
    }

    @Test
    void shouldRejectExtentsWhoseProductOverflowsAnInt() {
        var e = assertThrows(IllegalArgumentException.class, () -> new Shape(65536, 65536, 1));

        assertEquals(
                "a frame may hold at most 268435456 values but 65536x65536x1 has 4294967296; crop or scale the source",
                e.getMessage());
    }
}
