package org.amacrine.operators.retina;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.Resolution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetinaTest {
    private static final long SEED = 61;
    private static final Shape SHAPE = Shape.image(3, 4);
    private static final int DT = 25;
    private static final List<String> SIGNALS = List.copyOf(Retina.SIGNALS.keySet());

    private static Frames random(int count) {
        Random random = new Random(SEED);
        float[] x = new float[count * SHAPE.values()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return new Frames(SHAPE, count, x);
    }

    private static Frames part(Frames x, int from, int to) {
        int values = x.shape().values();
        return new Frames(x.shape(), to - from, Arrays.copyOfRange(x.values(), from * values, to * values));
    }

    private static Map<String, Frames> run(Layer layer, Frames x) {
        return LayerRun.of("retina", layer).dt(DT).seed(SEED).apply(x);
    }

    private static float[] output(Layer layer, Frames x) {
        return run(layer, x).get("output").values();
    }

    // ------------------------------------------------------------------------------------------------ wiring

    @Test
    void shouldNameItsOutputs() {
        assertEquals(List.of("ganglion_spikes_ON", "ganglion_spikes_OFF"), new Retina().outputs());
        assertEquals(
                List.of("ganglion_spikes_ON", "ganglion_spikes_OFF", "bipolar", "opl_center"),
                Retina.builder()
                        .alsoOutputs(List.of("bipolar", "opl_center"))
                        .build()
                        .outputs());
    }

    /** Each signal between the stages is that of the single layer, fed with the signal before it. */
    @Test
    void shouldBeItsStagesOneAfterTheOther() {
        Frames x = random(120);

        Map<String, Frames> outputs = run(Retina.builder().alsoOutputs(SIGNALS).build(), x);

        Map<String, Frames> opl = run(new Opl("opl", Opl.Smoothing.GAUSSIAN, 10, false), x);
        assertEquals(opl.get("output"), outputs.get("opl"));
        assertEquals(opl.get("center_signal"), outputs.get("opl_center"));
        assertEquals(opl.get("surround_signal"), outputs.get("opl_surround"));
        assertArrayEquals(
                output(new Bipolar(), outputs.get("opl")),
                outputs.get("bipolar").values());
        assertArrayEquals(
                output(new GanglionInput(), outputs.get("bipolar")),
                outputs.get("ganglion_input_ON").values());
        assertArrayEquals(
                output(new GanglionInput("off", -1, false, false), outputs.get("bipolar")),
                outputs.get("ganglion_input_OFF").values());
        float[] spikes = LayerRun.of("retina.on.spiking", new GanglionSpiking("on", 0, GanglionSpiking.Clock.REFERENCE))
                .seed(SEED)
                .apply(outputs.get("ganglion_input_ON"))
                .get("output")
                .values();
        assertArrayEquals(spikes, outputs.get("ganglion_spikes_ON").values());
    }

    @Test
    void shouldDrawOtherNumbersForOffCells() {
        Retina retina = Retina.builder().stages(EnumSet.of(Retina.Stage.SPIKES)).build();
        float[] x = new float[SHAPE.values() * 400];
        Arrays.fill(x, 80);

        Map<String, Frames> outputs = run(retina, new Frames(SHAPE, 400, x));

        assertNotEquals(outputs.get("ganglion_spikes_ON"), outputs.get("ganglion_spikes_OFF"));
    }

    @ParameterizedTest
    @EnumSource(Retina.Stage.class)
    void shouldBeOneStageAlone(Retina.Stage stage) {
        Frames x = random(60);
        Layer alone = switch (stage) {
            case OPL -> new Opl("opl", Opl.Smoothing.GAUSSIAN, 10, false);
            case BIPOLAR -> new Bipolar();
            case GANGLION -> new GanglionInput();
            case SPIKES -> new GanglionSpiking("on", 0, GanglionSpiking.Clock.REFERENCE);
        };

        Map<String, Frames> outputs =
                run(Retina.builder().stages(EnumSet.of(stage)).build(), x);

        String path = stage == Retina.Stage.SPIKES ? "retina.on.spiking" : "retina";
        Frames expected = LayerRun.of(path, alone).dt(DT).seed(SEED).apply(x).get("output");
        assertEquals(expected, outputs.get("ganglion_spikes_ON"));
    }

    @Test
    void shouldPassItsInputThroughWithoutStages() {
        Frames x = random(60);

        Map<String, Frames> outputs =
                run(Retina.builder().stages(EnumSet.noneOf(Retina.Stage.class)).build(), x);

        assertEquals(x, outputs.get("ganglion_spikes_ON"));
        assertEquals(x, outputs.get("ganglion_spikes_OFF"));
    }

    @Test
    void shouldRejectASignalThatItDoesNotHave() {
        var unknown = assertThrows(
                IllegalArgumentException.class,
                () -> Retina.builder().alsoOutputs(List.of("horizontal")).build());
        assertTrue(unknown.getMessage().contains("horizontal"), unknown.getMessage());

        var leftOut = assertThrows(
                IllegalArgumentException.class,
                () -> Retina.builder()
                        .stages(EnumSet.of(Retina.Stage.OPL))
                        .alsoOutputs(List.of("bipolar"))
                        .build());
        assertTrue(leftOut.getMessage().contains("bipolar"), leftOut.getMessage());
    }

    // ------------------------------------------------------------------------------------------------ ON and OFF

    private static Retina currents() {
        return Retina.builder()
                .stages(EnumSet.of(Retina.Stage.GANGLION))
                .alsoOutputs(List.of("ganglion_input_OFF"))
                .build();
    }

    private static GanglionInput offAlone() {
        return new GanglionInput("off", -1, false, false);
    }

    /** Changes OFF cells of both at frames 50 and 100: they part from ON cells, and their kernels meet again. */
    private static float[] changing(Layer layer, String prefix, String output, Frames x) {
        LayerRun run = LayerRun.of("retina", layer).dt(DT);
        float[] y = new float[x.values().length];
        for (int from = 0; from < x.count(); from += 50) {
            if (from == 50) {
                layer.parameters().set(prefix + "transientTauSeconds", 0.015);
            }
            if (from == 100) {
                layer.parameters().set(prefix + "transientTauSeconds", 0.02);
            }
            float[] next = run.apply(part(x, from, from + 50)).get(output).values();
            System.arraycopy(next, 0, y, from * SHAPE.values(), next.length);
        }
        return y;
    }

    @Test
    void shouldGiveOffCellsTheBitsThatTheyHaveAlone() {
        Frames x = random(400);

        assertArrayEquals(
                changing(offAlone(), "", "output", x), changing(currents(), "off.input.", "ganglion_spikes_OFF", x));
    }

    /** ON cells change, and OFF cells, which shared their transient, must not notice. */
    @Test
    void shouldKeepOffCellsAsTheyAreWhenOnCellsChange() {
        Frames x = random(400);

        assertArrayEquals(output(offAlone(), x), changing(currents(), "on.input.", "ganglion_spikes_OFF", x));
    }

    @Test
    void shouldTakeThePastOfOffCellsFromTheirOwnState() {
        Frames x = random(200);
        Retina retina = currents();
        LayerRun run = LayerRun.of("retina", retina).dt(DT);
        run.apply(part(x, 0, 100));
        NdArray frames = retina.states().get("off.input.transient.frames");
        NdArray sum = retina.states().get("off.input.transient.sum");

        retina.states().set("on.input.transient.frames", NdArray.of(new float[frames.size()], frames.shape()));
        retina.states().set("on.input.transient.sum", NdArray.of(new float[sum.size()], sum.shape()));
        Map<String, Frames> y = run.apply(part(x, 100, 200));

        float[] fresh = output(new GanglionInput(), part(x, 100, 200));
        assertArrayEquals(fresh, y.get("ganglion_spikes_ON").values());
        assertEquals(part(new Frames(SHAPE, 200, output(offAlone(), x)), 100, 200), y.get("ganglion_spikes_OFF"));
    }

    /** Direct convolution in double precision, with the current linear everywhere: u + 1001. */
    @Test
    void shouldConvolveForOnAndOffCells() {
        Frames x = random(300);
        Retina retina = currents();
        for (String cell : List.of("on", "off")) {
            retina.parameters()
                    .set(Map.of(
                            cell + ".input.threshold", -1000,
                            cell + ".input.gainHertz", 1,
                            cell + ".input.currentAtThresholdHertz", 1));
        }

        Map<String, Frames> y = run(retina, x);

        int n = SHAPE.values();
        for (int i = 0; i < x.values().length; i++) {
            double u = x.values()[i];
            for (int p = 1; p <= 72 && i >= p * n; p++) {
                u -= 0.7 / 20 * Math.exp(-(p - 0.6) / 20) * x.values()[i - p * n];
            }
            assertEquals(1001 + u, y.get("ganglion_spikes_ON").values()[i], 3e-4, "value " + i + ", seed " + SEED);
            assertEquals(1001 - u, y.get("ganglion_spikes_OFF").values()[i], 3e-4, "value " + i + ", seed " + SEED);
        }
    }

    // ------------------------------------------------------------------------------------------------ resolution

    private static int length(Retina retina, String kernel) {
        return retina.parameters().get(kernel).values().length;
    }

    private static void prepare(Retina retina, double pixelsPerDegree, double stepsPerSecond) {
        LayerRun.of("retina", retina)
                .resolution(Resolution.of(pixelsPerDegree, stepsPerSecond))
                .prepare(SHAPE);
    }

    /**
     * Gaussians of 0.5, 1.5 and 2 pixels have 3, 11 and 13 taps; twice as wide, 7, 19 and 25. Of the high pass 72 taps of
     * 20 steps become 43 of 10 steps.
     */
    @Test
    void shouldBuildEveryKernelAgainForAnotherResolution() {
        Retina retina = new Retina();
        prepare(retina, 10, 1000);
        assertEquals(3 * 3, length(retina, "opl.centerKernel"));
        assertEquals(11 * 11, length(retina, "opl.surroundKernel"));
        assertEquals(13 * 13, length(retina, "bipolar.adaptationKernel"));
        assertEquals(73, length(retina, "on.input.transientKernel"));

        prepare(retina, 20, 500);

        assertEquals(7 * 7, length(retina, "opl.centerKernel"));
        assertEquals(19 * 19, length(retina, "opl.surroundKernel"));
        assertEquals(25 * 25, length(retina, "bipolar.adaptationKernel"));
        assertEquals(44, length(retina, "on.input.transientKernel"));
        assertEquals(44, length(retina, "off.input.transientKernel"));
    }

    @Test
    void shouldKeepKernelsThatAreSetForAnotherResolution() {
        Retina retina = new Retina();
        prepare(retina, 10, 1000);
        retina.parameters().set("opl.centerKernel", NdArray.of(new float[] {1, 2}, 1, 2));

        prepare(retina, 20, 500);

        assertArrayEquals(
                new float[] {1, 2}, retina.parameters().get("opl.centerKernel").values());
    }

    @Test
    void shouldEqualAFreshRetinaAfterAnotherResolution() {
        Frames x = random(100);
        Retina used = Retina.builder().alsoOutputs(SIGNALS).build();
        prepare(used, 30, 200);
        run(used, x);

        assertEquals(run(Retina.builder().alsoOutputs(SIGNALS).build(), x), run(used, x));
    }

    // ------------------------------------------------------------------------------------------------ parameters

    @Test
    void shouldKnowItsParametersByTheNamesOfTheReference() {
        Retina retina = new Retina();
        retina.parameters()
                .set(Map.of(
                        "opl.opl_filter.relative_weight",
                        0.5,
                        "bipolar.g_leak",
                        40,
                        "gang_0_input.i_0",
                        30,
                        "gang_1_spikes.refr_mu",
                        0.004));

        assertEquals(0.5, retina.parameters().get("opl.surroundWeight").number());
        assertEquals(40, retina.parameters().get("bipolar.leakHertz").number());
        assertEquals(
                30, retina.parameters().get("on.input.currentAtThresholdHertz").number());
        assertEquals(0.004f, (float)
                retina.parameters().get("off.spiking.refractoryMeanSeconds").number());
    }

    @Test
    void shouldNameTheStageInTheErrorOfAParameter() {
        var e = assertThrows(
                IllegalArgumentException.class, () -> new Retina().parameters().set("bipolar.leakHertz", -3));

        assertTrue(
                e.getMessage().startsWith("bipolar.leakHertz must be a finite number > 0 but was -3"), e.getMessage());
    }
}
