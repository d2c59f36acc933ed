package org.amacrine.operators.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.Resolution;
import org.amacrine.operators.filter.CausalConvolution.Border;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvolutionTest {

    private static float[] run(Layer layer, Shape shape, float... x) {
        return layer.run(new Frames(shape, x.length / shape.values(), x), 2)
                .get("output")
                .values();
    }

    /** Two channels in, y0 = x0 + 10 x1 and y1 = 100 x0 one step ago; the second stream by itself. */
    @Test
    void shouldMixChannelsWithinStreamsOnly() {
        Layer layer = new Convolution("conv", Border.REPEAT, false, 2, 2, 2, 1, 1);
        layer.parameters().set("weight", NdArray.of(new float[] {1, 0, 10, 0, 0, 100, 0, 0}, 2, 2, 2, 1, 1));

        float[] y = run(layer, new Shape(4, 1, 1), 1, 2, 5, 6, 3, 4, 7, 8);

        assertArrayEquals(new float[] {21, 100, 65, 500, 43, 100, 87, 500}, y);
    }

    private static NdArray weightAt(Resolution resolution, Layer layer) {
        LayerRun.of("conv", layer).resolution(resolution).prepare(Shape.image(4, 5));
        return (NdArray) layer.parameters().get("weight").value();
    }

    /** 10 ms are 10 or 5 steps: the area over those, then a fall by e in as many; cut off at a thousandth. */
    @Test
    void shouldBeginWithAKernelThatFollowsTheResolution() {
        Layer layer = new Convolution("conv", Border.REPEAT, false, 1).startWith(Exponential.ofSeconds(0.01));

        NdArray fine = weightAt(Resolution.of(10, 1000), layer);
        NdArray coarse = weightAt(Resolution.of(10, 500), layer);

        assertArrayEquals(new int[] {1, 1, 47, 1, 1}, fine.shape());
        assertEquals(0.1 * Math.exp(-0.04), fine.at(0), 1e-7);
        assertEquals(0.1 * Math.exp(-1.04), fine.at(10), 1e-7);
        assertArrayEquals(new int[] {1, 1, 27, 1, 1}, coarse.shape());
        assertEquals(0.2 * Math.exp(-0.08), coarse.at(0), 1e-7);
    }

    /** Of one pixel, 2 h - 1 taps a side with h = ceil(sqrt(2 ln(0.3989 / 0.001))) = 4. */
    @Test
    void shouldKeepTheKernelThatWasSetAtAnyResolution() {
        Layer layer = new Convolution("conv", Border.REPEAT, false, 1).startWith(Gaussian.ofDegrees(0.1));
        assertArrayEquals(
                new int[] {1, 1, 1, 7, 7},
                weightAt(Resolution.of(10, 1000), layer).shape());

        layer.parameters().set("weight", new float[] {1, 2});

        assertArrayEquals(
                new int[] {1, 1, 2, 1, 1},
                weightAt(Resolution.of(20, 1000), layer).shape());
    }

    @Test
    void shouldFillAllPairsOfChannelsWhereTheyArePreserved() {
        Layer layer = new Convolution("conv", Border.REPEAT, false, 3, 2, 1, 1, 1).preserveChannels();

        layer.parameters().set("weight", NdArray.of(new float[] {5, 7}, 2));

        NdArray weight = (NdArray) layer.parameters().get("weight").value();
        assertArrayEquals(new int[] {3, 2, 2, 1, 1}, weight.shape());
        assertArrayEquals(new float[] {5, 7, 5, 7, 5, 7, 5, 7, 5, 7, 5, 7}, weight.floats());
    }

    @Test
    void shouldAddTheBiasOfEachChannel() {
        Layer layer = new Convolution("conv", Border.REPEAT, true, 2, 1, 1, 1, 1);
        layer.parameters().set("bias", new float[] {3, -1});

        assertArrayEquals(new float[] {3, 3, -1, -1}, run(layer, Shape.image(1, 2), 7, 8));
        layer.parameters().set("bias", 5);
        assertArrayEquals(new float[] {5, 5, 5, 5}, run(layer, Shape.image(1, 2), 7, 8));
    }

    @Test
    void shouldKeepOnlyPixelsWhereTheKernelFits() {
        Layer layer = new Convolution("conv", Border.FIT, false, 1, 2);
        layer.parameters().set("weight", NdArray.of(new float[] {1, 10}, 1, 2));

        assertArrayEquals(new float[] {12, 23}, run(layer, Shape.image(1, 3), 1, 2, 3));
        var e = assertThrows(IllegalArgumentException.class, () -> run(layer, Shape.image(3, 1), 1, 2, 3));
        assertTrue(e.getMessage().contains("1x2 pixels does not fit into frames of 1x3x1"), e.getMessage());
    }

    /** The kernel is turned round over the first row and column; the frame is 1 x 2, the kernel 2 x 1. */
    @Test
    void shouldCropAndFillUpAReceptiveField() {
        Layer layer = Convolution.receptiveField("rf", false, 1, 2, 1);
        layer.parameters().set("weight", NdArray.of(new float[] {5, 3}, 1, 2, 1));

        assertArrayEquals(new float[] {3, 9}, run(layer, Shape.image(1, 2), 1, 2, 3, 4));
    }

    @Test
    void shouldFillAKernelWithOneNumber() {
        Layer layer = new Convolution("conv", Border.REPEAT, false, 1, 3);
        layer.parameters().set("weight", 2);

        assertArrayEquals(new float[] {8, 12, 16}, run(layer, Shape.image(1, 3), 1, 2, 3));
    }

    @Test
    void shouldTurnKernelsAsFilesOfTheReferenceHoldThem() {
        NdArray kernel = NdArray.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 1, 2, 1, 2);

        assertEquals(NdArray.of(new float[] {4, 3, 2, 1, 8, 7, 6, 5}, 2, 1, 2, 1, 2), Convolution.stored(kernel));
        assertEquals(kernel, Convolution.stored(Convolution.stored(kernel)));
    }

    @Test
    void shouldRefuseKernelsThatDoNotGoWithFrames() {
        Layer layer = new Convolution("conv", Border.FIT, true, 1, 2, 1, 1, 1);
        var channels = assertThrows(IllegalArgumentException.class, () -> run(layer, new Shape(3, 1, 1), 1, 2, 3));
        assertTrue(channels.getMessage().contains("takes frames of 2 channels, or a multiple"), channels.getMessage());
        var axes = assertThrows(
                IllegalArgumentException.class,
                () -> layer.parameters().set("weight", NdArray.of(new float[4], 1, 1, 2, 2)));
        assertTrue(axes.getMessage().contains("has the shape (1, 1, 2, 2)"), axes.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Convolution("conv", Border.FIT, true, 0, 3));
    }

    @Test
    void shouldKeepItsKernelWhenAnotherWouldChangeTheFrames() {
        Layer layer = new Convolution("conv", Border.FIT, false, 1, 2);
        LayerRun run = LayerRun.of("conv", layer);
        run.prepare(Shape.image(1, 3));

        var e = assertThrows(
                IllegalArgumentException.class,
                () -> layer.parameters().set("weight", NdArray.of(new float[] {1}, 1, 1)));

        assertTrue(e.getMessage().contains("from 1x1x2 to 1x1x3 while they flow"), e.getMessage());
        assertArrayEquals(
                new float[2],
                run.apply(new Frames(Shape.image(1, 3), 1, new float[] {1, 2, 3}))
                        .get("output")
                        .values());
    }

    @ParameterizedTest
    @CsvSource({
        "'0,5,5','(0, 5, 5)'",
        "'-2,-3','(-2, -3)'",
        "'-1,-1,1,5,5','(-1, -1, 1, 5, 5)'",
        "'100000,100000','(100000, 100000)'"
    })
    void shouldRefuseKernelsThatCannotBe(String extent, String text) {
        int[] kernel =
                Arrays.stream(extent.split(",")).mapToInt(Integer::parseInt).toArray();

        var e = assertThrows(
                IllegalArgumentException.class, () -> new Convolution("conv", Border.REPEAT, false, kernel));

        assertTrue(
                e.getMessage().contains("each at least 1, and at most 268435456 values, but has the shape " + text),
                e.getMessage());
    }
}
