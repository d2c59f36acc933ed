package org.amacrine.core.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The definitions, on numbers worked out by hand. */
class ScalarKernelsTest {
    private static final Kernels K = ScalarKernels.INSTANCE;

    private static float[] convolve(float[] x, int rows, int columns, int outRows, int outColumns, Taps v, Taps h) {
        float[] y = new float[outRows * outColumns];
        float[] scratch = new float[Kernels.convolveScratch(outColumns, v, h)];
        K.convolve(x, 0, rows, columns, y, 0, outColumns, 0, outRows, v, h, scratch);
        return y;
    }

    @Test
    void shouldRespondToAnImpulseWithTheKernel() {
        float[] x = new float[25];
        x[12] = 1;

        float[] y = convolve(x, 5, 5, 5, 5, Taps.same(1, 2, 3), Taps.same(4, 5, 6));

        assertArrayEquals(
                new float[] {
                    0, 0, 0, 0, 0, //
                    0, 4, 5, 6, 0, //
                    0, 8, 10, 12, 0, //
                    0, 12, 15, 18, 0, //
                    0, 0, 0, 0, 0
                },
                y);
    }

    @Test
    void shouldRepeatTheEdgePixel() {
        // y[j] = x[j+1] + 10 x[j] + 100 x[j-1], the ends repeated.
        assertArrayEquals(
                new float[] {112, 123, 233},
                convolve(new float[] {1, 2, 3}, 1, 3, 1, 3, Taps.same(1), Taps.same(1, 10, 100)));
    }

    @Test
    void shouldPutTheCentreOfAnEvenKernelOnItsLowerMiddle() {
        // Two taps, centre 0: y[j] = 1 x[j] + 10 x[j-1].
        assertArrayEquals(
                new float[] {11, 12, 23}, convolve(new float[] {1, 2, 3}, 1, 3, 1, 3, Taps.same(1), Taps.same(1, 10)));
    }

    @Test
    void shouldCoverOnlyWhatTheKernelFits() {
        assertArrayEquals(
                new float[] {123, 234},
                convolve(new float[] {1, 2, 3, 4}, 1, 4, 1, 2, Taps.valid(1), Taps.valid(1, 10, 100)));
    }

    @Test
    void shouldConvolveInTimeAndSpace() {
        // Two frames of history and result, one row, kernel of 2 steps by 2 columns: newest first, right column first.
        float[] x = {1, 2, 3, /**/ 4, 5, 6};
        float[] w = {1, 10, /**/ 100, 1000};
        float[] y = new float[2];

        K.convolveDense(x, 0, y, 0, 2, 1, 1, 2, 0, 1, w, 2, 1, 2);

        assertArrayEquals(new float[] {5 + 40 + 200 + 1000, 6 + 50 + 300 + 2000}, y);
    }

    @Test
    void shouldSmoothForwardsAndBackwards() {
        float[] c = {1, 10, 100, 1000, 2, 3};
        float[] x = {1, 2, 4};
        float[] y = new float[3];

        // F: 1+10 = 11; 2+10+22 = 34; 4+20+68+33 = 125. G: x behind the end is x[0], then 0.
        // G2 = 100; G1 = 400 + 1000 + 200 = 1600; G0 = 200 + 4000 + 3200 + 300 = 7700.
        K.smoothRows(x, 0, y, 0, 1, 3, 0, 1, c, true);
        assertArrayEquals(new float[] {11 + 7700, 34 + 1600, 125 + 100}, y);

        // Without the leak x behind the end is x[2]: G2 = 400; G1 = 400 + 4000 + 800; G0 = 200 + 4000 + 10400 + 1200.
        K.smoothColumns(x, 0, y, 0, 3, 1, 0, 1, c, false);
        assertArrayEquals(new float[] {11 + 15800, 34 + 5200, 125 + 400}, y);
    }

    @Test
    void shouldFilterAlongTime() {
        float[] x = {1, 0, 0, 4};
        float[] y = new float[4];
        float[] last = {8};
        K.firstOrder(x, 0, y, 0, last, 4, 1, 0, 1, 2f, 0.5f);
        assertArrayEquals(new float[] {6, 3, 1.5f, 8.75f}, y);
        assertArrayEquals(new float[] {8.75f}, last);

        float[] lows = {1};
        float[] highs = {2};
        // high: 3*1+0.25*2 = 3.5; low: 2*1+0.5*1 = 2.5; y = low - 10 high; then high = 7.5+0.875 = 8.375, low = 1.25.
        K.bandPass(x, 0, y, 0, lows, highs, 2, 1, 0, 1, 2f, 0.5f, 3f, 0.25f, 10f);
        assertArrayEquals(new float[] {2.5f - 35, 1.25f - 83.75f}, new float[] {y[0], y[1]});
    }

    @Test
    void shouldSubtractATruncatedExponentialPast() {
        // n = 2, c = 4, a = 0.5: y[t] = x[t] - 4 x[t-1] - 2 x[t-2].
        float[] x = {1, 10, 100, 0, 0, 0};
        float[] y = new float[6];
        K.transientDecay(x, 0, y, 0, new float[1], new float[3], 1, 6, 1, 0, 1, 0.5f, 4f, 1f);

        assertArrayEquals(new float[] {1, 10 - 4, 100 - 40 - 2, -400 - 20, -200, 0}, y);
    }

    @Test
    void shouldScaleAndAdd() {
        float[] y = {0, 1, 2, 3};
        K.scale(y, 0, y, 0, 1, 3, 10f, 5f);
        assertArrayEquals(new float[] {0, 15, 25, 3}, y);

        K.addScaled(new float[] {1, 2, 3, 4}, 0, new float[] {1, 1, 1, 1}, 0, y, 0, 2, 2, 1, 2, -2f);
        assertArrayEquals(new float[] {0, 0, 25, 2}, y);
    }

    @Test
    void shouldRelaxTowardsTheReversal() {
        float[] y = new float[2];
        float[] v = {10};
        // e = 8 * (50 / 100) = 4; v = (10 - 4) / 2 + 4 = 7. Then e = 8 * (50 / 200) = 2; v = 5 / 4 + 2.
        K.relax(new float[] {8, 8}, 0, y, 0, v, 2, 1, 0, 1, 50f, new float[] {100, 200}, new float[] {0.5f, 0.25f});
        assertArrayEquals(new float[] {7, 3.25f}, y);

        float[] each = {10, 10};
        K.relaxEach(
                new float[] {8, 8},
                0,
                y,
                0,
                each,
                0,
                2,
                new float[] {50},
                new float[] {60, 10},
                new float[] {40, 0},
                0.01f);
        assertEquals(6 * Math.exp(-1) + 4, y[0], 1e-6);
        assertEquals(-30 * Math.exp(-0.1) + 40, y[1], 1e-5);
    }

    @Test
    void shouldDriveInhibitionByTheSquaredPotential() {
        float[] q = new float[2];
        K.feedback(new float[] {3, -2}, new float[] {8, 4}, q, 0, 2, new float[] {10, 100}, 0.5f);
        assertArrayEquals(new float[] {94, 402}, q);
    }

    @Test
    void shouldCompressBelowTheThreshold() {
        float[] y = new float[3];
        // u = -(x + 1) = 3, 1, -1; w = 10 (u - 1) = 20, 0, -20; above: 5 + 20; else 5 / (1 - w / 5).
        K.compress(
                new float[] {-4, -2, 0},
                0,
                y,
                0,
                3,
                1,
                0,
                1,
                new float[] {-1},
                1f,
                new float[] {5},
                new float[] {0.2f},
                new float[] {1},
                new float[] {10});
        assertArrayEquals(new float[] {25, 5, 1}, y);
    }

    @Test
    void shouldFireAndRest() {
        Neuron neuron = new Neuron(
                new float[] {0}, new float[] {1}, new float[] {0}, new float[] {0.003f}, new float[] {0}, 1000f, 1, 2);
        float[] y = new float[7];
        float[] v = {0};
        float[] r = {0};

        // 0.6 a step: above 1 at the second; a count of 3 then holds V at 0 for two steps.
        boolean numbers = K.integrateAndFire(
                new float[] {0.6f, 0.6f, 0.6f, 0.6f, 0.6f, 0.6f, 0.6f}, 0, y, 0, v, r, 7, 1, 0, 1, 0, neuron);

        assertTrue(numbers);
        assertArrayEquals(new float[] {0, 1, 0, 0, 0, 1, 0}, y);
        assertArrayEquals(new float[] {2}, r);
        assertFalse(K.integrateAndFire(new float[] {Float.NaN}, 0, y, 0, v, new float[1], 1, 1, 0, 1, 0, neuron));
    }

    @Test
    void shouldFindTheFirstValueThatIsNotFinite() {
        float[] x = {Float.NaN, 1, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, Float.NaN};
        assertEquals(2, K.firstNotFinite(x, 1, 4));
        assertEquals(-1, K.firstNotFinite(x, 1, 2));
        assertEquals(-1, K.firstNotFinite(x, 0, 0));
    }

    @Test
    void shouldTakeDotProductsWithRowsAndCombineThem() {
        float[] m = new float[2 * 18];
        float[] x = new float[2 * 18];
        for (int j = 0; j < 18; j++) {
            m[j] = j;
            m[18 + j] = 1;
            x[j] = 2;
            x[18 + j] = j % 2;
        }
        float[] dots = new float[4];
        float[] sums = new float[18];

        ScalarKernels.INSTANCE.dotRows(m, 2, 18, x, dots, 2);
        ScalarKernels.INSTANCE.combineRows(m, 2, 18, new float[] {3, -1}, sums, 1);

        assertArrayEquals(new float[] {306, 36, 81, 9}, dots);
        assertEquals(-1, sums[0]);
        assertEquals(3 * 17 - 1, sums[17]);
    }

    @Test
    void shouldMultiplyMatrices() {
        double[] x = {1, 2, 3, 4};
        double[] w = {1, 0, -1, 5, 6, 7};
        double[] product = new double[6];
        double[] transposed = new double[6];
        double[] sum = {100, 0, 0, 0, 0, 0};

        ScalarKernels.INSTANCE.addProduct(x, 0, 2, 1, w, 0, 3, product, 0, 3, 2, 2, 3);
        ScalarKernels.INSTANCE.multiplyTransposed(x, 0, w, transposed, 0, 2, 2, 3);
        ScalarKernels.INSTANCE.addProduct(x, 0, 1, 2, w, 0, 3, sum, 0, 3, 2, 2, 3);

        assertArrayEquals(new double[] {11, 12, 13, 23, 24, 25}, product);
        assertArrayEquals(new double[] {1, 9, 20, 3, 17, 46}, transposed);
        assertArrayEquals(new double[] {116, 18, 20, 22, 24, 26}, sum);
    }

    /** One in the middle of g against x = 0, 1, 2, …: each sum is the value of x at the displacement. */
    @Test
    void shouldAddUpCorrelationsAtDisplacements() {
        float[] g = new float[34];
        g[17 + 5] = 2;
        float[] x = new float[80];
        for (int i = 0; i < x.length; i++) {
            x[i] = i;
        }
        double[] sums = {100, 100, 100, 100};

        ScalarKernels.INSTANCE.correlate(g, 0, 17, x, 3, 20, 2, 16, new int[] {0, 4, 25}, 1, 3, sums, 1);

        assertArrayEquals(new double[] {100, 100, 100 + 2 * (3 + 20 + 5 + 4), 100 + 2 * (3 + 20 + 5 + 25)}, sums);
    }
}
