package org.amacrine.operators.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.Resolution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpatialFilterTest {
    private static final long SEED = 17;

    private final Parameter kernel = Parameter.array("kernel");
    private final Parameter bias = Parameter.number("bias", 0);

    private static LayerContext context(Shape shape) {
        return new LayerContext("test", List.of(shape), Resolution.DEFAULT, ScalarKernels.INSTANCE, Bands.ALONE, 0, 10);
    }

    private SpatialFilter filter(boolean keepsSize) {
        return new SpatialFilter(kernel, bias, keepsSize);
    }

    private static Shape build(SpatialFilter filter, Shape shape, double sigmaPixels) {
        return filter.build(context(shape), shape, sigmaPixels, false, true);
    }

    private static float[] apply(SpatialFilter filter, Shape out, int frames, float... x) {
        float[] y = new float[frames * out.values()];
        filter.apply(x, 0, y, 0, frames);
        return y;
    }

    private static float[] impulse(int rows, int columns) {
        float[] x = new float[rows * columns];
        x[rows / 2 * columns + columns / 2] = 1;
        return x;
    }

    // ------------------------------------------------------------------------------------------------ gaussian

    /** The outer product of 0.1079819, 0.7978846, 0.1079819. */
    @Test
    void shouldAnswerAnImpulseWithAGaussian() {
        SpatialFilter filter = filter(true);
        Shape shape = build(filter, Shape.image(3, 5), 0.5);

        float a = 0.0116601f;
        float b = 0.0861571f;
        float c = 0.6366198f;
        assertArrayEquals(
                new float[] {0, a, b, a, 0, 0, b, c, b, 0, 0, a, b, a, 0},
                apply(filter, shape, 1, impulse(3, 5)),
                1e-7f);
        assertArrayEquals(new float[] {a, b, a, b, c, b, a, b, a}, kernel.values(), 1e-7f);
    }

    /** The sum of the taps, 1.0138485, once for each axis. */
    @Test
    void shouldRepeatEdgePixelsOutwards() {
        SpatialFilter filter = filter(true);
        Shape shape = build(filter, Shape.image(1, 2), 0.5);

        float[] y = apply(filter, shape, 1, 1, 1);

        assertArrayEquals(new float[] {1.0278887f, 1.0278887f}, y, 1e-6f);
    }

    @Test
    void shouldCoverOnlyWhereTheKernelFits() {
        SpatialFilter filter = filter(false);

        Shape out = build(filter, new Shape(2, 4, 7), 0.5);

        assertEquals(new Shape(2, 2, 5), out);
    }

    @Test
    void shouldKeepAConstantWhenNormalized() {
        SpatialFilter filter = filter(true);
        Shape shape = Shape.image(2, 2);
        filter.build(context(shape), shape, 1.5, true, true);

        assertArrayEquals(new float[] {3, 3, 3, 3}, apply(filter, shape, 1, 3, 3, 3, 3), 1e-6f);
    }

    @Test
    void shouldBeTheIdentityWithoutWidthAndBias() {
        SpatialFilter filter = filter(true);
        Shape shape = build(filter, Shape.image(1, 3), 0);

        assertTrue(filter.isIdentity());
        assertArrayEquals(new float[] {1, 2, 3}, apply(filter, shape, 1, 1, 2, 3));

        bias.set(0.5);

        assertFalse(filter.isIdentity());
        assertArrayEquals(new float[] {1.5f, 2.5f, 3.5f}, apply(filter, shape, 1, 1, 2, 3));
    }

    // ------------------------------------------------------------------------------------------------ kernels that are
    // set

    @Test
    void shouldAnswerAnImpulseWithTheKernelThatIsSet() {
        kernel.set(NdArray.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 3, 3));
        SpatialFilter filter = filter(true);
        Shape shape = build(filter, Shape.image(5, 5), 0.5);

        assertArrayEquals(
                new float[] {
                    0, 0, 0, 0, 0,
                    0, 1, 2, 3, 0,
                    0, 4, 5, 6, 0,
                    0, 7, 8, 9, 0,
                    0, 0, 0, 0, 0
                },
                apply(filter, shape, 1, impulse(5, 5)));
    }

    /** The centre of an even kernel is one before its upper middle. */
    @Test
    void shouldPlaceAnEvenKernelOneBeforeItsUpperMiddle() {
        kernel.set(NdArray.of(new float[] {1, 2, 3, 4}, 1, 4));
        SpatialFilter filter = filter(true);
        Shape shape = build(filter, Shape.image(1, 7), 0);

        assertArrayEquals(new float[] {0, 0, 1, 2, 3, 4, 0}, apply(filter, shape, 1, impulse(1, 7)));
    }

    /** The definition, in double precision. */
    private static double[] naive(float[] x, Shape in, Shape out, NdArray kernel, boolean keepsSize, double bias) {
        int kh = kernel.shape()[0];
        int kw = kernel.shape()[1];
        int above = keepsSize ? kh / 2 : 0;
        int left = keepsSize ? kw / 2 : 0;
        double[] y = new double[x.length / in.values() * out.values()];
        for (int i = 0; i < y.length; i++) {
            int plane = i / out.pixels() * in.pixels();
            y[i] = bias;
            for (int q = 0; q < kh; q++) {
                for (int r = 0; r < kw; r++) {
                    int row = i / out.columns() % out.rows() + kh - 1 - q - above;
                    int column = i % out.columns() + kw - 1 - r - left;
                    int inside = Math.max(0, Math.min(in.rows() - 1, row)) * in.columns()
                            + Math.max(0, Math.min(in.columns() - 1, column));
                    y[i] += kernel.at(q * kw + r) * x[plane + inside];
                }
            }
        }
        return y;
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, true",
        "3, 3, true",
        "2, 2, true",
        "2, 5, true",
        "6, 1, true",
        "11, 12, true",
        "1, 1, false",
        "3, 3, false",
        "2, 5, false",
        "5, 7, false"
    })
    void shouldEqualItsDefinitionWithAnyKernel(int kh, int kw, boolean keepsSize) {
        Random random = new Random(SEED);
        float[] weights = new float[kh * kw];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian();
        }
        Shape in = new Shape(2, 5, 7);
        float[] x = new float[3 * in.values()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        kernel.set(NdArray.of(weights, kh, kw));
        bias.set(-0.25);
        SpatialFilter filter = filter(keepsSize);
        Shape out = build(filter, in, 1);

        float[] y = apply(filter, out, 3, x);

        double[] expected = naive(x, in, out, NdArray.of(weights, kh, kw), keepsSize, -0.25);
        for (int i = 0; i < y.length; i++) {
            assertEquals(expected[i], y[i], 2e-5, "value " + i + ", seed " + SEED);
        }
    }

    // ------------------------------------------------------------------------------------------------ errors

    @Test
    void shouldRejectAKernelThatHasNotTwoAxes() {
        kernel.set(NdArray.of(new float[3], 3));

        var e = assertThrows(IllegalArgumentException.class, () -> build(filter(true), Shape.image(4, 4), 1));

        assertEquals("kernel must have two axes, rows and columns, but has the shape (3,)", e.getMessage());
    }

    @Test
    void shouldRejectAKernelThatDoesNotFit() {
        var e = assertThrows(IllegalArgumentException.class, () -> build(filter(false), Shape.image(2, 9), 0.5));

        assertEquals(
                "a kernel of 3x3 pixels does not fit into frames of 1x2x9; use a smaller sigma or larger frames",
                e.getMessage());
    }

    @Test
    void shouldRejectAnotherExtentWhileFramesFlow() {
        SpatialFilter filter = filter(false);
        Shape shape = Shape.image(9, 9);
        build(filter, shape, 0);

        var e = assertThrows(
                IllegalArgumentException.class, () -> filter.build(context(shape), shape, 0.5, false, false));

        assertEquals(
                "kernel of 3x3 would change the frames from 1x9x9 to 1x7x7 while they flow; stop, set it, and start"
                        + " again",
                e.getMessage());
    }
}
