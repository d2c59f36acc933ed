package org.amacrine.operators.spiking;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerContract;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The laws of all layers, for every kind of neuron. */
class SpikingContractTest {
    private static final Shape POINT = new Shape(1, 1, 1);
    private static final Shape COLOURS = new Shape(3, 7, 6);
    private static final Shape LARGE = new Shape(1, 50, 45);

    private static Layer mapped(Layer layer, String parameter, double least, double step) {
        float[] map = new float[LARGE.values()];
        for (int i = 0; i < map.length; i++) {
            map[i] = (float) (least + step * (i % 7));
        }
        layer.parameters().set(parameter, NdArray.of(map, LARGE.rows(), LARGE.columns()));
        return layer;
    }

    private static Layer izhikevich() {
        return new Izhikevich("izhikevich", Izhikevich.Preset.TONIC_BURSTING, Izhikevich.OUTPUTS);
    }

    @TestFactory
    Stream<DynamicContainer> neurons(@TempDir Path folder) {
        return Stream.of(
                        LayerContract.of("poisson", () -> new Poisson("poisson"), COLOURS)
                                .range(0, 1),
                        LayerContract.of("poisson", () -> new Poisson("poisson"), LARGE)
                                .range(0, 1),
                        LayerContract.of("lif", () -> new LeakyIntegrateAndFire("lif", false), POINT)
                                .range(0, 200)
                                .changing("leakHertz", 30),
                        LayerContract.of("lif", () -> new LeakyIntegrateAndFire("lif", false), LARGE)
                                .range(0, 200)
                                .changing("noiseSigma", 0.3),
                        LayerContract.of("refractory lif", () -> new LeakyIntegrateAndFire("lif", true), COLOURS)
                                .range(0, 200)
                                .changing("refractoryMeanSeconds", 0.005),
                        LayerContract.of(
                                        "refractory lif, leak map",
                                        () -> mapped(new LeakyIntegrateAndFire("lif", true), "leakHertz", 20, 10),
                                        LARGE)
                                .range(0, 200)
                                .boundToExtent()
                                .changing("refractorySigmaSeconds", 0),
                        LayerContract.of("izhikevich", SpikingContractTest::izhikevich, COLOURS)
                                .range(0, 20)
                                .changing("d", 4),
                        LayerContract.of(
                                        "izhikevich, spikes alone, map",
                                        () -> mapped(
                                                new Izhikevich(
                                                        "izhikevich",
                                                        Izhikevich.Preset.TONIC_SPIKING,
                                                        List.of("spikes")),
                                                "c",
                                                -65,
                                                2),
                                        LARGE)
                                .range(0, 20)
                                .boundToExtent()
                                .changing("threshold", 25),
                        LayerContract.of("fitzhugh nagumo", () -> new FitzHughNagumo("fhn"), LARGE)
                                .range(0, 1)
                                .changing("noiseStrength", 0.1),
                        LayerContract.of("hodgkin huxley", () -> new HodgkinHuxley("hh"), COLOURS)
                                .range(0, 20)
                                .changing("sodiumConductance", 110),
                        LayerContract.of(
                                        "linear motion sensor",
                                        () -> new MotionSensor("sensor", MotionSensor.Mode.LINEAR),
                                        LARGE)
                                .range(-1, 1)
                                .changing("threshold", 0.7),
                        LayerContract.of(
                                        "logarithmic motion sensor",
                                        () -> new MotionSensor("sensor", MotionSensor.Mode.LOGARITHMIC),
                                        COLOURS)
                                .range(0.1, 1)
                                .changing("threshold", 1.5))
                .map(contract -> contract.laws(folder));
    }
}
