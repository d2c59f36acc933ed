package org.amacrine.operators.spiking;

import static org.amacrine.operators.Golden.assertWithin;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.Resolution;
import org.amacrine.operators.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Neurons against stored output of the reference, see golden/retina/README.md; noise by its statistics. */
class SpikingGoldenTest {

    private static Map<String, Frames> run(Layer layer, Golden.Case golden, Frames x) {
        return LayerRun.of("golden", layer).dt(golden.dt()).apply(x);
    }

    private static void set(Layer layer, Golden.Case golden) {
        golden.map("params").forEach((name, value) -> layer.parameters().set((String) name, value));
    }

    // ------------------------------------------------------------------------------------------------ exact

    static List<Golden.Case> integrateAndFire() {
        return Golden.cases("s_lif_", "s_rlif_");
    }

    @ParameterizedTest
    @MethodSource("integrateAndFire")
    void shouldFireExactlyLikeTheReferenceWithoutNoise(Golden.Case golden) {
        boolean isRefractory = golden.id().startsWith("s_rlif");
        Layer cells = new LeakyIntegrateAndFire("cells", isRefractory);
        set(cells, golden);
        Frames x = Golden.frames(golden.input("I"));
        double stepsPerSecond = ((Number) golden.entry().get("steps_per_second")).doubleValue();
        LayerRun run = LayerRun.of("golden", cells).dt(golden.dt()).resolution(Resolution.of(10, stepsPerSecond));
        run.prepare(x.shape());
        cells.states().set("potential", NdArray.of(golden.number("initial_state", "V", 0)));
        if (isRefractory) {
            cells.states().set("refractory", NdArray.of(golden.number("initial_state", "refr", 0)));
        }

        Frames spikes = run.apply(x).get("output");

        assertArrayEquals(golden.output("spikes").floats(), spikes.values());
        assertArrayEquals(
                golden.output("V_final").floats(),
                cells.states().get("potential").floats());
    }

    static List<Golden.Case> motionSensors() {
        return Golden.cases("s_ims_");
    }

    @ParameterizedTest
    @MethodSource("motionSensors")
    void shouldSenseMotionExactlyLikeTheReference(Golden.Case golden) {
        boolean linear = golden.map("params").get("spiking_mode").equals("linear");
        Layer sensor = new MotionSensor("sensor", linear ? MotionSensor.Mode.LINEAR : MotionSensor.Mode.LOGARITHMIC);
        sensor.parameters().set("threshold", golden.map("params").get("threshold"));
        Frames x = Golden.frames(golden.input("x"));

        Map<String, Frames> y = run(sensor, golden, x);

        float[] expected = golden.output("spikes").floats();
        float[] both = new float[expected.length];
        System.arraycopy(y.get("on").values(), 0, both, 0, x.count());
        System.arraycopy(y.get("off").values(), 0, both, x.count(), x.count());
        assertArrayEquals(expected, both);
    }

    // ------------------------------------------------------------------------------------------------ within bounds

    static List<Golden.Case> izhikevich() {
        return Golden.cases("s_izhikevich_");
    }

    @ParameterizedTest
    @MethodSource("izhikevich")
    void shouldFireLikeTheReferenceByIzhikevichsPresets(Golden.Case golden) {
        String name = (String) golden.map("params").get("name");
        String word = name.equals("Inh-ind. bursting")
                ? "inhibition-induced-bursting"
                : name.toLowerCase(Locale.ROOT).replace(' ', '-');
        Layer cells = new Izhikevich("cells", Izhikevich.Preset.of(word), Izhikevich.OUTPUTS);
        for (String constant : List.of("a", "b", "c", "d")) {
            double value = cells.parameters().get(constant).number();
            assertEquals(golden.number("params", constant, Double.NaN), value, 1e-8, word + ", " + constant);
        }
        Frames x = Golden.frames(golden.input("I"));

        Map<String, Frames> y = run(cells, golden, x);

        NdArray expected = golden.output("spikes_v_u");
        int count = x.shape().values();
        int size = x.count() * count;
        for (int cell = 0; cell < count; cell++) {
            int theirs = 0;
            int ours = 0;
            boolean silent = true;
            for (int t = 0; t < x.count(); t++) {
                int at = t * count + cell;
                theirs += (int) expected.at(at);
                ours += (int) y.get("spikes").values()[at];
                silent &= theirs == 0 && ours == 0;
                if (silent) {
                    String what = golden.id() + ", cell " + cell + " at frame " + t;
                    assertEquals(expected.at(size + at), y.get("potential").values()[at], 0.1, what);
                    assertEquals(expected.at(2 * size + at), y.get("recovery").values()[at], 0.03, what);
                }
            }
            assertTrue(Math.abs(theirs - ours) <= 1, golden.id() + ", cell " + cell + ": " + ours + " and " + theirs);
        }
    }

    @Test
    void shouldFollowTheReferenceByFitzHughAndNagumo() {
        Golden.Case golden = Golden.theCase("s_fhn");
        Layer cells = new FitzHughNagumo("cells");
        set(cells, golden);

        Frames v = run(cells, golden, Golden.frames(golden.input("I"))).get("output");

        assertWithin(golden.limit(), v.values(), golden.output("v"), golden.id());
    }

    @Test
    void shouldFollowTheReferenceByHodgkinAndHuxley() {
        Golden.Case golden = Golden.theCase("s_hh");
        Layer cells = new HodgkinHuxley("cells");
        set(cells, golden);

        Frames v = run(cells, golden, Golden.frames(golden.input("I"))).get("output");

        assertWithin(golden.limit(), v.values(), golden.output("v"), golden.id());
    }

    /** The rates' quotients 0 / 0 have limits there: 0.1 for n at 10 mV, 1 for m at 25 mV. */
    @Test
    void shouldGoOnWhereRatesAreQuotientsOfZeros() {
        for (float v : new float[] {10, 25}) {
            Layer cells = new HodgkinHuxley("cells");
            cells.parameters().set("noiseStrength", 0);
            LayerRun run = LayerRun.of("rates", cells);
            run.prepare(Shape.image(1, 3));
            cells.states().set("potential", NdArray.of(new float[] {v, v - 0.01f, v + 0.01f}, 1, 1, 3));

            float[] after =
                    run.apply(Frames.zeros(Shape.image(1, 3), 1)).get("output").values();

            assertEquals((after[1] + after[2]) / 2, after[0], 1e-3, "after " + v);
        }
    }

    // ------------------------------------------------------------------------------------------------ chance

    @Test
    void shouldSpikeAsOftenAsThePoissonProbabilitySays() {
        NdArray table = Golden.theCase("stat_poisson").output("table");
        int draws = 500_000;
        for (int row = 0; row < table.shape()[0]; row++) {
            double p = table.at(row * table.shape()[1]);
            Frames x = Frames.zeros(Shape.image(500, 100), draws / 50_000);
            Arrays.fill(x.values(), (float) p);

            float[] spikes = LayerRun.of("poisson", new Poisson("poisson"))
                    .seed(31)
                    .apply(x)
                    .get("output")
                    .values();

            double sum = 0;
            for (float spike : spikes) {
                sum += spike;
            }
            double chance = Math.max(0, Math.min(1, p));
            double bound = 4 * Math.sqrt(chance * (1 - chance) / draws) + 1.0 / draws;
            assertEquals(chance, sum / draws, bound, "p = " + p + ", seed 31");
            assertEquals(table.at(row * table.shape()[1] + 1), sum / draws, 2 * bound, "p = " + p + ", seed 31");
        }
    }
}
