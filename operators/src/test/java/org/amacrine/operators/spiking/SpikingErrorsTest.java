package org.amacrine.operators.spiking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerException;
import org.amacrine.core.layer.LayerRun;
import org.junit.jupiter.api.Test;

/** What neurons say when something is wrong. */
class SpikingErrorsTest {

    private static String messageOf(Layer cells, float input) {
        Frames x = Frames.zeros(Shape.image(2, 3), 4);
        Arrays.fill(x.values(), input);
        return assertThrows(
                        LayerException.class, () -> LayerRun.of("cells", cells).apply(x))
                .getMessage();
    }

    @Test
    void shouldSayThatRatiosNeedAnInputAboveZero() {
        String message = messageOf(new MotionSensor("sensor", MotionSensor.Mode.LOGARITHMIC), 0);

        assertTrue(message.startsWith("layer cells at frame 0: the input of a cell is not above 0"), message);
        assertTrue(message.endsWith("add a constant to it, or take the mode \"linear\""), message);
    }

    @Test
    void shouldNameTheFrameAndKeepThoseBeforeIt() {
        Frames x = Frames.zeros(Shape.image(40, 50), 9);
        Arrays.fill(x.values(), 1);
        x.values()[5 * 2000 + 1700] = 0;
        x.values()[7 * 2000 + 10] = 0;

        LayerException e = assertThrows(
                LayerException.class,
                () -> LayerRun.of("cells", new MotionSensor("sensor", MotionSensor.Mode.LOGARITHMIC))
                        .apply(x));

        assertEquals(5, e.frame());
        assertEquals(5, e.framesDone());
    }

    @Test
    void shouldSayThatAPotentialRanAway() {
        for (Layer cells : List.of(new FitzHughNagumo("cells"), new HodgkinHuxley("cells"))) {
            String message = messageOf(cells, 3e38f);

            assertTrue(message.contains("the potential of a cell became infinite or NaN"), message);
        }
    }

    @Test
    void shouldSayWhatCanBeGivenOut() {
        Exception e = assertThrows(
                IllegalArgumentException.class,
                () -> new Izhikevich("cells", Izhikevich.Preset.CLASS_1, List.of("spikes", "voltage")));

        assertEquals("outputs may be [spikes, potential, recovery] but one was \"voltage\"", e.getMessage());
    }

    @Test
    void shouldKnowItsPresetsByTheirWords() {
        assertEquals(20, Izhikevich.Preset.values().length);
        for (Izhikevich.Preset preset : Izhikevich.Preset.values()) {
            assertEquals(preset, Izhikevich.Preset.of(preset.word()));
        }
        Exception e = assertThrows(IllegalArgumentException.class, () -> Izhikevich.Preset.of("tonic"));
        assertTrue(e.getMessage().startsWith("preset must be one of [tonic-spiking, phasic-spiking"), e.getMessage());
        assertTrue(e.getMessage().endsWith("but was \"tonic\""), e.getMessage());
    }
}
