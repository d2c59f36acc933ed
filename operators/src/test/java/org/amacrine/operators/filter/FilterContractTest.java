package org.amacrine.operators.filter;

import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerContract;
import org.amacrine.operators.filter.CausalConvolution.Border;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The laws of all layers, and those of gradients, for filters. */
class FilterContractTest {
    private static final Shape SMALL = Shape.image(5, 7);
    private static final Shape COLOURS = new Shape(4, 6, 5);

    private static final Shape SMALL_COLOURS = new Shape(2, 6, 5);
    private static final Shape LARGE = Shape.image(50, 45);

    private static NdArray random(int... axes) {
        Random random = new Random(7);
        float[] values = new float[NdArray.count(axes)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return NdArray.of(values, axes);
    }

    private static Layer convolution(Border border, int... axes) {
        Layer layer = new Convolution("conv", border, true, axes);
        layer.parameters().set("weight", random(axes));
        return layer;
    }

    @TestFactory
    Stream<DynamicContainer> convolutions(@TempDir Path folder) {
        return Stream.of(
                        LayerContract.of("dense", () -> convolution(Border.REPEAT, 5, 3, 4), SMALL)
                                .changing("weight", random(7, 2, 5))
                                .changing("bias", 0.5),
                        LayerContract.of("wide", () -> convolution(Border.REPEAT, 3, 5, 3), Shape.image(9, 37))
                                .changing("weight", random(3, 5, 3))
                                .frames(40),
                        LayerContract.of("channels", () -> convolution(Border.REPEAT, 3, 2, 4, 2, 3), COLOURS)
                                .changing("weight", random(3, 2, 2, 3, 3)),
                        LayerContract.of("fitting", () -> convolution(Border.FIT, 3, 2, 4, 2, 3), COLOURS)
                                .changing("weight", random(3, 2, 1, 2, 3)),
                        LayerContract.of("field", () -> convolution(Border.CORNER, 2, 2, 3, 4, 9), COLOURS)
                                .changing("bias", new float[] {1, 2}),
                        LayerContract.of("mean", () -> Convolution.receptiveField("rf", false, 3), COLOURS),
                        LayerContract.of("pixels", () -> convolution(Border.REPEAT, 6), COLOURS)
                                .changing("bias", 1))
                .map(contract -> contract.laws(folder));
    }

    private static Layer with(Layer layer, String parameter, Object value) {
        layer.parameters().set(parameter, value);
        return layer;
    }

    /** Whole numbers of frames, one for each pixel of {@link #SMALL}. */
    private static NdArray delays(int most) {
        float[] frames = new float[SMALL.values()];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = i * 3 % (most + 1);
        }
        return NdArray.of(frames, SMALL.rows(), SMALL.columns());
    }

    @TestFactory
    Stream<DynamicContainer> otherFilters(@TempDir Path folder) {
        return Stream.of(
                        LayerContract.of("low pass", () -> new LowPass("low"), COLOURS)
                                .changing("tauSeconds", 0.004),
                        LayerContract.of("high pass", () -> new HighPass("high", false), COLOURS)
                                .changing("tauSeconds", 0.02)
                                .changing("weight", 0.8),
                        LayerContract.of("restarting high pass", () -> new HighPass("high", true), SMALL)
                                .restartingEachChunk()
                                .changing("weight", 0.8),
                        LayerContract.of("smoothing", () -> new RecursiveSmoothing("smoothing"), COLOURS)
                                .changing("density", 0.4),
                        LayerContract.of("delay", () -> new Delay("delay", 3), COLOURS)
                                .changing("delayFrames", 7),
                        LayerContract.of("delays", () -> with(new Delay("delay", 0), "delayFrames", delays(9)), SMALL)
                                .boundToExtent()
                                .changing("delayFrames", delays(4)),
                        LayerContract.of(
                                "a kernel by name",
                                () -> new Convolution("conv", CausalConvolution.Border.REPEAT, false, 1)
                                        .startWith(Gaussian.ofDegrees(0.05)),
                                COLOURS),
                        LayerContract.of("difference", () -> new Difference("difference"), COLOURS),
                        LayerContract.of("sum", () -> new Sum("sum", 0, 1, -2), COLOURS, COLOURS),
                        LayerContract.of("sum of channels", () -> new Sum("sum", 2, 1, 0.5f), COLOURS, SMALL_COLOURS),
                        LayerContract.of("concatenation", () -> new Concatenate("cat", 2), COLOURS, SMALL_COLOURS),
                        LayerContract.of(
                                        "rectified", () -> new Nonlinearity("nl", Nonlinearity.Function.RECTIFY), LARGE)
                                .gradients(0.03, 2e-4),
                        LayerContract.of("relu", () -> new Nonlinearity("nl", Nonlinearity.Function.RELU), LARGE)
                                .gradients(0.03, 2e-4),
                        scaled(Nonlinearity.Function.RECTIFY_SCALE),
                        scaled(Nonlinearity.Function.SQUARE),
                        scaled(Nonlinearity.Function.RECTIFY_SQUARE))
                .map(contract -> contract.laws(folder));
    }

    private static LayerContract scaled(Nonlinearity.Function function) {
        return LayerContract.of(function.word(), () -> with(new Nonlinearity("nl", function), "bias", 0.25), LARGE)
                .changing("scale", -1.5)
                .gradients(0.03, 2e-4);
    }
}
