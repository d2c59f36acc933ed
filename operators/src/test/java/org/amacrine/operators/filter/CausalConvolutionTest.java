package org.amacrine.operators.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.Resolution;
import org.amacrine.operators.filter.CausalConvolution.History;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CausalConvolutionTest {
    private static final long SEED = 31;
    private static final Shape POINT = Shape.image(1, 1);

    private static LayerContext context(Shape shape) {
        return new LayerContext("test", List.of(shape), Resolution.DEFAULT, ScalarKernels.INSTANCE, Bands.ALONE, 0, 50);
    }

    private static CausalConvolution convolution(History before, Shape shape, NdArray kernel) {
        CausalConvolution convolution = new CausalConvolution(before);
        convolution.build(context(shape), shape, kernel);
        return convolution;
    }

    private static NdArray kernel(float... weights) {
        return NdArray.of(weights, weights.length);
    }

    private static float[] apply(CausalConvolution convolution, float... x) {
        float[] y = new float[x.length];
        convolution.apply(x, 0, y, 0, x.length);
        return y;
    }

    private static float[] random(int count) {
        Random random = new Random(SEED);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    // ------------------------------------------------------------------------------------------------ time

    @Test
    void shouldBeginAnewWhenAKernelOfOneStepBecomesLonger() {
        CausalConvolution convolution = convolution(History.FIRST_FRAME, POINT, kernel(2));
        apply(convolution, 1, 2);

        convolution.build(context(POINT), POINT, kernel(1, 10, 100));

        // Before 5 stand copies of it: nothing was remembered.
        assertArrayEquals(new float[] {555, 556, 567}, apply(convolution, 5, 6, 7));
    }

    @Test
    void shouldSayHowManyFramesFitIntoMemory() {
        Shape large = Shape.image(1000, 1000);
        CausalConvolution convolution = convolution(History.FIRST_FRAME, POINT, kernel(2, 3));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> convolution.build(context(large), large, NdArray.of(new float[3000], 3000)));

        assertEquals(
                "a kernel of 3000 steps of 1x1 pixels needs 3049 frames of 1000000 values at once, chunk and borders"
                        + " included, but at most 2147 fit into memory; use a shorter or smaller one, smaller frames, or"
                        + " chunks of fewer frames (dt)",
                e.getMessage());
        assertArrayEquals(new float[] {5, 5, 7}, apply(convolution, 1, 1, 2));
    }

    @Test
    void shouldAnswerAnImpulseWithItsKernel() {
        CausalConvolution convolution = convolution(History.ZERO, POINT, kernel(3, 5, 7));

        assertArrayEquals(new float[] {0, 3, 5, 7, 0}, apply(convolution, 0, 1, 0, 0, 0));
    }

    @Test
    void shouldTakeDarknessForWhatWasBefore() {
        assertArrayEquals(new float[] {6, 16, 30}, apply(convolution(History.ZERO, POINT, kernel(3, 5, 7)), 2, 2, 2));
    }

    @Test
    void shouldTakeTheFirstFrameForWhatWasBefore() {
        CausalConvolution convolution = convolution(History.FIRST_FRAME, POINT, kernel(3, 5, 7));

        assertArrayEquals(new float[] {30, 33}, apply(convolution, 2, 3));
        // 3 · 4 + 5 · 3 + 7 · 2: the second call has no first frame of its own
        assertArrayEquals(new float[] {41}, apply(convolution, 4));
    }

    @Test
    void shouldBeginAgainWhenCleared() {
        CausalConvolution convolution = convolution(History.FIRST_FRAME, POINT, kernel(1, 10));
        apply(convolution, 5, 6, 7);

        convolution.clear();

        assertArrayEquals(new float[] {22, 23}, apply(convolution, 2, 3));
    }

    @Test
    void shouldKeepThePastForAShorterKernel() {
        CausalConvolution convolution = convolution(History.ZERO, POINT, kernel(0, 0, 0, 1));
        apply(convolution, 1, 2, 3);

        convolution.build(context(POINT), POINT, kernel(1, 10, 100));

        assertArrayEquals(new float[] {4 + 30 + 200, 5 + 40 + 300}, apply(convolution, 4, 5));
    }

    @ParameterizedTest
    @CsvSource({"ZERO, 234", "FIRST_FRAME, 2234"})
    void shouldTakeTheOldestForWhatALongerKernelMisses(History before, float expected) {
        CausalConvolution convolution = convolution(before, POINT, kernel(0, 0, 1));
        apply(convolution, 1, 2, 3);

        convolution.build(context(POINT), POINT, kernel(1, 10, 100, 1000));

        assertArrayEquals(new float[] {expected}, apply(convolution, 4));
    }

    @Test
    void shouldForgetFramesOfAnotherExtent() {
        CausalConvolution convolution = convolution(History.ZERO, POINT, kernel(1, 10));
        apply(convolution, 7);
        Shape pair = Shape.image(1, 2);

        convolution.build(context(pair), pair, kernel(1, 10));

        float[] y = new float[2];
        convolution.apply(new float[] {1, 2}, 0, y, 0, 1);
        assertArrayEquals(new float[] {1, 2}, y);
    }

    // ------------------------------------------------------------------------------------------------ time and space

    /**
     * The definition, in double precision: the centre of an even kernel is one before its upper middle, edge pixels are
     * repeated outwards.
     */
    private static double[] naive(Frames x, NdArray kernel, History before) {
        int kt = kernel.shape()[0];
        int kh = kernel.shape()[1];
        int kw = kernel.shape()[2];
        Shape shape = x.shape();
        double[] y = new double[x.values().length];
        for (int i = 0; i < y.length; i++) {
            int column = i % shape.columns();
            int row = i / shape.columns() % shape.rows();
            int channel = i / shape.pixels() % shape.channels();
            int frame = i / shape.values();
            for (int p = 0; p < kt; p++) {
                for (int q = 0; q < kh; q++) {
                    for (int r = 0; r < kw; r++) {
                        int t = frame - p;
                        if (t < 0 && before == History.ZERO) {
                            continue;
                        }
                        int fromRow = Math.max(0, Math.min(shape.rows() - 1, row - q + kh - 1 - kh / 2));
                        int fromColumn = Math.max(0, Math.min(shape.columns() - 1, column - r + kw - 1 - kw / 2));
                        int from = Math.max(0, t) * shape.values()
                                + channel * shape.pixels()
                                + fromRow * shape.columns()
                                + fromColumn;
                        y[i] += kernel.at((p * kh + q) * kw + r) * x.values()[from];
                    }
                }
            }
        }
        return y;
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, ZERO, 40",
        "4, 3, 3, ZERO, 40",
        "3, 2, 5, FIRST_FRAME, 40",
        "5, 4, 2, ZERO, 1",
        "20, 1, 4, FIRST_FRAME, 7",
        "2, 9, 7, ZERO, 3",
        "3, 6, 1, FIRST_FRAME, 19"
    })
    void shouldEqualItsDefinition(int kt, int kh, int kw, History before, int dt) {
        Shape shape = new Shape(2, 5, 6);
        Frames x = new Frames(shape, 40, random(40 * shape.values()));
        NdArray kernel = NdArray.of(Arrays.copyOf(random(500), kt * kh * kw), kt, kh, kw);
        CausalConvolution convolution = convolution(before, shape, kernel);

        float[] y = new float[x.values().length];
        for (int t = 0; t < x.count(); t += dt) {
            int at = t * shape.values();
            convolution.apply(x.values(), at, y, at, Math.min(dt, x.count() - t));
        }

        double[] expected = naive(x, kernel, before);
        for (int i = 0; i < y.length; i++) {
            assertEquals(expected[i], y[i], 2e-5, "value " + i + ", seed " + SEED);
        }
    }

    @Test
    void shouldFilterInPlace() {
        CausalConvolution convolution = convolution(History.ZERO, POINT, kernel(1, 10, 100));
        float[] x = {1, 2, 3, 4};

        convolution.apply(x, 0, x, 0, 4);

        assertArrayEquals(new float[] {1, 12, 123, 234}, x);
    }

    @Test
    void shouldRejectAKernelOfFourAxes() {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> new CausalConvolution(History.ZERO)
                        .build(context(POINT), POINT, NdArray.of(new float[6], 1, 1, 2, 3), false));

        assertEquals(
                "a kernel must have the axes (time), (rows, columns), (time, rows, columns) or (out, in, time, rows, columns),"
                        + " each at least 1, and at most 268435456 values, but has the shape (1, 1, 2, 3)",
                e.getMessage());
    }
}
