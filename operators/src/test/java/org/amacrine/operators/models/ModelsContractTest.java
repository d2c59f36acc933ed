package org.amacrine.operators.models;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerContract;
import org.amacrine.operators.filter.Difference;
import org.amacrine.operators.filter.LowPass;
import org.amacrine.operators.filter.Nonlinearity;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The laws of all layers, and those of gradients, for models. */
class ModelsContractTest {
    private static final Shape SMALL = Shape.image(5, 7);

    /** Where functions have a kink, steps are small, so that few values cross it; rounding then counts for more. */
    private static final double SMALL_STEP = 2e-4;

    private static final double KINKED = 0.06;

    private static NdArray random(long seed, int... axes) {
        Random random = new Random(seed);
        float[] values = new float[NdArray.count(axes)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return NdArray.of(values, axes);
    }

    private static Layer with(Layer layer, Map<String, NdArray> kernels) {
        layer.parameters().set(kernels);
        return layer;
    }

    private static Layer lnfdlnf() {
        return with(
                Cascades.lnfdlnf("lnfdlnf", true, 4, 1),
                Map.of(
                        "conv1.weight", random(1, 3, 3, 2),
                        "conv2.weight", random(2, 2, 3, 3),
                        "feedback1.weight", random(3, 4),
                        "feedback2.weight", random(4, 4)));
    }

    private static Layer mcIntosh() {
        return with(
                Cascades.mcIntosh("mcintosh", 2, 3, 2, new int[] {1, 1, 1}, new int[] {1, 1, 1}),
                Map.of("layer1.weight", random(5, 3, 1, 3, 3, 2), "layer2.weight", random(6, 2, 3, 2, 3, 3)));
    }

    private static Layer smooth() {
        return with(
                Cascades.smooth("smooth", 3, 3, 4),
                Map.of(
                        "conv1.weight", random(7, 3, 4),
                        "conv2.weight", random(8, 3, 4),
                        "conv3.weight", random(9, 3, 4)));
    }

    private static Layer lists() {
        return Lists.alternating(
                "lists",
                List.of(
                        new LowPass("low"),
                        List.of(
                                new Difference("difference"),
                                List.of(
                                        new LowPass("low"),
                                        new Nonlinearity("square", Nonlinearity.Function.SQUARE)))));
    }

    @TestFactory
    Stream<DynamicContainer> models(@TempDir Path folder) {
        return Stream.of(
                        LayerContract.of(
                                        "LN",
                                        () -> with(
                                                Cascades.ln("ln", 1, true, true, 1),
                                                Map.of("conv.weight", random(10, 4, 3, 3))),
                                        SMALL)
                                .changing("conv.bias", 0.5)
                                .gradients(KINKED, SMALL_STEP),
                        LayerContract.of(
                                        "LNLN to a field",
                                        () -> with(
                                                Cascades.ln("lnln", 2, false, false, 1),
                                                Map.of(
                                                        "conv1.weight", random(11, 4, 3, 3),
                                                        "conv2.weight", random(12, 3, 5, 7))),
                                        SMALL)
                                .changing("conv1.weight", random(13, 4, 3, 3))
                                .gradients(KINKED, SMALL_STEP),
                        LayerContract.of("LNFDLNF", ModelsContractTest::lnfdlnf, SMALL)
                                .changing("feedback1.weight", random(14, 3))
                                .gradients(KINKED, SMALL_STEP),
                        LayerContract.of("McIntosh", ModelsContractTest::mcIntosh, SMALL)
                                .changing("layer2.bias", -0.5)
                                .gradients(KINKED, SMALL_STEP),
                        LayerContract.of("smooth", ModelsContractTest::smooth, SMALL)
                                .changing("lowpass2.tauSeconds", 0.005),
                        LayerContract.of("lists", ModelsContractTest::lists, SMALL)
                                .changing("layer_0.tauSeconds", 0.005))
                .map(contract -> contract.laws(folder));
    }
}
