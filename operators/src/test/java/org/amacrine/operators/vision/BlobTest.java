package org.amacrine.operators.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BlobTest {

    private static Blob of(int... labels) {
        long area = java.util.Arrays.stream(labels).filter(label -> label == 1).count();
        Blob blob = new Blob();
        blob.measure(labels, 1, 6, area, 0, labels.length / 6 - 1);
        return blob;
    }

    @Test
    void shouldMeasureARectangle() {
        Blob blob = of(0, 0, 0, 0, 0, 2, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0);

        assertEquals(8, blob.area);
        assertEquals(2.5, blob.column);
        assertEquals(1.5, blob.row);
        // A side of n has the variance n² / 12, an axis is four times its root.
        assertEquals(4 * Math.sqrt(16 / 12.0), blob.length, 1e-12);
        assertEquals(4 * Math.sqrt(4 / 12.0), blob.width, 1e-12);
        assertEquals(0, blob.axis, 1e-12);
        assertEquals(0, blob.skew, 1e-12);
    }

    @Test
    void shouldGiveTheDirectionOfADiagonal() {
        assertEquals(Math.PI / 4, of(1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0).axis, 1e-12);
        assertEquals(-Math.PI / 4, of(0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0).axis, 1e-12);
    }

    @Test
    void shouldSayWhichEndIsThin() {
        assertTrue(of(1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0).skew > 0);
        assertTrue(of(0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1).skew < 0);
    }
}
