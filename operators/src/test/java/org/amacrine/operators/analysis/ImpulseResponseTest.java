package org.amacrine.operators.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.SplittableRandom;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.Resolution;
import org.amacrine.operators.filter.LowPass;
import org.amacrine.operators.filter.Sum;
import org.amacrine.operators.models.Cascades;
import org.amacrine.operators.retina.Retina;
import org.junit.jupiter.api.Test;

class ImpulseResponseTest {
    private static final Shape SHAPE = Shape.image(4, 6);

    private static LayerRun run(Layer layer) {
        return LayerRun.of("layer", layer).kernels(ScalarKernels.INSTANCE).dt(7);
    }

    private static Frames noise(Shape shape, int count) {
        SplittableRandom random = new SplittableRandom(5);
        Frames frames = Frames.zeros(shape, count);
        for (int i = 0; i < frames.values().length; i++) {
            frames.values()[i] = (float) random.nextDouble();
        }
        return frames;
    }

    @Test
    void shouldGiveTheKernelOfALinearModel() {
        Layer model = Cascades.ln("ln", 1, true, false, 2, 1, 3);
        model.parameters().set("conv.weight", NdArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 1, 3));

        Frames answer = new ImpulseResponse(SHAPE, 3, 1).of(run(model)).get("output");

        assertEquals(SHAPE, answer.shape());
        assertEquals(3, answer.count());
        // Around row 2 and column 3, the pixel that is lit.
        float[] expected = new float[3 * SHAPE.pixels()];
        System.arraycopy(new float[] {1, 2, 3}, 0, expected, 2 * 6 + 2, 3);
        System.arraycopy(new float[] {4, 5, 6}, 0, expected, SHAPE.pixels() + 2 * 6 + 2, 3);
        assertArrayEquals(expected, answer.values());
    }

    @Test
    void shouldFollowTheResolutionAndTheHeight() {
        Layer lowPass = new LowPass("low-pass");
        lowPass.parameters().set("tau", 0.02);
        LayerRun run = run(lowPass).resolution(Resolution.of(10, 100));

        Frames answer = new ImpulseResponse(Shape.image(1, 1), 3, 10).of(run).get("output");

        // e = exp(-0.01 / 0.02), y = (1 + e) e^t / (2 tau / d) with tau / d = 2.
        double e = Math.exp(-0.5);
        for (int t = 0; t < 3; t++) {
            assertEquals(10 * (1 + e) * Math.pow(e, t) / 4, answer.values()[t], 1e-6);
        }
    }

    @Test
    void shouldLetALayerComeToRestBefore() {
        // A ganglion cell's input adapts; without rest its first frames would not be those of a cell in the dark.
        Retina retina = Retina.builder().build();
        ImpulseResponse impulse = new ImpulseResponse(Shape.image(30, 30), 20, 0.5f);
        Frames whole = Frames.zeros(Shape.image(30, 30), 40);
        whole.values()[20 * 900 + 15 * 30 + 15] = 0.5f;

        Map<String, Frames> answer = impulse.of(run(retina));

        run(Retina.builder().build()).apply(whole).forEach((output, frames) -> {
            int half = frames.values().length / 2;
            for (int i = 0; i < half; i++) {
                assertEquals(frames.values()[half + i], answer.get(output).values()[i], output + " " + i);
            }
        });
    }

    @Test
    void shouldLeaveAStreamThatIsUnderWayAsItWas() {
        Frames first = noise(SHAPE, 20);
        Frames second = noise(SHAPE, 15);
        LayerRun straight = run(Cascades.ln("ln", 2, true, true, 3, 2, 2));
        LayerRun looked = run(Cascades.ln("ln", 2, true, true, 3, 2, 2));
        straight.layer().parameters().set("conv1.weight", 0.3);
        looked.layer().parameters().set("conv1.weight", 0.3);
        straight.layer().parameters().set("conv2.weight", 0.2);
        looked.layer().parameters().set("conv2.weight", 0.2);
        straight.apply(first);
        looked.apply(first);

        Map<String, Frames> before = ImpulseResponse.IN_SPACE.of(looked);

        assertEquals(straight.layer().states().values(), looked.layer().states().values());
        assertEquals(straight.apply(second), looked.apply(second));
        // The answer began with cleared states.
        assertEquals(ImpulseResponse.IN_SPACE.of(run(looked.layer())), before);
    }

    @Test
    void shouldLightTheFirstOfSeveralInputs() {
        Layer sum = new Sum("sum", 1, 2, 3);

        float[] answer = new ImpulseResponse(Shape.image(1, 1), 3, 1)
                .of(sum)
                .get("output")
                .values();

        assertArrayEquals(new float[] {2, 0, 0}, answer);
    }

    @Test
    void shouldRejectWhatIsNoImpulse() {
        String none = assertThrows(IllegalArgumentException.class, () -> new ImpulseResponse(SHAPE, 0, 1))
                .getMessage();
        assertTrue(none.contains("at least 1 frame but frames was 0"), none);
        for (float height : new float[] {0, Float.NaN, Float.POSITIVE_INFINITY}) {
            String message = assertThrows(IllegalArgumentException.class, () -> new ImpulseResponse(SHAPE, 1, height))
                    .getMessage();
            assertTrue(message.contains("height of an impulse"), message);
        }
    }
}
