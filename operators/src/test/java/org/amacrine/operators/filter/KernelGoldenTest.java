package org.amacrine.operators.filter;

import static org.amacrine.operators.Golden.assertWithin;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.operators.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kernels and recursive filters against stored output of the reference; see golden/retina/README.md. */
class KernelGoldenTest {
    private static final double EPSILON = 0.001;

    static List<Golden.Case> gaussians() {
        return Golden.cases("kern_gauss_");
    }

    static List<Golden.Case> exponentials() {
        return Golden.cases("kern_exp_");
    }

    static List<Golden.Case> highPasses() {
        return Golden.cases("kern_highpass_");
    }

    @ParameterizedTest
    @MethodSource("gaussians")
    void shouldBuildGaussiansLikeTheReference(Golden.Case golden) {
        double sigma = golden.number("params", "sigma_deg", 0) * golden.number("params", "pixel_per_degree", 10);
        boolean even = Boolean.TRUE.equals(golden.map("params").get("even"));
        float[] taps = even ? Gaussian.evenTaps(sigma, EPSILON) : Gaussian.taps(sigma, EPSILON);

        NdArray kernel = Gaussian.outer(taps, taps);
        NdArray expected = golden.output("kernel");

        assertArrayEquals(expected.shape(), kernel.shape());
        assertWithin(golden.limit(), kernel.floats(), expected, golden.id());
    }

    @ParameterizedTest
    @MethodSource("exponentials")
    void shouldBuildExponentialsLikeTheReference(Golden.Case golden) {
        Object even = golden.map("params").get("even");
        Exponential.Parity parity = even == null
                ? Exponential.Parity.ANY
                : even.equals(true) ? Exponential.Parity.EVEN : Exponential.Parity.ODD;
        boolean normalize = !Boolean.FALSE.equals(golden.map("params").get("normalize"));
        float[] taps = Exponential.taps(
                golden.number("params", "tau", 0) * golden.number("params", "sps", 1000),
                (int) golden.number("params", "n", 0),
                golden.number("params", "amplification", 1),
                normalize,
                parity,
                EPSILON);

        assertEquals(golden.output("kernel").size(), taps.length);
        assertWithin(golden.limit(), taps, golden.output("kernel"), golden.id());
    }

    @ParameterizedTest
    @MethodSource("highPasses")
    void shouldBuildHighPassesLikeTheReference(Golden.Case golden) {
        double tau = golden.number("params", "tau", 0) * golden.number("params", "steps_per_second", 0);
        float[] taps = Exponential.highPass(tau, golden.number("params", "relative_weight", 0), EPSILON);

        assertEquals(golden.output("kernel").size(), taps.length);
        assertWithin(golden.limit(), taps, golden.output("kernel"), golden.id());
    }

    @Test
    void shouldComputeDericheCoefficientsLikeTheReference() {
        Golden.Case golden = Golden.theCase("kern_deriche");
        NdArray table = golden.output("table");
        for (int row = 0; row < table.shape()[0]; row++) {
            float[] expected = new float[6];
            for (int i = 0; i < 6; i++) {
                expected[i] = (float) table.at(row * 7 + 1 + i);
            }
            float[] actual = Recursive.deriche(table.at(row * 7));
            assertWithin(golden.limit(), actual, NdArray.of(expected, 6), "density " + table.at(row * 7));
        }
    }

    @Test
    void shouldComputeFirstOrderCoefficientsLikeTheReference() {
        Golden.Case golden = Golden.theCase("kern_ab_exp");
        NdArray table = golden.output("table");
        for (int row = 0; row < table.shape()[0]; row++) {
            Recursive.FirstOrder filter = Recursive.exponential(table.at(row * 4), golden.number("params", "step", 0));
            float[] actual = {1, -filter.a(), filter.b()};
            float[] expected = {
                (float) table.at(row * 4 + 1), (float) table.at(row * 4 + 2), (float) table.at(row * 4 + 3)
            };
            assertWithin(golden.limit(), actual, NdArray.of(expected, 3), "tau " + table.at(row * 4));
        }
    }

    static List<Golden.Case> lowPasses() {
        return Golden.cases("f_lowpass_");
    }

    @ParameterizedTest
    @MethodSource("lowPasses")
    void shouldLowPassLikeTheReference(Golden.Case golden) {
        NdArray x = golden.input("x");
        double step = 1 / ((Number) golden.entry().get("steps_per_second")).doubleValue();
        Recursive.FirstOrder filter = Recursive.lowPass(golden.number("params", "tau", 0), step);
        int pixels = x.size() / x.shape()[0];
        float[] y = new float[x.size()];

        ScalarKernels.INSTANCE.firstOrder(
                x.floats(), 0, y, 0, new float[pixels], x.shape()[0], pixels, 0, pixels, filter.b(), filter.a());

        assertWithin(golden.limit(), y, golden.output("y"), golden.id());
    }

    static List<Golden.Case> highPassFilters() {
        return Golden.cases("f_highpass_");
    }

    @ParameterizedTest
    @MethodSource("highPassFilters")
    void shouldHighPassLikeTheReferenceChunkByChunk(Golden.Case golden) {
        NdArray x = golden.input("x");
        double step = 1 / ((Number) golden.entry().get("steps_per_second")).doubleValue();
        Recursive.FirstOrder filter = Recursive.lowPass(golden.number("params", "tau", 0), step);
        float k = (float) golden.number("params", "k", 0);
        int frames = x.shape()[0];
        int pixels = x.size() / frames;
        int dt = golden.dt() == 0 ? frames : golden.dt();
        float[] y = new float[x.size()];
        float[] before = new float[pixels];
        float[] high = new float[pixels];

        for (int from = 0; from < frames; from += dt) {
            // The reference takes the first sample of each chunk for the one before it.
            System.arraycopy(x.floats(), from * pixels, before, 0, pixels);
            int count = Math.min(dt, frames - from);
            int at = from * pixels;
            ScalarKernels.INSTANCE.bandPass(
                    x.floats(), at, y, at, before, high, count, pixels, 0, pixels, 1f, 0f, filter.b(), filter.a(), k);
        }

        assertWithin(golden.limit(), y, golden.output("y"), golden.id());
    }

    static List<Golden.Case> deriches() {
        return Golden.cases("f_deriche_");
    }

    @ParameterizedTest
    @MethodSource("deriches")
    void shouldSmoothRecursivelyLikeTheReference(Golden.Case golden) {
        NdArray x = golden.input("x");
        double sigmaDegrees = golden.number("params", "gaussian_sigma_deg", 0);
        double density = sigmaDegrees > 0 ? 1 / (sigmaDegrees * 10) : golden.number("params", "density", 0);
        float[] c = Recursive.deriche(density);
        int frames = x.shape()[0];
        int rows = x.shape()[1];
        int columns = x.shape()[2];
        float[] between = new float[rows * columns];
        float[] y = new float[x.size()];

        for (int t = 0; t < frames; t++) {
            int at = t * rows * columns;
            ScalarKernels.INSTANCE.smoothColumns(x.floats(), at, between, 0, rows, columns, 0, columns, c, true);
            ScalarKernels.INSTANCE.smoothRows(between, 0, y, at, rows, columns, 0, rows, c, true);
        }

        assertWithin(golden.limit(), y, golden.output("y"), golden.id());
    }
}
