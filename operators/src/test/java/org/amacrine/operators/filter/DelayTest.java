package org.amacrine.operators.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.Resolution;
import org.junit.jupiter.api.Test;

class DelayTest {

    private static void prepare(Delay delay, Shape frames) {
        delay.prepare(new LayerContext(
                "delay", List.of(frames), Resolution.DEFAULT, ScalarKernels.INSTANCE, Bands.ALONE, 0, 20));
    }

    @Test
    void shouldSayHowLongADelayMayBe() {
        Delay delay = new Delay("delay", 100_000);

        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> prepare(delay, Shape.image(300, 400)));

        assertEquals(
                "a delay of 100000 frames needs 100020 frames of 120000 values at once, chunk and borders included, but"
                        + " at most 17895 fit into memory; use a shorter or smaller one, smaller frames, or chunks of"
                        + " fewer frames (dt)",
                e.getMessage());
    }

    @Test
    void shouldStayAsItWasWhenALongerDelayDoesNotFit() {
        Delay delay = new Delay("delay", 1);
        Shape frames = Shape.image(300, 400);
        prepare(delay, frames);

        assertThrows(IllegalArgumentException.class, () -> delay.parameters().set("delayFrames", 100_000));

        assertArrayEquals(new float[] {1}, delay.parameters().get("delayFrames").values());
    }
}
