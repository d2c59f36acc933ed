package org.amacrine.operators.retina;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerContract;
import org.amacrine.core.layer.Resolution;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The laws of every layer, for those of the retina. */
class LayerContractTest {
    private static final Shape POINT = Shape.image(1, 1);
    private static final Shape SMALL = Shape.image(3, 5);
    private static final Shape ODD = Shape.image(17, 33);
    private static final Shape COLOURS = new Shape(3, 7, 6);
    /** Rows and pixels enough for several workers. */
    private static final Shape LARGE = Shape.image(50, 45);

    private static final Set<Class<?>> ENROLLED = Set.of(
            Opl.class,
            SeparableOpl.class,
            FullConvolutionOpl.class,
            Bipolar.class,
            GanglionInput.class,
            GanglionSpiking.class,
            Retina.class);

    private static <L extends Layer> Supplier<L> with(Supplier<L> maker, Object... namesAndValues) {
        return () -> {
            L layer = maker.get();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                layer.parameters().set((String) namesAndValues[i], namesAndValues[i + 1]);
            }
            return layer;
        };
    }

    /** With parameters that no differences are taken of: they must not be negative, or change how much is remembered. */
    private static <L extends Layer> Supplier<L> frozen(Supplier<L> maker, String... names) {
        return () -> {
            L layer = maker.get();
            for (String name : names) {
                layer.parameters().get(name).freeze(true);
            }
            return layer;
        };
    }

    private static Stream<DynamicContainer> laws(Path folder, Stream<LayerContract> contracts) {
        return contracts.map(contract -> contract.laws(folder));
    }

    // ------------------------------------------------------------------------------------------------ OPL

    private static LayerContract opl(String name, Supplier<Layer> maker, Shape shape) {
        return LayerContract.of(name, maker, shape)
                .range(0, 1)
                .gradients(1e-3, 0.1)
                .changing("surroundWeight", 0.7)
                .changing("centerTauSeconds", 0.02);
    }

    private static Supplier<Layer> opl(Opl.Smoothing smoothing, boolean restarts) {
        return () -> new Opl("opl", smoothing, 10, restarts);
    }

    @TestFactory
    Stream<DynamicContainer> recursiveOpl(@TempDir Path folder) {
        return laws(
                folder,
                Stream.of(
                        opl("opl", opl(Opl.Smoothing.GAUSSIAN, false), POINT),
                        opl("opl", opl(Opl.Smoothing.GAUSSIAN, false), COLOURS),
                        opl("opl", opl(Opl.Smoothing.GAUSSIAN, false), LARGE).frames(45),
                        opl("opl, 3 pixels per degree", opl(Opl.Smoothing.GAUSSIAN, false), SMALL)
                                .gradients(1e-3, 0.01)
                                .resolution(Resolution.of(3, 200)),
                        opl(
                                "opl, kernels and biases set",
                                with(
                                        opl(Opl.Smoothing.GAUSSIAN, false),
                                        "centerKernel",
                                        NdArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3),
                                        "surroundKernel",
                                        NdArray.of(new float[] {1, -1, 0.5f}, 3, 1),
                                        "centerBias",
                                        0.3,
                                        "surroundBias",
                                        -0.2),
                                ODD),
                        opl("opl, Deriche", opl(Opl.Smoothing.DERICHE, false), POINT),
                        opl("opl, Deriche", opl(Opl.Smoothing.DERICHE, false), COLOURS),
                        opl("opl, Deriche", opl(Opl.Smoothing.DERICHE, false), ODD),
                        opl("opl, restarting", opl(Opl.Smoothing.GAUSSIAN, true), ODD)
                                .restartingEachChunk(),
                        opl("opl, Deriche, restarting", opl(Opl.Smoothing.DERICHE, true), SMALL)
                                .restartingEachChunk()));
    }

    @TestFactory
    Stream<DynamicContainer> convolvedOpl(@TempDir Path folder) {
        Supplier<Layer> full = () -> new FullConvolutionOpl("opl");
        return laws(
                folder,
                Stream.of(
                        opl("separable opl", () -> new SeparableOpl("opl", false), POINT),
                        opl("separable opl", () -> new SeparableOpl("opl", false), COLOURS),
                        opl(
                                        "separable opl, order 2",
                                        with(() -> new SeparableOpl("opl", false), "centerOrder", 2),
                                        SMALL)
                                .changing("undershootTauSeconds", 0.05),
                        opl("separable opl, restarting", () -> new SeparableOpl("opl", true), SMALL)
                                .restartingEachChunk(),
                        opl("full opl", full, POINT).frames(60),
                        opl("full opl", full, new Shape(2, 3, 5)).frames(40),
                        opl(
                                        "full opl, kernel set",
                                        with(full, "kernel", NdArray.of(new float[] {3, 2, 1, 1, 1, 1}, 3, 1, 2)),
                                        ODD)
                                .frames(40)));
    }

    // ------------------------------------------------------------------------------------------------ bipolar cells

    private static Supplier<Layer> bipolar(Bipolar.Adaptation adaptation, Object... namesAndValues) {
        return with(() -> new Bipolar("bipolar", adaptation), namesAndValues);
    }

    private static Supplier<Layer> withoutFeedback(Object... namesAndValues) {
        return frozen(bipolar(Bipolar.Adaptation.REFERENCE, namesAndValues), "feedbackHertz");
    }

    @TestFactory
    Stream<DynamicContainer> bipolarCells(@TempDir Path folder) {
        float[] map = new float[ODD.values()];
        for (int i = 0; i < map.length; i++) {
            map[i] = 20 + i % 60;
        }
        NdArray leaks = NdArray.of(map, 17, 33);
        return laws(
                folder,
                Stream.of(
                        LayerContract.of("bipolar", withoutFeedback(), POINT)
                                .gradients(1e-3, 0.1)
                                .changing("leakHertz", 30),
                        LayerContract.of("bipolar", withoutFeedback(), LARGE)
                                .gradients(1e-3, 0.1)
                                .frames(60)
                                .changing("inputHertz", 30)
                                .changing("adaptationSigmaDegrees", 0.1),
                        LayerContract.of("bipolar, leak map", withoutFeedback("leakHertz", leaks), ODD)
                                .gradients(1e-3, 0.1)
                                .boundToExtent()
                                .changing("feedbackHertz", 10),
                        LayerContract.of(
                                        "bipolar, feedback",
                                        bipolar(Bipolar.Adaptation.REFERENCE, "feedbackHertz", 50),
                                        COLOURS)
                                .range(-5, 5)
                                .gradients(1e-3, 0.03)
                                .changing("feedbackHertz", 0),
                        LayerContract.of(
                                        "bipolar, feedback",
                                        bipolar(Bipolar.Adaptation.REFERENCE, "feedbackHertz", 50),
                                        LARGE)
                                .range(-5, 5)
                                .gradients(1e-3, 0.03)
                                .frames(45)
                                .changing("leakHertz", 20),
                        LayerContract.of(
                                        "bipolar, kernel and bias set",
                                        bipolar(
                                                Bipolar.Adaptation.REFERENCE,
                                                "feedbackHertz",
                                                50,
                                                "adaptationKernel",
                                                NdArray.of(new float[] {0.5f, 0.2f, 0.3f, 0.1f}, 2, 2),
                                                "adaptationBias",
                                                1),
                                        SMALL)
                                .range(-5, 5)
                                .gradients(1e-3, 0.03),
                        LayerContract.of(
                                        "bipolar, paper",
                                        bipolar(Bipolar.Adaptation.PAPER, "feedbackHertz", 100),
                                        SMALL)
                                .range(-5, 5)
                                .gradients(1e-3, 0.03)
                                .resolution(Resolution.of(10, 300))
                                .changing("adaptationTauSeconds", 0.02)));
    }

    // ------------------------------------------------------------------------------------------------ ganglion cells

    private static Supplier<Layer> ganglionInput(boolean toEdge, boolean normalized, Object... namesAndValues) {
        // A gain so small that the bend at the threshold, which differences cannot follow, is slight.
        Supplier<Layer> slight = with(() -> new GanglionInput("input", -1, toEdge, normalized), "gainHertz", 10);
        Supplier<Layer> maker = with(slight, namesAndValues);
        return frozen(maker, "transientTauSeconds", "transientWeight");
    }

    @TestFactory
    Stream<DynamicContainer> ganglionInputs(@TempDir Path folder) {
        float[] cube = new float[5 * 3 * 2];
        for (int i = 0; i < cube.length; i++) {
            cube[i] = (i % 7 - 3) * 0.1f;
        }
        return laws(
                folder,
                Stream.of(
                                LayerContract.of("ganglion input", ganglionInput(false, false), POINT)
                                        .changing("transientTauSeconds", 0.03),
                                LayerContract.of("ganglion input", ganglionInput(false, false), LARGE)
                                        .frames(60)
                                        .changing("transientWeight", 0.2),
                                LayerContract.of(
                                                "ganglion input, no past",
                                                ganglionInput(false, false, "transientWeight", 0),
                                                SMALL)
                                        .changing("transientWeight", 0.5),
                                LayerContract.of(
                                                "ganglion input, pooling",
                                                ganglionInput(
                                                        false, false, "poolingSigmaDegrees", 0.1, "poolingBias", 2),
                                                ODD)
                                        .changing("threshold", 0.1),
                                LayerContract.of(
                                                "ganglion input, pooling to the edge",
                                                ganglionInput(true, true, "poolingSigmaDegrees", 0.2),
                                                COLOURS)
                                        .changing("poolingSigmaDegrees", 0.1),
                                LayerContract.of(
                                                "ganglion input, kernel along time",
                                                ganglionInput(
                                                        false,
                                                        false,
                                                        "transientKernel",
                                                        NdArray.of(new float[] {1, -0.5f, -0.25f, 0.1f}, 4)),
                                                COLOURS)
                                        .changing("gainHertz", 70),
                                LayerContract.of(
                                                "ganglion input, kernel in time and space",
                                                ganglionInput(
                                                        false, false, "transientKernel", NdArray.of(cube, 5, 3, 2)),
                                                ODD)
                                        .changing("transientKernel", NdArray.of(new float[] {1, 2, 3}, 3, 1, 1)))
                        .map(contract -> contract.changing("currentAtThresholdHertz", 50)));
    }

    private static LayerContract spiking(String name, GanglionSpiking.Clock clock, Shape shape, Object... values) {
        return LayerContract.of(name, with(() -> new GanglionSpiking("spiking", 0, clock), values), shape)
                .range(20, 400)
                .changing("leakHertz", 30);
    }

    @TestFactory
    Stream<DynamicContainer> ganglionSpikes(@TempDir Path folder) {
        GanglionSpiking.Clock reference = GanglionSpiking.Clock.REFERENCE;
        return laws(
                folder,
                Stream.of(
                        spiking("spiking", reference, POINT).frames(400),
                        spiking("spiking", reference, LARGE).frames(60),
                        spiking("spiking, spread", reference, COLOURS, "refractorySigmaSeconds", 0.002),
                        spiking("spiking, noiseless", reference, ODD, "noiseSigma", 0)
                                .changing("noiseSigma", 0.2),
                        spiking(
                                        "spiking, own clock",
                                        GanglionSpiking.Clock.RESOLUTION,
                                        ODD,
                                        "refractorySigmaSeconds",
                                        0.001)
                                .resolution(Resolution.of(10, 2000))));
    }

    // ------------------------------------------------------------------------------------------------ the whole

    private static Supplier<Layer> retina(UnaryOperator<Retina.Builder> choices, Object... namesAndValues) {
        List<String> signals = List.of("opl", "bipolar", "ganglion_input_ON", "ganglion_input_OFF");
        return with(() -> choices.apply(Retina.builder().alsoOutputs(signals)).build(), namesAndValues);
    }

    private static LayerContract retina(String name, Supplier<Layer> maker, Shape shape) {
        return LayerContract.of(name, maker, shape)
                .range(0, 1)
                .changing("bipolar.leakHertz", 40)
                .changing("off.input.transientTauSeconds", 0.03);
    }

    @TestFactory
    Stream<DynamicContainer> retinas(@TempDir Path folder) {
        return laws(
                folder,
                Stream.of(
                        retina("retina", retina(b -> b), POINT).frames(300),
                        retina("retina", retina(b -> b), SMALL),
                        retina("retina", retina(b -> b), COLOURS),
                        retina("retina", retina(b -> b), ODD).frames(60),
                        retina("retina, gain control", retina(b -> b, "bipolar.feedbackHertz", 30), COLOURS),
                        retina(
                                        "retina, as the paper has it",
                                        retina(b -> b.mode(Retina.Mode.VIRTUAL_RETINA), "bipolar.feedbackHertz", 30),
                                        SMALL)
                                .resolution(Resolution.of(5, 400)),
                        retina("retina, spread", retina(b -> b, "on.spiking.refractorySigmaSeconds", 0.001), SMALL)
                                .seed(-5),
                        retina(
                                "retina, pooling",
                                retina(
                                        b -> b.poolsToEdge(true).normalizesPooling(true),
                                        "on.input.poolingSigmaDegrees",
                                        0.1),
                                SMALL),
                        retina("retina, restarting", retina(b -> b.restartsEachChunk(true)), SMALL)
                                .restartingEachChunk()));
    }

    @TestFactory
    Stream<DynamicContainer> retinasOfOtherStages(@TempDir Path folder) {
        return laws(
                folder,
                Stream.of(
                        retina("retina, recursive", retina(b -> b.oplFilter(Retina.OplFilter.RECURSIVE)), SMALL),
                        retina("retina, separable", retina(b -> b.oplFilter(Retina.OplFilter.SEPARABLE)), SMALL),
                        retina("retina, full", retina(b -> b.oplFilter(Retina.OplFilter.FULL)), Shape.image(2, 3))
                                .frames(40),
                        stages("retina without OPL", Retina.Stage.OPL),
                        stages("retina without bipolar cells", Retina.Stage.BIPOLAR),
                        stages("retina without ganglion cells", Retina.Stage.GANGLION),
                        stages("retina without spikes", Retina.Stage.SPIKES),
                        stages("retina without spikes, recursive", Retina.OplFilter.RECURSIVE, Retina.Stage.SPIKES),
                        stages(
                                "retina of nothing",
                                Retina.Stage.OPL,
                                Retina.Stage.BIPOLAR,
                                Retina.Stage.GANGLION,
                                Retina.Stage.SPIKES)));
    }

    private static LayerContract stages(String name, Retina.Stage... without) {
        return stages(name, Retina.OplFilter.HALF_RECURSIVE, without);
    }

    private static LayerContract stages(String name, Retina.OplFilter filter, Retina.Stage... without) {
        Set<Retina.Stage> stages = EnumSet.allOf(Retina.Stage.class);
        stages.removeAll(List.of(without));
        Supplier<Layer> maker =
                () -> Retina.builder().oplFilter(filter).stages(stages).build();
        String[] unmoved = Stream.of(
                        "bipolar.feedbackHertz",
                        "on.input.transientTauSeconds",
                        "on.input.transientWeight",
                        "off.input.transientTauSeconds",
                        "off.input.transientWeight")
                .filter(maker.get().parameters().all()::containsKey)
                .toArray(String[]::new);
        return LayerContract.of(name, frozen(maker, unmoved), SMALL)
                .gradients(1e-3, 0.03)
                .range(0, 1);
    }

    // ------------------------------------------------------------------------------------------------ who is enrolled

    @Test
    void shouldEnrolEveryLayerOfTheRetina() throws IOException, URISyntaxException, ReflectiveOperationException {
        Path classes = Path.of(Retina.class.getResource("Retina.class").toURI()).getParent();
        Set<String> layers = new TreeSet<>();
        try (Stream<Path> files = Files.list(classes)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".class")) {
                    Class<?> type = Class.forName(
                            Retina.class.getPackageName() + "." + name.substring(0, name.length() - ".class".length()));
                    if (Layer.class.isAssignableFrom(type)) {
                        layers.add(type.getSimpleName());
                    }
                }
            }
        }
        Set<String> enrolled = new TreeSet<>();
        ENROLLED.forEach(type -> enrolled.add(type.getSimpleName()));

        assertEquals(enrolled, layers);
    }

    @Test
    void shouldTestOnTheVectorBackend() {
        assertEquals("vector", Backends.choose("auto").backend().name());
    }
}
