package org.amacrine.operators.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.Resolution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DericheFilterTest {
    private static final long SEED = 5;

    private static float[] apply(Shape shape, double density, float... x) {
        DericheFilter filter = new DericheFilter();
        filter.build(
                new LayerContext(
                        "test", List.of(shape), Resolution.DEFAULT, ScalarKernels.INSTANCE, Bands.ALONE, 0, 10),
                shape,
                density);
        float[] y = new float[x.length];
        filter.apply(x, 0, y, 0, x.length / shape.values());
        return y;
    }

    /**
     * One pixel x: down its column F = (A1 + A2) x, and G = A3 x, since pixel 0 stands behind the last one; then the same
     * along its row. At density 1 the sum A1 + A2 + A3 is 0.6806522.
     */
    @Test
    void shouldSmoothOnePixelWithItself() {
        assertEquals(2 * 0.6806522 * 0.6806522, apply(Shape.image(1, 1), 1, 2)[0], 1e-6);
    }

    /**
     * Far from the edges the response to an impulse is symmetric: A1 in the middle (G begins beside it); then, with
     * B1 = 0.3671985, F[1] = A2 + B1 A1 = A3 = 0.2075853, F[2] = B1 F[1] + B2 A1 = 0.0620832.
     */
    @Test
    void shouldAnswerAnImpulseSymmetrically() {
        Shape line = Shape.image(1, 41);
        float[] x = new float[41];
        x[20] = 1;

        float[] y = apply(line, 1, x);

        float once = 0.6806522f;
        assertEquals(once * 0.4195338f, y[20], 1e-6f);
        assertEquals(once * 0.2075853f, y[21], 1e-6f);
        assertEquals(once * 0.0620832f, y[22], 1e-6f);
        double sum = 0;
        for (int i = 0; i < 41; i++) {
            assertEquals(y[40 - i], y[i], 1e-6f, "pixel " + i);
            sum += y[i];
        }
        assertEquals(once, sum, 1e-5);
    }

    /** Pixel 0 = 1 stands behind the last pixel too: there G = A3. */
    @Test
    void shouldLeakPixelZeroIntoTheFarEnd() {
        Shape line = Shape.image(1, 60);
        float[] x = new float[60];
        x[0] = 1;

        float[] y = apply(line, 1, x);

        assertEquals(0.6806522f * 0.2075853f, y[59], 1e-6f);
        assertEquals(0, y[30], 1e-6f);
    }

    /** The definition along one line of {@code count} values, {@code step} apart, in double precision. */
    private static void smooth(double[] x, int at, int step, int count, double density) {
        double alpha = 1.695 * density;
        double e = Math.exp(-alpha);
        double k = (1 - e) * (1 - e) / (1 + 2 * alpha * e - e * e);
        double[] f = new double[count + 2];
        double[] g = new double[count + 2];
        for (int i = 0; i < count; i++) {
            double before = x[at + Math.max(0, i - 1) * step];
            f[i + 2] = k * x[at + i * step] + k * e * (alpha - 1) * before + 2 * e * f[i + 1] - e * e * f[i];
        }
        for (int i = count - 1; i >= 0; i--) {
            double next = x[at + (i + 1 < count ? i + 1 : 0) * step];
            double afterNext = i + 2 < count ? x[at + (i + 2) * step] : i + 2 == count ? x[at] : 0;
            g[i] = k * e * (alpha + 1) * next - k * e * e * afterNext + 2 * e * g[i + 1] - e * e * g[i + 2];
        }
        for (int i = 0; i < count; i++) {
            x[at + i * step] = f[i + 2] + g[i];
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 2", "1, 7, 1", "9, 1, 1", "2, 2, 0.5", "17, 33, 0.4", "40, 20, 2"})
    void shouldEqualItsDefinition(int rows, int columns, double density) {
        Shape shape = new Shape(2, rows, columns);
        Random random = new Random(SEED);
        float[] x = new float[2 * shape.values()];
        double[] expected = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
            expected[i] = x[i];
        }
        for (int plane = 0; plane < x.length; plane += shape.pixels()) {
            for (int column = 0; column < columns; column++) {
                smooth(expected, plane + column, columns, rows, density);
            }
            for (int row = 0; row < rows; row++) {
                smooth(expected, plane + row * columns, 1, columns, density);
            }
        }

        float[] y = apply(shape, density, x);

        for (int i = 0; i < y.length; i++) {
            assertEquals(expected[i], y[i], 1e-5, "value " + i + ", seed " + SEED);
        }
    }

    @Test
    void shouldKeepEachFrameToItself() {
        Shape shape = Shape.image(3, 3);
        float[] x = new float[27];
        x[13] = 1;

        float[] y = apply(shape, 1, x);

        assertArrayEquals(new float[9], Arrays.copyOf(y, 9));
        assertArrayEquals(new float[9], Arrays.copyOfRange(y, 18, 27));
    }
}
