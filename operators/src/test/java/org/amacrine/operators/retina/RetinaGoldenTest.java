package org.amacrine.operators.retina;

import static org.amacrine.operators.Golden.assertWithin;
import static org.amacrine.operators.Golden.frames;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.Resolution;
import org.amacrine.operators.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The retina and its parts against stored output of the reference, on every backend; see golden/retina/README.md. Cases that
 * the reference ran in several chunks contain its chunk artefacts and are run with {@code restartsEachChunk}.
 */
class RetinaGoldenTest {

    private static Stream<Arguments> onEveryBackend(List<Golden.Case> cases) {
        return cases.stream().flatMap(c -> Stream.of("scalar", "vector").map(backend -> Arguments.of(c, backend)));
    }

    private static Kernels kernels(String backend) {
        return Backends.choose(backend).backend().open();
    }

    private static int dt(Golden.Case golden, Frames x) {
        return golden.dt() == 0 ? x.count() : golden.dt();
    }

    private static Frames input(Golden.Case golden) {
        return frames(golden.input("x"));
    }

    private static void set(Layer layer, Map<?, ?> parameters) {
        parameters.forEach((name, value) -> layer.parameters().set((String) name, value));
    }

    private static Map<String, Frames> run(Layer layer, Frames x, int dt, String backend, Resolution resolution) {
        return LayerRun.of("golden", layer)
                .dt(dt)
                .kernels(kernels(backend))
                .resolution(resolution)
                .apply(x);
    }

    // ------------------------------------------------------------------------------------------------ parts

    static Stream<Arguments> opls() {
        return onEveryBackend(Golden.cases("opl_"));
    }

    @ParameterizedTest
    @MethodSource("opls")
    void shouldFilterLikeTheReference(Golden.Case golden, String backend) {
        Layer opl = switch ((String) golden.entry().get("model")) {
            case "HalfRecursiveOPLFilter" -> new Opl("opl", Opl.Smoothing.GAUSSIAN, 1, true);
            case "RecursiveOPLFilter" -> new Opl("opl", Opl.Smoothing.DERICHE, 1, true);
            case "SeperatableOPLFilter" -> new SeparableOpl("opl", true);
            default -> new FullConvolutionOpl("opl");
        };
        set(opl, golden.map("params"));
        Frames x = input(golden);

        Frames y = run(opl, x, dt(golden, x), backend, Resolution.DEFAULT).get("output");

        if (golden.map("outputs").containsKey("y_rows")) {
            assertWithin(golden.limit(), row(y, 6), golden.output("y_rows"), golden.id());
        } else {
            assertWithin(golden.limit(), y.values(), golden.output("y"), golden.id());
        }
        if (golden.map("outputs").containsKey("kernel")) {
            NdArray kernel = (NdArray) opl.parameters().get("kernel").value();
            assertWithin(golden.limit(), kernel.floats(), golden.output("kernel"), golden.id() + " kernel");
        }
    }

    private static float[] row(Frames frames, int row) {
        int columns = frames.shape().columns();
        float[] out = new float[frames.count() * columns];
        for (int t = 0; t < frames.count(); t++) {
            System.arraycopy(frames.values(), (t * frames.shape().rows() + row) * columns, out, t * columns, columns);
        }
        return out;
    }

    static Stream<Arguments> bipolars() {
        return onEveryBackend(Golden.cases("bip_"));
    }

    @ParameterizedTest
    @MethodSource("bipolars")
    void shouldControlContrastGainLikeTheReference(Golden.Case golden, String backend) {
        Bipolar bipolar = new Bipolar();
        set(bipolar, golden.map("params"));
        Frames x = input(golden);

        Frames y = run(bipolar, x, dt(golden, x), backend, Resolution.DEFAULT).get("output");

        assertWithin(golden.limit(), y.values(), golden.output("y"), golden.id());
        if (golden.map("outputs").containsKey("inhibition_final")) {
            float[] inhibition = bipolar.states().get("inhibition").floats();
            assertWithin(golden.limit(), inhibition, golden.output("inhibition_final"), golden.id() + " inhibition");
        }
    }

    static Stream<Arguments> ganglionInputs() {
        return onEveryBackend(Golden.cases("gin_"));
    }

    @ParameterizedTest
    @MethodSource("ganglionInputs")
    void shouldComputeGanglionCurrentLikeTheReference(Golden.Case golden, String backend) {
        GanglionInput input = new GanglionInput();
        set(input, golden.map("params"));
        Frames x = input(golden);

        Frames y = run(input, x, dt(golden, x), backend, Resolution.DEFAULT).get("output");

        assertWithin(golden.limit(), y.values(), golden.output("y"), golden.id());
    }

    static Stream<Arguments> spikings() {
        return onEveryBackend(Golden.cases("s_gang_const_"));
    }

    @ParameterizedTest
    @MethodSource("spikings")
    void shouldSpikeExactlyLikeTheReferenceWithoutNoise(Golden.Case golden, String backend) {
        GanglionSpiking spiking = new GanglionSpiking();
        set(spiking, golden.map("params"));
        Frames x = frames(golden.input("I"));
        LayerRun run = LayerRun.of("golden", spiking).dt(golden.dt()).kernels(kernels(backend));
        run.prepare(x.shape());
        spiking.states().set("potential", NdArray.of(golden.number("initial_state", "V", 0)));
        spiking.states().set("refractory", NdArray.of(golden.number("initial_state", "refr", 0)));

        Frames y = run.apply(x).get("output");

        assertArrayEquals(golden.output("spikes").floats(), y.values());
        assertArrayEquals(
                golden.output("V_final").floats(),
                spiking.states().get("potential").floats());
        assertArrayEquals(
                golden.output("refr_final").floats(),
                spiking.states().get("refractory").floats());
    }

    // ------------------------------------------------------------------------------------------------ whole

    static Stream<Arguments> retinas() {
        return onEveryBackend(Golden.cases("ret_").stream()
                .filter(c ->
                        !List.of("ret_spikes_det", "ret_xml", "ret_v_after").contains(c.id()))
                .toList());
    }

    private static Retina build(Golden.Case golden, boolean restarts) {
        EnumSet<Retina.Stage> stages = EnumSet.allOf(Retina.Stage.class);
        Map<?, ?> constructor = golden.map("constructor");
        Map.of(
                        "opl",
                        Retina.Stage.OPL,
                        "bipolar",
                        Retina.Stage.BIPOLAR,
                        "gang",
                        Retina.Stage.GANGLION,
                        "spikes",
                        Retina.Stage.SPIKES)
                .forEach((name, stage) -> {
                    if (Boolean.FALSE.equals(constructor.get(name))) {
                        stages.remove(stage);
                    }
                });
        boolean recursive = String.valueOf(constructor.get("opl")).contains("RecursiveOPLFilter");
        List<String> signals = new ArrayList<>();
        if (stages.contains(Retina.Stage.OPL)) {
            signals.addAll(List.of("opl", "opl_center", "opl_surround"));
        }
        if (stages.contains(Retina.Stage.BIPOLAR)) {
            signals.add("bipolar");
        }
        return Retina.builder()
                .stages(stages)
                .oplFilter(recursive ? Retina.OplFilter.RECURSIVE : Retina.OplFilter.HALF_RECURSIVE)
                .restartsEachChunk(restarts)
                .alsoOutputs(signals)
                .build();
    }

    private static Resolution resolution(Golden.Case golden) {
        return Resolution.of(
                golden.number("resolution", "pixel_per_degree", 10),
                golden.number("resolution", "steps_per_second", 1000));
    }

    /** The output that the manifest's names mean. */
    private static String outputName(String name) {
        return switch (name) {
            case "gang_0_input", "out_ON" -> "ganglion_spikes_ON";
            case "gang_1_input" -> "ganglion_spikes_OFF";
            default -> name;
        };
    }

    private static void assertOutputs(Golden.Case golden, Map<String, Frames> outputs) {
        golden.map("outputs").keySet().forEach(key -> {
            String name = (String) key;
            Frames actual = outputs.get(outputName(name));
            assertWithin(golden.limit(), actual.values(), golden.output(name), golden.id() + " " + name);
        });
    }

    @ParameterizedTest
    @MethodSource("retinas")
    void shouldAgreeWithTheReference(Golden.Case golden, String backend) {
        Retina retina = build(golden, true);
        set(retina, golden.map("params"));
        Frames x = input(golden);

        assertOutputs(golden, run(retina, x, dt(golden, x), backend, resolution(golden)));
    }

    static Stream<Arguments> inOneChunk() {
        return Stream.of("ret_default", "ret_default_small", "ret_rect", "opl_half_0", "opl_half_1", "opl_rec_3")
                .flatMap(id -> Stream.of(0, 37, 7, 1).map(dt -> Arguments.of(Golden.theCase(id), dt)));
    }

    @ParameterizedTest
    @MethodSource("inOneChunk")
    void shouldEqualTheReferenceRunInOneChunkForAnyChunkLength(Golden.Case golden, int dt) {
        Layer layer = golden.group().equals("retina")
                ? build(golden, false)
                : new Opl(
                        "opl", golden.id().contains("rec") ? Opl.Smoothing.DERICHE : Opl.Smoothing.GAUSSIAN, 1, false);
        set(layer, golden.map("params"));
        Frames x = input(golden);

        Map<String, Frames> outputs = run(layer, x, dt == 0 ? x.count() : dt, "vector", resolution(golden));

        if (golden.group().equals("retina")) {
            assertOutputs(golden, outputs);
        } else {
            assertWithin(golden.limit(), outputs.get("output").values(), golden.output("y"), golden.id());
        }
    }

    /**
     * The reference was told another resolution after construction, which reached only its recursive temporal filters. The
     * same numbers follow from that rate with all other kernels scaled back.
     */
    @Test
    void shouldReproduceAResolutionThatReachedOnlyTheRecursiveFilters() {
        Golden.Case golden = Golden.theCase("ret_v_after");
        Retina retina = build(golden, true);
        for (String cell : List.of("on", "off")) {
            retina.parameters().set(cell + ".input.transientTauSeconds", 0.02 * 1000 / 200);
        }
        Frames x = input(golden);

        assertOutputs(golden, run(retina, x, golden.dt(), "vector", Resolution.of(10, 200)));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void shouldSpikeLikeTheReferenceWithoutNoise(String backend) {
        Golden.Case golden = Golden.theCase("ret_spikes_det");
        Retina retina = Retina.builder()
                .restartsEachChunk(true)
                .alsoOutputs(List.of("ganglion_input_ON"))
                .build();
        set(retina, golden.map("params"));
        Frames x = input(golden);
        LayerRun run = LayerRun.of("golden", retina).dt(golden.dt()).kernels(kernels(backend));
        run.prepare(x.shape());
        for (String cell : List.of("on", "off")) {
            retina.states().set(cell + ".spiking.potential", NdArray.of(golden.number("initial_state", "V", 0)));
            retina.states().set(cell + ".spiking.refractory", NdArray.of(golden.number("initial_state", "refr", 0)));
        }

        Map<String, Frames> outputs = run.apply(x);

        assertWithin(
                2e-5, outputs.get("ganglion_input_ON").values(), golden.output("gang_0_input"), "current of ON cells");
        for (String name : List.of("ganglion_spikes_ON", "ganglion_spikes_OFF")) {
            assertSpikesAgree(outputs.get(name), golden.output(name).floats(), name);
        }
    }

    static Stream<String> backends() {
        return Stream.of("scalar", "vector");
    }

    private static void assertSpikesAgree(Frames actual, float[] expected, String name) {
        int pixels = actual.shape().values();
        int[] difference = new int[pixels];
        int unequal = 0;
        for (int i = 0; i < expected.length; i++) {
            difference[i % pixels] += (int) (actual.values()[i] - expected[i]);
            unequal += actual.values()[i] == expected[i] ? 0 : 1;
        }
        assertTrue(unequal <= expected.length / 1000, name + ": " + unequal + " of " + expected.length + " differ");
        for (int p = 0; p < pixels; p++) {
            assertTrue(
                    Math.abs(difference[p]) <= 1, name + ": the count of pixel " + p + " differs by " + difference[p]);
        }
    }

    /** Fed with the stored current, the spikes are the reference's, every one. */
    @ParameterizedTest
    @MethodSource("backends")
    void shouldSpikeExactlyLikeTheReferenceGivenItsCurrent(String backend) {
        Golden.Case golden = Golden.theCase("ret_spikes_det");
        GanglionSpiking spiking = new GanglionSpiking();
        spiking.parameters().set(Map.of("noiseSigma", 0, "refractorySigmaSeconds", 0));
        Frames current = frames(golden.output("gang_0_input"));
        LayerRun run = LayerRun.of("golden", spiking).dt(golden.dt()).kernels(kernels(backend));
        run.prepare(current.shape());
        spiking.states().set("potential", NdArray.of(golden.number("initial_state", "V", 0)));
        spiking.states().set("refractory", NdArray.of(golden.number("initial_state", "refr", 0)));

        float[] spikes = run.apply(current).get("output").values();

        assertArrayEquals(golden.output("ganglion_spikes_ON").floats(), spikes);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void shouldReadVirtualRetinaXmlLikeTheReference(String backend) throws IOException {
        Golden.Case golden = Golden.theCase("ret_xml");
        Retina retina = build(golden, true);
        RetinaConfiguration.read(Golden.file("config_a.xml")).applyTo(retina.parameters());

        golden.map("parameter_values_after_parse").forEach((name, value) -> {
            if (retina.parameters().resolve((String) name) != null) {
                double actual = retina.parameters().get((String) name).number();
                double expected = ((Number) value).doubleValue();
                assertEquals(expected, actual, 1e-6 * Math.abs(expected), (String) name);
            } else {
                assertTrue(
                        ((String) name).contains("spikes") || ((String) name).endsWith("weight"), "unknown: " + name);
            }
        });
        Frames x = input(golden);
        assertOutputs(golden, run(retina, x, golden.dt(), backend, resolution(golden)));
    }

    @Test
    void shouldGiveTwiceTheBipolarSignalWithoutGanglionCells() {
        Retina retina = Retina.builder()
                .stages(EnumSet.of(Retina.Stage.OPL, Retina.Stage.BIPOLAR))
                .build();
        Frames x = input(Golden.theCase("ret_v_nogang"));

        Map<String, Frames> outputs = run(retina, x, 50, "vector", Resolution.DEFAULT);

        assertEquals(Shape.image(12, 12), outputs.get("ganglion_spikes_ON").shape());
        assertArrayEquals(
                outputs.get("ganglion_spikes_ON").values(),
                outputs.get("ganglion_spikes_OFF").values());
    }
}
