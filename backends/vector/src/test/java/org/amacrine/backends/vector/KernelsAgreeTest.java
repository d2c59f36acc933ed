package org.amacrine.backends.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.Neuron;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kernel of the vector backend against its scalar twin, bit for bit. */
class KernelsAgreeTest {
    private static final Kernels SCALAR = ScalarKernels.INSTANCE;
    private static final Kernels VECTOR = Backends.choose("vector").backend().open();
    private static final int[] LENGTHS = {1, 3, 7, 16, 17, 31, 64, 65, 4097};
    private static final int[] TAPS = {1, 2, 3, 10, 11, 19};

    static Collection<KernelCases.Case> cases() {
        return KernelCases.all().values();
    }

    /** Kernels that have a test of their own below. */
    private static final List<String> OWN_TESTS = List.of("convolve", "convolveDense", "correlate", "firstNotFinite");

    @Test
    void shouldTestEveryKernel() {
        Set<String> kernels = new TreeSet<>();
        for (Method method : Kernels.class.getMethods()) {
            if (!Modifier.isStatic(method.getModifiers()) && !method.getName().equals("name")) {
                assertTrue(kernels.add(method.getName()), "two kernels are called " + method.getName());
            }
        }
        Set<String> tested = new TreeSet<>(KernelCases.all().keySet());
        tested.addAll(OWN_TESTS);
        tested.addAll(ChainKernelsAgreeTest.TESTED);
        tested.addAll(ModeKernelsAgreeTest.TESTED);
        tested.addAll(ProductKernelsAgreeTest.TESTED);

        assertEquals(kernels, tested);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldGiveTheBitsOfTheScalarTwin(KernelCases.Case kernel) {
        int fired = 0;
        for (int n : LENGTHS) {
            for (int variant = 0; variant < 10; variant++) {
                boolean inPlace = kernel.mayBeInPlace() && variant % 3 == 2;
                KernelData.Setup setup = new KernelData.Setup(
                        n, 1 + variant % 7, 4, variant % 4, inPlace, variant >= 5, variant, 100L * n + variant);
                int extent = kernel.kind().extent(setup);
                for (int[] range : ranges(extent)) {
                    fired += assertAgree(kernel, setup, range[0], range[1]);
                }
            }
        }
        boolean fires = List.of("integrateAndFire", "detectChanges").contains(kernel.name());
        assertTrue(!fires || fired > 1000, "only " + fired + " spikes");
    }

    private static int[][] ranges(int extent) {
        return new int[][] {
            {0, extent},
            {extent / 3, extent},
            {0, extent - extent / 4},
            {extent / 5, extent - extent / 7},
            {extent, extent}
        };
    }

    /** Returns how many spikes there were. */
    private static int assertAgree(KernelCases.Case kernel, KernelData.Setup setup, int from, int to) {
        KernelData scalar = new KernelData(setup);
        KernelData vector = new KernelData(setup);
        int frames = kernel.kind().frames(setup);

        Object expected = kernel.call().run(SCALAR, scalar, 0, frames, from, to);
        Object actual = kernel.call().run(VECTOR, vector, 0, frames, from, to);

        String where = kernel + " of " + setup + ", range " + from + " to " + to;
        assertEquals(expected, actual, where);
        assertNull(KernelData.difference(scalar, vector), where);
        int ones = 0;
        for (float y : scalar.y) {
            ones += y == 1 ? 1 : 0;
        }
        return ones;
    }

    // ------------------------------------------------------------------------------------------------ convolutions

    @Test
    void shouldConvolveLikeTheScalarTwin() {
        for (int n : LENGTHS) {
            for (int rows : n > 1000 ? new int[] {5, 19} : new int[] {1, 3, 16, 17, 35}) {
                KernelData.Setup setup = new KernelData.Setup(n, rows, 1, rows % 4, false, false, 0, 1000L * n + rows);
                for (int v : TAPS) {
                    for (int h : n > 1000 ? new int[] {1, 11} : TAPS) {
                        for (int[] range : ranges(rows)) {
                            assertConvolve(setup, v, h, false, range[0], range[1]);
                        }
                        if (v <= rows && h <= n) {
                            assertConvolve(setup, v, h, true, 0, rows - v + 1);
                            assertConvolve(setup, v, h, true, (rows - v) / 2, rows - v + 1);
                        }
                    }
                }
            }
        }
    }

    private static void assertConvolve(KernelData.Setup setup, int v, int h, boolean fits, int from, int to) {
        KernelData scalar = new KernelData(setup);
        KernelData vector = new KernelData(setup);

        KernelCases.convolve(SCALAR, scalar, v, h, fits, from, to);
        KernelCases.convolve(VECTOR, vector, v, h, fits, from, to);

        assertNull(
                KernelData.difference(scalar, vector),
                () -> v + " by " + h + " taps on " + setup + ", rows " + from + " to " + to + ", fits " + fits);
    }

    @Test
    void shouldConvolveDenselyLikeTheScalarTwin() {
        int[][] kernels = {{1, 1, 1}, {1, 3, 2}, {2, 1, 3}, {3, 2, 1}, {10, 1, 1}, {2, 11, 19}, {19, 3, 3}, {1, 10, 11}
        };
        for (int columns : LENGTHS) {
            for (int[] size : kernels) {
                int rows = columns > 1000 ? 1 : 5;
                KernelCases.Dense shape = new KernelCases.Dense(3, rows, columns, size[0], size[1], size[2]);
                for (int[] range : ranges(rows)) {
                    long seed = 31L * columns + size[0];
                    KernelData scalar = shape.data(3, seed);
                    KernelData vector = shape.data(3, seed);

                    KernelCases.convolveDense(SCALAR, scalar, shape, 0, 3, range[0], range[1]);
                    KernelCases.convolveDense(VECTOR, vector, shape, 0, 3, range[0], range[1]);

                    assertNull(KernelData.difference(scalar, vector), () -> shape + ", rows " + Arrays.toString(range));
                }
            }
        }
    }

    @Test
    void shouldCorrelateLikeTheScalarTwin() {
        int[] offsets = {7, 0, 1, 40, 2, 3, 90, 5, 6};
        for (int rows : new int[] {1, 3, 17}) {
            for (int columns : new int[] {16, 32, 112}) {
                Random random = new Random(rows + columns);
                float[] g = new float[5 + rows * (columns + 3)];
                float[] x = new float[2 + rows * (columns + 9) + 90];
                fill(g, random);
                fill(x, random);
                for (int[] range : ranges(offsets.length)) {
                    double[] expected = new double[11];
                    double[] actual = new double[11];
                    Arrays.fill(expected, 0.1);
                    Arrays.fill(actual, 0.1);
                    SCALAR.correlate(
                            g,
                            5,
                            columns + 3,
                            x,
                            2,
                            columns + 9,
                            rows,
                            columns,
                            offsets,
                            range[0],
                            range[1],
                            expected,
                            1);
                    VECTOR.correlate(
                            g,
                            5,
                            columns + 3,
                            x,
                            2,
                            columns + 9,
                            rows,
                            columns,
                            offsets,
                            range[0],
                            range[1],
                            actual,
                            1);

                    assertArrayEquals(
                            expected, actual, rows + " by " + columns + ", displacements " + Arrays.toString(range));
                }
            }
        }
    }

    private static void fill(float[] values, Random random) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
    }

    // ------------------------------------------------------------------------------------------------ checks

    @Test
    void shouldFindTheFirstValueThatIsNotFinite() {
        float[] bad = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        for (int n : LENGTHS) {
            float[] x = new float[n + 5];
            Arrays.fill(x, Float.MAX_VALUE);
            x[0] = Float.NaN;
            x[n + 3] = Float.NaN;
            assertEquals(-1, VECTOR.firstNotFinite(x, 3, n), "length " + n);
            for (int i = 0; i < n; i += n > 100 ? 41 : 1) {
                x[3 + i] = bad[i % 3];
                x[3 + n - 1] = Float.NaN;

                assertEquals(i, VECTOR.firstNotFinite(x, 3, n), "length " + n);
                assertEquals(i, SCALAR.firstNotFinite(x, 3, n), "length " + n);

                Arrays.fill(x, 3, 3 + n, -Float.MAX_VALUE);
            }
        }
    }

    @Test
    void shouldReportACurrentThatIsNotFinite() {
        for (int n : LENGTHS) {
            for (int bad = 0; bad < n; bad += n > 100 ? 97 : 1) {
                for (float noise : new float[] {0, 10}) {
                    float[] one = {1};
                    Neuron neuron = new Neuron(one, one, new float[] {noise}, one, new float[] {0}, 1000f, 1, 2);
                    float[] x = new float[n];
                    x[bad] = bad % 2 == 0 ? Float.NaN : Float.POSITIVE_INFINITY;
                    assertFalse(
                            VECTOR.integrateAndFire(
                                    x, 0, new float[n], 0, new float[n], new float[n], 1, n, 0, n, 5, neuron),
                            "pixel " + bad + " of " + n);
                    x[bad] = 0;
                    assertTrue(VECTOR.integrateAndFire(
                            x, 0, new float[n], 0, new float[n], new float[n], 1, n, 0, n, 5, neuron));
                }
            }
        }
    }

    @Test
    void shouldNameItself() {
        assertEquals("vector", VECTOR.name());
        assertEquals("vector", Backends.choose("auto").backend().name());
        assertTrue(Backends.choose("vector").reason().matches("backend vector \\(\\d+ lanes\\), as asked"));
    }
}
