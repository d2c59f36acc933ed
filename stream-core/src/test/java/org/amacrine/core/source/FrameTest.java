package org.amacrine.core.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.amacrine.core.chunk.Shape;
import org.amacrine.core.sink.Signal;
import org.junit.jupiter.api.Test;

class FrameTest {

    @Test
    void shouldTakeOverEverythingFromAnotherFrame() {
        Frame from = new Frame(Shape.image(1, 2));
        from.values()[1] = 5;
        from.captureNanos(123);
        from.deviceNanos(45);
        from.framesLostBefore(2);
        from.index(77);
        Frame to = new Frame(Shape.image(1, 2));

        to.copyFrom(from);
        from.values()[1] = 6;

        assertArrayEquals(new float[] {0, 5}, to.values());
        assertEquals(123, to.captureNanos());
        assertEquals(45, to.deviceNanos());
        assertEquals(2, to.framesLostBefore());
        assertEquals(77, to.index());
        assertEquals(Shape.image(1, 2), to.shape());
    }

    @Test
    void shouldDescribeWhatASourceGives() {
        assertEquals(new SourceFormat(Shape.image(1, 2), 0, -1, false), SourceFormat.endless(Shape.image(1, 2)));
        assertEquals(new SourceFormat(Shape.image(1, 2), 0, 9, false), SourceFormat.of(Shape.image(1, 2), 9));

        for (double rate : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            var e = assertThrows(
                    IllegalArgumentException.class, () -> new SourceFormat(Shape.image(1, 2), rate, 9, false));
            assertEquals(
                    "framesPerSecond must be >= 0 but was " + rate + "; 0 means one frame for each model step",
                    e.getMessage());
        }
    }

    @Test
    void shouldShortenTheNameOfASignal() {
        assertEquals("spikes_ON", new Signal("retina.spikes_ON", Shape.image(1, 1), 1000).shortName());
        assertEquals("camera", new Signal("camera", Shape.image(1, 1), 1000).shortName());
    }
}
